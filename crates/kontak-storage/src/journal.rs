use crate::{
    Event, Fault, InboxPosition, Lease, NewEvent, NewOutboxRow, OutboxId, Position, Settlement,
    TenantId, TooLarge,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// What happened, in order.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Writes a step of the owner, all of it or nothing, and answers where the journal ends then.
    ///
    /// A caller that stopped waiting, or was told [`Fault::Unavailable`], does not know whether it was
    /// written. It need not: the next commit says where it believes the journal to end, and is refused
    /// as [`AppendError::Moved`] where that is not so.
    ///
    /// # Errors
    /// Nothing was written, except where [`Fault::Unavailable`] says that it may have been.
    async fn append(&self, lease: &Lease, commit: Commit) -> Result<Position, AppendError>;

    /// The events behind a position, in their order and without gaps, at most `limit`. Anybody may
    /// read. An event that is committed later never stands before one that was given out.
    ///
    /// # Errors
    /// Where the store failed.
    async fn read(
        &self,
        tenant: TenantId,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Event>, Fault>;

    /// How far a tenant has come. One that was never written for stands at the start.
    ///
    /// # Errors
    /// Where the store failed.
    async fn progress(&self, tenant: TenantId) -> Result<Progress, Fault>;

    /// Waits until the journal reaches beyond `journal` or the inbox beyond `inbox`, whoever wrote it,
    /// and answers how far they have come. Within one process it wakes at once; what another process
    /// wrote is seen within a fraction of a second. It may be dropped at any time.
    ///
    /// # Errors
    /// Where the store failed.
    async fn beyond(
        &self,
        tenant: TenantId,
        journal: Position,
        inbox: InboxPosition,
    ) -> Result<Progress, Fault>;
}

/// One step of a tenant's owner: what it took from the inbox, what came of it, what is to be sent.
///
/// ```
/// use kontak_storage::chrono::DateTime;
/// use kontak_storage::{Commit, EventKind, InboxPosition, NewEvent, Position};
///
/// let now = DateTime::from_timestamp(1_770_000_000, 0).ok_or("no such time")?;
/// let heard = NewEvent::new(EventKind::new("conversation", 1), b"halo".to_vec());
/// let commit = Commit::new(Position::START, now)
///     .with_event(heard)
///     .with_inbox_cursor(InboxPosition::new(1));
/// assert_eq!(commit.events.len(), 1);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Commit {
    /// Where the journal ends, as its owner knows it.
    pub after: Position,
    /// The `now` of the step, recorded with each event.
    pub now: DateTime<Utc>,
    /// What happened, in order.
    pub events: Vec<NewEvent>,
    /// What is to be sent because of it.
    pub outbox: Vec<NewOutboxRow>,
    /// What became of rows that were being sent.
    pub settlements: Vec<Settlement>,
    /// The last inbox item that is done with, where the step took any.
    pub inbox_cursor: Option<InboxPosition>,
    /// When the tenant is to be looked at next, though nothing comes in. Kept for
    /// [`Leases::due`](crate::Leases::due), and as it is where the step says nothing.
    pub wake_at: Option<WakeAt>,
}

impl Commit {
    /// A step that does nothing yet.
    #[must_use]
    pub const fn new(after: Position, now: DateTime<Utc>) -> Self {
        Self {
            after,
            now,
            events: Vec::new(),
            outbox: Vec::new(),
            settlements: Vec::new(),
            inbox_cursor: None,
            wake_at: None,
        }
    }

    /// With one more event.
    #[must_use]
    pub fn with_event(mut self, event: NewEvent) -> Self {
        self.events.push(event);
        self
    }

    /// With one more row that is to be sent.
    #[must_use]
    pub fn with_outbox_row(mut self, row: NewOutboxRow) -> Self {
        self.outbox.push(row);
        self
    }

    /// With what became of one more row.
    #[must_use]
    pub fn with_settlement(mut self, settlement: Settlement) -> Self {
        self.settlements.push(settlement);
        self
    }

    /// With all inbox items up to this one done.
    #[must_use]
    pub const fn with_inbox_cursor(mut self, cursor: InboxPosition) -> Self {
        self.inbox_cursor = Some(cursor);
        self
    }

    /// With the instant at which the tenant is to be looked at next.
    #[must_use]
    pub const fn with_wake_at(mut self, wake_at: WakeAt) -> Self {
        self.wake_at = Some(wake_at);
        self
    }

    /// What every store asks before it writes.
    ///
    /// # Errors
    /// Where a payload is larger than any store takes.
    pub fn check(&self) -> Result<(), TooLarge> {
        for (event, number) in self.events.iter().zip(1..) {
            event.payload.check(format_args!("event {}", self.after.plus(number)))?;
        }
        self.outbox.iter().try_for_each(|row| row.payload.check(format_args!("row {}", row.id)))
    }
}

/// When a tenant is to be looked at though nothing comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is an instant or there is none")]
pub enum WakeAt {
    /// At this instant.
    Instant(DateTime<Utc>),
    /// Never.
    Never,
}

/// How far a tenant has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The last event.
    pub journal: Position,
    /// The last inbox item accepted.
    pub inbox: InboxPosition,
    /// The last inbox item done with.
    pub inbox_cursor: InboxPosition,
    /// When it is to be looked at next.
    pub wake_at: Option<DateTime<Utc>>,
}

impl Progress {
    /// How far a tenant has come, as a store says it.
    #[must_use]
    pub const fn new(
        journal: Position,
        inbox: InboxPosition,
        inbox_cursor: InboxPosition,
        wake_at: Option<DateTime<Utc>>,
    ) -> Self {
        Self { journal, inbox, inbox_cursor, wake_at }
    }
}

/// Why a step was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// Somebody else has taken the tenant. Stop: nothing can be written any more.
    #[error("tenant {tenant} was taken by another owner")]
    Fenced {
        /// The tenant.
        tenant: TenantId,
    },
    /// The journal does not end where the commit says: most likely an earlier one was written after
    /// all. Read what is behind, then decide anew.
    #[error("the journal ends at {head}, not at {after}")]
    Moved {
        /// Where the commit says that it ends.
        after: Position,
        /// Where it ends.
        head: Position,
    },
    /// The cursor goes back, or beyond what was accepted.
    #[error("the inbox cursor cannot go from {from} to {to}; the inbox ends at {head}")]
    Cursor {
        /// Where it stands.
        from: InboxPosition,
        /// Where the commit puts it.
        to: InboxPosition,
        /// The last item accepted.
        head: InboxPosition,
    },
    /// An outbox row of this id is there already.
    #[error("outbox row {id} is there already")]
    KnownRow {
        /// The row.
        id: OutboxId,
    },
    /// A row cannot be settled so: it is not there, waits, or ended otherwise before.
    #[error("outbox row {id} cannot be settled so")]
    Settled {
        /// The row.
        id: OutboxId,
    },
    /// A payload is larger than any store takes.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The store failed.
    #[error(transparent)]
    Failed(#[from] Fault),
}

/// Why something else than a step was not written under a lease.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// Somebody else has taken the tenant. Stop: nothing can be written any more.
    #[error("tenant {tenant} was taken by another owner")]
    Fenced {
        /// The tenant.
        tenant: TenantId,
    },
    /// A payload is larger than any store takes.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The store failed.
    #[error(transparent)]
    Failed(#[from] Fault),
}
