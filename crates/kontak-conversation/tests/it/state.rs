//! What follows from events, also where they are not what is usual.

use crate::world::{World, agent};
use kontak_conversation::chrono::TimeDelta;
use kontak_conversation::{
    Actor, Command, Conversations, Event, EventBody, PlacementReason, Status,
};
use kontak_types::{ConversationId, MessageId};

fn set(world: &mut World, conversation: ConversationId, to: Status) {
    let _ = world.run(&Actor::Agent(agent(1)), Command::SetStatus { conversation, to }).unwrap();
}

/// The same, from a snapshot.
fn restored(world: &World) -> Conversations {
    Conversations::restore(world.state.snapshot()).unwrap()
}

fn messages(state: &Conversations, id: ConversationId) -> Vec<MessageId> {
    state.messages(id).map(|message| message.said.id).collect()
}

#[test]
fn what_is_closed_is_passed_over_whichever_was_closed_first() {
    let mut world = World::new();
    let mut old = || {
        let id = world.hears(1, 0, "whatsapp");
        set(&mut world, id, Status::Resolved);
        world.pass(73);
        id
    };
    let (first, second) = (old(), old());
    let third = world.hears(1, 0, "whatsapp");
    for closed in [second, first] {
        set(&mut world, closed, Status::Closed);
        let inbound = world.inbound(1, 0, "whatsapp");
        let placement = world.state.place(&inbound);
        assert_eq!(placement.conversation, Some(third));
        assert_eq!(restored(&world).place(&inbound), placement);
    }
    set(&mut world, third, Status::Resolved);
    set(&mut world, third, Status::Closed);
    let inbound = world.inbound(1, 0, "whatsapp");
    assert_eq!(world.state.place(&inbound).reason, PlacementReason::FirstContact);
    assert_eq!(restored(&world).place(&inbound).reason, PlacementReason::FirstContact);
    assert_eq!(world.state.of_customer(inbound.customer).count(), 3);
}

#[test]
fn a_message_that_is_placed_anew_leaves_where_it_was() {
    let mut world = World::new();
    let (from, to) = (world.hears(1, 0, "whatsapp"), world.hears(2, 0, "whatsapp"));
    let began = world.now;
    world.pass(1);
    assert_eq!(world.hears(1, 0, "whatsapp"), from);
    let message = messages(&world.state, from)[1];
    let leg = world.state.legs(to).next().unwrap().id;
    let body = EventBody::MessagePlaced { message, leg, reason: None };
    let moved = Event::new(world.now, Actor::System, body);
    world.take(&[moved.clone(), moved]);
    for state in [&world.state, &restored(&world)] {
        assert_eq!((messages(state, from).len(), messages(state, to)[1]), (1, message));
        let last = |id| state.conversation(id).unwrap().last_message_at();
        assert_eq!((last(from), last(to)), (Some(began), Some(world.now)));
    }
}

#[test]
fn times_are_kept_to_the_microsecond() {
    let mut world = World::new();
    let mut inbound = world.inbound(1, 0, "whatsapp");
    let at = inbound.message.at + TimeDelta::microseconds(7);
    inbound.message.at = at + TimeDelta::nanoseconds(999);
    let (id, message) = world.receive(&inbound);
    assert_eq!(world.state.message(message).unwrap().said.at, at);
    assert_eq!(world.state.conversation(id).unwrap().opened_at, at);
}
