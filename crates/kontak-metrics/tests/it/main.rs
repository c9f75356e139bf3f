//! The crate, tried from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot make its own input has failed")]

mod ask;
mod backlog;
mod conformance;
mod conversion;
mod customers;
mod evict;
mod histogram;
mod native;
mod order;
mod peeking;
mod scenarios;
mod seal;
mod teams;
mod wire;
mod workforce;
mod world;
