use super::operations::Source;
use async_trait::async_trait;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection as _, PgConnection};

pub(super) type Connection = PgConnection;

/// A statement whose rows of `table` stay locked until the transaction ends.
macro_rules! locked {
    ($statement:literal, $table:literal) => {
        concat!($statement, " FOR UPDATE OF ", $table)
    };
}
pub(super) use locked;

/// One connection, made anew when it was lost.
pub(super) struct Kept {
    options: PgConnectOptions,
    held: Option<PgConnection>,
}

impl Kept {
    pub(super) const fn new(options: PgConnectOptions) -> Self {
        Self { options, held: None }
    }
}

#[async_trait]
impl Source for Kept {
    async fn connection(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        let held = match self.held.take() {
            Some(held) => held,
            None => self.options.connect().await?,
        };
        Ok(self.held.insert(held))
    }

    fn broken(&mut self) {
        self.held = None;
    }

    async fn close(self) {
        if let Some(held) = self.held {
            drop(held.close().await);
        }
    }
}

pub(super) async fn begin(connection: &mut Connection) -> Result<(), sqlx::Error> {
    sqlx::query("BEGIN ISOLATION LEVEL READ COMMITTED").execute(connection).await.map(drop)
}

pub(super) async fn commit(connection: &mut Connection) -> Result<(), sqlx::Error> {
    sqlx::query("COMMIT").execute(connection).await.map(drop)
}

/// The connection is given up after an error, and with it the transaction.
pub(super) async fn rollback(connection: &mut Connection) {
    drop(sqlx::query("ROLLBACK").execute(connection).await);
}
