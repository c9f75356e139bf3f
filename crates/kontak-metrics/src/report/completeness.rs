use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How much is known that a number may still depend on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Completeness {
    /// Up to when time was told: what comes after is not known yet.
    pub watermark: Option<DateTime<Utc>>,
    /// Whether the window is over at the watermark.
    pub window_is_over: bool,
    /// Sealed conversations with late events that wait for their history, of the whole engine.
    pub need_history: u64,
    /// Events that came too late to be taken, of the whole engine.
    pub too_late: u64,
}
