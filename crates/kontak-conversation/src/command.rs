use crate::label::{Label, LabelSource};
use crate::rearrange::SplitBy;
use crate::{
    Actor, CommitmentId, HandoverId, HandoverKind, HandoverTarget, LegId, LinkKind, Message,
    NativeId, Policy, Preference, Priority, Relation, Status,
};
use chrono::{DateTime, Utc};
use kontak_content::Written;
use kontak_types::{
    AgentId, CaseId, ChannelKind, ConversationId, CustomerId, MessageId, TouchpointId,
};

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
    /// A conversation is given a label. A later one of its dimension takes its place.
    Label {
        /// Which.
        conversation: ConversationId,
        /// The label.
        label: Label,
        /// Who gives it.
        source: LabelSource,
    },
    /// A conversation presses more, or less.
    SetPriority {
        /// Which.
        conversation: ConversationId,
        /// How much.
        priority: Priority,
    },
    /// Somebody is let into a conversation: a supervisor, a courier.
    LetIn {
        /// Which.
        conversation: ConversationId,
        /// Who.
        who: Actor,
    },
    /// Somebody leaves a conversation.
    Leave {
        /// Which.
        conversation: ConversationId,
        /// Who.
        who: Actor,
    },
    /// Two conversations hang together.
    Link {
        /// One.
        one: ConversationId,
        /// The other.
        other: ConversationId,
        /// How.
        kind: LinkKind,
    },
    /// They do not, after all.
    Unlink {
        /// One.
        one: ConversationId,
        /// The other.
        other: ConversationId,
        /// How they are linked.
        kind: LinkKind,
    },
    /// A case begins.
    OpenCase {
        /// Its id.
        case: CaseId,
        /// What it is about.
        title: Written,
    },
    /// A case is done.
    CloseCase(CaseId),
    /// A conversation belongs to a case.
    JoinCase {
        /// The case.
        case: CaseId,
        /// The conversation.
        conversation: ConversationId,
    },
    /// It does not, after all.
    LeaveCase {
        /// The case.
        case: CaseId,
        /// The conversation.
        conversation: ConversationId,
    },
    /// A customer said what they would rather have.
    StatePreference {
        /// From which account.
        touchpoint: TouchpointId,
        /// What.
        preference: Preference,
        /// In which message, if in one.
        message: Option<MessageId>,
    },
    /// All of a conversation shall be in another one of the same customer.
    Merge {
        /// Of which.
        from: ConversationId,
        /// Where.
        into: ConversationId,
    },
    /// It shall not, after all.
    Unmerge(ConversationId),
    /// A part of a conversation shall be one of its own.
    Split {
        /// Of which.
        conversation: ConversationId,
        /// The id of the new one.
        new: ConversationId,
        /// Which part.
        by: SplitBy,
    },
    /// It shall not, after all: the new one goes back.
    Unsplit(ConversationId),
    /// Two customers turned out to be one: their conversations are one customer's. They stay as
    /// they are and are linked, and the next message chooses.
    MergeCustomers {
        /// Who is no more.
        from: CustomerId,
        /// Who they are.
        into: CustomerId,
    },
    /// One customer turned out to be two: each leg goes with its account, and a conversation with
    /// legs of both is split. See [`Conversations::to_part`](crate::Conversations::to_part).
    PartCustomers {
        /// Who it was.
        from: CustomerId,
        /// Who the other is.
        into: CustomerId,
        /// The accounts of the other.
        touchpoints: Vec<TouchpointId>,
        /// For each conversation with legs of both, the id of the new one.
        new: Vec<(ConversationId, ConversationId)>,
    },
    /// Somebody has looked through a conversation that was [flagged](crate::rearrange::Review).
    Review(ConversationId),
    /// Nothing of a conversation may be erased.
    PlaceLegalHold {
        /// Which.
        conversation: ConversationId,
        /// For what matter: a name that reveals nothing.
        matter: Box<str>,
    },
    /// For this matter it may.
    ReleaseLegalHold {
        /// Which.
        conversation: ConversationId,
        /// For what matter.
        matter: Box<str>,
    },
    /// The words of a message are taken out; counts and times stay.
    Redact(MessageId),
    /// All that an account said, and was said to it, is taken out.
    EraseTouchpoint(TouchpointId),
    /// All that a customer said, and was said to them, is taken out.
    EraseCustomer(CustomerId),
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
    /// The labels that it gives the conversation, and who gives them. A topic among them is what
    /// [`Joins::Topic`](crate::Joins) goes by.
    pub labels: Vec<(Label, LabelSource)>,
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
            labels: Vec::new(),
            new_conversation,
            new_leg,
        }
    }
}
