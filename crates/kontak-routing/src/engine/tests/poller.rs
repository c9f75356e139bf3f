//! The shape that many systems have: read what waits and who is there, think, write; every few
//! seconds. It must show what the engine must not, or the test could not fail.

use crate::simulate::Random;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Violations {
    /// Somebody waited while somebody was free.
    pub(super) idle: u64,
    /// Two jobs gave one contact to two agents.
    pub(super) doubled: u64,
    /// Somebody had more than they may.
    pub(super) over: u64,
    /// Somebody got work who had gone meanwhile.
    pub(super) off_duty: u64,
}

const AGENTS: usize = 24;
const MOST: usize = 3;

/// What a job has read and not yet written.
struct Job {
    writes_at: u64,
    plan: Vec<(u64, usize)>,
}

/// Two jobs poll every 50 events, and write what they planned some events later.
pub(super) fn run(seed: u64, events: u64) -> Violations {
    let mut random = Random::new(seed);
    let mut found = Violations::default();
    let mut waiting: Vec<u64> = Vec::new();
    let mut hands: BTreeMap<u64, usize> = BTreeMap::new();
    let mut there = [true; AGENTS];
    let mut jobs: Vec<Job> = Vec::new();
    let load =
        |hands: &BTreeMap<u64, usize>, agent| hands.values().filter(|a| **a == agent).count();
    for event in 0..events {
        match random.below(10) {
            0..=3 => waiting.push(event),
            4..=7 => {
                let at = random.below(hands.len() as u32) as usize;
                if let Some(done) = hands.keys().nth(at).copied() {
                    hands.remove(&done);
                }
            }
            _ => {
                let agent = random.below(AGENTS as u32) as usize;
                there[agent] = !there[agent] || random.chance(0.7);
            }
        }
        for job in 0..2 {
            if event % 50 == job * 3 {
                let mut free: Vec<usize> = (0..AGENTS)
                    .filter(|agent| there[*agent])
                    .flat_map(|agent| vec![agent; MOST.saturating_sub(load(&hands, agent))])
                    .collect();
                let plan = waiting.iter().filter_map(|item| Some((*item, free.pop()?))).collect();
                jobs.push(Job { writes_at: event + 5 + u64::from(random.below(5)), plan });
            }
        }
        for job in jobs.extract_if(.., |job| job.writes_at <= event) {
            for (item, agent) in job.plan {
                found.doubled += u64::from(hands.get(&item).is_some_and(|other| *other != agent));
                found.off_duty += u64::from(!there[agent]);
                hands.insert(item, agent);
                waiting.retain(|other| *other != item);
                found.over += u64::from(load(&hands, agent) > MOST);
            }
        }
        let free = (0..AGENTS).any(|agent| there[agent] && load(&hands, agent) < MOST);
        found.idle += u64::from(free && !waiting.is_empty());
    }
    found
}

pub(super) fn report(seed: u64, events: u64) {
    println!("a poller that reads, then writes, {events} events: {:?}", run(seed, events));
}
