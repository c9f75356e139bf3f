//! What people complain of in the systems they have, one test each; in brackets, where they did.

use crate::world::{World, agent, item, refused};
use kontak_routing::{
    Choice, Decision, Hold, Input, ItemState, Leaving, Preference, Presence, Refusal, Tie,
    TransferMode, TransferTarget, Withdrawal,
};

const PLAIN: &str = "
[channels]
voice = { exclusive = true }
webchat = { units = 20 }
email = { units = 50, interruptible = true }
[queues.sales]
[queues.care]
";

/// [chatwoot#7204, #4158, #9587; Rocket.Chat#31474]
#[test]
fn an_offline_agent_does_not_keep_a_conversation_that_opens_again() {
    let mut world = World::new(PLAIN);
    world.comes(1, &[]);
    world.arrives(1, "sales", "webchat");
    world.tell(Input::Park { item: item(1) });
    world.is(agent(1), Presence::Offline);
    world.comes(2, &[]);
    world.tell(Input::Unpark { item: item(1) });
    assert_eq!(world.holder(1), Some(agent(2)));
}

/// [Rocket.Chat#18041]
#[test]
fn after_everybody_was_offline_work_goes_on_with_the_first_who_comes() {
    let mut world = World::new(PLAIN);
    world.comes(1, &[]);
    world.arrives(1, "sales", "webchat");
    world.is(agent(1), Presence::Offline);
    world.wait(60);
    assert_eq!(world.at(1).state, ItemState::Waiting);
    world.comes(2, &[]);
    assert_eq!(world.holder(1), Some(agent(2)));
}

/// [chatwoot#10376, #10583, #13050; live_helper_chat#1260]
#[test]
fn freed_capacity_takes_the_backlog_at_once_and_in_order() {
    let mut world = World::new(PLAIN);
    world.comes(1, &[]);
    for number in 1..=5 {
        world.arrives(number, "sales", "voice");
        world.wait(1);
    }
    for number in 1..=5 {
        assert_eq!(world.holder(number), Some(agent(1)), "{number}");
        assert_eq!(world.holder(number + 1), None);
        world.complete(number);
    }
}

/// [Rocket.Chat#18217]
#[test]
fn a_burst_does_not_go_over_the_limit() {
    let mut world = World::new(PLAIN);
    world.comes(1, &[]);
    for number in 1..=20 {
        world.arrives(number, "sales", "webchat");
    }
    assert_eq!(world.engine.work_of(agent(1)).len(), 5);
    assert_eq!(world.engine.waiting(), 15);
}

/// [chatwoot#15275, #14495; asterisk#176]
#[test]
fn a_late_or_second_answer_changes_nothing() {
    let mut world = World::new("[queues.sales]\noffer.timeout_seconds = 10");
    world.comes(1, &[]);
    world.comes(2, &[]);
    world.arrives(1, "sales", "voice");
    let (first, token) = (world.holder(1), world.token(1));
    world.wait(10);
    assert_ne!(world.holder(1), first, "it is offered to the other one now");
    let late = world.tell(Input::Accept { item: item(1), token });
    assert_eq!(late, [Decision::Refused(Refusal::StaleOffer)]);
    world.accept(1);
    let again = world.arrives(1, "sales", "voice");
    assert_eq!(again, [Decision::Refused(Refusal::Duplicate)]);
    assert_eq!(world.engine.work_of(first.unwrap()), []);
}

/// [OpenACD#5; OpenSIPS#2974]
#[test]
fn the_first_of_the_list_is_not_always_the_one() {
    let mut world = World::new("[queues.sales]\noffer.timeout_seconds = 10");
    for number in 1..=3 {
        world.comes(number, &[]);
        world.wait(1);
    }
    for number in 1..=3 {
        world.arrives(number, "sales", "voice");
    }
    let asked: Vec<_> = (1..=3).map(|number| world.holder(number).unwrap()).collect();
    assert_eq!(asked, [agent(1), agent(2), agent(3)], "three calls ring at three agents");
    for number in 1..=3 {
        world.accept(number);
        world.complete(number);
        world.wait(1);
    }
    for number in 4..=9 {
        world.arrives(number, "sales", "voice");
        assert_eq!(world.holder(number), Some(agent((number - 1) % 3 + 1)), "in turn");
        world.accept(number);
        world.complete(number);
        world.wait(1);
    }
}

/// [freeswitch#2540, #1973; OpenSIPS#3123; Rocket.Chat#18200]
#[test]
fn nothing_is_reserved_for_ever() {
    let mut world = World::new(
        "[presence]\nlease_seconds = 30\n[queues.sales]\noffer.timeout_seconds = 10\nwrap_up_seconds = 20",
    );
    world.comes(1, &[]);
    world.arrives(1, "sales", "voice");
    assert_eq!(world.at(1).state, ItemState::Offered);
    let decisions = world.wait(10);
    assert_eq!(world.at(1).state, ItemState::Waiting, "an offer ends by itself");
    let why = decisions.iter().find_map(|decision| match decision {
        Decision::Withdrawn { why, .. } => Some(*why),
        _ => None,
    });
    assert_eq!(why, Some(Withdrawal::TimedOut), "not that the agent is gone: that follows from it");
    world.is(agent(1), Presence::Available);
    world.wait(290);
    world.is(agent(1), Presence::Available);
    world.accept(1);
    world.wait(30);
    world.wait(60);
    assert_eq!(world.at(1).state, ItemState::Waiting, "who falls silent loses what they have");
    world.is(agent(1), Presence::Available);
    world.accept(1);
    world.complete(1);
    assert_eq!(world.at(1).state, ItemState::WrapUp);
    world.wait(20);
    assert!(world.engine.is_empty(), "a wrap-up ends by itself");
}

/// [freeswitch#800]
#[test]
fn what_was_declined_is_not_offered_again_at_once() {
    let mut world = World::new("[queues.sales]\noffer.timeout_seconds = 10");
    world.comes(1, &[]);
    world.arrives(1, "sales", "voice");
    let token = world.token(1);
    world.tell(Input::Decline { item: item(1), token });
    assert_eq!(world.at(1).state, ItemState::Waiting);
    world.wait(299);
    assert_eq!(world.at(1).state, ItemState::Waiting);
    world.wait(1);
    assert_eq!(world.holder(1), Some(agent(1)), "it is remembered for five minutes");
}

/// [Rocket.Chat#13134; OpenSIPS#2974; OpenACD#5]
#[test]
fn who_comes_back_from_leave_is_not_flooded() {
    let mut world = World::new("[queues.sales]\nstrategy = \"weighted_round_robin\"");
    world.comes(1, &[]);
    world.comes(2, &[]);
    world.is(agent(2), Presence::Offline);
    for number in 1..=4 {
        world.arrives(number, "sales", "webchat");
        world.complete(number);
    }
    world.is(agent(2), Presence::Available);
    let mut shares = [0, 0];
    for number in 10..20 {
        world.arrives(number, "sales", "webchat");
        shares[usize::from(world.holder(number) == Some(agent(2)))] += 1;
        world.complete(number);
    }
    assert_eq!(shares, [5, 5]);
}

/// [Zendesk forum: first agent in the morning; Salesforce: back from leave]
#[test]
fn the_first_in_the_morning_gets_the_backlog_bit_by_bit() {
    let mut world = World::new(
        "[channels]\nwebchat = { units = 20 }\n\
         [presence]\ndamper = { for_seconds = 600, gap_seconds = 30 }\n[queues.sales]",
    );
    for number in 1..=5 {
        world.arrives(number, "sales", "webchat");
    }
    world.comes(1, &[]);
    assert_eq!(world.engine.work_of(agent(1)).len(), 1);
    world.wait(30);
    assert_eq!(world.engine.work_of(agent(1)).len(), 2);
    // Meanwhile others come, and share it.
    world.comes(2, &[]);
    assert_eq!(world.holder(3), Some(agent(2)));
}

/// [asterisk#1561: a weightier queue that excludes the agent blocks the others]
#[test]
fn what_somebody_may_not_have_keeps_nothing_from_them() {
    let mut world = World::new("[queues.a]\npriority = 9\nrequirement = \"vip\"\n[queues.b]");
    world.arrives(1, "a", "voice");
    world.arrives(2, "b", "voice");
    world.comes(1, &[]);
    assert_eq!(world.holder(2), Some(agent(1)));
}

/// [asterisk#108: no order over queues]
#[test]
fn who_came_first_is_first_over_all_queues() {
    let mut world = World::new(PLAIN);
    for (number, queue) in [(1, "sales"), (2, "care"), (3, "sales")] {
        world.arrives(number, queue, "voice");
        world.wait(1);
    }
    world.comes(1, &[]);
    for number in 1..=3 {
        assert_eq!(world.holder(number), Some(agent(1)));
        world.complete(number);
    }
}

/// [asterisk#1006, #607; OpenSIPS#2679: wrap-up lost, or kept too long]
#[test]
fn wrap_up_lasts_as_long_as_it_is_told_to() {
    let mut world = World::new("[queues.sales]\nwrap_up_seconds = 30");
    world.comes(1, &[]);
    world.arrives(1, "sales", "voice");
    world.arrives(2, "sales", "voice");
    world.complete(1);
    world.wait(29);
    assert_eq!(world.holder(2), None);
    world.wait(1);
    assert_eq!(world.holder(2), Some(agent(1)));
}

/// [Salesforce: rules are not applied again when fields change]
#[test]
fn a_contact_that_changes_is_routed_anew_in_its_old_place() {
    let mut world = World::new("[queues.care]\n[queues.vip]\nrequirement = \"vip\"");
    world.comes(1, &["vip"]);
    world.arrives(1, "care", "voice");
    world.arrives(2, "care", "voice");
    world.wait(5);
    world.arrives(3, "vip", "voice");
    let work = world.work(2, "vip", "voice");
    world.tell(Input::Revise(Box::new(work)));
    world.complete(1);
    assert_eq!(world.holder(2), Some(agent(1)), "it came before the third");
}

/// [Salesforce, Freshdesk, Zendesk: manual work ends above capacity]
#[test]
fn work_given_by_hand_counts() {
    let mut world = World::new(PLAIN);
    world.comes(1, &[]);
    world.is(agent(1), Presence::Break);
    world.arrives(1, "sales", "voice");
    world.tell(Input::Assign { item: item(1), agent: agent(1), by: agent(99) });
    world.is(agent(1), Presence::Available);
    world.arrives(2, "sales", "voice");
    assert_eq!(world.holder(2), None);
    let why = world.engine.explain(item(1)).unwrap();
    assert!(why.to_string().contains("A supervisor gave it to them."), "{why}");
}

/// [Connect: when all steps are through, anybody in the queue]
#[test]
fn the_last_step_is_never_silently_anyone() {
    let mut world = World::new(
        "[queues.care]\nrequirement = \"care >= 8\"\nsteps = [{ after_seconds = 10, change.lower_by = 2 }]",
    );
    world.comes(1, &[]);
    world.comes(2, &["care"]);
    world.arrives(1, "care", "voice");
    let decisions = world.wait(3_600);
    assert!(decisions.contains(&Decision::Relaxed { item: item(1), step: 1 }));
    assert_eq!(world.at(1).state, ItemState::Waiting, "level 6 is asked for, and nobody has it");
    let why = world.engine.explain(item(1)).unwrap();
    assert!(why.to_string().contains("Nobody who works here meets what it asks for"), "{why}");
}

/// [mails of a queue wait while their agent telephones: the classic of blended work]
#[test]
fn a_mail_waits_for_a_call_and_goes_on_afterwards() {
    let mut world = World::new(PLAIN);
    world.comes(1, &[]);
    world.arrives(1, "care", "email");
    let decisions = world.arrives(2, "sales", "voice");
    assert!(decisions.contains(&Decision::Interrupted { item: item(1), agent: agent(1) }));
    let decisions = world.complete(2);
    assert!(decisions.contains(&Decision::Resumed { item: item(1), agent: agent(1) }));
}

/// [every forum: sent back and forth]
#[test]
fn nobody_is_sent_back_and_forth() {
    let mut world = World::new(PLAIN);
    for number in 1..=3 {
        world.comes(number, &[]);
    }
    world.arrives(1, "sales", "voice");
    let to = TransferTarget::Queue(world.queue("sales"));
    let mut owners = vec![world.holder(1).unwrap()];
    let hand_on =
        Input::Transfer { item: item(1), to, mode: TransferMode::Cold, may_return: false };
    for _ in 0..2 {
        world.tell(hand_on.clone());
        let next = world.holder(1).unwrap();
        assert!(!owners.contains(&next));
        owners.push(next);
    }
    world.tell(hand_on);
    assert_eq!(world.at(1).state, ItemState::Waiting, "all three had it");
    let back = TransferTarget::Agent(owners[0]);
    world.comes(4, &[]);
    let named =
        Input::Transfer { item: item(1), to: back, mode: TransferMode::Cold, may_return: false };
    assert!(refused(&world.tell(named)));
    let asked =
        Input::Transfer { item: item(1), to: back, mode: TransferMode::Cold, may_return: true };
    world.tell(asked);
    assert_eq!(world.holder(1), Some(owners[0]), "asked for, it may");
}

/// [callback plugins: the place is lost]
#[test]
fn a_callback_keeps_its_place() {
    let mut world = World::new(PLAIN);
    world.arrives(1, "sales", "voice");
    let later = world.now + chrono::TimeDelta::seconds(60);
    world.tell(Input::CallBack { item: item(1), not_before: Some(later) });
    world.wait(10);
    world.arrives(2, "sales", "voice");
    assert_eq!(world.at(1).hold, Some(Hold::CallBack));
    assert!(world.at(1).call_back && !world.at(2).call_back);
    world.tell(Input::CallBack { item: item(2), not_before: None });
    assert!(world.at(2).call_back && world.at(2).hold.is_none());
    world.wait(60);
    world.comes(1, &[]);
    assert_eq!(world.holder(1), Some(agent(1)));
}

/// [Zendesk, Intercom: back to the agent who knows, if they are there]
#[test]
fn who_knows_the_matter_is_waited_for_and_then_not() {
    let mut world = World::new("[queues.sales]\ncontinuity.wait_seconds = 30");
    world.comes(1, &[]);
    world.arrives(1, "sales", "voice");
    world.comes(2, &[]);
    let mut number = 1;
    let mut preferring = |world: &mut World| {
        number += 1;
        let work = world.work(number, "sales", "voice").preferring(Preference::new(
            agent(1),
            Tie::LastAgent,
            1,
        ));
        world.tell(Input::Arrive(Box::new(work)));
        number
    };
    let second = preferring(&mut world);
    assert_eq!(world.at(second).hold, Some(Hold::ForAgent(agent(1))));
    world.complete(1);
    let why = world.engine.explain(item(second)).unwrap();
    assert_eq!(world.holder(second), Some(agent(1)));
    assert!(why.to_string().contains("They had the last contact"), "{why}");
    let third = preferring(&mut world);
    world.wait(30);
    assert_eq!(world.holder(third), Some(agent(2)), "not for ever");
}

/// A customer who gives up while somebody is being asked frees them.
#[test]
fn an_abandoned_offer_frees_its_agent() {
    let mut world = World::new("[queues.sales]\noffer.timeout_seconds = 60");
    world.comes(1, &[]);
    world.arrives(1, "sales", "voice");
    world.arrives(2, "sales", "voice");
    world.tell(Input::Leave { item: item(1), how: Leaving::Abandoned });
    assert_eq!(world.holder(2), Some(agent(1)));
}

/// What a bot has it gives up at its deadline, without losing time.
#[test]
fn a_bot_has_it_first_and_not_too_long() {
    let mut world = World::new("[queues.sales]\nbot_seconds = 20");
    world.comes(1, &[]);
    world.arrives(1, "sales", "webchat");
    assert_eq!(world.at(1).hold, Some(Hold::Bot));
    world.wait(20);
    assert_eq!(world.holder(1), Some(agent(1)));
    world.complete(1);
    world.arrives(2, "sales", "webchat");
    let decisions = world.tell(Input::BotDone { item: item(2) });
    let best = Decision::Assigned { item: item(2), agent: agent(1), why: Choice::BestAgent };
    assert_eq!(decisions, [best]);
}
