use super::rules::{Exception, HolidayRule, Rules};
use super::{Calendar, CalendarError};
use crate::holiday::HolidaySet;
use crate::hours::Hours;
use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;

/// Puts a [`Calendar`] together.
///
/// ```
/// use kontak_calendar::{Calendar, CalendarError, Hours, HolidaySet, Tz, chrono::{NaiveDate, Weekday}};
///
/// let date = NaiveDate::from_ymd_opt(2026, 12, 31).ok_or("no such date")?;
/// let builder = Calendar::builder(Tz::Asia__Jakarta)
///     .workdays("09:00-12:00, 13:00-17:00".parse()?)
///     .on(Weekday::Sat, "22:00-02:00".parse()?)
///     .holidays_open(HolidaySet::indonesia(), "10:00-12:00".parse()?)
///     .exception(date, Hours::closed(), "stock-taking");
/// assert!(builder.clone().build().is_ok());
///
/// let twice = builder.exception(date, Hours::whole_day(), "sale").build();
/// assert_eq!(twice, Err(CalendarError::TwoExceptions { date }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct CalendarBuilder {
    rules: Rules,
}

impl CalendarBuilder {
    pub(super) fn new(zone: Tz) -> Self {
        let weekly = std::array::from_fn(|_| Hours::closed());
        Self { rules: Rules { zone, weekly, exceptions: Vec::new(), holidays: Vec::new() } }
    }

    /// The windows that open on a weekday, in place of those given before. Default: closed.
    pub fn on(mut self, weekday: Weekday, hours: Hours) -> Self {
        self.rules.weekly[weekday.num_days_from_monday() as usize] = hours;
        self
    }

    /// The windows that open from Monday to Friday.
    pub fn workdays(mut self, hours: Hours) -> Self {
        self.rules.weekly[..5].fill(hours);
        self
    }

    /// The windows that open on every weekday.
    pub fn every_day(mut self, hours: Hours) -> Self {
        self.rules.weekly.fill(hours);
        self
    }

    /// Closed on these holidays. A set given before goes first where both have a date.
    pub fn holidays(self, set: HolidaySet) -> Self {
        self.holidays_open(set, Hours::closed())
    }

    /// Other windows on these holidays. A set given before goes first where both have a date.
    pub fn holidays_open(mut self, set: HolidaySet, hours: Hours) -> Self {
        self.rules.holidays.push(HolidayRule { set, hours });
        self
    }

    /// The windows that open on a date, whatever weekday and holiday it is.
    pub fn exception(self, date: NaiveDate, hours: Hours, reason: impl Into<String>) -> Self {
        self.push_exception(Exception { date, hours, reason: Some(reason.into()) })
    }

    pub(super) fn push_exception(mut self, exception: Exception) -> Self {
        self.rules.exceptions.push(exception);
        self
    }

    /// The calendar.
    ///
    /// # Errors
    ///
    /// Two exceptions have one date, or two sets of holidays one name.
    pub fn build(self) -> Result<Calendar, CalendarError> {
        let Self { mut rules } = self;
        rules.exceptions.sort_by_key(|exception| exception.date);
        for pair in rules.exceptions.windows(2) {
            if pair[0].date == pair[1].date {
                return Err(CalendarError::TwoExceptions { date: pair[0].date });
            }
        }
        for (index, rule) in rules.holidays.iter().enumerate() {
            if rules.holidays[..index].iter().any(|other| other.set.name() == rule.set.name()) {
                return Err(CalendarError::TwoSets { set: rule.set.name().to_owned() });
            }
        }
        Ok(Calendar::from_rules(rules))
    }
}
