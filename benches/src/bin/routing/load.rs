//! A centre of a size: agents who are all busy, and contacts that wait for them.

use anyhow::ensure;
use chrono::{DateTime, TimeDelta, Utc};
use kontak_benches::Random;
use kontak_routing::{
    Agent, Centre, Decision, Engine, Input, Level, OfferPolicy, Presence, Queue, Requirement,
    Skill, WorkItem,
};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, QueueId, WorkItemId};

pub(crate) const SKILLS: usize = 64;
pub(crate) const LEVELS: usize = 5;

#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) agents: usize,
    pub(crate) profiles: usize,
    pub(crate) waiting: usize,
    pub(crate) classes: usize,
}

pub(crate) const SMALL: Size = Size { agents: 1_000, profiles: 500, waiting: 10_000, classes: 500 };
pub(crate) const LARGE: Size =
    Size { agents: 10_000, profiles: 2_000, waiting: 100_000, classes: 2_000 };

/// What one agent can do, or what one kind of contact asks for: skills and levels.
pub(crate) type Abilities = Vec<(usize, usize)>;

fn abilities(random: &mut Random, least: u32, most: u32) -> Abilities {
    let count = least + random.below(most - least + 1);
    let mut of: Abilities = Vec::new();
    while of.len() < count as usize {
        let skill = random.below(SKILLS as u32) as usize;
        if of.iter().all(|(other, _)| *other != skill) {
            of.push((skill, 1 + random.below(LEVELS as u32) as usize));
        }
    }
    of
}

fn requirement(of: &Abilities) -> anyhow::Result<Requirement> {
    let mut all = Requirement::Anyone;
    for (skill, level) in of {
        all = all & Requirement::skill(name(*skill)?).at_least(Level::new(*level as u8)?);
    }
    Ok(all)
}

fn name(skill: usize) -> anyhow::Result<Skill> {
    Ok(format!("skill_{skill}").parse()?)
}

pub(crate) fn agent_id(number: usize) -> AgentId {
    AgentId::new(Uuid::from_u128(1 << 64 | number as u128))
}

pub(crate) fn item_id(number: usize) -> WorkItemId {
    WorkItemId::new(Uuid::from_u128(1 << 65 | number as u128))
}

pub(crate) struct Market {
    pub(crate) profiles: Vec<Abilities>,
    pub(crate) kinds: Vec<Abilities>,
    requirements: Vec<Requirement>,
    random: Random,
}

impl Market {
    pub(crate) fn new(size: Size) -> anyhow::Result<Self> {
        let mut random = Random::new(2026);
        let profiles = (0..size.profiles).map(|_| abilities(&mut random, 8, 24)).collect();
        let kinds: Vec<_> = (0..size.classes).map(|_| abilities(&mut random, 1, 2)).collect();
        let requirements = kinds.iter().map(requirement).collect::<anyhow::Result<_>>()?;
        Ok(Self { profiles, kinds, requirements, random })
    }

    pub(crate) fn kind(&mut self) -> usize {
        self.random.below(self.kinds.len() as u32) as usize
    }
}

pub(crate) fn at(microsecond: usize) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::microseconds(microsecond as i64 * 1_000)
}

pub(crate) fn engine(offers: bool) -> anyhow::Result<Engine> {
    let mut centre = Centre::default();
    let mut queue = Queue::new(QueueId::new(Uuid::from_u128(1)), Requirement::Anyone);
    if offers {
        let mut offer = OfferPolicy::default();
        offer.timeout_seconds = Some(3_600);
        queue.offer = offer;
        centre.presence.lease_seconds = Some(360_000);
    }
    centre.queues.insert("all".into(), queue);
    Ok(Engine::new(centre)?)
}

/// Agents who are all busy.
pub(crate) fn hire(engine: &mut Engine, market: &Market, size: Size) -> anyhow::Result<()> {
    let queue = QueueId::new(Uuid::from_u128(1));
    for number in 0..size.agents {
        let mut agent = Agent::new(agent_id(number)).with_channel("voice", 1);
        for (skill, level) in &market.profiles[number % size.profiles] {
            agent = agent.with_skill(name(*skill)?, Level::new(*level as u8)?);
        }
        let _ = engine.handle(at(0), Input::SetAgent(Box::new(agent)));
        let agent = agent_id(number);
        let _ = engine.handle(at(0), Input::SetPresence { agent, presence: Presence::Available });
        // All others are busy already.
        let own = WorkItem::new(item_id(1 << 40 | number), queue, "voice");
        let decisions = engine.handle(at(0), Input::Arrive(Box::new(own)));
        accept(engine, at(0), &decisions);
    }
    Ok(())
}

/// Contacts that wait for them.
pub(crate) fn fill(
    engine: &mut Engine,
    market: &mut Market,
    size: Size,
) -> anyhow::Result<Vec<u16>> {
    let mut kinds = Vec::with_capacity(size.waiting);
    for number in 0..size.waiting {
        let kind = market.kind();
        kinds.push(kind as u16);
        arrive(engine, number, market, kind);
    }
    ensure!(engine.waiting() == size.waiting, "everybody is busy");
    Ok(kinds)
}

pub(crate) fn arrive(engine: &mut Engine, number: usize, market: &Market, kind: usize) -> Input {
    let queue = QueueId::new(Uuid::from_u128(1));
    let work = WorkItem::new(item_id(number), queue, "voice")
        .with_requirement(market.requirements[kind].clone());
    let input = Input::Arrive(Box::new(work));
    let _ = engine.handle(at(1 + number), input.clone());
    input
}

fn accept(engine: &mut Engine, now: DateTime<Utc>, decisions: &[Decision]) {
    for decision in decisions {
        if let Decision::Offer { item, token, .. } = decision {
            let _ = engine.handle(now, Input::Accept { item: *item, token: *token });
        }
    }
}
