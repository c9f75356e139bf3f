//! Nothing is lost in silence: who shares a value without being one customer is listed.

use crate::world::{
    World, config, histories, name_of_touchpoint, name_of_value, partition, withheld,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn two_holders_are_one_customer_or_one_is_listed((mut policy, history) in histories(40)) {
        // Without a validity all holders of a value share one tenancy.
        policy.phone.validity_days = None;
        policy.email.validity_days = None;
        let mut world = World::new(&policy);
        for (op, _) in &history {
            if !matches!(op, crate::world::Op::SetPolicy(_)) {
                world.apply(op)?;
            }
        }
        let (customers, listed) = (partition(&mut world.graph), withheld(&mut world.graph));
        let live = world.model.live();
        for a in live.iter().filter(|fact| fact.until.is_none()) {
            for b in live.iter().filter(|fact| fact.until.is_none() && fact.value == a.value) {
                let both = [&a.touchpoint, &b.touchpoint].map(name_of_touchpoint);
                let value = name_of_value(&a.value);
                let is_one = customers.iter().any(|one| both.iter().all(|touchpoint| one.contains(touchpoint)));
                let is_listed = both.iter().any(|one| listed.contains_key(&(one.clone(), value.clone())));
                prop_assert!(is_one || is_listed, "{both:?} share {value}");
            }
        }
    }
}

/// The properties are worth what their world meets.
#[test]
fn the_small_world_meets_every_reason() {
    let mut runner = TestRunner::new(config(1));
    let mut met = BTreeSet::new();
    let mut contested = 0;
    for _ in 0..300 {
        let (policy, history) = histories(50).new_tree(&mut runner).unwrap().current();
        let mut world = World::new(&policy);
        for (op, _) in &history {
            world.apply(op).unwrap();
            met.extend(withheld(&mut world.graph).into_values());
            contested += usize::from(world.graph.settle().contested().0 > 0);
        }
    }
    assert_eq!(met.len(), 8, "{met:?}");
    assert!(contested > 300, "{contested}");
}
