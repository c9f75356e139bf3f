use super::Calendar;
use super::tally::{DAY, Tally};
use super::zone::{next_shift, offset};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// Instants are read to the microsecond.
///
/// Every answer takes the logarithm of the number of exceptions and holidays, and a look at the
/// clocks for every six days up to the answer: a year is about sixty looks.
impl Calendar {
    /// Whether it is open. The instant at which it opens is open, the one at which it closes is not.
    #[must_use]
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.open_at(micros(at))
    }

    /// The first instant after `at` at which it opens or closes; `None` if it never does.
    #[must_use]
    pub fn next_change(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.change_after(micros(at)).and_then(instant)
    }

    /// The first instant after `at` at which it opens, having been closed. While it is open, that is
    /// the opening after the next closing; for "now or as soon as possible" there is
    /// [`open_from`](Self::open_from).
    #[must_use]
    pub fn next_open(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.change_to(micros(at), true).and_then(instant)
    }

    /// The first instant after `at` at which it closes, having been open.
    #[must_use]
    pub fn next_close(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.change_to(micros(at), false).and_then(instant)
    }

    /// `at` itself while it is open, or else the next opening.
    #[must_use]
    pub fn open_from(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.is_open(at) { Some(at) } else { self.next_open(at) }
    }

    /// The first instant by which it has been open for `time` since `from`.
    ///
    /// Where the time is used up as it closes, that is the closing, not the next opening. No time at
    /// all is used up at once, open or not. `None` if it will not be open for so long any more, or
    /// only beyond the last instant of [`DateTime`].
    ///
    /// ```
    /// use kontak_calendar::{Calendar, Tz, chrono::{DateTime, Utc}};
    /// use std::time::Duration;
    ///
    /// let office = Calendar::builder(Tz::Asia__Jakarta).workdays("09:00-17:00".parse()?).build()?;
    /// let friday: DateTime<Utc> = "2026-01-30T16:30:00+07:00".parse()?;
    /// let monday: DateTime<Utc> = "2026-02-02T09:30:00+07:00".parse()?;
    /// assert_eq!(office.add_open_time(friday, Duration::from_secs(3_600)), Some(monday));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn add_open_time(&self, from: DateTime<Utc>, time: Duration) -> Option<DateTime<Utc>> {
        let open = &self.plan.open;
        let mut missing = i64::try_from(time.as_micros()).ok()?;
        if missing == 0 {
            return Some(from);
        }
        let mut utc = micros(from);
        loop {
            let offset = self.offset(utc);
            let measure = open.measure(utc + offset);
            let reached = measure.checked_add(missing).and_then(|all| open.reaches(all));
            let reached = reached.map(|local| local.saturating_sub(offset));
            let Some(shift) = self.shift_before(utc, reached, open) else {
                return reached.and_then(instant);
            };
            missing -= open.measure(shift + offset) - measure;
            if missing == 0 {
                return reached.and_then(instant);
            }
            utc = shift;
        }
    }

    /// For how long it is open from `from` to `to`; nothing where `to` is not later.
    #[must_use]
    pub fn open_time_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Duration {
        let (mut utc, to) = (micros(from), micros(to));
        let mut open = 0;
        while utc < to {
            let offset = self.offset(utc);
            let end = next_shift(self.zone(), utc, to).unwrap_or(to);
            let measure = |utc| self.plan.open.measure(utc + offset);
            open += measure(end).abs_diff(measure(utc));
            utc = end;
        }
        Duration::from_micros(open)
    }

    pub(super) fn offset(&self, utc: i64) -> i64 {
        offset(self.zone(), utc)
    }

    pub(super) fn open_at(&self, utc: i64) -> bool {
        self.plan.open.contains(utc + self.offset(utc))
    }

    /// The first point after `utc` with the other answer of `open_at`.
    pub(super) fn change_after(&self, mut utc: i64) -> Option<i64> {
        let open = self.open_at(utc);
        let other = if open { &self.plan.closed } else { &self.plan.open };
        loop {
            let offset = self.offset(utc);
            let change = other.first_past(other.measure(utc + offset));
            let change = change.map(|local| local.saturating_sub(offset));
            match self.shift_before(utc, change, other) {
                None => return change,
                Some(shift) if self.open_at(shift) != open => return Some(shift),
                Some(shift) => utc = shift,
            }
        }
    }

    fn change_to(&self, utc: i64, open: bool) -> Option<i64> {
        let change = self.change_after(utc)?;
        if self.open_at(utc) == open { self.change_after(change) } else { Some(change) }
    }

    /// The first change of the clocks that comes no later than `answer`, which was found as if there
    /// were none.
    ///
    /// If there is no answer, only clocks that are put back can bring one: they repeat what is
    /// counted, a day at most, so none matters later than that after the counting has ended.
    fn shift_before(&self, utc: i64, answer: Option<i64>, tally: &Tally) -> Option<i64> {
        let until = answer.unwrap_or_else(|| tally.end().unwrap_or(utc).max(utc) + 3 * DAY);
        next_shift(self.zone(), utc, until)
    }
}

pub(super) fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

pub(super) fn instant(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}
