//! A load in one call concludes what one by one does.

use crate::model::Fact;
use crate::world::{
    Seen, World, config, day, evidence_id, observation, observations, policies, touchpoint,
};
use kontak_identity::chrono::Duration;
use kontak_identity::{Assertion, IdentityGraph};
use kontak_types::TouchpointId;
use proptest::collection::vec;
use proptest::prelude::*;
use std::slice::from_ref;

impl World {
    fn assert_all(&mut self, seen: &[Seen]) {
        let assertions = self.assertions(seen);
        self.graph.assert(&assertions).unwrap();
    }

    fn load(&mut self, seen: &[Seen]) {
        let mut batch = self.graph.batch();
        for assertion in self.assertions(seen) {
            batch.push(&assertion).unwrap();
        }
        self.graph.load(batch).unwrap();
    }

    /// What the observations say, to a graph that knows their words already.
    fn assertions(&mut self, seen: &[Seen]) -> Vec<Assertion> {
        let mut assertions = Vec::new();
        for seen in seen {
            let (id, key) = (self.fresh_id(), touchpoint(seen.touchpoint));
            let handle = self.graph.touchpoint(id, &key, day(seen.day)).unwrap().unwrap();
            let observation = observation(seen, id);
            let facts = Fact::all_of(&observation, evidence_id);
            for fact in &facts {
                assertions.push(assertion(&mut self.graph, id, fact));
                assertions.last_mut().unwrap().touchpoint = handle;
            }
            self.model.observe(&observation, facts);
        }
        assertions
    }

    /// All that a graph knows and concludes, without the story of how it came to that.
    fn conclusion(&mut self) -> (serde_json::Value, Vec<String>) {
        let mut facts = serde_json::to_value(self.graph.snapshot()).unwrap();
        for story in ["changes", "position"] {
            facts.as_object_mut().unwrap().remove(story).unwrap();
        }
        let view = self.graph.settle();
        let customers = view.touchpoints().map(|touchpoint| {
            format!("{touchpoint:?} {:?}", view.customer_of(touchpoint).map(|it| it.members()))
        });
        let withheld = view.withheld().map(|edge| format!("{edge:?}"));
        let mut conclusions: Vec<String> = customers.chain(withheld).collect();
        conclusions.sort_unstable();
        (facts, conclusions)
    }
}

impl World {
    fn observe_all(&mut self, seen: &[Seen]) {
        let mut all = Vec::new();
        for seen in seen {
            let observation = observation(seen, self.fresh_id());
            self.model.observe(&observation, Fact::all_of(&observation, evidence_id));
            all.push(observation);
        }
        // One that cannot be kept stands among them, and takes none with it.
        let mut bad = all.get(all.len() / 2).cloned();
        if let Some(bad) = &mut bad {
            bad.seen_at -= Duration::days(40_000);
        }
        let at = all.len() / 2;
        all.splice(at..at, bad);
        let kept = self.graph.observe_all(&all);
        assert_eq!(kept.len(), all.len());
        assert!(kept.iter().enumerate().all(|(place, one)| one.is_ok() == (place != at)));
    }
}

fn assertion(graph: &mut IdentityGraph, id: TouchpointId, fact: &Fact) -> Assertion {
    let touchpoint = graph.touchpoint(id, &fact.touchpoint, fact.first).unwrap().unwrap();
    let value = graph.identifier(&fact.value).unwrap();
    let source = graph.source(&fact.source).unwrap();
    let record = graph.record(fact.record.as_str()).unwrap();
    let mut assertion = Assertion::new(touchpoint, value, source, record, fact.first);
    assertion.until = fact.until;
    assertion.revision = fact.revision;
    assertion.verification = fact.verification;
    assertion.class = fact.class;
    assertion.weaker = fact.weaker;
    assertion.name = fact.name.as_ref().map(|name| graph.name(name).unwrap());
    assertion
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn a_load_into_an_empty_graph_concludes_what_the_model_does(
        policy in policies(),
        seen in vec(observations(), 0..150),
    ) {
        let mut world = World::new(&policy);
        world.assert_all(&seen);
        world.check()?;
    }

    #[test]
    fn a_batch_says_what_its_pieces_say_one_by_one_in_any_order(
        policy in policies(),
        seen in vec(observations(), 0..150),
        order in vec(any::<u32>(), 1..30),
    ) {
        let mut world = World::new(&policy);
        world.load(&seen);
        world.check()?;
        let mut piecewise = World::new(&policy);
        let mut pieces = piecewise.assertions(&seen);
        let mut order = order.iter().cycle();
        pieces.sort_by_cached_key(|_| *order.next().unwrap());
        for piece in &pieces {
            piecewise.graph.assert(from_ref(piece)).unwrap();
        }
        prop_assert_eq!(world.conclusion(), piecewise.conclusion());
    }

    #[test]
    fn loads_into_a_full_graph_do_too(
        policy in policies(),
        loads in vec((vec(observations(), 0..90), 0..3, any::<bool>()), 1..4),
        ended in 0..20_u32,
    ) {
        let mut world = World::new(&policy);
        world.apply(&crate::world::Op::Expire(ended))?;
        for (seen, door, asks) in &loads {
            match door {
                0 => world.observe_all(seen),
                1 => world.assert_all(seen),
                _ => world.load(seen),
            }
            if *asks {
                world.check()?;
            }
        }
        world.check()?;
    }
}
