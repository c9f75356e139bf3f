#![doc = include_str!("../README.md")]
// Once for SQLite and once for PostgreSQL: the text is the same, the types are each database's own.
#![allow(clippy::duplicate_mod, reason = "`sql/operations` is compiled for each database")]

#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "encryption")]
mod encrypted;
mod erasure;
mod event;
#[cfg(feature = "export")]
mod export;
mod fault;
mod inbox;
mod journal;
mod lease;
mod memory;
mod outbox;
mod payload;
mod position;
#[cfg(feature = "postgres")]
mod postgres;
mod snapshot;
#[cfg(feature = "sql")]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod subject;
mod tenant;

#[cfg(feature = "encryption")]
pub use encrypted::{Encrypted, EncryptionKeys};
pub use erasure::{Erased, Erasure, Record, RecordKey, Subjects};
pub use event::{Event, EventKind, NewEvent};
#[cfg(feature = "export")]
pub use export::Export;
pub use fault::Fault;
pub use inbox::{AcceptError, Accepted, DedupeKey, Inbox, InboxItem, NewInboxItem};
pub use journal::{AppendError, Commit, Journal, Progress, WakeAt, WriteError};
pub use lease::{AcquireError, Lease, Leases, RenewError};
pub use memory::MemoryStorage;
pub use outbox::{
    InDoubt, NewOutboxRow, Outbox, OutboxId, OutboxRow, OutboxState, Outcome, Settlement,
};
pub use payload::{Payload, TooLarge};
pub use position::{FencingToken, InboxPosition, OutboxPosition, Position};
#[cfg(feature = "postgres")]
pub use postgres::{ConnectError, PostgresStorage};
pub use snapshot::{Part, PartError, PartName, PublishError, Snapshots};
#[cfg(feature = "sqlite")]
pub use sqlite::{BackupError, OpenError, RestoreError, SqliteStorage};
pub use subject::Subject;
pub use tenant::TenantId;

/// The date and time crate whose types appear here.
pub use chrono;
/// The UUID crate whose type ids wrap.
pub use uuid;

/// All that a desk asks of a store: the word to write where any store will do, as
/// `Arc<dyn Storage>`.
pub trait Storage: Inbox + Journal + Leases + Outbox + Snapshots + Subjects {}

impl<S: Inbox + Journal + Leases + Outbox + Snapshots + Subjects + ?Sized> Storage for S {}
