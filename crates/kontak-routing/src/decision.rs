use crate::{Hold, Leaving, Presence, Tie, Token};
use chrono::{DateTime, Utc};
use kontak_types::{AgentId, QueueId, WorkItemId};
use serde::{Deserialize, Serialize};

/// What follows from an input, in the order in which it was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Decision {
    /// Show this contact to this agent.
    Offer {
        /// Which contact.
        item: WorkItemId,
        /// To whom.
        agent: AgentId,
        /// What an answer must carry.
        token: Token,
        /// When it is withdrawn.
        #[serde(with = "chrono::serde::ts_microseconds")]
        expires: DateTime<Utc>,
        /// Why them.
        why: Choice,
    },
    /// The agent has it.
    Assigned {
        /// Which contact.
        item: WorkItemId,
        /// Who.
        agent: AgentId,
        /// Why them.
        why: Choice,
    },
    /// The offer is over.
    Withdrawn {
        /// Which contact.
        item: WorkItemId,
        /// From whom.
        agent: AgentId,
        /// Which offer.
        token: Token,
        /// Why.
        why: Withdrawal,
    },
    /// It waits, and nobody else may have it for now.
    Held {
        /// Which contact.
        item: WorkItemId,
        /// What for.
        hold: Hold,
        /// Until when.
        #[serde(with = "chrono::serde::ts_microseconds")]
        until: DateTime<Utc>,
    },
    /// A step of its queue was reached.
    Relaxed {
        /// Which contact.
        item: WorkItemId,
        /// Which step, counted from 1.
        step: u16,
    },
    /// It waited so long that it goes before all priorities.
    Promoted {
        /// Which contact.
        item: WorkItemId,
    },
    /// It waits in another queue.
    Moved {
        /// Which contact.
        item: WorkItemId,
        /// From where.
        from: QueueId,
        /// To where.
        to: QueueId,
    },
    /// It cannot wait here, and is over.
    TurnedAway {
        /// Which contact.
        item: WorkItemId,
        /// Why.
        why: TurnedAway,
    },
    /// It makes way for something that cannot wait, and stays with its agent.
    Interrupted {
        /// Which contact.
        item: WorkItemId,
        /// Whose.
        agent: AgentId,
    },
    /// It goes on.
    Resumed {
        /// Which contact.
        item: WorkItemId,
        /// Whose.
        agent: AgentId,
    },
    /// It was somebody's, and waits again in its old place.
    Returned {
        /// Which contact.
        item: WorkItemId,
        /// Whose it was.
        agent: AgentId,
    },
    /// Who handed it on, and stayed with it, is free.
    Released {
        /// Which contact.
        item: WorkItemId,
        /// Who handed it on.
        agent: AgentId,
    },
    /// The agent is through with the customer, and busy until then or until they say otherwise.
    WrapUp {
        /// Which contact.
        item: WorkItemId,
        /// Who.
        agent: AgentId,
        /// Until when.
        #[serde(with = "chrono::serde::ts_microseconds")]
        until: DateTime<Utc>,
    },
    /// It is over.
    Ended {
        /// Which contact.
        item: WorkItemId,
        /// Whose it was.
        agent: Option<AgentId>,
        /// Why, where it was not served.
        how: Option<Leaving>,
    },
    /// The engine takes an agent off duty.
    PresenceSet {
        /// Whom.
        agent: AgentId,
        /// What they are from now on.
        presence: Presence,
    },
    /// The input changes nothing.
    Refused(Refusal),
}

/// Why this agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Choice {
    /// The contact came, and the strategy of its queue put them first of all who were free.
    BestAgent,
    /// They became free, and it was the most urgent of all that they may serve.
    MostUrgent,
    /// They know the matter.
    Continuity(Tie),
    /// It was handed to them by name.
    Named,
    /// They accepted the offer.
    Accepted,
    /// It cost least over all contacts and agents of the batch.
    Batch,
    /// A supervisor said so.
    Supervisor(AgentId),
    /// They had it before, and the customer is back.
    Unparked,
}

/// Why an offer is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Withdrawal {
    /// The agent did not answer in time.
    TimedOut,
    /// The agent does not want it.
    Declined,
    /// The agent is no longer there.
    AgentGone,
    /// The contact is over.
    ItemGone,
    /// A supervisor gave it to somebody else.
    Overridden,
    /// The contact, or the rules, are other than they were.
    Revised,
}

/// Why a contact cannot wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TurnedAway {
    /// Too many wait already.
    Full,
    /// The queue is closed.
    Closed,
}

/// Why an input changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// There is no such contact, or it is over.
    #[error("there is no such contact, or it is over")]
    NoItem,
    /// There is no such agent.
    #[error("there is no such agent")]
    NoAgent,
    /// There is no such queue.
    #[error("there is no such queue")]
    NoQueue,
    /// The contact came before.
    #[error("the contact came before")]
    Duplicate,
    /// The offer is over, or was never made.
    #[error("the offer is over, or was never made")]
    StaleOffer,
    /// The contact does not stand where it could do that.
    #[error("the contact is {0}, where this cannot be done")]
    State(ItemState),
    /// It was handed on as often as it may be.
    #[error("it was handed on {0} times already")]
    HopLimit(u8),
    /// It would go back to somebody who had it, and nobody asked for that.
    #[error("it would go back to somebody who had it, and the transfer does not ask for that")]
    Return,
    /// More channels than the engine tells apart, 64.
    #[error("there are more channels than 64")]
    TooManyChannels,
    /// Its requirement branches too often.
    #[error("its requirement has too many alternatives")]
    TooComplex,
    /// The rules cannot be used; `Centre::check` says why.
    #[error("the rules cannot be used: {0}")]
    Centre(String),
    /// The new rules have no such queue any more, but contacts are in it.
    #[error("the new rules lack queue {0}, in which there are contacts")]
    QueueInUse(QueueId),
}

/// Where a contact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ItemState {
    /// It waits.
    Waiting,
    /// It waits, held.
    Held,
    /// It is offered.
    Offered,
    /// Somebody has it.
    Active,
    /// Somebody has it, and does something more urgent.
    Interrupted,
    /// Somebody has it, and the customer is to act.
    Parked,
    /// Its customer is served; the agent finishes.
    WrapUp,
}

impl std::fmt::Display for ItemState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Offered => "offered",
            Self::Active => "with an agent",
            Self::Interrupted => "interrupted",
            Self::Parked => "waiting for the customer",
            Self::WrapUp => "being wrapped up",
        })
    }
}
