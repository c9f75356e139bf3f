//! What somebody outside believes, who only hears inputs and decisions.

use crate::{Agent, Centre, Channel, Choice, Decision, Input, Presence, WorkItem};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_types::{AgentId, WorkItemId};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    agent: AgentId,
    cost: Channel,
    interrupted: bool,
    offered_until: Option<DateTime<Utc>>,
}

#[derive(Debug, Default)]
pub(super) struct Shadow {
    centre: Centre,
    agents: BTreeMap<AgentId, Agent>,
    presence: BTreeMap<AgentId, (Presence, Option<DateTime<Utc>>)>,
    work: BTreeMap<WorkItemId, WorkItem>,
    held: BTreeMap<WorkItemId, Held>,
    /// Who stays with a contact that they handed on.
    givers: BTreeMap<WorkItemId, AgentId>,
    /// In whose hands a contact was, in order; not across a loss of the agent.
    owners: BTreeMap<WorkItemId, Vec<AgentId>>,
    /// Put over the rules by a supervisor.
    overridden: BTreeSet<AgentId>,
    pub(super) wrong: Vec<String>,
    pub(super) offers: u64,
}

impl Shadow {
    pub(super) fn new(centre: Centre) -> Self {
        Self { centre, ..Self::default() }
    }

    pub(super) fn hear(&mut self, now: DateTime<Utc>, input: &Input, decisions: &[Decision]) {
        let refused = decisions.iter().any(|decision| matches!(decision, Decision::Refused(_)));
        if !refused {
            self.input(now, input);
        }
        for decision in decisions {
            self.decision(now, decision);
        }
        for (item, held) in &self.held {
            if held.offered_until.is_some_and(|until| until <= now) {
                self.wrong.push(format!("the offer of {item} is past its timeout"));
            }
        }
    }

    fn input(&mut self, now: DateTime<Utc>, input: &Input) {
        let lease = self.centre.presence.lease_seconds.map(|s| TimeDelta::seconds(i64::from(s)));
        let until = lease.map(|lease| now + lease);
        match input {
            Input::SetAgent(agent) => {
                self.agents.insert(agent.id, (**agent).clone());
            }
            Input::SetPresence { agent, presence } => {
                self.presence.insert(*agent, (*presence, until));
            }
            Input::Heartbeat { agent } => {
                if let Some((_, lease)) = self.presence.get_mut(agent) {
                    *lease = until;
                }
            }
            Input::Crash { agent } | Input::RemoveAgent(agent) => {
                self.presence.insert(*agent, (Presence::Offline, None));
            }
            Input::Arrive(work) | Input::Revise(work) | Input::Give { work, .. } => {
                self.work.insert(work.id, (**work).clone());
            }
            Input::Transfer { item, mode, .. } => match mode {
                crate::TransferMode::Warm => {
                    if let Some(held) = self.held.remove(item) {
                        self.givers.insert(*item, held.agent);
                    }
                }
                crate::TransferMode::Cold => {
                    self.held.remove(item);
                }
                crate::TransferMode::Consult { with } => {
                    let mut work = self.work[item].clone();
                    work.id = *with;
                    self.work.insert(*with, work);
                }
            },
            Input::Park { item } => {
                self.held.remove(item);
            }
            Input::Accept { item, .. } => {
                if let Some(held) = self.held.get_mut(item) {
                    held.offered_until = None;
                }
            }
            _ => {}
        }
    }

    fn decision(&mut self, now: DateTime<Utc>, decision: &Decision) {
        match decision {
            Decision::Offer { item, agent, expires, .. } => {
                self.offers += 1;
                self.take(now, *item, *agent, Some(*expires));
            }
            Decision::Assigned { item, agent, why } => {
                match why {
                    Choice::Accepted => {
                        if self.held.get(item).is_none_or(|held| held.agent != *agent) {
                            self.wrong.push(format!("{item} accepted, but not offered to {agent}"));
                        }
                    }
                    Choice::Supervisor(_) => {
                        self.overridden.insert(*agent);
                        self.put(*item, *agent, None);
                    }
                    _ => self.take(now, *item, *agent, None),
                }
                self.own(*item, *agent, matches!(why, Choice::Supervisor(_) | Choice::Unparked));
            }
            Decision::Withdrawn { item, agent, .. } => {
                let held = self.held.remove(item);
                if held.is_none_or(|held| held.agent != *agent || held.offered_until.is_none()) {
                    self.wrong.push(format!("{item} withdrawn, but not offered to {agent}"));
                }
            }
            Decision::Interrupted { item, .. } | Decision::Resumed { item, .. } => {
                let interrupted = matches!(decision, Decision::Interrupted { .. });
                match self.held.get_mut(item) {
                    Some(held) if held.interrupted != interrupted => held.interrupted = interrupted,
                    _ => self.wrong.push(format!("{item} interrupted or resumed for nothing")),
                }
            }
            Decision::Returned { item, .. } => {
                self.held.remove(item);
                // A loss of the agent is no transfer: who has it next may have had it before.
                self.owners.remove(item);
            }
            Decision::Released { item, agent } => {
                let expected = self.givers.remove(item) == Some(*agent);
                let text = (!expected).then(|| format!("{agent} released from {item} for nothing"));
                self.wrong.extend(text);
            }
            Decision::Ended { item, .. } | Decision::TurnedAway { item, .. } => {
                self.held.remove(item);
                self.givers.remove(item);
                self.owners.remove(item);
            }
            Decision::PresenceSet { agent, presence } => {
                let lease = self.presence.get(agent).and_then(|(_, lease)| *lease);
                self.presence.insert(*agent, (*presence, lease));
            }
            _ => {}
        }
    }

    fn own(&mut self, item: WorkItemId, agent: AgentId, asked: bool) {
        let owners = self.owners.entry(item).or_default();
        if owners.last() != Some(&agent) {
            if owners.contains(&agent) && !asked {
                self.wrong.push(format!("{item} went back to {agent}"));
            }
            owners.push(agent);
        }
    }

    /// Somebody is given something by the rules.
    fn take(
        &mut self,
        now: DateTime<Utc>,
        item: WorkItemId,
        agent: AgentId,
        until: Option<DateTime<Utc>>,
    ) {
        if let Some((presence, lease)) = self.presence.get(&agent) {
            if *presence != Presence::Available || lease.is_some_and(|lease| lease <= now) {
                self.wrong.push(format!("{item} to {agent}, who is {presence:?}"));
            }
        } else {
            self.wrong.push(format!("{item} to {agent}, who never came"));
        }
        self.put(item, agent, until);
        self.check_capacity(agent, item);
    }

    fn put(&mut self, item: WorkItemId, agent: AgentId, until: Option<DateTime<Utc>>) {
        let Some(work) = self.work.get(&item) else {
            self.wrong.push(format!("{item} was never heard of"));
            return;
        };
        let cost = self.centre.channel(&work.channel);
        let held = Held { agent, cost, interrupted: false, offered_until: until };
        if let Some(before) = self.held.insert(item, held) {
            self.wrong.push(format!("{item} to {agent}, but {} has it", before.agent));
        }
    }

    fn check_capacity(&mut self, agent: AgentId, taken: WorkItemId) {
        let (mut units, mut exclusive, mut hard, mut count) = (0, 0, 0, 0);
        let channel = &self.work[&taken].channel;
        let given = self
            .givers
            .iter()
            .filter(|(_, giver)| **giver == agent)
            .map(|(item, _)| (item, self.centre.channel(&self.work[item].channel), false));
        let held = self.held.iter().filter(|(_, held)| held.agent == agent);
        let held = held.map(|(item, held)| (item, held.cost, held.interrupted));
        for (item, cost, interrupted) in held.chain(given) {
            count += u16::from(self.work[item].channel == *channel);
            // What makes way is told after what it makes way for.
            if cost.interruptible || interrupted {
                continue;
            }
            units += cost.units;
            hard += 1;
            exclusive += usize::from(cost.exclusive);
        }
        let known = &self.agents[&agent];
        let over = units > known.capacity
            || exclusive > 0 && hard > 1
            || count > known.channels.get(channel).copied().unwrap_or(0);
        if over && !self.overridden.contains(&agent) {
            let has: Vec<_> = self
                .held
                .iter()
                .filter(|(_, held)| held.agent == agent)
                .map(|(item, held)| (item, &self.work[item].channel, held))
                .collect();
            let given = self.givers.iter().filter(|(_, giver)| **giver == agent);
            self.wrong.push(format!(
                "{agent} is over capacity: {known:?} {has:?} {:?}",
                given.collect::<Vec<_>>()
            ));
        }
    }

    /// After a supervisor's word somebody may have more than they should until they are idle.
    pub(super) fn settle(&mut self) {
        let busy: BTreeSet<AgentId> = self.held.values().map(|held| held.agent).collect();
        self.overridden.retain(|agent| busy.contains(agent));
    }
}
