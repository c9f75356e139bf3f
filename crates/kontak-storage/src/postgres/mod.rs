mod connect;
mod connection;
mod fault;
#[path = "../sql/operations/mod.rs"]
mod operations;
mod rows;

pub use connect::ConnectError;

use crate::Fault;
use crate::sql::Wakers;
use connection::{Connection, begin, commit, locked, rollback};
use fault::fault;
use operations::Writer;
use rows::{change, find, insert};
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};
use std::fmt;
use std::sync::Arc;

/// A store in a PostgreSQL database: for several processes, of which any may accept and one owns a
/// tenant.
///
/// What is acknowledged was committed with `synchronous_commit = on`, whatever the server's default.
/// Positions are given out while a row of the tenant is locked, so they are committed in their order:
/// who follows never passes one by. Two writers, one for what comes in and one for owners, each serve
/// all callers of this process; what waits when a commit begins goes into it together.
///
/// ```no_run
/// use kontak_storage::{Journal, PostgresStorage, TenantId};
/// use kontak_storage::uuid::Uuid;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let storage = PostgresStorage::connect("postgres://kontak@localhost/kontak").await?;
/// let progress = storage.progress(TenantId::new(Uuid::from_u128(1))).await?;
/// assert_eq!(progress.journal.number(), 0);
/// # Ok(()) }
/// ```
pub struct PostgresStorage {
    acceptor: Writer,
    owner: Writer,
    readers: PgPool,
    wakers: Arc<Wakers>,
}

use PostgresStorage as Store;

impl PostgresStorage {
    /// Waits for what was asked for, then lets go of all connections. Dropping does so too, without
    /// waiting.
    pub async fn close(self) {
        self.acceptor.close().await;
        self.owner.close().await;
        self.readers.close().await;
    }

    fn owner(&self) -> &Writer {
        &self.owner
    }

    fn acceptor(&self) -> &Writer {
        &self.acceptor
    }

    fn wakers(&self) -> &Wakers {
        &self.wakers
    }

    async fn reader(&self) -> Result<PoolConnection<Postgres>, Fault> {
        self.readers.acquire().await.map_err(|error| fault(&error))
    }

    /// An overwritten row stays in its page until it is vacuumed.
    async fn forget_what_was_overwritten(&self) -> Result<(), Fault> {
        let mut connection = self.reader().await?;
        let vacuumed = sqlx::query(
            "VACUUM inbox, events, outbox, parts, inbox_subjects, event_subjects, outbox_subjects",
        );
        vacuumed.execute(&mut *connection).await.map_err(|error| fault(&error))?;
        Ok(())
    }
}

impl fmt::Debug for PostgresStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStorage").finish_non_exhaustive()
    }
}
