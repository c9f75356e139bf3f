//! Integration tests of the identity engine.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as it does: by panicking")]

mod crowd;
mod history;
mod journal;
mod model;
mod properties;
mod smoke;
mod wire;
mod world;
