//! The promises of the engine as short stories, each under default rules but for one.

use crate::world::{Op, Seen, SeenValue, Which, World, day, partition, touchpoint, value};
use kontak_identity::{
    Change, IdentifierClass, IdentityGraph, Observation, ObserveError, Outcome, Policy, Resolved,
    Retraction, TenantKey, Tombstone, Verification,
};
use kontak_types::{CustomerId, TouchpointId, uuid::Uuid};

fn seen(touchpoint: usize, value: usize, on: u32) -> Seen {
    Seen {
        touchpoint,
        values: vec![SeenValue { value, weaker: None, class: IdentifierClass::Personal }],
        source: 0,
        record: 0,
        revision: 0,
        day: on,
        until: None,
        verification: Verification::Claimed,
        name: None,
    }
}

fn customers(world: &mut World) -> Vec<Vec<String>> {
    world.check().unwrap();
    partition(&mut world.graph).into_iter().map(|customer| customer.into_iter().collect()).collect()
}

fn world(validity_days: Option<u32>) -> World {
    let mut policy = Policy::default();
    policy.phone.validity_days = validity_days;
    World::new(&policy)
}

impl World {
    fn see(&mut self, seen: &Seen) {
        self.apply(&Op::Observe(seen.clone())).unwrap();
    }

    fn customer_of(&mut self, place: usize) -> CustomerId {
        let view = self.graph.settle();
        view.customer_of(view.touchpoint(&touchpoint(place)).unwrap()).unwrap().id()
    }

    fn retract_at(&mut self, place: usize) -> Vec<Retraction> {
        let view = self.graph.settle();
        let evidence = view.evidence(view.touchpoint(&touchpoint(place)).unwrap());
        let retractions: Vec<Retraction> =
            evidence.iter().map(|one| Retraction::new(one.id, one.revision)).collect();
        self.graph.retract(&retractions);
        retractions.iter().for_each(|retraction| self.model.retract(*retraction));
        retractions
    }
}

/// The number fell silent for longer than it stays with its holder, so its next holder is somebody
/// else; a sighting in between, however late it is told, says that it never fell silent.
#[test]
fn late_evidence_closes_the_gap_between_two_tenancies() {
    let mut world = world(Some(30));
    world.see(&seen(0, 0, 0));
    world.see(&seen(1, 0, 50));
    assert_eq!(customers(&mut world), [["t0"], ["t1"]]);
    let late = Seen { record: 1, ..seen(0, 0, 25) };
    world.see(&late);
    assert_eq!(customers(&mut world), [["t0", "t1"]]);
    let retraction =
        world.model.facts().last().map(|fact| Retraction::new(fact.id, fact.revision)).unwrap();
    world.graph.retract(&[retraction]);
    world.model.retract(retraction);
    assert_eq!(customers(&mut world), [["t0"], ["t1"]]);
}

/// Half-open: who begins at the very moment at which the other ends has another tenancy.
#[test]
fn tenancies_that_touch_do_not_overlap() {
    let mut world = world(Some(30));
    world.see(&seen(0, 0, 0));
    world.see(&seen(1, 0, 30));
    assert_eq!(customers(&mut world), [["t0"], ["t1"]]);
    world.see(&seen(2, 0, 29));
    assert_eq!(customers(&mut world), [vec!["t0", "t1", "t2"]]);
}

/// Silence ends nothing, a platform's word does, and only when its hour has come.
#[test]
fn evidence_ends_by_the_clock_only_where_an_end_was_given() {
    let mut world = world(None);
    world.see(&seen(0, 0, 0));
    world.see(&Seen { until: Some(10), ..seen(1, 0, 1) });
    assert_eq!(world.graph.next_deadline(), Some(day(10)));
    world.apply(&Op::Expire(9)).unwrap();
    assert_eq!(customers(&mut world), [["t0", "t1"]]);
    world.apply(&Op::Expire(10)).unwrap();
    assert_eq!(customers(&mut world), [["t0"], ["t1"]]);
    assert_eq!(world.graph.next_deadline(), None);
    world.see(&seen(1, 0, 1));
    assert_eq!(customers(&mut world), [["t0"], ["t1"]]);
    world.see(&Seen { revision: 1, ..seen(1, 0, 12) });
    assert_eq!(customers(&mut world), [["t0", "t1"]]);
}

/// A merge lends the older id, an un-merge gives each side its own back.
#[test]
fn each_side_of_a_split_has_its_own_id_back() {
    let mut world = world(None);
    for (touchpoint, value) in [(0, 0), (1, 0), (2, 1), (3, 1)] {
        world.see(&seen(touchpoint, value, 0));
    }
    let (first, second) = (world.customer_of(0), world.customer_of(2));
    assert_ne!(first, second);
    world.see(&Seen {
        values: seen(4, 0, 0).values.into_iter().chain(seen(4, 1, 0).values).collect(),
        ..seen(4, 0, 0)
    });
    assert_eq!((world.customer_of(3), world.graph.settle().customer_count()), (first, 1));
    assert_eq!(
        world.graph.settle().resolve(second).customer().map(|customer| customer.id()),
        Some(first)
    );

    world.retract_at(4);
    assert_eq!((world.customer_of(1), world.customer_of(3)), (first, second));
    world.check().unwrap();
}

/// Better evidence of an edge that was known moves it forward in the order of admission.
#[test]
fn better_evidence_ranks_a_known_edge_anew() {
    let mut policy = Policy::default();
    policy.phone.per_customer = 1;
    let mut world = World::new(&policy);
    let known =
        |touchpoint, value, verification| Seen { verification, ..seen(touchpoint, value, 0) };
    world.see(&known(0, 0, Verification::Claimed));
    world.see(&known(0, 1, Verification::Signed));
    world.see(&known(1, 0, Verification::OneTimeCode));
    assert_eq!(customers(&mut world), [["t0"], ["t1"]]);
    world.see(&Seen { record: 1, ..known(0, 0, Verification::OneTimeCode) });
    assert_eq!(customers(&mut world), [["t0", "t1"]]);
}

/// Two who are cut off from the same customer by one call have nothing to do with each other.
#[test]
fn a_source_that_is_taken_back_leaves_nobody_together() {
    let mut policy = Policy::default();
    policy.email.validity_days = Some(2);
    let mut world = World::new(&policy);
    let with = |touchpoint, values: [usize; 2], on| Seen {
        values: values
            .map(|value| SeenValue { value, weaker: None, class: IdentifierClass::Personal })
            .into(),
        ..seen(touchpoint, values[0], on)
    };
    world.see(&with(4, [6, 5], 21));
    world.see(&seen(2, 6, 20));
    world.see(&with(3, [2, 5], 0));
    world.see(&Seen { source: 1, ..seen(3, 5, 20) });
    world.see(&seen(0, 2, 0));
    assert_eq!(customers(&mut world), [["t0", "t2", "t3", "t4"]]);
    world.apply(&Op::RetractSource(0)).unwrap();
    assert_eq!(customers(&mut world), [["t0"], ["t2"], ["t3"], ["t4"]]);
}

/// A given end limits a tenancy even where the kind of value has no validity of its own.
#[test]
fn what_is_left_of_a_holder_may_lie_before_the_others() {
    let mut world = world(None);
    world.see(&Seen { until: Some(11), ..seen(0, 0, 5) });
    world.see(&seen(1, 0, 5));
    world.see(&Seen { source: 1, until: Some(0), ..seen(0, 0, 0) });
    assert_eq!(customers(&mut world), [["t0", "t1"]]);
    world.apply(&Op::Retract(vec![Which::Seen(0)])).unwrap();
    assert_eq!(customers(&mut world), [["t0"], ["t1"]]);
}

#[test]
fn when_its_founder_is_erased_a_customer_takes_the_id_of_the_next() {
    let mut world = world(None);
    for touchpoint in 0..3 {
        world.see(&seen(touchpoint, 0, 0));
    }
    let (founder, next) = (world.id_of(0), world.id_of(1));
    world.apply(&Op::Erase(0, 5)).unwrap();
    assert_eq!(world.customer_of(2), CustomerId::from(next));
    assert!(matches!(world.graph.settle().resolve(founder), Resolved::Erased));
    let view = world.graph.settle();
    assert!(
        view.touchpoint_by_id(founder).and_then(|erased| view.touchpoint_key(erased)).is_none()
    );

    world.see(&Seen { record: 1, ..seen(0, 0, 5) });
    assert_eq!(world.graph.settle().touchpoint(&touchpoint(0)), None);
    world.see(&Seen { record: 1, ..seen(0, 0, 6) });
    assert_eq!(world.customer_of(0), CustomerId::from(next));
    assert_ne!(world.id_of(0), founder);
    world.check().unwrap();
}

/// A journal from which all that was observed of somebody was taken out.
#[test]
fn an_erasure_is_replayed_where_nothing_is_known_of_whom_it_erases() {
    let key = || TenantKey::new(*b"sixteen secret b");
    let see = |graph: &mut IdentityGraph, number: u128, place, on| {
        let id = TouchpointId::new(Uuid::from_u128(number));
        graph.observe(&Observation::new(id, touchpoint(place), "shop", "row 1", day(on))).unwrap();
        id
    };
    let mut live = IdentityGraph::new(key(), Policy::default()).unwrap();
    let (gone, stays) = (see(&mut live, 1, 0, 1), see(&mut live, 2, 1, 1));
    let tombstone = live.tombstone(gone).unwrap();
    assert_eq!(live.tombstone(TouchpointId::new(Uuid::from_u128(9))), None);
    live.replay_erasure(gone, tombstone, day(5)).unwrap();
    assert_eq!(live.tombstone(gone), None);

    let mut replayed = IdentityGraph::new(key(), Policy::default()).unwrap();
    see(&mut replayed, 2, 1, 1);
    let before = replayed.position();
    replayed.replay_erasure(gone, tombstone, day(5)).unwrap();
    assert!(replayed.replay_erasure(gone, tombstone, day(5)).is_err(), "it was erased before");
    let changes: Vec<_> = replayed.settle().changes(before).map(|(_, change)| change).collect();
    assert!(matches!(changes[..], [Change::Founded { .. }, Change::Erased { .. }]), "{changes:?}");
    let restored = IdentityGraph::restore(key(), &replayed.snapshot()).unwrap();

    for mut graph in [live, replayed, restored] {
        assert!(matches!(graph.settle().resolve(gone), Resolved::Erased));
        assert!(matches!(graph.settle().resolve(stays), Resolved::Customer(_)));
        see(&mut graph, 3, 0, 5);
        assert_eq!(graph.settle().touchpoint(&touchpoint(0)), None, "a copy of what was seen");
        let anew = see(&mut graph, 4, 0, 6);
        let view = graph.settle();
        let known = view.touchpoint(&touchpoint(0)).unwrap();
        assert_eq!(view.touchpoint_id(known), Some(anew));
        assert_eq!(view.customer_count(), 2);
    }
    let json = serde_json::to_string(&tombstone).unwrap();
    assert_eq!((json.len(), serde_json::from_str::<Tombstone>(&json).unwrap()), (34, tombstone));
    let bytes = postcard::to_allocvec(&tombstone).unwrap();
    assert_eq!(postcard::from_bytes::<Tombstone>(&bytes).unwrap(), tombstone);
}

/// The order of changes within one call is part of what a journal replays to, so it may not hang
/// on where a restore happens to put things.
#[test]
fn a_restored_graph_tells_its_changes_in_the_same_order() {
    let mut world = World::new(&Policy::default());
    for (touchpoint, value, source, record, name) in [
        (4, 1, 0, 2, None),
        (8, 1, 0, 0, None),
        (7, 2, 1, 0, None),
        (4, 5, 1, 0, Some(3)),
        (6, 2, 1, 1, None),
    ] {
        world.see(&Seen { source, record, name, ..seen(touchpoint, value, 0) });
    }
    world.see(&seen(8, 2, 0));
    world.see(&Seen { source: 1, name: Some(0), ..seen(3, 1, 0) });
    let snapshot = world.graph.snapshot();
    let mut restored = IdentityGraph::restore(crate::world::KEY, &snapshot).unwrap();
    let since = world.graph.position();
    let told = [&mut world.graph, &mut restored].map(|graph| {
        assert_eq!(graph.retract_source("pos").len(), 4);
        let _ = graph.settle();
        graph.changes(since).collect::<Vec<_>>()
    });
    assert_eq!(told[0], told[1]);
}

#[test]
fn an_erasure_leaves_no_word_of_it() {
    let mut world = world(None);
    world.see(&seen(0, 0, 0));
    world.see(&Seen { name: Some(0), record: 2, ..seen(1, 4, 0) });
    world.apply(&Op::Erase(1, 5)).unwrap();
    let snapshot = serde_json::to_string(&world.graph.snapshot()).unwrap();
    for word in ["siti@", "Siti", "note-1"] {
        assert!(!snapshot.contains(word), "{word} in {snapshot}");
    }
    assert!(world.graph.settle().identifier(&value(4)).is_none());
}

#[test]
fn an_id_is_given_to_one_account_only() {
    let mut graph = IdentityGraph::new(crate::world::KEY, Policy::default()).unwrap();
    let id = TouchpointId::new(Uuid::from_u128(1));
    let of = |place| Observation::new(id, touchpoint(place), "crm", "1", day(0));
    assert_eq!(graph.observe(&of(0)), Ok(Outcome::Recorded));
    assert_eq!(graph.observe(&of(1)), Err(ObserveError::IdTaken { id }));
    graph.erase(id, day(1)).unwrap();
    assert_eq!(graph.observe(&of(1)), Err(ObserveError::IdTaken { id }));
    assert_eq!(graph.settle().touchpoint_count(), 0);
}
