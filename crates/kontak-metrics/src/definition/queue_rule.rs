use super::Seconds;
use crate::QueueEnd;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// One line of the table that says how a stay in a queue counts. The first line that fits decides; a stay
/// that none fits is left out.
///
/// The six treatments of abandoned calls in a service level, and every switch of a product, are such tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct QueueRule {
    /// It ended in one of these ways.
    pub ends: BTreeSet<QueueEnd>,
    /// After a wait in this range.
    #[serde(default)]
    pub wait: WaitRange,
    /// Then it counts so.
    pub counts: Counts,
}

impl QueueRule {
    /// A line.
    pub fn new(ends: impl IntoIterator<Item = QueueEnd>, wait: WaitRange, counts: Counts) -> Self {
        Self { ends: ends.into_iter().collect(), wait, counts }
    }
}

/// A range of waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WaitRange {
    /// Every wait.
    #[default]
    Any,
    /// Up to this long, and exactly this long.
    AtMost(Seconds),
    /// Shorter than this.
    Below(Seconds),
}

impl WaitRange {
    pub(crate) fn holds(self, wait: i64) -> bool {
        match self {
            Self::Any => true,
            Self::AtMost(limit) => wait <= limit.micros(),
            Self::Below(limit) => wait < limit.micros(),
        }
    }
}

/// How something counts in a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Counts {
    /// Above and below the line.
    Success,
    /// Below the line only.
    Failure,
    /// Not at all.
    Excluded,
}

impl fmt::Display for QueueRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, end) in self.ends.iter().enumerate() {
            write!(f, "{}{end:?}", if place == 0 { "" } else { "|" })?;
        }
        match self.wait {
            WaitRange::Any => {}
            WaitRange::AtMost(limit) => write!(f, " <= {limit}")?,
            WaitRange::Below(limit) => write!(f, " < {limit}")?,
        }
        write!(f, ": {:?}", self.counts)
    }
}
