use super::object::plain;
use chrono::{DateTime, Datelike, FixedOffset, SecondsFormat, Timelike, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Number;
use std::fmt;

/// An instant as it is written: RFC 3339.
///
/// What was read is kept letter for letter; what is made here has the one form that no validator
/// rewrites: `+00:00` and never `Z`, microseconds or no fraction at all.
///
/// ```
/// use kontak_conversation::vcon::Timestamp;
///
/// let read = Timestamp::from("2026-02-02T09:30:00.000Z");
/// let at = read.instant().ok_or("not a time")?;
/// assert_eq!(Timestamp::new(at).as_str(), "2026-02-02T09:30:00+00:00");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(Box<str>);

impl Timestamp {
    /// The instant, cut to microseconds.
    #[must_use]
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(strict(at.fixed_offset()).into())
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The instant; `None` where the text is no time of RFC 3339.
    #[must_use]
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        self.parse().map(|at| at.to_utc())
    }

    /// The same instant and offset in the form that is written here; `None` where it is no time.
    pub(super) fn strict(&self) -> Option<Self> {
        self.parse().map(|at| Self(strict(at).into()))
    }

    fn parse(&self) -> Option<DateTime<FixedOffset>> {
        let at = DateTime::parse_from_rfc3339(&self.0).ok()?;
        // Python, in which the known validator is written, has no year 0.
        (1..=9999).contains(&at.year()).then_some(at)
    }
}

fn strict(at: DateTime<FixedOffset>) -> String {
    // A leap second is written as the last microsecond before it: few readers know second 60.
    let at = if at.nanosecond() >= 1_000_000_000 {
        at.with_nanosecond(999_999_999).unwrap_or(at)
    } else {
        at
    };
    let fraction =
        if at.timestamp_subsec_micros() == 0 { SecondsFormat::Secs } else { SecondsFormat::Micros };
    at.to_rfc3339_opts(fraction, false)
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self::new(at)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parse() {
            Some(_) => f.write_str(&self.0),
            None => write!(f, "({} chars)", self.0.chars().count()),
        }
    }
}

/// A duration in seconds, whole or with a fraction, kept as the number that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(Number);

impl Seconds {
    /// So many whole seconds.
    #[must_use]
    pub fn new(seconds: u32) -> Self {
        Self(seconds.into())
    }

    /// So many milliseconds, written as whole seconds where they are.
    #[must_use]
    pub fn from_millis(millis: u32) -> Self {
        match (millis % 1000, Number::from_f64(f64::from(millis) / 1000.0)) {
            (1.., Some(fraction)) => Self(fraction),
            _ => Self::new(millis / 1000),
        }
    }

    /// The seconds; negative only where somebody else wrote it so.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        self.0.as_f64().unwrap_or_default()
    }
}

plain! {
    Timestamp: "a time as a string",
    Seconds: "a number of seconds",
}
