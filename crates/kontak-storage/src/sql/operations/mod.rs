//! The operations, written once and compiled for each database: the parent module says what
//! `Connection`, `Store` and `locked!` are, and how many rows are inserted, found or changed at once. The statements are of the subset that both speak.

mod erasure;
mod inbox;
mod journal;
mod lease;
mod lookup;
mod outbox;
mod owner;
mod snapshot;
mod writer;

use super::{Connection, Store, begin, change, commit, fault, find, insert, locked, rollback};
pub(super) use writer::{Source, Writer};
