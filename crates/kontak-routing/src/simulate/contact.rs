use crate::{Agent, Preference, Requirement};
use chrono::{DateTime, Utc};
use kontak_types::{AgentId, ChannelKind, QueueId};

/// A contact before it has happened: what the customer wants, how long it takes, and how long they
/// wait for it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Contact {
    /// When it arrives.
    pub at: DateTime<Utc>,
    /// To which queue.
    pub queue: QueueId,
    /// On which channel.
    pub channel: ChannelKind,
    /// What it asks for beyond its queue.
    pub requirement: Requirement,
    /// Higher goes first.
    pub priority: i32,
    /// How long it takes to serve, in seconds, for whoever does.
    pub service_seconds: f64,
    /// How long the customer waits before they give up, in seconds; `None` is for ever.
    pub patience_seconds: Option<f64>,
    /// When an answer is due.
    pub due: Option<DateTime<Utc>>,
    /// Who knows the matter.
    pub preferred: Vec<Preference>,
    /// To which queues it is handed on, one after the other; each part takes the same time.
    pub transfers: Vec<QueueId>,
}

impl Contact {
    /// A patient one without wishes.
    #[must_use]
    pub fn new(
        at: DateTime<Utc>,
        queue: QueueId,
        channel: ChannelKind,
        service_seconds: f64,
    ) -> Self {
        Self {
            at,
            queue,
            channel,
            requirement: Requirement::Anyone,
            priority: 0,
            service_seconds,
            patience_seconds: None,
            due: None,
            preferred: Vec::new(),
            transfers: Vec::new(),
        }
    }
}

/// What became of a contact.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fate {
    /// The contact.
    pub contact: Contact,
    /// How it ended.
    pub ending: Ending,
    /// How long it waited until somebody first had it, or until it ended, in seconds.
    pub waited_seconds: f64,
    /// Who had it, in order.
    pub agents: Vec<AgentId>,
}

/// How a contact ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// Somebody served it.
    Served,
    /// The customer gave up.
    Abandoned,
    /// It could not wait, or nobody came for it until the end.
    TurnedAway,
}

/// An agent and when they are there.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Staff {
    /// Who, and what they can do.
    pub agent: Agent,
    /// When they come; `None` is from the beginning.
    pub from: Option<DateTime<Utc>>,
    /// When they stop taking work; `None` is never.
    pub to: Option<DateTime<Utc>>,
}

impl Staff {
    /// Somebody who is always there.
    #[must_use]
    pub fn always(agent: Agent) -> Self {
        Self { agent, from: None, to: None }
    }

    /// Somebody who is there between these.
    #[must_use]
    pub fn between(agent: Agent, from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self { agent, from: Some(from), to: Some(to) }
    }
}
