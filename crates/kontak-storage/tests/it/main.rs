//! Every store against the laws, and what each has of its own.

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
