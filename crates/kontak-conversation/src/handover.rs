use crate::{Actor, Commitment, HandoverId};
use chrono::{DateTime, Utc};
use kontak_content::Written;
use kontak_types::{AgentId, ChannelKind, ConversationId, Language, MessageId, QueueId};
use serde::{Deserialize, Serialize};

/// A conversation on its way from one hand to another. Until it is accepted it stays with the
/// giver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Handover {
    /// Its id.
    pub id: HandoverId,
    /// Which conversation.
    pub conversation: ConversationId,
    /// Who has it until it is accepted.
    pub from: Option<AgentId>,
    /// Who shall have it.
    pub to: HandoverTarget,
    /// How.
    pub kind: HandoverKind,
    /// As it was offered. What is shown is [`Conversations::handed`](crate::Conversations::handed).
    pub(crate) brief: ContextBrief,
    /// When it was offered.
    pub offered_at: DateTime<Utc>,
    /// What became of it.
    pub state: HandoverState,
}

/// Who shall have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HandoverTarget {
    /// This agent.
    Agent(AgentId),
    /// Whoever takes it from this queue.
    Queue(QueueId),
}

impl HandoverTarget {
    /// Whether this agent may take it.
    #[must_use]
    pub fn admits(self, agent: AgentId) -> bool {
        match self {
            Self::Agent(wanted) => wanted == agent,
            Self::Queue(_) => true,
        }
    }
}

/// How a conversation is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HandoverKind {
    /// The giver is gone when the taker comes.
    Cold,
    /// The giver stays until the taker knows.
    Warm,
    /// The taker only advises; the giver keeps it.
    Consult,
}

/// What became of a handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HandoverState {
    /// It waits for the taker.
    Offered,
    /// The taker has it.
    Accepted {
        /// Who took it.
        by: AgentId,
        /// When.
        at: DateTime<Utc>,
    },
    /// The taker does not want it, or the giver took it back.
    Declined {
        /// Who said so.
        by: Actor,
        /// When.
        at: DateTime<Utc>,
    },
}

/// What somebody who takes a conversation over needs, so that the customer need not tell it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContextBrief {
    /// What the customer wants, in the words of the giver.
    pub wants: Option<Written>,
    /// What was asked, and what the customer answered.
    pub answers: Vec<Answer>,
    /// Promises that are still to be kept.
    pub commitments: Vec<Commitment>,
    /// The languages in which the customer has written, the last one first.
    pub languages: Vec<Language>,
    /// Where to reply: the channel on which the customer wrote last.
    pub reply_on: Option<ChannelKind>,
    /// How many messages there are to read.
    pub messages: u32,
}

/// A question that the customer has answered. Nobody need ask it twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Answer {
    /// A name for the question that does not depend on its wording: `order_number`.
    pub question: Box<str>,
    /// What the customer said; nothing once that was erased.
    pub answer: Option<Written>,
    /// Where.
    pub message: MessageId,
    /// When.
    pub at: DateTime<Utc>,
    /// How often the customer had to say it again.
    pub retold: u32,
}
