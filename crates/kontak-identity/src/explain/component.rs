use crate::graph::{Hold, Mode, NONE};
use crate::handle::{IdentifierHandle, TouchpointHandle};
use crate::tenant_key::EvidenceId;
use crate::view::{Customer, View};
use petgraph::algo::articulation_points::articulation_points;
use petgraph::algo::{astar, bridges, min_spanning_tree};
use petgraph::data::Element;
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::unionfind::UnionFind;
use petgraph::visit::{EdgeFiltered, EdgeRef};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A node of a customer's graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Node {
    /// An account.
    Touchpoint(TouchpointHandle),
    /// A value, in one of its tenancies.
    Identifier(IdentifierHandle),
}

/// An edge of a customer's graph: the best evidence that the account used the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Link {
    /// The account.
    pub touchpoint: TouchpointHandle,
    /// The value.
    pub identifier: IdentifierHandle,
    /// The evidence.
    pub evidence: EvidenceId,
    /// Its place in the order of rank among the edges of this customer; 0 is the strongest.
    pub rank: u32,
}

/// One customer as a graph of accounts and values, built when it is asked for.
///
/// It holds the admitted edges: what ties the customer together. Complexity of building:
/// O(edges · log edges).
#[derive(Clone, Debug)]
pub struct Component {
    graph: UnGraph<Node, Link>,
    touchpoints: BTreeMap<TouchpointHandle, NodeIndex>,
}

impl Component {
    pub(crate) fn of(customer: Customer<'_>) -> Self {
        let engine = customer.graph;
        let store = &engine.store;
        let members = customer.members();
        let mut edges: Vec<(u8, u64, u32, u32, u32, u32)> = Vec::new();
        for member in &members {
            for (index, evidence) in store.of_touchpoint(member.0) {
                if engine.reason_of_review((member.0, evidence.value)).is_some() {
                    continue;
                }
                let node = match store.values[evidence.value as usize].mode() {
                    Mode::Simple => 0,
                    Mode::Split => store
                        .splits
                        .get(&evidence.value)
                        .and_then(|split| split.slot(member.0))
                        .filter(|slot| slot.hold != Hold::Quarantined)
                        .map_or(NONE, |slot| slot.node),
                    Mode::Quarantined | Mode::Barred => NONE,
                };
                if node != NONE {
                    let origin = store.facts.origin(index);
                    let trust = engine.rules.trust(origin.verification, origin.weaker);
                    edges.push((
                        trust,
                        store.facts.first(index),
                        index,
                        member.0,
                        evidence.value,
                        node,
                    ));
                }
            }
        }
        edges.sort_by_cached_key(|(trust, first, index, ..)| {
            (*trust, *first, store.evidence_id(*index))
        });

        let mut graph: UnGraph<Node, Link> = UnGraph::default();
        let touchpoints: BTreeMap<TouchpointHandle, NodeIndex> = members
            .iter()
            .map(|member| (*member, graph.add_node(Node::Touchpoint(*member))))
            .collect();
        let mut values: BTreeMap<(u32, u32), NodeIndex> = BTreeMap::new();
        for (rank, (_, _, index, member, value, node)) in (0..).zip(edges) {
            let identifier = IdentifierHandle(value);
            let value = *values
                .entry((value, node))
                .or_insert_with(|| graph.add_node(Node::Identifier(identifier)));
            let touchpoint = TouchpointHandle(member);
            if graph.find_edge(touchpoints[&touchpoint], value).is_none() {
                let link =
                    Link { touchpoint, identifier, evidence: store.evidence_id(index), rank };
                graph.add_edge(touchpoints[&touchpoint], value, link);
            }
        }
        Self { graph, touchpoints }
    }

    /// The graph itself, for any other question.
    #[must_use]
    pub fn graph(&self) -> &UnGraph<Node, Link> {
        &self.graph
    }

    /// The links that lead from one account to another: of all paths, one whose weakest link is
    /// strongest, and of those a shortest. Empty for an account and itself; `None` where one of the
    /// two is not of this customer.
    #[must_use]
    pub fn path(&self, a: TouchpointHandle, b: TouchpointHandle) -> Option<Vec<Link>> {
        let (start, goal) = (*self.touchpoints.get(&a)?, *self.touchpoints.get(&b)?);
        let weakest = self.weakest_rank(start, goal)?;
        let strong = EdgeFiltered::from_fn(&self.graph, |edge| edge.weight().rank <= weakest);
        let (_, nodes) = astar(&strong, start, |node| node == goal, |_| 1_u32, |_| 0)?;
        nodes
            .windows(2)
            .map(|pair| self.graph.find_edge(pair[0], pair[1]).map(|edge| self.graph[edge]))
            .collect()
    }

    /// The link of [`path`](Self::path) that is weakest: without it, and without all that is
    /// weaker, the two are not tied.
    #[must_use]
    pub fn weakest_link(&self, a: TouchpointHandle, b: TouchpointHandle) -> Option<Link> {
        self.path(a, b)?.into_iter().max_by_key(|link| link.rank)
    }

    fn weakest_rank(&self, start: NodeIndex, goal: NodeIndex) -> Option<u32> {
        if start == goal {
            return Some(0);
        }
        let mut sets = UnionFind::<usize>::new(self.graph.node_count());
        // Ranks only: the tree comes out strongest edge first.
        let ranks = self.graph.map(|_, _| (), |_, link| link.rank);
        for element in min_spanning_tree(&ranks) {
            if let Element::Edge { source, target, weight } = element {
                sets.union(source, target);
                if sets.equiv(start.index(), goal.index()) {
                    return Some(weight);
                }
            }
        }
        None
    }

    /// The links without which the customer would be two, strongest first. A link that only its
    /// own value hangs on is none.
    #[must_use]
    pub fn bridges(&self) -> Vec<Link> {
        let joins = |node: NodeIndex| {
            matches!(self.graph[node], Node::Touchpoint(_))
                || self.graph.neighbors(node).count() > 1
        };
        let mut links: Vec<Link> = bridges(&self.graph)
            .filter(|edge| joins(edge.source()) && joins(edge.target()))
            .map(|edge| *edge.weight())
            .collect();
        links.sort_unstable_by_key(|link| link.rank);
        links
    }

    /// The accounts and values without which the customer would be several.
    #[must_use]
    pub fn articulation_points(&self) -> Vec<Node> {
        let mut nodes: Vec<Node> = articulation_points(&self.graph)
            .into_iter()
            .filter(|node| self.leaves_several(*node))
            .map(|node| self.graph[node])
            .collect();
        nodes.sort_unstable();
        nodes
    }

    /// Whether more than one part with an account is left when a node is taken out.
    fn leaves_several(&self, node: NodeIndex) -> bool {
        let parts = self.graph.neighbors(node).filter(|neighbour| {
            matches!(self.graph[*neighbour], Node::Touchpoint(_))
                || self.graph.neighbors(*neighbour).count() > 1
        });
        parts.count() > 1
    }
}

impl View<'_> {
    /// The customer of a touchpoint as a graph.
    #[must_use]
    pub fn component(self, touchpoint: TouchpointHandle) -> Option<Component> {
        self.known(touchpoint)?;
        self.customer_of(touchpoint).map(Component::of)
    }

    /// The weakest link between two touchpoints of one customer.
    #[must_use]
    pub fn weakest_link(self, a: TouchpointHandle, b: TouchpointHandle) -> Option<Link> {
        self.component(a)?.weakest_link(a, b)
    }

    /// The links without which the customer of a touchpoint would be two.
    #[must_use]
    pub fn bridges(self, touchpoint: TouchpointHandle) -> Vec<Link> {
        self.component(touchpoint).map_or_else(Vec::new, |component| component.bridges())
    }
}
