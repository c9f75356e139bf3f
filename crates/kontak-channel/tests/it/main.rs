//! The channel layer against published vectors, naive models and its own suite.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as it does: by panicking")]

mod conformance;
mod data;
mod guards;
mod pacing;
mod planning;
mod signatures;
mod splitting;
mod windows;
