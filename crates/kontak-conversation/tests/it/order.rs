//! Facts come late, twice and shuffled; around the same decisions they make the same state.

use crate::world::{World, agent, uuid, words};
use kontak_content::Content;
use kontak_conversation::chrono::TimeDelta;
use kontak_conversation::{
    Actor, Command, CommitmentId, Conversations, Delivery, DeliveryStatus, Event, EventBody,
    MessageChange, Relation, Snapshot, Status,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// What somebody does next.
#[derive(Clone, Debug)]
enum Step {
    Writes {
        customer: u128,
        account: u128,
        channel: usize,
        reply: bool,
    },
    /// The channel reports something of one of the messages, or of one that is still to come.
    Reports {
        message: u64,
        kind: u8,
        value: u8,
    },
    SetsStatus(u8),
    Promises(u8),
    Wakes,
    Passes(u8),
}

const CHANNELS: [&str; 3] = ["whatsapp", "email", "voice"];

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1..4_u128, 0..2_u128, 0..3_usize, any::<bool>()).prop_map(
            |(customer, account, channel, reply)| Step::Writes { customer, account, channel, reply }
        ),
        6 => (0..14_u64, 0..4_u8, 0..5_u8)
            .prop_map(|(message, kind, value)| Step::Reports { message, kind, value }),
        3 => (0..6_u8).prop_map(Step::SetsStatus),
        1 => (1..90_u8).prop_map(Step::Promises),
        1 => Just(Step::Wakes),
        2 => (1..60_u8).prop_map(Step::Passes),
    ]
}

fn take(world: &mut World, step: &Step) {
    let clerk = Actor::Agent(agent(1));
    let last = world.events.iter().rev().find_map(|event| match &event.body {
        EventBody::ConversationOpened { conversation, .. } => Some(*conversation),
        _ => None,
    });
    match step {
        Step::Writes { customer, account, channel, reply } => {
            let mut inbound = world.inbound(*customer, *account, CHANNELS[*channel]);
            if *reply {
                inbound.message.answers = Some(crate::world::native(world.next as u64 / 2));
            }
            let _ = world.receive(&inbound);
        }
        Step::Reports { message, kind, value } => {
            let change = match kind {
                0 => MessageChange::Edited(Content::plain(format!("edit {value}")).unwrap()),
                1 => MessageChange::Deleted,
                2 => MessageChange::Reacted {
                    by: Actor::Agent(agent(u128::from(value % 2))),
                    emoji: (*value > 1).then(|| format!("{value}").into()),
                },
                _ => MessageChange::Delivered(Delivery::new(
                    // Few attempts are many.
                    u32::from(value % 2) * 300,
                    [
                        DeliveryStatus::Queued,
                        DeliveryStatus::Sent,
                        DeliveryStatus::Failed,
                        DeliveryStatus::Delivered,
                        DeliveryStatus::Read,
                    ][usize::from(*value)],
                )),
            };
            let at = world.now + TimeDelta::seconds(i64::from(*value) % 3);
            let relation = Relation::new(crate::world::native(*message), at, change);
            let _ = world.run(&Actor::System, Command::Relate(Box::new(relation))).unwrap();
        }
        Step::SetsStatus(to) => {
            let until = world.now + TimeDelta::hours(3);
            let to = [
                Status::Open,
                Status::WaitingForCustomer,
                Status::OnHold,
                Status::Snoozed { until },
                Status::Resolved,
                Status::Closed,
            ][usize::from(*to)];
            if let Some(conversation) = last {
                let _ = world.run(&clerk, Command::SetStatus { conversation, to });
            }
        }
        Step::Promises(hours) => {
            if let Some(conversation) = last {
                let promise = Command::Promise {
                    commitment: CommitmentId::new(uuid(5, world.fresh())),
                    conversation,
                    what: words("a call"),
                    due: world.now + TimeDelta::hours(i64::from(*hours)),
                    message: None,
                };
                let _ = world.run(&clerk, promise).unwrap();
            }
        }
        Step::Wakes => {
            let _ = world.wake();
        }
        Step::Passes(hours) => world.pass(i64::from(*hours)),
    }
}

pub(crate) fn histories() -> impl Strategy<Value = Vec<Event>> {
    vec(steps(), 0..40).prop_map(|steps| {
        let mut world = World::new();
        for step in &steps {
            take(&mut world, step);
        }
        world.events
    })
}

pub(crate) fn worlds() -> impl Strategy<Value = Conversations> {
    histories().prop_map(|events| replay(&events))
}

fn is_fact(event: &Event) -> bool {
    matches!(event.body, EventBody::MessageSaid(_) | EventBody::RelationSeen(_))
}

fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Conversations {
    let mut state = Conversations::new();
    for event in events {
        state.apply(event);
    }
    state
}

/// The facts at other places, some of them twice; the decisions in their order.
fn shuffled(events: &[Event], places: &[(u16, bool)]) -> Vec<Event> {
    let mut order: Vec<(u32, &Event)> = Vec::new();
    for (nth, (event, (place, twice))) in events.iter().zip(places.iter().cycle()).enumerate() {
        if is_fact(event) {
            order.push((u32::from(*place) * 64 / 1_000, event));
            if *twice {
                order.push((u32::from(place.wrapping_mul(7)) % 64, event));
            }
        } else {
            order.push((64 * nth as u32 / events.len() as u32, event));
        }
    }
    // Stable: decisions, whose places rise, stay in their order.
    order.sort_by_key(|(place, _)| *place);
    order.into_iter().map(|(_, event)| event.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_500))]

    #[test]
    fn facts_in_any_order_make_the_same_state(
        events in histories(),
        places in vec((0..1_000_u16, any::<bool>()), 1..80),
    ) {
        let straight = replay(&events).snapshot();
        for turn in 0..4 {
            let mut places = places.clone();
            let length = places.len();
            places.rotate_left(turn * 13 % length);
            prop_assert_eq!(&replay(&shuffled(&events, &places)).snapshot(), &straight);
        }
    }

    #[test]
    fn a_snapshot_and_the_tail_are_the_whole_log(events in histories(), cut in 0.0..1.0_f64) {
        let cut = (events.len() as f64 * cut) as usize;
        let whole = replay(&events).snapshot();
        let mut resumed = Conversations::restore(replay(&events[..cut]).snapshot()).unwrap();
        for event in &events[cut..] {
            resumed.apply(event);
        }
        let bytes = |snapshot: &Snapshot| postcard::to_allocvec(snapshot).unwrap();
        prop_assert_eq!(bytes(&resumed.snapshot()), bytes(&whole));
    }
}
