use super::Measure;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A service level that was missed. It has the instant at which the time ran out, whenever it was
/// recorded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Breach {
    /// The target of the policy.
    pub target: Box<str>,
    /// What it measures.
    pub measure: Measure,
    /// In which episode of the conversation.
    pub episode: u32,
    /// When the clock started.
    pub started: DateTime<Utc>,
    /// When the time ran out.
    pub due: DateTime<Utc>,
}
