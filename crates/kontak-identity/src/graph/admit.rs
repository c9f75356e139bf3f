//! Which edges may each customer of a contested cluster admit? In the order of rank.

use super::record::{Mode, NONE, State};
use super::review::{find, link_least};
use super::{IdentityGraph, Reason};
use crate::identifier::IdentifierKind;
use std::cmp::Ordering;
use std::hint::black_box;

/// One holder of one node of one value.
#[derive(Clone, Copy, Debug)]
struct Edge {
    value: u32,
    node: u32,
    /// Place among the members.
    member: u32,
    /// The best evidence of it.
    evidence: u32,
    /// By trust, then by first sighting.
    rank: u64,
}

/// The holders that one value ties together.
struct Node {
    kind: IdentifierKind,
    edges: std::ops::Range<usize>,
}

/// The edges among a set of touchpoints that none leaves, grouped by node.
pub(super) struct Edges {
    edges: Vec<Edge>,
    nodes: Vec<Node>,
}

/// How many members are looked ahead.
const BLOCK: usize = 64;

impl Edges {
    /// Whom the edges tie together: the founder of each member, by place.
    pub(super) fn components(&self, members: usize) -> Vec<u32> {
        let mut parent: Vec<u32> = (0..members as u32).collect();
        for node in &self.nodes {
            let run = &self.edges[node.edges.clone()];
            for edge in &run[1..] {
                link_least(&mut parent, run[0].member, edge.member);
            }
        }
        super::review::flatten(&mut parent);
        parent
    }

    /// A member of each node, and its kind.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (u32, IdentifierKind)> {
        self.nodes.iter().map(|node| (self.edges[node.edges.start].member, node.kind))
    }
}

impl IdentityGraph {
    /// All edges among the members.
    pub(super) fn edges(&self, members: &[u32]) -> Edges {
        let store = &self.store;
        let mut edges: Vec<Edge> = Vec::with_capacity(members.len() * 2);
        let mut rows: Vec<(u32, u32)> = Vec::with_capacity(BLOCK);
        for (block, members) in (0..).step_by(BLOCK).zip(members.chunks(BLOCK)) {
            // The lists of a block are followed together, so that their cache misses overlap.
            let newest = members.iter().map(|member| store.touchpoints[*member as usize].evidence);
            rows.extend((block..).zip(newest).filter(|(_, index)| *index != NONE));
            while !rows.is_empty() {
                store.facts.touch(rows.iter().map(|(_, index)| index));
                black_box(rows.iter().fold(0, |read, (_, index)| {
                    let value = store.evidence[*index as usize].value;
                    read ^ store.values[value as usize].anchor
                }));
                rows.retain_mut(|(place, index)| {
                    let evidence = store.evidence[*index as usize];
                    let node = self.node_of(evidence.touchpoint, evidence.value);
                    if node != NONE {
                        edges.push(Edge {
                            value: evidence.value,
                            node,
                            member: *place,
                            evidence: *index,
                            rank: self.rank(*index),
                        });
                    }
                    *index = evidence.next_of_touchpoint;
                    *index != NONE
                });
            }
        }
        let place = |edge: &Edge| {
            u128::from(edge.value) << 64 | u128::from(edge.node) << 32 | u128::from(edge.member)
        };
        edges.sort_unstable_by_key(place);
        edges.dedup_by(|other, kept| {
            let same = place(other) == place(kept);
            if same && self.precedes(other, kept) {
                *kept = *other;
            }
            same
        });
        let mut nodes = Vec::with_capacity(edges.len() / 2);
        let mut start = 0;
        for run in edges.chunk_by(|a, b| (a.value, a.node) == (b.value, b.node)) {
            let kind = store.values[run[0].value as usize].kind();
            nodes.push(Node { kind, edges: start..start + run.len() });
            start += run.len();
        }
        Edges { edges, nodes }
    }

    /// With whom a value ties a holder together: those with the same node. [`NONE`]: with nobody.
    pub(super) fn node_of(&self, touchpoint: u32, value: u32) -> u32 {
        match self.store.values[value as usize].mode() {
            Mode::Simple => 0,
            Mode::Split => {
                let slot = self.store.splits.get(&value).and_then(|split| split.slot(touchpoint));
                slot.map_or(NONE, |slot| slot.node)
            }
            Mode::Quarantined | Mode::Barred => NONE,
        }
    }

    fn rank(&self, evidence: u32) -> u64 {
        const TIME: u32 = super::fact::TIME_END.trailing_zeros();
        let origin = self.store.facts.origin(evidence);
        let trust = self.rules.trust(origin.verification, origin.weaker);
        u64::from(trust) << TIME | self.store.facts.first(evidence)
    }

    fn precedes(&self, a: &Edge, b: &Edge) -> bool {
        let ids = || {
            let id = |edge: &Edge| self.store.evidence_id(edge.evidence);
            id(a).cmp(&id(b))
        };
        a.rank.cmp(&b.rank).then_with(ids) == Ordering::Less
    }

    /// Within contested clusters, admits edges in the order of rank, and withholds each that would
    /// break a cap or bring a forbidden pair together. `parent` becomes the customers; what is
    /// withheld is returned by place.
    pub(super) fn admit(
        &self,
        edges: &Edges,
        pairs: &[(u32, u32)],
        is_contested: &[bool],
        parent: &mut [u32],
    ) -> Vec<(u32, u32, Reason)> {
        let Edges { edges, nodes } = edges;
        let members = parent.len() as u32;
        // Members come first, nodes after them; the root carries the counts of its side.
        let mut forest: Vec<u32> = (0..members + nodes.len() as u32).collect();
        let mut state = vec![State::ALONE; parent.len()];
        state.extend(nodes.iter().map(|node| State::EMPTY.with_value(node.kind)));
        let mut withheld = Vec::new();
        let mut order: Vec<(u64, u32, &Edge)> = Vec::with_capacity(edges.len());
        for (place, node) in (members..).zip(nodes) {
            let run = &edges[node.edges.clone()];
            if is_contested[parent[run[0].member as usize] as usize] {
                order.extend(run.iter().map(|edge| (edge.rank, place, edge)));
            } else {
                for edge in run {
                    link_least(&mut forest, edge.member, place);
                }
            }
        }
        order.sort_unstable_by_key(|(rank, ..)| *rank);
        let mut roots = Vec::new();
        for tie in order.chunk_by_mut(|(a, ..), (b, ..)| a == b) {
            if tie.len() > 1 {
                // Where all of them fit, or none does, there is no need to know which is first.
                roots.clear();
                for (_, node, edge) in &*tie {
                    roots.extend([find(&mut forest, edge.member), find(&mut forest, *node)]);
                }
                let fits = roots.chunks(2).any(|pair| {
                    let [a, b] = [pair[0], pair[1]].map(|root| state[root as usize]);
                    pair[0] != pair[1] && !self.is_over(a.sum(b))
                });
                roots.sort_unstable();
                roots.dedup();
                let together = roots.iter().map(|root| state[*root as usize]);
                let all_fit = || !self.is_over(together.fold(State::EMPTY, State::sum));
                if !pairs.is_empty() || fits && !all_fit() {
                    tie.sort_by_cached_key(|(.., edge)| self.store.evidence_id(edge.evidence));
                }
            }
            for (_, node, edge) in tie {
                let (a, b) = (find(&mut forest, edge.member), find(&mut forest, *node));
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
        }
        for place in 0..members {
            parent[place as usize] = find(&mut forest, place);
        }
        withheld
    }
}
