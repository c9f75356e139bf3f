//! Facts may come twice: a redelivery changes nothing.

use crate::world::{Op, World, config, facts, partition, policies, withheld};
use kontak_identity::{Outcome, Position};
use proptest::prelude::*;

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn a_redelivery_changes_nothing(policy in policies(), facts in facts(1..40)) {
        let mut world = World::new(&policy);
        for fact in &facts {
            world.apply(fact)?;
            world.apply(fact)?;
        }
        let before = (partition(&mut world.graph), withheld(&mut world.graph));
        let changes = world.graph.changes(Position::default()).count();
        for fact in &facts {
            match fact {
                Op::Observe(seen) => {
                    let outcome = world.observe(seen)?;
                    prop_assert!(outcome != Outcome::Recorded && outcome != Outcome::Updated, "{seen:?}: {outcome:?}");
                }
                _ => world.apply(fact)?,
            }
        }
        prop_assert_eq!(before, (partition(&mut world.graph), withheld(&mut world.graph)));
        prop_assert_eq!(changes, world.graph.changes(Position::default()).count());
    }
}
