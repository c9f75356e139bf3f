//! A call of one fact looks no further than it must, and concludes and tells what the long way does:
//! an observation reviews every cluster that a judgement may change, and so does a retraction that
//! comes twice in one call. What waits for the next read may wait in company, so the order of the
//! changes is compared where the graph is asked after each call.

use crate::model::Fact;
use crate::world::{
    Op, Seen, World, config, day, evidence_id, observation, observations, policies, touchpoint,
};
use kontak_identity::{Assertion, Change, IdentityGraph, Position, Retraction};
use proptest::collection::vec;
use proptest::prelude::*;

fn changes(graph: &IdentityGraph) -> Vec<Change> {
    graph.changes(Position::default()).map(|(_, change)| change).collect()
}

impl World {
    /// What one observation of one value says, as one assertion.
    fn assert_one(&mut self, seen: &Seen) {
        let (id, key) = (self.fresh_id(), touchpoint(seen.touchpoint));
        let observation = observation(seen, id);
        let facts = Fact::all_of(&observation, evidence_id);
        let graph = &mut self.graph;
        let touchpoint = graph.touchpoint(id, &key, day(seen.day)).unwrap().unwrap();
        let [fact] = &facts[..] else { panic!("one value makes one fact") };
        let value = graph.identifier(&fact.value).unwrap();
        let source = graph.source(&fact.source).unwrap();
        let record = graph.record(fact.record.as_str()).unwrap();
        let mut assertion = Assertion::new(touchpoint, value, source, record, fact.first);
        assertion.until = fact.until;
        assertion.revision = fact.revision;
        assertion.verification = fact.verification;
        assertion.class = fact.class;
        assertion.name = fact.name.as_ref().map(|name| graph.name(name).unwrap());
        graph.assert(&[assertion]).unwrap();
        self.model.observe(&observation, facts);
    }
}

fn one_value() -> impl Strategy<Value = Seen> {
    observations().prop_filter_map("it has a value", |mut seen| {
        seen.values.truncate(1);
        seen.values.first_mut()?.weaker = None;
        Some(seen)
    })
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn one_assertion_and_one_retraction_tell_what_the_long_way_does(
        policy in policies(),
        has_names in any::<bool>(),
        settles in any::<bool>(),
        steps in vec((one_value(), prop::option::weighted(0.4, 0..1_000_usize), prop::bool::weighted(0.3)), 1..70),
    ) {
        let (mut short, mut long) = (World::new(&policy), World::new(&policy));
        for (seen, taken_back, asks) in &steps {
            let name = seen.name.filter(|_| has_names);
            let seen = Seen { name, ..seen.clone() };
            short.assert_one(&seen);
            long.apply(&Op::Observe(seen))?;
            if settles {
                let _ = (short.graph.settle(), long.graph.settle());
            }
            let live = long.model.live();
            if let Some(which) = taken_back && !live.is_empty() {
                let fact = &live[which % live.len()];
                let retraction = Retraction::new(fact.id, fact.revision);
                short.graph.retract(&[retraction]);
                long.graph.retract(&[retraction, retraction]);
                short.model.retract(retraction);
                long.model.retract(retraction);
            }
            if settles {
                let _ = (short.graph.settle(), long.graph.settle());
                // A name that goes with a fact has other values judged, after what it did itself.
                if !has_names {
                    prop_assert_eq!(changes(&short.graph), changes(&long.graph));
                }
            }
            if *asks {
                short.check()?;
            }
        }
        short.check()?;
        long.check()?;
    }
}
