//! One touchpoint lets go of one value: does its customer still hold together?

use super::IdentityGraph;
use super::moves::Held;
use super::record::{Mode, NONE, State};

/// How many touchpoints and values each of the two searches of an un-merge may see before the whole
/// cluster is formed anew.
const SEARCH_LIMIT: usize = 256;

impl IdentityGraph {
    /// The touchpoint no longer holds a value. Where the others are tied together as before, all
    /// that is left to see is whether its customer holds together; if not, nothing is done.
    pub(super) fn judge_without(
        &mut self,
        touchpoint: u32,
        value: u32,
        beside: Option<u32>,
    ) -> bool {
        let node = self.node_of(touchpoint, value);
        let Some((_, others)) = self.judge_beside(touchpoint, value) else { return false };
        let other = others.iter().copied().find(|other| self.node_of(*other, value) == node);
        let beside = beside.filter(|beside| self.node_of(*beside, value) == node);
        let mut held = Held::default();
        self.judge_and_log_each(&[value], &mut held);
        self.log_held(held);
        if node != NONE {
            self.detach(touchpoint, value, other, beside);
        }
        true
    }

    /// The touchpoint no longer holds a value that tied it to `other`, or to nobody. Splits its
    /// customer if that was what held it together: by two searches, one from each side, that take
    /// turns until they meet or one has seen all of its side. `beside` is such another, if one is
    /// known.
    pub(super) fn detach(
        &mut self,
        touchpoint: u32,
        value: u32,
        other: Option<u32>,
        beside: Option<u32>,
    ) {
        let record = self.store.touchpoints[touchpoint as usize];
        if let Some(contest) = record.state.contest() {
            self.mark_contest(contest);
            return;
        }
        let Some(other) = other else {
            let kind = self.store.values[value as usize].kind();
            let state = &mut self.store.touchpoints[record.founder as usize].state;
            *state = state.minus(State::EMPTY.with_value(kind));
            return;
        };
        if record.founder != touchpoint && record.evidence == NONE {
            self.leave(touchpoint, record.founder, beside.unwrap_or(record.founder));
            return;
        }
        let mut this = Search { touchpoints: vec![touchpoint], ..Search::default() };
        let mut that = Search::default();
        let node = (value, self.node_of(other, value));
        that.nodes.push(node);
        that.lists.push(self.holders_of(node));
        loop {
            match self.step(&mut this, &that) {
                Step::Goes => {}
                Step::Met => return,
                Step::TooMuch => {
                    self.review_cluster_of(None, touchpoint);
                    return;
                }
                Step::Done => {
                    self.split_off(record.founder, this);
                    return;
                }
            }
            // They take turns.
            std::mem::swap(&mut this, &mut that);
        }
    }

    /// Looks at one touchpoint, or at one holder of one value.
    fn step(&self, this: &mut Search, that: &Search) -> Step {
        let store = &self.store;
        if let Some(touchpoint) = this.touchpoints.get(this.done).copied() {
            this.done += 1;
            for (_, evidence) in store.of_touchpoint(touchpoint) {
                let node = self.node_of(touchpoint, evidence.value);
                let node = (evidence.value, node);
                if node.1 == NONE || this.nodes.contains(&node) {
                    continue;
                }
                if that.nodes.contains(&node) {
                    return Step::Met;
                }
                this.nodes.push(node);
                this.lists.push(self.holders_of(node));
            }
        } else {
            let Some(list) = this.lists.last_mut() else { return Step::Done };
            let Some(holder) = self.next_holder(list) else {
                this.lists.pop();
                return Step::Goes;
            };
            if that.touchpoints.contains(&holder) {
                return Step::Met;
            }
            if !this.touchpoints.contains(&holder) {
                this.touchpoints.push(holder);
            }
        }
        if this.touchpoints.len() + this.nodes.len() > SEARCH_LIMIT {
            Step::TooMuch
        } else {
            Step::Goes
        }
    }

    fn holders_of(&self, (value, node): (u32, u32)) -> List {
        let record = &self.store.values[value as usize];
        match record.mode() {
            Mode::Split => List::Slot(value, node, 0),
            _ => List::Evidence(record.evidence),
        }
    }

    fn next_holder(&self, list: &mut List) -> Option<u32> {
        match list {
            List::Evidence(NONE) => None,
            List::Evidence(at) => {
                let evidence = self.store.evidence[*at as usize];
                *at = evidence.next_of_value;
                Some(evidence.touchpoint)
            }
            List::Slot(value, node, at) => {
                let slots = self.store.splits.get(value)?.slots.get(*at..)?;
                let ahead = slots.iter().position(|slot| slot.node == *node)?;
                *at += ahead + 1;
                Some(slots[ahead].touchpoint)
            }
        }
    }

    /// A touchpoint that nothing ties to anybody leaves its customer. `near` is another member:
    /// who comes before it in the ring is most often not far from one with the same value.
    fn leave(&mut self, touchpoint: u32, founder: u32, near: u32) {
        let touchpoints = &mut self.store.touchpoints;
        let mut before = near;
        while touchpoints[before as usize].next != touchpoint {
            before = touchpoints[before as usize].next;
        }
        touchpoints[before as usize].next = touchpoints[touchpoint as usize].next;
        let left = &mut touchpoints[touchpoint as usize];
        (left.founder, left.next, left.state) = (touchpoint, touchpoint, State::ALONE);
        let rest = &mut touchpoints[founder as usize].state;
        *rest = rest.minus(State::ALONE);
        self.log.split(self.position, founder, touchpoint, std::iter::empty());
    }

    /// Takes one side out of its customer.
    fn split_off(&mut self, founder: u32, side: Search) {
        let Search { touchpoints: mut side, nodes, .. } = side;
        let whole = self.store.touchpoints[founder as usize].state;
        let mut part = side.iter().fold(State::EMPTY, |part, _| part.with_member());
        for (value, _) in nodes {
            part = part.with_value(self.store.values[value as usize].kind());
        }
        side.sort_unstable();
        let mut rest = Vec::with_capacity(whole.size() as usize);
        rest.extend(self.store.ring(founder).filter(|member| side.binary_search(member).is_err()));
        // The founder's side keeps its founder, and most of its ring.
        let (kept, kept_state, mut left, left_state) = if side[0] == founder {
            (side, part, rest, whole.minus(part))
        } else {
            (rest, whole.minus(part), side, part)
        };
        left.sort_unstable();
        self.link_ring(&kept);
        self.store.touchpoints[founder as usize].state = kept_state;
        self.link_ring(&left);
        for member in &left {
            self.store.touchpoints[*member as usize].founder = left[0];
        }
        self.store.touchpoints[left[0] as usize].state = left_state;
        self.log.split(self.position, founder, left[0], left[1..].iter().copied());
    }

    fn link_ring(&mut self, members: &[u32]) {
        let after = members.iter().cycle().skip(1);
        for (member, next) in members.iter().zip(after) {
            self.store.touchpoints[*member as usize].next = *next;
        }
    }
}

/// One side of an un-merge: what it has seen, and what it has yet to look at.
#[derive(Default)]
struct Search {
    touchpoints: Vec<u32>,
    /// How many of the touchpoints it has looked at.
    done: usize,
    /// Values, each with the number of a group of holders that it ties together.
    nodes: Vec<(u32, u32)>,
    /// Holders of the nodes that it has yet to see.
    lists: Vec<List>,
}

enum List {
    /// From this piece of evidence on.
    Evidence(u32),
    /// The slots of a value with this node, from a place on.
    Slot(u32, u32, usize),
}

enum Step {
    Goes,
    Met,
    Done,
    TooMuch,
}
