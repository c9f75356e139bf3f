//! The judgement of one value: which of its holders does it tie together?
//!
//! A function of the live evidence of that value, of the names of its holders and of the policy.
//! First the sightings are cut into tenancies, then the holders of each are told apart by their names,
//! and a tenancy that too many people hold is quarantined.

use super::people::{People, people};
use super::record::{Mode, NONE};
use super::store::Store;
use crate::identifier::IdentifierKind;
use crate::policy::Rules;
use std::cmp::Ordering;
use std::iter::repeat;

/// A value whose holders are not all tied to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Split {
    /// One per holder, in the order of touchpoints.
    pub(crate) slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) touchpoint: u32,
    /// Holders with one node are tied together; unique within the value.
    pub(crate) node: u32,
    pub(crate) tenancy: u32,
    pub(crate) hold: Hold,
}

/// Why a holder is not tied to the person with the most accounts of its tenancy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    Free,
    /// Its name contradicts that of those.
    NamesDiffer,
    /// It has no name that tells anything, and there is more than one person that it could be.
    NameUnclear,
    Quarantined,
}

impl Split {
    /// The first holder of each node, by its number.
    pub(super) fn first_of_nodes(&self) -> Vec<u32> {
        let nodes = self.slots.iter().filter(|slot| slot.node != NONE);
        let count = nodes.clone().map(|slot| slot.node + 1).max().unwrap_or(0);
        let mut first = vec![NONE; count as usize];
        for slot in nodes.rev() {
            first[slot.node as usize] = slot.touchpoint;
        }
        first
    }

    pub(crate) fn slot(&self, touchpoint: u32) -> Option<&Slot> {
        let at = self.slots.binary_search_by_key(&touchpoint, |slot| slot.touchpoint).ok()?;
        self.slots.get(at)
    }
}

pub(crate) struct Verdict {
    pub(crate) mode: Mode,
    pub(crate) holders: u32,
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// For [`Mode::Split`] only.
    pub(crate) split: Option<Split>,
}

impl Verdict {
    /// With whom a holder is tied together: those with the same node. [`NONE`]: with nobody.
    pub(super) fn node_of(&self, touchpoint: u32) -> u32 {
        match self.mode {
            Mode::Simple => 0,
            Mode::Split => {
                let slot = self.split.as_ref().and_then(|split| split.slot(touchpoint));
                slot.map_or(NONE, |slot| slot.node)
            }
            Mode::Quarantined | Mode::Barred => NONE,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub(crate) touchpoint: u32,
    pub(crate) start: u64,
    pub(crate) end: u64,
    trust: u8,
    first: u64,
    /// The best evidence of this holder.
    evidence: u32,
}

impl Holder {
    pub(crate) fn rank(&self, other: &Self, store: &Store) -> Ordering {
        (self.trust, self.first)
            .cmp(&(other.trust, other.first))
            .then_with(|| store.evidence_id(self.evidence).cmp(&store.evidence_id(other.evidence)))
    }
}

/// Who holds a value by this evidence of it, each with the time that it spans.
fn holders(store: &Store, rules: &Rules, kind: IdentifierKind, evidence: &[u32]) -> Vec<Holder> {
    let validity = rules.validity(kind);
    let mut holders: Vec<Holder> = evidence
        .iter()
        .map(|&index| {
            let (first, origin) = (store.facts.first(index), store.facts.origin(index));
            Holder {
                touchpoint: store.evidence[index as usize].touchpoint,
                start: first,
                end: end_of(store, index, validity),
                trust: rules.trust(origin.verification, origin.weaker),
                first,
                evidence: index,
            }
        })
        .collect();
    holders.sort_by_key(|holder| holder.touchpoint);
    holders.dedup_by(|other, kept| {
        let same = other.touchpoint == kept.touchpoint;
        if same {
            let (start, end) = (kept.start.min(other.start), kept.end.max(other.end));
            if other.rank(kept, store) == Ordering::Less {
                *kept = other.clone();
            }
            (kept.start, kept.end) = (start, end);
        }
        same
    });
    holders
}

/// When what a sighting proves ends: at the end that the source gave, else after the validity.
pub(crate) fn end_of(store: &Store, evidence: u32, validity: Option<u64>) -> u64 {
    end_after(store.facts.extension(evidence).until, store.facts.last(evidence), validity)
}

pub(crate) fn end_after(until: Option<u64>, last: u64, validity: Option<u64>) -> u64 {
    match (until, validity) {
        (Some(until), _) => until.max(last + 1),
        (None, Some(validity)) => last.saturating_add(validity).max(last + 1),
        (None, None) => u64::MAX,
    }
}

/// Judges a value by all its evidence.
pub(crate) fn judge(store: &Store, rules: &Rules, value: u32, evidence: &[u32]) -> Verdict {
    let record = &store.values[value as usize];
    let mut holders = holders(store, rules, record.kind(), evidence);
    let count = holders.len() as u32;
    let start = holders.iter().map(|holder| holder.start).min().unwrap_or(u64::MAX);
    let end = holders.iter().map(|holder| holder.end).max().unwrap_or(0);
    let verdict = |mode, split| Verdict { mode, holders: count, start, end, split };
    let never_joins = |index: &u32| !rules.class_joins(store.facts.origin(*index).class);
    if record.is_blocked() || evidence.iter().any(never_joins) {
        return verdict(Mode::Barred, None);
    }

    let kind = rules.kind(record.kind());
    let tenancies = tenancies(&mut holders);
    let mut people = tenancies.iter().map(|members| people(store, rules, kind, members)).peekable();
    if tenancies.len() <= 1 {
        match people.peek() {
            None | Some(People::One) => return verdict(Mode::Simple, None),
            Some(People::Crowd) => return verdict(Mode::Quarantined, None),
            Some(People::Several(_)) => {}
        }
    }
    let mut slots = Vec::with_capacity(count as usize);
    let mut node = 0;
    for ((tenancy, members), people) in (0..).zip(&tenancies).zip(people) {
        let mut slot = |holder: &Holder, node, hold| {
            slots.push(Slot { touchpoint: holder.touchpoint, node, tenancy, hold });
        };
        match people {
            People::Crowd => {
                for holder in *members {
                    slot(holder, NONE, Hold::Quarantined);
                }
            }
            People::One => {
                for holder in *members {
                    slot(holder, node, Hold::Free);
                }
                node += 1;
            }
            People::Several(groups) => {
                let holds = [Hold::Free].into_iter().chain(repeat(Hold::NamesDiffer));
                let unclear = groups.unclear.iter().zip(repeat(Hold::NameUnclear));
                for (group, hold) in groups.named.iter().zip(holds).chain(unclear) {
                    for holder in group {
                        slot(holder, node, hold);
                    }
                    node += 1;
                }
            }
        }
    }
    slots.sort_by_key(|slot| slot.touchpoint);
    verdict(Mode::Split, Some(Split { slots }))
}

/// Holders whose times overlap, one after the other, share a tenancy; a gap begins a new one.
fn tenancies(holders: &mut [Holder]) -> Vec<&[Holder]> {
    holders.sort_by_key(|holder| (holder.start, holder.end, holder.touchpoint));
    let mut tenancies: Vec<&[Holder]> = Vec::new();
    let (mut from, mut end) = (0, 0);
    for (place, holder) in holders.iter().enumerate() {
        if holder.start >= end && place > from {
            tenancies.push(&holders[from..place]);
            from = place;
        }
        end = end.max(holder.end);
    }
    if from < holders.len() {
        tenancies.push(&holders[from..]);
    }
    tenancies
}

/// The names that live evidence gives a touchpoint, each once.
pub(crate) fn names_of(store: &Store, touchpoint: u32) -> Vec<u32> {
    if store.name_of.is_empty() {
        return Vec::new();
    }
    let mut names: Vec<u32> = store
        .of_touchpoint(touchpoint)
        .filter_map(|(index, _)| store.name_of.get(index as usize).copied())
        .filter(|name| *name != NONE)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
