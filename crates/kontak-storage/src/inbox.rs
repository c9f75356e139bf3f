use crate::{Fault, InboxPosition, Lease, Payload, Subject, TenantId, TooLarge, WriteError};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What came in, and was not looked at yet.
///
/// Any process accepts; one, the owner, reads in the order of positions.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Keeps what came in, once, all of it or nothing. After this returns it may be acknowledged to
    /// whoever sent it. Answers in the order of `items`: where each stands, and whether it was there
    /// before. What is twice in `items` is kept once.
    ///
    /// # Errors
    /// Nothing was kept, except where [`Fault::Unavailable`] says that it may have been.
    async fn accept(
        &self,
        tenant: TenantId,
        items: Vec<NewInboxItem>,
    ) -> Result<Vec<Accepted>, AcceptError>;

    /// The items behind a position, in their order, at most `limit`. An item that is accepted later
    /// never stands before one that was given out.
    ///
    /// # Errors
    /// Where the store failed.
    async fn read_inbox(
        &self,
        tenant: TenantId,
        after: InboxPosition,
        limit: usize,
    ) -> Result<Vec<InboxItem>, Fault>;

    /// Forgets the items that the cursor has passed and that came before `before`, with their keys;
    /// what is delivered again after that is new. Answers how many.
    ///
    /// # Errors
    /// Where the lease is not the newest, or the store failed.
    async fn forget_inbox(&self, lease: &Lease, before: DateTime<Utc>) -> Result<u64, WriteError>;
}

/// By what an item is known when it comes again; unique within a tenant.
///
/// It may hold a number of somebody, so `Debug` masks it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DedupeKey(Box<[u8]>);

impl DedupeKey {
    /// A key of the caller's making.
    #[must_use]
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// What a store keeps and compares.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for DedupeKey {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl fmt::Debug for DedupeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DedupeKey({} bytes)", self.0.len())
    }
}

/// What is to be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewInboxItem {
    /// By what it is known when it comes again.
    pub key: DedupeKey,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Whom it is about, as far as that is known on arrival.
    pub subjects: Vec<Subject>,
    /// What came.
    pub payload: Payload,
}

impl NewInboxItem {
    /// An item about nobody in particular.
    #[must_use]
    pub fn new(
        key: impl Into<DedupeKey>,
        received_at: DateTime<Utc>,
        payload: impl Into<Payload>,
    ) -> Self {
        Self { key: key.into(), received_at, subjects: Vec::new(), payload: payload.into() }
    }

    /// With one more whom it is about.
    #[must_use]
    pub fn with_subject(mut self, subject: Subject) -> Self {
        self.subjects.push(subject);
        self
    }
}

/// What became of an item that was to be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an item is new or it is not")]
pub enum Accepted {
    /// It is kept, at this position.
    New(InboxPosition),
    /// It was kept before, at this position.
    Known(InboxPosition),
}

impl Accepted {
    /// Where it stands.
    #[must_use]
    pub const fn position(self) -> InboxPosition {
        match self {
            Self::New(position) | Self::Known(position) => position,
        }
    }
}

/// What came in, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InboxItem {
    /// Where it stands.
    pub position: InboxPosition,
    /// By what it is known.
    pub key: DedupeKey,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// When somebody whom it was about was erased from it. The payload is empty then.
    pub erased_at: Option<DateTime<Utc>>,
    /// What came.
    pub payload: Payload,
}

impl InboxItem {
    /// An item as a store gives it out.
    #[must_use]
    pub const fn new(
        position: InboxPosition,
        key: DedupeKey,
        received_at: DateTime<Utc>,
        erased_at: Option<DateTime<Utc>>,
        payload: Payload,
    ) -> Self {
        Self { position, key, received_at, erased_at, payload }
    }
}

/// Why nothing was accepted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AcceptError {
    /// One of the items is larger than any store takes. It never will be accepted.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The store failed: do not acknowledge, so that it comes again.
    #[error(transparent)]
    Failed(#[from] Fault),
}
