//! Which touchpoints are one customer: components, and where a limit is exceeded, the strongest
//! edges first.

use super::Model;
use super::judgement::{Node, Rank};
use kontak_identity::{IdentifierKind, IdentifierValue, WithheldReason};
use kontak_types::{TouchpointId, TouchpointKey};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that follows from the live evidence and the policy.
#[derive(Clone, Debug)]
pub(crate) struct Conclusion {
    pub(crate) customers: BTreeSet<BTreeSet<TouchpointKey>>,
    /// Where several limits would be exceeded, any of them is a reason.
    pub(crate) withheld: BTreeMap<(TouchpointKey, IdentifierValue), BTreeSet<WithheldReason>>,
    /// How many touchpoints each contested cluster has.
    pub(crate) contested: Vec<usize>,
}

/// Touchpoints and nodes (by their place) that are tied together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Component {
    touchpoints: BTreeSet<TouchpointKey>,
    nodes: BTreeSet<usize>,
}

impl Component {
    fn of_touchpoint(touchpoint: &TouchpointKey) -> Self {
        Self { touchpoints: BTreeSet::from([touchpoint.clone()]), nodes: BTreeSet::new() }
    }

    fn of_node(node: usize) -> Self {
        Self { touchpoints: BTreeSet::new(), nodes: BTreeSet::from([node]) }
    }

    fn with(&self, other: &Self) -> Self {
        Self {
            touchpoints: &self.touchpoints | &other.touchpoints,
            nodes: &self.nodes | &other.nodes,
        }
    }
}

impl Model {
    pub(crate) fn conclude(&self) -> Conclusion {
        let live = self.live();
        let judgement = self.judge(&live);
        let nodes = &judgement.nodes;
        let mut withheld: BTreeMap<_, _> = judgement
            .withheld
            .iter()
            .map(|(edge, reason)| (edge.clone(), BTreeSet::from([*reason])))
            .collect();

        let mut edges: Vec<(Rank, &TouchpointKey, usize)> = Vec::new();
        for (place, node) in nodes.iter().enumerate() {
            edges.extend(node.holders.iter().map(|(touchpoint, rank)| (*rank, touchpoint, place)));
        }
        edges.sort();

        let mut customers = BTreeSet::new();
        let mut contested = Vec::new();
        let alone: Vec<Component> =
            self.recorded().map(|(_, key)| Component::of_touchpoint(key)).collect();
        let alone_nodes = (0..nodes.len()).map(Component::of_node);
        for cluster in joined(alone.into_iter().chain(alone_nodes).collect(), &edges, |_| true) {
            if self.exceeded(&cluster, nodes).is_empty() {
                customers.insert(cluster.touchpoints);
                continue;
            }
            contested.push(cluster.touchpoints.len());
            let apart = cluster.touchpoints.iter().map(Component::of_touchpoint);
            let apart =
                apart.chain(cluster.nodes.iter().copied().map(Component::of_node)).collect();
            let own: Vec<_> = edges
                .iter()
                .filter(|(_, touchpoint, _)| cluster.touchpoints.contains(*touchpoint))
                .copied()
                .collect();
            let parts = joined(apart, &own, |joined| {
                self.exceeded(joined.component, nodes).is_empty() || {
                    let edge = (joined.touchpoint.clone(), nodes[joined.node].value.clone());
                    withheld.entry(edge).or_insert_with(|| self.exceeded(joined.component, nodes));
                    false
                }
            });
            customers.extend(
                parts.into_iter().map(|part| part.touchpoints).filter(|part| !part.is_empty()),
            );
        }
        Conclusion { customers, withheld, contested }
    }

    /// The limits that a customer of these would break.
    fn exceeded(&self, component: &Component, nodes: &[Node]) -> BTreeSet<WithheldReason> {
        let mut reasons = BTreeSet::new();
        if component.touchpoints.len() > self.policy.touchpoints_per_customer.into() {
            reasons.insert(WithheldReason::TooManyTouchpoints);
        }
        for kind in [IdentifierKind::Phone, IdentifierKind::Email] {
            let values =
                component.nodes.iter().filter(|node| nodes[**node].value.kind() == kind).count();
            if values > self.kind(kind).per_customer.into() {
                reasons.insert(WithheldReason::TooManyIdentifiers);
            }
        }
        let ids: BTreeSet<TouchpointId> =
            component.touchpoints.iter().filter_map(|key| self.id_of(key)).collect();
        if self.forbidden.iter().any(|pair| pair.is_subset(&ids)) {
            reasons.insert(WithheldReason::MustNotLink);
        }
        reasons
    }
}

/// What would become one if an edge were admitted.
struct Joined<'a> {
    component: &'a Component,
    touchpoint: &'a TouchpointKey,
    node: usize,
}

fn joined(
    mut components: Vec<Component>,
    edges: &[(Rank, &TouchpointKey, usize)],
    mut admit: impl FnMut(Joined<'_>) -> bool,
) -> Vec<Component> {
    for &(_, touchpoint, node) in edges {
        let one = components.iter().position(|one| one.touchpoints.contains(touchpoint)).unwrap();
        let other = components.iter().position(|one| one.nodes.contains(&node)).unwrap();
        let both = components[one].with(&components[other]);
        if one != other && admit(Joined { component: &both, touchpoint, node }) {
            components.swap_remove(one.max(other));
            components[one.min(other)] = both;
        }
    }
    components
}
