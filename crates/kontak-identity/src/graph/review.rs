//! The review of a cluster: what are its components now, and what are their customers?

use super::cluster::Contest;
use super::moves::{Before, Held};
use super::record::{Mode, NONE, State};
use super::{IdentityGraph, Reason};

impl IdentityGraph {
    /// Judges anew what this call touched, and reviews the clusters that it may have changed. Those
    /// that were contested before wait for the next read.
    pub(super) fn repair(&mut self) {
        let mut held = Held::default();
        for value in self.take_dirty_values() {
            self.repair_value(value, &mut held);
        }
        let mut at_once = std::mem::take(&mut self.reviews);
        at_once.retain(|contest| {
            let is_lazy =
                self.contests[*contest as usize].as_ref().is_some_and(|contest| contest.lazy);
            if is_lazy {
                self.dirty_contests.push(*contest);
            }
            !is_lazy
        });
        self.review(at_once, held);
    }

    pub(super) fn repair_value(&mut self, value: u32, held: &mut Held) {
        let mut touched: Vec<u32> = Vec::new();
        self.tied_holders(value, &mut touched);
        self.judge_and_log_each(&[value], held);
        self.tied_holders(value, &mut touched);
        let mut contest = None;
        for touchpoint in touched {
            contest = Some(self.review_cluster_of(contest, touchpoint));
        }
    }

    /// Sets the cluster of a touchpoint aside for a review, with those under `contest`.
    pub(super) fn review_cluster_of(&mut self, contest: Option<u32>, touchpoint: u32) -> u32 {
        let contest = self.absorb(contest, touchpoint);
        self.mark_contest(contest);
        contest
    }

    /// The holders that the value ties to somebody, by the last verdict.
    fn tied_holders(&self, value: u32, into: &mut Vec<u32>) {
        match self.store.values[value as usize].mode() {
            Mode::Simple => {
                into.extend(self.store.of_value(value).map(|(_, evidence)| evidence.touchpoint));
            }
            Mode::Split => {
                let slots = self.store.splits.get(&value).map_or(&[][..], |split| &split.slots);
                into.extend(
                    slots.iter().filter(|slot| slot.node != NONE).map(|slot| slot.touchpoint),
                );
            }
            Mode::Quarantined | Mode::Barred => {}
        }
    }

    /// Reviews every contest that is not up to date.
    pub(super) fn review_dirty(&mut self) {
        let dirty = std::mem::take(&mut self.dirty_contests);
        self.review(dirty, Held::default());
    }

    fn review(&mut self, contests: Vec<u32>, mut held: Held) {
        let mut before = Before::new();
        for contest in contests {
            if self.contests[contest as usize].as_ref().is_none_or(|contest| !contest.dirty) {
                continue;
            }
            let Contest { mut members, withheld, .. } = self.remove_contest(contest);
            members.sort_unstable();
            before.extend(
                members
                    .iter()
                    .map(|member| (*member, self.store.touchpoints[*member as usize].founder)),
            );
            self.note_withheld(&withheld, &mut held);
            self.review_members(&members, &mut held);
        }
        self.log_held(held);
        self.log_moves(before, None);
    }

    /// Keeps what the last review withheld. An edge that its value withheld besides was noted when
    /// that changed, or still is.
    pub(super) fn note_withheld(&self, withheld: &[(u32, u32, Reason)], held: &mut Held) {
        for (touchpoint, value, reason) in withheld {
            let edge = (*touchpoint, *value);
            held.note(edge, self.reason_of_value(edge).or(Some(*reason)));
        }
    }

    /// Forms the customers of a set of touchpoints that no edge leaves.
    pub(super) fn review_members(&mut self, members: &[u32], held: &mut Held) {
        let edges = self.edges(members);
        let mut parent = edges.components(members.len());
        let mut state = vec![State::EMPTY; members.len()];
        for root in &parent {
            state[*root as usize] = state[*root as usize].with_member();
        }
        for (member, kind) in edges.nodes() {
            let root = &mut state[parent[member as usize] as usize];
            *root = root.with_value(kind);
        }
        let pairs = self.forbidden_among(members);
        let is_contested: Vec<bool> = (0..members.len())
            .map(|root| {
                parent[root] as usize == root
                    && (self.is_over(state[root])
                        || pairs.iter().any(|(a, b)| {
                            parent[*a as usize] as usize == root
                                && parent[*b as usize] as usize == root
                        }))
            })
            .collect();

        if is_contested.contains(&true) {
            let clusters = parent.clone();
            let mut withheld = self.admit(&edges, &pairs, &is_contested, &mut parent);
            let mut contest_of = vec![NONE; members.len()];
            for (place, member) in members.iter().enumerate() {
                let root = clusters[place] as usize;
                if is_contested[root] {
                    if contest_of[root] == NONE {
                        contest_of[root] =
                            self.add_contest(Contest { lazy: true, ..Contest::default() });
                    }
                    self.contests_mut(contest_of[root]).members.push(*member);
                    self.store.touchpoints[*member as usize].state =
                        State::contested(contest_of[root]);
                }
            }
            withheld.sort_unstable();
            for (place, value, reason) in withheld {
                let touchpoint = members[place as usize];
                let contest = contest_of[clusters[place as usize] as usize];
                self.contests_mut(contest).withheld.push((touchpoint, value, reason));
                held.note((touchpoint, value), self.reason_of_value((touchpoint, value)));
            }
            self.write(members, &parent, |place| {
                let root = clusters[place] as usize;
                (!is_contested[root]).then(|| state[root])
            });
        } else {
            self.write(members, &parent, |place| Some(state[place]));
        }
    }

    /// Writes founders and rings. `state` gives what a founder keeps, or nothing where it has been
    /// written already.
    fn write(&mut self, members: &[u32], parent: &[u32], state: impl Fn(usize) -> Option<State>) {
        let touchpoints = &mut self.store.touchpoints;
        for (place, member) in members.iter().enumerate() {
            let root = parent[place] as usize;
            let founder = members[root];
            if root == place {
                let record = &mut touchpoints[*member as usize];
                record.founder = founder;
                record.next = founder;
                if let Some(state) = state(place) {
                    record.state = state;
                }
            } else {
                let next = std::mem::replace(&mut touchpoints[founder as usize].next, *member);
                let record = &mut touchpoints[*member as usize];
                record.founder = founder;
                record.next = next;
                if state(place).is_some() {
                    record.state = State::ALONE;
                }
            }
        }
    }

    /// Pairs of places that must not be linked.
    fn forbidden_among(&self, members: &[u32]) -> Vec<(u32, u32)> {
        if self.forbidden.is_empty() {
            return Vec::new();
        }
        let place =
            |touchpoint: &u32| members.binary_search(touchpoint).ok().map(|place| place as u32);
        let of_member =
            |member: &u32| self.forbidden.range((*member, *member)..=(*member, u32::MAX));
        members
            .iter()
            .flat_map(of_member)
            .filter_map(|(a, b)| Some((place(a)?, place(b)?)))
            .collect()
    }
}

/// Follows parents to the least place, halving the path.
pub(super) fn find(parent: &mut [u32], mut place: u32) -> u32 {
    while parent[place as usize] != place {
        let above = parent[parent[place as usize] as usize];
        parent[place as usize] = above;
        place = above;
    }
    place
}

/// Unites two sets; the lesser root stays, so that a root is always its founder.
pub(super) fn link_least(parent: &mut [u32], a: u32, b: u32) {
    let (a, b) = (find(parent, a), find(parent, b));
    parent[a.max(b) as usize] = a.min(b);
}

/// Points everyone at the root. A parent is never greater than its child, so one pass does.
pub(super) fn flatten(parent: &mut [u32]) {
    for place in 0..parent.len() {
        parent[place] = parent[parent[place] as usize];
    }
}
