//! Looking in.

use super::Engine;
use super::instant::instant;
use super::item::{ItemIndex, State};
use crate::{Agent, Hold, ItemState, Presence, Token, WorkItem};
use chrono::{DateTime, Utc};
use kontak_types::{AgentId, WorkItemId};

/// Where a contact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Where {
    /// In a word.
    pub state: ItemState,
    /// With whom, or to whom it is offered.
    pub agent: Option<AgentId>,
    /// The offer that is open.
    pub offer: Option<Token>,
    /// What holds it.
    pub hold: Option<Hold>,
    /// When that ends.
    pub until: Option<DateTime<Utc>>,
    /// Whether its customer has hung up and is to be called back.
    pub call_back: bool,
}

impl Engine {
    /// Where a contact stands; `None` where there is none, or it is over.
    #[must_use]
    pub fn find(&self, item: WorkItemId) -> Option<Where> {
        let item = self.item(self.find_item(item)?);
        let agent = match item.state {
            State::Parked { agent } => Some(agent),
            other => other.holder(),
        };
        let (offer, hold, until) = match item.state {
            State::Offered { token, expires, .. } => (Some(token), None, Some(expires)),
            State::Held { hold, until } => (None, Some(hold), Some(until)),
            State::WrapUp { until, .. } => (None, None, Some(until)),
            _ => (None, None, None),
        };
        Some(Where {
            state: item.state.kind(),
            agent: agent.map(|agent| self.seat(agent).agent.id),
            offer,
            hold,
            until: until.map(instant),
            call_back: item.rare.as_ref().is_some_and(|rare| rare.not_before.is_some()),
        })
    }

    /// A contact as it was given, in the queue where it is now.
    #[must_use]
    pub fn work_item(&self, item: WorkItemId) -> Option<WorkItem> {
        Some(self.described(self.find_item(item)?))
    }

    pub(super) fn described(&self, index: ItemIndex) -> WorkItem {
        let item = self.item(index);
        let channel = self.market.channel(item.shape).as_str();
        let mut work = WorkItem::new(item.id, self.queue(item.queue).id, channel)
            .with_requirement(self.market.requirements.get(item.own).clone())
            .with_priority(item.priority);
        if let Some(rare) = &item.rare {
            work.waiting_since = rare.waiting_since.map(instant);
            work.due = rare.due.map(instant);
            work.preferred.clone_from(&rare.preferred);
        }
        work
    }

    /// How many contacts there are, waiting or in hand.
    #[must_use]
    pub fn len(&self) -> usize {
        self.item_of.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.item_of.len() == 0
    }

    /// How many wait, over all queues.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queues.iter().map(|queue| queue.waiting as usize).sum()
    }

    /// Everybody who works here, in the order in which they were first known.
    pub fn agents(&self) -> impl Iterator<Item = &Agent> {
        self.seats.iter().filter(|seat| !seat.removed).map(|seat| &seat.agent)
    }

    /// What an agent is; silent for too long is offline.
    #[must_use]
    pub fn presence(&self, agent: AgentId) -> Option<Presence> {
        let seat = self.seat(self.agent_index(agent).ok()?);
        Some(if seat.lapsed { Presence::Offline } else { seat.presence })
    }

    /// What an agent has in hand, offers included.
    #[must_use]
    pub fn work_of(&self, agent: AgentId) -> Vec<WorkItemId> {
        let Ok(index) = self.agent_index(agent) else { return Vec::new() };
        self.seat(index).work.iter().map(|item| self.item(*item).id).collect()
    }
}
