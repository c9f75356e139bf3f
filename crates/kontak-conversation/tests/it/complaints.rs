//! What users of other systems complain about, by issue.

use crate::world::{World, agent, native};
use kontak_conversation::{
    Actor, Command, Delivery, DeliveryStatus, MessageChange, PlacementReason, Relation, Status,
};

fn placed(world: &World, inbound: &kontak_conversation::Inbound) -> PlacementReason {
    world.state.place(inbound).reason
}

/// zammad#5064: a stranger who writes a ticket's number, or answers a forwarded mail, joins it.
#[test]
fn a_stranger_who_refers_to_a_conversation_begins_their_own() {
    let mut world = World::new();
    let mail = world.inbound(1, 0, "email");
    let (theirs, _) = world.receive(&mail);
    let mut stranger = world.inbound(2, 0, "email");
    stranger.references = vec![mail.message.native.unwrap()];
    stranger.token = Some(theirs);
    assert_eq!(placed(&world, &stranger), PlacementReason::Stranger);
    assert_ne!(world.receive(&stranger).0, theirs);
    // A second account of the same person is no stranger, wherever identity has it now.
    let mut colleague = world.inbound(3, 0, "email");
    colleague.references = vec![mail.message.native.unwrap()];
    colleague.also = vec![mail.touchpoint];
    assert_eq!(placed(&world, &colleague), PlacementReason::Answers);
}

/// chatwoot PR#7286: a mail without In-Reply-To matched anything.
#[test]
fn a_mail_that_answers_nothing_answers_nothing() {
    let mut world = World::new();
    let _ = world.hears(1, 0, "email");
    let inbound = world.inbound(2, 0, "email");
    assert_eq!(placed(&world, &inbound), PlacementReason::FirstContact);
}

/// zammad#983, frappe/helpdesk#2539: what is closed for good comes back to life by a reply.
#[test]
fn what_is_closed_stays_closed() {
    let mut world = World::new();
    let mail = world.inbound(1, 0, "email");
    let (id, _) = world.receive(&mail);
    let clerk = Actor::Agent(agent(1));
    for to in [Status::Resolved, Status::Closed] {
        let _ = world.run(&clerk, Command::SetStatus { conversation: id, to }).unwrap();
    }
    let mut reply = world.inbound(1, 0, "email");
    reply.message.answers = mail.message.native;
    assert_eq!(placed(&world, &reply), PlacementReason::TooLate);
    assert_ne!(world.receive(&reply).0, id);
    assert_eq!(world.state.conversation(id).unwrap().status, Status::Closed);
}

/// chatwoot#14529: a late `sent` leaves a message undelivered, or a failed one sent.
#[test]
fn delivery_never_goes_back() {
    let mut world = World::new();
    let mail = world.inbound(1, 0, "whatsapp");
    let (_, message) = world.receive(&mail);
    let mut report = |status| {
        let change = MessageChange::Delivered(Delivery::new(0, status));
        let relation = Relation::new(mail.message.native.unwrap(), world.now, change);
        let _ = world.run(&Actor::System, Command::Relate(Box::new(relation))).unwrap();
        world.state.message(message).unwrap().delivery().unwrap().status
    };
    assert_eq!(report(DeliveryStatus::Delivered), DeliveryStatus::Delivered);
    assert_eq!(report(DeliveryStatus::Sent), DeliveryStatus::Delivered);
    assert_eq!(report(DeliveryStatus::Failed), DeliveryStatus::Delivered);
    assert_eq!(report(DeliveryStatus::Read), DeliveryStatus::Read);
}

/// fazer-ai/chatwoot#373: an edit, a reaction or a receipt that comes before its message is lost.
#[test]
fn what_is_said_of_a_message_waits_for_it() {
    let mut world = World::new();
    let inbound = world.inbound(1, 0, "whatsapp");
    let target = inbound.message.native.unwrap();
    let by = Actor::Agent(agent(1));
    let changes = [MessageChange::Reacted { by, emoji: Some("👍".into()) }, MessageChange::Deleted];
    for change in changes {
        let relation = Relation::new(target, world.now, change);
        let _ = world.run(&Actor::System, Command::Relate(Box::new(relation))).unwrap();
    }
    assert_eq!(world.state.waiting(), 1);
    let (_, message) = world.receive(&inbound);
    assert_eq!(world.state.waiting(), 0);
    let view = world.state.message(message).unwrap();
    assert_eq!((view.content(), view.reactions().count()), (None, 1));
}

/// chatwoot#13470: one thread of a customer across channels; #4728: different people in one.
#[test]
fn an_answer_from_another_channel_finds_the_conversation_and_another_person_does_not() {
    let mut world = World::new();
    let id = world.hears(1, 0, "facebook");
    world.pass(100);
    assert_eq!(world.hears(1, 1, "whatsapp"), id);
    assert_ne!(world.hears(2, 0, "whatsapp"), id);
    assert!(world.state.messages(id).all(|message| message.said.native != Some(native(0))));
}
