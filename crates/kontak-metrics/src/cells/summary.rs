use crate::fact::Outcome;
use crate::{Histogram, NotContained};
use serde::{Deserialize, Serialize};

/// What many facts of one measure say together. It adds up, exactly and in any order; what a reader is shown,
/// a mean or a percentile, does not, and is made of it last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Summary {
    /// The values.
    pub values: Histogram,
    /// What has no value yet.
    pub open: u64,
    /// What the definition leaves out.
    pub excluded: u64,
}

impl Summary {
    /// Adds what another says.
    pub fn add(&mut self, other: &Self) {
        self.values.add(&other.values);
        self.open += other.open;
        self.excluded += other.excluded;
    }

    /// Takes back what another said. Nothing happens where it fails.
    ///
    /// # Errors
    ///
    /// It is not all in there.
    pub fn subtract(&mut self, other: &Self) -> Result<(), NotContained> {
        if self.open < other.open || self.excluded < other.excluded {
            return Err(NotContained);
        }
        self.values.subtract(&other.values)?;
        self.open -= other.open;
        self.excluded -= other.excluded;
        Ok(())
    }

    #[inline]
    pub(crate) fn assert(&mut self, outcome: Outcome, value: u64, weight: u64) {
        match outcome {
            Outcome::Value => self.values.insert_times(value, weight),
            Outcome::Open => self.open += weight,
            Outcome::Excluded => self.excluded += weight,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.open == 0 && self.excluded == 0
    }
}
