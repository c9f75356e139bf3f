//! A broken air conditioner, four channels, one conversation: the promise stays in sight, its breach
//! is known at its second, and the customer tells the story once. The same story over four silos
//! shows what she had to repeat.
//!
//! ```text
//! cargo run --release --example one_story
//! ```

use anyhow::{Context as _, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_calendar::Tz;
use kontak_content::{Content, Written};
use kontak_conversation::sla::{ClockState, Measure, SlaPolicy, Target};
use kontak_conversation::{
    Actor, Command, CommitmentId, CommitmentState, Conversations, EventBody, HandoverId,
    HandoverKind, HandoverTarget, Inbound, Joins, LegId, Message, NativeId, Policy, Status,
};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use std::time::Duration;

/// The clock on the wall in Jakarta.
fn local(at: DateTime<Utc>) -> DateTime<Tz> {
    at.with_timezone(&Tz::Asia__Jakarta)
}

/// What anybody who takes up the case has to know.
const QUESTIONS: [(&str, &str); 3] = [
    ("what_is_broken", "the air conditioner does not cool"),
    ("model", "Sejuk 12, bought in May"),
    ("address", "Jalan Kenanga 7, Bekasi"),
];

/// How long nobody looks after the first.
const QUIET: TimeDelta = TimeDelta::days(3);

/// Where she turns to, and how many hours after the time before.
const VISITS: [(&str, i64, &str); 4] = [
    ("voice", 0, "My air conditioner does not cool any more."),
    ("facebook", 4 * 24, "Nobody came. A technician was promised within two days!"),
    ("whatsapp", 20, "Halo, I wrote to you on Facebook yesterday."),
    ("store", 4, "I am here because nobody answers."),
];

struct Shop {
    state: Conversations,
    now: DateTime<Utc>,
    next: u128,
    /// Whether the accounts are known to be one person's.
    knows_her: bool,
}

impl Shop {
    fn open(joins: Joins) -> anyhow::Result<Self> {
        let mut shop = Self {
            state: Conversations::new(),
            now: "2026-03-02T09:00:00+07:00".parse()?,
            next: 0,
            knows_her: joins == Joins::Customer,
        };
        let mut policy = Policy::default();
        policy.default.joins = joins;
        shop.run(&Actor::System, Command::SetPolicy(Box::new(policy)))?;
        Ok(shop)
    }

    fn fresh(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next)
    }

    fn run(&mut self, actor: &Actor, command: Command) -> anyhow::Result<()> {
        for event in self.state.decide(actor, command, self.now)? {
            self.state.apply(&event);
        }
        Ok(())
    }

    /// She comes by a channel. Returns the conversation and the message.
    fn hears(&mut self, channel: &str, text: &str) -> anyhow::Result<(ConversationId, MessageId)> {
        let place = VISITS.iter().position(|(known, ..)| *known == channel);
        let account = Uuid::from_u128(1_000 + place.context("no such channel")? as u128);
        let founder = if self.knows_her { Uuid::from_u128(1_000) } else { account };
        let touchpoint = TouchpointId::new(account);
        let mut message = Message::new(
            MessageId::new(self.fresh()),
            Actor::Customer(touchpoint),
            self.now,
            Content::plain(text)?,
        );
        let native = self.fresh().to_string();
        message.native = Some(NativeId::new(b"sixteen secret b", channel, &native));
        let id = message.id;
        let inbound = Inbound::new(
            message,
            (CustomerId::new(founder), touchpoint),
            channel,
            (ConversationId::new(self.fresh()), LegId::new(self.fresh())),
        );
        self.run(&Actor::Customer(touchpoint), Command::Receive(Box::new(inbound)))?;
        let (leg, reason) =
            self.state.message(id).and_then(|message| message.place).context("it was placed")?;
        let conversation = self.state.leg(leg).context("the leg is known")?.conversation;
        if let Some(reason) = reason {
            println!("  {:<10} {}: {reason}", channel, local(self.now).format("%a %d %b %H:%M"));
        }
        Ok((conversation, id))
    }

    /// The agent asks only what is not answered. Returns how often she had to say something.
    fn asks(
        &mut self,
        id: ConversationId,
        message: MessageId,
        agent: &Actor,
    ) -> anyhow::Result<usize> {
        let mut told = 0;
        for (question, answer) in QUESTIONS {
            let known = self.state.conversation(id).context("it is known")?;
            if known.already_answered(question).is_some() {
                continue;
            }
            told += 1;
            let (question, answer) = (question.into(), Written::new(answer)?);
            let record = Command::RecordAnswer { conversation: id, question, answer, message };
            self.run(agent, record)?;
        }
        Ok(told)
    }
}

fn main() -> anyhow::Result<()> {
    println!("One conversation over every channel\n");
    let told = one_conversation()?;
    ensure!(told == QUESTIONS.len(), "she told it once");
    println!("\nThe same over four silos\n");
    let told_to_silos = four_silos()?;
    ensure!(told_to_silos == VISITS.len() * QUESTIONS.len(), "she told it to every one of them");
    println!(
        "\nShe answered {told} questions in one conversation, and {told_to_silos} over four silos: {} for nothing.",
        told_to_silos - told
    );
    Ok(())
}

fn one_conversation() -> anyhow::Result<usize> {
    let mut shop = Shop::open(Joins::Customer)?;
    let mut sla = SlaPolicy::default();
    sla.targets.push(Target::new("promises", Measure::Commitment, Duration::ZERO));
    let agents: Vec<AgentId> = (1..=4).map(|n| AgentId::new(Uuid::from_u128(n << 64))).collect();

    let (id, message) = shop.hears(VISITS[0].0, VISITS[0].2)?;
    let hotline = Actor::Agent(agents[0]);
    shop.run(&hotline, Command::Assign { conversation: id, to: Some(agents[0]) })?;
    let mut told = shop.asks(id, message, &hotline)?;
    let promise = CommitmentId::new(shop.fresh());
    let due = shop.now + TimeDelta::days(2);
    shop.run(
        &hotline,
        Command::Promise {
            commitment: promise,
            conversation: id,
            what: Written::new("a technician comes")?,
            due,
            message: Some(message),
        },
    )?;
    println!(
        "             promised: a technician comes, until {}",
        local(due).format("%a %d %b %H:%M")
    );

    // Nobody looks for three days, and the promise is broken at its second all the same.
    shop.now += QUIET;
    let events = shop.state.handle_timeout(shop.now);
    for event in &events {
        shop.state.apply(event);
    }
    let broken = events
        .iter()
        .any(|event| matches!(&event.body, EventBody::PromiseBroken { due: at, .. } if *at == due));
    ensure!(broken, "the breach is known at its second");
    let clock = &sla.clocks(&shop.state, id, shop.now)[0];
    ensure!((clock.state, clock.breached) == (ClockState::Breached, Some(due)));
    println!(
        "             broken at {}, whoever looks and when",
        local(due).format("%a %d %b %H:%M:%S")
    );

    for ((channel, later, text), agent) in VISITS.into_iter().zip(agents).skip(1) {
        shop.now += TimeDelta::hours(later);
        let (same, message) = shop.hears(channel, text)?;
        ensure!(same == id, "it is the same conversation");
        let handover = HandoverId::new(shop.fresh());
        let giver =
            Actor::Agent(shop.state.conversation(id).and_then(|c| c.agent).context("an agent")?);
        shop.run(
            &giver,
            Command::OfferHandover {
                handover,
                conversation: id,
                to: HandoverTarget::Agent(agent),
                kind: HandoverKind::Cold,
                wants: Some(Written::new("her air conditioner repaired")?),
            },
        )?;
        shop.run(&Actor::Agent(agent), Command::AcceptHandover { handover, by: agent })?;
        let brief = shop.state.handed(handover).context("it was offered")?;
        ensure!(brief.answers.len() == QUESTIONS.len(), "all she said is there");
        ensure!(brief.commitments.iter().any(|one| one.id == promise), "the promise is in sight");
        println!(
            "             the agent reads: {} answers, {} promise to make good, reply on {}",
            brief.answers.len(),
            brief.commitments.len(),
            brief.reply_on.as_ref().map_or("-", |channel| channel.as_str())
        );
        told += shop.asks(id, message, &Actor::Agent(agent))?;
    }

    let store = shop.state.conversation(id).and_then(|c| c.agent).context("an agent")?;
    shop.run(&Actor::Agent(store), Command::KeepPromise(promise))?;
    shop.run(&Actor::Agent(store), Command::SetStatus { conversation: id, to: Status::Resolved })?;
    let state = shop.state.commitment(promise).context("it was promised")?.state;
    ensure!(state == CommitmentState::Broken { at: due, kept: Some(shop.now) });
    let conversation = shop.state.conversation(id).context("it is known")?;
    ensure!(conversation.retellings() == 0 && shop.state.legs(id).len() == VISITS.len());
    println!("             made good {} days late", (shop.now - due).num_days());
    Ok(told)
}

fn four_silos() -> anyhow::Result<usize> {
    let mut shop = Shop::open(Joins::Touchpoint)?;
    let mut told = 0;
    let mut seen = Vec::new();
    for (channel, later, text) in VISITS {
        shop.now += TimeDelta::hours(later);
        let (id, message) = shop.hears(channel, text)?;
        if seen.is_empty() {
            shop.now += QUIET;
        }
        ensure!(!seen.contains(&id), "every silo has its own");
        seen.push(id);
        told += shop.asks(id, message, &Actor::Agent(AgentId::new(Uuid::from_u128(7))))?;
    }
    // Later it turns out that she is one person, and somebody puts the four together.
    let one = CustomerId::new(Uuid::from_u128(1_000));
    for account in 1..VISITS.len() as u128 {
        let from = CustomerId::new(Uuid::from_u128(1_000 + account));
        shop.run(&Actor::System, Command::MergeCustomers { from, into: one })?;
    }
    let (whole, others) = seen.split_first().context("she came")?;
    for from in others {
        shop.run(&Actor::System, Command::Merge { from: *from, into: *whole })?;
    }
    let known = shop.state.conversation(*whole).context("it is known")?;
    println!("             put together: she had to say {} things again", known.retellings());
    ensure!(known.retellings() as usize == told - QUESTIONS.len(), "every one of them is counted");
    Ok(told)
}
