use super::instant::Micros;
use super::instant::micros;
use super::load::Shape;
use crate::{Channel, Choice, Hold, ItemState, Preference, Token, WorkItem};
use kontak_types::WorkItemId;
use serde::{Deserialize, Serialize};

/// Dense numbers; they never leave the engine but in a snapshot.
pub(super) type ItemIndex = u32;
pub(super) type AgentIndex = u32;
pub(super) type QueueIndex = u32;
pub(super) type ClassIndex = u32;

/// A contact and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) id: WorkItemId,
    /// What it asks for beyond its queue, by number.
    pub(super) own: u32,
    pub(super) priority: i32,
    pub(super) queue: QueueIndex,
    /// Settles what the order leaves open: who came first.
    pub(super) seq: u64,
    pub(super) arrived: Micros,
    /// When it came into this queue.
    pub(super) queued: Micros,
    pub(super) anchor: Micros,
    pub(super) class: ClassIndex,
    pub(super) shape: Shape,
    /// How many steps of the queue it is through.
    pub(super) step: u16,
    pub(super) promoted: bool,
    pub(super) state: State,
    /// The next step, promotion or overflow.
    pub(super) next: Option<Micros>,
    /// What it costs whoever has it.
    pub(super) cost: Channel,
    /// Who had it last.
    pub(super) owner: Option<AgentIndex>,
    pub(super) rare: Option<Box<Rare>>,
}

/// What most contacts never have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rare {
    pub(super) preferred: Vec<Preference>,
    pub(super) due: Option<Micros>,
    pub(super) waiting_since: Option<Micros>,
    pub(super) barred: Vec<Bar>,
    /// Everybody who had it before.
    pub(super) owners: Vec<AgentIndex>,
    pub(super) hops: u8,
    /// Stays with it until somebody else has it.
    pub(super) giver: Option<AgentIndex>,
    /// What is asked about it, or what it asks about.
    pub(super) consult: Option<WorkItemId>,
    pub(super) asks_about: Option<WorkItemId>,
    /// Its customer is called back, and not earlier.
    pub(super) not_before: Option<Micros>,
    pub(super) by_name: bool,
}

/// Somebody to whom it is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bar {
    pub(super) agent: AgentIndex,
    /// For ever: they had it before.
    pub(super) until: Option<Micros>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    Waiting,
    Held { hold: Hold, until: Micros },
    Offered { agent: AgentIndex, token: Token, expires: Micros, why: Choice },
    Active { agent: AgentIndex, why: Choice },
    Interrupted { agent: AgentIndex, why: Choice },
    Parked { agent: AgentIndex },
    WrapUp { agent: AgentIndex, until: Micros },
}

impl State {
    pub(super) fn kind(self) -> ItemState {
        match self {
            Self::Waiting => ItemState::Waiting,
            Self::Held { .. } => ItemState::Held,
            Self::Offered { .. } => ItemState::Offered,
            Self::Active { .. } => ItemState::Active,
            Self::Interrupted { .. } => ItemState::Interrupted,
            Self::Parked { .. } => ItemState::Parked,
            Self::WrapUp { .. } => ItemState::WrapUp,
        }
    }

    /// Whose capacity it takes.
    pub(super) fn holder(self) -> Option<AgentIndex> {
        match self {
            Self::Offered { agent, .. }
            | Self::Active { agent, .. }
            | Self::Interrupted { agent, .. }
            | Self::WrapUp { agent, .. } => Some(agent),
            Self::Waiting | Self::Held { .. } | Self::Parked { .. } => None,
        }
    }

    /// When it ends by itself.
    pub(super) fn ends(self) -> Option<Micros> {
        match self {
            Self::Held { until, .. } | Self::WrapUp { until, .. } => Some(until),
            Self::Offered { expires, .. } => Some(expires),
            Self::Waiting
            | Self::Active { .. }
            | Self::Interrupted { .. }
            | Self::Parked { .. } => None,
        }
    }

    pub(super) fn waits(self) -> bool {
        matches!(self, Self::Waiting | Self::Held { .. })
    }
}

impl Item {
    pub(super) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// It is as it is described here.
    pub(super) fn describe(&mut self, work: WorkItem, own: u32) {
        self.own = own;
        self.priority = work.priority;
        let (due, since) = (work.due.map(micros), work.waiting_since.map(micros));
        let plain = work.preferred.is_empty() && due.is_none() && since.is_none();
        if !plain || self.rare.is_some() {
            let rare = self.rare();
            (rare.preferred, rare.due, rare.waiting_since) = (work.preferred, due, since);
        }
    }

    pub(super) fn preferred(&self) -> &[Preference] {
        self.rare.as_ref().map_or(&[], |rare| &rare.preferred)
    }

    pub(super) fn due(&self) -> Option<Micros> {
        self.rare.as_ref().and_then(|rare| rare.due)
    }

    pub(super) fn barred(&self) -> &[Bar] {
        self.rare.as_ref().map_or(&[], |rare| &rare.barred)
    }

    pub(super) fn bars(&self, agent: AgentIndex) -> bool {
        self.barred().iter().any(|bar| bar.agent == agent)
    }

    pub(super) fn giver(&self) -> Option<AgentIndex> {
        self.rare.as_ref().and_then(|rare| rare.giver)
    }

    pub(super) fn shape_and_cost(&self) -> (Shape, Channel) {
        (self.shape, self.cost)
    }

    /// Everybody who had it.
    pub(super) fn owners(&self) -> impl Iterator<Item = AgentIndex> {
        let before = self.rare.iter().flat_map(|rare| &rare.owners).copied();
        before.chain(self.owner)
    }

    pub(super) fn had_by(&mut self, agent: AgentIndex) {
        if let Some(before) = self.owner.replace(agent)
            && before != agent
        {
            self.rare().owners.push(before);
        }
    }
}
