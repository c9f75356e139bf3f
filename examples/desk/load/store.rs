//! Where a run keeps what it heard.

#[path = "../../../.ci/postgres.rs"]
mod postgres;

use kontak_storage::{MemoryStorage, PostgresStorage, SqliteStorage, Storage};
use postgres::Server;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Memory,
    Sqlite,
    Postgres,
}

impl FromStr for Store {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "memory" => Ok(Self::Memory),
            "sqlite" => Ok(Self::Sqlite),
            "postgres" => Ok(Self::Postgres),
            other => Err(format!("no store {other:?}; there are memory, sqlite and postgres")),
        }
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "memory",
            Self::Sqlite => "SQLite, durable at every commit",
            Self::Postgres => "PostgreSQL, durable at every commit",
        })
    }
}

/// One store, which can be opened again.
pub(crate) enum Place {
    Memory(Arc<MemoryStorage>),
    Folder(PathBuf),
    /// Gone with this process.
    Server(Server),
    /// Somebody's database, which stays.
    Address(String),
}

impl Store {
    /// Nothing where PostgreSQL is not installed. `url` is that of a database of one's own.
    pub(crate) fn place(self, url: Option<&str>) -> anyhow::Result<Option<Place>> {
        let folder = std::env::temp_dir().join(format!("kontak-load-{}", std::process::id()));
        Ok(match (self, url) {
            (Self::Memory, _) => Some(Place::Memory(Arc::new(MemoryStorage::new()))),
            (Self::Sqlite, _) => {
                std::fs::create_dir_all(&folder)?;
                Some(Place::Folder(folder))
            }
            (Self::Postgres, Some(url)) => Some(Place::Address(url.to_owned())),
            (Self::Postgres, None) => Server::start(&folder)?.map(Place::Server),
        })
    }
}

impl Place {
    pub(crate) async fn open(&self) -> anyhow::Result<Arc<dyn Storage>> {
        Ok(match self {
            Self::Memory(storage) => Arc::clone(storage) as Arc<dyn Storage>,
            Self::Folder(folder) => Arc::new(SqliteStorage::open(folder.join("desk.db")).await?),
            Self::Server(server) => Arc::new(PostgresStorage::connect(server.address()).await?),
            Self::Address(url) => Arc::new(PostgresStorage::connect(url).await?),
        })
    }

    pub(crate) fn remove(self) -> anyhow::Result<()> {
        match self {
            Self::Memory(_) | Self::Server(_) | Self::Address(_) => Ok(()),
            Self::Folder(folder) => Ok(std::fs::remove_dir_all(folder)?),
        }
    }
}
