//! vCon: what the drafts ask for, what validators refuse, and that nothing is lost.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as it does: by panicking")]

mod older;
mod oracle;
mod properties;
mod story;
mod traps;
