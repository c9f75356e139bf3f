use chrono::{DateTime, Datelike, NaiveDate, Utc};
use kontak_calendar::{Calendar, Tz};
use serde::{Deserialize, Serialize};

/// A stretch of time, half-open: from its first instant to just before its end.
///
/// Days are those of a named zone, so that one on which clocks change has 23 or 25 hours.
///
/// ```
/// use kontak_calendar::{Tz, chrono::NaiveDate};
/// use kontak_metrics::Window;
///
/// let date = NaiveDate::from_ymd_opt(2026, 3, 29).ok_or("no such date")?;
/// let day = Window::days(Tz::Europe__Berlin, date, 1)?;
/// assert_eq!((day.until() - day.from()).num_hours(), 23);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "(DateTime<Utc>, DateTime<Utc>)", into = "(DateTime<Utc>, DateTime<Utc>)")]
pub struct Window {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// There is no such window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WindowError {
    /// It would end before it begins.
    #[error("the window ends at {until}, before it begins at {from}")]
    EndsBefore {
        /// Its begin.
        from: DateTime<Utc>,
        /// Its end.
        until: DateTime<Utc>,
    },
    /// A date is beyond what the calendar knows.
    #[error("{0} is no date that can be counted from, or to")]
    NoSuchDate(NaiveDate),
}

impl Window {
    /// From one instant to just before another.
    ///
    /// # Errors
    ///
    /// It ends before it begins.
    pub fn new(from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Self, WindowError> {
        if until < from {
            return Err(WindowError::EndsBefore { from, until });
        }
        Ok(Self { from, until })
    }

    /// Whole days of a zone.
    ///
    /// # Errors
    ///
    /// They reach beyond what the calendar knows.
    pub fn days(zone: Tz, first: NaiveDate, days: u32) -> Result<Self, WindowError> {
        let last = first.checked_add_days(chrono::Days::new(days.into()));
        let last = last.ok_or(WindowError::NoSuchDate(first))?;
        Self::new(midnight(zone, first)?, midnight(zone, last)?)
    }

    /// The month of a zone that `date` lies in.
    ///
    /// # Errors
    ///
    /// It reaches beyond what the calendar knows.
    pub fn month(zone: Tz, date: NaiveDate) -> Result<Self, WindowError> {
        let first = date.with_day(1).ok_or(WindowError::NoSuchDate(date))?;
        let next = first.checked_add_months(chrono::Months::new(1));
        let next = next.ok_or(WindowError::NoSuchDate(date))?;
        Self::new(midnight(zone, first)?, midnight(zone, next)?)
    }

    /// Its first instant.
    #[must_use]
    pub fn from(&self) -> DateTime<Utc> {
        self.from
    }

    /// Its end, which is not in it.
    #[must_use]
    pub fn until(&self) -> DateTime<Utc> {
        self.until
    }

    /// Whether an instant lies in it.
    #[must_use]
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.until
    }

    pub(crate) fn micros(&self) -> (i64, i64) {
        (self.from.timestamp_micros(), self.until.timestamp_micros())
    }
}

/// The first instant of a date, or of the next one that the zone has: Apia had no 30 December 2011.
fn midnight(zone: Tz, date: NaiveDate) -> Result<DateTime<Utc>, WindowError> {
    let calendar = Calendar::always_open(zone);
    let mut day = date;
    for _ in 0..3 {
        if let Some(span) = calendar.windows_on(day).first() {
            return Ok(span.start);
        }
        day = day.succ_opt().ok_or(WindowError::NoSuchDate(date))?;
    }
    Err(WindowError::NoSuchDate(date))
}

impl TryFrom<(DateTime<Utc>, DateTime<Utc>)> for Window {
    type Error = WindowError;

    fn try_from((from, until): (DateTime<Utc>, DateTime<Utc>)) -> Result<Self, Self::Error> {
        Self::new(from, until)
    }
}

impl From<Window> for (DateTime<Utc>, DateTime<Utc>) {
    fn from(window: Window) -> Self {
        (window.from, window.until)
    }
}
