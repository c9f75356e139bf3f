//! The judgement of one value: which of its holders does it tie together?
//!
//! A function of the live evidence of that value, of the names of its holders and of the policy.
//! First the sightings are cut into tenancies, then a tenancy with too many holders is quarantined,
//! then names that contradict each other are told apart.

use super::record::{Mode, NONE};
use super::store::Store;
use crate::name::{NameMatch, PersonName};
use crate::policy::Rules;
use std::cmp::Ordering;

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

/// Why a holder is not tied to the first of its tenancy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    Free,
    /// Its name contradicts that of a better-known holder.
    NamesDiffer,
    /// It has no name to compare, and there is more than one that it could belong to.
    NameUnclear,
    Quarantined,
}

impl Split {
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
    fn rank(&self, other: &Self, store: &Store) -> Ordering {
        (self.trust, self.first)
            .cmp(&(other.trust, other.first))
            .then_with(|| store.evidence_id(self.evidence).cmp(&store.evidence_id(other.evidence)))
    }
}

/// The touchpoints with live evidence of a value, each with the time that its evidence spans.
pub(crate) fn holders(store: &Store, rules: &Rules, value: u32) -> Vec<Holder> {
    let validity = rules.validity(store.values[value as usize].kind());
    let mut holders: Vec<Holder> = store
        .of_value(value)
        .map(|(index, evidence)| Holder {
            touchpoint: evidence.touchpoint,
            start: evidence.first(),
            end: end_of(store, index, evidence.last(), validity),
            trust: rules.trust(evidence.verification(), evidence.weaker()),
            first: evidence.first(),
            evidence: index,
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
pub(crate) fn end_of(store: &Store, evidence: u32, last: u64, validity: Option<u64>) -> u64 {
    end_after(store.extension(evidence).until, last, validity)
}

pub(crate) fn end_after(until: Option<u64>, last: u64, validity: Option<u64>) -> u64 {
    match (until, validity) {
        (Some(until), _) => until.max(last + 1),
        (None, Some(validity)) => last.saturating_add(validity).max(last + 1),
        (None, None) => u64::MAX,
    }
}

pub(crate) fn judge(store: &Store, rules: &Rules, value: u32) -> Verdict {
    let holders = holders(store, rules, value);
    let start = holders.iter().map(|holder| holder.start).min().unwrap_or(u64::MAX);
    let end = holders.iter().map(|holder| holder.end).max().unwrap_or(0);
    let verdict = |mode, split| Verdict { mode, holders: holders.len() as u32, start, end, split };
    let is_barred = store.of_value(value).any(|(_, evidence)| !rules.class_joins(evidence.class()))
        || rules.blocked_by(store.value_ref(value)).is_some();
    if is_barred {
        return verdict(Mode::Barred, None);
    }

    let cap = rules.kind(store.values[value as usize].kind()).holders as usize;
    let tenancies = tenancies(&holders);
    if let [only] = &tenancies[..] {
        if only.len() > cap {
            return verdict(Mode::Quarantined, None);
        }
        if !rules.policy.compare_names || no_names_to_compare(store, only) {
            return verdict(Mode::Simple, None);
        }
    }
    let mut slots = Vec::with_capacity(holders.len());
    let mut node = 0;
    for (tenancy, members) in (0..).zip(&tenancies) {
        let mut slot = |holder: &Holder, node, hold| {
            slots.push(Slot { touchpoint: holder.touchpoint, node, tenancy, hold });
        };
        if members.len() > cap {
            for holder in members {
                slot(holder, NONE, Hold::Quarantined);
            }
        } else if !rules.policy.compare_names || no_names_to_compare(store, members) {
            for holder in members {
                slot(holder, node, Hold::Free);
            }
            node += 1;
        } else {
            let groups = by_name(store, members);
            for (nth, group) in groups.named.iter().enumerate() {
                for holder in group {
                    slot(holder, node, if nth == 0 { Hold::Free } else { Hold::NamesDiffer });
                }
                node += 1;
            }
            for holder in &groups.unclear {
                slot(holder, node, Hold::NameUnclear);
                node += 1;
            }
        }
    }
    if tenancies.len() <= 1 && node <= 1 {
        return verdict(Mode::Simple, None);
    }
    slots.sort_by_key(|slot| slot.touchpoint);
    verdict(Mode::Split, Some(Split { slots }))
}

/// Holders whose times overlap, one after the other, share a tenancy; a gap begins a new one.
fn tenancies(holders: &[Holder]) -> Vec<Vec<Holder>> {
    let mut in_time = holders.to_vec();
    in_time.sort_by_key(|holder| (holder.start, holder.end, holder.touchpoint));
    let mut tenancies: Vec<Vec<Holder>> = Vec::new();
    let mut end = 0;
    for holder in in_time {
        match tenancies.last_mut() {
            Some(tenancy) if holder.start < end => {
                end = end.max(holder.end);
                tenancy.push(holder);
            }
            _ => {
                end = holder.end;
                tenancies.push(vec![holder]);
            }
        }
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

fn no_names_to_compare(store: &Store, holders: &[Holder]) -> bool {
    if store.name_of.is_empty() || holders.len() < 2 {
        return true;
    }
    let mut only = NONE;
    holders.iter().all(|holder| {
        store.of_touchpoint(holder.touchpoint).all(|(index, _)| {
            let name = store.name_of.get(index as usize).copied().unwrap_or(NONE);
            if only == NONE {
                only = name;
            }
            name == NONE || name == only
        })
    })
}

struct Groups<'a> {
    /// The first holds the best evidence.
    named: Vec<Vec<&'a Holder>>,
    unclear: Vec<&'a Holder>,
}

/// Compatible holders form groups, in the order of rank. Nobody joins a group that has a member
/// whose name contradicts; a holder without a name joins only where there is one group to join.
fn by_name<'a>(store: &Store, holders: &'a [Holder]) -> Groups<'a> {
    let mut in_rank: Vec<&Holder> = holders.iter().collect();
    in_rank.sort_by(|a, b| a.rank(b, store));
    let parsed: Vec<(&Holder, Vec<PersonName>)> = in_rank
        .into_iter()
        .map(|holder| {
            let names = names_of(store, holder.touchpoint);
            (
                holder,
                names
                    .into_iter()
                    .filter_map(|name| PersonName::parse(store.name_text(name)))
                    .collect(),
            )
        })
        .collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, (_, names)) in parsed.iter().enumerate().filter(|(_, (_, names))| !names.is_empty()) {
        let home = groups
            .iter_mut()
            .find(|group| relation(group, names, &parsed) == Some(NameMatch::Compatible));
        match home {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    unite_unclear(&mut groups, &parsed);
    let nameless = parsed.iter().filter(|(_, names)| names.is_empty()).map(|(holder, _)| *holder);
    let mut named: Vec<Vec<&Holder>> =
        groups.iter().map(|group| group.iter().map(|at| parsed[*at].0).collect()).collect();
    if named.len() <= 1 {
        match named.first_mut() {
            Some(group) => group.extend(nameless),
            None => named.push(nameless.collect()),
        }
        return Groups { named, unclear: Vec::new() };
    }
    let unclear = nameless.collect();
    Groups { named, unclear }
}

/// What a group says to a newcomer: `None` where a member contradicts, `Compatible` where one
/// agrees, `CannotTell` where all are in another script.
fn relation(
    group: &[usize],
    names: &[PersonName],
    parsed: &[(&Holder, Vec<PersonName>)],
) -> Option<NameMatch> {
    let mut result = NameMatch::CannotTell;
    for member in group {
        match best_match(names, &parsed[*member].1) {
            NameMatch::Differs => return None,
            NameMatch::CannotTell => {}
            _ => result = NameMatch::Compatible,
        }
    }
    Some(result)
}

/// A touchpoint may carry several names; one that agrees is enough.
fn best_match(names: &[PersonName], others: &[PersonName]) -> NameMatch {
    let mut best = NameMatch::Differs;
    for name in names {
        for other in others {
            match name.compare(other) {
                NameMatch::Differs => {}
                NameMatch::CannotTell => best = NameMatch::CannotTell,
                _ => return NameMatch::Compatible,
            }
        }
    }
    best
}

/// A group that no other contradicts in so many letters (it is written in another script) joins
/// the one before it that it could belong to, if there is exactly one.
fn unite_unclear(groups: &mut Vec<Vec<usize>>, parsed: &[(&Holder, Vec<PersonName>)]) {
    let mut at = 1;
    while at < groups.len() {
        let agrees = |group: &Vec<usize>| {
            groups[at].iter().all(|member| relation(group, &parsed[*member].1, parsed).is_some())
        };
        let candidates: Vec<usize> = (0..at).filter(|earlier| agrees(&groups[*earlier])).collect();
        if let [home] = candidates[..] {
            let members = groups.remove(at);
            groups[home].extend(members);
        } else {
            at += 1;
        }
    }
}
