//! `.ci/postgres` as a value: for the tests, benches and examples that include this file.

#![allow(dead_code, reason = "each that includes it uses what it needs")]

use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A PostgreSQL server of this process's own, which ends with it at the latest.
#[derive(Debug)]
pub(crate) struct Server {
    folder: PathBuf,
    address: String,
}

impl Server {
    /// Nothing, and a line that says so, where no PostgreSQL is installed.
    pub(crate) fn start(folder: &Path) -> Result<Option<Self>> {
        let mut server = Self { folder: folder.to_owned(), address: String::new() };
        let output = server.script("start").arg(std::process::id().to_string()).output()?;
        if output.status.code() == Some(3) {
            println!("SKIPPED: no PostgreSQL is installed here; see .ci/postgres");
            return Ok(None);
        }
        let output = succeeded(output)?;
        server.address = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(Some(server))
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Kills all its processes at once, as a power cut would.
    pub(crate) fn crash(&self) -> Result<()> {
        succeeded(self.script("crash").output()?).map(drop)
    }

    /// Starts it again where it was, at the same address.
    pub(crate) fn resume(&self) -> Result<()> {
        succeeded(self.script("resume").output()?).map(drop)
    }

    fn script(&self, word: &str) -> Command {
        // The packages that include this lie at different depths.
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut scripts = package.ancestors().map(|folder| folder.join(".ci/postgres"));
        let script = scripts.find(|script| script.exists());
        let mut command = Command::new(script.unwrap_or_else(|| ".ci/postgres".into()));
        command.arg(word).arg(&self.folder);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.script("stop").output());
    }
}

fn succeeded(output: Output) -> Result<Output> {
    if output.status.success() {
        return Ok(output);
    }
    Err(Error::other(String::from_utf8_lossy(&output.stderr)))
}
