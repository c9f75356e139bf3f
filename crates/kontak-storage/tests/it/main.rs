//! Every store against the laws, and what each has of its own.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as it does: by panicking")]

mod memory;
mod model;
mod privacy;

#[cfg(feature = "sqlite")]
mod damage;
#[cfg(feature = "sqlite")]
mod disk;
#[cfg(feature = "sqlite")]
mod folder;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;
mod story;
