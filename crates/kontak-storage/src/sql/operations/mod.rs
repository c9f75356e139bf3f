//! The operations, written once and compiled for each database: the parent module says what
//! `Connection`, `Store` and `locked!` are. The statements are of the subset that both speak.

mod erasure;
mod inbox;
mod journal;
mod lease;
mod lookup;
mod outbox;
mod owner;
mod snapshot;
mod writer;

use super::{Connection, MARKS, Store, begin, commit, fault, locked, rollback};
pub(super) use writer::{Source, Writer};
