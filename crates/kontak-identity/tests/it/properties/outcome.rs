//! What `observe` answers is what happened.

use crate::world::{Op, World, config, histories};
use kontak_identity::Outcome;
use proptest::prelude::*;

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn an_outcome_says_whether_anything_changed((policy, history) in histories(40)) {
        let mut world = World::new(&policy);
        for (op, _) in &history {
            let before = (world.model.accounts.len(), world.model.live());
            let Op::Observe(seen) = op else {
                world.apply(op)?;
                continue;
            };
            let outcome = world.observe(seen)?;
            let after = (world.model.accounts.len(), world.model.live());
            match outcome {
                Outcome::Recorded | Outcome::Updated => {
                    prop_assert!(before != after, "{outcome:?} and yet nothing changed");
                }
                // An end that is given late may end what was known, beside a value that is only known.
                Outcome::Known | Outcome::Outdated | Outcome::Erased if seen.until.is_none() => {
                    prop_assert!(before.1 == after.1, "{outcome:?} and yet something changed");
                }
                _ => {}
            }
            if before.0 < after.0 {
                prop_assert!(outcome != Outcome::Known, "a new account is not known");
            }
        }
    }
}
