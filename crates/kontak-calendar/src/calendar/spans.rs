use super::Calendar;
use super::instants::{instant, micros};
use super::tally::DAY;
use super::zone::next_shift;
use chrono::{DateTime, NaiveDate, Utc};
use std::iter::FusedIterator;
use std::ops::Range;

impl Calendar {
    /// The stretches of time from `from` to `to` in which it is open, cut off at both.
    ///
    /// ```
    /// use kontak_calendar::{Calendar, Tz, chrono::{DateTime, Utc}};
    ///
    /// let bar = Calendar::builder(Tz::Europe__Berlin).every_day("20:00-02:00".parse()?).build()?;
    /// let from: DateTime<Utc> = "2026-01-05T00:00:00+01:00".parse()?;
    /// let to: DateTime<Utc> = "2026-01-05T22:00:00+01:00".parse()?;
    /// let hours = bar.open_spans(from, to).map(|span| (span.end - span.start).num_hours());
    /// assert_eq!(hours.collect::<Vec<_>>(), [2, 2]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open_spans(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> OpenSpans<'_> {
        OpenSpans { calendar: self, next: micros(from), to: micros(to) }
    }

    /// The stretches of time in which it is open while its date is `date`: cut off at midnight, none
    /// on a date that the zone has left out.
    ///
    /// Over all dates they are all the time it is open. For the windows that *open* on a date there
    /// is [`planned`](Self::planned).
    ///
    /// ```
    /// use kontak_calendar::{Calendar, Tz, chrono::NaiveDate};
    ///
    /// let apia = Calendar::always_open(Tz::Pacific__Apia);
    /// let on = |day| apia.windows_on(NaiveDate::from_ymd_opt(2011, 12, day).expect("a date"));
    /// assert_eq!(on(29)[0].end, on(31)[0].start);
    /// assert!(on(30).is_empty());
    /// ```
    #[must_use]
    pub fn windows_on(&self, date: NaiveDate) -> Vec<Range<DateTime<Utc>>> {
        let midnight = i64::from(date.to_epoch_days()) * DAY;
        // No zone is a whole day away from UTC.
        let (mut utc, end) = (midnight - DAY, midnight + 2 * DAY);
        let mut windows: Vec<Range<DateTime<Utc>>> = Vec::new();
        while utc < end {
            let offset = self.offset(utc);
            let shift = next_shift(self.zone(), utc, end).unwrap_or(end);
            let next = utc.max(midnight - offset);
            let spans = OpenSpans { calendar: self, next, to: shift.min(midnight + DAY - offset) };
            for span in spans {
                match windows.last_mut() {
                    Some(last) if last.end == span.start => last.end = span.end,
                    _ => windows.push(span),
                }
            }
            utc = shift;
        }
        windows
    }

    /// The date in its time zone.
    #[must_use]
    pub fn date_at(&self, at: DateTime<Utc>) -> NaiveDate {
        let utc = micros(at);
        let day = (utc + self.offset(utc)).div_euclid(DAY);
        let date = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days);
        date.unwrap_or(if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
    }
}

/// The stretches of time in which a calendar is open: [`Calendar::open_spans`].
#[derive(Clone, Debug)]
#[must_use]
pub struct OpenSpans<'a> {
    calendar: &'a Calendar,
    next: i64,
    to: i64,
}

impl OpenSpans<'_> {
    fn change(&self) -> i64 {
        self.calendar.change_after(self.next).unwrap_or(self.to).min(self.to)
    }
}

impl Iterator for OpenSpans<'_> {
    type Item = Range<DateTime<Utc>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.to {
            return None;
        }
        if !self.calendar.open_at(self.next) {
            self.next = self.change();
        }
        let start = self.next;
        self.next = self.change();
        (start < self.to).then(|| Some(instant(start)?..instant(self.next)?))?
    }
}

impl FusedIterator for OpenSpans<'_> {}
