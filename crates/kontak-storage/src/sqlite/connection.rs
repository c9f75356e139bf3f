use super::operations::Source;
use async_trait::async_trait;
use sqlx::{Connection as _, SqliteConnection};

pub(super) type Connection = SqliteConnection;

/// A transaction that writes holds the whole file, so no row needs a lock of its own.
macro_rules! locked {
    ($statement:literal, $table:literal) => {
        $statement
    };
}
pub(super) use locked;

/// The one connection that writes.
pub(super) struct Only(pub(super) SqliteConnection);

#[async_trait]
impl Source for Only {
    async fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        Ok(&mut self.0)
    }

    fn broken(&mut self) {}

    /// Waits for the file to be let go of.
    async fn close(self) {
        drop(self.0.close().await);
    }
}

/// Takes the right to write at once: a transaction that begins by reading could not take it later.
pub(super) async fn begin(connection: &mut Connection) -> Result<(), sqlx::Error> {
    sqlx::query("BEGIN IMMEDIATE").execute(connection).await.map(drop)
}

pub(super) async fn commit(connection: &mut Connection) -> Result<(), sqlx::Error> {
    sqlx::query("COMMIT").execute(connection).await.map(drop)
}

/// SQLite rolls back by itself after some errors; a second time is refused, and that is well.
pub(super) async fn rollback(connection: &mut Connection) {
    drop(sqlx::query("ROLLBACK").execute(connection).await);
}
