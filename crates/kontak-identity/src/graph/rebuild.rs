//! All customers at once, from the columns: what a load, a restore and a new policy do.

use super::IdentityGraph;
use super::evidence::walk_together;
use super::moves::{Before, Held};
use super::record::{Mode, NONE, State, Touchpoint, Value};
use super::review::{flatten, link_least};

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
        let (mut ties, counts) = self.ties_and_counts();
        let founders = self.founders(&mut ties);
        let mut contested = self.write_all(&founders, &counts);
        for (a, b) in &self.forbidden {
            if founders[*a as usize] == founders[*b as usize] {
                contested.push(founders[*a as usize]);
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

    /// Whom each value ties together, one of them, and what each touchpoint brings into its
    /// customer: itself, and the values that are counted with it.
    fn ties_and_counts(&self) -> (Vec<u32>, Vec<State>) {
        let store = &self.store;
        let mut counts = vec![State::ALONE; store.touchpoints.len()];
        let mut count = |value: &Value, touchpoint: u32| {
            let counts = &mut counts[touchpoint as usize];
            *counts = counts.with_value(value.kind());
        };
        let tie = |value: &Value| {
            let is_tie = value.mode() == Mode::Simple && value.anchor != NONE;
            if is_tie {
                count(value, value.anchor);
            }
            if is_tie { value.anchor } else { NONE }
        };
        let ties = store.values.iter().map(tie).collect();
        for (value, split) in &store.splits {
            for first in split.first_of_nodes().into_iter().filter(|first| *first != NONE) {
                count(&store.values[*value as usize], first);
            }
        }
        (ties, counts)
    }

    /// The founder of every touchpoint. `ties` become the least that was found of each value, so
    /// that the next is found in fewer steps.
    fn founders(&self, ties: &mut [u32]) -> Vec<u32> {
        let store = &self.store;
        let mut parent: Vec<u32> = (0..store.touchpoints.len() as u32).collect();
        let mut ends: Vec<(u32, u32)> = Vec::with_capacity(BLOCK);
        for block in store.evidence.chunks(BLOCK) {
            // In loops that do nothing else, whose cache misses overlap. Who is tied to nobody is
            // tied to himself.
            ends.clear();
            ends.extend(block.iter().map(|evidence| match evidence.touchpoint {
                NONE => (0, 0),
                touchpoint => match ties[evidence.value as usize] {
                    NONE => (touchpoint, touchpoint),
                    other => (other, touchpoint),
                },
            }));
            for (other, _) in &mut ends {
                *other = parent[*other as usize];
            }
            for (other, touchpoint) in &ends {
                link_least(&mut parent, *other, *touchpoint);
            }
            for (evidence, (other, _)) in block.iter().zip(&ends) {
                let tie = &mut ties[evidence.value as usize];
                *tie = if *tie == NONE { NONE } else { parent[*other as usize] };
            }
        }
        for split in store.splits.values() {
            let first = split.first_of_nodes();
            for slot in split.slots.iter().filter(|slot| slot.node != NONE) {
                link_least(&mut parent, first[slot.node as usize], slot.touchpoint);
            }
        }
        flatten(&mut parent);
        parent
    }

    /// Writes founders, rings and counts. The founders of the customers that break a cap are
    /// returned.
    fn write_all(&mut self, founders: &[u32], counts: &[State]) -> Vec<u32> {
        let touchpoints = &mut self.store.touchpoints;
        for (index, (founder, own)) in (0..).zip(founders.iter().copied().zip(counts)) {
            let (next, state) = if founder == index {
                (index, *own)
            } else {
                let of_founder = &mut touchpoints[founder as usize];
                of_founder.state = of_founder.state.sum(*own);
                (std::mem::replace(&mut of_founder.next, index), State::ALONE)
            };
            let evidence = touchpoints[index as usize].evidence;
            touchpoints[index as usize] = Touchpoint { founder, next, evidence, state };
        }
        let founders = (0..).zip(&self.store.touchpoints).filter(|(at, it)| it.founder == *at);
        founders.filter(|(_, founder)| self.is_over(founder.state)).map(|(at, _)| at).collect()
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
