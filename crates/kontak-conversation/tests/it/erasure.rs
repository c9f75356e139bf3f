//! What is taken out, what stays of it, and what stands against it.

use crate::steps::{Step, shops, take};
use crate::world::{World, agent, canary, touchpoint};
use kontak_conversation::chrono::TimeDelta;
use kontak_conversation::sla::{Measure, SlaPolicy, Target};
use kontak_conversation::{Actor, Command, DataClass, EventBody, Policy, Rejected, Status};
use kontak_types::CustomerId;
use proptest::prelude::*;
use std::time::Duration;

fn clerk() -> Actor {
    Actor::Agent(agent(1))
}

fn sla() -> SlaPolicy {
    let mut sla = SlaPolicy::default();
    sla.targets = vec![
        Target::new("answer", Measure::FirstResponse, Duration::from_secs(900)),
        Target::new("next", Measure::NextResponse, Duration::from_secs(900)),
        Target::new("done", Measure::Resolution, Duration::from_secs(9_000)),
    ];
    sla
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn erasing_an_account_takes_its_words_and_keeps_counts_and_clocks(world in shops()) {
        let (mut world, before) = (world.clone(), world);
        let gone = touchpoint(1, 0);
        if let Err(why) = world.run(&clerk(), Command::EraseTouchpoint(gone)) {
            let held = matches!(why, Rejected::LegalHold { .. });
            prop_assert!(held);
            prop_assert_eq!(world.state.snapshot(), before.state.snapshot());
            return Ok(());
        }
        let left = serde_json::to_string(&world.state.snapshot()).unwrap();
        prop_assert!(!left.contains(&canary(gone)), "{}", left);
        for id in before.conversations() {
            let count = |world: &World| world.state.messages(id).count();
            prop_assert_eq!(count(&world), count(&before));
            let clocks = |world: &World| sla().clocks(&world.state, id, before.now);
            prop_assert_eq!(clocks(&world), clocks(&before));
            let retellings = |world: &World| world.state.conversation(id).unwrap().retellings();
            prop_assert_eq!(retellings(&world), retellings(&before));
        }
        let again = world.inbound(1, 0, "whatsapp");
        prop_assert_eq!(world.try_receive(&again), Err(Rejected::Erased));
    }

    /// The journal with the words taken out gives the same state as the whole one.
    #[test]
    fn a_scrubbed_journal_is_the_same_state(world in shops()) {
        let scrubbed: Vec<_> = world.events.iter().map(|event| world.state.scrub(event)).collect();
        let state = crate::steps::replay(&scrubbed);
        let text = |state: &kontak_conversation::Conversations| {
            let ids = world.conversations().into_iter();
            ids.map(|id| format!("{:?}", state.retell(id))).collect::<Vec<_>>()
        };
        prop_assert_eq!(text(&state), text(&world.state));
        prop_assert_eq!(state.next_deadline(), world.state.next_deadline());
    }
}

#[test]
fn erasing_a_customer_takes_all_of_theirs() {
    let mut world = World::new();
    let id = world.hears(1, 0, "whatsapp");
    let _ = world.hears(1, 1, "voice");
    for step in [Step::Answers(0, 1), Step::Promises(0, 5), Step::Says { conversation: 0, what: 2 }]
    {
        take(&mut world, &step);
    }
    let other = world.hears(2, 0, "whatsapp");
    let erase = Command::EraseCustomer(CustomerId::from(touchpoint(1, 0)));
    let _ = world.run(&clerk(), erase.clone()).unwrap();
    assert!(world.state.messages(id).all(|message| {
        message.said.content.parts.iter().all(kontak_content::Part::is_redacted)
    }));
    let conversation = world.state.conversation(id).unwrap();
    assert!(conversation.answers().iter().all(|answer| answer.answer.is_none()));
    assert!(world.state.commitments(id).all(|promise| promise.what.is_none()));
    assert!(
        world.state.messages(other).all(|message| !message.said.content.parts[0].is_redacted())
    );
    assert_eq!(world.run(&clerk(), erase), Ok(Vec::new()));
}

#[test]
fn a_legal_hold_stands_against_erasure_with_its_matter() {
    let mut world = World::new();
    let id = world.hears(1, 0, "whatsapp");
    let message = world.state.messages(id).next().unwrap().said.id;
    let hold = |matter: &str| Command::PlaceLegalHold { conversation: id, matter: matter.into() };
    let _ = world.run(&clerk(), hold("case 7")).unwrap();
    let _ = world.run(&clerk(), hold("case 8")).unwrap();
    let held = Rejected::LegalHold { conversation: id, matter: "case 7".into() };
    for command in [
        Command::Redact(message),
        Command::EraseTouchpoint(touchpoint(1, 0)),
        Command::EraseCustomer(CustomerId::from(touchpoint(1, 0))),
    ] {
        assert_eq!(world.run(&clerk(), command), Err(held.clone()));
    }
    insta::assert_snapshot!(
        held,
        @"conversation 00000000-0000-0002-0000-000000000002 is under a legal hold for case 7; nothing of it may be erased or go into another"
    );
    for matter in ["case 7", "case 8"] {
        let release = Command::ReleaseLegalHold { conversation: id, matter: matter.into() };
        let _ = world.run(&clerk(), release).unwrap();
    }
    let _ = world.run(&clerk(), Command::Redact(message)).unwrap();
    assert!(world.state.message(message).unwrap().said.content.parts[0].is_redacted());
}

#[test]
fn each_class_goes_when_its_time_has_come_and_a_hold_keeps_it() {
    let mut world = World::new();
    let mut policy = Policy::default();
    policy.retention.days = [(DataClass::Notes, 1), (DataClass::Words, 30)].into();
    let _ = world.run(&Actor::System, Command::SetPolicy(Box::new(policy))).unwrap();
    let id = world.hears(1, 0, "whatsapp");
    take(&mut world, &Step::Says { conversation: 0, what: 2 });
    assert_eq!(world.state.next_deadline(), None);
    let set = Command::SetStatus { conversation: id, to: Status::Resolved };
    let _ = world.run(&clerk(), set).unwrap();
    let resolved = world.now;
    let redacted = |world: &World| -> Vec<bool> {
        let messages = world.state.messages(id);
        messages.map(|message| message.said.content.parts[0].is_redacted()).collect()
    };
    assert_eq!(world.state.next_deadline(), Some(resolved + TimeDelta::days(1)));
    world.pass(40);
    let ended = world.wake();
    assert!(matches!(
        &ended[0].body,
        EventBody::RetentionEnded { class: DataClass::Notes, due, .. } if *due == resolved + TimeDelta::days(1)
    ));
    assert_eq!(redacted(&world), [false, true]);
    assert_eq!(world.state.next_deadline(), Some(resolved + TimeDelta::days(30)));
    let hold = Command::PlaceLegalHold { conversation: id, matter: "case 7".into() };
    let _ = world.run(&clerk(), hold).unwrap();
    assert_eq!(world.state.next_deadline(), None);
    world.pass(24 * 60);
    assert_eq!(world.wake(), []);
    let release = Command::ReleaseLegalHold { conversation: id, matter: "case 7".into() };
    let _ = world.run(&clerk(), release).unwrap();
    let _ = world.wake();
    assert_eq!(redacted(&world), [true, true]);
    assert_eq!(world.state.next_deadline(), None);
}
