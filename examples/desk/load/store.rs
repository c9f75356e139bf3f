//! Where a run keeps what it heard.

use kontak_storage::{MemoryStorage, SqliteStorage, Storage};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Memory,
    Sqlite,
}

impl FromStr for Store {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "memory" => Ok(Self::Memory),
            "sqlite" => Ok(Self::Sqlite),
            other => Err(format!("no store {other:?}; there are memory and sqlite")),
        }
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "memory",
            Self::Sqlite => "SQLite, durable at every commit",
        })
    }
}

/// One store, which can be opened again.
pub(crate) enum Place {
    Memory(Arc<MemoryStorage>),
    Folder(PathBuf),
}

impl Store {
    pub(crate) fn place(self) -> anyhow::Result<Place> {
        match self {
            Self::Memory => Ok(Place::Memory(Arc::new(MemoryStorage::new()))),
            Self::Sqlite => {
                let folder =
                    std::env::temp_dir().join(format!("kontak-load-{}", std::process::id()));
                std::fs::create_dir_all(&folder)?;
                Ok(Place::Folder(folder))
            }
        }
    }
}

impl Place {
    pub(crate) async fn open(&self) -> anyhow::Result<Arc<dyn Storage>> {
        Ok(match self {
            Self::Memory(storage) => Arc::clone(storage) as Arc<dyn Storage>,
            Self::Folder(folder) => Arc::new(SqliteStorage::open(folder.join("desk.db")).await?),
        })
    }

    pub(crate) fn remove(self) -> anyhow::Result<()> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Folder(folder) => Ok(std::fs::remove_dir_all(folder)?),
        }
    }
}
