//! Facts may come shuffled: any order of the same facts gives the same customers.

use crate::world::{World, config, facts, partition, policies, withheld};
use proptest::prelude::*;

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn any_order_of_the_same_facts_gives_the_same_customers(
        policy in policies(),
        (facts, shuffled) in facts(1..40).prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle())),
        asks_at in 0..40_usize,
    ) {
        let (mut one, mut other) = (World::new(&policy), World::new(&policy));
        one.apply_all(&facts)?;
        for (step, fact) in shuffled.iter().enumerate() {
            other.apply(fact)?;
            if step == asks_at {
                let _ = other.graph.settle();
            }
        }
        prop_assert_eq!(partition(&mut one.graph), partition(&mut other.graph));
        prop_assert_eq!(withheld(&mut one.graph), withheld(&mut other.graph));
    }
}
