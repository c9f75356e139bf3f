use crate::Requirement;
use chrono::{DateTime, Utc};
use kontak_types::{AgentId, ChannelKind, QueueId, WorkItemId};
use serde::{Deserialize, Serialize};

/// A contact that waits for somebody: a call, a chat, a mail, a case.
///
/// Times are written as microseconds since 1970, here as in inputs and decisions.
///
/// ```
/// use kontak_routing::WorkItem;
/// use kontak_types::{QueueId, WorkItemId, uuid::Uuid};
///
/// let queue = QueueId::new(Uuid::from_u128(1));
/// let item = WorkItem::new(WorkItemId::new(Uuid::from_u128(2)), queue, "voice")
///     .with_requirement("language:id and not agent:00000000-0000-0000-0000-000000000009".parse()?)
///     .with_priority(5);
/// assert_eq!(item.channel.as_str(), "voice");
/// # Ok::<(), kontak_routing::RequirementError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WorkItem {
    /// Its id; given by the caller.
    pub id: WorkItemId,
    /// Where it waits.
    pub queue: QueueId,
    /// The channel it came on, which says what it costs an agent.
    pub channel: ChannelKind,
    /// What it asks for beyond its queue.
    #[serde(default)]
    pub requirement: Requirement,
    /// Above the priority of its queue, or below it.
    #[serde(default)]
    pub priority: i32,
    /// Since when it waits, where that was before it came here: a customer called back keeps their
    /// place. Never later than its arrival.
    #[serde(default, with = "chrono::serde::ts_microseconds_option")]
    pub waiting_since: Option<DateTime<Utc>>,
    /// When an answer is due, for queues in the order of deadlines.
    #[serde(default, with = "chrono::serde::ts_microseconds_option")]
    pub due: Option<DateTime<Utc>>,
    /// Who knows the matter: the best score is asked for first.
    #[serde(default)]
    pub preferred: Vec<Preference>,
}

impl WorkItem {
    /// A contact without wishes.
    #[must_use]
    pub fn new<'a>(id: WorkItemId, queue: QueueId, channel: impl Into<&'a str>) -> Self {
        Self {
            id,
            queue,
            channel: ChannelKind::from(channel.into()),
            requirement: Requirement::Anyone,
            priority: 0,
            waiting_since: None,
            due: None,
            preferred: Vec::new(),
        }
    }

    /// Asks for this beyond its queue.
    #[must_use]
    pub fn with_requirement(mut self, requirement: Requirement) -> Self {
        self.requirement = requirement;
        self
    }

    /// Higher goes first.
    #[must_use]
    pub fn with_priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// Has waited since.
    #[must_use]
    pub fn waiting_since(mut self, since: DateTime<Utc>) -> Self {
        self.waiting_since = Some(since);
        self
    }

    /// Is due then.
    #[must_use]
    pub fn due(mut self, due: DateTime<Utc>) -> Self {
        self.due = Some(due);
        self
    }

    /// Would rather have this agent.
    #[must_use]
    pub fn preferring(mut self, preference: Preference) -> Self {
        self.preferred.push(preference);
        self
    }
}

/// Somebody who knows the matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Preference {
    /// Who.
    pub agent: AgentId,
    /// Why them.
    pub tie: Tie,
    /// How much: the highest is asked for first, and at the same score the nearer tie.
    #[serde(default)]
    pub score: u16,
}

impl Preference {
    /// This agent, for this reason.
    #[must_use]
    pub fn new(agent: AgentId, tie: Tie, score: u16) -> Self {
        Self { agent, tie, score }
    }
}

/// What ties an agent to a customer, the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Tie {
    /// They had the last contact.
    LastAgent,
    /// The account is theirs.
    AccountOwner,
    /// They know the household.
    Household,
}

impl Tie {
    /// The nearest first.
    pub const ALL: [Self; 3] = [Self::LastAgent, Self::AccountOwner, Self::Household];
}
