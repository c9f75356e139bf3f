#![doc = include_str!("../README.md")]

mod calendar;
mod holiday;
mod hours;
mod window;

pub use calendar::{
    Calendar, CalendarBuilder, CalendarError, DayRule, Exception, HolidayRule, OpenSpans,
    PlannedDay, ZONE_DATA_VERSION,
};
pub use holiday::{HOLIDAY_DATA_VERSION, Holiday, HolidaySet};
pub use hours::{Hours, HoursError};
pub use window::{Window, WindowError};

/// The date and time crate whose types appear here.
pub use chrono;
/// The time zone crate whose `Tz` names a zone.
pub use chrono_tz;
pub use chrono_tz::Tz;
