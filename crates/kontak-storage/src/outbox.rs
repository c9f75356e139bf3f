use crate::{Fault, FencingToken, Lease, OutboxPosition, Payload, Subject, TenantId, WriteError};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// What is to be sent. Rows come in with a [`Commit`](crate::Commit), and leave it with one.
///
/// A row is claimed, durably, before its first byte goes out. So whoever finds a claimed row that is
/// not its own knows that it may have been sent: it is *ambiguous*, and nothing sends it again by
/// itself.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Takes rows that may go at `now` for sending, in the order in which they were appended, at most
    /// `limit`. When this returns their claim is durable.
    ///
    /// # Errors
    /// Where the lease is not the newest, or the store failed. After [`Fault::Unavailable`] look for
    /// what was claimed with [`read_outbox`](Self::read_outbox).
    async fn claim(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, WriteError>;

    /// What an owner does first: rows that may have been sent by somebody before it become ambiguous.
    /// Answers how many. `which` says what is in doubt.
    ///
    /// # Errors
    /// Where the lease is not the newest, or the store failed.
    async fn doubt(&self, lease: &Lease, which: InDoubt) -> Result<u64, WriteError>;

    /// The rows in a state, behind a position, in the order in which they were appended, at most
    /// `limit`.
    ///
    /// # Errors
    /// Where the store failed.
    async fn read_outbox(
        &self,
        tenant: TenantId,
        state: OutboxState,
        after: OutboxPosition,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, Fault>;

    /// Forgets rows that were sent or have failed, appended before `before`. Answers how many.
    ///
    /// # Errors
    /// Where the lease is not the newest, or the store failed.
    async fn forget_outbox(&self, lease: &Lease, before: DateTime<Utc>) -> Result<u64, WriteError>;
}

/// Which rows may have been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the two ways to come to a store")]
pub enum InDoubt {
    /// After a crash or a takeover: what was claimed under an older token.
    Claimed,
    /// After a backup was restored: whatever waits too, since it may have gone after the backup was made.
    Unsent,
}

/// An outbox row's id, given by whoever appends it and unique within its tenant. The idempotency key
/// for the provider is best made from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OutboxId(Uuid);

impl OutboxId {
    /// Wraps a UUID that the caller made.
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The UUID inside.
    #[must_use]
    pub const fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

impl fmt::Display for OutboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A row that is to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewOutboxRow {
    /// Its id.
    pub id: OutboxId,
    /// Whom it is about.
    pub subjects: Vec<Subject>,
    /// It does not go before.
    pub not_before: DateTime<Utc>,
    /// What is to be sent.
    pub payload: Payload,
}

impl NewOutboxRow {
    /// A row that may go from `not_before` on.
    #[must_use]
    pub fn new(id: OutboxId, not_before: DateTime<Utc>, payload: impl Into<Payload>) -> Self {
        Self { id, subjects: Vec::new(), not_before, payload: payload.into() }
    }

    /// With one more whom it is about.
    #[must_use]
    pub fn with_subject(mut self, subject: Subject) -> Self {
        self.subjects.push(subject);
        self
    }
}

/// A row of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OutboxRow {
    /// The order in which it was appended.
    pub position: OutboxPosition,
    /// Its id.
    pub id: OutboxId,
    /// How it stands.
    pub state: OutboxState,
    /// The token under which it was claimed last.
    pub claimed_by: Option<FencingToken>,
    /// How often it was claimed.
    pub attempts: u32,
    /// The `now` of the step that appended it.
    pub appended_at: DateTime<Utc>,
    /// It does not go before.
    pub not_before: DateTime<Utc>,
    /// When somebody whom it was about was erased from it. The payload is empty then, and a row that
    /// waited has failed.
    pub erased_at: Option<DateTime<Utc>>,
    /// What is sent.
    pub payload: Payload,
}

impl OutboxRow {
    /// A row as a store makes it of a new one.
    #[must_use]
    pub fn waiting(
        position: OutboxPosition,
        row: NewOutboxRow,
        appended_at: DateTime<Utc>,
    ) -> Self {
        Self {
            position,
            id: row.id,
            state: OutboxState::Waiting,
            claimed_by: None,
            attempts: 0,
            appended_at,
            not_before: row.not_before,
            erased_at: None,
            payload: row.payload,
        }
    }
}

/// How a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OutboxState {
    /// It waits to be sent.
    Waiting,
    /// Somebody is sending it.
    Sending,
    /// It may have been sent and may not. Ask the provider by its key, wait for a receipt, or ask a
    /// person.
    Ambiguous,
    /// It was sent.
    Sent,
    /// It will not be sent.
    Failed,
}

impl OutboxState {
    /// Whether a row that stands so may be settled as `outcome`. Ends stay; saying the same twice
    /// changes nothing.
    ///
    /// ```
    /// use kontak_storage::{Outcome, OutboxState};
    ///
    /// assert!(OutboxState::Ambiguous.allows(&Outcome::Sent));
    /// assert!(OutboxState::Sent.allows(&Outcome::Sent));
    /// assert!(!OutboxState::Sent.allows(&Outcome::Failed));
    /// assert!(!OutboxState::Waiting.allows(&Outcome::Sent));
    /// ```
    #[must_use]
    pub const fn allows(self, outcome: &Outcome) -> bool {
        match self {
            Self::Waiting => matches!(outcome, Outcome::Failed | Outcome::Again { .. }),
            Self::Sending | Self::Ambiguous => true,
            Self::Sent => matches!(outcome, Outcome::Sent),
            Self::Failed => matches!(outcome, Outcome::Failed),
        }
    }
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The provider took it.
    Sent,
    /// It is given up. Also withdraws a row that waits.
    Failed,
    /// The answer was lost after it was written.
    Ambiguous,
    /// It was surely not sent and is to be tried again.
    Again {
        /// Not before this.
        at: DateTime<Utc>,
    },
}

impl Outcome {
    /// How a row stands after it.
    #[must_use]
    pub const fn state(&self) -> OutboxState {
        match self {
            Self::Sent => OutboxState::Sent,
            Self::Failed => OutboxState::Failed,
            Self::Ambiguous => OutboxState::Ambiguous,
            Self::Again { .. } => OutboxState::Waiting,
        }
    }
}

/// What became of which row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settlement {
    /// The row.
    pub id: OutboxId,
    /// What became of it.
    pub outcome: Outcome,
}

impl Settlement {
    /// What became of which row.
    #[must_use]
    pub const fn new(id: OutboxId, outcome: Outcome) -> Self {
        Self { id, outcome }
    }
}
