#[path = "../../../../.ci/postgres.rs"]
mod postgres;

use postgres::Server;
use std::sync::OnceLock;

/// The address of a PostgreSQL server of this process's own, which ends with it. Nothing, and a line
/// that says so, where none can be had.
pub(crate) fn address() -> Option<&'static str> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let folder = format!("kontak-postgres-{}", std::process::id());
    let start = || Server::start(&std::env::temp_dir().join(folder)).unwrap();
    SERVER.get_or_init(start).as_ref().map(Server::address)
}
