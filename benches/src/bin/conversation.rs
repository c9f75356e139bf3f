//! Prints what conversations cost: applying a journal, deciding on a message, and memory.
//!
//! ```text
//! cargo run --release -p kontak-benches --bin conversation -- --conversations 100000
//! ```

use anyhow::ensure;
use chrono::{DateTime, TimeDelta, Utc};
use cpu_time::ProcessTime;
use kontak_benches::memory::{Heap, PeakAlloc};
use kontak_content::Content;
use kontak_conversation::{
    Actor, Command, Conversations, Delivery, DeliveryStatus, Event, Inbound, LegId, Message,
    MessageChange, NativeId, Relation, Status,
};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const MESSAGES: u128 = 20;

fn main() -> anyhow::Result<()> {
    let mut most: u128 = 100_000;
    let mut given = lexopt::Parser::from_env();
    while let Some(argument) = given.next()? {
        use lexopt::prelude::{Long, ValueExt as _};
        match argument {
            Long("conversations") => most = given.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    println!("histories of {MESSAGES} messages, each with two receipts; CPU time");
    for count in [most / 10, most] {
        measure(count.max(1))?;
    }
    Ok(())
}

fn measure(count: u128) -> anyhow::Result<()> {
    let mut events: Vec<Event> = Vec::new();
    let mut state = Conversations::new();
    for customer in 0..count {
        let mut now: DateTime<Utc> = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        for number in 0..MESSAGES {
            now += TimeDelta::minutes(3);
            let commands = step(customer, number, now)?;
            for (actor, command) in commands {
                for event in state.decide(&actor, command, now)? {
                    state.apply(&event);
                    events.push(event);
                }
            }
        }
    }
    drop(state);

    let start = ProcessTime::now();
    let mut state = Conversations::new();
    for event in &events {
        state.apply(event);
    }
    let per_second = events.len() as f64 / start.elapsed().as_secs_f64();

    let asked: Vec<Inbound> = (0..count.min(100_000))
        .map(|nth| {
            inbound(nth * 7919 % count, MESSAGES, DateTime::UNIX_EPOCH + TimeDelta::days(20_001))
        })
        .collect::<anyhow::Result<_>>()?;
    let commands: Vec<(Actor, Command, DateTime<Utc>)> = asked
        .into_iter()
        .map(|inbound| {
            let at = inbound.message.at;
            (Actor::Customer(inbound.touchpoint), Command::Receive(Box::new(inbound)), at)
        })
        .collect();
    let decisions = commands.len();
    let start = ProcessTime::now();
    let mut decided = 0;
    for (actor, command, now) in commands {
        decided += black_box(state.decide(&actor, command, now)?).len();
    }
    let decide = start.elapsed().as_secs_f64() * 1e9 / decisions as f64;
    ensure!(decided == 2 * decisions, "a message of a customer who is known, and its place");

    let clerk = Actor::Agent(AgentId::new(Uuid::nil()));
    let (one, heap) = Heap::measure(&ALLOCATOR, || -> anyhow::Result<Conversations> {
        let mut state = Conversations::new();
        let mut now: DateTime<Utc> = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        for customer in 0..1_000 {
            for number in 0..MESSAGES {
                now += TimeDelta::minutes(3);
                for (actor, command) in step(customer, number, now)? {
                    for event in state.decide(&actor, command, now)? {
                        state.apply(&event);
                    }
                }
            }
            let id = ConversationId::new(id(2, customer, 0));
            let resolve = Command::SetStatus { conversation: id, to: Status::Resolved };
            for event in state.decide(&clerk, resolve, now)? {
                state.apply(&event);
            }
        }
        Ok(state)
    });
    drop(one?);
    println!(
        "  {count:>8} conversations: {:>5.2} million events a second applied, {decide:>6.0} ns to decide on a message, {:>6} bytes a resolved conversation, its text included",
        per_second / 1e6,
        heap.kept / 1_000
    );
    Ok(())
}

/// A message of the customer, or an answer, and its receipts.
fn step(customer: u128, number: u128, now: DateTime<Utc>) -> anyhow::Result<Vec<(Actor, Command)>> {
    let touchpoint = TouchpointId::new(id(1, customer, 0));
    if number.is_multiple_of(2) {
        let inbound = inbound(customer, number, now)?;
        return Ok(vec![(Actor::Customer(touchpoint), Command::Receive(Box::new(inbound)))]);
    }
    let agent = Actor::Agent(AgentId::new(id(8, customer % 75, 0)));
    let message = message(agent.clone(), customer, number, now)?;
    let leg = LegId::new(id(4, customer, 0));
    let mut commands = vec![(agent, Command::Say { leg, message: Box::new(message) })];
    for status in [DeliveryStatus::Delivered, DeliveryStatus::Read] {
        let change = MessageChange::Delivered(Delivery::new(0, status));
        let relation = Relation::new(native(customer, number), now, change);
        commands.push((Actor::System, Command::Relate(Box::new(relation))));
    }
    Ok(commands)
}

fn inbound(customer: u128, number: u128, now: DateTime<Utc>) -> anyhow::Result<Inbound> {
    let touchpoint = TouchpointId::new(id(1, customer, 0));
    Ok(Inbound::new(
        message(Actor::Customer(touchpoint), customer, number, now)?,
        (CustomerId::new(id(1, customer, 0)), touchpoint),
        "whatsapp",
        (ConversationId::new(id(2, customer, number)), LegId::new(id(4, customer, number))),
    ))
}

fn message(
    author: Actor,
    customer: u128,
    number: u128,
    now: DateTime<Utc>,
) -> anyhow::Result<Message> {
    let text = "Halo kak, pesanan saya belum sampai juga ya";
    let mut message =
        Message::new(MessageId::new(id(3, customer, number)), author, now, Content::plain(text)?);
    message.native = Some(native(customer, number));
    Ok(message)
}

fn id(space: u128, customer: u128, number: u128) -> Uuid {
    Uuid::from_u128(space << 120 | customer << 32 | number)
}

fn native(customer: u128, number: u128) -> NativeId {
    NativeId::new(b"sixteen secret b", "shop", &format!("{customer}/{number}"))
}
