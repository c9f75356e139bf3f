use super::axis::Axis;
use super::words::Words;
use chrono::{
    DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Timelike as _, Utc,
};
use kontak_metrics::calendar::Tz;

/// What a time axis is labelled by: the first of these with few enough labels.
#[derive(Clone, Copy)]
enum Step {
    Minutes(u32),
    Days(i32),
    Mondays,
    Months(u32),
    Years(i32),
}

const STEPS: [Step; 19] = [
    Step::Minutes(1),
    Step::Minutes(5),
    Step::Minutes(15),
    Step::Minutes(30),
    Step::Minutes(60),
    Step::Minutes(120),
    Step::Minutes(180),
    Step::Minutes(360),
    Step::Minutes(720),
    Step::Days(1),
    Step::Days(2),
    Step::Mondays,
    Step::Months(1),
    Step::Months(3),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(20),
    Step::Years(100),
];

impl Axis {
    /// Of instants, labelled by the clocks of a zone, so that a day on which they change is as long as it was. Labels are
    /// not nearer to each other than the values are: days have no hours.
    pub(super) fn of_time(
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        nearest: TimeDelta,
        zone: Tz,
        most: usize,
        words: Words,
    ) -> Self {
        let length = (until - from).num_minutes();
        // A day may be an hour short.
        let least = nearest.num_minutes() * 9 / 10;
        let fits = |step: &&Step| length / step.minutes() <= most as i64 && step.minutes() >= least;
        let step = STEPS.iter().find(fits).unwrap_or(&Step::Years(100));
        let dates = from.with_timezone(&zone).date_naive().iter_days();
        let last = until.with_timezone(&zone).date_naive();
        let mut ticks: Vec<(f64, String)> = Vec::new();
        for date in dates.take_while(|date| *date <= last).filter(|date| step.is_on(*date)) {
            for time in step.times() {
                // The clocks may have skipped it.
                let Some(local) = zone.from_local_datetime(&date.and_time(time)).earliest() else {
                    continue;
                };
                if from <= local && local <= until {
                    ticks.push((seconds(local.to_utc()), step.label(local, words)));
                }
            }
        }
        if ticks.is_empty() {
            ticks.push((seconds(from), words.instant(from.with_timezone(&zone))));
        }
        Self::new(seconds(from), seconds(until), ticks)
    }
}

/// Where an instant is on the axis.
pub(super) fn seconds(at: DateTime<Utc>) -> f64 {
    at.timestamp_millis() as f64 / 1e3
}

impl Step {
    fn minutes(self) -> i64 {
        match self {
            Self::Minutes(minutes) => minutes.into(),
            Self::Days(days) => 1_440 * i64::from(days),
            Self::Mondays => 7 * 1_440,
            Self::Months(months) => 30 * 1_440 * i64::from(months),
            Self::Years(years) => 365 * 1_440 * i64::from(years),
        }
    }

    fn is_on(self, date: NaiveDate) -> bool {
        match self {
            Self::Minutes(_) => true,
            Self::Days(days) => date.num_days_from_ce() % days == 0,
            Self::Mondays => date.weekday() == chrono::Weekday::Mon,
            Self::Months(months) => date.day() == 1 && date.month0().is_multiple_of(months),
            Self::Years(years) => date.ordinal() == 1 && date.year() % years == 0,
        }
    }

    fn times(self) -> Vec<NaiveTime> {
        let minutes = match self {
            Self::Minutes(minutes) => minutes as usize,
            _ => 1_440,
        };
        let times = (0..1_440_u32).step_by(minutes);
        times.filter_map(|minute| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0)).collect()
    }

    fn label(self, at: DateTime<Tz>, words: Words) -> String {
        let is_midnight = at.hour() == 0 && at.minute() == 0;
        match self {
            Self::Minutes(_) if !is_midnight => at.format("%H:%M").to_string(),
            Self::Months(_) | Self::Years(_) => words.month(at.date_naive()),
            _ => words.day(at.date_naive()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: &str, until: &str, zone: Tz, most: usize) -> Vec<String> {
        let span = (from.parse().unwrap(), until.parse().unwrap());
        let axis =
            Axis::of_time(span, TimeDelta::zero(), zone, most, Words::of(&"en".parse().unwrap()));
        use plotters::coord::ranged1d::Ranged as _;
        axis.key_points(0_usize).into_iter().map(|at| axis.label(at)).collect()
    }

    #[test]
    fn labels_are_those_of_the_zone() {
        // From midnight to midnight in Jakarta.
        let day = labels("2026-03-01T17:00:00Z", "2026-03-02T17:00:00Z", Tz::Asia__Jakarta, 8);
        assert_eq!(
            day,
            ["2 Mar", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "3 Mar"]
        );
    }

    #[test]
    fn a_skipped_hour_has_no_label_and_a_short_day_is_short() {
        let zone = Tz::Europe__Berlin;
        let hours = labels("2026-03-28T23:00:00Z", "2026-03-29T05:00:00Z", zone, 8);
        assert_eq!(hours, ["29 Mar", "01:00", "03:00", "04:00", "05:00", "06:00", "07:00"]);
        let days = labels("2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z", zone, 4);
        assert_eq!(days, ["28 Mar", "29 Mar", "30 Mar", "31 Mar"]);
    }

    #[test]
    fn long_spans_are_labelled_seldom() {
        let zone = Tz::Asia__Jakarta;
        let year = labels("2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z", zone, 9);
        assert_eq!(year, ["Jul 2025", "Oct 2025", "Jan 2026", "Apr 2026"]);
        assert_eq!(labels("2026-03-02T09:30:00Z", "2026-03-02T09:30:00Z", zone, 9).len(), 1);
    }
}
