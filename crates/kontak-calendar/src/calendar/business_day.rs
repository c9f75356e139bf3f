use super::Calendar;
use super::tally::DAY;
use chrono::NaiveDate;

/// A business day is a date on which at least one window opens. Dates are counted as they stand in
/// an almanac, those included that a zone has left out (Apia, 2011-12-30).
impl Calendar {
    /// Whether a window opens on `date`.
    #[must_use]
    pub fn is_business_day(&self, date: NaiveDate) -> bool {
        !self.planned(date).hours.is_closed()
    }

    /// The business day that comes `count` business days after `date`; `date` itself for none.
    /// `None` if there are no more so many.
    ///
    /// ```
    /// use kontak_calendar::{Calendar, HolidaySet, Tz, chrono::NaiveDate};
    ///
    /// let office = Calendar::builder(Tz::Asia__Ho_Chi_Minh)
    ///     .workdays("08:00-17:00".parse()?)
    ///     .holidays(HolidaySet::vietnam())
    ///     .build()?;
    /// let date = |month, day| NaiveDate::from_ymd_opt(2026, month, day);
    /// let friday_before_tet = date(2, 13).ok_or("no such date")?;
    /// assert_eq!(office.add_business_days(friday_before_tet, 1), date(2, 23));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn add_business_days(&self, date: NaiveDate, count: u32) -> Option<NaiveDate> {
        if count == 0 {
            return Some(date);
        }
        let days = &self.plan.business_days;
        let before = days.measure((day(date) + 1) * DAY);
        let wanted = i64::from(count).checked_mul(DAY)?.checked_add(before)?;
        let point = days.reaches(wanted)?;
        NaiveDate::from_epoch_days(i32::try_from(point / DAY - 1).ok()?)
    }

    /// How many business days there are from `from` to before `to`; none where `to` is not later.
    #[must_use]
    pub fn business_days_between(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        let until = |date| self.plan.business_days.measure(day(date) * DAY) / DAY;
        u32::try_from(until(to) - until(from)).unwrap_or(0)
    }
}

fn day(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}
