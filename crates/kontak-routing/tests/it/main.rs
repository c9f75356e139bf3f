//! Integration tests of the routing engine.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as it does: by panicking")]

mod theory;
