//! The models of which theory has a closed form, as rules, people and contacts.

use kontak_routing::simulate::{Contact, Ending, Random, Simulation, Staff};
use kontak_routing::{Agent, Centre, Order, Queue, Requirement, Skill};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ChannelKind, QueueId};

/// One simulated centre: Poisson arrivals, exponential services.
#[derive(Clone)]
pub(crate) struct Model {
    pub(crate) centre: Centre,
    pub(crate) staff: Vec<Staff>,
    /// The queues; arrivals go to each with the same probability.
    pub(crate) queues: Vec<QueueId>,
    pub(crate) per_second: f64,
    pub(crate) service: f64,
    pub(crate) patience: Option<f64>,
}

pub(crate) fn queue_id(number: usize) -> QueueId {
    QueueId::new(Uuid::from_u128(1 + number as u128))
}

fn agents(count: u32, skills: impl Fn(u32) -> Vec<Skill>) -> Vec<Staff> {
    let agent = |number| {
        let id = AgentId::new(Uuid::from_u128(1_000 + u128::from(number)));
        let skills = skills(number).into_iter();
        let agent = Agent::new(id).with_channel("voice", 1);
        Staff::always(
            skills.fold(agent, |agent, skill| agent.with_skill(skill, kontak_routing::Level::MOST)),
        )
    };
    (0..count).map(agent).collect()
}

impl Model {
    /// One queue, and agents who can do everything.
    pub(crate) fn single(agents_count: u32, per_second: f64, service: f64) -> Self {
        let mut centre = Centre::default();
        centre.queues.insert("all".into(), Queue::new(queue_id(0), Requirement::Anyone));
        Self {
            centre,
            staff: agents(agents_count, |_| Vec::new()),
            queues: vec![queue_id(0)],
            per_second,
            service,
            patience: None,
        }
    }

    /// Nobody can wait.
    pub(crate) fn loss(agents: u32, erlangs: f64) -> Self {
        let mut model = Self::single(agents, erlangs / 60.0, 60.0);
        for queue in model.centre.queues.values_mut() {
            queue.most_waiting = Some(0);
        }
        model
    }

    pub(crate) fn patient_for(mut self, seconds: f64) -> Self {
        self.patience = Some(seconds);
        self
    }

    /// Two classes of 100 an hour each with these rules, before 14 agents, 180 seconds each.
    pub(crate) fn two_classes(first: (i32, Order), second: (i32, Order)) -> Self {
        let mut model = Self::single(14, 200.0 / 3_600.0, 180.0);
        model.centre.queues.clear();
        model.queues.clear();
        for (number, (priority, order)) in [first, second].into_iter().enumerate() {
            let mut queue = Queue::new(queue_id(number), Requirement::Anyone);
            queue.priority = priority;
            queue.order = order;
            // Who waits costs by the time they take, and both take the same.
            queue.expected_seconds = 180;
            model.centre.queues.insert(format!("class {number}"), queue);
            model.queues.push(queue_id(number));
        }
        model
    }

    /// Six kinds of contacts, 90 agents, 84 Erlangs, 600 seconds; each agent has so many skills in a
    /// row, as beads on a ring.
    pub(crate) fn chain(skills_each: u32) -> anyhow::Result<Self> {
        let names: Vec<Skill> =
            (0..6).map(|kind| format!("kind_{kind}").parse()).collect::<Result<_, _>>()?;
        let mut model = Self::single(0, 84.0 / 600.0, 600.0);
        model.centre.queues.clear();
        model.queues.clear();
        for (number, name) in names.iter().enumerate() {
            let queue = Queue::new(queue_id(number), Requirement::skill(name.clone()));
            model.centre.queues.insert(name.to_string(), queue);
            model.queues.push(queue_id(number));
        }
        model.staff = agents(90, |agent| {
            (0..skills_each).map(|step| names[((agent + step) % 6) as usize].clone()).collect()
        });
        Ok(model)
    }
}

/// What came of one stretch of time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Batch {
    arrived: f64,
    waited: f64,
    within: f64,
    abandoned: f64,
    turned_away: f64,
    service: f64,
    seconds: f64,
    by_class: Vec<(f64, f64)>,
}

impl Batch {
    pub(crate) fn waits(&self) -> f64 {
        self.waited / self.arrived
    }

    pub(crate) fn mean_wait(&self) -> f64 {
        self.seconds / self.arrived
    }

    pub(crate) fn level(&self) -> f64 {
        self.within / self.arrived
    }

    pub(crate) fn abandons(&self) -> f64 {
        self.abandoned / self.arrived
    }

    pub(crate) fn blocked(&self) -> f64 {
        self.turned_away / self.arrived
    }

    /// The mean wait of a class as a share of the mean wait of all.
    pub(crate) fn class_share(&self, class: usize) -> f64 {
        self.by_class[class].1 / self.by_class[class].0 / self.mean_wait()
    }
}

/// The stretches of one long run, and how much more came and how much longer it took than on
/// average: what a run owes to its draw.
pub(crate) struct Run {
    pub(crate) batches: Vec<Batch>,
    pub(crate) controls: Vec<[f64; 2]>,
}

pub(crate) const BATCHES: usize = 60;

/// Waits shorter than this are none: the engine counts microseconds.
const INSTANT: f64 = 1e-6;

impl Model {
    /// Runs about so many contacts, after a tenth as many that do not count.
    pub(crate) fn run(&self, seed: u64, contacts: f64) -> anyhow::Result<Run> {
        let length = contacts / self.per_second / BATCHES as f64;
        let start = length * (BATCHES as f64 / 10.0);
        let mut batches = vec![Batch::default(); BATCHES];
        for batch in &mut batches {
            batch.by_class = vec![(0.0, 0.0); self.queues.len()];
        }
        let mut arrivals = Random::stream(seed, 1);
        let mut services = Random::stream(seed, 2);
        let mut patience = Random::stream(seed, 3);
        let mut queues = Random::stream(seed, 4);
        let voice = ChannelKind::from("voice");
        let mut second = 0.0;
        let drawn = std::iter::from_fn(|| {
            second += arrivals.exponential(1.0 / self.per_second);
            let queue = self.queues[queues.below(self.queues.len() as u32) as usize];
            let at = chrono::DateTime::from_timestamp_micros((second * 1e6) as i64)?;
            let service = services.exponential(self.service);
            let mut contact = Contact::new(at, queue, voice.clone(), service);
            contact.patience_seconds = self.patience.map(|mean| patience.exponential(mean));
            (second < start + length * BATCHES as f64).then_some(contact)
        });
        Simulation::new(self.centre.clone(), self.staff.clone())?.run(drawn, |fate| {
            let second = fate.contact.at.timestamp_micros() as f64 / 1e6;
            let at = ((second - start) / length).floor();
            if at < 0.0 {
                return;
            }
            let Some(batch) = batches.get_mut(at as usize) else { return };
            batch.arrived += 1.0;
            batch.service += fate.contact.service_seconds;
            match fate.ending {
                Ending::Abandoned => batch.abandoned += 1.0,
                Ending::Served if fate.waited_seconds <= 20.0 => batch.within += 1.0,
                Ending::Served => {}
                _ => batch.turned_away += 1.0,
            }
            if fate.ending != Ending::TurnedAway {
                batch.waited += f64::from(fate.waited_seconds > INSTANT);
                batch.seconds += fate.waited_seconds;
                let class = self.queues.iter().position(|queue| *queue == fate.contact.queue);
                if let Some((count, seconds)) = class.map(|class| &mut batch.by_class[class]) {
                    *count += 1.0;
                    *seconds += fate.waited_seconds;
                }
            }
        });
        let controls = batches
            .iter()
            .map(|batch| {
                [
                    batch.arrived / length / self.per_second - 1.0,
                    batch.service / batch.arrived / self.service - 1.0,
                ]
            })
            .collect();
        Ok(Run { batches, controls })
    }
}
