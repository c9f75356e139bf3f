use super::SqliteStorage;
use super::connection::Only;
use super::fault::fault;
use super::operations::Writer;
use crate::Fault;
use crate::sql::Wakers;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// What brings a file from one version to the next; the first makes an empty one.
const SCHEMA: &[&str] = &[include_str!("schema/1.sql")];

/// "kont": by which a file is known for ours.
const APPLICATION: i64 = 0x6b6f_6e74;

const READERS: u32 = 4;

impl SqliteStorage {
    /// Opens a file, or makes it where there is none. A file of an older version is brought up to
    /// this one. It runs on tokio.
    ///
    /// # Errors
    /// Where it cannot be opened, is not a store, or was written by a later version. A file that is
    /// damaged is either refused here or by what reads the damaged place.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref().to_owned();
        let failed = |error: sqlx::Error| OpenError::Failed(fault(&error));
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .busy_timeout(Duration::from_secs(10))
            .disable_statement_logging();
        let writing = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("secure_delete", "ON");
        let mut connection = writing.connect().await.map_err(failed)?;
        migrate(&mut connection, &path).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .test_before_acquire(false)
            .connect_with(options.read_only(true))
            .await
            .map_err(failed)?;
        let wakers = Arc::new(Wakers::default());
        let writer = Writer::start(Only(connection), Arc::clone(&wakers));
        Ok(Self { path, writer, options: writing, readers, wakers })
    }
}

async fn migrate(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let failed = |error: sqlx::Error| OpenError::Failed(fault(&error));
    let known = SCHEMA.len() as i64;
    // Whoever finds all as it should be waits for nobody who writes.
    if pragma(connection, "PRAGMA application_id").await.map_err(failed)? == APPLICATION
        && pragma(connection, "PRAGMA user_version").await.map_err(failed)? == known
    {
        return Ok(());
    }
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await.map_err(failed)?;
    let application = pragma(connection, "PRAGMA application_id").await.map_err(failed)?;
    let found = pragma(connection, "PRAGMA user_version").await.map_err(failed)?;
    let tables = pragma(connection, "SELECT count(*) FROM sqlite_schema").await.map_err(failed)?;
    if application != APPLICATION && tables > 0 {
        return Err(OpenError::NotAStore { path: path.to_owned() });
    }
    if found > known {
        return Err(OpenError::SchemaNewer { found, known });
    }
    for (script, version) in SCHEMA.iter().zip(1..).filter(|(_, version)| *version > found) {
        sqlx::raw_sql(*script).execute(&mut *connection).await.map_err(failed)?;
        let versions =
            format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {version}");
        sqlx::raw_sql(AssertSqlSafe(versions)).execute(&mut *connection).await.map_err(failed)?;
    }
    sqlx::query("COMMIT").execute(connection).await.map_err(failed)?;
    Ok(())
}

async fn pragma(
    connection: &mut SqliteConnection,
    statement: &'static str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(statement).fetch_one(connection).await
}

/// Why a file was not opened. It is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// There is another database in the file.
    #[error("{path:?} is a SQLite file, but no store of kontak")]
    NotAStore {
        /// The file.
        path: PathBuf,
    },
    /// A later version of this crate wrote it. Upgrade, or restore a backup from before.
    #[error("the store has schema {found}; this version knows schemas up to {known}")]
    SchemaNewer {
        /// The file's.
        found: i64,
        /// The highest that this version knows.
        known: i64,
    },
    /// It could not be opened.
    #[error(transparent)]
    Failed(#[from] Fault),
}
