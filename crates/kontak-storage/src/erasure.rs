use crate::{
    Event, Fault, InboxItem, InboxPosition, Lease, OutboxPosition, OutboxRow, Payload, Position,
    Subject, TenantId, WriteError,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is known of somebody: to be handed over, or taken out.
#[async_trait]
pub trait Subjects: Send + Sync {
    /// All records about any of these, at most `limit`, behind one that was given out: first inbox
    /// items, then events, then outbox rows, each in their order. Snapshots hold nothing but what
    /// follows from events.
    ///
    /// # Errors
    /// Where the store failed.
    async fn about(
        &self,
        tenant: TenantId,
        subjects: &[Subject],
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<Record>, Fault>;

    /// Takes somebody out of everything, all at once:
    /// - the payload of each event about them is emptied, or replaced by what the caller wrote in its
    ///   place; its position, kind and time stay;
    /// - inbox items and outbox rows about them are emptied, and rows that wait have failed;
    /// - where the snapshot holds a part from before [`Erasure::obeyed_at`] that is about them or names
    ///   nobody, the snapshot goes: the next start replays the journal unless one is published first;
    /// - what was staged from before it goes too;
    /// - the records are no longer found by these subjects.
    ///
    /// The store then makes its files forget as far as it can: see its own documentation. Where only
    /// that fails, the erasure stands; asked for again it reaches nothing and tries that again.
    ///
    /// # Errors
    /// Where the lease is not the newest, or the store failed.
    async fn erase(&self, lease: &Lease, erasure: Erasure) -> Result<Erased, WriteError>;
}

/// Whom to take out, and what to leave in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Erasure {
    /// All that the person is known by.
    pub subjects: Vec<Subject>,
    /// The position from which on the engines have obeyed: that of the event that says so.
    pub obeyed_at: Position,
    /// The `now` of the step.
    pub now: DateTime<Utc>,
    /// What to write in place of events; for the others, nothing is left.
    pub rewritten: Vec<(Position, Payload)>,
}

impl Erasure {
    /// Takes these out, and leaves nothing in place of what was said.
    #[must_use]
    pub const fn new(subjects: Vec<Subject>, obeyed_at: Position, now: DateTime<Utc>) -> Self {
        Self { subjects, obeyed_at, now, rewritten: Vec::new() }
    }

    /// With what to write in place of one more event. It is ignored where the event is about none of
    /// them.
    #[must_use]
    pub fn with_rewritten(mut self, position: Position, payload: impl Into<Payload>) -> Self {
        self.rewritten.push((position, payload.into()));
        self
    }
}

/// What an erasure reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Erased {
    /// Inbox items emptied.
    pub inbox: u64,
    /// Events emptied or rewritten.
    pub events: u64,
    /// Outbox rows emptied.
    pub outbox: u64,
    /// Whether the snapshot had to go.
    pub snapshot: bool,
}

/// One record about somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Record {
    /// What came in.
    Inbox(InboxItem),
    /// What happened.
    Event(Event),
    /// What was or is to be sent.
    Outbox(OutboxRow),
}

impl Record {
    /// Where it stands among all that is known of somebody.
    #[must_use]
    pub const fn key(&self) -> RecordKey {
        match self {
            Self::Inbox(item) => RecordKey::Inbox(item.position),
            Self::Event(event) => RecordKey::Event(event.position),
            Self::Outbox(row) => RecordKey::Outbox(row.position),
        }
    }
}

/// Where a record stands among all that is known of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "as many as there are sorts of records")]
pub enum RecordKey {
    /// What came in.
    Inbox(InboxPosition),
    /// What happened.
    Event(Position),
    /// What was or is to be sent.
    Outbox(OutboxPosition),
}
