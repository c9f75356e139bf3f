use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// How sure a proposal is: 0 to 1, in steps of 0.0001.
///
/// Steps, because then equal is equal on every machine and in every format.
///
/// ```
/// use kontak_conversation::label::Confidence;
///
/// assert!(Confidence::new(0.8)? > Confidence::new(0.75)?);
/// assert_eq!(Confidence::new(1.0)?, Confidence::CERTAIN);
/// assert!(Confidence::new(1.2).is_err());
/// # Ok::<(), kontak_conversation::label::ConfidenceError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Confidence(u16);

impl Confidence {
    const STEPS: u16 = 10_000;

    /// Nothing speaks for it.
    pub const NONE: Self = Self(0);
    /// Nothing speaks against it.
    pub const CERTAIN: Self = Self(Self::STEPS);

    /// A confidence, rounded to the nearest step.
    ///
    /// # Errors
    /// Where the number is below 0, above 1 or not a number.
    pub fn new(confidence: f64) -> Result<Self, ConfidenceError> {
        if (0.0..=1.0).contains(&confidence) {
            Ok(Self((confidence * f64::from(Self::STEPS)).round() as u16))
        } else {
            Err(ConfidenceError { given: confidence.to_string() })
        }
    }

    /// The number, 0 to 1.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / f64::from(Self::STEPS)
    }

    /// Sure that one of two independent voices is right: `1 - (1 - a)(1 - b)`, rounded down.
    pub(super) fn or(self, other: Self) -> Self {
        let doubt = |it: Self| u32::from(Self::STEPS - it.0);
        let both = (doubt(self) * doubt(other)).div_ceil(u32::from(Self::STEPS));
        Self(Self::STEPS - both as u16)
    }
}

/// The number is not a confidence.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{given} is not a confidence: expected a number from 0 to 1")]
pub struct ConfidenceError {
    given: String,
}

impl TryFrom<f64> for Confidence {
    type Error = ConfidenceError;

    fn try_from(confidence: f64) -> Result<Self, Self::Error> {
        Self::new(confidence)
    }
}

impl From<Confidence> for f64 {
    fn from(confidence: Confidence) -> Self {
        confidence.as_f64()
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_f64().fmt(f)
    }
}
