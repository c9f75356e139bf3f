use crate::{Agent, Centre, WorkItem};
use chrono::{DateTime, Utc};
use kontak_types::{AgentId, QueueId, WorkItemId};
use serde::{Deserialize, Serialize};

/// Something that happened. The engine is told in order; every input is an entry of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Input {
    /// The rules are these from now on.
    SetCentre(Box<Centre>),
    /// An agent is new, or can do something else from now on.
    SetAgent(Box<Agent>),
    /// Somebody works here no longer.
    RemoveAgent(AgentId),
    /// An agent comes, pauses or goes. Also a sign of life.
    SetPresence {
        /// Who.
        agent: AgentId,
        /// What they are from now on.
        presence: Presence,
    },
    /// A sign of life: the lease begins anew.
    Heartbeat {
        /// Of whom.
        agent: AgentId,
    },
    /// An agent's connection is gone: nothing stays with them.
    Crash {
        /// Whose.
        agent: AgentId,
    },
    /// A contact arrives.
    Arrive(Box<WorkItem>),
    /// A contact that waits is other than was thought: rules are applied anew, its place stays.
    Revise(Box<WorkItem>),
    /// The bot is through; somebody has to go on.
    BotDone {
        /// With which contact.
        item: WorkItemId,
    },
    /// An agent takes what was offered.
    Accept {
        /// Which contact.
        item: WorkItemId,
        /// Which offer. One that is over is refused.
        token: Token,
    },
    /// An agent does not want what was offered.
    Decline {
        /// Which contact.
        item: WorkItemId,
        /// Which offer.
        token: Token,
    },
    /// An agent is through with a contact; wrap-up begins where there is one.
    Complete {
        /// Which contact.
        item: WorkItemId,
    },
    /// An agent is through with the wrap-up.
    WrapUpDone {
        /// Of which contact.
        item: WorkItemId,
    },
    /// The customer is to say or do something first: until then it costs no capacity.
    Park {
        /// Which contact.
        item: WorkItemId,
    },
    /// The customer is back: the contact returns to its agent if they are on duty and have room, or
    /// waits for them as the queue allows, or goes to the pool.
    Unpark {
        /// Which contact.
        item: WorkItemId,
    },
    /// A contact ends without having been served.
    Leave {
        /// Which contact.
        item: WorkItemId,
        /// Why.
        how: Leaving,
    },
    /// The customer hangs up and will be called back; the place in the queue stays.
    CallBack {
        /// Which contact.
        item: WorkItemId,
        /// Not before this.
        #[serde(with = "chrono::serde::ts_microseconds_option")]
        not_before: Option<DateTime<Utc>>,
    },
    /// An agent hands a contact on.
    Transfer {
        /// Which contact.
        item: WorkItemId,
        /// To whom.
        to: TransferTarget,
        /// How.
        mode: TransferMode,
        /// Whether somebody who had it before may have it again.
        may_return: bool,
    },
    /// A supervisor gives a contact to an agent, whatever the rules say. Recorded with their name.
    Assign {
        /// Which contact.
        item: WorkItemId,
        /// To whom.
        agent: AgentId,
        /// By whom.
        by: AgentId,
    },
    /// Time has passed. Due is what [`Engine::next_deadline`](crate::Engine::next_deadline) said.
    Timeout,
    /// A contact that did not wait is put into an agent's hands, whatever the rules say: a supervisor
    /// gives it, or the agent takes it. Recorded with the name of who said so.
    Give {
        /// The contact.
        work: Box<WorkItem>,
        /// Whose it is.
        agent: AgentId,
        /// Who says so.
        by: AgentId,
    },
}

/// Whether somebody can be given work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Presence {
    /// Yes.
    Available,
    /// Not now; what they have stays with them.
    Break,
    /// They are not there.
    Offline,
    /// They did not answer; the engine says so, and they say `Available` again.
    NotResponding,
}

/// Names one offer for good. A second offer of the same contact has another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(pub(crate) u64);

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// How a contact ends without having been served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Leaving {
    /// The customer gave up.
    Abandoned,
    /// It goes on elsewhere: a menu, a web page, another system.
    FlowOut,
    /// The bot has done it all.
    Resolved,
}

/// To whom a contact is handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransferTarget {
    /// This queue.
    Queue(QueueId),
    /// This agent; after [`TransferPolicy::wait_for_named_seconds`](crate::TransferPolicy), whoever
    /// its queue finds.
    Agent(AgentId),
}

/// How a contact is handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransferMode {
    /// The giver is free at once.
    Cold,
    /// The giver stays with the customer until the taker has it.
    Warm,
    /// The giver keeps it and asks somebody else, in a contact of its own.
    Consult {
        /// The id of that contact.
        with: WorkItemId,
    },
}
