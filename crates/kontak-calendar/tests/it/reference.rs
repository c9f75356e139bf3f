//! The model: the rules as somebody would read them to a colleague, asked for one minute at a time.
//! It shares the time zones with the crate and nothing else.

use kontak_calendar::chrono::{
    DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Timelike, Utc, Weekday,
};
use kontak_calendar::{Calendar, Holiday, HolidaySet, Hours, Tz};
use std::ops::Range;

/// Minutes of the day: opens, closes.
pub(crate) type Windows = Vec<(u32, u32)>;

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) zone: Tz,
    pub(crate) weekly: [Windows; 7],
    pub(crate) exceptions: Vec<(NaiveDate, Windows)>,
    pub(crate) holidays: Vec<(Vec<NaiveDate>, Windows)>,
}

impl Model {
    pub(crate) fn calendar(&self) -> Calendar {
        let mut builder = Calendar::builder(self.zone);
        let mut weekday = Weekday::Mon;
        for windows in &self.weekly {
            builder = builder.on(weekday, hours(windows));
            weekday = weekday.succ();
        }
        for (date, windows) in &self.exceptions {
            builder = builder.exception(*date, hours(windows), "");
        }
        for (index, (dates, windows)) in self.holidays.iter().enumerate() {
            let set = HolidaySet::new(index.to_string());
            let set = dates.iter().fold(set, |set, &date| set.with_day(Holiday::new(date, "")));
            builder = builder.holidays_open(set, hours(windows));
        }
        builder.build().expect("the model has no date twice")
    }

    fn windows(&self, date: NaiveDate) -> &Windows {
        if let Some((_, windows)) = self.exceptions.iter().find(|exception| exception.0 == date) {
            return windows;
        }
        if let Some((_, windows)) = self.holidays.iter().find(|set| set.0.contains(&date)) {
            return windows;
        }
        &self.weekly[date.weekday().num_days_from_monday() as usize]
    }

    pub(crate) fn is_open(&self, at: DateTime<Utc>) -> bool {
        let local = self.zone.from_utc_datetime(&at.naive_utc()).naive_local();
        let now = local.hour() * 60 + local.minute();
        let today = self.windows(local.date());
        let yesterday = self.windows(local.date() - Days::new(1));
        today.iter().any(
            |&(opens, closes)| {
                if closes > opens { opens <= now && now < closes } else { opens <= now }
            },
        ) || yesterday.iter().any(|&(opens, closes)| closes <= opens && now < closes)
    }
}

fn hours(windows: &Windows) -> Hours {
    let text: Vec<_> = windows
        .iter()
        .map(|(opens, closes)| {
            let time = |minutes: &u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
            format!("{}-{}", time(opens), time(closes))
        })
        .collect();
    if text.is_empty() { Hours::closed() } else { text.join(",").parse().expect("no overlap") }
}

/// What the model says of every minute of a stretch of time.
pub(crate) struct Minutes {
    pub(crate) start: DateTime<Utc>,
    pub(crate) open: Vec<bool>,
    zone: Tz,
}

const MINUTE: i64 = 60_000_000;

impl Minutes {
    pub(crate) fn new(model: &Model, start: DateTime<Utc>, minutes: i64) -> Self {
        let open = (0..minutes).map(|n| model.is_open(start + TimeDelta::minutes(n))).collect();
        Self { start, open, zone: model.zone }
    }

    pub(crate) fn end(&self) -> DateTime<Utc> {
        self.at(self.open.len())
    }

    fn at(&self, minute: usize) -> DateTime<Utc> {
        self.start + TimeDelta::minutes(minute as i64)
    }

    fn minute(&self, at: DateTime<Utc>) -> usize {
        ((at - self.start).num_microseconds().expect("days") / MINUTE) as usize
    }

    pub(crate) fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.open[self.minute(at)]
    }

    /// The first change after `at`, to `to` if that is given. `None`: not in this stretch of time.
    pub(crate) fn next_change(&self, at: DateTime<Utc>, to: Option<bool>) -> Option<DateTime<Utc>> {
        let after = self.minute(at) + 1..self.open.len();
        let changed = after.clone().find(|&minute| {
            self.open[minute] != self.open[minute - 1]
                && to.is_none_or(|to| self.open[minute] == to)
        });
        changed.map(|minute| self.at(minute))
    }

    /// In microseconds.
    pub(crate) fn open_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        (0..self.open.len())
            .filter(|&minute| self.open[minute])
            .map(|minute| {
                let (start, end) = (self.at(minute).max(from), self.at(minute + 1).min(to));
                (end - start).num_microseconds().expect("days").max(0)
            })
            .sum()
    }

    /// `None`: not in this stretch of time.
    pub(crate) fn add_open(&self, from: DateTime<Utc>, mut micros: i64) -> Option<DateTime<Utc>> {
        if micros == 0 {
            return Some(from);
        }
        for minute in (self.minute(from)..self.open.len()).filter(|&minute| self.open[minute]) {
            let start = self.at(minute).max(from);
            let left = (self.at(minute + 1) - start).num_microseconds().expect("a minute");
            if micros <= left {
                return Some(start + TimeDelta::microseconds(micros));
            }
            micros -= left;
        }
        None
    }

    pub(crate) fn windows_on(&self, date: NaiveDate) -> Vec<Range<DateTime<Utc>>> {
        let mut windows: Vec<Range<DateTime<Utc>>> = Vec::new();
        for minute in (0..self.open.len()).filter(|&minute| self.open[minute]) {
            let (start, end) = (self.at(minute), self.at(minute + 1));
            if self.zone.from_utc_datetime(&start.naive_utc()).date_naive() != date {
                continue;
            }
            match windows.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => windows.push(start..end),
            }
        }
        windows
    }
}
