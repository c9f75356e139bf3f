use super::planned::{DayRule, PlannedDay};
use crate::holiday::HolidaySet;
use crate::hours::Hours;
use chrono::{Datelike, NaiveDate, Weekday};
use chrono_tz::Tz;
use std::fmt;

/// A date that differs from its weekday, whatever holiday it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exception {
    /// The date on which the windows open.
    pub date: NaiveDate,
    /// The windows; none: closed.
    pub hours: Hours,
    /// Why, in the words of whoever made it.
    pub reason: Option<String>,
}

/// The holidays of a set, and the windows that open on them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HolidayRule {
    /// The holidays.
    pub set: HolidaySet,
    /// The windows that open on each of them; none: closed.
    pub hours: Hours,
}

/// What a calendar says, as opposed to what is computed from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    pub(super) zone: Tz,
    /// Monday first.
    pub(super) weekly: [Hours; 7],
    /// By date, each once.
    pub(super) exceptions: Vec<Exception>,
    pub(super) holidays: Vec<HolidayRule>,
}

impl Rules {
    pub(super) fn always_open(zone: Tz) -> Self {
        let weekly = std::array::from_fn(|_| Hours::whole_day());
        Self { zone, weekly, exceptions: Vec::new(), holidays: Vec::new() }
    }

    pub(super) fn weekly(&self, weekday: Weekday) -> &Hours {
        &self.weekly[weekday.num_days_from_monday() as usize]
    }

    pub(super) fn planned(&self, date: NaiveDate) -> PlannedDay<'_> {
        let (hours, rule) = self
            .exception(date)
            .or_else(|| self.holiday(date))
            .unwrap_or_else(|| (self.weekly(date.weekday()), DayRule::Weekly));
        PlannedDay { date, hours, rule }
    }

    fn exception(&self, date: NaiveDate) -> Option<(&Hours, DayRule<'_>)> {
        let index = self.exceptions.binary_search_by_key(&date, |exception| exception.date).ok()?;
        let Exception { hours, reason, .. } = &self.exceptions[index];
        Some((hours, DayRule::Exception { reason: reason.as_deref() }))
    }

    fn holiday(&self, date: NaiveDate) -> Option<(&Hours, DayRule<'_>)> {
        self.holidays.iter().find_map(|HolidayRule { set, hours }| {
            let days = set.on(date);
            (!days.is_empty()).then_some((hours, DayRule::Holiday { set: set.name(), days }))
        })
    }

    /// The dates that do not follow their weekday, in no order, some more than once.
    pub(super) fn special_dates(&self) -> impl Iterator<Item = NaiveDate> {
        let exceptions = self.exceptions.iter().map(|exception| exception.date);
        let holidays = self.holidays.iter().flat_map(|rule| rule.set.days()).map(|day| day.date);
        exceptions.chain(holidays)
    }
}

impl fmt::Display for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.zone.name())?;
        let mut separator = "";
        let mut first = 0;
        for alike in self.weekly.chunk_by(PartialEq::eq) {
            let last = first + alike.len() - 1;
            write!(f, "{separator} {}", WEEKDAYS[first])?;
            if last > first {
                write!(f, " to {}", WEEKDAYS[last])?;
            }
            write!(f, " {}", alike[0])?;
            separator = ";";
            first = last + 1;
        }
        match self.exceptions.len() {
            0 => {}
            1 => write!(f, "; one exception")?,
            count => write!(f, "; {count} exceptions")?,
        }
        self.holidays.iter().try_for_each(|HolidayRule { set, hours }| {
            write!(f, "; holidays `{}` {hours}", set.name())
        })
    }
}

const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub(super) fn weekday_name(weekday: Weekday) -> &'static str {
    WEEKDAYS[weekday.num_days_from_monday() as usize]
}
