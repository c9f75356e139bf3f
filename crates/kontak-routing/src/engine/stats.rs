//! What was done so far, counted.

use super::Engine;
use super::instant::Micros;
use super::queueing::Opening;
use crate::Queue;
use kontak_types::{AgentId, QueueId};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A queue and what became of its contacts.
#[derive(Clone, Debug)]
pub(super) struct QueueRecord {
    pub(super) name: String,
    pub(super) rules: Queue,
    pub(super) opening: Opening,
    pub(super) hours_at: Option<Micros>,
    pub(super) batch_at: Option<Micros>,
    pub(super) waiting: u32,
    pub(super) arrived: u64,
    pub(super) served: u64,
    pub(super) abandoned: u64,
    pub(super) turned_away: u64,
    pub(super) waited: Micros,
    pub(super) last_start: Option<Micros>,
    /// The mean time from one start to the next, the last ones counting most.
    pub(super) mean_gap: Micros,
}

impl QueueRecord {
    pub(super) fn new(name: String, rules: Queue) -> Self {
        Self {
            name,
            rules,
            opening: Opening::Open,
            hours_at: None,
            batch_at: None,
            waiting: 0,
            arrived: 0,
            served: 0,
            abandoned: 0,
            turned_away: 0,
            waited: 0,
            last_start: None,
            mean_gap: 0,
        }
    }

    /// Somebody begins with a contact that has waited.
    pub(super) fn serve(&mut self, now: Micros, waited: Micros) {
        self.served += 1;
        self.waited += waited;
        if let Some(last) = self.last_start.replace(now) {
            let gap = now - last;
            self.mean_gap = match self.mean_gap {
                0 => gap,
                // A twentieth of the new one: the memory of some twenty starts.
                mean => mean + (gap - mean) / 20,
            };
        }
    }
}

/// What was done so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Stats {
    /// By queue, in the order of their names.
    pub queues: Vec<QueueStats>,
    /// By agent, in the order in which they were first known.
    pub agents: Vec<AgentStats>,
    /// Jain's index of fairness over the occupancy of all who were on duty: 1 where all are equally
    /// busy, 1/n where one has everything. `None` before anybody was.
    pub fairness: Option<f64>,
}

/// What became of the contacts of a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QueueStats {
    /// Which.
    pub queue: QueueId,
    /// Its name.
    pub name: String,
    /// How many wait now.
    pub waiting: u32,
    /// How many arrived.
    pub arrived: u64,
    /// How many somebody began with; once more for each time that one was handed on.
    pub served: u64,
    /// How many gave up.
    pub abandoned: u64,
    /// How many were turned away.
    pub turned_away: u64,
    /// How long those that were served had waited, on average since they arrived.
    pub mean_wait: Duration,
}

/// What an agent did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentStats {
    /// Who.
    pub agent: AgentId,
    /// How many contacts.
    pub served: u64,
    /// How long they were on duty.
    pub on_duty: Duration,
    /// The share of their capacity that was in use meanwhile; `None` if they never were.
    pub occupancy: Option<f64>,
}

impl Engine {
    /// What was done so far, until the last input.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let queues = self.queues.iter().map(|queue| QueueStats {
            queue: queue.rules.id,
            name: queue.name.clone(),
            waiting: queue.waiting,
            arrived: queue.arrived,
            served: queue.served,
            abandoned: queue.abandoned,
            turned_away: queue.turned_away,
            mean_wait: duration(queue.waited.checked_div(queue.served as i64).unwrap_or(0)),
        });
        let agents: Vec<AgentStats> = self
            .seats
            .iter()
            .map(|seat| {
                let mut seat = seat.clone();
                seat.account(self.now);
                AgentStats {
                    agent: seat.agent.id,
                    served: seat.served,
                    on_duty: duration(seat.on_duty),
                    occupancy: (seat.on_duty > 0).then(|| seat.busy as f64 / seat.on_duty as f64),
                }
            })
            .collect();
        let busy: Vec<f64> = agents.iter().filter_map(|agent| agent.occupancy).collect();
        let (sum, squares) =
            busy.iter().fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
        let fairness = (squares > 0.0).then(|| sum * sum / (busy.len() as f64 * squares));
        Stats { queues: queues.collect(), agents, fairness }
    }
}

pub(super) fn duration(micros: Micros) -> Duration {
    Duration::from_micros(micros.max(0) as u64)
}
