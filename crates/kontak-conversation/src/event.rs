use crate::{
    Actor, Answer, CommitmentId, ContextBrief, HandoverId, HandoverKind, HandoverTarget, LegId,
    NativeId, PlacementReason, Policy, Relation, Status,
};
use chrono::{DateTime, Utc};
use kontak_content::{Content, Written};
use kontak_types::{
    AgentId, ChannelKind, ConversationId, CustomerId, Language, MessageId, TouchpointId,
};
use serde::{Deserialize, Serialize};

/// Something that happened, or was decided. What is appended to the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// The version of the form that it is written in.
    pub version: u16,
    /// When it was recorded: the `now` of the decision.
    pub at: DateTime<Utc>,
    /// Who brought it about.
    pub actor: Actor,
    /// What.
    pub body: EventBody,
}

impl Event {
    /// The version that this release writes.
    pub const VERSION: u16 = 1;

    /// An event of this release.
    #[must_use]
    pub const fn new(at: DateTime<Utc>, actor: Actor, body: EventBody) -> Self {
        Self { version: Self::VERSION, at, actor, body }
    }
}

/// What happened. The first two are facts, which come in any order and more than once; the rest are
/// decisions, which are applied in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventBody {
    /// A message was said.
    MessageSaid(Message),
    /// A channel reported something of a message.
    RelationSeen(Relation),
    /// Other rules are in force from here.
    PolicySet(Box<Policy>),
    /// A conversation began.
    ConversationOpened {
        /// Its id.
        conversation: ConversationId,
        /// With whom.
        customer: CustomerId,
        /// When: the time of the message that began it, which may be recorded later.
        since: DateTime<Utc>,
    },
    /// The customer came by another channel, or account.
    LegOpened(Leg),
    /// A message was found its place.
    MessagePlaced {
        /// Which.
        message: MessageId,
        /// On which leg.
        leg: LegId,
        /// Why there; nothing for what we said ourselves.
        reason: Option<PlacementReason>,
    },
    /// A conversation stands somewhere else.
    StatusChanged {
        /// Which.
        conversation: ConversationId,
        /// Where it stood.
        from: Status,
        /// Where it stands.
        to: Status,
        /// From when on: the time of the message that brought it about, if one did.
        since: DateTime<Utc>,
    },
    /// A conversation that was done goes on: another episode, with clocks of its own.
    EpisodeBegan {
        /// Which.
        conversation: ConversationId,
        /// The number of the episode; the first was 0.
        episode: u32,
        /// From when on.
        since: DateTime<Utc>,
    },
    /// Somebody has it now, or nobody.
    Assigned {
        /// What.
        conversation: ConversationId,
        /// Whom.
        to: Option<AgentId>,
    },
    /// What it is about.
    TopicSet {
        /// Which.
        conversation: ConversationId,
        /// The topic.
        topic: Box<str>,
    },
    /// Something was promised.
    Promised {
        /// The promise.
        commitment: CommitmentId,
        /// In which conversation.
        conversation: ConversationId,
        /// What.
        what: Written,
        /// By when.
        due: DateTime<Utc>,
        /// In which message.
        message: Option<MessageId>,
    },
    /// A promise was kept, perhaps late.
    PromiseKept {
        /// Which.
        commitment: CommitmentId,
    },
    /// A promise came due and was not kept.
    PromiseBroken {
        /// Which.
        commitment: CommitmentId,
        /// When it came due: the event may be recorded later.
        due: DateTime<Utc>,
    },
    /// The customer agreed to another time.
    PromiseRenegotiated {
        /// Which.
        commitment: CommitmentId,
        /// The new time.
        due: DateTime<Utc>,
    },
    /// A promise was taken back.
    PromiseWithdrawn {
        /// Which.
        commitment: CommitmentId,
    },
    /// A conversation was offered to somebody else.
    HandoverOffered {
        /// Its id.
        handover: HandoverId,
        /// Which conversation.
        conversation: ConversationId,
        /// To whom.
        to: HandoverTarget,
        /// How.
        kind: HandoverKind,
        /// What the taker should know.
        brief: Box<ContextBrief>,
    },
    /// It was taken.
    HandoverAccepted {
        /// Which.
        handover: HandoverId,
        /// By whom.
        by: AgentId,
    },
    /// It was not taken.
    HandoverDeclined {
        /// Which.
        handover: HandoverId,
    },
    /// The customer answered a question.
    Answered {
        /// In which conversation.
        conversation: ConversationId,
        /// The answer.
        answer: Answer,
    },
    /// The customer had to say again what they had said before.
    Retold {
        /// In which conversation.
        conversation: ConversationId,
        /// The question.
        question: Box<str>,
        /// Where they said it again.
        message: MessageId,
    },
}

/// A message as it was said: a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// Given by whoever recorded it first.
    pub id: MessageId,
    /// What the channel calls it; nothing for a note, or before the channel has taken it.
    pub native: Option<NativeId>,
    /// Who said it.
    pub author: Actor,
    /// When, by the channel's clock; to the microsecond.
    pub at: DateTime<Utc>,
    /// The message that it answers, as the channel calls it.
    pub answers: Option<NativeId>,
    /// In which language, where that is known.
    pub language: Option<Language>,
    /// What was said.
    pub content: Content,
}

impl Message {
    /// `author` said `content` at this time.
    #[must_use]
    pub const fn new(id: MessageId, author: Actor, at: DateTime<Utc>, content: Content) -> Self {
        Self { id, native: None, author, at, answers: None, language: None, content }
    }
}

/// One touchpoint's part in a conversation, on its channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Leg {
    /// Its id.
    pub id: LegId,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Whose account.
    pub touchpoint: TouchpointId,
    /// On which channel.
    pub channel: ChannelKind,
    /// The thread that the channel has it in, if it has threads.
    pub thread: Option<NativeId>,
}

impl Leg {
    /// `touchpoint` in `conversation`, on `channel`.
    #[must_use]
    pub const fn new(
        id: LegId,
        conversation: ConversationId,
        touchpoint: TouchpointId,
        channel: ChannelKind,
        thread: Option<NativeId>,
    ) -> Self {
        Self { id, conversation, touchpoint, channel, thread }
    }
}
