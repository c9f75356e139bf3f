use super::ProviderId;
use chrono::{DateTime, SubsecRound, Utc};
use kontak_content::{CallDirection, CallOutcome, Content, Media, Written};
use serde::{Deserialize, Serialize};

macro_rules! bodies {
    ($($(#[$doc:meta])* $variant:ident($payload:ty),)*) => {
        /// What an envelope brings.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum EnvelopeBody {
            $($(#[$doc])* $variant($payload),)*
        }

        /// What kind of thing an envelope brings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum EnvelopeKind {
            $($(#[$doc])* $variant,)*
        }

        impl EnvelopeBody {
            /// What kind of thing it is.
            #[must_use]
            pub fn kind(&self) -> EnvelopeKind {
                match self {
                    $(Self::$variant(_) => EnvelopeKind::$variant,)*
                }
            }
        }

        $(impl From<$payload> for EnvelopeBody {
            fn from(body: $payload) -> Self {
                Self::$variant(body)
            }
        })*
    };
}

bodies! {
    /// A message.
    Message(InboundMessage),
    /// An edit, a deletion or a reaction: something that happened to an earlier message.
    Change(MessageChange),
    /// How far a message of ours has come.
    Receipt(Receipt),
    /// Something about a call.
    Call(CallEvent),
    /// Somebody types, comes or goes.
    Presence(Presence),
    /// Somebody wants no more messages, or wants them again.
    Consent(Consent),
    /// Nothing that concerns a conversation, or that can be read.
    Ignored(Ignored),
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InboundMessage {
    /// What the provider calls it.
    pub id: ProviderId,
    /// Who wrote it.
    pub author: MessageAuthor,
    /// What it says.
    pub content: Content,
    /// The message that it answers, and those before it, the nearest first.
    pub references: Vec<ProviderId>,
    /// The thread that the channel has it in: a group, a topic, a ticket.
    pub thread: Option<ProviderId>,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MessageAuthor {
    /// The customer.
    Customer,
    /// The business, by another way than this: on its own phone, or in the provider's inbox.
    Business,
    /// A machine at the customer's end: an out-of-office reply, for instance. Nobody answers it.
    Machine,
}

impl InboundMessage {
    /// A message of a customer that refers to nothing.
    #[must_use]
    pub fn new(id: ProviderId, content: Content) -> Self {
        Self { id, author: MessageAuthor::Customer, content, references: Vec::new(), thread: None }
    }

    /// With another author.
    #[must_use]
    pub fn with_author(self, author: MessageAuthor) -> Self {
        Self { author, ..self }
    }

    /// With one more message that it refers to, further away than those before.
    #[must_use]
    pub fn with_reference(mut self, reference: ProviderId) -> Self {
        self.references.push(reference);
        self
    }

    /// With the thread that it is in.
    #[must_use]
    pub fn with_thread(self, thread: ProviderId) -> Self {
        Self { thread: Some(thread), ..self }
    }
}

/// Something that happened to an earlier message, which may come before that message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MessageChange {
    /// Its author says it in other words.
    Edited {
        /// Which message.
        target: ProviderId,
        /// What it says now.
        content: Content,
    },
    /// Its author takes it back.
    Deleted {
        /// Which message.
        target: ProviderId,
    },
    /// Somebody reacts to it.
    Reacted {
        /// Which message.
        target: ProviderId,
        /// With what; nothing where a reaction is taken back.
        emoji: Option<Written>,
    },
}

impl MessageChange {
    /// The message that it happened to.
    #[must_use]
    pub fn target(&self) -> &ProviderId {
        match self {
            Self::Edited { target, .. }
            | Self::Deleted { target }
            | Self::Reacted { target, .. } => target,
        }
    }
}

/// How far a message of ours has come. Receipts come in any order: the furthest counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Receipt {
    /// Which message; nothing where it means all until the envelope's time.
    pub target: Option<ProviderId>,
    /// How far.
    pub status: ReceiptStatus,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// What we had written on it for ourselves.
    pub note: Option<Written>,
}

/// The steps on the way, in their order: the later one outweighs the earlier, whenever it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReceiptStatus {
    /// The provider has taken it.
    Sent,
    /// The provider has given up.
    Failed,
    /// It has arrived.
    Delivered,
    /// It was looked at, or listened to.
    Read,
}

impl Receipt {
    /// `target` has come this far.
    #[must_use]
    pub fn new(target: ProviderId, status: ReceiptStatus) -> Self {
        Self { target: Some(target), status, failure: None, note: None }
    }

    /// All of our messages until the envelope's time have come this far.
    #[must_use]
    pub fn of_all(status: ReceiptStatus) -> Self {
        Self { target: None, status, failure: None, note: None }
    }

    /// With why it failed.
    #[must_use]
    pub fn with_failure(self, failure: Failure) -> Self {
        Self { failure: Some(failure), ..self }
    }

    /// With what we had written on it.
    #[must_use]
    pub fn with_note(self, note: Written) -> Self {
        Self { note: Some(note), ..self }
    }
}

/// What a provider says went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Failure {
    /// The provider's code.
    pub code: Box<str>,
    /// The provider's words.
    pub text: Option<Written>,
}

impl Failure {
    /// A code without words.
    pub fn new(code: impl Into<Box<str>>) -> Self {
        Self { code: code.into(), text: None }
    }

    /// With the provider's words.
    #[must_use]
    pub fn with_text(self, text: Written) -> Self {
        Self { text: Some(text), ..self }
    }
}

/// Something about a call. One call is many events, and they carry one id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CallEvent {
    /// What the provider calls the call.
    pub call: ProviderId,
    /// Who called whom.
    pub direction: CallDirection,
    /// What happened.
    pub stage: CallStage,
}

/// What happened in a call. The envelope's time says when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CallStage {
    /// It was dialled, or comes in.
    Started,
    /// It rings at the other end.
    Ringing,
    /// Somebody took it.
    Answered,
    /// It is over.
    Ended {
        /// What came of it.
        outcome: CallOutcome,
        /// When it began, where the provider says so only now.
        started: Option<DateTime<Utc>>,
        /// How many seconds it lasted.
        seconds: Option<u32>,
    },
    /// A recording can be fetched.
    Recorded(Box<Media>),
    /// A key was pressed, or an answer was spoken to a machine.
    Entered(Written),
}

impl CallEvent {
    /// `stage` happened in `call`.
    #[must_use]
    pub fn new(call: ProviderId, direction: CallDirection, stage: CallStage) -> Self {
        Self { call, direction, stage: stage.cut() }
    }
}

impl CallStage {
    fn cut(self) -> Self {
        match self {
            Self::Ended { outcome, started, seconds } => {
                let started = started.map(|time| time.trunc_subsecs(6));
                Self::Ended { outcome, started, seconds }
            }
            other => other,
        }
    }
}

/// Somebody types, comes or goes. It is worth nothing after a few seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Presence {
    /// They write.
    Typing,
    /// They have stopped writing.
    Paused,
    /// They are there.
    Online,
    /// They are gone.
    Offline,
}

/// Somebody wants no more messages, or wants them again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Consent {
    /// Whether they want them.
    pub granted: bool,
    /// Of which sort.
    pub scope: ConsentScope,
}

/// What a consent is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConsentScope {
    /// All messages on this channel: they blocked us, or said STOP.
    Everything,
    /// Advertising only.
    Marketing,
    /// That we may call them.
    Calls,
}

impl Consent {
    /// They want no more of it.
    #[must_use]
    pub fn withdrawn(scope: ConsentScope) -> Self {
        Self { granted: false, scope }
    }

    /// They want it.
    #[must_use]
    pub fn granted(scope: ConsentScope) -> Self {
        Self { granted: true, scope }
    }
}

/// Something that is passed over, and why. It is kept so that nothing vanishes without a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ignored {
    /// Why.
    pub reason: IgnoredReason,
    /// The provider's name of the kind of thing.
    pub what: Box<str>,
}

/// Why something is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IgnoredReason {
    /// This version does not know the kind.
    UnknownKind,
    /// It lacks something that its kind must have, or has something of the wrong type.
    Malformed,
    /// It is about our account with the provider, not about a customer.
    AccountNotice,
    /// It is our own action, told back to us.
    OwnEcho,
    /// The provider tries out whether we listen.
    Ping,
    /// Another application is in charge of the conversation.
    NotInCharge,
}

impl Ignored {
    /// A thing of the kind `what`, for this reason. Names are cut at 64 bytes.
    pub fn new(reason: IgnoredReason, what: &str) -> Self {
        let end = what.floor_char_boundary(64);
        Self { reason, what: what[..end].into() }
    }
}
