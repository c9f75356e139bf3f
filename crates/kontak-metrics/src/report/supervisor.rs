use super::{Filter, QueryError, View};
use crate::fact::{Outcome, Reason};
use crate::{AgentNow, AgentState, Completeness, WorkforceView};
use chrono::{DateTime, Utc};
use kontak_types::{ChannelKind, QueueId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a supervisor looks at, of one instant: who waits where, since when, and what the agents do.
///
/// It is of the watermark, and what a clean computation of the same events says of that instant later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Supervision {
    /// Of when, and what may still come.
    pub completeness: Completeness,
    /// By queue and channel; those where nobody waits are left out.
    pub queues: Vec<Waiting>,
    /// Everywhere together: a stay waits in one queue, so the queues add up to it.
    pub waiting: u64,
    /// Since when the one who waits longest has waited.
    pub oldest: Option<DateTime<Utc>>,
    /// How many agents do what; nobody's state is left out.
    pub states: BTreeMap<AgentState, u64>,
    /// The agents who are there, by id.
    pub agents: Vec<AgentNow>,
}

/// Who waits in a queue, on a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Waiting {
    /// In which queue.
    pub queue: Option<QueueId>,
    /// On which channel.
    pub channel: Option<ChannelKind>,
    /// How many.
    pub waiting: u64,
    /// Since when the one who waits longest has waited.
    pub oldest: DateTime<Utc>,
}

impl View<'_> {
    /// What a supervisor looks at. `stays` names a definition of stays in queues that is placed at their end or their
    /// start, such as `kontak.offered`; `workforce` brings the agents, where they are known.
    ///
    /// Complexity: the conversations that wait, and the agents.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog.
    pub fn supervision(
        &self,
        stays: &str,
        workforce: Option<WorkforceView<'_>>,
    ) -> Result<Supervision, QueryError> {
        let measure = self.find(stays)?;
        let window = self.all_time();
        let mut queues: BTreeMap<(Option<QueueId>, Option<ChannelKind>), (u64, i64)> =
            BTreeMap::new();
        if let Some(asked) = self.asked(measure, &window, &Filter::all()) {
            let names = &self.metrics.names;
            let waiting = self.metrics.waiting.iter();
            let facts = waiting.flat_map(|at| asked.facts(&self.metrics.records[*at as usize]));
            let waits =
                |outcome, reason| (outcome, reason) == (Outcome::Open, Reason::StillWaiting);
            for fact in facts.filter(|fact| waits(fact.outcome, fact.reason)) {
                let queue = names.queues.name(fact.queue).copied();
                let channel = names.channels.name(fact.channel.into()).cloned();
                let (count, oldest) = queues.entry((queue, channel)).or_insert((0, fact.at));
                (*count, *oldest) = (*count + 1, fact.at.min(*oldest));
            }
        }
        let queues: Vec<Waiting> = queues
            .into_iter()
            .map(|((queue, channel), (waiting, oldest))| Waiting {
                queue,
                channel,
                waiting,
                oldest: crate::engine::instant(oldest),
            })
            .collect();
        let agents: Vec<AgentNow> = workforce.iter().flat_map(WorkforceView::now).collect();
        let mut states = BTreeMap::new();
        for agent in &agents {
            *states.entry(agent.state).or_default() += 1;
        }
        Ok(Supervision {
            completeness: self.completeness(&window),
            waiting: queues.iter().map(|queue| queue.waiting).sum(),
            oldest: queues.iter().map(|queue| queue.oldest).min(),
            queues,
            states,
            agents,
        })
    }
}
