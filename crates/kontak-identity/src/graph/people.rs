//! Who holds a value at a time, as far as names tell.

use super::split::{Holder, names_of};
use super::{NONE, Store};
use crate::name::{NameMatch, PersonName};
use crate::policy::{KindPolicy, Rules};
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub(super) enum People<'a> {
    /// Nothing says that it is more than one.
    One,
    Several(Groups<'a>),
    /// More than a household: a shop's phone, a test entry.
    Crowd,
}

/// Holders who are tied together.
pub(super) struct Groups<'a> {
    /// Each contradicts the others; the one with the most holders comes first.
    pub(super) named: Vec<Vec<&'a Holder>>,
    /// Of names that tell nothing here, and could be those of several people.
    pub(super) unclear: Vec<Vec<&'a Holder>>,
}

/// Judges the holders of one tenancy, in time bounded by the square of what one customer may have.
///
/// A crowd is more accounts than one customer may have, or more people by name than the policy
/// allows, or more accounts without a name than it allows, where each named one vouches for one that
/// is not.
pub(super) fn people<'a>(
    store: &Store,
    rules: &Rules,
    kind: &KindPolicy,
    holders: &'a [Holder],
) -> People<'a> {
    let most = kind.holders as usize;
    if holders.len() > rules.policy.touchpoints_per_customer.into() {
        return People::Crowd;
    }
    if !rules.policy.compare_names || no_names_to_compare(store, holders) && holders.len() <= most {
        return if holders.len() > most { People::Crowd } else { People::One };
    }
    let names = Names::of(store, holders);
    let (voices, nameless) = names.voices(store, holders);
    let named: usize = voices.iter().map(|voice| voice.holders.len()).sum();
    if nameless.len().saturating_sub(named) > most {
        return People::Crowd;
    }
    let Some((mut groups, unclear)) = names.groups(voices, kind.people as usize) else {
        return People::Crowd;
    };
    groups.sort_by_key(|group| Reverse(size(group)));
    let most_known = groups.first().map_or(0, |group| size(group));
    let others: usize = groups.iter().skip(1).map(|group| size(group)).sum();
    let has_majority = others.saturating_mul(rules.policy.majority as usize) <= most_known;

    let mut apart: Vec<Vec<Voice<'a>>> = Vec::new();
    for voice in unclear {
        match names.home(&groups, &voice, has_majority) {
            Some(home) => groups[home].push(voice),
            None => match names.agreeing(&apart, &voice) {
                Some(at) => apart[at].push(voice),
                None => apart.push(vec![voice]),
            },
        }
    }
    if groups.len() + apart.len() <= 1 {
        return People::One;
    }
    let mut named: Vec<Vec<&Holder>> = groups.into_iter().map(all_of).collect();
    let mut unclear: Vec<Vec<&Holder>> = apart.into_iter().map(all_of).collect();
    match named.first_mut() {
        Some(first) if has_majority => first.extend(nameless),
        _ => unclear.extend(nameless.into_iter().map(|holder| vec![holder])),
    }
    People::Several(Groups { named, unclear })
}

/// Holders who go by the same names.
struct Voice<'a> {
    names: Vec<u32>,
    holders: Vec<&'a Holder>,
}

fn size(group: &[Voice<'_>]) -> usize {
    group.iter().map(|voice| voice.holders.len()).sum()
}

fn all_of<'a>(group: Vec<Voice<'a>>) -> Vec<&'a Holder> {
    group.into_iter().flat_map(|voice| voice.holders).collect()
}

/// The names of all holders, each taken apart once; not those that tell nothing.
struct Names(BTreeMap<u32, PersonName>);

impl Names {
    fn of(store: &Store, holders: &[Holder]) -> Self {
        let mut all: Vec<u32> =
            holders.iter().flat_map(|holder| names_of(store, holder.touchpoint)).collect();
        all.sort_unstable();
        all.dedup();
        let parsed = |name: u32| Some((name, PersonName::parse(store.name_text(name))?));
        Self(all.into_iter().filter_map(parsed).collect())
    }

    /// The names that most accounts go by come first, and of as many the better known, so that the
    /// odd one out does not settle who the others are. Beside them the holders without a name.
    fn voices<'a>(
        &self,
        store: &Store,
        holders: &'a [Holder],
    ) -> (Vec<Voice<'a>>, Vec<&'a Holder>) {
        let mut in_rank: Vec<&Holder> = holders.iter().collect();
        in_rank.sort_by(|a, b| a.rank(b, store));
        let mut places: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
        let mut voices: Vec<Voice<'_>> = Vec::new();
        let mut nameless = Vec::new();
        for holder in in_rank {
            let mut names = names_of(store, holder.touchpoint);
            names.retain(|name| self.0.contains_key(name));
            if names.is_empty() {
                nameless.push(holder);
            } else if let Some(place) = places.get(&names) {
                voices[*place].holders.push(holder);
            } else {
                places.insert(names.clone(), voices.len());
                voices.push(Voice { names, holders: vec![holder] });
            }
        }
        voices.sort_by_key(|voice| Reverse(voice.holders.len()));
        (voices, nameless)
    }

    /// A voice joins the first group where it agrees with somebody and contradicts nobody; one that
    /// is contradicted in every group opens its own. The rest is unclear. `None` where there are
    /// more than `most` groups.
    fn groups<'a>(
        &self,
        voices: Vec<Voice<'a>>,
        most: usize,
    ) -> Option<(Vec<Vec<Voice<'a>>>, Vec<Voice<'a>>)> {
        let mut groups: Vec<Vec<Voice<'a>>> = Vec::new();
        let mut unclear = Vec::new();
        for voice in voices {
            if let Some(home) = self.agreeing(&groups, &voice) {
                groups[home].push(voice);
            } else if groups.iter().any(|group| self.relation(group, &voice).is_some()) {
                unclear.push(voice);
            } else if groups.len() < most {
                groups.push(vec![voice]);
            } else {
                return None;
            }
        }
        Some((groups, unclear))
    }

    /// Where a voice belongs that could be of several groups: where it agrees with somebody after
    /// all, in the only one that it could be of, or in the first where that has the majority.
    fn home(
        &self,
        groups: &[Vec<Voice<'_>>],
        voice: &Voice<'_>,
        has_majority: bool,
    ) -> Option<usize> {
        let mut open = (0..groups.len()).filter(|at| self.relation(&groups[*at], voice).is_some());
        self.agreeing(groups, voice).or_else(|| match (open.next(), open.next()) {
            (only, None) => only,
            (first, Some(_)) => first.filter(|at| *at == 0 && has_majority),
        })
    }

    fn agreeing(&self, groups: &[Vec<Voice<'_>>], voice: &Voice<'_>) -> Option<usize> {
        groups.iter().position(|group| self.relation(group, voice) == Some(NameMatch::Compatible))
    }

    /// What a group says to a newcomer: `None` where a member contradicts, `Compatible` where one
    /// agrees, `CannotTell` where no names decide.
    fn relation(&self, group: &[Voice<'_>], voice: &Voice<'_>) -> Option<NameMatch> {
        let mut result = NameMatch::CannotTell;
        for member in group {
            match self.best_match(&voice.names, &member.names) {
                NameMatch::Differs => return None,
                NameMatch::CannotTell => {}
                _ => result = NameMatch::Compatible,
            }
        }
        Some(result)
    }

    /// A touchpoint may carry several names; one that agrees is enough.
    fn best_match(&self, names: &[u32], others: &[u32]) -> NameMatch {
        let mut best = NameMatch::Differs;
        for name in names.iter().filter_map(|name| self.0.get(name)) {
            for other in others.iter().filter_map(|name| self.0.get(name)) {
                match name.compare(other) {
                    NameMatch::Differs => {}
                    NameMatch::CannotTell => best = NameMatch::CannotTell,
                    _ => return NameMatch::Compatible,
                }
            }
        }
        best
    }
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
