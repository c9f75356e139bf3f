//! Any history of all calls leads to what the naive model concludes.

use crate::world::{World, config, histories};
use proptest::prelude::*;

proptest! {
    #![proptest_config(config(3_000))]

    #[test]
    fn every_history_concludes_what_the_model_does((policy, history) in histories(50)) {
        let mut world = World::new(&policy);
        for (op, asks) in &history {
            world.apply(op)?;
            if *asks {
                world.check()?;
            }
        }
        world.check()?;
    }
}
