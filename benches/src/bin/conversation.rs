//! Prints what conversations cost: applying a journal, deciding on a message, memory, and a page of
//! a journey.
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
    Actor, Command, Conversations, Delivery, DeliveryStatus, Event, Inbound, JourneyFilter, LegId,
    Message, MessageChange, NativeId, Relation, Status,
};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// So many conversations go on at a time: their messages stand between each other in the journal.
const AT_ONCE: u128 = 1_000;

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
    println!("each answer with two receipts; {AT_ONCE} conversations at a time; CPU time");
    let [few, many] = [most / 10, most].map(|count| Measured::of(count.max(1)));
    let (few, many) = (few?, many?);
    println!(
        "ten times the conversations: {:.2} times the time of an event, {:.2} times that of a decision",
        many.apply / few.apply,
        many.decide / few.decide
    );
    for messages in [500, 50_000] {
        let page = page(messages)?;
        println!("  {page:>5.0} ns for a page of 50 out of the journey of {messages} messages");
    }
    Ok(())
}

/// How long a page out of the middle of a customer's journey takes, in nanoseconds.
fn page(messages: u128) -> anyhow::Result<f64> {
    let (state, _) = journal(1, messages, Ending::Open)?;
    let customer = CustomerId::new(id(1, 0, 0));
    let filter = JourneyFilter::default();
    let whole = state.journey(customer, &filter, None, usize::MAX);
    let middle = whole.get(whole.len() / 2).copied();
    let pages = 1_000;
    let start = ProcessTime::now();
    for _ in 0..pages {
        let page = black_box(state.journey(customer, &filter, black_box(middle), 50));
        ensure!(page.len() == 50, "the journey is long enough");
    }
    Ok(start.elapsed().as_secs_f64() * 1e9 / f64::from(pages))
}

/// Nanoseconds.
struct Measured {
    apply: f64,
    decide: f64,
}

impl Measured {
    fn of(count: u128) -> anyhow::Result<Self> {
        let (state, apply) = journal(count, 50, Ending::Open)?;
        let decide = decide(&state, count)?;
        drop(state);
        let (state, heap) = Heap::measure(&ALLOCATOR, || journal(count, 20, Ending::Resolved));
        drop(state?);
        let (contents, text) = Heap::measure(&ALLOCATOR, || {
            (0..count * 20).map(|_| content()).collect::<anyhow::Result<Box<[Content]>>>()
        });
        drop(contents?);
        let whole = heap.kept as f64 / count as f64;
        let text = text.kept as f64 / count as f64;
        println!(
            "  {count:>8} conversations: {:>5.2} million events a second applied (50 messages each), {decide:>5.0} ns to decide on a message",
            1e3 / apply
        );
        println!(
            "           resolved, of 20 messages: {whole:>6.0} bytes with its text, {:>5.0} without",
            whole - text
        );
        Ok(Self { apply, decide })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Open,
    Resolved,
}

/// Conversations of so many messages, and how long an event took to apply.
fn journal(count: u128, messages: u128, ending: Ending) -> anyhow::Result<(Conversations, f64)> {
    let clerk = Actor::Agent(AgentId::new(Uuid::nil()));
    let mut state = Conversations::new();
    let (mut spent, mut applied) = (0.0, 0);
    let mut now: DateTime<Utc> = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    for first in (0..count).step_by(AT_ONCE as usize) {
        // Decided apart, so that the time is that of applying alone.
        let mut desk = Conversations::new();
        let mut events: Vec<Event> = Vec::new();
        let customers = first..count.min(first + AT_ONCE);
        for number in 0..messages {
            now += TimeDelta::minutes(3);
            for customer in customers.clone() {
                let mut commands = step(customer, number, now)?;
                if number + 1 == messages && ending == Ending::Resolved {
                    let conversation = ConversationId::new(id(2, customer, 0));
                    let resolve = Command::SetStatus { conversation, to: Status::Resolved };
                    commands.push((clerk.clone(), resolve));
                }
                for (actor, command) in commands {
                    for event in desk.decide(&actor, command, now)? {
                        desk.apply(&event);
                        events.push(event);
                    }
                }
            }
        }
        drop(desk);
        let start = ProcessTime::now();
        for event in &events {
            state.apply(event);
        }
        spent += start.elapsed().as_secs_f64();
        applied += events.len();
    }
    Ok((state, spent * 1e9 / applied as f64))
}

/// How long it takes to decide on a message of a customer who is known.
fn decide(state: &Conversations, count: u128) -> anyhow::Result<f64> {
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_001);
    let (mut spent, mut decisions, mut decided) = (0.0, 0, 0);
    // Few at a time: commands that wait are not what a decision takes from the cache.
    for first in (0..count.min(100_000)).step_by(100) {
        let commands = (first..first + 100)
            .map(|nth| {
                let inbound = inbound(nth * 7919 % count, 1_000, now)?;
                let actor = Actor::Customer(inbound.touchpoint);
                Ok((actor, Command::Receive(Box::new(inbound))))
            })
            .collect::<anyhow::Result<Vec<(Actor, Command)>>>()?;
        decisions += commands.len();
        let start = ProcessTime::now();
        for (actor, command) in commands {
            decided += black_box(state.decide(&actor, command, now)?).len();
        }
        spent += start.elapsed().as_secs_f64();
    }
    ensure!(decided == 2 * decisions, "a message of a customer who is known, and its place");
    Ok(spent * 1e9 / decisions as f64)
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
    let mut message =
        Message::new(MessageId::new(id(3, customer, number)), author, now, content()?);
    message.native = Some(native(customer, number));
    Ok(message)
}

fn content() -> anyhow::Result<Content> {
    Ok(Content::plain("Halo kak, pesanan saya belum sampai juga ya")?)
}

fn id(space: u128, customer: u128, number: u128) -> Uuid {
    Uuid::from_u128(space << 120 | customer << 32 | number)
}

fn native(customer: u128, number: u128) -> NativeId {
    NativeId::new(b"sixteen secret b", "shop", &format!("{customer}/{number}"))
}
