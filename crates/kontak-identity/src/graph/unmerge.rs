//! Facts out: retraction, and evidence that ends by itself.

use super::observe::micros;
use super::record::{Mode, NONE, Span, Value};
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
        let Gap { was_covered, beside } = self.unlink(index);
        if had_name != NONE && !names_of(&self.store, touchpoint).contains(&had_name) {
            self.names_changed(touchpoint, false);
        }
        let is_still_holder =
            self.store.of_touchpoint(touchpoint).any(|(_, other)| other.value == value);
        let record = &mut self.store.values[value as usize];
        if !is_still_holder {
            record.set_holders(record.holders().saturating_sub(1));
        }
        let (record, stays_covered) = (*record, was_covered && !is_still_holder);
        let keeps_tenancy = match record.mode() {
            _ if record.is_dirty() => false,
            // Nobody was tied together by it.
            Mode::Barred => {
                self.mark_dirty(value);
                return;
            }
            Mode::Quarantined => {
                if !stays_covered || self.may_be_released(record.holders()) || self.is_few(record) {
                    self.mark_dirty(value);
                }
                return;
            }
            // A named holder of many may have vouched for one without a name.
            Mode::Simple if record.holders() <= self.rules.holders_at_once(record.kind()) => {
                // The interval may shrink, and a tenancy may come apart where this sighting was the
                // bridge.
                stays_covered || self.stays_one_tenancy(value)
            }
            Mode::Simple | Mode::Split => false,
        };
        if !keeps_tenancy {
            let was_tied = !record.is_dirty() && only && !is_still_holder;
            if was_tied && self.judge_without(touchpoint, value, beside) {
                return;
            }
            self.mark_dirty(value);
        } else if is_still_holder {
            if let Some(contest) = self.store.touchpoints[touchpoint as usize].state.contest() {
                self.mark_contest(contest);
            }
        } else if only {
            let others = self.store.of_value(value).next().map(|(_, other)| other.touchpoint);
            self.detach(touchpoint, value, others, beside);
            return;
        }
        if !is_still_holder {
            self.review_cluster_of(None, touchpoint);
        }
    }

    /// Whether so few hold a value that it is no crowd's, whatever they are called.
    fn is_few(&self, value: Value) -> bool {
        value.holders() <= self.rules.holders_at_once(value.kind())
    }

    /// Takes a piece of evidence out of all lists.
    fn unlink(&mut self, index: u32) -> Gap {
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
        let previous = previous.map_or(NONE, |(previous, _)| previous);
        if previous == NONE {
            store.values[evidence.value as usize].evidence = evidence.next_of_value;
        } else {
            store.evidence[previous as usize].next_of_value = evidence.next_of_value;
        }
        if store.values[evidence.value as usize].anchor == evidence.touchpoint {
            let anchor = store.of_value(evidence.value).next().map(|(_, other)| other.touchpoint);
            store.values[evidence.value as usize].anchor = anchor.unwrap_or(NONE);
        }
        let was_covered = self.is_covered(index, [previous, evidence.next_of_value]);
        let store = &mut self.store;
        if let Some(until) = store.facts.extension(index).until {
            self.deadlines.remove(&(until, index));
        }
        store.facts.forget_extension(index);
        if let Some(name) = store.name_of.get_mut(index as usize) {
            *name = NONE;
        }
        store.evidence[index as usize].touchpoint = NONE;
        store.free.push(index);
        let beside = store.evidence.get(previous as usize).map(|one| one.touchpoint);
        Gap { was_covered, beside }
    }

    /// Whether one of two others, or both together, last from before a piece of evidence to after
    /// it.
    fn is_covered(&self, index: u32, others: [u32; 2]) -> bool {
        let value = self.store.evidence[index as usize].value;
        let validity = self.rules.validity(self.store.values[value as usize].kind());
        let span =
            |index: u32| (self.store.facts.first(index), end_of(&self.store, index, validity));
        let covers = |(start, end): (u64, u64)| {
            let (first, last) = span(index);
            start <= first && last <= end
        };
        match others {
            [NONE, NONE] => false,
            [one, NONE] | [NONE, one] => covers(span(one)),
            [a, b] => {
                let (a, b) = (span(a), span(b));
                let overlap = a.0 < b.1 && b.0 < a.1;
                covers(a) || covers(b) || overlap && covers((a.0.min(b.0), a.1.max(b.1)))
            }
        }
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
}

/// What a piece of evidence leaves behind in the list of its value.
struct Gap {
    /// Whether the evidence on both sides of it, which most often came just before and after it,
    /// covers all its time: then the tenancy holds together without it, and lasts as long.
    was_covered: bool,
    /// Who has the evidence on the newer side.
    beside: Option<u32>,
}
