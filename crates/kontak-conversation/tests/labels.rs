//! Labels: the starter rules on sentences of ours, the wire forms, and the laws of counting.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as it does: by panicking")]

#[path = "labels/counts.rs"]
mod counts;
#[path = "labels/decisions.rs"]
mod decisions;
#[path = "labels/rules.rs"]
mod rules;
#[path = "labels/starters.rs"]
mod starters;
#[path = "labels/wire.rs"]
mod wire;
