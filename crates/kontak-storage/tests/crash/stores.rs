use crate::Error;
use kontak_storage::{PostgresStorage, SqliteStorage, Storage};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// A file, or the address of a database.
pub(crate) struct Place(pub(crate) String);

impl Place {
    pub(crate) async fn open(&self) -> Result<Arc<dyn Storage>, Error> {
        if self.0.starts_with("postgres:") {
            return Ok(Arc::new(PostgresStorage::connect(&self.0).await?));
        }
        Ok(Arc::new(SqliteStorage::open(&self.0).await?))
    }
}

/// A PostgreSQL server that may be killed.
pub(crate) struct Server {
    folder: PathBuf,
    address: String,
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Result<Option<Self>, Error> {
        let mut server = Self { folder: folder.to_owned(), address: String::new() };
        let output = server.script("start").arg(std::process::id().to_string()).output()?;
        if output.status.code() == Some(3) {
            return Ok(None);
        }
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        server.address = String::from_utf8(output.stdout)?.trim().to_owned();
        Ok(Some(server))
    }

    pub(crate) fn place(&self) -> Place {
        Place(self.address.clone())
    }

    pub(crate) fn crash(&self) -> Result<(), Error> {
        succeeded(self.script("crash"))
    }

    pub(crate) fn resume(&self) -> Result<(), Error> {
        succeeded(self.script("resume"))
    }

    fn script(&self, word: &str) -> Command {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.ci/postgres");
        let mut command = Command::new(script);
        command.arg(word).arg(&self.folder);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(succeeded(self.script("stop")));
    }
}

fn succeeded(mut command: Command) -> Result<(), Error> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into())
}
