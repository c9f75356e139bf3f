use super::rules::weekday_name;
use crate::holiday::Holiday;
use crate::hours::Hours;
use chrono::{Datelike, NaiveDate};
use std::fmt;

/// The windows that open on a date, and what decided it.
///
/// What still runs from the evening before is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlannedDay<'a> {
    /// The date.
    pub date: NaiveDate,
    /// The windows that open on it.
    pub hours: &'a Hours,
    /// What decided it.
    pub rule: DayRule<'a>,
}

/// What decides which windows open on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DayRule<'a> {
    /// An exception for that date.
    Exception {
        /// Why, as it was given.
        reason: Option<&'a str>,
    },
    /// A holiday.
    Holiday {
        /// The name of the set it stands in.
        set: &'a str,
        /// The holidays of the set on that date, at least one.
        days: &'a [Holiday],
    },
    /// The weekday.
    Weekly,
}

impl fmt::Display for PlannedDay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {}", self.date, weekday_name(self.date.weekday()), self.hours)?;
        match self.rule {
            DayRule::Weekly => Ok(()),
            rule => write!(f, " ({rule})"),
        }
    }
}

impl fmt::Display for DayRule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exception { reason: Some(reason) } => write!(f, "exception: {reason}"),
            Self::Exception { reason: None } => f.write_str("exception"),
            Self::Holiday { set, days } => {
                days.iter().try_for_each(|day| write!(f, "{}, ", day.name))?;
                write!(f, "holidays `{set}`")
            }
            Self::Weekly => f.write_str("weekly hours"),
        }
    }
}
