use super::PostgresStorage;
use super::connection::Kept;
use super::fault::fault;
use super::operations::Writer;
use crate::Fault;
use crate::sql::Wakers;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection};
use std::sync::Arc;
use std::time::Duration;

/// What brings a database from one version to the next; the first makes an empty one.
const SCHEMA: &[&str] = &[include_str!("schema/1.sql")];

/// Held while the schema is looked at, so that of many processes that start one changes it. "kont".
const LOCK: i64 = 0x6b6f_6e74;

const READERS: u32 = 6;

/// For how long a connection that answered is believed to answer again.
const TRUSTED: Duration = Duration::from_secs(1);

impl PostgresStorage {
    /// Connects to a database by its address, `postgres://user:password@host/database`, and makes or
    /// upgrades the tables in its first schema. With the feature `postgres-tls` the address may ask
    /// for TLS. It runs on tokio.
    ///
    /// # Errors
    /// Where the address cannot be read, the database not be reached, or it was written by a later
    /// version. Nothing of the address, which holds a password, is in the error.
    pub async fn connect(address: &str) -> Result<Self, ConnectError> {
        let options: PgConnectOptions = address.parse().map_err(|_| ConnectError::Address)?;
        let options = options
            .options([
                ("synchronous_commit", "on"),
                ("client_min_messages", "warning"),
                // A process that is frozen, or cut off, in the middle of a transaction would hold its
                // tenants' rows for hours, and nobody could take over.
                ("idle_in_transaction_session_timeout", "10s"),
                // Every statement has its index. A plan that was made while a table was small would read
                // all of it until PostgreSQL looks again.
                ("enable_seqscan", "off"),
                ("jit", "off"),
            ])
            .application_name("kontak")
            .disable_statement_logging();
        let failed = |error: sqlx::Error| ConnectError::Failed(fault(&error));
        let mut connection = options.connect().await.map_err(failed)?;
        migrate(&mut connection).await?;
        connection.close().await.map_err(failed)?;
        let readers = PgPoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(Duration::from_secs(10))
            // Whether one is sound is asked of it only where it has rested.
            .test_before_acquire(false)
            .before_acquire(|connection, found| {
                Box::pin(
                    async move { Ok(found.idle_for < TRUSTED || connection.ping().await.is_ok()) },
                )
            })
            .connect_lazy_with(options.clone());
        let wakers = Arc::new(Wakers::default());
        let start = || Writer::start(Kept::new(options.clone()), Arc::clone(&wakers));
        Ok(Self { acceptor: start(), owner: start(), readers, wakers })
    }
}

async fn migrate(connection: &mut PgConnection) -> Result<(), ConnectError> {
    let failed = |error: sqlx::Error| ConnectError::Failed(fault(&error));
    let mut transaction = connection.begin().await.map_err(failed)?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(LOCK)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    sqlx::query("CREATE TABLE IF NOT EXISTS kontak_schema (version BIGINT NOT NULL)")
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    let found: i64 = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM kontak_schema")
        .fetch_one(&mut *transaction)
        .await
        .map_err(failed)?;
    let known = SCHEMA.len() as i64;
    if found > known {
        return Err(ConnectError::SchemaNewer { found, known });
    }
    for (script, version) in SCHEMA.iter().zip(1_i64..).filter(|(_, version)| *version > found) {
        sqlx::raw_sql(*script).execute(&mut *transaction).await.map_err(failed)?;
        sqlx::query("INSERT INTO kontak_schema (version) VALUES ($1)")
            .bind(version)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The address cannot be read.
    #[error("the address is not like postgres://user:password@host:5432/database")]
    Address,
    /// A later version of this crate wrote the database. Upgrade, or restore a backup from before.
    #[error("the store has schema {found}; this version knows schemas up to {known}")]
    SchemaNewer {
        /// The database's.
        found: i64,
        /// The highest that this version knows.
        known: i64,
    },
    /// The database could not be reached or changed.
    #[error(transparent)]
    Failed(#[from] Fault),
}
