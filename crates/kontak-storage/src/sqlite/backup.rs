use super::SqliteStorage;
use super::fault::fault;
use super::open::OpenError;
use crate::Fault;
use std::io;
use std::path::{Path, PathBuf};

impl SqliteStorage {
    /// Writes a copy of everything as of now into a new file, while others read and write on. It is
    /// compact, needs no log beside it, and opens as any store does.
    ///
    /// # Errors
    /// Where the file exists, or either could not be read or written.
    pub async fn back_up(&self, to: impl AsRef<Path>) -> Result<(), BackupError> {
        let to = to.as_ref();
        if to.exists() {
            return Err(BackupError::Exists { path: to.to_owned() });
        }
        let mut connection = self.reader().await?;
        sqlx::query("VACUUM INTO $1")
            .bind(to.to_string_lossy().into_owned())
            .execute(&mut *connection)
            .await
            .map_err(|error| fault(&error))?;
        Ok(())
    }

    /// Makes a store of a backup, where there is none yet, and opens it. What waits in its outbox may
    /// have gone since the backup was made: the owner's first call to
    /// [`doubt`](crate::Outbox::doubt) is with [`InDoubt::Unsent`](crate::InDoubt::Unsent).
    ///
    /// # Errors
    /// Where there is a store already, the backup is damaged, or it could not be copied.
    pub async fn restore(
        backup: impl AsRef<Path>,
        to: impl AsRef<Path>,
    ) -> Result<Self, RestoreError> {
        let (backup, to) = (backup.as_ref(), to.as_ref());
        if to.exists() {
            return Err(RestoreError::Exists { path: to.to_owned() });
        }
        std::fs::copy(backup, to)?;
        let restored = Self::open(to).await?;
        restored.check().await?;
        Ok(restored)
    }

    /// Reads the whole file and looks whether it is sound. It takes as long as that takes.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] where it is not.
    pub async fn check(&self) -> Result<(), Fault> {
        let mut connection = self.reader().await?;
        let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
            .fetch_one(&mut *connection)
            .await
            .map_err(|error| fault(&error))?;
        if found == "ok" { Ok(()) } else { Err(Fault::corrupt(found)) }
    }
}

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// There is a file already, and it is left alone.
    #[error("{path:?} exists")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// It could not be written or read.
    #[error(transparent)]
    Failed(#[from] Fault),
}

/// Why a backup was not restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// There is a store already, and it is left alone.
    #[error("{path:?} exists")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The backup could not be copied.
    #[error("the backup could not be copied")]
    Copy(#[from] io::Error),
    /// The copy could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The copy is damaged.
    #[error(transparent)]
    Failed(#[from] Fault),
}
