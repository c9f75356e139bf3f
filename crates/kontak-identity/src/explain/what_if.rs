use crate::change::Change;
use crate::graph::IdentityGraph;
use crate::handle::{IdentifierHandle, TouchpointHandle};
use crate::policy::{Policy, PolicyError};
use crate::tenant_key::EvidenceId;
use crate::view::View;
use kontak_types::{CustomerId, TouchpointId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What might be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Withdrawal {
    /// One piece of evidence.
    Evidence(EvidenceId),
    /// All evidence of a value.
    Identifier(IdentifierHandle),
    /// All evidence of a touchpoint.
    Touchpoint(TouchpointHandle),
    /// One touchpoint's evidence of one value.
    Edge(TouchpointHandle, IdentifierHandle),
}

/// What taking something back would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WhatIf {
    /// Customers that would be several, each with the touchpoints of its parts, the one that keeps
    /// the id first.
    pub splits: Vec<(CustomerId, Vec<Vec<TouchpointId>>)>,
}

/// What another policy would do, by the names that customers have now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Simulation {
    /// Customers that would become one, each with the id that it would have.
    pub merges: Vec<(CustomerId, Vec<CustomerId>)>,
    /// Customers that would become several, each with the ids that its parts would have.
    pub splits: Vec<(CustomerId, Vec<CustomerId>)>,
    /// How many customers there are.
    pub customers_now: usize,
    /// How many there would be.
    pub customers_then: usize,
    /// How many edges are withheld.
    pub withheld_now: usize,
    /// How many would be.
    pub withheld_then: usize,
}

impl View<'_> {
    /// What would split if something were taken back.
    ///
    /// Works on a copy of the touchpoints and values concerned, so it sees tenancies, names and
    /// caps as a real retraction would. It does not follow a value that the retraction would
    /// release from quarantine to people outside.
    #[must_use]
    pub fn if_retracted(self, withdrawal: &Withdrawal) -> WhatIf {
        let store = &self.graph.store;
        let evidence: Vec<u32> = match withdrawal {
            Withdrawal::Evidence(id) => store.find_evidence(*id).into_iter().collect(),
            Withdrawal::Identifier(identifier) if identifier.index() < store.values.len() => {
                store.of_value(identifier.0).map(|(index, _)| index).collect()
            }
            Withdrawal::Touchpoint(touchpoint) if self.known(*touchpoint).is_some() => {
                store.of_touchpoint(touchpoint.0).map(|(index, _)| index).collect()
            }
            Withdrawal::Edge(touchpoint, identifier) if self.known(*touchpoint).is_some() => store
                .of_touchpoint(touchpoint.0)
                .filter(|(_, one)| one.value == identifier.0)
                .map(|(index, _)| index)
                .collect(),
            _ => Vec::new(),
        };
        let gone: BTreeSet<u32> = evidence.iter().copied().collect();
        let founders: BTreeSet<u32> = evidence
            .iter()
            .map(|index| {
                store.touchpoints[store.evidence[*index as usize].touchpoint as usize].founder
            })
            .collect();
        let after = self.graph.excerpt(&founders, &gone);
        let mut splits = Vec::new();
        for founder in founders {
            let mut parts: BTreeMap<CustomerId, Vec<TouchpointId>> = BTreeMap::new();
            let mut order = Vec::new();
            for member in store.ring(founder).collect::<BTreeSet<u32>>() {
                let id = store.ids[member as usize];
                let Some(part) = after.founder_id(id) else { continue };
                if !parts.contains_key(&part) {
                    order.push(part);
                }
                parts.entry(part).or_default().push(id);
            }
            if order.len() > 1 {
                let parts = order.into_iter().filter_map(|part| parts.remove(&part)).collect();
                splits.push((store.ids[founder as usize].into(), parts));
            }
        }
        WhatIf { splits }
    }

    /// What another policy would merge and split.
    ///
    /// Complexity: that of [`IdentityGraph::set_policy`], on a copy of the whole graph.
    ///
    /// # Errors
    /// If the policy cannot be followed.
    pub fn simulate(self, policy: Policy) -> Result<Simulation, PolicyError> {
        let mut copy = self.graph.clone();
        let since = copy.position();
        copy.set_policy(policy)?;
        let id = |touchpoint: TouchpointHandle| {
            CustomerId::from(self.graph.store.ids[touchpoint.index()])
        };
        let mut merges: BTreeMap<TouchpointHandle, Vec<CustomerId>> = BTreeMap::new();
        let mut splits: BTreeMap<TouchpointHandle, Vec<CustomerId>> = BTreeMap::new();
        for (_, change) in copy.changes(since) {
            match change {
                Change::Merged { from, into } => merges.entry(into).or_default().push(id(from)),
                Change::Split { from, customer, .. } => {
                    splits.entry(from).or_default().push(id(customer));
                }
                _ => {}
            }
        }
        let by_id = |map: BTreeMap<TouchpointHandle, Vec<CustomerId>>| {
            map.into_iter().map(|(customer, others)| (id(customer), others)).collect()
        };
        let then = View::new(&copy);
        Ok(Simulation {
            merges: by_id(merges),
            splits: by_id(splits),
            customers_now: self.customer_count(),
            customers_then: then.customer_count(),
            withheld_now: self.withheld().count(),
            withheld_then: then.withheld().count(),
        })
    }
}

impl IdentityGraph {
    fn founder_id(&self, id: TouchpointId) -> Option<CustomerId> {
        let index = self.store.find_id(id)?;
        Some(self.store.ids[self.store.touchpoints[index as usize].founder as usize].into())
    }
}
