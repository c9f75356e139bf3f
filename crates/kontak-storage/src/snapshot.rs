use crate::{Fault, Lease, Payload, Position, Subject, TenantId, WriteError};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the engines knew at one position, so that a start need not read the whole journal.
///
/// A snapshot is one consistent cut: a set of named parts, all as of one position. The next one says
/// only what has changed; a part that is not named anew is carried over. So one part may hold a whole
/// engine, and another a single conversation that rests.
///
/// Parts are *staged*, in as many calls as they need, and seen by nobody until
/// [`publish`](Self::publish) turns over to all of them at once. A crash before that leaves the last
/// snapshot as it was.
#[async_trait]
pub trait Snapshots: Send + Sync {
    /// Keeps parts for the snapshot at `at`, durably. What was staged for another position is
    /// dropped; a part staged twice is the later one.
    ///
    /// # Errors
    /// Where the lease is not the newest, a part is too large, or the store failed.
    async fn stage(&self, lease: &Lease, at: Position, parts: Vec<Part>) -> Result<(), WriteError>;

    /// Makes the snapshot at `at` the one that counts: what was staged for it replaces parts of the
    /// same name, `gone` are no more, the rest is carried over.
    ///
    /// # Errors
    /// [`PublishError::Position`] where `at` is beyond the journal, or before the snapshot that counts.
    async fn publish(
        &self,
        lease: &Lease,
        at: Position,
        gone: Vec<PartName>,
    ) -> Result<(), PublishError>;

    /// Where the snapshot that counts was taken; nothing where there is none.
    ///
    /// # Errors
    /// Where the store failed.
    async fn snapshot(&self, tenant: TenantId) -> Result<Option<Position>, Fault>;

    /// A part of the snapshot at `at`; nothing where it has none of that name.
    ///
    /// # Errors
    /// [`PartError::Superseded`] where another snapshot counts by now.
    async fn part(
        &self,
        tenant: TenantId,
        at: Position,
        name: &PartName,
    ) -> Result<Option<Part>, PartError>;

    /// The names of the parts that begin with `prefix` and come after `after`, in the order of their
    /// bytes, at most `limit`.
    ///
    /// # Errors
    /// [`PartError::Superseded`] where another snapshot counts by now.
    async fn part_names(
        &self,
        tenant: TenantId,
        at: Position,
        prefix: &str,
        after: Option<&PartName>,
        limit: usize,
    ) -> Result<Vec<PartName>, PartError>;
}

/// What a part is called: `identity`, `routing`, `conversation/0192f0c1-…`. It holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartName(Box<str>);

impl PartName {
    /// A name of the caller's making.
    #[must_use]
    pub fn new(name: impl Into<Box<str>>) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for PartName {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A part of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// What it is called.
    pub name: PartName,
    /// Whom it is about. A part that names nobody is taken to be about everybody: an erasure drops it
    /// where it is older.
    pub subjects: Vec<Subject>,
    /// What was known.
    pub payload: Payload,
}

impl Part {
    /// A part about everybody.
    #[must_use]
    pub fn new(name: impl Into<PartName>, payload: impl Into<Payload>) -> Self {
        Self { name: name.into(), subjects: Vec::new(), payload: payload.into() }
    }

    /// With one more whom it is about, and nobody else.
    #[must_use]
    pub fn with_subject(mut self, subject: Subject) -> Self {
        self.subjects.push(subject);
        self
    }
}

/// Why a snapshot does not count.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// It is beyond the journal's end, or before the snapshot that counts.
    #[error("there is no snapshot at {at} between {latest} and the journal's end at {head}")]
    Position {
        /// Where it was taken.
        at: Position,
        /// Where the one that counts was taken; the start where there is none.
        latest: Position,
        /// Where the journal ends.
        head: Position,
    },
    /// The lease is not the newest, or the store failed.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a part was not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PartError {
    /// Another snapshot counts by now. Begin again with it.
    #[error("the snapshot at {at} counts no more; the latest is at {latest:?}")]
    Superseded {
        /// The one asked for.
        at: Position,
        /// The one that counts, if any.
        latest: Option<Position>,
    },
    /// The store failed.
    #[error(transparent)]
    Failed(#[from] Fault),
}

impl From<Fault> for PublishError {
    fn from(fault: Fault) -> Self {
        Self::Write(fault.into())
    }
}
