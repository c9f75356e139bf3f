use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The address of a PostgreSQL server of this process's own, which ends with it. Nothing, and a line
/// that says so, where none can be had.
pub(crate) fn address() -> Option<&'static str> {
    static ADDRESS: OnceLock<Option<String>> = OnceLock::new();
    ADDRESS.get_or_init(start).as_deref()
}

fn start() -> Option<String> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.ci/postgres");
    let process = std::process::id().to_string();
    let folder = std::env::temp_dir().join(format!("kontak-postgres-{process}"));
    let output = Command::new(script).arg("start").arg(&folder).arg(&process).output();
    match output {
        Ok(output) if output.status.success() => {
            Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
        }
        Ok(output) if output.status.code() == Some(3) => {
            println!("SKIPPED: no PostgreSQL is installed here; see .ci/postgres");
            None
        }
        Ok(output) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => {
            println!("SKIPPED: .ci/postgres cannot be run: {error}");
            None
        }
    }
}
