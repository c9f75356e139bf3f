//! Integration tests of the conversation model.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as it does: by panicking")]

mod annotations;
mod commands;
mod complaints;
mod erasure;
mod evict;
mod journey;
mod order;
mod rearrange;
mod service;
mod state;
mod steps;
mod vcon;
mod wire;
mod world;
