//! What is taken back is as if it had never been observed; asserted again, it is back.

use crate::world::{
    Op, Seen, TOUCHPOINTS, Which, World, config, observations, partition, policies, withheld,
};
use proptest::collection::vec;
use proptest::prelude::*;

fn by_source(source: usize) -> impl Strategy<Value = Vec<Seen>> {
    vec(observations(), 0..25).prop_map(move |mut seen| {
        seen.iter_mut().for_each(|seen| seen.source = source);
        seen
    })
}

/// All accounts are recorded first, so that ids do not depend on what follows.
fn told<'a>(policy: &kontak_identity::Policy, seen: impl IntoIterator<Item = &'a Seen>) -> World {
    let mut world = World::new(policy);
    for touchpoint in 0..TOUCHPOINTS {
        world.apply(&Op::Touchpoint(touchpoint, 0)).unwrap();
    }
    for seen in seen {
        world.apply(&Op::Observe(seen.clone())).unwrap();
    }
    world
}

fn of(seen: &Seen) -> impl Iterator<Item = Which> {
    let &Seen { touchpoint, source, record, revision, .. } = seen;
    let values = seen.values.iter().flat_map(|value| [Some(value.value), value.weaker]).flatten();
    values.map(move |value| Which::Any { touchpoint, value, source, record, revision })
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn taken_back_is_never_observed(
        policy in policies(),
        stays in by_source(0),
        goes in by_source(1),
        asks in any::<bool>(),
    ) {
        let mut never = told(&policy, &stays);
        let mut taken_back = told(&policy, goes.iter().chain(&stays));
        if asks {
            taken_back.check()?;
        }
        taken_back.apply(&Op::Retract(goes.iter().flat_map(of).collect()))?;
        prop_assert_eq!(partition(&mut never.graph), partition(&mut taken_back.graph));
        prop_assert_eq!(withheld(&mut never.graph), withheld(&mut taken_back.graph));

        let again: Vec<Seen> =
            goes.iter().cloned().map(|seen| Seen { revision: seen.revision + 3, ..seen }).collect();
        for seen in &again {
            taken_back.apply(&Op::Observe(seen.clone()))?;
        }
        let mut both = told(&policy, stays.iter().chain(&again));
        prop_assert_eq!(partition(&mut both.graph), partition(&mut taken_back.graph));
        prop_assert_eq!(withheld(&mut both.graph), withheld(&mut taken_back.graph));
    }
}
