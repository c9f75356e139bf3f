//! What others need for the same integers, as floor and as measure: no ids, no members, no
//! evidence, nothing to take back.

use kontak_identity::View;
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::unionfind;
use std::collections::BTreeSet;

/// Edges of the bipartite graph of touchpoints and identifiers, as pairs of node numbers:
/// touchpoints come first, identifier `i` is node `touchpoints + i`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Edges {
    /// Number of touchpoints.
    pub touchpoints: usize,
    /// Number of nodes, touchpoints and identifiers together.
    pub nodes: usize,
    /// Identifiers that no touchpoint uses.
    pub unused: usize,
    /// A touchpoint and an identifier each.
    pub pairs: Vec<(u32, u32)>,
}

impl Edges {
    /// All evidence of a population, in the order in which it was seen.
    #[must_use]
    pub fn of(population: &crate::Population) -> Self {
        let touchpoints = population.touchpoints().len();
        let mut used = vec![false; population.identifiers().len()];
        let pairs = population
            .evidence()
            .map(|evidence| {
                used[evidence.identifier as usize] = true;
                (evidence.touchpoint, touchpoints as u32 + evidence.identifier)
            })
            .collect();
        let unused = used.iter().filter(|used| !**used).count();
        Self { touchpoints, nodes: touchpoints + used.len(), unused, pairs }
    }
}

/// The edges that a graph does not withhold, of those that it was loaded with by
/// [`Load`](crate::Load): bare union-find over them finds the customers that the graph has, unless
/// numbers change hands in it.
#[must_use]
pub fn admitted(view: View<'_>, edges: &Edges) -> Edges {
    let withheld: BTreeSet<(u32, u32)> = view
        .withheld()
        .map(|edge| {
            (edge.touchpoint.index() as u32, (edges.touchpoints + edge.identifier.index()) as u32)
        })
        .collect();
    let mut used = vec![false; edges.nodes - edges.touchpoints];
    let admitted = |pair: &&(u32, u32)| !withheld.contains(pair);
    let pairs: Vec<(u32, u32)> = edges.pairs.iter().filter(admitted).copied().collect();
    for (_, value) in &pairs {
        used[*value as usize - edges.touchpoints] = true;
    }
    let unused = used.iter().filter(|used| !**used).count();
    Edges { unused, pairs, ..*edges }
}

/// The floor: one `u32` a node, path halving, the higher root under the lower.
///
/// ```
/// use kontak_benches::reference::UnionFind;
///
/// let mut sets = UnionFind::new(4);
/// assert!(sets.union(0, 2));
/// assert!(!sets.union(2, 0));
/// assert_eq!(sets.into_labels(), [0, 1, 0, 3]);
/// ```
#[derive(Clone, Debug)]
pub struct UnionFind {
    parent: Vec<u32>,
}

impl UnionFind {
    /// `nodes` sets of one.
    ///
    /// # Panics
    /// Where there are more than 2³² nodes.
    #[must_use]
    pub fn new(nodes: usize) -> Self {
        let end = u32::try_from(nodes).expect("nodes are numbered in 32 bits");
        Self { parent: (0..end).collect() }
    }

    /// The lowest node of the set, as far as it is known.
    pub fn find(&mut self, mut node: u32) -> u32 {
        loop {
            let parent = self.parent[node as usize];
            if parent == node {
                return node;
            }
            let grandparent = self.parent[parent as usize];
            self.parent[node as usize] = grandparent;
            node = grandparent;
        }
    }

    /// Joins two sets; whether they were two.
    pub fn union(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        self.parent[a.max(b) as usize] = a.min(b);
        a != b
    }

    /// The lowest node of each node's set.
    #[must_use]
    pub fn into_labels(mut self) -> Vec<u32> {
        // Parents are never higher than their children, so one pass upwards flattens.
        for node in 0..self.parent.len() {
            self.parent[node] = self.parent[self.parent[node] as usize];
        }
        self.parent
    }
}

/// Number of customers by the plain union-find: sets that hold a touchpoint.
#[must_use]
pub fn plain_union_find(edges: &Edges) -> usize {
    let mut sets = UnionFind::new(edges.nodes);
    let mut joined = 0;
    for &(a, b) in &edges.pairs {
        joined += usize::from(sets.union(a, b));
    }
    edges.nodes - joined - edges.unused
}

/// Number of customers by petgraph's `UnionFind`.
#[must_use]
pub fn petgraph_union_find(edges: &Edges) -> usize {
    let mut sets = unionfind::UnionFind::<u32>::new(edges.nodes);
    let mut joined = 0;
    for &(a, b) in &edges.pairs {
        joined += usize::from(sets.union(a, b));
    }
    edges.nodes - joined - edges.unused
}

/// Number of customers by petgraph's `connected_components` over a graph built for it.
#[must_use]
pub fn petgraph_graph(edges: &Edges) -> usize {
    let mut graph = UnGraph::<(), (), u32>::with_capacity(edges.nodes, edges.pairs.len());
    for _ in 0..edges.nodes {
        graph.add_node(());
    }
    for &(a, b) in &edges.pairs {
        graph.add_edge(NodeIndex::new(a as usize), NodeIndex::new(b as usize), ());
    }
    petgraph::algo::connected_components(&graph) - edges.unused
}

/// The first node of each touchpoint's set, by the plain union-find: the labels of a merge that
/// trusts every value.
#[must_use]
pub fn naive_labels(edges: &Edges) -> Vec<u32> {
    let mut sets = UnionFind::new(edges.nodes);
    for &(a, b) in &edges.pairs {
        sets.union(a, b);
    }
    let mut labels = sets.into_labels();
    labels.truncate(edges.touchpoints);
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GeneratorConfig, Population};
    use std::collections::BTreeSet;

    #[test]
    fn all_of_them_find_the_same_customers() {
        let edges = Edges::of(&Population::generate(GeneratorConfig::new(7, 3_000)));
        let labels = naive_labels(&edges);
        let customers = labels.iter().collect::<BTreeSet<_>>().len();
        assert_eq!(labels.len(), edges.touchpoints);
        assert_eq!(plain_union_find(&edges), customers);
        assert_eq!(petgraph_union_find(&edges), customers);
        assert_eq!(petgraph_graph(&edges), customers);
    }

    #[test]
    fn labels_are_the_first_of_their_set_in_any_order_of_joining() {
        let chain = |order: &[(u32, u32)]| {
            let mut sets = UnionFind::new(6);
            for &(a, b) in order {
                sets.union(a, b);
            }
            sets.into_labels()
        };
        assert_eq!(chain(&[(5, 4), (3, 2), (4, 2)]), [0, 1, 2, 2, 2, 2]);
        assert_eq!(chain(&[(2, 4), (5, 3), (3, 4)]), [0, 1, 2, 2, 2, 2]);
    }
}
