//! Handing on: whatever is handed to whom, it does not come back unasked.

use crate::world::{World, agent, item, refused};
use kontak_routing::{Decision, Input, Refusal, TransferMode, TransferTarget, WhyNot};
use kontak_types::AgentId;
use proptest::prelude::*;

const RULES: &str = "[transfers]\nmost_hops = 9\n[queues.a]\n[queues.b]";

#[derive(Clone, Copy, Debug)]
enum Step {
    ToQueue(bool),
    ToAgent(u128),
    Warm,
    Free(u128),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        any::<bool>().prop_map(Step::ToQueue),
        (1..6_u128).prop_map(Step::ToAgent),
        Just(Step::Warm),
        (2..6_u128).prop_map(Step::Free),
    ]
}

proptest! {
    #[test]
    fn a_contact_never_comes_back_unasked(steps in prop::collection::vec(step(), 1..20)) {
        let mut world = World::new(RULES);
        for number in 1..=5 {
            world.comes(number, &[]);
        }
        for number in 1..=5 {
            world.arrives(number, "a", "voice");
        }
        let mut owners: Vec<AgentId> = vec![world.holder(1).unwrap()];
        for step in steps {
            let (to, mode) = match step {
                Step::ToQueue(first) => {
                    let queue = world.queue(if first { "a" } else { "b" });
                    (TransferTarget::Queue(queue), TransferMode::Cold)
                }
                Step::ToAgent(number) => (TransferTarget::Agent(agent(number)), TransferMode::Cold),
                Step::Warm => (TransferTarget::Queue(world.queue("b")), TransferMode::Warm),
                Step::Free(number) => {
                    world.complete(number);
                    continue;
                }
            };
            world.tell(Input::Transfer { item: item(1), to, mode, may_return: false });
            world.wait(130);
            if let Some(holder) = world.holder(1)
                && owners.last() != Some(&holder)
            {
                prop_assert!(!owners.contains(&holder), "{owners:?}, then {holder}");
                owners.push(holder);
            }
        }
    }
}

#[test]
fn a_warm_giver_stays_until_somebody_else_has_it() {
    let mut world = World::new(RULES);
    world.comes(1, &[]);
    world.arrives(1, "a", "voice");
    let to = TransferTarget::Queue(world.queue("b"));
    world.tell(Input::Transfer { item: item(1), to, mode: TransferMode::Warm, may_return: false });
    world.arrives(2, "a", "voice");
    assert_eq!(world.holder(2), None, "the giver is with the customer");
    let decisions = world.comes(2, &[]);
    assert!(decisions.contains(&Decision::Released { item: item(1), agent: agent(1) }));
    assert_eq!((world.holder(1), world.holder(2)), (Some(agent(2)), Some(agent(1))));
}

#[test]
fn a_consult_is_a_contact_of_its_own_and_ends_with_what_it_is_about() {
    let mut world = World::new(RULES);
    world.comes(1, &[]);
    world.comes(2, &[]);
    world.arrives(1, "a", "voice");
    let giver = world.holder(1).unwrap();
    let mode = TransferMode::Consult { with: item(7) };
    let to = TransferTarget::Queue(world.queue("b"));
    world.tell(Input::Transfer { item: item(1), to, mode, may_return: false });
    assert_eq!(world.holder(1), Some(giver));
    assert!(world.holder(7).is_some_and(|asked| asked != giver));
    world.complete(1);
    assert!(world.engine.is_empty());
}

#[test]
fn hops_are_counted() {
    let mut world =
        World::new("[transfers]\nmost_hops = 1\nreturn_to_previous = 'allow'\n[queues.a]");
    for number in 1..=3 {
        world.comes(number, &[]);
    }
    world.arrives(1, "a", "voice");
    let to = TransferTarget::Queue(world.queue("a"));
    let on = Input::Transfer { item: item(1), to, mode: TransferMode::Cold, may_return: false };
    assert!(!refused(&world.tell(on.clone())));
    assert_eq!(world.tell(on), [Decision::Refused(Refusal::HopLimit(1))]);
}

#[test]
fn a_consult_may_be_asked_again_under_its_old_id() {
    let mut world = World::new(RULES);
    world.comes(1, &[]);
    world.comes(2, &[]);
    world.arrives(1, "a", "voice");
    let asked = if world.holder(1) == Some(agent(1)) { agent(2) } else { agent(1) };
    let mode = TransferMode::Consult { with: item(7) };
    let to = TransferTarget::Agent(asked);
    let consult = Input::Transfer { item: item(1), to, mode, may_return: false };
    world.tell(consult.clone());
    world.complete(7);
    world.tell(consult);
    assert_eq!(world.holder(7), Some(asked));
}

#[test]
fn who_lost_it_does_not_get_it_by_a_transfer() {
    let mut world = World::new(RULES);
    world.comes(1, &[]);
    world.arrives(1, "a", "voice");
    world.tell(Input::Crash { agent: agent(1) });
    world.comes(2, &[]);
    assert_eq!(world.holder(1), Some(agent(2)));
    world.comes(1, &[]);
    let to = TransferTarget::Queue(world.queue("b"));
    world.tell(Input::Transfer { item: item(1), to, mode: TransferMode::Cold, may_return: false });
    assert_eq!(world.holder(1), None, "the first had it before, though they never handed it on");
    world.comes(3, &[]);
    assert_eq!(world.holder(1), Some(agent(3)));
}

#[test]
fn who_declined_it_may_still_be_asked_by_name() {
    let mut world = World::new("[queues.a]\noffer.timeout_seconds = 10");
    world.comes(1, &[]);
    world.arrives(1, "a", "voice");
    let token = world.token(1);
    world.tell(Input::Decline { item: item(1), token });
    world.comes(2, &[]);
    world.accept(1);
    world.arrives(2, "a", "voice");
    world.accept(2);
    assert_eq!((world.holder(1), world.holder(2)), (Some(agent(2)), Some(agent(1))));

    let to = TransferTarget::Agent(agent(1));
    world.tell(Input::Transfer { item: item(1), to, mode: TransferMode::Cold, may_return: false });
    let found = world.engine.explain(item(1)).unwrap();
    let why = found.others.iter().find(|(other, _)| *other == agent(1)).map(|(_, why)| why);
    assert_eq!(why, Some(&WhyNot::ChannelFull { most: 1 }), "not that they declined it once");
    world.complete(2);
    assert_eq!(world.holder(1), Some(agent(1)));
}

#[test]
fn a_supervisor_gives_it_back_to_the_giver_who_stayed() {
    let mut world = World::new(RULES);
    world.comes(1, &[]);
    world.arrives(1, "a", "voice");
    let to = TransferTarget::Queue(world.queue("b"));
    world.tell(Input::Transfer { item: item(1), to, mode: TransferMode::Warm, may_return: false });
    world.tell(Input::Assign { item: item(1), agent: agent(1), by: agent(9) });
    assert_eq!(world.holder(1), Some(agent(1)));
    world.complete(1);
    world.arrives(2, "a", "voice");
    assert_eq!(world.holder(2), Some(agent(1)), "their hands are free");
}

#[test]
fn a_call_ends_a_wrap_up_and_what_was_asked_about_it() {
    let mut world = World::new(
        "[channels]
        voice = { exclusive = true }
        email = { units = 50, interruptible = true }
        [calendars.office]
        zone = 'Asia/Jakarta'
        weekly.monday = ['10:00-12:00']
        [queues.a]
        wrap_up_seconds = 7200
        [queues.b]
        hours = 'office'",
    );
    world.comes(1, &[]);
    world.arrives(1, "a", "email");
    world.arrives(2, "b", "voice");
    let to = TransferTarget::Queue(world.queue("b"));
    let mode = TransferMode::Consult { with: item(3) };
    world.tell(Input::Transfer { item: item(1), to, mode, may_return: false });
    world.complete(1);
    // Both begin to wait at ten; the call comes first.
    world.wait(3_600);
    assert_eq!(world.holder(2), Some(agent(1)));
    assert_eq!(world.engine.find(item(3)), None, "nobody needs the answer");
}
