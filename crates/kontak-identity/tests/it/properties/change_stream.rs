//! The changes, applied in order to nothing, give the customers at every position.

use crate::world::{World, config, histories};
use kontak_identity::{Change, IdentityGraph, Position, TouchpointHandle};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use std::collections::{BTreeMap, BTreeSet};

/// The founder of each touchpoint's customer, by the changes alone.
#[derive(Default)]
struct Replayed {
    founders: BTreeMap<TouchpointHandle, TouchpointHandle>,
    at: Position,
}

impl Replayed {
    fn members(&self, founder: TouchpointHandle) -> BTreeSet<TouchpointHandle> {
        self.founders
            .iter()
            .filter(|(_, own)| **own == founder)
            .map(|(touchpoint, _)| *touchpoint)
            .collect()
    }

    fn relabel(
        &mut self,
        members: impl IntoIterator<Item = TouchpointHandle>,
        founder: TouchpointHandle,
    ) {
        self.founders.extend(members.into_iter().map(|member| (member, founder)));
    }

    fn apply(&mut self, position: Position, change: &Change) -> TestCaseResult {
        prop_assert!(position >= self.at, "{position:?} after {:?}", self.at);
        self.at = position;
        match change {
            Change::Founded { touchpoint } => {
                prop_assert!(
                    self.founders.insert(*touchpoint, *touchpoint).is_none(),
                    "{change:?}"
                );
            }
            Change::Joined { touchpoint, customer } => {
                prop_assert!(!self.members(*customer).is_empty(), "{change:?}");
                prop_assert!(self.founders.insert(*touchpoint, *customer).is_none(), "{change:?}");
            }
            Change::Merged { from, into } => {
                let members = self.members(*from);
                prop_assert!(!members.is_empty() && !self.members(*into).is_empty(), "{change:?}");
                prop_assert!(into < from, "{change:?}");
                self.relabel(members, *into);
            }
            Change::Split { from, customer, members } => {
                prop_assert!(
                    self.members(*from).is_superset(&members.iter().copied().collect()),
                    "{change:?}"
                );
                prop_assert_eq!(members.iter().min(), Some(customer));
                prop_assert_eq!(members.first(), Some(customer));
                self.relabel(members.iter().copied(), *customer);
            }
            Change::Renamed { from, to } => {
                let members = self.members(*from);
                prop_assert!(members.contains(to), "{change:?}");
                self.relabel(members, *to);
            }
            Change::Erased { touchpoint } => {
                prop_assert!(self.founders.remove(touchpoint).is_some(), "{change:?}");
            }
            _ => {}
        }
        Ok(())
    }

    fn follow(&mut self, graph: &mut IdentityGraph) -> TestCaseResult {
        let since = self.at;
        let changes: Vec<_> = graph.changes(since).collect();
        changes.iter().try_for_each(|(position, change)| self.apply(*position, change))?;
        prop_assert!(self.at <= graph.position());
        self.at = graph.position();
        let view = graph.settle();
        let founders = view
            .touchpoints()
            .filter_map(|touchpoint| Some((touchpoint, view.customer_of(touchpoint)?.founder())))
            .collect();
        prop_assert_eq!(&self.founders, &founders, "after {:?}", changes);
        Ok(())
    }
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn the_changes_give_the_customers_at_every_position((policy, history) in histories(40)) {
        let mut world = World::new(&policy);
        let mut replayed = Replayed::default();
        for (op, _) in &history {
            world.apply(op)?;
            let _ = world.graph.settle();
            replayed.follow(&mut world.graph)?;
        }
    }

    #[test]
    fn and_in_the_end_whenever_they_were_asked_for((policy, history) in histories(40)) {
        let mut world = World::new(&policy);
        for (op, asks) in &history {
            world.apply(op)?;
            if *asks {
                let _ = world.graph.settle();
            }
        }
        let _ = world.graph.settle();
        Replayed::default().follow(&mut world.graph)?;
    }

    /// What a cap holds back is announced, and so is its return.
    #[test]
    fn what_is_withheld_was_announced_last((policy, history) in histories(40)) {
        let mut world = World::new(&policy);
        for (op, _) in &history {
            world.apply(op)?;
            let _ = world.graph.settle();
        }
        let mut last = BTreeMap::new();
        for (_, change) in world.graph.changes(Position::default()) {
            match change {
                Change::Withheld { touchpoint, identifier, reason } => {
                    last.insert((touchpoint, identifier), Some(reason));
                }
                Change::Admitted { touchpoint, identifier } => {
                    last.insert((touchpoint, identifier), None);
                }
                _ => {}
            }
        }
        use kontak_identity::WithheldReason::{MustNotLink, TooManyIdentifiers, TooManyTouchpoints};
        for edge in world.graph.settle().withheld() {
            if [MustNotLink, TooManyIdentifiers, TooManyTouchpoints].contains(&edge.reason) {
                let announced = last.get(&(edge.touchpoint, edge.identifier));
                prop_assert_eq!(announced, Some(&Some(edge.reason)), "{:?}", edge);
            }
        }
    }
}
