//! A snapshot is the whole state, and nothing that can be written into one makes a restore panic.

use crate::world::{KEY, World, config, histories, observation, observations};
use kontak_identity::{IdentityGraph, Position, Snapshot};
use kontak_types::{TouchpointId, uuid::Uuid};
use proptest::prelude::*;
use serde_json::Value;

fn bytes(graph: &mut IdentityGraph) -> (String, Vec<u8>) {
    let snapshot = graph.snapshot();
    (serde_json::to_string(&snapshot).unwrap(), postcard::to_allocvec(&snapshot).unwrap())
}

fn restored(graph: &mut IdentityGraph) -> IdentityGraph {
    let (json, binary) = bytes(graph);
    let from_json: Snapshot = serde_json::from_str(&json).unwrap();
    let from_binary: Snapshot = postcard::from_bytes(&binary).unwrap();
    assert!(from_json == from_binary);
    IdentityGraph::restore(KEY, &from_binary).unwrap()
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_restored_graph_is_the_same_and_goes_on_the_same((policy, history) in histories(40)) {
        let (mut straight, mut broken) = (World::new(&policy), World::new(&policy));
        for (op, restores) in &history {
            straight.apply(op)?;
            broken.apply(op)?;
            if *restores {
                let _ = straight.graph.settle();
                let mut again = restored(&mut broken.graph);
                prop_assert_eq!(bytes(&mut broken.graph), bytes(&mut again));
                broken.graph = again;
                broken.check()?;
            }
        }
        prop_assert_eq!(straight.graph.position(), broken.graph.position());
        prop_assert_eq!(bytes(&mut straight.graph), bytes(&mut broken.graph));
    }

    #[test]
    fn the_same_calls_make_the_same_bytes((policy, history) in histories(40)) {
        let mut worlds = [World::new(&policy), World::new(&policy)];
        for (op, asks) in &history {
            for world in &mut worlds {
                world.apply(op)?;
                if *asks {
                    let _ = world.graph.settle();
                }
            }
        }
        let [one, other] = &mut worlds;
        prop_assert_eq!(bytes(&mut one.graph), bytes(&mut other.graph));
        let changes = |graph: &IdentityGraph| graph.changes(Position::default()).collect::<Vec<_>>();
        prop_assert_eq!(changes(&one.graph), changes(&other.graph));
    }
}

/// All places in a document, as JSON pointers.
fn places(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(place, item)| places(item, &format!("{at}/{place}"), into));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(key, field)| places(field, &format!("{at}/{key}"), into));
        }
        _ => {}
    }
}

/// One damage of a kind that fits what stands there.
fn damage(value: &mut Value, kind: u8, number: u64) {
    match value {
        Value::Array(items) if kind.is_multiple_of(4) => {
            items.truncate(number as usize % (items.len() + 1));
        }
        Value::Array(items) if kind % 4 == 1 => {
            let copy = items.first().cloned();
            items.extend(copy);
        }
        Value::Array(items) if kind % 4 == 2 => items.reverse(),
        Value::Array(items) => items.clear(),
        Value::Number(old) => {
            let old = old.as_u64().unwrap_or(0);
            let new = [
                old.wrapping_add(1),
                old.wrapping_sub(1),
                number % 8,
                0,
                u32::MAX.into(),
                u64::MAX,
                number,
            ];
            *value = new[usize::from(kind) % new.len()].into();
        }
        Value::String(text) if kind.is_multiple_of(2) => text.clear(),
        Value::String(text) => *text = format!("{number}"),
        Value::Bool(flag) => *flag = !*flag,
        Value::Null => *value = number.into(),
        Value::Object(fields) => {
            let key = fields.keys().nth(number as usize % fields.len().max(1)).cloned();
            key.and_then(|key| fields.remove(&key));
        }
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn a_damaged_snapshot_never_panics(
        (policy, history) in histories(30),
        damages in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<u64>()), 1..4),
        later in prop::collection::vec(observations(), 0..6),
    ) {
        let mut world = World::new(&policy);
        for (op, _) in &history {
            world.apply(op)?;
        }
        let mut document = serde_json::to_value(world.graph.snapshot()).unwrap();
        for (place, kind, number) in &damages {
            let mut all = Vec::new();
            places(&document, "", &mut all);
            let place = &all[place.index(all.len())];
            damage(document.pointer_mut(place).unwrap(), *kind, *number);
        }
        let Ok(snapshot) = serde_json::from_value::<Snapshot>(document) else { return Ok(()) };
        let Ok(mut graph) = IdentityGraph::restore(KEY, &snapshot) else { return Ok(()) };
        read_everything(&mut graph);
        for (number, seen) in later.iter().enumerate() {
            let _ = graph.observe(&observation(seen, TouchpointId::new(Uuid::from_u128(1_000 + number as u128))));
        }
        let touchpoints: Vec<TouchpointId> = {
            let view = graph.settle();
            view.touchpoints().filter_map(|touchpoint| view.touchpoint_id(touchpoint)).collect()
        };
        let _ = graph.retract_source("crm");
        let _ = graph.expire(crate::world::day(30));
        for pair in touchpoints.windows(2).take(2) {
            let _ = graph.forbid(pair[0], pair[1]);
            let _ = graph.erase(pair[0], crate::world::day(10));
        }
        read_everything(&mut graph);
    }
}

fn read_everything(graph: &mut IdentityGraph) {
    let view = graph.settle();
    for customer in view.customers() {
        let _ = (customer.members(), customer.identifiers());
    }
    for touchpoint in view.touchpoints() {
        let _ = (
            view.evidence(touchpoint),
            view.touchpoint_key(touchpoint),
            view.names(touchpoint).count(),
        );
    }
    let _ = (view.withheld().count(), view.contested(), view.changes(Position::default()).count());
    let _ = graph.snapshot();
}
