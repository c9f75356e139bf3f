//! Clusters: joining two, and setting aside those that need a review.
//!
//! A cluster is a component of all live evidence that is not quarantined. As long as it breaks no
//! cap and holds no forbidden pair, it *is* one customer and order plays no part. One that does
//! becomes a [`Contest`]: its members keep their customers until it is reviewed.

use super::record::State;
use super::{IdentityGraph, Reason};

/// A cluster under review.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contest {
    /// All touchpoints of the cluster, or of several that may be one.
    pub(crate) members: Vec<u32>,
    /// What the last review withheld: touchpoint, value, why; in that order.
    pub(crate) withheld: Vec<(u32, u32, Reason)>,
    pub(super) dirty: bool,
    /// It waits for the next read; otherwise it is reviewed before the call ends.
    pub(super) lazy: bool,
}

impl IdentityGraph {
    /// Ties two touchpoints together. At most the smaller side's members are walked, and the walk
    /// is bounded by the cap on touchpoints.
    pub(super) fn join(&mut self, a: u32, b: u32) {
        let touchpoints = &self.store.touchpoints;
        let (a, b) = (touchpoints[a as usize], touchpoints[b as usize]);
        let (contest_a, contest_b) = (a.state.contest(), b.state.contest());
        if contest_a.is_some() || contest_b.is_some() {
            let contest = self.absorb(contest_a, b.founder);
            let contest = self.absorb(Some(contest), a.founder);
            self.mark_contest(contest);
            return;
        }
        if a.founder == b.founder {
            return;
        }
        let (winner, loser) = (a.founder.min(b.founder), a.founder.max(b.founder));
        let of_loser = touchpoints[loser as usize].state;
        let state = touchpoints[winner as usize].state.sum(of_loser);
        if self.is_over(state) || self.holds_forbidden(winner, loser) {
            let contest = self.absorb(None, winner);
            let contest = self.absorb(Some(contest), loser);
            self.contests_mut(contest).lazy = true;
            self.mark_contest(contest);
            return;
        }
        let touchpoints = &mut self.store.touchpoints;
        let mut member = loser;
        loop {
            let record = &mut touchpoints[member as usize];
            record.founder = winner;
            member = record.next;
            if member == loser {
                break;
            }
        }
        let after = touchpoints[winner as usize].next;
        let last = std::mem::replace(&mut touchpoints[loser as usize].next, after);
        touchpoints[winner as usize].next = last;
        touchpoints[winner as usize].state = state;
        if loser >= self.logged && of_loser.size() == 1 {
            while self.logged < loser {
                self.log.founded(self.position, self.logged);
                self.logged += 1;
            }
            self.log.joined(self.position, loser, winner);
            self.logged = loser + 1;
        } else {
            self.log.merged(self.position, loser, winner);
        }
    }

    /// Sets an uncontested cluster aside, because it came to break a cap.
    pub(super) fn contest(&mut self, member: u32) {
        let contest = self.absorb(None, member);
        self.contests_mut(contest).lazy = true;
        self.mark_contest(contest);
    }

    /// Puts the whole cluster of `member` under the review `contest`, or under its own, or a new
    /// one. Its customers stay what they are until then.
    pub(super) fn absorb(&mut self, contest: Option<u32>, member: u32) -> u32 {
        let own = self.store.touchpoints[member as usize].state.contest();
        let (keep, moved) = match (contest, own) {
            (Some(a), Some(b)) if a == b => return a,
            (Some(a), Some(b)) => {
                let (a_len, b_len) =
                    (self.contests_mut(a).members.len(), self.contests_mut(b).members.len());
                let (keep, gone) = if a_len >= b_len { (a, b) } else { (b, a) };
                let gone = self.remove_contest(gone);
                let kept = self.contests_mut(keep);
                kept.lazy |= gone.lazy;
                kept.withheld.extend(gone.withheld);
                kept.withheld.sort_unstable();
                (keep, gone.members)
            }
            (None, Some(b)) => return b,
            (contest, None) => {
                let founder = self.store.touchpoints[member as usize].founder;
                let ring: Vec<u32> = self.store.ring(founder).collect();
                (contest.unwrap_or_else(|| self.add_contest(Contest::default())), ring)
            }
        };
        for touchpoint in &moved {
            self.store.touchpoints[*touchpoint as usize].state = State::contested(keep);
        }
        self.contests_mut(keep).members.extend(moved);
        keep
    }

    pub(super) fn mark_contest(&mut self, contest: u32) {
        let record = self.contests[contest as usize].get_or_insert_default();
        if !std::mem::replace(&mut record.dirty, true) {
            let list = if record.lazy { &mut self.dirty_contests } else { &mut self.reviews };
            list.push(contest);
        }
    }

    pub(super) fn add_contest(&mut self, contest: Contest) -> u32 {
        if let Some(free) = self.free_contests.pop() {
            self.contests[free as usize] = Some(contest);
            return free;
        }
        self.contests.push(Some(contest));
        self.contests.len() as u32 - 1
    }

    pub(super) fn remove_contest(&mut self, contest: u32) -> Contest {
        self.free_contests.push(contest);
        self.contests[contest as usize].take().unwrap_or_default()
    }

    pub(super) fn contests_mut(&mut self, contest: u32) -> &mut Contest {
        self.contests[contest as usize].get_or_insert_default()
    }

    /// Whether joining two customers would bring a forbidden pair together.
    fn holds_forbidden(&self, a: u32, b: u32) -> bool {
        if self.forbidden.is_empty() {
            return false;
        }
        self.store.ring(b).any(|member| {
            let pairs = self.forbidden.range((member, 0)..=(member, u32::MAX));
            pairs.into_iter().any(|(_, other)| self.store.touchpoints[*other as usize].founder == a)
        })
    }
}
