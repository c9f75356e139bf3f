//! Forbidding a link keeps two apart; allowing it again leaves no trace.

use crate::world::{
    Op, TOUCHPOINTS, World, config, histories, name_of_touchpoint, partition, touchpoint, withheld,
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn allow_takes_forbid_back(
        (policy, history) in histories(40),
        a in 0..TOUCHPOINTS,
        b in 0..TOUCHPOINTS,
        asks in any::<bool>(),
    ) {
        let mut world = World::new(&policy);
        for (op, _) in &history {
            world.apply(op)?;
        }
        world.apply(&Op::Allow(a, b))?;
        let before = (partition(&mut world.graph), withheld(&mut world.graph));
        world.apply(&Op::Forbid(a, b))?;
        if asks {
            let customers = partition(&mut world.graph);
            let (a, b) = (name_of_touchpoint(&touchpoint(a)), name_of_touchpoint(&touchpoint(b)));
            let is_together = customers.iter().any(|one| a != b && one.contains(&a) && one.contains(&b));
            prop_assert!(!is_together);
        }
        world.apply(&Op::Allow(a, b))?;
        prop_assert_eq!(before, (partition(&mut world.graph), withheld(&mut world.graph)));
    }
}
