//! Integration tests of the routing engine.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as it does: by panicking")]

mod choice;
mod complaints;
mod hours;
mod requirements;
mod rules;
mod theory;
mod transfers;
mod wire;
mod world;
