//! Prints what a routing decision costs, beside a scan with bit masks and one pop and push of a heap
//! of the same size, in the same run; and the memory of what waits.
//!
//! ```text
//! cargo run --release -p kontak-benches --bin routing
//! ```

use anyhow::ensure;
use chrono::{DateTime, TimeDelta, Utc};
use cpu_time::ProcessTime;
use kontak_benches::SplitMix64;
use kontak_benches::memory::{Heap, PeakAlloc};
use kontak_routing::{
    Agent, Centre, Decision, Engine, Entry, Input, Level, OfferPolicy, Presence, Queue,
    Requirement, Skill, WorkItem,
};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, QueueId, WorkItemId};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const SKILLS: usize = 64;
const LEVELS: usize = 5;
const WORDS: usize = SKILLS * LEVELS / 64;

type Mask = [u64; WORDS];

#[derive(Clone, Copy)]
struct Size {
    agents: usize,
    profiles: usize,
    waiting: usize,
    classes: usize,
}

fn main() -> anyhow::Result<()> {
    println!(
        "CPU time of one thread; every pick is compared with the scan's before its time counts"
    );
    let small = measure(Size { agents: 1_000, profiles: 500, waiting: 10_000, classes: 500 })?;
    let large =
        measure(Size { agents: 10_000, profiles: 2_000, waiting: 100_000, classes: 2_000 })?;
    println!(
        "growth from 1,000 x 10,000 to 10,000 x 100,000: pick {:.1} times, heap {:.1} times",
        large.pick / small.pick,
        large.heap / small.heap
    );
    Ok(())
}

struct Figures {
    pick: f64,
    heap: f64,
}

/// What one agent can do, or what one kind of contact asks for: skills and levels.
type Abilities = Vec<(usize, usize)>;

fn mask(of: &Abilities, thermometer: bool) -> Mask {
    let mut mask = [0; WORDS];
    for (skill, level) in of {
        // An agent has all levels up to theirs; a contact asks for one.
        for below in if thermometer { 1..=*level } else { *level..=*level } {
            let bit = skill * LEVELS + below - 1;
            mask[bit / 64] |= 1 << (bit % 64);
        }
    }
    mask
}

fn abilities(random: &mut SplitMix64, least: u32, most: u32) -> Abilities {
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

fn agent_id(number: usize) -> AgentId {
    AgentId::new(Uuid::from_u128(1 << 64 | number as u128))
}

fn item_id(number: usize) -> WorkItemId {
    WorkItemId::new(Uuid::from_u128(1 << 65 | number as u128))
}

struct Market {
    profiles: Vec<Abilities>,
    kinds: Vec<Abilities>,
    requirements: Vec<Requirement>,
    random: SplitMix64,
}

impl Market {
    fn new(size: Size) -> anyhow::Result<Self> {
        let mut random = SplitMix64::new(2026);
        let profiles = (0..size.profiles).map(|_| abilities(&mut random, 8, 24)).collect();
        let kinds: Vec<_> = (0..size.classes).map(|_| abilities(&mut random, 1, 2)).collect();
        let requirements = kinds.iter().map(requirement).collect::<anyhow::Result<_>>()?;
        Ok(Self { profiles, kinds, requirements, random })
    }

    fn kind(&mut self) -> usize {
        self.random.below(self.kinds.len() as u32) as usize
    }
}

fn at(microsecond: usize) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::microseconds(microsecond as i64 * 1_000)
}

fn engine(offers: bool) -> anyhow::Result<Engine> {
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
fn hire(engine: &mut Engine, market: &Market, size: Size) -> anyhow::Result<()> {
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
fn fill(engine: &mut Engine, market: &mut Market, size: Size) -> anyhow::Result<Vec<u16>> {
    let mut kinds = Vec::with_capacity(size.waiting);
    for number in 0..size.waiting {
        let kind = market.kind();
        kinds.push(kind as u16);
        arrive(engine, number, market, kind);
    }
    ensure!(engine.waiting() == size.waiting, "everybody is busy");
    Ok(kinds)
}

fn arrive(engine: &mut Engine, number: usize, market: &Market, kind: usize) -> Input {
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

fn measure(size: Size) -> anyhow::Result<Figures> {
    println!(
        "\n{} agents of {} kinds, {} waiting of {} kinds",
        size.agents, size.profiles, size.waiting, size.classes
    );
    let mut market = Market::new(size)?;
    let mut bare = engine(false)?;
    hire(&mut bare, &market, size)?;
    let (filled, heap) = Heap::measure(&ALLOCATOR, || fill(&mut bare, &mut market, size));
    let kinds = filled?;

    let heap_time = heap_floor(size.waiting);
    let (scan_time, picks) = scan(size, &market, &kinds);
    let pick_time = pick(&mut bare, size, &picks)?;
    let table = format!(
        "  one heap pop and push      {heap_time:>10.0} ns\n  \
         scan with bit masks        {scan_time:>10.0} ns\n  \
         pick and put at the back  {pick_time:>11.0} ns: 1/{:.0} of the scan, {:.1} heap operations",
        scan_time / pick_time,
        pick_time / heap_time
    );
    println!("{table}");
    everything(size, &mut market, heap_time)?;
    println!(
        "  memory                     {:>10} bytes a waiting contact, its share of the index included",
        heap.kept / size.waiting as i64
    );
    Ok(Figures { pick: pick_time, heap: heap_time })
}

/// What nothing that keeps an order can go below.
fn heap_floor(waiting: usize) -> f64 {
    let mut random = SplitMix64::new(7);
    let mut heap: BinaryHeap<Reverse<(u64, u32)>> =
        (0..waiting).map(|number| Reverse((random.draw() >> 20, number as u32))).collect();
    let rounds = 1_000_000;
    let start = ProcessTime::now();
    for _ in 0..rounds {
        if let Some(Reverse((key, number))) = heap.pop() {
            heap.push(Reverse((key + (random.draw() >> 20), number)));
        }
    }
    black_box(&heap);
    start.elapsed().as_secs_f64() * 1e9 / f64::from(rounds)
}

/// Looks at everything that waits, for some agents: the first that they may have.
fn scan(size: Size, market: &Market, kinds: &[u16]) -> (f64, Vec<(usize, Option<usize>)>) {
    let asked: Vec<Mask> =
        kinds.iter().map(|kind| mask(&market.kinds[usize::from(*kind)], false)).collect();
    // In the order of a store, not of arrival: a scan does not know what it will find.
    let mut random = SplitMix64::new(9);
    let mut rows: Vec<(Mask, u32)> = asked.into_iter().zip(0..).collect();
    for at in (1..rows.len()).rev() {
        rows.swap(at, random.below(at as u32 + 1) as usize);
    }
    let samples = 500;
    let agents: Vec<(usize, Mask)> = (0..samples)
        .map(|nth| nth * 37 % size.agents)
        .map(|agent| (agent, mask(&market.profiles[agent % size.profiles], true)))
        .collect();
    let start = ProcessTime::now();
    let picks: Vec<(usize, Option<usize>)> = agents
        .iter()
        .map(|(agent, has)| {
            let may = |asked: &Mask| asked.iter().zip(has).all(|(asked, has)| asked & !has == 0);
            let able = rows.iter().filter(|(asked, _)| may(asked));
            (*agent, able.map(|(_, number)| *number as usize).min())
        })
        .collect();
    (start.elapsed().as_secs_f64() * 1e9 / samples as f64, picks)
}

fn pick(
    engine: &mut Engine,
    size: Size,
    expected: &[(usize, Option<usize>)],
) -> anyhow::Result<f64> {
    for (agent, expected) in expected {
        // A copy each time would take minutes; a rehearsal sends what it found to the back.
        let found = engine.next_for(agent_id(*agent));
        ensure!(found == expected.map(item_id), "agent {agent}: the scan finds another one");
    }
    let rounds = std::env::var("KR").map_or(500_000, |v| v.parse().unwrap());
    let mut random = SplitMix64::new(11);
    let agents: Vec<AgentId> =
        (0..rounds).map(|_| agent_id(random.below(size.agents as u32) as usize)).collect();
    let start = ProcessTime::now();
    for agent in &agents {
        black_box(engine.rehearse(*agent));
    }
    Ok(start.elapsed().as_secs_f64() * 1e9 / f64::from(rounds))
}

/// An agent is through: the next contact is found, offered and accepted, its offer has a deadline,
/// the agent a lease, inputs are logged, and all of it is in the digest.
fn everything(size: Size, market: &mut Market, heap_time: f64) -> anyhow::Result<()> {
    let mut engine = engine(true)?;
    hire(&mut engine, market, size)?;
    fill(&mut engine, market, size)?;
    let (rounds, chunk) = (std::env::var("KE").map_or(100_000, |v| v.parse().unwrap()), 1_000);
    let mut log: Vec<Entry> = Vec::with_capacity(3 * rounds);
    let mut times: Vec<u64> = Vec::with_capacity(rounds);
    let mut hands: Vec<WorkItemId> =
        (0..size.agents).map(|number| item_id(1 << 40 | number)).collect();
    let (mut decide, mut arrivals) = (0.0, 0.0);
    let mut random = SplitMix64::new(13);
    for first in (0..rounds).step_by(chunk) {
        let agents: Vec<usize> =
            (0..chunk).map(|_| random.below(size.agents as u32) as usize).collect();
        let now = at(size.waiting + 2 + first);
        let start = ProcessTime::now();
        for agent in agents {
            #[expect(clippy::disallowed_methods, reason = "the tail is wall time")]
            let wall = Instant::now();
            let complete = Input::Complete { item: hands[agent] };
            log.push(Entry::new(engine.position(), now, complete.clone()));
            for decision in engine.handle(now, complete) {
                if let Decision::Offer { item, token, .. } = decision {
                    let accept = Input::Accept { item, token };
                    log.push(Entry::new(engine.position(), now, accept.clone()));
                    black_box(engine.handle(now, accept));
                    hands[agent] = item;
                }
            }
            times.push(wall.elapsed().as_nanos() as u64);
        }
        decide += start.elapsed().as_secs_f64();
        let kinds: Vec<usize> = (0..chunk).map(|_| market.kind()).collect();
        let start = ProcessTime::now();
        for (number, kind) in kinds.into_iter().enumerate() {
            let number = size.waiting + 2 + first + number;
            let input = arrive(&mut engine, number, market, kind);
            log.push(Entry::new(engine.position(), at(1 + number), input));
        }
        arrivals += start.elapsed().as_secs_f64();
    }
    ensure!(engine.waiting() == size.waiting, "each who was through took one");
    times.sort_unstable();
    let each = decide * 1e9 / rounds as f64;
    println!(
        "  complete, offer and accept {each:>10.0} ns: {:.1} heap operations; p50 {} ns, p99 {} ns (wall)\n  \
         arrival, all busy          {:>10.0} ns",
        each / heap_time,
        times[rounds / 2],
        times[rounds * 99 / 100],
        arrivals * 1e9 / rounds as f64
    );
    Ok(())
}
