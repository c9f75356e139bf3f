//! A small graph cut out of a large one, to try something on.

use super::cluster::Contest;
use super::moves::Held;
use super::record::NONE;
use super::store::Entered;
use super::{IdentityGraph, Store};
use hashbrown::HashMap;
use std::collections::BTreeSet;

impl IdentityGraph {
    /// The clusters of some customers, with everybody who holds one of their values, and without
    /// the evidence in `gone`. Touchpoints keep their order and their ids.
    pub(crate) fn excerpt(&self, founders: &BTreeSet<u32>, gone: &BTreeSet<u32>) -> Self {
        let mut touchpoints: BTreeSet<u32> = BTreeSet::new();
        for founder in founders {
            match self.store.touchpoints[*founder as usize].state.contest() {
                Some(contest) => {
                    let members = self.contests[contest as usize]
                        .iter()
                        .flat_map(|contest: &Contest| &contest.members);
                    touchpoints.extend(members);
                }
                None => touchpoints.extend(self.store.ring(*founder)),
            }
        }
        let values: BTreeSet<u32> = touchpoints
            .iter()
            .flat_map(|member| self.store.of_touchpoint(*member))
            .map(|(_, one)| one.value)
            .collect();
        touchpoints.extend(
            values
                .iter()
                .flat_map(|value| self.store.of_value(*value))
                .map(|(_, one)| one.touchpoint),
        );

        let mut excerpt = self.without_facts();
        let mut places = HashMap::with_hasher(*self.tombstones.hasher());
        let mut value_places = HashMap::with_hasher(*self.tombstones.hasher());
        for touchpoint in &touchpoints {
            if let Some(place) = excerpt.copy_touchpoint(&self.store, *touchpoint) {
                places.insert(*touchpoint, place);
            }
        }
        for touchpoint in &touchpoints {
            for (index, evidence) in self.store.of_touchpoint(*touchpoint) {
                if gone.contains(&index) {
                    continue;
                }
                let value = self.store.value_ref(evidence.value);
                let place = match value_places.get(&evidence.value) {
                    Some(place) => Some(*place),
                    None => {
                        let hash = excerpt.store.hash_value(value);
                        excerpt.store.enter_value(value, hash, || false).ok()
                    }
                };
                let (Some(touchpoint), Some(place)) = (places.get(touchpoint), place) else {
                    continue;
                };
                value_places.insert(evidence.value, place);
                let fact = self.store.facts.get(index);
                let Ok(new_index) = excerpt.link(*touchpoint, place, &fact) else {
                    continue;
                };
                let name =
                    self.store.name_of.get(index as usize).copied().filter(|name| *name != NONE);
                if let Some(name) =
                    name.and_then(|name| excerpt.store.name(self.store.name_text(name)).ok())
                {
                    let _ = excerpt.set_name(new_index, name);
                }
            }
        }
        for (a, b) in &self.forbidden {
            if let (Some(a), Some(b)) = (places.get(a), places.get(b)) {
                excerpt.forbidden.insert((*a, *b));
            }
        }
        excerpt.block_values();
        excerpt.judge_all();
        excerpt.form_all(&mut Held::default());
        excerpt
    }

    fn without_facts(&self) -> Self {
        let mut empty = Self::empty(self.store.key, self.rules.clone());
        empty.store.sources.clone_from(&self.store.sources);
        empty.store.data_versions.clone_from(&self.store.data_versions);
        // Record ids are compared by their text, which stays where it is.
        empty.store.texts.clone_from(&self.store.texts);
        empty
    }

    fn copy_touchpoint(&mut self, from: &Store, touchpoint: u32) -> Option<u32> {
        let (channel, scope, id) = from.key_of(touchpoint)?;
        let account = self.store.account(channel, scope).ok()?;
        let uuid = from.ids[touchpoint as usize];
        let hashes = self.store.hash_touchpoint(account, &id, uuid);
        match self.store.enter_touchpoint(account, &id, uuid, hashes).ok()? {
            Entered::New(index) | Entered::Known(index) => Some(index),
            Entered::IdTaken => None,
        }
    }
}
