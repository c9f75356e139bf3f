use crate::reference::{Minutes, Model, Windows};
use crate::{at, date};
use kontak_calendar::Tz;
use kontak_calendar::chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use proptest::prelude::*;
use std::time::Duration;

/// A zone, and a day on which its clocks change, or nearly any day where they do not.
const DAYS: [(Tz, &str); 22] = [
    (Tz::Europe__Berlin, "2026-03-29"),
    (Tz::Europe__Berlin, "2026-10-25"),
    (Tz::America__New_York, "2026-03-08"),
    (Tz::America__New_York, "2026-11-01"),
    (Tz::Australia__Lord_Howe, "2026-04-05"),
    (Tz::Australia__Lord_Howe, "2026-10-04"),
    (Tz::Pacific__Apia, "2011-12-30"),
    (Tz::Pacific__Apia, "2012-04-01"),
    (Tz::Pacific__Kwajalein, "1993-08-21"),
    (Tz::Asia__Jakarta, "2026-08-17"),
    (Tz::Asia__Ho_Chi_Minh, "2026-02-17"),
    (Tz::America__Sao_Paulo, "2018-02-18"),
    (Tz::America__Sao_Paulo, "2018-11-04"),
    (Tz::America__St_Johns, "2010-11-07"),
    (Tz::America__St_Johns, "1988-04-03"),
    (Tz::America__Recife, "2000-10-08"),
    (Tz::America__Recife, "2000-10-15"),
    (Tz::Asia__Kathmandu, "1986-01-01"),
    (Tz::Antarctica__Troll, "2026-03-29"),
    (Tz::Africa__Casablanca, "2026-02-15"),
    (Tz::Asia__Pyongyang, "2018-05-05"),
    (Tz::America__Juneau, "1983-10-30"),
];

const DAYS_LOOKED_AT: i64 = 8;

fn windows() -> impl Strategy<Value = Windows> {
    // Quarters of an hour, so that edges meet each other and the hours at which clocks change.
    let edge = prop_oneof![8 => (0..=96_u32).prop_map(|n| n * 15), 1 => 0..=1_440_u32];
    let edges = prop::collection::btree_set(edge, 0..7);
    let several = (edges, any::<bool>()).prop_map(|(edges, over_midnight)| {
        let mut edges: Vec<_> = edges.into_iter().collect();
        if over_midnight && !edges.is_empty() && edges.last() != Some(&1_440) {
            // The first edge becomes the end of the last window.
            edges.rotate_left(1);
        }
        let pairs = edges.chunks_exact(2).map(|pair| (pair[0], pair[1]));
        let pairs = pairs.filter(|&(opens, closes)| opens < 1_440 && opens != closes);
        let pairs: Windows = pairs.collect();
        pairs
    });
    prop_oneof![
        6 => several,
        2 => Just(vec![]),
        1 => Just(vec![(0, 1_440)]),
        2 => (0..1_440_u32, 1..1_440_u32).prop_map(|(opens, length)| {
            vec![(opens, (opens + length) % 1_440)]
        }),
    ]
}

fn model() -> impl Strategy<Value = (Model, NaiveDate)> {
    let dates = prop::collection::btree_set(0..11_u64, 0..4);
    let exceptions = prop::collection::btree_map(0..11_u64, windows(), 0..4);
    (
        prop::sample::select(&DAYS[..]),
        prop::array::uniform7(windows()),
        exceptions,
        prop::collection::vec((dates, windows()), 0..3),
    )
        .prop_map(|((zone, day), weekly, exceptions, holidays)| {
            let day = date(day);
            let near = |n| day + Days::new(n) - Days::new(5);
            let exceptions = exceptions.into_iter().map(|(n, windows)| (near(n), windows));
            let holidays = holidays
                .into_iter()
                .map(|(days, windows)| (days.into_iter().map(near).collect(), windows));
            let exceptions = exceptions.collect();
            (Model { zone, weekly, exceptions, holidays: holidays.collect() }, day)
        })
}

/// Four days before the day, in UTC.
fn start(day: NaiveDate) -> DateTime<Utc> {
    Utc.from_utc_datetime(&day.into()) - TimeDelta::days(DAYS_LOOKED_AT / 2)
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).expect("days")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_answer_is_the_one_of_the_model(
        (model, day) in model(),
        instants in prop::collection::vec(0..DAYS_LOOKED_AT * 86_400_000_000, 12),
        whole_minutes in any::<bool>(),
        needed in prop::collection::vec(0..3 * 86_400_000_000_i64, 12),
    ) {
        let calendar = model.calendar();
        let minutes = Minutes::new(&model, start(day), DAYS_LOOKED_AT * 24 * 60);
        let unit = if whole_minutes { 60_000_000 } else { 1 };
        let instants = instants.into_iter().map(|n| minutes.start + TimeDelta::microseconds(n / unit * unit));
        let instants: Vec<_> = instants.collect();
        let in_sight = |answer: Option<DateTime<Utc>>| answer.filter(|&answer| answer < minutes.end());

        for (&from, needed) in instants.iter().zip(needed) {
            prop_assert_eq!(calendar.is_open(from), minutes.is_open(from), "is_open {}", from);
            prop_assert_eq!(in_sight(calendar.next_change(from)), minutes.next_change(from, None), "next_change {}", from);
            prop_assert_eq!(in_sight(calendar.next_open(from)), minutes.next_change(from, Some(true)), "next_open {}", from);
            prop_assert_eq!(in_sight(calendar.next_close(from)), minutes.next_change(from, Some(false)), "next_close {}", from);

            let needed = needed / unit * unit;
            let due = calendar.add_open_time(from, Duration::from_micros(needed as u64));
            prop_assert_eq!(
                due.filter(|&due| due <= minutes.end()),
                minutes.add_open(from, needed),
                "add_open_time {} {}", from, needed
            );
        }
        for pair in instants.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let open = micros(calendar.open_time_between(from, to));
            prop_assert_eq!(open, minutes.open_between(from, to), "open_time_between {} {}", from, to);
            let spans: TimeDelta = calendar.open_spans(from, to).map(|span| span.end - span.start).sum();
            prop_assert_eq!(spans.num_microseconds(), Some(open), "open_spans {} {}", from, to);
        }
        for distance in 0..5 {
            let day = day + Days::new(distance) - Days::new(2);
            prop_assert_eq!(calendar.windows_on(day), minutes.windows_on(day), "windows_on {}", day);
        }
    }

    #[test]
    fn long_spans_are_the_sum_of_short_ones(
        (model, _) in model(),
        mut instants in prop::collection::vec(946_684_800_000_000..2_500_000_000_000_000_i64, 2..9),
    ) {
        let calendar = model.calendar();
        instants.sort_unstable();
        let instants: Vec<_> = instants.into_iter().filter_map(DateTime::from_timestamp_micros).collect();
        let short: Duration = instants.windows(2).map(|pair| calendar.open_time_between(pair[0], pair[1])).sum();
        let (first, last) = (instants[0], instants[instants.len() - 1]);
        prop_assert_eq!(calendar.open_time_between(first, last), short);
        prop_assert_eq!(calendar.open_time_between(last, first), Duration::ZERO);
    }

    #[test]
    fn what_is_added_has_passed_and_not_a_microsecond_earlier(
        (model, _) in model(),
        from in 946_684_800_000_000..2_500_000_000_000_000_i64,
        time in 1..20 * 365 * 86_400_000_000_u64,
    ) {
        let calendar = model.calendar();
        let from = DateTime::from_timestamp_micros(from).expect("in range");
        let time = Duration::from_micros(time);
        match calendar.add_open_time(from, time) {
            Some(due) => {
                prop_assert_eq!(calendar.open_time_between(from, due), time);
                let before = due - TimeDelta::microseconds(1);
                prop_assert!(calendar.open_time_between(from, before) < time);
            }
            None => {
                let ever = calendar.open_time_between(from, at("2999-01-01T00:00:00Z"));
                prop_assert!(ever < time);
            }
        }
    }

    #[test]
    fn no_instant_and_no_date_panics(
        (model, _) in model(),
        edge in any::<bool>(),
        near in 0..10_000_000_000_000_i64,
        time in any::<u64>(),
    ) {
        let calendar = model.calendar();
        let near = TimeDelta::microseconds(near);
        let (at, date) = if edge {
            (DateTime::<Utc>::MAX_UTC - near, NaiveDate::MAX)
        } else {
            (DateTime::<Utc>::MIN_UTC + near, NaiveDate::MIN)
        };
        let _ = (calendar.is_open(at), calendar.next_open(at), calendar.next_close(at), calendar.date_at(at));
        let _ = (calendar.add_open_time(at, Duration::from_micros(time)), calendar.add_open_time(at, Duration::MAX));
        let _ = (calendar.windows_on(date), calendar.planned(date).to_string());
        let _ = (calendar.add_business_days(date, u32::MAX), calendar.business_days_between(NaiveDate::MIN, NaiveDate::MAX));
        let _ = calendar.open_time_between(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    }
}

#[test]
fn a_year_minute_by_minute_in_every_zone() {
    let night = vec![(22 * 60, 6 * 60)];
    let split = vec![(60, 2 * 60 + 30), (9 * 60, 12 * 60), (13 * 60, 17 * 60)];
    let all_day = vec![(0, 1_440)];
    let weekly = [&split, &split, &night, &split, &night, &vec![], &all_day].map(Clone::clone);
    for (zone, day) in DAYS {
        let day = date(day);
        let new_year = day.with_ordinal(1).expect("January 1");
        let exceptions = vec![(new_year + Days::new(99), vec![]), (day, vec![(0, 150)])];
        let model = Model { zone, weekly: weekly.clone(), exceptions, holidays: vec![] };
        let calendar = model.calendar();
        let minutes = Minutes::new(&model, Utc.from_utc_datetime(&new_year.into()), 366 * 24 * 60);
        let (start, end) = (minutes.start, minutes.end());
        let open = minutes.open_between(start, end);
        let needed = Duration::from_micros(open as u64);
        assert_eq!(calendar.open_time_between(start, end), needed, "{zone}");
        assert_eq!(calendar.add_open_time(start, needed), minutes.add_open(start, open), "{zone}");

        let days = (0..368).map(|n| new_year - Days::new(1) + Days::new(n));
        let spans = days.flat_map(|day| calendar.windows_on(day));
        let inside = spans.map(|span| span.end.min(end) - span.start.max(start));
        let by_day: TimeDelta = inside.filter(|span| *span > TimeDelta::zero()).sum();
        assert_eq!(by_day.num_microseconds(), Some(open), "{zone}");
    }
}
