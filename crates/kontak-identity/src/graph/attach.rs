//! One touchpoint takes hold of one value: are the other holders tied together as before?

use super::IdentityGraph;
use super::batch::Piece;
use super::moves::Held;
use super::observe::Outcome;
use super::record::{NONE, State};
use super::split::Verdict;

impl IdentityGraph {
    /// Ends a call of one assertion. Where it gave its touchpoint a value that must be judged anew,
    /// and nobody else is tied to others by that, only the newcomer is looked at.
    pub(super) fn finish_one(&mut self, piece: &Piece, outcome: Outcome) {
        let Piece { touchpoint, value, .. } = *piece;
        if outcome == Outcome::Recorded
            && self.dirty_values == [value]
            && self.reviews.is_empty()
            && self.judge_with(touchpoint, value)
        {
            self.dirty_values.clear();
        }
        self.finish_call();
    }

    /// False, and nothing is done, where clusters must be reviewed.
    fn judge_with(&mut self, touchpoint: u32, value: u32) -> bool {
        let held_before = self.store.of_touchpoint(touchpoint).skip(1);
        if held_before.into_iter().any(|(_, evidence)| evidence.value == value) {
            return false;
        }
        let Some((verdict, others)) = self.judge_beside(touchpoint, value) else { return false };
        let node = verdict.node_of(touchpoint);
        let other = others.iter().copied().find(|other| verdict.node_of(*other) == node);
        let kind = self.store.values[value as usize].kind();
        if node != NONE && !self.may_join(touchpoint, other, State::EMPTY.with_value(kind)) {
            return false;
        }
        let mut held = Held::default();
        self.judge_and_log_each(&[value], &mut held);
        self.log_held(held);
        match other {
            _ if node == NONE => {}
            Some(other) => self.join(touchpoint, other),
            None => self.count_value(touchpoint, kind),
        }
        true
    }

    /// The verdict on a value, and its holders without this one, where it ties those together as
    /// the last verdict did and none of them is contested.
    pub(super) fn judge_beside(&self, touchpoint: u32, value: u32) -> Option<(Verdict, Vec<u32>)> {
        let evidence: Vec<u32> = self.store.of_value(value).map(|(index, _)| index).collect();
        let holder = |index: &u32| self.store.evidence[*index as usize].touchpoint;
        let mut others: Vec<u32> = evidence.iter().map(holder).collect();
        others.sort_unstable();
        others.dedup();
        others.retain(|other| *other != touchpoint);
        let is_contested =
            |holder: &u32| self.store.touchpoints[*holder as usize].state.contest().is_some();
        // A contested cluster waits for the next read, and so does what may change with it.
        if is_contested(&touchpoint) || others.iter().any(is_contested) {
            return None;
        }
        let verdict = super::split::judge(&self.store, &self.rules, value, &evidence);
        let nodes = |other: &u32| (self.node_of(*other, value), verdict.node_of(*other));
        are_same_groups(others.iter().map(nodes).collect()).then_some((verdict, others))
    }

    /// Whether two customers can become one, or one gain a value, without a review.
    fn may_join(&self, touchpoint: u32, other: Option<u32>, alone: State) -> bool {
        let record = |touchpoint: u32| self.store.touchpoints[touchpoint as usize];
        let (this, that) = (record(touchpoint), other.map(record));
        let is_contested = this.state.contest().is_some()
            || that.is_some_and(|that| that.state.contest().is_some());
        let gain = match that {
            Some(that) if that.founder == this.founder => State::EMPTY,
            Some(that) => record(that.founder).state,
            None => alone,
        };
        !is_contested
            && self.forbidden.is_empty()
            && !self.is_over(record(this.founder).state.sum(gain))
    }
}

/// Whether two groupings of the same holders are one. [`NONE`] groups nobody.
fn are_same_groups(mut nodes: Vec<(u32, u32)>) -> bool {
    nodes.sort_unstable();
    nodes.dedup();
    let firsts = nodes.windows(2).all(|pair| pair[0].0 != pair[1].0);
    nodes.sort_unstable_by_key(|(_, after)| *after);
    let seconds = nodes.windows(2).all(|pair| pair[0].1 != pair[1].1);
    firsts && seconds && nodes.iter().all(|(a, b)| (*a == NONE) == (*b == NONE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_the_same_under_other_numbers() {
        let same = |pairs: &[(u32, u32)]| are_same_groups(pairs.to_vec());
        assert!(same(&[]));
        assert!(same(&[(0, 1), (1, 0), (0, 1), (NONE, NONE)]));
        assert!(!same(&[(0, 0), (0, 1)]));
        assert!(!same(&[(0, 0), (1, 0)]));
        assert!(!same(&[(0, NONE), (1, 0)]));
        assert!(!same(&[(NONE, 2)]));
    }
}
