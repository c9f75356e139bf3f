//! One touchpoint lets go of one value: does its customer still hold together?

use super::IdentityGraph;
use super::record::{Mode, NONE, State};

/// How many touchpoints and values each of the two searches of an un-merge may see before the whole
/// cluster is formed anew.
const SEARCH_LIMIT: usize = 256;

impl IdentityGraph {
    /// The touchpoint no longer holds a simple value. Splits its customer if that was what held it
    /// together: by two searches, one from each side, that take turns until they meet or one has
    /// seen all of its side.
    pub(super) fn detach(&mut self, touchpoint: u32, value: u32) {
        let record = self.store.touchpoints[touchpoint as usize];
        if let Some(contest) = record.state.contest() {
            self.mark_contest(contest);
            return;
        }
        let rest = self.store.values[value as usize];
        if rest.evidence == NONE {
            let state = &mut self.store.touchpoints[record.founder as usize].state;
            *state = state.minus(State::EMPTY.with_value(rest.kind()));
            return;
        }
        let mut this = Search { touchpoints: vec![touchpoint], ..Search::default() };
        let mut that = Search::default();
        that.nodes.push((value, 0));
        that.lists.push(List::Evidence(rest.evidence));
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
                this.lists.push(match store.values[node.0 as usize].mode() {
                    Mode::Split => List::Slot(node.0, node.1, 0),
                    _ => List::Evidence(store.values[node.0 as usize].evidence),
                });
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
