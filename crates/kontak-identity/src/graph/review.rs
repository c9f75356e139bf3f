//! The review of a cluster: what are its components now, and which edges may each of them admit?

use super::cluster::Contest;
use super::record::{Mode, NONE, Span, State};
use super::{IdentityGraph, Reason};
use crate::identifier::IdentifierKind;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// One holder of one node of one value.
#[derive(Clone, Copy, Debug)]
struct Edge {
    value: u32,
    node: u32,
    /// Place among the members.
    member: u32,
    /// The best evidence of it.
    evidence: u32,
    first: u64,
    trust: u8,
}

/// Edges of one node: the holders that one value ties together.
struct Node {
    kind: IdentifierKind,
    edges: std::ops::Range<usize>,
}

/// What a touchpoint was a member of before, for the diff that becomes the changes.
pub(super) type Before = Vec<(u32, u32)>;
/// Edges whose withholding may change, each with why it was withheld before.
pub(super) type Held = BTreeMap<(u32, u32), Option<Reason>>;

impl IdentityGraph {
    /// Judges anew what this call touched, and reviews the clusters that it may have changed. Those
    /// that were contested before wait for the next read.
    pub(super) fn repair(&mut self) {
        let mut held = Held::new();
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

    /// In the order of the values, whatever marked them.
    pub(super) fn take_dirty_values(&mut self) -> Vec<u32> {
        let mut values = std::mem::take(&mut self.dirty_values);
        values.sort_unstable();
        values
    }

    pub(super) fn repair_value(&mut self, value: u32, held: &mut Held) {
        let mut touched: Vec<u32> = Vec::new();
        self.tied_holders(value, &mut touched);
        self.judge_and_log(value, held);
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

    /// Judges a value, and logs what became of it as a whole; its edges are logged when the
    /// clusters are reviewed.
    pub(super) fn judge_and_log(&mut self, value: u32, held: &mut Held) {
        self.note_held(value, held, Self::reason);
        let was_quarantined = self.is_quarantined(value);
        self.judge(value);
        self.note_held(value, held, Self::reason_of_review);
        self.log_quarantine(value, was_quarantined);
    }

    /// Keeps why the edges of a value that are withheld now were withheld before this call.
    fn note_held(
        &self,
        value: u32,
        held: &mut Held,
        before: fn(&Self, (u32, u32)) -> Option<Reason>,
    ) {
        let Some(split) = self.store.splits.get(&value) else { return };
        for slot in split.slots.iter().filter(|slot| Reason::of(slot.hold).is_some()) {
            let edge = (slot.touchpoint, value);
            held.entry(edge).or_insert_with(|| before(self, edge));
        }
    }

    /// Judges a value and keeps the verdict.
    pub(super) fn judge(&mut self, value: u32) {
        let verdict = super::split::judge(&self.store, &self.rules, value);
        let record = &mut self.store.values[value as usize];
        record.set_dirty(false);
        record.set_holders(verdict.holders);
        record.set_mode(verdict.mode);
        record.set_span(Span::new(verdict.start, verdict.end));
        match verdict.split {
            Some(split) => {
                self.store.splits.insert(value, split);
            }
            None => {
                self.store.splits.remove(&value);
            }
        }
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

    pub(crate) fn is_quarantined(&self, value: u32) -> bool {
        match self.store.values[value as usize].mode() {
            Mode::Quarantined => true,
            Mode::Split => self.store.splits.get(&value).is_some_and(|split| {
                split.slots.iter().any(|slot| slot.hold == super::Hold::Quarantined)
            }),
            Mode::Simple | Mode::Barred => false,
        }
    }

    /// Reviews every contest that is not up to date.
    pub(super) fn review_dirty(&mut self) {
        let dirty = std::mem::take(&mut self.dirty_contests);
        self.review(dirty, Held::new());
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
            held.entry(edge).or_insert_with(|| self.reason_of_value(edge).or(Some(*reason)));
        }
    }

    /// Forms the customers of a set of touchpoints that no edge leaves.
    pub(super) fn review_members(&mut self, members: &[u32], held: &mut Held) {
        for (place, member) in (0..).zip(members) {
            self.store.touchpoints[*member as usize].next = place;
        }
        let (edges, nodes) = self.edges(members);
        let mut parent: Vec<u32> = (0..members.len() as u32).collect();
        for node in &nodes {
            let run = &edges[node.edges.clone()];
            for edge in &run[1..] {
                link_least(&mut parent, run[0].member, edge.member);
            }
        }
        flatten(&mut parent);

        let mut state = vec![State::EMPTY; members.len()];
        for root in &parent {
            state[*root as usize] = state[*root as usize].sum(State::ALONE);
        }
        for node in &nodes {
            let root = parent[edges[node.edges.start].member as usize] as usize;
            state[root] = state[root].with_value(node.kind);
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
            let mut withheld =
                self.admit(members, &edges, &nodes, &pairs, &is_contested, &mut parent);
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
                held.entry((touchpoint, value))
                    .or_insert_with(|| self.reason_of_value((touchpoint, value)));
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

    /// All edges among the members, grouped by node.
    fn edges(&self, members: &[u32]) -> (Vec<Edge>, Vec<Node>) {
        let store = &self.store;
        let mut edges = Vec::with_capacity(members.len() * 2);
        for (place, member) in (0..).zip(members) {
            for (index, evidence) in store.of_touchpoint(*member) {
                let node = match store.values[evidence.value as usize].mode() {
                    Mode::Simple => 0,
                    Mode::Split => {
                        let slot =
                            store.splits.get(&evidence.value).and_then(|split| split.slot(*member));
                        slot.map_or(NONE, |slot| slot.node)
                    }
                    Mode::Quarantined | Mode::Barred => NONE,
                };
                if node != NONE {
                    let origin = store.facts.origin(index);
                    edges.push(Edge {
                        value: evidence.value,
                        node,
                        member: place,
                        evidence: index,
                        first: store.facts.first(index),
                        trust: self.rules.trust(origin.verification, origin.weaker),
                    });
                }
            }
        }
        edges.sort_unstable_by_key(|edge| (edge.value, edge.node, edge.member));
        edges.dedup_by(|other, kept| {
            let same =
                (other.value, other.node, other.member) == (kept.value, kept.node, kept.member);
            if same && self.rank(other, kept) == Ordering::Less {
                *kept = *other;
            }
            same
        });
        let mut nodes = Vec::new();
        let mut start = 0;
        for run in edges.chunk_by(|a, b| (a.value, a.node) == (b.value, b.node)) {
            let kind = store.values[run[0].value as usize].kind();
            nodes.push(Node { kind, edges: start..start + run.len() });
            start += run.len();
        }
        (edges, nodes)
    }

    fn rank(&self, a: &Edge, b: &Edge) -> Ordering {
        (a.trust, a.first).cmp(&(b.trust, b.first)).then_with(|| {
            self.store.evidence_id(a.evidence).cmp(&self.store.evidence_id(b.evidence))
        })
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

    /// Within contested clusters, admits edges in the order of rank, and withholds each that would
    /// break a cap or bring a forbidden pair together. `parent` becomes the customers; what is
    /// withheld is returned by place.
    fn admit(
        &self,
        members: &[u32],
        edges: &[Edge],
        nodes: &[Node],
        pairs: &[(u32, u32)],
        is_contested: &[bool],
        parent: &mut [u32],
    ) -> Vec<(u32, u32, Reason)> {
        // Members come first, nodes after them; the root carries the counts of its side.
        let mut forest: Vec<u32> = (0..(members.len() + nodes.len()) as u32).collect();
        let mut state = vec![State::ALONE; members.len()];
        state.extend(nodes.iter().map(|node| State::EMPTY.with_value(node.kind)));
        let mut withheld = Vec::new();
        let mut order: Vec<(u32, &Edge)> = Vec::new();
        for (place, node) in (members.len() as u32..).zip(nodes) {
            let run = &edges[node.edges.clone()];
            if is_contested[parent[run[0].member as usize] as usize] {
                order.extend(run.iter().map(|edge| (place, edge)));
            } else {
                for edge in run {
                    let (a, b) = (find(&mut forest, edge.member), find(&mut forest, place));
                    forest[a.max(b) as usize] = a.min(b);
                }
            }
        }
        self.sort_by_rank(&mut order);
        for (node, edge) in order {
            let (a, b) = (find(&mut forest, edge.member), find(&mut forest, node));
            if a == b {
                continue;
            }
            let sum = state[a as usize].sum(state[b as usize]);
            let reason = if self.is_over(sum) {
                let is_size = sum.size() > self.rules.policy.touchpoints_per_customer.into();
                Some(if is_size { Reason::OverTouchpoints } else { Reason::OverIdentifiers })
            } else {
                let meets = pairs.iter().any(|(x, y)| {
                    let (x, y) = (find(&mut forest, *x), find(&mut forest, *y));
                    (x, y) == (a, b) || (x, y) == (b, a)
                });
                meets.then_some(Reason::Forbidden)
            };
            match reason {
                Some(reason) => withheld.push((edge.member, edge.value, reason)),
                None => {
                    forest[a.max(b) as usize] = a.min(b);
                    state[a.min(b) as usize] = sum;
                }
            }
        }
        for place in 0..members.len() as u32 {
            parent[place as usize] = find(&mut forest, place);
        }
        withheld
    }

    /// Evidence ids are only made where trust and time leave a tie.
    fn sort_by_rank(&self, order: &mut [(u32, &Edge)]) {
        order.sort_unstable_by_key(|(_, edge)| (edge.trust, edge.first));
        for tie in order.chunk_by_mut(|(_, a), (_, b)| (a.trust, a.first) == (b.trust, b.first)) {
            if tie.len() > 1 {
                tie.sort_by_cached_key(|(_, edge)| self.store.evidence_id(edge.evidence));
            }
        }
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
    if a < b {
        parent[b as usize] = a;
    } else {
        parent[a as usize] = b;
    }
}

/// Points everyone at the root. A parent is never greater than its child, so one pass does.
pub(super) fn flatten(parent: &mut [u32]) {
    for place in 0..parent.len() {
        parent[place] = parent[parent[place] as usize];
    }
}
