//! What is simulated, and what came of it.

use chrono::{DateTime, Utc};
use kontak_examples::Progress;
use kontak_routing::simulate::{Contact, Ending, Fate, Simulation, Staff};
use kontak_routing::{Centre, Engine, Presence, Requirement, ReturnRule, Skill, StepChange};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, QueueId};
use std::collections::{BTreeMap, BTreeSet};

/// Contacts, the people who serve them, and what a reader should know of both.
pub(crate) struct Day {
    pub(crate) contacts: Vec<Contact>,
    pub(crate) staff: Vec<Staff>,
    pub(crate) notes: Vec<String>,
}

pub(crate) fn agent_id(number: u32) -> AgentId {
    AgentId::new(Uuid::from_u128(1_000_000 + u128::from(number)))
}

/// What came of a day under some rules.
pub(crate) struct Outcome {
    /// In the order of the contacts.
    pub(crate) fates: Vec<Fate>,
    pub(crate) queue_names: BTreeMap<QueueId, String>,
    pub(crate) occupancy: f64,
    pub(crate) fairness: f64,
    /// How many waited, and the share of agents on duty who were busy, every five minutes.
    pub(crate) waiting: Vec<(DateTime<Utc>, f64)>,
    pub(crate) busy: Vec<(DateTime<Utc>, f64)>,
}

const LOOK_EVERY_SECONDS: i64 = 300;

pub(crate) fn run(day: &Day, centre: &Centre) -> anyhow::Result<Outcome> {
    let mut simulation = Simulation::new(centre.clone(), day.staff.clone())?;
    let (mut waiting, mut busy) = (Vec::new(), Vec::new());
    let mut next_look = i64::MIN;
    let mut progress = Progress::counting("simulating", day.contacts.len() as u64);
    let mut fates: Vec<Fate> = Vec::with_capacity(day.contacts.len());
    let mut count = 0;
    simulation.run_watched(
        day.contacts.iter().cloned(),
        |fate| {
            count += 1;
            progress.at(count);
            fates.push(fate);
        },
        |engine, now| {
            if now.timestamp() >= next_look {
                next_look = now.timestamp() + LOOK_EVERY_SECONDS;
                waiting.push((now, engine.waiting() as f64));
                busy.push((now, share_busy(engine)));
            }
        },
    );
    progress.finish();
    fates.sort_by_key(|fate| fate.contact.at);
    let stats = simulation.engine().stats();
    let shares: Vec<f64> = stats.agents.iter().filter_map(|agent| agent.occupancy).collect();
    Ok(Outcome {
        fates,
        queue_names: stats.queues.into_iter().map(|queue| (queue.queue, queue.name)).collect(),
        occupancy: shares.iter().sum::<f64>() / shares.len().max(1) as f64,
        fairness: stats.fairness.unwrap_or(0.0),
        waiting,
        busy,
    })
}

fn share_busy(engine: &Engine) -> f64 {
    let on_duty =
        |agent: &&kontak_routing::Agent| engine.presence(agent.id) == Some(Presence::Available);
    let (mut busy, mut all) = (0.0, 0.0);
    for agent in engine.agents().filter(on_duty) {
        all += 1.0;
        busy += f64::from(!engine.work_of(agent.id).is_empty());
    }
    if all > 0.0 { busy / all } else { 0.0 }
}

impl Outcome {
    pub(crate) fn ended(&self, ending: Ending) -> usize {
        self.fates.iter().filter(|fate| fate.ending == ending).count()
    }

    /// Contacts that went back to somebody who had had them, with others in between.
    pub(crate) fn ping_pong(&self) -> usize {
        let went_back = |fate: &&Fate| {
            let agents = &fate.agents;
            (2..agents.len())
                .any(|at| agents[at] != agents[at - 1] && agents[..at - 1].contains(&agents[at]))
        };
        self.fates.iter().filter(went_back).count()
    }

    pub(crate) fn transfers(&self) -> usize {
        self.fates.iter().map(|fate| fate.agents.len().saturating_sub(1)).sum()
    }
}

/// The same rules with the other answer to whether a contact may go back.
pub(crate) fn with_return(centre: &Centre, rule: ReturnRule) -> Centre {
    let mut other = centre.clone();
    other.transfers.return_to_previous = rule;
    other
}

/// What contacts ask for and nobody can do, whatever is given up while they wait, and how many ask.
pub(crate) fn impossible(day: &Day, centre: &Centre) -> BTreeMap<String, usize> {
    let mut known: BTreeMap<(QueueId, String), bool> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for contact in &day.contacts {
        let Some(queue) = centre.queues.values().find(|queue| queue.id == contact.queue) else {
            continue;
        };
        let gives_up = queue.overflow.is_some()
            || queue.steps.iter().any(|step| !matches!(step.change, StepChange::LowerBy(_)));
        let asked = queue.requirement.lowered(if queue.steps.is_empty() { 0 } else { 9 })
            & contact.requirement.clone();
        let text = format!("{asked}, on {}", contact.channel);
        let possible = known.entry((contact.queue, text.clone())).or_insert_with(|| {
            let serves = |staff: &Staff| {
                staff.agent.channels.contains_key(&contact.channel) && asked.is_met_by(&staff.agent)
            };
            gives_up || day.staff.iter().any(serves)
        });
        if !*possible {
            *found.entry(text).or_default() += 1;
        }
    }
    found
}

/// Skills that agents have and that nothing asks for, as where a name is misspelt, and of how many.
pub(crate) fn unasked(day: &Day, centre: &Centre) -> BTreeMap<String, usize> {
    let mut asked: BTreeSet<&Skill> = BTreeSet::new();
    for queue in centre.queues.values() {
        skills(&queue.requirement, &mut asked);
        for step in &queue.steps {
            if let StepChange::Widen(requirement) = &step.change {
                skills(requirement, &mut asked);
            }
        }
    }
    for contact in &day.contacts {
        skills(&contact.requirement, &mut asked);
    }
    let mut unasked = BTreeMap::new();
    for skill in day.staff.iter().flat_map(|staff| staff.agent.skills.keys()) {
        if !asked.contains(skill) {
            *unasked.entry(skill.to_string()).or_default() += 1;
        }
    }
    unasked
}

fn skills<'a>(requirement: &'a Requirement, found: &mut BTreeSet<&'a Skill>) {
    match requirement {
        Requirement::Skill { skill, .. } => {
            found.insert(skill);
        }
        Requirement::All(parts) | Requirement::Any(parts) => {
            parts.iter().for_each(|part| skills(part, found));
        }
        Requirement::Not(part) => skills(part, found),
        _ => {}
    }
}
