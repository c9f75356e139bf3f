//! Prints what a routing decision costs, beside a scan with bit masks and one pop and push of a heap
//! of the same size, in the same run.
//!
//! ```text
//! cargo run --release -p kontak-benches --bin routing
//! ```

mod load;

use anyhow::ensure;
use cpu_time::ProcessTime;
use kontak_benches::Random;
use kontak_routing::{Decision, Engine, Entry, Input};
use kontak_types::{AgentId, WorkItemId};
use load::{
    Abilities, LEVELS, Market, SKILLS, Size, agent_id, arrive, at, engine, fill, hire, item_id,
};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Instant;

const WORDS: usize = SKILLS * LEVELS / 64;

type Mask = [u64; WORDS];

fn main() -> anyhow::Result<()> {
    println!(
        "CPU time of one thread; every pick is compared with the scan's before its time counts"
    );
    let (small, large) = (measure(load::SMALL)?, measure(load::LARGE)?);
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

fn measure(size: Size) -> anyhow::Result<Figures> {
    println!(
        "\n{} agents of {} kinds, {} waiting of {} kinds",
        size.agents, size.profiles, size.waiting, size.classes
    );
    let mut market = Market::new(size)?;
    let mut bare = engine(false)?;
    hire(&mut bare, &market, size)?;
    let kinds = fill(&mut bare, &mut market, size)?;

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
    Ok(Figures { pick: pick_time, heap: heap_time })
}

/// What nothing that keeps an order can go below.
fn heap_floor(waiting: usize) -> f64 {
    let mut random = Random::new(7);
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
    let mut random = Random::new(9);
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
    let rounds = 500_000;
    let mut random = Random::new(11);
    let agents: Vec<AgentId> =
        (0..rounds).map(|_| agent_id(random.below(size.agents as u32) as usize)).collect();
    let start = ProcessTime::now();
    for agent in &agents {
        black_box(engine.rehearse(*agent));
    }
    Ok(start.elapsed().as_secs_f64() * 1e9 / f64::from(rounds))
}

/// One in so many is timed by itself.
const SAMPLED: usize = 8;

/// An agent is through: the next contact is found, offered and accepted, its offer has a deadline,
/// the agent a lease, inputs are logged, and all of it is in the digest.
fn everything(size: Size, market: &mut Market, heap_time: f64) -> anyhow::Result<()> {
    let mut engine = engine(true)?;
    hire(&mut engine, market, size)?;
    fill(&mut engine, market, size)?;
    let (rounds, chunk) = (100_000, 1_000);
    let mut log: Vec<u8> = Vec::new();
    let mut times: Vec<u64> = Vec::new();
    let mut hands: Vec<WorkItemId> =
        (0..size.agents).map(|number| item_id(1 << 40 | number)).collect();
    let (mut decide, mut arrivals) = (0.0, 0.0);
    let mut random = Random::new(13);
    for first in (0..rounds).step_by(chunk) {
        let agents: Vec<usize> =
            (0..chunk).map(|_| random.below(size.agents as u32) as usize).collect();
        let now = at(size.waiting + 2 + first);
        let start = ProcessTime::now();
        for (nth, agent) in agents.into_iter().enumerate() {
            #[expect(clippy::disallowed_methods, reason = "the tail is wall time")]
            let wall = (nth % SAMPLED == 0).then(Instant::now);
            let complete = Input::Complete { item: hands[agent] };
            let entry = Entry::new(engine.position(), now, complete.clone());
            log = postcard::to_extend(&entry, log)?;
            for decision in engine.handle(now, complete) {
                if let Decision::Offer { item, token, .. } = decision {
                    let accept = Input::Accept { item, token };
                    let entry = Entry::new(engine.position(), now, accept.clone());
                    log = postcard::to_extend(&entry, log)?;
                    black_box(engine.handle(now, accept));
                    hands[agent] = item;
                }
            }
            times.extend(wall.map(|wall| wall.elapsed().as_nanos() as u64));
        }
        decide += start.elapsed().as_secs_f64();
        let kinds: Vec<usize> = (0..chunk).map(|_| market.kind()).collect();
        let start = ProcessTime::now();
        for (number, kind) in kinds.into_iter().enumerate() {
            let number = size.waiting + 2 + first + number;
            let input = arrive(&mut engine, number, market, kind);
            let entry = Entry::new(engine.position(), at(1 + number), input);
            log = postcard::to_extend(&entry, log)?;
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
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        arrivals * 1e9 / rounds as f64
    );
    Ok(())
}
