//! Where a conversation stood when, and what was bought in it.

use crate::history::{Stored, Word};
use crate::{Audience, InteractionState, Origin, QueueEnd, Status};
use kontak_types::ActorKind;
use serde::{Deserialize, Serialize};

/// What attribution needs to know of a conversation once its events are let go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Journey {
    /// By time; each differs from the one before.
    pub(crate) steps: Vec<Step>,
    /// When, and for how much; by time.
    pub(crate) purchases: Vec<(i64, u64)>,
}

/// From when on it stood so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) at: i64,
    pub(crate) state: InteractionState,
    /// Who answered last; while nobody has, who owned it.
    pub(crate) agent: u32,
    /// In which queue it was last.
    pub(crate) queue: u32,
    pub(crate) channel: u16,
}

/// Where it stands, event by event.
struct Standing {
    progress: InteractionState,
    status: Status,
    is_resolved: bool,
    has_begun: bool,
    answerer: u32,
    owner: u32,
    queue: u32,
    channel: u16,
}

impl Journey {
    /// Reads `events`, which are in canonical order.
    pub(crate) fn read(&mut self, events: &[Stored]) {
        self.steps.clear();
        self.purchases.clear();
        let channel = events.iter().find_map(|event| match event.word {
            Word::Started { channel, .. } => Some(channel),
            _ => None,
        });
        let mut standing = Standing {
            progress: InteractionState::Unanswered,
            status: Status::Open,
            is_resolved: false,
            has_begun: false,
            answerer: 0,
            owner: 0,
            queue: 0,
            channel: channel.unwrap_or(0),
        };
        for event in events {
            if let Word::Converted { amount } = event.word {
                self.purchases.push((event.at, amount));
                continue;
            }
            standing.take(event.word);
            if !standing.has_begun {
                continue;
            }
            let step = standing.step(event.at);
            if self.steps.last().is_none_or(|last| Step { at: step.at, ..*last } != step) {
                self.steps.push(step);
            }
        }
    }
}

impl Standing {
    fn take(&mut self, word: Word) {
        use InteractionState::{Agent, Bot, Transferred, WaitingAgent};
        let before = self.has_begun;
        self.has_begun = true;
        match word {
            Word::Message { by, audience: Audience::Public, origin, agent } => match by {
                ActorKind::Agent | ActorKind::Supervisor if origin == Origin::Composed => {
                    self.is_answered_by(agent);
                }
                ActorKind::Bot if origin == Origin::Composed => self.has_come_to(Bot),
                _ => {}
            },
            Word::Enqueued { queue } => {
                self.queue = queue;
                self.has_come_to(WaitingAgent);
            }
            Word::HandedOff => self.has_come_to(WaitingAgent),
            Word::Dequeued { end: QueueEnd::Answered, agent, .. } | Word::Connected { agent } => {
                self.is_answered_by(agent);
                self.has_come_to(Agent);
            }
            Word::Dequeued { .. } | Word::Offered { .. } | Word::Accepted { .. } => {}
            Word::Assigned { agent } => self.owner = agent,
            Word::Transferred { .. } => self.has_come_to(Transferred),
            Word::StatusSet { status } => self.status = status,
            Word::Resolved { .. } => self.is_resolved = true,
            Word::Reopened { .. } => {
                if std::mem::take(&mut self.is_resolved) {
                    self.status = Status::Open;
                }
            }
            // These are no interaction.
            Word::ChannelChanged { channel } => {
                self.channel = channel;
                self.has_begun = before;
            }
            Word::Unassigned => {
                self.owner = 0;
                self.has_begun = before;
            }
            _ => self.has_begun = before,
        }
    }

    fn is_answered_by(&mut self, agent: u32) {
        if agent != 0 {
            self.answerer = agent;
        }
        self.has_come_to(InteractionState::Agent);
    }

    fn has_come_to(&mut self, progress: InteractionState) {
        self.progress = self.progress.max(progress);
    }

    fn step(&self, at: i64) -> Step {
        let state = match (self.is_resolved, self.status) {
            (true, _) => InteractionState::Resolved,
            (false, Status::WaitingCustomer) => InteractionState::WaitingCustomer,
            (false, Status::OnHold) => InteractionState::OnHold,
            (false, Status::Open) => self.progress,
        };
        let agent = if self.answerer == 0 { self.owner } else { self.answerer };
        Step { at, state, agent, queue: self.queue, channel: self.channel }
    }
}

/// The journeys of an engine whose catalog asks for them. 0 is that of a conversation without one.
#[derive(Clone, Debug)]
pub(crate) struct Journeys {
    kept: Vec<Journey>,
    free: Vec<u32>,
}

impl Default for Journeys {
    fn default() -> Self {
        Self { kept: vec![Journey::default()], free: Vec::new() }
    }
}

impl Journeys {
    pub(crate) fn get(&self, place: u32) -> &Journey {
        &self.kept[place as usize]
    }

    /// Puts one in the place of another; where it differs it has another place, so that who has it has changed.
    pub(crate) fn replace(&mut self, before: u32, journey: &Journey) -> u32 {
        if self.get(before) == journey {
            return before;
        }
        let after = match journey == self.get(0) {
            true => 0,
            false => self.free.pop().unwrap_or_else(|| {
                self.kept.push(Journey::default());
                self.kept.len() as u32 - 1
            }),
        };
        if after != 0 {
            let mut new = journey.clone();
            new.steps.shrink_to_fit();
            new.purchases.shrink_to_fit();
            self.kept[after as usize] = new;
        }
        if before != 0 {
            self.kept[before as usize] = Journey::default();
            self.free.push(before);
        }
        after
    }
}
