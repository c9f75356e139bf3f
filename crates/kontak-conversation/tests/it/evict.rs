//! What is evicted and brought back is as if it had never been away.

use crate::steps::{Step, rearranging, shops, steps, take};
use crate::world::{Asked, World, agent, native, touchpoint, uuid, words};
use kontak_conversation::chrono::{DateTime, TimeDelta, Utc};
use kontak_conversation::{
    Actor, BringBackError, Command, CommitmentId, Conversations, DataClass, Delivery,
    DeliveryStatus, Event, Evicted, MessageChange, PlacementReason, Policy, Rejected, Relation,
    Status,
};
use kontak_types::{ConversationId, CustomerId};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A state, and what of it is elsewhere.
struct Forgetful {
    state: Conversations,
    elsewhere: BTreeMap<ConversationId, Vec<u8>>,
}

impl Forgetful {
    fn new() -> Self {
        Self { state: Conversations::new(), elsewhere: BTreeMap::new() }
    }

    /// Lets go of some of those that rest.
    fn forget(&mut self, which: u8) {
        let resting: Vec<_> = self.state.resting_since(DateTime::<Utc>::MAX_UTC).collect();
        for (nth, id) in resting.into_iter().enumerate() {
            if which >> (nth % 8) & 1 == 1 {
                let evicted = self.state.evict(id).unwrap();
                assert_eq!(evicted.id(), id);
                assert!(self.state.is_evicted(id) && self.state.conversation(id).is_none());
                self.elsewhere.insert(id, postcard::to_allocvec(&evicted).unwrap());
            }
        }
        assert_eq!(self.state.evicted(), self.elsewhere.len());
    }

    /// Brings back until nothing is needed any more.
    fn bring_back(&mut self, needs: impl Fn(&Conversations) -> Vec<ConversationId>) {
        loop {
            let needed = needs(&self.state);
            if needed.is_empty() {
                return;
            }
            for id in needed {
                let bytes = self.elsewhere.remove(&id).unwrap();
                self.state.bring_back(postcard::from_bytes(&bytes).unwrap()).unwrap();
            }
        }
    }

    fn bring_all_back(&mut self) {
        for bytes in std::mem::take(&mut self.elsewhere).into_values() {
            self.state.bring_back(postcard::from_bytes(&bytes).unwrap()).unwrap();
        }
    }

    fn restart(&mut self) {
        let bytes = postcard::to_allocvec(&self.state.snapshot()).unwrap();
        self.state = Conversations::restore(postcard::from_bytes(&bytes).unwrap()).unwrap();
        assert_eq!(postcard::to_allocvec(&self.state.snapshot()).unwrap(), bytes);
    }
}

fn decide(
    state: &Conversations,
    now: DateTime<Utc>,
    asked: &Asked,
) -> Result<Vec<Event>, Rejected> {
    match asked {
        Some((actor, command)) => state.decide(actor, command.clone(), now),
        None => Ok(state.handle_timeout(now)),
    }
}

fn bytes(state: &Conversations) -> Vec<u8> {
    postcard::to_allocvec(&state.snapshot()).unwrap()
}

/// What happens, with more that rests, and more that is rearranged, than usual.
fn restful() -> impl Strategy<Value = Step> {
    let resolved = (0..12_usize).prop_map(|place| Step::SetsStatus(place, 4));
    prop_oneof![3 => steps(), 1 => rearranging(), 1 => resolved]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_evicted_everything_goes_as_without(
        taken in vec(restful(), 0..80),
        which in vec(any::<u8>(), 1..30),
        restarts in any::<u8>(),
    ) {
        let mut world = World::new();
        taken.iter().for_each(|step| take(&mut world, step));
        let (mut plain, mut forgetful) = (Conversations::new(), Forgetful::new());
        for (nth, ((now, asked), which)) in world.asked.iter().zip(which.iter().cycle()).enumerate() {
            forgetful.forget(*which);
            if restarts != 0 && nth.is_multiple_of(usize::from(restarts)) {
                forgetful.restart();
            }
            forgetful.bring_back(|state| match asked {
                Some((_, command)) => state.needs(command),
                None => state.needs_at(*now),
            });
            let (expected, events) = (decide(&plain, *now, asked), decide(&forgetful.state, *now, asked));
            prop_assert_eq!(&events, &expected);
            for event in expected.into_iter().flatten() {
                plain.apply(&event);
                prop_assert!(forgetful.state.needs_to_apply(&event).is_empty(), "{:?}", event);
                forgetful.state.apply(&event);
            }
            prop_assert_eq!(forgetful.state.next_deadline(), plain.next_deadline());
        }
        forgetful.bring_all_back();
        prop_assert_eq!(bytes(&forgetful.state), bytes(&plain));
        prop_assert_eq!(bytes(&forgetful.state), bytes(&world.state));
    }

    #[test]
    fn a_journal_is_replayed_with_what_it_needs(
        world in shops(),
        which in vec(any::<u8>(), 1..30),
    ) {
        let mut forgetful = Forgetful::new();
        for (event, which) in world.events.iter().zip(which.iter().cycle()) {
            forgetful.forget(*which);
            forgetful.bring_back(|state| state.needs_to_apply(event));
            forgetful.state.apply(event);
        }
        forgetful.bring_all_back();
        prop_assert_eq!(bytes(&forgetful.state), bytes(&world.state));
    }
}

/// A conversation that was resolved, and is evicted.
fn evicted(world: &mut World) -> (ConversationId, Evicted) {
    let conversation = world.hears(1, 0, "whatsapp");
    let resolve = Command::SetStatus { conversation, to: Status::Resolved };
    let _ = world.run(&Actor::Agent(agent(1)), resolve).unwrap();
    let evicted = world.state.evict(conversation).unwrap();
    (conversation, evicted)
}

#[test]
fn a_message_chooses_by_what_stayed_behind() {
    let mut world = World::new();
    let (id, away) = evicted(&mut world);
    let inbound = world.inbound(1, 0, "whatsapp");
    let placement = world.state.place(&inbound);
    assert_eq!((placement.conversation, placement.reason), (Some(id), PlacementReason::Reopened));
    let receive = Command::Receive(Box::new(inbound));
    let customer = Actor::Customer(touchpoint(1, 0));
    assert_eq!(world.state.needs(&receive), [id]);
    assert_eq!(world.run(&customer, receive.clone()), Err(Rejected::Evicted(id)));
    world.state.bring_back(away).unwrap();
    assert_eq!(world.run(&customer, receive).unwrap().len(), 4);
}

#[test]
fn who_comes_back_too_late_brings_nothing_back() {
    let mut world = World::new();
    let (id, _away) = evicted(&mut world);
    world.pass(1_000);
    let inbound = world.inbound(1, 0, "whatsapp");
    assert!(world.state.needs(&Command::Receive(Box::new(inbound.clone()))).is_empty());
    let (other, _) = world.receive(&inbound);
    assert_ne!(other, id);
    let customer = CustomerId::from(touchpoint(1, 0));
    assert_eq!(world.state.evicted_of(customer).collect::<Vec<_>>(), [id]);
    assert_eq!(world.state.of_customer(customer).count(), 1);
}

#[test]
fn a_receipt_finds_its_message_again() {
    let mut world = World::new();
    let (id, _away) = evicted(&mut world);
    let read = MessageChange::Delivered(Delivery::new(0, DeliveryStatus::Read));
    let receipt =
        |of| Command::Relate(Box::new(Relation::new(native(of), world.now, read.clone())));
    assert_eq!(world.state.needs(&receipt(2)), [id]);
    assert!(world.state.needs(&receipt(3)).is_empty());
}

#[test]
fn only_what_rests_is_evicted_and_it_comes_back_once() {
    let mut world = World::new();
    let (id, away) = evicted(&mut world);
    assert_eq!(world.state.evict(id), None);
    world.state.bring_back(away.clone()).unwrap();
    assert_eq!(world.state.bring_back(away), Err(BringBackError::NotEvicted(id)));
    let open = world.hears(2, 0, "whatsapp");
    assert_eq!(world.state.evict(open), None);
    let promise = Command::Promise {
        commitment: CommitmentId::new(uuid(5, 1)),
        conversation: id,
        what: words("a call"),
        due: world.now + TimeDelta::hours(1),
        message: None,
    };
    let _ = world.run(&Actor::Agent(agent(1)), promise).unwrap();
    assert_eq!(world.state.evict(id), None, "what is promised is watched");
    world.pass(2);
    let _ = world.wake();
    assert!(world.state.evict(id).is_some());
}

/// What was merged is empty, and stays here; what was in it went where it went, and may be away.
#[test]
fn what_was_merged_goes_with_what_was_in_it_when_customers_part() {
    let mut world = World::new();
    let theirs = touchpoint(1, 1);
    let empty = world.hears(1, 1, "whatsapp");
    let resolve = |conversation| Command::SetStatus { conversation, to: Status::Resolved };
    let somebody = Actor::Agent(agent(1));
    let _ = world.run(&somebody, resolve(empty)).unwrap();
    world.pass(1_000);
    let whole = world.hears(1, 1, "whatsapp");
    assert_ne!(whole, empty);
    let _ = world.run(&somebody, Command::Merge { from: empty, into: whole }).unwrap();
    let _ = world.run(&somebody, resolve(whole)).unwrap();
    let away = world.state.evict(whole).unwrap();
    assert_eq!(world.state.evict(empty), None, "it says where all went");
    let (from, into) = (world.owner(theirs), CustomerId::from(theirs));
    let part = Command::PartCustomers { from, into, touchpoints: vec![theirs], new: Vec::new() };
    assert_eq!(world.state.needs(&part), [whole]);
    assert_eq!(world.state.needs_to_part(from, &[theirs]), [whole]);
    world.state.bring_back(away).unwrap();
    let _ = world.run(&Actor::System, part).unwrap();
    for id in [empty, whole] {
        assert_eq!(world.state.conversation(id).unwrap().customer, into);
    }
}

#[test]
fn what_is_given_up_is_as_if_it_had_never_been() {
    let mut world = World::new();
    let mut policy = Policy::default();
    policy.retention.days = [(DataClass::Words, 30)].into();
    let _ = world.run(&Actor::System, Command::SetPolicy(Box::new(policy))).unwrap();
    let (id, away) = evicted(&mut world);
    assert!(world.state.next_deadline().is_some(), "its words are to go in time");
    let about = world.state.give_up(id).unwrap();
    assert_eq!(about, [touchpoint(1, 0)].into());
    assert_eq!(world.state.give_up(id), None);
    assert_eq!(world.state.next_deadline(), None);
    assert_eq!(world.state.evicted(), 0);
    assert!(world.state.needs_of_native(native(2)).is_empty());
    assert_eq!(world.state.bring_back(away), Err(BringBackError::NotEvicted(id)));
    let bytes = postcard::to_allocvec(&world.state.snapshot()).unwrap();
    let restored = Conversations::restore(postcard::from_bytes(&bytes).unwrap()).unwrap();
    assert_eq!(postcard::to_allocvec(&restored.snapshot()).unwrap(), bytes);
    // Who comes back begins another.
    assert_ne!(world.hears(1, 0, "whatsapp"), id);
}
