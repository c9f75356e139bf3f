//! Prints what an evicted conversation leaves behind, and what a message costs whose customer has
//! several of them.
//!
//! ```text
//! cargo run --release -p kontak-benches --bin evicted -- --conversations 100000
//! ```

use anyhow::{Context as _, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use cpu_time::ProcessTime;
use kontak_benches::memory::{Heap, PeakAlloc};
use kontak_content::Content;
use kontak_conversation::label::{Label, LabelSource};
use kontak_conversation::{
    Actor, Command, Conversations, DataClass, Event, EventBody, Inbound, LegId, Message, NativeId,
    Policy, Status,
};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const AGENTS: u128 = 75;
const TOPICS: [&str; 4] = ["stock", "delivery", "refund", "warranty"];

fn main() -> anyhow::Result<()> {
    let mut count: u128 = 100_000;
    let mut given = lexopt::Parser::from_env();
    while let Some(argument) = given.next()? {
        use lexopt::prelude::{Long, ValueExt as _};
        match argument {
            Long("conversations") => count = given.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    println!("{count} conversations of one leg and one or two messages, all evicted; CPU time");
    for each in [1, 10, 100] {
        let (state, heap) = Heap::measure(&ALLOCATOR, || fill(count, each, Policy::default()));
        let mut state = state?;
        let receive = receive(&state, count / each, each)?;
        let around = around(&mut state, count / each, each)?;
        drop(state);
        let (state, kept) = Heap::measure(&ALLOCATOR, || fill(count, each, retention()));
        drop(state?);
        println!(
            "  {each:>3} a customer: {:>5.0} bytes each, {:>5.0} where retention is set; {receive:>6.0} ns to decide on a message that begins another, {around:>6.0} ns to bring one back and evict it",
            heap.kept as f64 / count as f64,
            kept.kept as f64 / count as f64,
        );
    }
    let (state, heap) = Heap::measure(&ALLOCATOR, || -> anyhow::Result<_> {
        let mut state = Conversations::new();
        (0..count).try_for_each(|customer| run(&mut state, customer, 0))?;
        (0..count).try_for_each(|customer| evict(&mut state, customer, 0))?;
        Ok(state)
    });
    drop(state?);
    println!("  all at the end: {:>5.0} bytes each", heap.kept as f64 / count as f64);
    Ok(())
}

/// Each is evicted before the next begins, so that what is left of rows is next to nothing.
fn fill(count: u128, each: u128, policy: Policy) -> anyhow::Result<Conversations> {
    let mut state = Conversations::new();
    state.apply(&Event::new(began(0), Actor::System, EventBody::PolicySet(Box::new(policy))));
    for round in 0..each {
        for customer in 0..count / each {
            run(&mut state, customer, round)?;
            evict(&mut state, customer, round)?;
        }
    }
    Ok(state)
}

fn retention() -> Policy {
    let mut policy = Policy::default();
    policy.retention.days.insert(DataClass::Words, 3_650);
    policy
}

/// A conversation from its beginning to its end. Decided apart: of 500,000 ids some have the same four
/// bytes, and there is nothing to bring back.
fn run(state: &mut Conversations, customer: u128, round: u128) -> anyhow::Result<()> {
    let mut desk = Conversations::new();
    let mut decide = |actor: &Actor, command: Command, now: DateTime<Utc>| {
        for event in desk.decide(actor, command, now)? {
            desk.apply(&event);
            state.apply(&event);
        }
        anyhow::Ok(())
    };
    let at = began(round) + TimeDelta::microseconds((customer * 7_919 % 3_600_000_000) as i64);
    let agent = AgentId::new(id(8, customer % AGENTS, 0));
    let conversation = ConversationId::new(id(2, customer, round));
    let inbound = inbound(customer, round, at)?;
    let from = Actor::Customer(inbound.touchpoint);
    decide(&from, Command::Receive(Box::new(inbound)), at)?;
    decide(&Actor::System, Command::Assign { conversation, to: Some(agent) }, at)?;
    let by = Actor::Agent(agent);
    if (customer + round).is_multiple_of(2) {
        let at = at + TimeDelta::milliseconds(95_123);
        let message = message(by.clone(), (6, customer, round), at)?;
        let leg = LegId::new(id(4, customer, round));
        decide(&by, Command::Say { leg, message: Box::new(message) }, at)?;
    }
    let resolve = Command::SetStatus { conversation, to: Status::Resolved };
    decide(&by, resolve, at + TimeDelta::microseconds(1_234_567_891))
}

fn evict(state: &mut Conversations, customer: u128, round: u128) -> anyhow::Result<()> {
    let id = ConversationId::new(id(2, customer, round));
    state.evict(id).map(drop).context("it rests")
}

/// How long it takes to ask what a message needs and to decide on it, in nanoseconds.
fn receive(state: &Conversations, customers: u128, each: u128) -> anyhow::Result<f64> {
    let now = began(each);
    let (mut spent, mut decisions) = (f64::MAX, 0);
    for _ in 0..5 {
        let mut pass = 0.0;
        decisions = 0;
        // Few at a time: commands that wait are not what a decision takes from the cache.
        for first in (0..10_000).step_by(100) {
            let commands = (first..first + 100)
                .map(|nth| {
                    let inbound = inbound(nth * 7_919 % customers, each, now)?;
                    let actor = Actor::Customer(inbound.touchpoint);
                    Ok((actor, Command::Receive(Box::new(inbound))))
                })
                .filter(|it: &anyhow::Result<(_, Command)>| {
                    // Rarely one is named in vain.
                    it.as_ref().is_ok_and(|(_, command)| state.needs(command).is_empty())
                })
                .collect::<anyhow::Result<Vec<(Actor, Command)>>>()?;
            let start = ProcessTime::now();
            for (actor, command) in commands {
                ensure!(black_box(state.needs(&command)).is_empty(), "it came too late");
                let events = black_box(state.decide(&actor, command, now)?);
                ensure!(events.len() == 5, "it begins another");
                decisions += 1;
            }
            pass += start.elapsed().as_secs_f64();
        }
        spent = spent.min(pass);
    }
    Ok(spent * 1e9 / f64::from(decisions))
}

/// How long it takes to bring a conversation back and to evict it again, in nanoseconds.
fn around(state: &mut Conversations, customers: u128, each: u128) -> anyhow::Result<f64> {
    let mut spent = f64::MAX;
    let trips = 2_000;
    for _ in 0..5 {
        let mut pass = 0.0;
        for nth in 0..trips {
            let (customer, round) = (nth * 7_919 % customers, nth * 31 % each);
            // It was dropped when it was evicted: it is the same once more.
            let mut other = Conversations::new();
            run(&mut other, customer, round)?;
            let id = ConversationId::new(id(2, customer, round));
            let evicted = other.evict(id).context("it rests")?;
            let start = ProcessTime::now();
            state.bring_back(evicted)?;
            ensure!(black_box(state.evict(id)).is_some(), "it rests");
            pass += start.elapsed().as_secs_f64();
        }
        spent = spent.min(pass);
    }
    Ok(spent * 1e9 / trips as f64)
}

fn began(round: u128) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + 14 * round as i64)
}

fn inbound(customer: u128, round: u128, at: DateTime<Utc>) -> anyhow::Result<Inbound> {
    let touchpoint = TouchpointId::new(id(1, customer, 0));
    let mut inbound = Inbound::new(
        message(Actor::Customer(touchpoint), (3, customer, round), at)?,
        (CustomerId::new(id(1, customer, 0)), touchpoint),
        "whatsapp",
        (ConversationId::new(id(2, customer, round)), LegId::new(id(4, customer, round))),
    );
    let topic = Label::topic(TOPICS[(customer % 4) as usize])?;
    inbound.labels.push((topic, LabelSource::Agent(AgentId::new(id(8, 0, 0)))));
    Ok(inbound)
}

fn message(
    author: Actor,
    (space, customer, round): (u128, u128, u128),
    now: DateTime<Utc>,
) -> anyhow::Result<Message> {
    let content = Content::plain("Halo kak, pesanan saya belum sampai juga ya")?;
    let mut message =
        Message::new(MessageId::new(id(space, customer, round)), author, now, content);
    let native = format!("{space}/{customer}/{round}");
    message.native = Some(NativeId::new(b"sixteen secret b", "shop", &native));
    Ok(message)
}

fn id(space: u128, customer: u128, round: u128) -> Uuid {
    // Spread over all bits, as random ids are, and each another one.
    let id = (space << 120 | customer << 32 | round)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    Uuid::from_u128(id ^ id >> 64)
}
