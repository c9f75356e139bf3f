//! All customers at once, from the columns: what a load, a restore and a new policy do.

use super::IdentityGraph;
use super::record::{Mode, NONE, State, Touchpoint};
use super::review::{Before, Held, find, flatten, link_least};
use std::collections::BTreeMap;
use std::hint::black_box;

/// How many ties are looked ahead.
const BLOCK: usize = 64;

impl IdentityGraph {
    /// Forms every customer anew. Sequential over touchpoints and evidence; the random accesses go
    /// to two arrays of four bytes an entry.
    pub(super) fn rebuild(&mut self) {
        let mut held = Held::new();
        for value in self.take_dirty_values() {
            self.judge_and_log(value, &mut held);
        }
        for contest in std::mem::take(&mut self.contests).into_iter().flatten() {
            self.note_withheld(&contest.withheld, &mut held);
        }
        self.free_contests.clear();
        self.dirty_contests.clear();
        self.reviews.clear();
        let before: Before = if self.logged == 0 {
            Before::new()
        } else {
            (0..)
                .zip(&self.store.touchpoints)
                .map(|(index, touchpoint)| (index, touchpoint.founder))
                .collect()
        };

        self.form_all(&mut held);
        self.log_held(held);
        if before.is_empty() {
            self.log_first();
        } else {
            self.log_moves(before, None);
        }
    }

    /// Forms the customers, without a word in the log.
    pub(super) fn form_all(&mut self, held: &mut Held) {
        let (parent, state) = self.components();
        self.write_all(&parent, &state);
        for members in self.contested(&parent, &state).into_values() {
            self.review_members(&members, held);
        }
    }

    /// The founder of every touchpoint, and the counts of every cluster at its founder.
    fn components(&mut self) -> (Vec<u32>, Vec<State>) {
        let store = &self.store;
        let mut parent: Vec<u32> = (0..store.touchpoints.len() as u32).collect();
        let anchor: Vec<u32> = store
            .values
            .iter()
            .map(|value| if value.mode() == Mode::Simple { value.anchor } else { NONE })
            .collect();
        let mut ties: Vec<(u32, u32)> = Vec::with_capacity(BLOCK);
        for block in store.evidence.chunks(BLOCK) {
            let anchored = block.iter().filter(|evidence| evidence.touchpoint != NONE);
            ties.extend(
                anchored
                    .map(|evidence| (anchor[evidence.value as usize], evidence.touchpoint))
                    .filter(|(anchor, touchpoint)| *anchor != NONE && anchor != touchpoint),
            );
            // Their cache misses overlap where nothing else hangs on them.
            black_box(ties.iter().fold(0, |read, (anchor, _)| read ^ parent[*anchor as usize]));
            for (anchor, touchpoint) in ties.drain(..) {
                link_least(&mut parent, anchor, touchpoint);
            }
        }
        let mut nodes: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        for (value, split) in &store.splits {
            for slot in split.slots.iter().filter(|slot| slot.node != NONE) {
                let first = *nodes.entry((*value, slot.node)).or_insert(slot.touchpoint);
                link_least(&mut parent, first, slot.touchpoint);
            }
        }
        flatten(&mut parent);

        let mut state = vec![State::EMPTY; parent.len()];
        for root in &parent {
            let root = &mut state[*root as usize];
            *root = root.with_member();
        }
        let simple = (0..)
            .zip(&anchor)
            .filter(|(_, first)| **first != NONE)
            .map(|(value, first)| (value, *first));
        for (value, first) in
            simple.chain(nodes.into_iter().map(|((value, _), first)| (value, first)))
        {
            let root = &mut state[find(&mut parent, first) as usize];
            *root = root.with_value(store.values[value as usize].kind());
        }
        (parent, state)
    }

    fn write_all(&mut self, parent: &[u32], state: &[State]) {
        let mut next: Vec<u32> = (0..parent.len() as u32).collect();
        for (index, root) in (0..).zip(parent) {
            if *root != index {
                next[index as usize] = std::mem::replace(&mut next[*root as usize], index);
            }
        }
        for (index, touchpoint) in (0..).zip(&mut self.store.touchpoints) {
            let founder = parent[index as usize];
            let state = if founder == index { state[index as usize] } else { State::ALONE };
            *touchpoint = Touchpoint {
                founder,
                next: next[index as usize],
                evidence: touchpoint.evidence,
                state,
            };
        }
    }

    /// The members of each cluster that needs a review, by root.
    fn contested(&self, parent: &[u32], state: &[State]) -> BTreeMap<u32, Vec<u32>> {
        let over = (0..)
            .zip(parent)
            .filter(|(index, root)| index == *root && self.is_over(state[*index as usize]));
        let mut contested: BTreeMap<u32, Vec<u32>> =
            over.map(|(index, _)| (index, Vec::new())).collect();
        for (a, b) in &self.forbidden {
            if parent[*a as usize] == parent[*b as usize] {
                contested.entry(parent[*a as usize]).or_default();
            }
        }
        for (root, members) in &mut contested {
            members.extend(self.store.ring(*root));
            members.sort_unstable();
        }
        contested
    }

    /// The log of a graph that had none: everybody is new.
    fn log_first(&mut self) {
        self.log.reserve(self.store.touchpoints.len());
        for (index, touchpoint) in (0..).zip(&self.store.touchpoints) {
            if touchpoint.founder == index {
                self.log.founded(self.position, index);
            } else {
                self.log.joined(self.position, index, touchpoint.founder);
            }
        }
        self.logged = self.store.touchpoints.len() as u32;
    }
}
