//! All customers at once, from the columns: what a load, a restore and a new policy do.

use super::IdentityGraph;
use super::evidence::walk_together;
use super::moves::{Before, Held};
use super::record::{Evidence, Mode, NONE, State, Touchpoint, Value};
use super::review::link_least;
use std::hint::black_box;

/// How many pieces of evidence are looked ahead.
const BLOCK: usize = 64;
/// How many rings are walked together.
const TOGETHER: usize = 32;

impl IdentityGraph {
    /// Forms every customer anew. Sequential over touchpoints and evidence; the random accesses go
    /// to two arrays of four bytes an entry.
    pub(super) fn rebuild(&mut self) {
        let mut held = Held::default();
        let dirty = self.take_dirty_values();
        self.judge_and_log_each(&dirty, &mut held);
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
        let mut parent = self.components();
        let mut contested = self.write_all(&mut parent);
        for (a, b) in &self.forbidden {
            if parent[*a as usize] == parent[*b as usize] {
                contested.push(parent[*a as usize]);
            }
        }
        contested.sort_unstable();
        contested.dedup();
        let mut clusters = Vec::new();
        for roots in contested.chunks(TOGETHER) {
            let touchpoints = &self.store.touchpoints;
            let next = |cluster: usize, member: u32| {
                let next = touchpoints[member as usize].next;
                if next == roots[cluster] { NONE } else { next }
            };
            walk_together(roots.iter().copied(), next, &mut clusters);
            for members in clusters.iter_mut().take(roots.len()) {
                members.sort_unstable();
                self.review_members(members, held);
            }
        }
    }

    /// What each touchpoint brings into its customer: itself, and the values that are counted with
    /// it. A value is counted with one of those whom it ties together.
    fn counts(&self) -> Vec<State> {
        let store = &self.store;
        let mut counts = vec![State::ALONE; store.touchpoints.len()];
        let mut count = |value: &Value, touchpoint: u32| {
            let counts = &mut counts[touchpoint as usize];
            *counts = counts.with_value(value.kind());
        };
        for value in &store.values {
            if value.mode() == Mode::Simple && value.anchor != NONE {
                count(value, value.anchor);
            }
        }
        for (value, split) in &store.splits {
            for first in split.first_of_nodes().into_iter().filter(|first| *first != NONE) {
                count(&store.values[*value as usize], first);
            }
        }
        counts
    }

    /// The component of every touchpoint, as a forest whose roots are founders.
    fn components(&self) -> Vec<u32> {
        let store = &self.store;
        let mut parent: Vec<u32> = (0..store.touchpoints.len() as u32).collect();
        let anchor = |value: &Value| {
            if value.mode() == Mode::Simple { value.anchor } else { NONE }
        };
        let anchors: Vec<u32> = store.values.iter().map(anchor).collect();
        for block in store.evidence.chunks(BLOCK) {
            // Their cache misses overlap where nothing else hangs on them.
            black_box(block.iter().fold(0, |read, evidence| {
                let anchor = anchors[evidence.value as usize] as usize;
                read ^ parent.get(anchor).copied().unwrap_or(0)
            }));
            for Evidence { touchpoint, value, .. } in block {
                let anchor = anchors[*value as usize];
                if anchor != NONE && anchor != *touchpoint && *touchpoint != NONE {
                    link_least(&mut parent, anchor, *touchpoint);
                }
            }
        }
        for split in store.splits.values() {
            let first = split.first_of_nodes();
            for slot in split.slots.iter().filter(|slot| slot.node != NONE) {
                link_least(&mut parent, first[slot.node as usize], slot.touchpoint);
            }
        }
        parent
    }

    /// Writes founders, rings and counts; `parent` becomes the founders. The founders of the
    /// customers that break a cap are returned.
    fn write_all(&mut self, parent: &mut [u32]) -> Vec<u32> {
        let mut counts = self.counts();
        let mut next: Vec<u32> = (0..parent.len() as u32).collect();
        let mut over = Vec::new();
        // Random accesses go to three arrays of four bytes a touchpoint, and no branch waits for one.
        for index in 0..parent.len() as u32 {
            // A parent is never greater than its child, so what it points to is its root already.
            let founder = parent[parent[index as usize] as usize];
            parent[index as usize] = founder;
            let is_founder = founder == index;
            let own = if is_founder { State::EMPTY } else { counts[index as usize] };
            let before = counts[founder as usize];
            let sum = before.sum(own);
            counts[founder as usize] = sum;
            let after = std::mem::replace(&mut next[founder as usize], index);
            next[index as usize] = after;
            if self.is_over(sum) && (is_founder || !self.is_over(before)) {
                over.push(founder);
            }
        }
        for (index, touchpoint) in (0..).zip(&mut self.store.touchpoints) {
            let founder = parent[index as usize];
            let is_founder = founder == index;
            *touchpoint = Touchpoint {
                founder,
                next: next[index as usize],
                evidence: touchpoint.evidence,
                state: if is_founder { counts[index as usize] } else { State::ALONE },
            };
        }
        over
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
