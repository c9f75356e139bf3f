//! Whether a graph concludes what the model does.

use super::{VALUES, World, name_of_touchpoint, name_of_value, value};
use kontak_identity::chrono::{DateTime, Utc};
use kontak_identity::{
    EvidenceId, IdentifierClass, IdentifierValue, IdentityGraph, Resolved, Verification, View,
    WithheldReason,
};
use kontak_types::{CustomerId, TouchpointId, TouchpointKey, uuid::Uuid};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use std::collections::{BTreeMap, BTreeSet};

/// Customers as sets of touchpoints, by the names that failures show.
pub(crate) type Partition = BTreeSet<BTreeSet<String>>;
/// A touchpoint and a value, likewise.
pub(crate) type Edge = (String, String);

/// Who is one customer, by account.
pub(crate) fn partition(graph: &mut IdentityGraph) -> Partition {
    let view = graph.settle();
    view.customers()
        .map(|customer| {
            let members = customer.members().into_iter().filter_map(|one| view.touchpoint_key(one));
            members.map(|key| name_of_touchpoint(&key)).collect()
        })
        .collect()
}

/// What joins nobody, and why.
pub(crate) fn withheld(graph: &mut IdentityGraph) -> BTreeMap<Edge, WithheldReason> {
    let view = graph.settle();
    let key = |touchpoint| name_of_touchpoint(&view.touchpoint_key(touchpoint).unwrap());
    let value = |identifier| name_of_value(&view.identifier_value(identifier).unwrap());
    view.withheld()
        .map(|edge| ((key(edge.touchpoint), value(edge.identifier)), edge.reason))
        .collect()
}

/// One piece of evidence as both can say it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    id: EvidenceId,
    touchpoint: TouchpointKey,
    value: IdentifierValue,
    source: String,
    record: String,
    revision: u32,
    times: (DateTime<Utc>, DateTime<Utc>, Option<DateTime<Utc>>),
    verification: Verification,
    class: IdentifierClass,
    weaker: bool,
    name: Option<String>,
}

impl World {
    pub(crate) fn check(&mut self) -> TestCaseResult {
        let concluded = self.model.conclude();
        let listed = withheld(&mut self.graph);
        let found = partition(&mut self.graph);
        let customer = |members: &BTreeSet<_>| members.iter().map(name_of_touchpoint).collect();
        prop_assert_eq!(&found, &concluded.customers.iter().map(customer).collect::<Partition>());

        let edge =
            |(touchpoint, value): &(_, _)| (name_of_touchpoint(touchpoint), name_of_value(value));
        let expected: BTreeMap<Edge, _> =
            concluded.withheld.iter().map(|(tie, reasons)| (edge(tie), reasons)).collect();
        prop_assert!(
            listed.keys().eq(expected.keys()),
            "withheld {listed:?}, expected {expected:?}"
        );
        for (edge, reason) in &listed {
            let reasons = expected[edge];
            prop_assert!(
                reasons.contains(reason),
                "{edge:?}: {reason:?}, expected one of {reasons:?}"
            );
        }
        let view = self.graph.settle();
        let largest = concluded.contested.iter().max().copied().unwrap_or(0);
        prop_assert_eq!(view.contested(), (concluded.contested.len(), largest));
        self.check_ids()?;
        self.check_evidence(&listed)?;
        prop_assert_eq!(self.graph.next_deadline(), self.model.next_deadline());
        Ok(())
    }

    /// Every id ever given out leads to its customer, whose id is its first member's.
    fn check_ids(&mut self) -> TestCaseResult {
        let view = self.graph.settle();
        let recorded: Vec<(TouchpointId, &TouchpointKey)> = self.model.recorded().collect();
        let in_order: Vec<Option<TouchpointId>> =
            view.touchpoints().map(|touchpoint| view.touchpoint_id(touchpoint)).collect();
        prop_assert_eq!(in_order, recorded.iter().map(|(id, _)| Some(*id)).collect::<Vec<_>>());
        let place = |id| recorded.iter().position(|(one, _)| *one == id);

        let is_recorded: BTreeSet<TouchpointId> = recorded.iter().map(|(id, _)| *id).collect();
        let ever: BTreeSet<TouchpointId> =
            self.model.accounts.iter().map(|account| account.id).collect();
        for number in 1..=self.given_out + 1 {
            let id = TouchpointId::new(Uuid::from_u128(number));
            match view.resolve(id) {
                Resolved::Customer(customer) => {
                    prop_assert!(is_recorded.contains(&id));
                    let members: Vec<TouchpointId> = customer
                        .members()
                        .into_iter()
                        .filter_map(|one| view.touchpoint_id(one))
                        .collect();
                    prop_assert!(members.contains(&id));
                    prop_assert!(members.is_sorted_by_key(|id| place(*id)), "{members:?}");
                    prop_assert_eq!(customer.id(), CustomerId::from(members[0]));
                    prop_assert_eq!(customer.len(), members.len());
                    prop_assert_eq!(view.touchpoint_id(customer.founder()), Some(members[0]));
                }
                Resolved::Erased => prop_assert!(ever.contains(&id) && !is_recorded.contains(&id)),
                Resolved::Unknown => prop_assert!(!ever.contains(&id)),
                _ => unreachable!("an answer that the model does not know"),
            }
        }
        for (id, key) in recorded {
            let handle = view.touchpoint(key);
            prop_assert!(handle.is_some() && view.touchpoint_by_id(id) == handle);
        }
        prop_assert_eq!(view.touchpoint_count(), view.touchpoints().count());
        prop_assert_eq!(view.customer_count(), view.customers().count());
        Ok(())
    }

    fn check_evidence(&mut self, withheld: &BTreeMap<Edge, WithheldReason>) -> TestCaseResult {
        let view = self.graph.settle();
        let mut found = Vec::new();
        for touchpoint in view.touchpoints() {
            for evidence in view.evidence(touchpoint) {
                prop_assert_eq!(evidence.touchpoint, touchpoint);
                let key = view.touchpoint_key(touchpoint).unwrap();
                let value = view.identifier_value(evidence.identifier).unwrap();
                let edge = (name_of_touchpoint(&key), name_of_value(&value));
                prop_assert_eq!(evidence.withheld, withheld.get(&edge).copied());
                found.push(Said {
                    id: evidence.id,
                    touchpoint: key,
                    value,
                    source: evidence.source,
                    record: evidence.record.to_string(),
                    revision: evidence.revision,
                    times: (evidence.first_seen, evidence.last_seen, evidence.until),
                    verification: evidence.verification,
                    class: evidence.class,
                    weaker: evidence.weaker,
                    name: evidence.name,
                });
            }
        }
        found.sort();
        let mut expected: Vec<Said> = self
            .model
            .live()
            .into_iter()
            .map(|fact| Said {
                id: fact.id,
                touchpoint: fact.touchpoint,
                value: fact.value,
                source: fact.source,
                record: fact.record.to_string(),
                revision: fact.revision,
                times: (fact.first, fact.last, fact.until),
                verification: fact.verification,
                class: fact.class,
                weaker: fact.weaker,
                name: fact.name,
            })
            .collect();
        expected.sort();
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!(view.evidence_count(), found.len());
        check_holders(view, &found)
    }
}

fn check_holders(view: View<'_>, said: &[Said]) -> TestCaseResult {
    for value in (0..VALUES).map(value) {
        let Some(handle) = view.identifier(&value) else {
            prop_assert!(!said.iter().any(|said| said.value == value));
            continue;
        };
        let holders: BTreeSet<TouchpointKey> =
            view.holders(handle).into_iter().filter_map(|one| view.touchpoint_key(one)).collect();
        let expected = said
            .iter()
            .filter(|said| said.value == value)
            .map(|said| said.touchpoint.clone())
            .collect();
        prop_assert_eq!(holders, expected);
    }
    Ok(())
}
