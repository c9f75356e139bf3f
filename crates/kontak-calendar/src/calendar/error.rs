use crate::hours::HoursError;
use chrono::{NaiveDate, Weekday};
use thiserror::Error;

/// Why rules are not a calendar. Every case names the place to look at.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The time zone is not in the IANA database.
    #[error("no time zone `{name}` in the IANA database {version}: expected a name such as Asia/Jakarta", version = super::zone::ZONE_DATA_VERSION)]
    UnknownZone {
        /// The name that was given.
        name: String,
    },
    /// The windows of a weekday.
    #[error("hours on {}: {source}", super::rules::weekday_name(*weekday))]
    Weekday {
        /// Which.
        weekday: Weekday,
        /// What is wrong with them.
        source: HoursError,
    },
    /// The windows of an exception.
    #[error("hours of the exception on {date}: {source}")]
    Exception {
        /// Its date.
        date: NaiveDate,
        /// What is wrong with them.
        source: HoursError,
    },
    /// The windows that open on the holidays of a set.
    #[error("hours on the holidays `{set}`: {source}")]
    Holidays {
        /// The name of the set.
        set: String,
        /// What is wrong with them.
        source: HoursError,
    },
    /// Two exceptions have the same date.
    #[error("two exceptions on {date}: give one, with all windows of that day")]
    TwoExceptions {
        /// The date.
        date: NaiveDate,
    },
    /// Two sets of holidays have the same name.
    #[error("two sets of holidays are called `{set}`: give one of them another name")]
    TwoSets {
        /// The name.
        set: String,
    },
}
