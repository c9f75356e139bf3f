//! The agents who are free, and the search among them.

use super::Market;
use crate::Strategy;
use crate::engine::item::{AgentIndex, ClassIndex};
use crate::engine::seat::{Place, Rank};

impl Market {
    pub(in crate::engine) fn insert_free(&mut self, profile: u32, place: &Place) {
        let free = self.profiles[profile as usize].free.entry(place.fits).or_default();
        for strategy in &self.strategies {
            free[*strategy as usize].insert(place.keys[*strategy as usize]);
        }
        self.free.insert(profile as usize);
    }

    pub(in crate::engine) fn remove_free(&mut self, profile: u32, place: &Place) {
        let of = &mut self.profiles[profile as usize].free;
        let Some(free) = of.get_mut(&place.fits) else { return };
        for strategy in &self.strategies {
            free[*strategy as usize].remove(&place.keys[*strategy as usize]);
        }
        if free[self.strategies[0] as usize].is_empty() {
            of.remove(&place.fits);
            self.free.set(profile as usize, !of.is_empty());
        }
    }

    /// The first of the free, by this strategy, who may have a contact of this class.
    ///
    /// Complexity: O(profiles / 64) words, then the profiles of which somebody is free and able.
    pub(in crate::engine) fn best_free(
        &self,
        class: ClassIndex,
        strategy: Strategy,
        allowed: impl Fn(AgentIndex) -> bool,
    ) -> Option<AgentIndex> {
        if self.free.is_clear() {
            return None;
        }
        let of = &self.classes[class as usize];
        let mut best: Option<Rank> = None;
        for profile in of.profiles.intersection(&self.free) {
            for (fits, ranked) in &self.profiles[profile].free {
                if fits >> of.key.shape & 1 == 0 {
                    continue;
                }
                let sooner = |rank: &&Rank| best.is_none_or(|best| **rank < best);
                let in_order = ranked[strategy as usize].iter().take_while(sooner);
                if let Some(rank) = in_order.copied().find(|rank| allowed(rank.2)) {
                    best = Some(rank);
                }
            }
        }
        best.map(|(_, _, agent)| agent)
    }

    /// Everybody free who could have a contact of this class.
    pub(in crate::engine) fn all_free(&self, class: ClassIndex) -> Vec<AgentIndex> {
        let of = &self.classes[class as usize];
        let mut all: Vec<AgentIndex> = of
            .profiles
            .intersection(&self.free)
            .flat_map(|profile| &self.profiles[profile].free)
            .filter(|(fits, _)| *fits >> of.key.shape & 1 == 1)
            .flat_map(|(_, ranked)| {
                ranked[self.strategies[0] as usize].iter().map(|(_, _, agent)| *agent)
            })
            .collect();
        all.sort_unstable();
        all
    }
}
