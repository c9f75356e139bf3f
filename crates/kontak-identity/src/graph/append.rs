//! One more piece of evidence: what is new about it, and whom it ties together.

use super::batch::Piece;
use super::fact::{Extension, Fact, Origin};
use super::observe::{ObserveError, Outcome};
use super::record::{Evidence, Mode, NONE, Span};
use super::split::{end_after, names_of};
use super::{IdentityGraph, Store};
use crate::identifier::{IdentifierClass, IdentifierKind};
use crate::name::{NameMatch, PersonName};
use crate::tenant_key::{EvidenceId, RecordRef};
use std::cmp::Ordering;

/// What one more piece of evidence says of its value.
#[derive(Clone, Copy)]
pub(super) struct Gain {
    pub(super) touchpoint: u32,
    pub(super) value: u32,
    pub(super) span: Span,
    pub(super) class: IdentifierClass,
    /// Whether the touchpoint had no evidence of the value.
    pub(super) is_new_edge: bool,
}

impl IdentityGraph {
    /// Appends one checked piece. With `join`, customers follow at once; otherwise the caller
    /// rebuilds.
    pub(super) fn append(&mut self, piece: &Piece, join: bool) -> Result<Outcome, ObserveError> {
        let Piece { touchpoint, value, fact, name } = *piece;
        let (seen, Extension { until, revision }) = (fact.seen.0, fact.extension);
        if !self.erased.is_empty() && self.was_erased_at(touchpoint, seen) {
            return Ok(Outcome::Erased);
        }
        if !self.tombstones.is_empty() {
            let id = self.id_of(piece);
            if self.tombstones.get(&id).is_some_and(|buried| revision <= *buried) {
                return Ok(Outcome::Retracted);
            }
        }
        let (known, is_held) =
            self.known_evidence(touchpoint, value, fact.origin.source, fact.record);
        if let Some(index) = known {
            return Ok(self.update(index, fact, name));
        }
        if until.is_some_and(|until| until <= self.clock) {
            let id = self.id_of(piece);
            self.bury(id, revision);
            return Ok(Outcome::Ended);
        }
        let index = self.link(touchpoint, value, &fact)?;
        let is_new_name = name != NONE && self.set_name(index, name);
        let validity = self.rules.validity(self.store.values[value as usize].kind());
        let span = Span::new(seen, end_after(until, seen, validity));
        let gain =
            Gain { touchpoint, value, span, class: fact.origin.class, is_new_edge: !is_held };
        self.gained(gain, join);
        if is_new_name && self.store.evidence[index as usize].next_of_touchpoint != NONE {
            self.names_changed(touchpoint, join);
        }
        Ok(Outcome::Recorded)
    }

    pub(super) fn id_of(&self, piece: &Piece) -> EvidenceId {
        let record = self.store.record_ref(piece.fact.record);
        self.store.id_of(piece.fact.origin.source, record, piece.touchpoint, piece.value)
    }

    pub(super) fn same_record(&self, word: u64, other: u64) -> bool {
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

    #[inline]
    pub(super) fn link(
        &mut self,
        touchpoint: u32,
        value: u32,
        fact: &Fact,
    ) -> Result<u32, ObserveError> {
        let store = &mut self.store;
        let reused = store.free.pop();
        let index = match reused {
            Some(index) => index,
            None => {
                u32::try_from(store.evidence.len()).ok().filter(|index| *index < NONE).ok_or_else(
                    || ObserveError::Full { what: "pieces of evidence", most: NONE.into() },
                )?
            }
        };
        let of_touchpoint = &mut store.touchpoints[touchpoint as usize].evidence;
        let of_value = &mut store.values[value as usize];
        if of_value.anchor == NONE {
            of_value.anchor = touchpoint;
        }
        let evidence = Evidence {
            touchpoint,
            value,
            next_of_touchpoint: std::mem::replace(of_touchpoint, index),
            next_of_value: std::mem::replace(&mut of_value.evidence, index),
        };
        store.facts.set(index, fact);
        if let Some(until) = fact.extension.until {
            self.deadlines.insert((until, index));
        }
        if reused.is_some() {
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
                value.holders() > 1
                    && match value.mode() {
                        Mode::Simple | Mode::Split => true,
                        Mode::Quarantined => self.may_be_released(value.holders()),
                        Mode::Barred => false,
                    }
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
    pub(super) fn update(&mut self, index: u32, new: Fact, new_name: u32) -> Outcome {
        let old = self.store.facts.get(index);
        let touchpoint = self.store.evidence[index as usize].touchpoint;
        let old_name = self.store.name_of.get(index as usize).copied().unwrap_or(NONE);
        let (fact, name) = match new.extension.revision.cmp(&old.extension.revision) {
            Ordering::Less => return Outcome::Outdated,
            Ordering::Greater => (Fact { record: old.record, ..new }, new_name),
            Ordering::Equal => (self.agreed(old, new), self.agreed_name(old_name, new_name)),
        };
        if fact == old && name == old_name {
            return Outcome::Known;
        }
        let until = fact.extension.until;
        if until.is_some_and(|until| until <= self.clock) {
            let id = self.store.evidence_id(index);
            self.withdraw(index, false);
            self.bury(id, fact.extension.revision);
            return Outcome::Ended;
        }
        if let Some(until) = old.extension.until {
            self.deadlines.remove(&(until, index));
        }
        if let Some(until) = until {
            self.deadlines.insert((until, index));
        }
        self.store.facts.set(index, &fact);
        if name != old_name {
            let _ = self.set_name(index, name);
            self.names_changed(touchpoint, true);
        }
        self.changed(index, old, fact);
        Outcome::Updated
    }

    /// What two writings of one revision say together.
    fn agreed(&self, a: Fact, b: Fact) -> Fact {
        let until = match (a.extension.until, b.extension.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let version = |fact: &Fact| fact.origin.data_version;
        let text = |fact: &Fact| &self.store.data_versions[version(fact) as usize];
        Fact {
            seen: (a.seen.0.min(b.seen.0), a.seen.1.max(b.seen.1)),
            origin: Origin {
                verification: a.origin.verification.min(b.origin.verification),
                class: a.origin.class.max(b.origin.class),
                weaker: a.origin.weaker && b.origin.weaker,
                // As with names, any fixed choice does.
                data_version: version(if text(&b) < text(&a) { &b } else { &a }),
                ..a.origin
            },
            extension: Extension { until, ..a.extension },
            ..a
        }
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
    fn changed(&mut self, index: u32, before: Fact, now: Fact) {
        let Evidence { touchpoint, value, .. } = self.store.evidence[index as usize];
        let record = self.store.values[value as usize];
        let validity = self.rules.validity(record.kind());
        let only_grew = now.extension == before.extension
            && now.seen.0 <= before.seen.0
            && now.seen.1 >= before.seen.1
            && now.origin.class == before.origin.class;
        let keeps = match record.mode() {
            Mode::Simple => only_grew,
            Mode::Quarantined => only_grew && !self.may_be_released(record.holders()),
            Mode::Split | Mode::Barred => false,
        };
        if keeps {
            let end = end_after(now.extension.until, now.seen.1, validity);
            let span = record.span().hull(Span::new(now.seen.0, end));
            self.store.values[value as usize].set_span(span);
        } else {
            self.mark_dirty(value);
        }
        // Its place in the order of rank may be another.
        if let Some(contest) = self.store.touchpoints[touchpoint as usize].state.contest() {
            self.mark_contest(contest);
        }
    }

    /// A value has one more piece of evidence.
    #[inline]
    pub(super) fn gained(&mut self, gain: Gain, join: bool) {
        let Gain { touchpoint, value, span, class, is_new_edge } = gain;
        let record = &mut self.store.values[value as usize];
        let holders = record.holders() + u32::from(is_new_edge);
        record.set_holders(holders);
        let (kind, mode) = (record.kind(), record.mode());
        let overlaps = !is_new_edge || holders == 1 || span.overlaps(record.span());
        if record.is_dirty() || mode == Mode::Barred {
            let was_crowd = record.is_crowd();
            let is_crowd = was_crowd && self.is_crowd(holders, overlaps, class);
            let record = &mut self.store.values[value as usize];
            record.set_crowd(is_crowd);
            if is_crowd {
                record.set_span(record.span().hull(span));
            }
            return;
        }
        if overlaps && mode != Mode::Split {
            record.set_span(record.span().hull(span));
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
            Mode::Simple if overlaps && holders <= self.rules.holders_at_once(kind) => {
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
            Mode::Quarantined if overlaps && !self.may_be_released(holders) => {}
            _ => {
                self.mark_dirty(value);
                let is_crowd = mode == Mode::Simple && self.is_crowd(holders, overlaps, class);
                self.store.values[value as usize].set_crowd(is_crowd);
            }
        }
    }

    /// Whether so many hold a value at a time that nothing else need be known of them.
    fn is_crowd(&self, holders: u32, overlaps: bool, class: IdentifierClass) -> bool {
        overlaps && self.rules.class_joins(class) && !self.may_be_released(holders)
    }

    fn other_holder(&self, value: u32, touchpoint: u32) -> Option<u32> {
        let anchor = self.store.values[value as usize].anchor;
        if anchor != touchpoint {
            return Some(anchor);
        }
        self.store
            .of_value(value)
            .map(|(_, evidence)| evidence.touchpoint)
            .find(|holder| *holder != touchpoint)
    }

    pub(super) fn compares_names(&self) -> bool {
        self.rules.policy.compare_names && !self.store.name_of.is_empty()
    }

    /// Whether names may yet say that a quarantined value is one person's: one more of them, or
    /// another rank, groups its holders anew.
    pub(super) fn may_be_released(&self, holders: u32) -> bool {
        self.compares_names() && holders <= self.rules.policy.touchpoints_per_customer.into()
    }

    /// Whether the names of all other holders agree with this one's for certain; if not, the value
    /// is judged in full.
    fn agree_at_once(&self, value: u32, touchpoint: u32) -> bool {
        if !self.compares_names() {
            return true;
        }
        let record = &self.store.values[value as usize];
        if record.mode() != Mode::Simple
            || record.holders() > self.rules.holders_at_once(record.kind())
        {
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
    pub(super) fn count_value(&mut self, touchpoint: u32, kind: IdentifierKind) {
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
