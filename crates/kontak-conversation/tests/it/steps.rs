//! Random histories of the small shop.

use crate::world::{World, agent, canary, native, touchpoint, uuid, words};
use kontak_content::{
    Call, CallDirection, CallOutcome, CallTimeline, Content, GeoPoint, InternalNote, Location,
    Text, Transfer, TransferKind,
};
use kontak_conversation::chrono::TimeDelta;
use kontak_conversation::label::{Label, LabelSource};
use kontak_conversation::rearrange::SplitBy;
use kontak_conversation::sla::{Measure, Target};
use kontak_conversation::{
    Actor, Command, CommitmentId, Conversations, DataClass, Delivery, DeliveryStatus, Event,
    HandoverId, HandoverKind, HandoverTarget, LegId, LinkKind, Message, MessageChange, Policy,
    Preference, Priority, Relation, Status,
};
use kontak_types::{CaseId, ConversationId, CustomerId, MessageId, QueueId, TouchpointId};
use proptest::collection::vec;
use proptest::prelude::*;
use std::time::Duration;

/// What somebody does next. Conversations are named by their place among all there are.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Writes {
        customer: u128,
        account: u128,
        channel: usize,
        reply: bool,
    },
    /// Somebody of ours says something, or notes it.
    Says {
        conversation: usize,
        what: u8,
    },
    /// The channel reports something of one of the messages, or of one that is still to come.
    Reports {
        message: u64,
        kind: u8,
        value: u8,
    },
    SetsStatus(usize, u8),
    Promises(usize, u8),
    Settles(usize, u8),
    Offers(usize, u8),
    Accepts(usize),
    Answers(usize, u8),
    /// Labels, priority, participants, links, cases, preferences.
    Notes(usize, u8),
    Merges(usize, usize),
    Unmerges(usize),
    Splits(usize, u8),
    Unsplits(usize),
    MergesCustomers((u128, u128), (u128, u128)),
    Parts(u128, u128),
    /// Legal holds, redaction, erasure.
    Erases(usize, u8),
    SetsPolicy(u8),
    Wakes,
    Passes(u8),
}

const CHANNELS: [&str; 3] = ["whatsapp", "email", "voice"];

pub(crate) fn steps() -> impl Strategy<Value = Step> {
    let place = || 0..12_usize;
    prop_oneof![
        6 => (1..4_u128, 0..2_u128, 0..3_usize, any::<bool>()).prop_map(
            |(customer, account, channel, reply)| Step::Writes { customer, account, channel, reply }
        ),
        3 => (place(), 0..7_u8).prop_map(|(conversation, what)| Step::Says { conversation, what }),
        5 => (0..20_u64, 0..4_u8, 0..5_u8)
            .prop_map(|(message, kind, value)| Step::Reports { message, kind, value }),
        3 => (place(), 0..6_u8).prop_map(|(at, to)| Step::SetsStatus(at, to)),
        2 => (place(), 1..90_u8).prop_map(|(at, hours)| Step::Promises(at, hours)),
        2 => (place(), 0..3_u8).prop_map(|(at, how)| Step::Settles(at, how)),
        1 => (place(), 0..3_u8).prop_map(|(at, how)| Step::Offers(at, how)),
        1 => place().prop_map(Step::Accepts),
        1 => (place(), 0..3_u8).prop_map(|(at, question)| Step::Answers(at, question)),
        2 => (place(), 0..11_u8).prop_map(|(at, what)| Step::Notes(at, what)),
        3 => rearranging(),
        1 => (place(), 0..20_u8).prop_map(|(at, what)| Step::Erases(at, what)),
        1 => (0..4_u8).prop_map(Step::SetsPolicy),
        1 => Just(Step::Wakes),
        2 => (1..60_u8).prop_map(Step::Passes),
    ]
}

pub(crate) fn rearranging() -> impl Strategy<Value = Step> {
    let place = || 0..12_usize;
    let account = || (1..4_u128, 0..2_u128);
    prop_oneof![
        (place(), place()).prop_map(|(from, into)| Step::Merges(from, into)),
        place().prop_map(Step::Unmerges),
        (place(), 0..6_u8).prop_map(|(at, by)| Step::Splits(at, by)),
        place().prop_map(Step::Unsplits),
        (account(), account()).prop_map(|(one, other)| Step::MergesCustomers(one, other)),
        account().prop_map(|(customer, account)| Step::Parts(customer, account)),
    ]
}

/// What somebody of ours may say, and a customer as well.
fn content(world: &World, what: u8) -> Content {
    let plain = |text: &str| Content::plain(text).unwrap();
    let call = || CallTimeline::new(CallDirection::Inbound, world.now);
    let after = |minutes| world.now + TimeDelta::minutes(minutes);
    match what {
        0 => plain("an answer"),
        1 => plain("**an answer**").with_subject(words("Your air conditioner")),
        2 => InternalNote::new(Text::plain("she is angry").unwrap()).into(),
        3 => Content::from(Location::new(GeoPoint::new(-6.2, 106.8).unwrap())),
        4 => Content::from(Call::new(
            call()
                .with_answered(after(1))
                .with_hold(after(2), Some(after(3)))
                .with_transfer(
                    Transfer::new(TransferKind::Cold, after(4)).with_to(words("workshop")),
                )
                .with_ended(after(5), CallOutcome::Answered),
        )),
        5 => Content::from(Call::new(call().with_ended(after(1), CallOutcome::NoAnswer))),
        _ => Content::default(),
    }
}

/// The conversation at a place, if there is any.
pub(crate) fn at(world: &World, place: usize) -> Option<ConversationId> {
    let ids = world.conversations();
    if ids.is_empty() { None } else { Some(ids[place % ids.len()]) }
}

pub(crate) fn take(world: &mut World, step: &Step) {
    let clerk = Actor::Agent(agent(1));
    match step {
        Step::Writes { customer, account, channel, reply } => {
            let mut inbound = world.inbound(*customer, *account, CHANNELS[*channel]);
            if *reply {
                inbound.message.answers = Some(native(world.next as u64 / 2));
            }
            if inbound.channel == "voice".into() {
                inbound.message.content = content(world, 4);
            }
            let _ = world.try_receive(&inbound);
        }
        Step::Says { conversation, what } => {
            let Some(id) = at(world, *conversation) else { return };
            let legs: Vec<LegId> = world.state.legs(id).map(|leg| leg.id).collect();
            let Some(leg) = legs.get(usize::from(*what) % legs.len().max(1)).copied() else {
                return;
            };
            let number = world.fresh();
            let mut message = Message::new(
                MessageId::new(uuid(3, number)),
                clerk.clone(),
                world.now,
                content(world, *what),
            );
            message.native = Some(native(number as u64)).filter(|_| *what != 2);
            let _ = world.run(&clerk, Command::Say { leg, message: Box::new(message) });
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
            let relation = Relation::new(native(*message), at, change);
            let _ = world.run(&Actor::System, Command::Relate(Box::new(relation))).unwrap();
        }
        Step::SetsStatus(place, to) => {
            let until = world.now + TimeDelta::hours(3);
            let to = [
                Status::Open,
                Status::WaitingForCustomer,
                Status::OnHold,
                Status::Snoozed { until },
                Status::Resolved,
                Status::Closed,
            ][usize::from(*to)];
            let Some(conversation) = at(world, *place) else { return };
            let _ = world.run(&clerk, Command::SetStatus { conversation, to });
        }
        Step::Promises(place, hours) => {
            let Some(conversation) = at(world, *place) else { return };
            let message = world.state.messages(conversation).next_back().map(|it| it.said.id);
            let promise = Command::Promise {
                commitment: CommitmentId::new(uuid(5, world.fresh())),
                conversation,
                what: words("a call"),
                due: world.now + TimeDelta::hours(i64::from(*hours)),
                message: message.filter(|_| hours % 2 == 0),
            };
            let _ = world.run(&clerk, promise);
        }
        Step::Settles(place, how) => {
            let Some(id) = at(world, *place) else { return };
            let Some(promise) = world.state.conversation(id).unwrap().commitments().last().copied()
            else {
                return;
            };
            let due = world.now + TimeDelta::hours(20);
            let _ = world.run(
                &clerk,
                match how {
                    0 => Command::KeepPromise(promise),
                    1 => Command::RenegotiatePromise { commitment: promise, due },
                    _ => Command::WithdrawPromise(promise),
                },
            );
        }
        Step::Offers(place, how) => {
            let Some(conversation) = at(world, *place) else { return };
            let to = match how {
                0 => HandoverTarget::Agent(agent(2)),
                _ => HandoverTarget::Queue(QueueId::new(uuid(8, 1))),
            };
            let kind = [HandoverKind::Cold, HandoverKind::Warm, HandoverKind::Consult];
            let offer = Command::OfferHandover {
                handover: HandoverId::new(uuid(6, world.fresh())),
                conversation,
                to,
                kind: kind[usize::from(*how)],
                wants: Some(words("the air conditioner repaired")),
            };
            let _ = world.run(&clerk, offer);
        }
        Step::Accepts(place) => {
            let Some(id) = at(world, *place) else { return };
            let Some(handover) = world.state.conversation(id).unwrap().handovers().last().copied()
            else {
                return;
            };
            let command = if place % 3 == 0 {
                Command::DeclineHandover(handover)
            } else {
                Command::AcceptHandover { handover, by: agent(2) }
            };
            let _ = world.run(&clerk, command);
        }
        Step::Answers(place, question) => {
            let Some(conversation) = at(world, *place) else { return };
            let Some(last) = world.state.messages(conversation).next_back() else { return };
            let leg = world.state.leg(last.place.unwrap().0).unwrap();
            let answer = Command::RecordAnswer {
                conversation,
                question: format!("question {question}").into(),
                answer: words(&canary(leg.touchpoint)),
                message: last.said.id,
            };
            let _ = world.run(&clerk, answer);
        }
        Step::Notes(place, what) => note(world, *place, *what),
        Step::Erases(place, what) => erase(world, *place, *what),
        Step::Merges(from, into) => {
            let (Some(from), Some(into)) = (at(world, *from), at(world, *into)) else { return };
            let _ = world.run(&clerk, Command::Merge { from, into });
        }
        Step::Unmerges(place) => {
            let Some(id) = at(world, *place) else { return };
            let _ = world.run(&clerk, Command::Unmerge(id));
        }
        Step::Splits(place, by) => {
            let Some(conversation) = at(world, *place) else { return };
            let by = if by % 2 == 0 {
                let legs = world.state.legs(conversation).map(|leg| leg.id);
                SplitBy::Legs(legs.skip(usize::from(*by) / 2).collect())
            } else {
                let message = world.state.messages(conversation).nth(usize::from(*by));
                let Some(message) = message.map(|message| message.said.id) else { return };
                SplitBy::From { message, new_leg: LegId::new(uuid(4, world.fresh())) }
            };
            let new = ConversationId::new(uuid(2, world.fresh()));
            let _ = world.run(&clerk, Command::Split { conversation, new, by });
        }
        Step::Unsplits(place) => {
            let Some(id) = at(world, *place) else { return };
            let _ = world.run(&clerk, Command::Unsplit(id));
        }
        Step::MergesCustomers(one, other) => {
            merge_customers(world, touchpoint(one.0, one.1), touchpoint(other.0, other.1));
        }
        Step::Parts(customer, account) => part(world, touchpoint(*customer, *account)),
        Step::SetsPolicy(kind) => {
            let mut policy = Policy::default();
            if kind % 2 == 1 {
                let mut answer =
                    Target::new("answer", Measure::FirstResponse, Duration::from_secs(7_200));
                answer.priorities = vec![Priority::Normal];
                let urgent = Target::new("urgent", Measure::NextResponse, Duration::from_secs(60));
                let mut done =
                    Target::new("done", Measure::Resolution, Duration::from_secs(86_400));
                done.pauses = vec![kontak_conversation::StatusKind::OnHold];
                policy.sla.targets = vec![answer, urgent, done];
            }
            if *kind > 1 {
                policy.retention.days =
                    [(DataClass::Words, 1), (DataClass::Calls, 0), (DataClass::Answers, 2)].into();
            }
            let _ = world.run(&clerk, Command::SetPolicy(Box::new(policy))).unwrap();
        }
        Step::Wakes => {
            let _ = world.wake();
        }
        Step::Passes(hours) => world.pass(i64::from(*hours)),
    }
}

/// It turns out that two accounts are one person's.
pub(crate) fn merge_customers(world: &mut World, one: TouchpointId, other: TouchpointId) {
    let (into, from) = (world.owner(one), world.owner(other));
    let command = Command::MergeCustomers { from, into };
    let _ = world.run(&Actor::System, command).unwrap();
    for account in accounts() {
        if world.owner(account) == from {
            world.owners.insert(account, into);
        }
    }
}

/// It turns out that an account is not of the person that it was held to be.
pub(crate) fn part(world: &mut World, account: TouchpointId) {
    let (from, into) = (world.owner(account), CustomerId::from(account));
    if from == into {
        return;
    }
    let mixed = world.state.to_part(from, &[account]);
    let new =
        mixed.into_iter().map(|id| (id, ConversationId::new(uuid(2, world.fresh())))).collect();
    let command = Command::PartCustomers { from, into, touchpoints: vec![account], new };
    let _ = world.run(&Actor::System, command).unwrap();
    world.owners.insert(account, into);
}

pub(crate) fn accounts() -> impl Iterator<Item = TouchpointId> {
    (1..4).flat_map(|customer| (0..2).map(move |account| touchpoint(customer, account)))
}

fn note(world: &mut World, place: usize, what: u8) {
    let clerk = Actor::Agent(agent(1));
    let Some(conversation) = at(world, place) else { return };
    let Some(other) = at(world, place + 1) else { return };
    let number = world.fresh();
    let case = CaseId::new(uuid(7, place as u128 % 3));
    let courier = Actor::External("courier".into());
    let command = match what {
        0 => Command::Label {
            conversation,
            label: Label::topic(["repair", "delivery"][place % 2]).unwrap(),
            source: LabelSource::Agent(agent(1)),
        },
        1 => Command::SetPriority { conversation, priority: Priority::Urgent },
        2 => Command::LetIn { conversation, who: courier },
        3 => Command::Leave { conversation, who: courier },
        4 => Command::Link { one: conversation, other, kind: LinkKind::Related },
        5 => Command::Unlink { one: conversation, other, kind: LinkKind::Related },
        6 => Command::OpenCase { case: CaseId::new(uuid(7, number % 3)), title: words("a recall") },
        7 => Command::JoinCase { case, conversation },
        8 => Command::LeaveCase { case, conversation },
        9 => Command::CloseCase(case),
        _ => {
            let Some(leg) = world.state.legs(conversation).next() else { return };
            let preference = Preference::Channel(CHANNELS[place % 3].into());
            Command::StatePreference { touchpoint: leg.touchpoint, preference, message: None }
        }
    };
    let _ = world.run(&clerk, command);
}

fn erase(world: &mut World, place: usize, what: u8) {
    let clerk = Actor::Agent(agent(1));
    let Some(conversation) = at(world, place) else { return };
    let command = match what {
        0..8 => {
            let message = world.state.messages(conversation).nth(usize::from(what));
            let Some(message) = message else { return };
            Command::Redact(message.said.id)
        }
        8..11 => Command::PlaceLegalHold { conversation, matter: "case 7".into() },
        11..14 => Command::ReleaseLegalHold { conversation, matter: "case 7".into() },
        14 => Command::EraseTouchpoint(touchpoint(3, 1)),
        15 => Command::EraseCustomer(world.owner(touchpoint(3, 0))),
        _ => Command::Review(conversation),
    };
    let _ = world.run(&clerk, command);
}

/// A shop in which this has happened.
pub(crate) fn shops() -> impl Strategy<Value = World> {
    vec(steps(), 0..40).prop_map(|steps| {
        let mut world = World::new();
        for step in &steps {
            take(&mut world, step);
        }
        world
    })
}

pub(crate) fn histories() -> impl Strategy<Value = Vec<Event>> {
    shops().prop_map(|world| world.events)
}

pub(crate) fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Conversations {
    let mut state = Conversations::new();
    for event in events {
        state.apply(event);
    }
    state
}

pub(crate) fn worlds() -> impl Strategy<Value = Conversations> {
    histories().prop_map(|events| replay(&events))
}
