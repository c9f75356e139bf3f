use crate::tenant::{Record, WhyUnattended};
use chrono::{DateTime, SubsecRound, Utc};
use kontak_channel::{Outbound, Presence, ProviderId};
use kontak_routing::Token;
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, CommitmentId, ConversationId, CustomerId, MessageId, TouchpointId};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// What some steps of a tenant led to, and has to be made durable as one: first the records and
/// what is to be sent, in one transaction; then the rest may be seen.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Work {
    /// For the journal, in their order.
    pub records: Vec<Kept>,
    /// For the outbox.
    pub sends: Vec<Sending>,
    /// Rows of the outbox of which somebody found out what became of them, and whether they went
    /// out.
    pub settled: Vec<(Uuid, bool)>,
    /// For whoever looks on, once the rest is durable.
    pub notices: Vec<Notice>,
}

impl Work {
    /// Whether there is nothing to be made durable.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.sends.is_empty() && self.settled.is_empty()
    }
}

/// A record that is to be kept, and whose accounts it is about: by them it is found again when
/// somebody asks what is known of them, or to be forgotten.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Kept {
    /// The record.
    pub record: Record,
    /// Whose accounts.
    pub about: SmallVec<[TouchpointId; 2]>,
}

/// Names one request to a channel, for good: a message may take several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SendId {
    /// The message.
    pub message: MessageId,
    /// Which part of it, from 0.
    pub part: u32,
}

/// A request to a channel that waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sending {
    /// Its row in the outbox.
    pub row: Uuid,
    /// Its name.
    pub id: SendId,
    /// The account of ours that sends it.
    pub account: Box<str>,
    /// To whom.
    pub touchpoint: TouchpointId,
    /// What.
    pub outbound: Outbound,
}

/// What became of a request to a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SendReport {
    /// Its row in the outbox.
    pub row: Uuid,
    /// Which.
    pub id: SendId,
    /// The account of ours that sent it.
    pub account: Box<str>,
    /// To whom.
    pub touchpoint: TouchpointId,
    /// What the channel calls it, or why it did not go out.
    pub outcome: Result<Vec<ProviderId>, Unsent>,
}

/// Why a message did not go out, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unsent {
    /// Whether it may have gone out all the same.
    pub ambiguous: bool,
    /// Why, in the words of the error, which hold nothing personal.
    pub why: Box<str>,
}

impl SendReport {
    /// The channel has taken it.
    #[must_use]
    pub fn sent(sending: &Sending, ids: Vec<ProviderId>) -> Self {
        Self::of(sending, Ok(ids))
    }

    /// It did not go out; where `ambiguous`, nobody knows.
    #[must_use]
    pub fn unsent(sending: &Sending, ambiguous: bool, why: impl Into<Box<str>>) -> Self {
        Self::of(sending, Err(Unsent { ambiguous, why: why.into() }))
    }

    fn of(sending: &Sending, outcome: Result<Vec<ProviderId>, Unsent>) -> Self {
        let Sending { row, id, account, touchpoint, .. } = sending;
        Self { row: *row, id: *id, account: account.clone(), touchpoint: *touchpoint, outcome }
    }
}

/// Something to be shown to agents, supervisors, or other programs. It holds ids only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Notice {
    /// Something was said in a conversation.
    Said {
        /// Where.
        conversation: ConversationId,
        /// What.
        message: MessageId,
        /// Who has the conversation.
        agent: Option<AgentId>,
    },
    /// A conversation began.
    Opened {
        /// Which.
        conversation: ConversationId,
        /// With whom.
        customer: CustomerId,
    },
    /// A conversation is offered to an agent.
    Offered {
        /// To whom.
        agent: AgentId,
        /// Which.
        conversation: ConversationId,
        /// What an answer must carry.
        token: Token,
        /// When it is withdrawn.
        expires: DateTime<Utc>,
    },
    /// The offer is over.
    Withdrawn {
        /// From whom.
        agent: AgentId,
        /// Which.
        conversation: ConversationId,
    },
    /// A conversation is somebody's, or nobody's.
    Assigned {
        /// Which.
        conversation: ConversationId,
        /// Whose.
        agent: Option<AgentId>,
    },
    /// A conversation cannot wait where it should: the queue is full, or closed.
    TurnedAway {
        /// Which.
        conversation: ConversationId,
    },
    /// A conversation waits for us, and nobody is asked to look at it: it is in
    /// [`Tenant::unattended`](crate::Tenant::unattended).
    Unattended {
        /// Which.
        conversation: ConversationId,
        /// Why nobody is asked.
        why: WhyUnattended,
    },
    /// A conversation that rested cannot be read any more; it is in
    /// [`Tenant::unreadable`](crate::Tenant::unreadable).
    Unreadable {
        /// Which.
        conversation: ConversationId,
    },
    /// Two customers turned out to be one.
    CustomersMerged {
        /// Who is no more.
        from: CustomerId,
        /// Who they are.
        into: CustomerId,
    },
    /// One customer turned out to be two.
    CustomersParted {
        /// Who it was.
        from: CustomerId,
        /// Who the other is.
        into: CustomerId,
    },
    /// A promise came due and was not kept.
    PromiseBroken {
        /// Which.
        commitment: CommitmentId,
        /// In which conversation.
        conversation: ConversationId,
    },
    /// A service level was missed.
    ServiceLevelMissed {
        /// In which conversation.
        conversation: ConversationId,
        /// Which.
        target: String,
    },
    /// A message of ours did not go out, or nobody knows whether it did.
    Unsent {
        /// Which.
        message: MessageId,
        /// Whether it may have gone out all the same.
        ambiguous: bool,
    },
    /// A customer writes, comes or goes. Kept nowhere.
    Presence {
        /// Who.
        touchpoint: TouchpointId,
        /// What.
        presence: Presence,
    },
}

/// One step of a tenant: when it is, where new ids come from, and where what it leads to goes. A step
/// that is told the same does the same.
pub struct Step<'a> {
    pub(crate) now: DateTime<Utc>,
    pub(crate) ids: &'a mut dyn FnMut() -> Uuid,
    pub(crate) work: &'a mut Work,
}

impl<'a> Step<'a> {
    /// A step at this time, to the microsecond. `ids` makes ids that nobody else makes: UUIDs of
    /// version 7, for instance.
    pub fn new(now: DateTime<Utc>, ids: &'a mut dyn FnMut() -> Uuid, work: &'a mut Work) -> Self {
        Self { now: now.trunc_subsecs(6), ids, work }
    }

    /// When it is.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    pub(crate) fn id(&mut self) -> Uuid {
        (self.ids)()
    }
}

impl std::fmt::Debug for Step<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Step").field("now", &self.now).finish_non_exhaustive()
    }
}
