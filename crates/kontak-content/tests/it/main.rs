//! The parts of a message, seen from outside.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as it does: by panicking")]

mod checked;
mod markup;
mod masked;
mod properties;
mod redaction;
mod sample;
mod strategies;
mod summary;
mod wire;
