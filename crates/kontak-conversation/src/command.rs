use crate::{
    CommitmentId, HandoverId, HandoverKind, HandoverTarget, LegId, Message, NativeId, Policy,
    Relation, Status,
};
use chrono::{DateTime, Utc};
use kontak_content::Written;
use kontak_types::{AgentId, ChannelKind, ConversationId, CustomerId, MessageId, TouchpointId};

/// What somebody wants to happen. Ids of what is new come with it: the engine makes none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// A message came in.
    Receive(Box<Inbound>),
    /// A message goes out, or a note is made.
    Say {
        /// On which leg.
        leg: LegId,
        /// The message.
        message: Box<Message>,
    },
    /// A channel reported something of a message.
    Relate(Box<Relation>),
    /// Other rules shall be in force.
    SetPolicy(Box<Policy>),
    /// The conversation shall stand somewhere else.
    SetStatus {
        /// Which.
        conversation: ConversationId,
        /// Where.
        to: Status,
    },
    /// Somebody shall have it, or nobody.
    Assign {
        /// What.
        conversation: ConversationId,
        /// Whom.
        to: Option<AgentId>,
    },
    /// What it is about.
    SetTopic {
        /// Which.
        conversation: ConversationId,
        /// The topic.
        topic: Box<str>,
    },
    /// Something is promised.
    Promise {
        /// Its id.
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
    /// A promise is kept, perhaps late.
    KeepPromise(CommitmentId),
    /// The customer agrees to another time.
    RenegotiatePromise {
        /// Which.
        commitment: CommitmentId,
        /// The new time.
        due: DateTime<Utc>,
    },
    /// A promise is taken back.
    WithdrawPromise(CommitmentId),
    /// The conversation is offered to somebody else.
    OfferHandover {
        /// Its id.
        handover: HandoverId,
        /// Which conversation.
        conversation: ConversationId,
        /// To whom.
        to: HandoverTarget,
        /// How.
        kind: HandoverKind,
        /// What the customer wants, in the words of the giver.
        wants: Option<Written>,
    },
    /// An agent takes it.
    AcceptHandover {
        /// Which.
        handover: HandoverId,
        /// Who.
        by: AgentId,
    },
    /// It is not taken, or not given any more.
    DeclineHandover(HandoverId),
    /// The customer has answered a question. The same question again, in another message, is a
    /// retelling.
    RecordAnswer {
        /// In which conversation.
        conversation: ConversationId,
        /// A name for the question that does not depend on its wording.
        question: Box<str>,
        /// What the customer said.
        answer: Written,
        /// Where.
        message: MessageId,
    },
}

/// A message that came in, and what is known of where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inbound {
    /// The message.
    pub message: Message,
    /// Whose it is, as identity has it now.
    pub customer: CustomerId,
    /// From which account.
    pub touchpoint: TouchpointId,
    /// Other accounts of the same customer: what was said to them may be answered from here.
    pub also: Vec<TouchpointId>,
    /// On which channel.
    pub channel: ChannelKind,
    /// The thread that the channel has it in.
    pub thread: Option<NativeId>,
    /// The conversation that a verified token of ours names.
    pub token: Option<ConversationId>,
    /// All messages that it refers to, the nearest first.
    pub references: Vec<NativeId>,
    /// What it is about, where somebody said so.
    pub topic: Option<Box<str>>,
    /// The id of the conversation, if it begins one.
    pub new_conversation: ConversationId,
    /// The id of the leg, if it begins one.
    pub new_leg: LegId,
}

impl Inbound {
    /// A message from `touchpoint` of `customer`, which refers to nothing.
    #[must_use]
    pub fn new(
        message: Message,
        (customer, touchpoint): (CustomerId, TouchpointId),
        channel: impl Into<ChannelKind>,
        (new_conversation, new_leg): (ConversationId, LegId),
    ) -> Self {
        Self {
            message,
            customer,
            touchpoint,
            also: Vec::new(),
            channel: channel.into(),
            thread: None,
            token: None,
            references: Vec::new(),
            topic: None,
            new_conversation,
            new_leg,
        }
    }
}
