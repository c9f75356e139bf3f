//! One more piece of evidence: what is new about it, and whom it ties together.

use super::observe::{Assertion, ObserveError, Outcome, micros};
use super::record::{Evidence, Marks, Mode, NONE};
use super::split::{end_after, end_of, names_of};
use super::store::Extension;
use super::{IdentityGraph, Store};
use crate::identifier::{IdentifierClass, IdentifierKind};
use crate::name::{NameMatch, PersonName};
use crate::tenant_key::{EvidenceId, RecordRef};

/// What one more piece of evidence says of its value.
#[derive(Clone, Copy)]
struct Gain {
    touchpoint: u32,
    value: u32,
    start: u64,
    end: u64,
    class: IdentifierClass,
    /// Whether the touchpoint had no evidence of the value.
    is_new_edge: bool,
}

impl IdentityGraph {
    /// Appends one checked assertion. With `join`, customers follow at once; otherwise the caller
    /// rebuilds.
    pub(super) fn append(
        &mut self,
        assertion: &Assertion,
        join: bool,
    ) -> Result<Outcome, ObserveError> {
        let (touchpoint, value) = (assertion.touchpoint.0, assertion.identifier.0);
        let seen = micros(assertion.seen_at, "seen_at")?;
        let until = assertion.until.map(|until| micros(until, "until")).transpose()?;
        let extension = Extension { revision: assertion.revision, until };
        if !self.erased.is_empty() && self.was_erased_at(touchpoint, seen) {
            return Ok(Outcome::Erased);
        }
        if !self.tombstones.is_empty() {
            let id = self.id_of(assertion);
            if self.tombstones.get(&id).is_some_and(|buried| assertion.revision <= *buried) {
                return Ok(Outcome::Retracted);
            }
        }
        let mut is_new_edge = true;
        let mut known = None;
        for (index, evidence) in self.store.of_touchpoint(touchpoint) {
            if evidence.value == value {
                is_new_edge = false;
                if evidence.source() == assertion.source.0
                    && self.same_record(evidence.record, assertion.record.0)
                {
                    known = Some(index);
                    break;
                }
            }
        }
        if let Some(index) = known {
            return Ok(self.update(index, assertion, seen, extension));
        }
        if until.is_some_and(|until| until <= self.clock) {
            let id = self.id_of(assertion);
            self.bury(id, assertion.revision);
            return Ok(Outcome::Ended);
        }
        let marks = Marks {
            source: assertion.source.0,
            verification: assertion.verification,
            class: assertion.class,
            weaker: assertion.weaker,
            extended: extension.revision > 0 || until.is_some(),
        };
        let evidence = Evidence::new(touchpoint, value, assertion.record.0, (seen, seen), marks);
        let index = self.link(evidence, extension)?;
        let is_new_name = assertion.name.is_some_and(|name| self.set_name(index, name.0));
        let validity = self.rules.validity(self.store.values[value as usize].kind());
        let end = end_after(until, seen, validity);
        self.gained(
            Gain { touchpoint, value, start: seen, end, class: assertion.class, is_new_edge },
            join,
        );
        if is_new_name && self.store.evidence[index as usize].next_of_touchpoint != NONE {
            self.names_changed(touchpoint, join);
        }
        Ok(Outcome::Recorded)
    }

    fn id_of(&self, assertion: &Assertion) -> EvidenceId {
        let record = self.store.record_ref(assertion.record.0);
        self.store.id_of(assertion.source.0, record, assertion.touchpoint.0, assertion.identifier.0)
    }

    fn same_record(&self, word: u64, other: u64) -> bool {
        word == other
            || matches!(
                (self.store.record_ref(word), self.store.record_ref(other)),
                (RecordRef::Text(a), RecordRef::Text(b)) if a == b
            )
    }

    pub(super) fn bury(&mut self, id: EvidenceId, revision: u32) {
        let buried = self.tombstones.entry(id).or_insert(revision);
        *buried = revision.max(*buried);
    }

    pub(super) fn link(
        &mut self,
        mut evidence: Evidence,
        extension: Extension,
    ) -> Result<u32, ObserveError> {
        let store = &mut self.store;
        let index = match store.free.last() {
            Some(index) => *index,
            None => {
                u32::try_from(store.evidence.len()).ok().filter(|index| *index < NONE).ok_or_else(
                    || ObserveError::Full { what: "pieces of evidence", most: NONE.into() },
                )?
            }
        };
        let touchpoint = &mut store.touchpoints[evidence.touchpoint as usize];
        let value = &mut store.values[evidence.value as usize];
        evidence.next_of_touchpoint = std::mem::replace(&mut touchpoint.evidence, index);
        evidence.next_of_value = std::mem::replace(&mut value.evidence, index);
        if evidence.extended() {
            store.extensions.insert(index, extension);
            if let Some(until) = extension.until {
                self.deadlines.insert((until, index));
            }
        }
        if store.free.pop().is_some() {
            store.evidence[index as usize] = evidence;
            if let Some(name) = store.name_of.get_mut(index as usize) {
                *name = NONE;
            }
        } else {
            store.evidence.push(evidence);
        }
        Ok(index)
    }

    /// Whether the touchpoint did not have the name before.
    pub(super) fn set_name(&mut self, evidence: u32, name: u32) -> bool {
        let store = &mut self.store;
        let touchpoint = store.evidence[evidence as usize].touchpoint;
        let is_new = !store
            .of_touchpoint(touchpoint)
            .any(|(index, _)| store.name_of.get(index as usize) == Some(&name));
        if store.name_of.len() <= evidence as usize {
            store.name_of.resize(evidence as usize + 1, NONE);
        }
        store.name_of[evidence as usize] = name;
        is_new
    }

    /// Every value that the touchpoint shares must be judged by its names anew.
    pub(super) fn names_changed(&mut self, touchpoint: u32, join: bool) {
        let shared: Vec<u32> = self
            .store
            .of_touchpoint(touchpoint)
            .map(|(_, evidence)| evidence.value)
            .filter(|value| {
                let value = &self.store.values[*value as usize];
                value.holders() > 1 && matches!(value.mode(), Mode::Simple | Mode::Split)
            })
            .collect();
        for value in shared {
            if !join || !self.agree_at_once(value, touchpoint) {
                self.mark_dirty(value);
            }
        }
    }

    /// The same evidence once more. Two writings of one revision become one that says what both
    /// say, so their order plays no part; a higher revision replaces.
    fn update(&mut self, index: u32, assertion: &Assertion, seen: u64, new: Extension) -> Outcome {
        let old = self.store.extension(index);
        let evidence = self.store.evidence[index as usize];
        let name = assertion.name.map_or(NONE, |name| name.0);
        let old_name = self.store.name_of.get(index as usize).copied().unwrap_or(NONE);
        let (seen, extension, marks, name) = if new.revision < old.revision {
            return Outcome::Outdated;
        } else if new.revision > old.revision {
            let marks = Marks {
                source: assertion.source.0,
                verification: assertion.verification,
                class: assertion.class,
                weaker: assertion.weaker,
                extended: true,
            };
            ((seen, seen), new, marks, name)
        } else {
            let until = match (old.until, new.until) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            let marks = Marks {
                source: assertion.source.0,
                verification: evidence.verification().min(assertion.verification),
                class: evidence.class().max(assertion.class),
                weaker: evidence.weaker() && assertion.weaker,
                extended: old.revision > 0 || until.is_some(),
            };
            let seen = (evidence.first().min(seen), evidence.last().max(seen));
            (seen, Extension { until, ..old }, marks, self.agreed_name(old_name, name))
        };
        let is_same = seen == (evidence.first(), evidence.last())
            && marks == evidence.marks()
            && extension == old
            && name == old_name;
        if is_same {
            return Outcome::Known;
        }
        if extension.until.is_some_and(|until| until <= self.clock) {
            let id = self.store.evidence_id(index);
            self.withdraw(index, false);
            self.bury(id, extension.revision);
            return Outcome::Ended;
        }
        if let Some(until) = old.until {
            self.deadlines.remove(&(until, index));
        }
        if let Some(until) = extension.until {
            self.deadlines.insert((until, index));
        }
        if marks.extended {
            self.store.extensions.insert(index, extension);
        }
        self.store.evidence[index as usize].set(seen, marks);
        if name != old_name {
            let _ = self.set_name(index, name);
            self.names_changed(evidence.touchpoint, true);
        }
        self.changed(index, &evidence, old);
        Outcome::Updated
    }

    /// Of two names that one revision was delivered with: any fixed choice does.
    fn agreed_name(&self, a: u32, b: u32) -> u32 {
        if a == NONE || (b != NONE && self.store.name_text(b) < self.store.name_text(a)) {
            b
        } else {
            a
        }
    }

    /// Evidence that was live says something else now.
    fn changed(&mut self, index: u32, before: &Evidence, extension: Extension) {
        let now = self.store.evidence[index as usize];
        let value = self.store.values[now.value as usize];
        let validity = self.rules.validity(value.kind());
        let end = end_of(&self.store, index, now.last(), validity);
        let only_grew = extension == self.store.extension(index)
            && now.first() <= before.first()
            && now.last() >= before.last()
            && now.class() == before.class();
        match value.mode() {
            Mode::Simple | Mode::Quarantined if only_grew => {
                let value = &mut self.store.values[now.value as usize];
                value.start = value.start.min(now.first());
                value.end = value.end.max(end);
            }
            _ => self.mark_dirty(now.value),
        }
        // Its place in the order of rank may be another.
        if let Some(contest) = self.store.touchpoints[now.touchpoint as usize].state.contest() {
            self.mark_contest(contest);
        }
    }

    /// A value has one more piece of evidence.
    fn gained(&mut self, gain: Gain, join: bool) {
        let Gain { touchpoint, value, start, end, class, is_new_edge } = gain;
        let record = &mut self.store.values[value as usize];
        let holders = record.holders() + u32::from(is_new_edge);
        record.set_holders(holders);
        let (kind, mode) = (record.kind(), record.mode());
        if record.is_dirty() || mode == Mode::Barred {
            return;
        }
        let overlaps = !is_new_edge || holders == 1 || (start < record.end && record.start < end);
        if overlaps && mode != Mode::Split {
            record.start = record.start.min(start);
            record.end = record.end.max(end);
        }
        // More evidence of an edge may give it another place in the order of rank.
        if !is_new_edge
            && join
            && let Some(contest) = self.store.touchpoints[touchpoint as usize].state.contest()
        {
            self.mark_contest(contest);
        }
        if !self.rules.class_joins(class) {
            self.mark_dirty(value);
            return;
        }
        match mode {
            Mode::Simple if holders == 1 => {
                if is_new_edge && join {
                    self.count_value(touchpoint, kind);
                }
            }
            Mode::Simple if overlaps && holders <= self.rules.kind(kind).holders => {
                if !is_new_edge {
                    return;
                }
                // A load judges every such value once, at its end.
                let agree = if join {
                    self.agree_at_once(value, touchpoint)
                } else {
                    !self.compares_names()
                };
                if agree {
                    if join && let Some(other) = self.other_holder(value, touchpoint) {
                        self.join(touchpoint, other);
                    }
                } else {
                    self.mark_dirty(value);
                }
            }
            Mode::Quarantined if overlaps => {}
            _ => self.mark_dirty(value),
        }
    }

    fn other_holder(&self, value: u32, touchpoint: u32) -> Option<u32> {
        self.store
            .of_value(value)
            .map(|(_, evidence)| evidence.touchpoint)
            .find(|holder| *holder != touchpoint)
    }

    fn compares_names(&self) -> bool {
        self.rules.policy.compare_names && !self.store.name_of.is_empty()
    }

    /// Whether the names of all other holders agree with this one's for certain; if not, the value
    /// is judged in full.
    fn agree_at_once(&self, value: u32, touchpoint: u32) -> bool {
        if !self.compares_names() {
            return true;
        }
        if self.store.values[value as usize].mode() != Mode::Simple {
            return false;
        }
        let own = names_of(&self.store, touchpoint);
        let mut parsed: Option<Vec<PersonName>> = None;
        self.store.of_value(value).filter(|(_, evidence)| evidence.touchpoint != touchpoint).all(
            |(_, evidence)| {
                let names = names_of(&self.store, evidence.touchpoint);
                if names == own {
                    return true;
                }
                let own = parsed.get_or_insert_with(|| parse_all(&self.store, &own));
                let others = parse_all(&self.store, &names);
                if own.is_empty() || others.is_empty() {
                    return true;
                }
                own.iter().any(|name| {
                    others.iter().any(|other| {
                        matches!(name.compare(other), NameMatch::Same | NameMatch::Compatible)
                    })
                })
            },
        )
    }

    /// Counts a value to the cluster of its first holder.
    fn count_value(&mut self, touchpoint: u32, kind: IdentifierKind) {
        let record = self.store.touchpoints[touchpoint as usize];
        if let Some(contest) = record.state.contest() {
            self.mark_contest(contest);
            return;
        }
        let founder = record.founder as usize;
        let state = self.store.touchpoints[founder].state.with_value(kind);
        self.store.touchpoints[founder].state = state;
        if self.is_over(state) {
            self.contest(record.founder);
        }
    }
}

fn parse_all(store: &Store, names: &[u32]) -> Vec<PersonName> {
    names.iter().filter_map(|name| PersonName::parse(store.name_text(*name))).collect()
}
