mod backup;
mod connection;
mod fault;
mod open;
#[path = "../sql/operations/mod.rs"]
mod operations;
mod rows;

pub use backup::{BackupError, RestoreError};
pub use open::OpenError;

use crate::Fault;
use crate::sql::Wakers;
use connection::{Connection, begin, commit, locked, rollback};
use fault::fault;
use operations::Writer;
use rows::{change, find, insert};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection as _, Sqlite, SqlitePool};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A store in one SQLite file, brought along with this crate: for one process, or a few on one
/// machine.
///
/// It writes ahead (`-wal` beside the file) and waits for the disk with every commit
/// (`synchronous=FULL`). One writer serves all callers: what waits when a commit begins goes into it
/// together, so many callers cost little more than one. Readers never wait for it.
///
/// ```
/// use kontak_storage::chrono::{DateTime, TimeDelta};
/// use kontak_storage::uuid::Uuid;
/// use kontak_storage::{
///     Commit, EventKind, Journal, Leases, NewEvent, Position, SqliteStorage, TenantId,
/// };
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("kontak-storage-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let storage = SqliteStorage::open(folder.join("desk.db")).await?;
/// let (tenant, now) = (TenantId::new(Uuid::from_u128(1)), DateTime::UNIX_EPOCH);
///
/// let lease = storage.acquire(tenant, "process 1", now, now + TimeDelta::seconds(10)).await?;
/// let heard = NewEvent::new(EventKind::new("conversation", 1), b"halo".to_vec());
/// let head = storage.append(&lease, Commit::new(Position::START, now).with_event(heard)).await?;
///
/// assert_eq!(storage.read(tenant, Position::START, 10).await?.len(), 1);
/// assert_eq!(head, Position::new(1));
/// # storage.close().await;
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(()) }
/// ```
pub struct SqliteStorage {
    path: PathBuf,
    writer: Writer,
    options: SqliteConnectOptions,
    readers: SqlitePool,
    wakers: Arc<Wakers>,
}

use SqliteStorage as Store;

impl SqliteStorage {
    /// Where the file lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for what was asked for, then lets go of the file. Dropping does so too, without waiting.
    pub async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    fn owner(&self) -> &Writer {
        &self.writer
    }

    fn acceptor(&self) -> &Writer {
        &self.writer
    }

    fn wakers(&self) -> &Wakers {
        &self.wakers
    }

    async fn reader(&self) -> Result<PoolConnection<Sqlite>, Fault> {
        self.readers.acquire().await.map_err(|error| fault(&error))
    }

    /// What was overwritten is zeroed in its pages (`secure_delete`); this empties the log beside the
    /// file, which may still hold it.
    async fn forget_what_was_overwritten(&self) -> Result<(), Fault> {
        let emptied = async {
            let mut connection = self.options.connect().await?;
            let statement = "PRAGMA wal_checkpoint(TRUNCATE)";
            let busy: i64 = sqlx::query_scalar(statement).fetch_one(&mut connection).await?;
            connection.close().await?;
            if busy == 0 { Ok(()) } else { Err(sqlx::Error::PoolTimedOut) }
        };
        emptied.await.map_err(|error| fault(&error))
    }
}

impl fmt::Debug for SqliteStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStorage").field("path", &self.path).finish_non_exhaustive()
    }
}
