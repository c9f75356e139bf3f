use crate::Written;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// A place: a point, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Location {
    /// Where it is.
    pub point: GeoPoint,
    /// What it is called.
    pub name: Option<Written>,
    /// Its address, as written.
    pub address: Option<Written>,
}

impl Location {
    /// A point without a name.
    #[must_use]
    pub fn new(point: GeoPoint) -> Self {
        Self { point, name: None, address: None }
    }

    /// With what it is called.
    #[must_use]
    pub fn with_name(self, name: Written) -> Self {
        Self { name: Some(name), ..self }
    }

    /// With its address.
    #[must_use]
    pub fn with_address(self, address: Written) -> Self {
        Self { address: Some(address), ..self }
    }
}

/// A point on the Earth (WGS 84), in steps of 10⁻⁷ degrees: about 1 cm.
///
/// Whole numbers, so that a point equals itself after every way of writing it down. `Debug` does
/// not show it.
///
/// ```
/// use kontak_content::GeoPoint;
///
/// let monas = GeoPoint::new(-6.175_392_4, 106.827_153_1)?;
/// assert_eq!(monas.latitude(), -6.175_392_4);
/// assert!(GeoPoint::new(106.827_153_1, -6.175_392_4).is_err());
/// # Ok::<(), kontak_content::GeoPointError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Steps", into = "Steps")]
pub struct GeoPoint(Steps);

/// The stored form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename = "GeoPoint")]
struct Steps {
    latitude_e7: i32,
    longitude_e7: i32,
}

const STEPS_PER_DEGREE: f64 = 1e7;
const MAX_LATITUDE: i32 = 90;
const MAX_LONGITUDE: i32 = 180;

impl GeoPoint {
    /// The point at these degrees, north and east positive, rounded to the nearest step.
    ///
    /// # Errors
    /// Where the latitude is beyond ±90 or the longitude beyond ±180, or one is not a number.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, GeoPointError> {
        Ok(Self(Steps {
            latitude_e7: steps(latitude, MAX_LATITUDE).ok_or(GeoPointError::Latitude)?,
            longitude_e7: steps(longitude, MAX_LONGITUDE).ok_or(GeoPointError::Longitude)?,
        }))
    }

    /// Degrees north of the equator.
    #[must_use]
    pub fn latitude(self) -> f64 {
        f64::from(self.0.latitude_e7) / STEPS_PER_DEGREE
    }

    /// Degrees east of Greenwich.
    #[must_use]
    pub fn longitude(self) -> f64 {
        f64::from(self.0.longitude_e7) / STEPS_PER_DEGREE
    }
}

fn steps(degrees: f64, limit: i32) -> Option<i32> {
    // 180 * 10^7 is below 2^31, and not-a-number is not below any limit.
    (degrees.abs() <= f64::from(limit)).then(|| (degrees * STEPS_PER_DEGREE).round() as i32)
}

/// Why two numbers are not a [`GeoPoint`]. Messages do not repeat them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GeoPointError {
    /// The first number is no latitude. Were the two exchanged?
    #[error("the latitude is not a number from -90 to 90")]
    Latitude,
    /// The second number is no longitude.
    #[error("the longitude is not a number from -180 to 180")]
    Longitude,
}

impl TryFrom<Steps> for GeoPoint {
    type Error = GeoPointError;

    fn try_from(steps: Steps) -> Result<Self, Self::Error> {
        let within =
            |steps: i32, limit: i32| steps.unsigned_abs() <= limit.unsigned_abs() * 10_000_000;
        if !within(steps.latitude_e7, MAX_LATITUDE) {
            return Err(GeoPointError::Latitude);
        }
        if !within(steps.longitude_e7, MAX_LONGITUDE) {
            return Err(GeoPointError::Longitude);
        }
        Ok(Self(steps))
    }
}

impl From<GeoPoint> for Steps {
    fn from(point: GeoPoint) -> Self {
        point.0
    }
}

impl fmt::Debug for GeoPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GeoPoint(masked)")
    }
}
