//! What each command does, and why it is refused.

use crate::world::{World, agent, uuid, words};
use kontak_conversation::chrono::TimeDelta;
use kontak_conversation::{
    Actor, Command, CommitmentId, CommitmentState, EventBody, HandoverId, HandoverKind,
    HandoverTarget, PlacementReason, Rejected, Status, StatusKind,
};

fn reason(world: &World) -> PlacementReason {
    let placed = world.events.iter().rev().find_map(|event| match &event.body {
        EventBody::MessagePlaced { reason, .. } => *reason,
        _ => None,
    });
    placed.unwrap()
}

#[test]
fn one_customer_has_one_conversation_over_every_channel() {
    let mut world = World::new();
    let first = world.hears(1, 0, "voice");
    assert_eq!(reason(&world), PlacementReason::FirstContact);
    world.pass(24);
    assert_eq!(world.hears(1, 1, "messenger"), first);
    assert_eq!(reason(&world), PlacementReason::OpenConversation);
    world.pass(24);
    assert_eq!(world.hears(1, 0, "store"), first);
    assert_ne!(world.hears(2, 0, "store"), first);
    let conversation = world.state.conversation(first).unwrap();
    assert_eq!((world.state.legs(first).len(), conversation.message_count()), (3, 3));
}

#[test]
fn the_same_message_again_changes_nothing() {
    let mut world = World::new();
    let inbound = world.inbound(1, 0, "whatsapp");
    let _ = world.receive(&inbound);
    let mut again = inbound.clone();
    again.message.id = kontak_types::MessageId::new(uuid(3, 999));
    let actor = Actor::Customer(inbound.touchpoint);
    let events = world.run(&actor, Command::Receive(Box::new(again))).unwrap();
    assert_eq!(events, []);
}

#[test]
fn it_opens_again_within_the_window_and_counts_an_episode() {
    let mut world = World::new();
    let id = world.hears(1, 0, "whatsapp");
    let clerk = Actor::Agent(agent(1));
    let set = |to| Command::SetStatus { conversation: id, to };
    let _ = world.run(&clerk, set(Status::Resolved)).unwrap();
    world.pass(71);
    assert_eq!(world.hears(1, 0, "whatsapp"), id);
    assert_eq!(reason(&world), PlacementReason::Reopened);
    assert_eq!(world.state.conversation(id).unwrap().episode, 1);
    let _ = world.run(&clerk, set(Status::Resolved)).unwrap();
    world.pass(73);
    assert_ne!(world.hears(1, 0, "whatsapp"), id);
    assert_eq!(reason(&world), PlacementReason::TooLate);
}

#[test]
fn every_transition_that_is_not_in_the_table_is_refused_and_changes_nothing() {
    let mut world = World::new();
    let clerk = Actor::Agent(agent(1));
    let until = world.now + TimeDelta::hours(5);
    let all = [
        Status::Open,
        Status::WaitingForCustomer,
        Status::OnHold,
        Status::Snoozed { until },
        Status::Resolved,
        Status::Closed,
    ];
    for from in all {
        for to in all.into_iter().filter(|to| *to != from) {
            let id = world.hears(world.next + 10, 0, "whatsapp");
            let route: &[Status] = match from {
                Status::Closed => &[Status::Resolved, Status::Closed],
                _ => &[from],
            };
            for step in route {
                let _ =
                    world.run(&clerk, Command::SetStatus { conversation: id, to: *step }).unwrap();
            }
            let before = world.state.conversation(id).unwrap().clone();
            let result = world.run(&clerk, Command::SetStatus { conversation: id, to });
            if from.kind().next().contains(&to.kind()) {
                assert!(result.is_ok(), "{from:?} to {to:?}");
            } else {
                let (from, to) = (from.kind(), to.kind());
                assert_eq!(result, Err(Rejected::Transition { from, to }));
                assert_eq!(*world.state.conversation(id).unwrap(), before);
            }
        }
    }
    let text = Rejected::Transition { from: StatusKind::Resolved, to: StatusKind::OnHold };
    assert_eq!(
        text.to_string(),
        "a conversation that is resolved cannot become on hold; it can become open, closed"
    );
}

#[test]
fn a_promise_is_broken_at_its_time_however_late_anybody_looks() {
    let mut world = World::new();
    let id = world.hears(1, 0, "voice");
    let clerk = Actor::Agent(agent(1));
    let commitment = CommitmentId::new(uuid(5, 1));
    let due = world.now + TimeDelta::days(2);
    let promise = Command::Promise {
        commitment,
        conversation: id,
        what: words("a technician comes"),
        due,
        message: None,
    };
    let _ = world.run(&clerk, promise.clone()).unwrap();
    assert_eq!(world.run(&clerk, promise), Err(Rejected::IdTaken { what: "commitment" }));
    assert_eq!(world.state.next_deadline(), Some(due));
    world.pass(47);
    assert_eq!(world.wake(), []);
    world.pass(24 * 7);
    assert_eq!(world.wake().len(), 1);
    let state = |world: &World| world.state.commitment(commitment).unwrap().state;
    assert_eq!(state(&world), CommitmentState::Broken { at: due, kept: None });
    assert!(state(&world).is_outstanding());
    assert_eq!(world.state.next_deadline(), None);
    // It can still be made good, and was broken all the same.
    let _ = world.run(&clerk, Command::KeepPromise(commitment)).unwrap();
    assert_eq!(state(&world), CommitmentState::Broken { at: due, kept: Some(world.now) });
    assert_eq!(
        world.run(&clerk, Command::WithdrawPromise(commitment)),
        Err(Rejected::NotOutstanding)
    );
}

#[test]
fn a_handover_stays_with_the_giver_until_it_is_accepted_and_carries_the_promises() {
    let mut world = World::new();
    let id = world.hears(1, 0, "voice");
    let (giver, taker) = (agent(1), agent(2));
    let clerk = Actor::Agent(giver);
    let _ = world.run(&clerk, Command::Assign { conversation: id, to: Some(giver) }).unwrap();
    let message = world.state.messages(id).next().unwrap().said.id;
    let answer = |message| Command::RecordAnswer {
        conversation: id,
        question: "order_number".into(),
        answer: words("A-17"),
        message,
    };
    let _ = world.run(&clerk, answer(message)).unwrap();
    let promise = Command::Promise {
        commitment: CommitmentId::new(uuid(5, 1)),
        conversation: id,
        what: words("a technician comes"),
        due: world.now + TimeDelta::days(2),
        message: Some(message),
    };
    let _ = world.run(&clerk, promise).unwrap();
    let offer = |number, to| Command::OfferHandover {
        handover: HandoverId::new(uuid(6, number)),
        conversation: id,
        to,
        kind: HandoverKind::Warm,
        wants: Some(words("the air conditioner repaired")),
    };
    let _ = world.run(&clerk, offer(1, HandoverTarget::Agent(taker))).unwrap();
    assert_eq!(
        world.run(&clerk, offer(2, HandoverTarget::Agent(taker))),
        Err(Rejected::OfferedAlready(HandoverId::new(uuid(6, 1))))
    );
    assert_eq!(world.state.conversation(id).unwrap().agent, Some(giver));
    let brief = world.state.handed(HandoverId::new(uuid(6, 1))).unwrap();
    assert_eq!((brief.commitments.len(), brief.answers.len(), brief.messages), (1, 1, 1));
    assert_eq!(brief.reply_on, Some("voice".into()));
    let accept = |by| Command::AcceptHandover { handover: HandoverId::new(uuid(6, 1)), by };
    assert_eq!(world.run(&clerk, accept(agent(3))), Err(Rejected::NotForThem));
    let _ = world.run(&Actor::Agent(taker), accept(taker)).unwrap();
    assert_eq!(world.state.conversation(id).unwrap().agent, Some(taker));
    // The taker asks again what was answered: that is counted.
    let again = world.inbound(1, 0, "voice");
    let (_, again) = world.receive(&again);
    let _ = world.run(&Actor::Agent(taker), answer(again)).unwrap();
    let conversation = world.state.conversation(id).unwrap();
    assert_eq!(conversation.retellings(), 1);
    assert_eq!(conversation.already_answered("order_number").unwrap().message, message);
}

#[test]
fn what_is_snoozed_wakes_at_its_time_or_when_the_customer_writes() {
    let mut world = World::new();
    let id = world.hears(1, 0, "whatsapp");
    let clerk = Actor::Agent(agent(1));
    let snooze = |until| Command::SetStatus { conversation: id, to: Status::Snoozed { until } };
    let until = world.now + TimeDelta::hours(5);
    assert_eq!(world.run(&clerk, snooze(world.now)), Err(Rejected::Past { field: "until" }));
    let _ = world.run(&clerk, snooze(until)).unwrap();
    world.pass(5);
    assert_eq!(world.wake().len(), 1);
    assert_eq!(world.state.conversation(id).unwrap().status, Status::Open);
    let until = world.now + TimeDelta::hours(5);
    let _ = world.run(&clerk, snooze(until)).unwrap();
    world.pass(1);
    assert_eq!(world.hears(1, 0, "whatsapp"), id);
    assert_eq!(world.state.conversation(id).unwrap().status, Status::Open);
    assert_eq!(world.state.next_deadline(), None);
}
