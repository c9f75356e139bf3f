use crate::Seconds;
use serde::{Deserialize, Serialize};

/// How wide cells are once they are old. Of what is narrower the sums, counts and bins are put together, exactly: only
/// the time of day is lost, and with it memory. What comes late for an old time falls into its wide cell.
///
/// ```
/// use kontak_metrics::{Downscaling, Seconds};
///
/// // By the hour after a month, by the day after a year.
/// let downscaling = Downscaling::new([(Seconds::days(31), 60), (Seconds::days(366), 1_440)])?;
/// assert!(Downscaling::new([(Seconds::days(31), 60), (Seconds::days(366), 90)]).is_err());
/// # Ok::<(), kontak_metrics::DownscalingError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(Seconds, u32)>", into = "Vec<(Seconds, u32)>")]
pub struct Downscaling {
    /// From the youngest to the oldest.
    tiers: Vec<(Seconds, u32)>,
}

/// Cells cannot be put together so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DownscalingError {
    /// A day must be a multiple of the width, and the width one of 15 minutes.
    #[error("cells of {0} minutes; expected a divisor of 1,440 that is a multiple of 15")]
    Minutes(u32),
    /// Cells are put together with age, and never cut.
    #[error(
        "cells of {0} minutes after cells of {1}; expected a greater age and a multiple of the width"
    )]
    Order(u32, u32),
}

impl Downscaling {
    /// From each age on, cells of so many minutes; ages and widths rise.
    ///
    /// # Errors
    ///
    /// A width divides no day, or is no multiple of the one before it.
    pub fn new(tiers: impl IntoIterator<Item = (Seconds, u32)>) -> Result<Self, DownscalingError> {
        let tiers: Vec<_> = tiers.into_iter().collect();
        for (place, &(age, minutes)) in tiers.iter().enumerate() {
            if minutes == 0 || !minutes.is_multiple_of(15) || 1_440 % minutes != 0 {
                return Err(DownscalingError::Minutes(minutes));
            }
            let before = place.checked_sub(1).map(|before| tiers[before]);
            if let Some((younger, narrower)) = before
                && (age <= younger || minutes <= narrower || !minutes.is_multiple_of(narrower))
            {
                return Err(DownscalingError::Order(minutes, narrower));
            }
        }
        Ok(Self { tiers })
    }

    /// Ages and widths in minutes, from the youngest to the oldest.
    #[must_use]
    pub fn tiers(&self) -> &[(Seconds, u32)] {
        &self.tiers
    }
}

impl TryFrom<Vec<(Seconds, u32)>> for Downscaling {
    type Error = DownscalingError;

    fn try_from(tiers: Vec<(Seconds, u32)>) -> Result<Self, Self::Error> {
        Self::new(tiers)
    }
}

impl From<Downscaling> for Vec<(Seconds, u32)> {
    fn from(downscaling: Downscaling) -> Self {
        downscaling.tiers
    }
}
