mod erasure;
mod inbox;
mod journal;
mod lease;
mod outbox;
mod snapshot;

use crate::{
    DedupeKey, Event, Fault, FencingToken, InboxItem, InboxPosition, Lease, OutboxId,
    OutboxPosition, OutboxRow, Part, PartName, Position, Progress, Subject, TenantId, WriteError,
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// A store in memory: for tests, for demonstrations, and as the model that the others are held
/// against. It forgets everything when it is dropped.
///
/// ```
/// use kontak_storage::chrono::DateTime;
/// use kontak_storage::uuid::Uuid;
/// use kontak_storage::{Accepted, Inbox, InboxPosition, MemoryStorage, NewInboxItem, TenantId};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (storage, tenant) = (MemoryStorage::new(), TenantId::new(Uuid::from_u128(1)));
/// let item = NewInboxItem::new("wamid.1", DateTime::UNIX_EPOCH, b"halo".to_vec());
///
/// let first = storage.accept(tenant, vec![item.clone()]).await?;
/// let again = storage.accept(tenant, vec![item]).await?;
///
/// assert_eq!(first, [Accepted::New(InboxPosition::new(1))]);
/// assert_eq!(again, [Accepted::Known(InboxPosition::new(1))]);
/// # Ok(()) }
/// ```
#[derive(Default)]
pub struct MemoryStorage {
    state: Mutex<State>,
}

impl MemoryStorage {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, tenant: TenantId, read: impl FnOnce(&Tenant) -> T) -> T {
        match self.state().tenants.get(&tenant) {
            Some(tenant) => read(tenant),
            None => read(&Tenant::default()),
        }
    }
}

impl fmt::Debug for MemoryStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryStorage({} tenants)", self.state().tenants.len())
    }
}

#[derive(Default)]
struct State {
    tenants: BTreeMap<TenantId, Tenant>,
    waiting: Vec<Waker>,
}

impl State {
    fn wake(&mut self) {
        self.waiting.drain(..).for_each(Waker::wake);
    }

    /// The tenant, where the lease is its newest.
    fn fenced(&mut self, lease: &Lease) -> Result<&mut Tenant, WriteError> {
        match self.tenants.get_mut(&lease.tenant) {
            Some(tenant) if tenant.token == lease.token => Ok(tenant),
            _ => Err(WriteError::Fenced { tenant: lease.tenant }),
        }
    }
}

#[derive(Default)]
struct Tenant {
    token: FencingToken,
    held: Option<(String, DateTime<Utc>)>,
    wake_at: Option<DateTime<Utc>>,

    inbox: BTreeMap<InboxPosition, Kept<InboxItem>>,
    inbox_head: InboxPosition,
    inbox_cursor: InboxPosition,
    keys: BTreeMap<DedupeKey, InboxPosition>,

    journal: Vec<Kept<Event>>,

    outbox: BTreeMap<OutboxPosition, Kept<OutboxRow>>,
    outbox_head: OutboxPosition,
    rows: BTreeMap<OutboxId, OutboxPosition>,

    snapshot: Option<Position>,
    parts: BTreeMap<PartName, (Position, Part)>,
    staged_at: Position,
    staged: BTreeMap<PartName, Part>,
}

/// A record and whom it is about.
struct Kept<R> {
    record: R,
    subjects: Vec<Subject>,
}

impl<R> Kept<R> {
    fn is_about(&self, subjects: &BTreeSet<Subject>) -> bool {
        self.subjects.iter().any(|subject| subjects.contains(subject))
    }
}

impl Tenant {
    fn head(&self) -> Position {
        Position::START.plus(self.journal.len() as u64)
    }

    fn progress(&self) -> Progress {
        Progress::new(self.head(), self.inbox_head, self.inbox_cursor, self.wake_at)
    }
}

fn beyond(number: u64) -> Result<usize, Fault> {
    usize::try_from(number).map_err(|_| Fault::corrupt("a position beyond what memory can hold"))
}
