use crate::EventId;
use chrono::{DateTime, Utc};
use kontak_types::AgentId;
use serde::{Deserialize, Serialize};

/// What an agent does, could do or is to do from an instant on, as its source recorded it.
///
/// As of an [`Event`](crate::Event), of several with one id the highest revision speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an input record that callers build and update in full"
)]
pub struct AgentEvent {
    /// Whose.
    pub agent: AgentId,
    /// The record, in its source: a redelivery has the same.
    pub id: EventId,
    /// Rises with every correction of the record; the first is 0.
    #[serde(default)]
    pub revision: u32,
    /// From when on, to the microsecond. A plan may be recorded long before.
    pub at: DateTime<Utc>,
    /// The source's own order of events of one instant, where it has one.
    #[serde(default)]
    pub order: u32,
    /// What.
    pub kind: AgentEventKind,
}

/// What is so from now on. Each kind holds until the next of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum AgentEventKind {
    /// The agent does this.
    State(AgentState),
    /// So many units of capacity are used of so many: two of five chats.
    Load {
        /// Used.
        used: u16,
        /// Offered.
        capacity: u16,
    },
    /// The agent is to do this, by the schedule.
    Plan(AgentState),
    /// The record says nothing any more.
    Withdrawn,
}

/// What an agent does.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AgentState {
    /// Not there, or not planned.
    #[default]
    Offline,
    /// Ready for the next contact.
    Available,
    /// On a contact, or on several.
    OnContact,
    /// After-call work.
    WrapUp,
    /// Work that does not come from a queue.
    OtherWork,
    /// A meeting, or coaching.
    Meeting,
    /// A training.
    Training,
    /// A break.
    Break,
    /// There, and not at work.
    Away,
}

impl AgentState {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Offline,
        Self::Available,
        Self::OnContact,
        Self::WrapUp,
        Self::OtherWork,
        Self::Meeting,
        Self::Training,
        Self::Break,
        Self::Away,
    ];

    /// Of those who serve queues: waiting for a contact, on one, or after one.
    pub const ON_QUEUE: [Self; 3] = [Self::Available, Self::OnContact, Self::WrapUp];

    /// Of those who are there.
    pub const LOGGED_IN: [Self; 8] = [
        Self::Available,
        Self::OnContact,
        Self::WrapUp,
        Self::OtherWork,
        Self::Meeting,
        Self::Training,
        Self::Break,
        Self::Away,
    ];

    /// Whether that is what the plan says: who is to be available may be on a contact.
    #[must_use]
    pub fn is_as(self, planned: Self) -> bool {
        let on_queue = |state| Self::ON_QUEUE.contains(&state);
        self == planned || on_queue(self) && on_queue(planned)
    }
}

impl AgentEvent {
    /// The first revision of a record.
    #[must_use]
    pub fn new(agent: AgentId, id: EventId, at: DateTime<Utc>, kind: AgentEventKind) -> Self {
        Self { agent, id, revision: 0, at, order: 0, kind }
    }

    /// The same record, corrected.
    #[must_use]
    pub fn revised(self, revision: u32) -> Self {
        Self { revision, ..self }
    }
}
