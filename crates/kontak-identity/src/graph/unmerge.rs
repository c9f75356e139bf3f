//! Facts out: retraction, and evidence that ends by itself.

use super::observe::micros;
use super::record::{Mode, NONE, Span, State};
use super::split::{end_of, names_of};
use super::{IdentityGraph, ObserveError};
use crate::handle::IdentifierHandle;
use crate::tenant_key::EvidenceId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Takes back one piece of evidence, up to a revision of its record.
///
/// A fact like the evidence itself: it may come first, and twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Retraction {
    /// The evidence.
    pub evidence: EvidenceId,
    /// The last revision that is taken back; a higher one asserts again.
    pub revision: u32,
}

impl Retraction {
    /// Takes back `evidence` up to `revision`.
    #[must_use]
    pub const fn new(evidence: EvidenceId, revision: u32) -> Self {
        Self { evidence, revision }
    }
}

/// How many nodes the two searches of an un-merge look at before the whole cluster is formed anew.
const SEARCH_LIMIT: usize = 48;

impl IdentityGraph {
    /// Takes evidence back: afterwards everything is as if it had never been observed.
    ///
    /// To find ids, see [`View::evidence`](crate::View::evidence). A retraction of evidence that is
    /// not known is kept, and wins when the evidence comes.
    ///
    /// Complexity: O(cluster), a few microseconds for one of ordinary size.
    pub fn retract(&mut self, retractions: &[Retraction]) {
        self.position += 1;
        for retraction in retractions {
            if let Some(index) = self.store.find_evidence(retraction.evidence)
                && self.store.facts.extension(index).revision <= retraction.revision
            {
                self.withdraw(index, retractions.len() == 1);
            }
            self.bury(retraction.evidence, retraction.revision);
        }
        self.finish_call();
    }

    /// Takes back all live evidence of a value. Returns what was taken back, to be recorded: it is
    /// decided now, and evidence that comes later is not touched by it.
    pub fn retract_identifier(&mut self, identifier: IdentifierHandle) -> Vec<Retraction> {
        let of_value =
            |graph: &Self| graph.store.of_value(identifier.0).map(|(index, _)| index).collect();
        self.retract_all(if identifier.index() < self.store.values.len() {
            of_value(self)
        } else {
            Vec::new()
        })
    }

    /// Takes back all live evidence of a source. Returns what was taken back, to be recorded.
    ///
    /// Complexity: O(all evidence).
    pub fn retract_source(&mut self, source: &str) -> Vec<Retraction> {
        let Some(source) = self.store.find_source(source) else { return Vec::new() };
        let touchpoints = 0..self.store.touchpoints.len() as u32;
        let of_source = touchpoints.flat_map(|touchpoint| self.store.of_touchpoint(touchpoint));
        self.retract_all(
            of_source
                .map(|(index, _)| index)
                .filter(|index| self.store.facts.origin(*index).source == source)
                .collect(),
        )
    }

    fn retract_all(&mut self, evidence: Vec<u32>) -> Vec<Retraction> {
        self.position += 1;
        let retractions = self.withdraw_all(evidence);
        self.finish_call();
        retractions
    }

    /// Withdraws and buries, in the order of evidence ids: what follows does not depend on where
    /// the records lie.
    fn withdraw_all(&mut self, evidence: Vec<u32>) -> Vec<Retraction> {
        let store = &self.store;
        let mut retractions: Vec<(Retraction, u32)> = evidence
            .into_iter()
            .map(|index| {
                (
                    Retraction::new(
                        store.evidence_id(index),
                        store.facts.extension(index).revision,
                    ),
                    index,
                )
            })
            .collect();
        retractions.sort_unstable();
        let only = retractions.len() == 1;
        for (retraction, index) in &retractions {
            self.withdraw(*index, only);
            self.bury(retraction.evidence, retraction.revision);
        }
        retractions.into_iter().map(|(retraction, _)| retraction).collect()
    }

    /// When [`expire`](Self::expire) is next due: when the next evidence with an explicit end ends.
    #[must_use]
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        self.deadlines.first().and_then(|(until, _)| DateTime::from_timestamp_micros(*until as i64))
    }

    /// Lets all evidence end whose explicit end has come. Returns how much did.
    ///
    /// Silence ends nothing: only an end that a source gave does. Time does not run backwards; an
    /// earlier `now` than before does nothing.
    ///
    /// # Errors
    /// If the time cannot be kept.
    pub fn expire(&mut self, now: DateTime<Utc>) -> Result<usize, ObserveError> {
        self.clock = self.clock.max(micros(now, "now")?);
        self.position += 1;
        let due: Vec<u32> =
            self.deadlines.range(..=(self.clock, NONE)).map(|(_, index)| *index).collect();
        let ended = self.withdraw_all(due).len();
        self.finish_call();
        Ok(ended)
    }

    /// Takes a piece of evidence out of the live ones, and does what is cheap to do at once; the
    /// rest is left to [`finish_call`](Self::finish_call).
    ///
    /// Where it is the `only` one of its call, its customer is split at once by a local search.
    /// Several are reviewed together in the end: once a cluster, and in one order in the log.
    pub(super) fn withdraw(&mut self, index: u32, only: bool) {
        let evidence = self.store.evidence[index as usize];
        let (touchpoint, value) = (evidence.touchpoint, evidence.value);
        let had_name = self.store.name_of.get(index as usize).copied().unwrap_or(NONE);
        self.unlink(index);
        if had_name != NONE && !names_of(&self.store, touchpoint).contains(&had_name) {
            self.names_changed(touchpoint, false);
        }
        let is_still_holder =
            self.store.of_touchpoint(touchpoint).any(|(_, other)| other.value == value);
        if !is_still_holder {
            let holders = self.store.values[value as usize].holders();
            self.store.values[value as usize].set_holders(holders.saturating_sub(1));
        }
        let record = self.store.values[value as usize];
        // A named holder of many may have vouched for one without a name.
        let is_small = record.holders() <= self.rules.holders_at_once(record.kind());
        if record.is_dirty() || record.mode() != Mode::Simple || !is_small {
            self.mark_dirty(value);
            if !is_still_holder {
                self.review_cluster_of(None, touchpoint);
            }
            return;
        }
        // The interval may shrink, and a tenancy may come apart where this sighting was the bridge.
        if !self.stays_one_tenancy(value) {
            self.mark_dirty(value);
            if !is_still_holder {
                self.review_cluster_of(None, touchpoint);
            }
            return;
        }
        if is_still_holder {
            if let Some(contest) = self.store.touchpoints[touchpoint as usize].state.contest() {
                self.mark_contest(contest);
            }
            return;
        }
        if only {
            self.detach(touchpoint, value);
        } else {
            self.review_cluster_of(None, touchpoint);
        }
    }

    fn unlink(&mut self, index: u32) {
        let store = &mut self.store;
        let evidence = store.evidence[index as usize];
        let previous = store
            .of_touchpoint(evidence.touchpoint)
            .find(|(_, one)| one.next_of_touchpoint == index);
        match previous.map(|(previous, _)| previous) {
            Some(previous) => {
                store.evidence[previous as usize].next_of_touchpoint = evidence.next_of_touchpoint;
            }
            None => {
                store.touchpoints[evidence.touchpoint as usize].evidence =
                    evidence.next_of_touchpoint;
            }
        }
        let previous = store.of_value(evidence.value).find(|(_, one)| one.next_of_value == index);
        match previous.map(|(previous, _)| previous) {
            Some(previous) => {
                store.evidence[previous as usize].next_of_value = evidence.next_of_value;
            }
            None => store.values[evidence.value as usize].evidence = evidence.next_of_value,
        }
        if store.values[evidence.value as usize].anchor == evidence.touchpoint {
            let anchor = store.of_value(evidence.value).next().map(|(_, other)| other.touchpoint);
            store.values[evidence.value as usize].anchor = anchor.unwrap_or(NONE);
        }
        if let Some(until) = store.facts.extension(index).until {
            self.deadlines.remove(&(until, index));
        }
        store.facts.forget_extension(index);
        if let Some(name) = store.name_of.get_mut(index as usize) {
            *name = NONE;
        }
        store.evidence[index as usize].touchpoint = NONE;
        store.free.push(index);
    }

    /// Sets the interval of a simple value anew. False where its holders no longer overlap.
    fn stays_one_tenancy(&mut self, value: u32) -> bool {
        let validity = self.rules.validity(self.store.values[value as usize].kind());
        let spans = self.store.of_value(value).map(|(index, _)| {
            (self.store.facts.first(index), end_of(&self.store, index, validity))
        });
        // If all spans share an instant they overlap, however the holders are cut; otherwise the
        // judgement in full decides.
        let (mut start, mut end, mut last_start, mut first_end) = (u64::MAX, 0, 0, u64::MAX);
        for (first, ends) in spans {
            (start, end) = (start.min(first), end.max(ends));
            (last_start, first_end) = (last_start.max(first), first_end.min(ends));
        }
        self.store.values[value as usize].set_span(Span::new(start, end));
        last_start < first_end || end == 0
    }

    /// The touchpoint no longer holds a simple value. Splits its customer if that was what held it
    /// together: by two searches, one from each side, that take turns until they meet or one has
    /// seen all of its side.
    fn detach(&mut self, touchpoint: u32, value: u32) {
        if let Some(contest) = self.store.touchpoints[touchpoint as usize].state.contest() {
            self.mark_contest(contest);
            return;
        }
        let founder = self.store.touchpoints[touchpoint as usize].founder;
        let kind = self.store.values[value as usize].kind();
        let others = self.store.of_value(value).map(|(_, evidence)| evidence.touchpoint);
        let other = Search::from_value(value, others);
        if other.touchpoints.is_empty() {
            let state = &mut self.store.touchpoints[founder as usize].state;
            *state = state.minus(State::EMPTY.with_value(kind));
            return;
        }
        let mut sides = [Search::from(touchpoint), other];
        loop {
            for turn in 0..2 {
                let [this, that] = if turn == 0 { [0, 1] } else { [1, 0] };
                match self.step(&mut sides, this, that) {
                    Step::Met => return,
                    Step::Goes => {}
                    Step::TooMuch => {
                        self.review_cluster_of(None, touchpoint);
                        return;
                    }
                    Step::Done => {
                        let Search { touchpoints, values, .. } = std::mem::take(&mut sides[this]);
                        self.split_off(founder, touchpoints, &values);
                        return;
                    }
                }
            }
        }
    }

    fn step(&self, sides: &mut [Search; 2], this: usize, that: usize) -> Step {
        let Some(touchpoint) = sides[this].touchpoints.get(sides[this].done).copied() else {
            return Step::Done;
        };
        sides[this].done += 1;
        for (_, evidence) in self.store.of_touchpoint(touchpoint) {
            if sides[this].values.contains(&evidence.value) {
                continue;
            }
            if sides[that].values.contains(&evidence.value) {
                return Step::Met;
            }
            match self.store.values[evidence.value as usize].mode() {
                Mode::Simple => {}
                Mode::Split => return Step::TooMuch,
                Mode::Quarantined | Mode::Barred => continue,
            }
            sides[this].values.push(evidence.value);
            for (_, holder) in self.store.of_value(evidence.value) {
                if sides[that].touchpoints.contains(&holder.touchpoint) {
                    return Step::Met;
                }
                if !sides[this].touchpoints.contains(&holder.touchpoint) {
                    sides[this].touchpoints.push(holder.touchpoint);
                }
            }
            if sides[this].touchpoints.len() + sides[this].values.len() > SEARCH_LIMIT {
                return Step::TooMuch;
            }
        }
        if sides[this].done == sides[this].touchpoints.len() { Step::Done } else { Step::Goes }
    }

    /// Takes one side out of the customer: its ring, its counts, its founder.
    fn split_off(&mut self, founder: u32, mut side: Vec<u32>, values: &[u32]) {
        let whole = self.store.touchpoints[founder as usize].state;
        let mut part = side.iter().fold(State::EMPTY, |part, _| part.sum(State::ALONE));
        for value in values {
            part = part.with_value(self.store.values[*value as usize].kind());
        }
        side.sort_unstable();
        let (mut rest, mut moved) = (Vec::new(), Vec::new());
        for member in self.store.ring(founder) {
            if side.binary_search(&member).is_ok() { moved.push(member) } else { rest.push(member) }
        }
        let before =
            [&rest, &moved].into_iter().flatten().map(|member| (*member, founder)).collect();
        self.form(&mut rest, whole.minus(part));
        self.form(&mut moved, part);
        self.log_moves(before, None);
    }

    /// Makes a customer of these members.
    fn form(&mut self, members: &mut [u32], state: State) {
        members.sort_unstable();
        let Some(founder) = members.first().copied() else { return };
        for (place, member) in members.iter().enumerate() {
            let record = &mut self.store.touchpoints[*member as usize];
            record.founder = founder;
            record.next = members.get(place + 1).copied().unwrap_or(founder);
        }
        self.store.touchpoints[founder as usize].state = state;
    }
}

/// One side of an un-merge: what it has seen, and how far it has looked at it.
#[derive(Default)]
struct Search {
    touchpoints: Vec<u32>,
    values: Vec<u32>,
    done: usize,
}

impl Search {
    fn from(touchpoint: u32) -> Self {
        Self { touchpoints: vec![touchpoint], ..Self::default() }
    }

    /// All that the value still ties together: they were just walked, so looking at them is free.
    fn from_value(value: u32, holders: impl Iterator<Item = u32>) -> Self {
        let mut touchpoints: Vec<u32> = holders.collect();
        touchpoints.sort_unstable();
        touchpoints.dedup();
        Self { touchpoints, values: vec![value], done: 0 }
    }
}

enum Step {
    Goes,
    Met,
    Done,
    TooMuch,
}
