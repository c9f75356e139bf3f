//! Where clocks change, by name. Each test says what must come out, and why.

use crate::{at, date, hours};
use kontak_calendar::{Calendar, Tz};
use std::time::Duration;

fn every_day(zone: Tz, windows: &str) -> Calendar {
    Calendar::builder(zone).every_day(hours(windows)).build().expect("nothing contradicts")
}

fn check(calendar: &Calendar, day: &str, expected: &[(&str, &str)]) {
    let spans: Vec<_> = expected.iter().map(|(start, end)| at(start)..at(end)).collect();
    assert_eq!(calendar.windows_on(date(day)), spans);
}

fn hours_of(calendar: &Calendar, from: &str, to: &str) -> f64 {
    calendar.open_time_between(at(from), at(to)).as_secs_f64() / 3_600.0
}

#[test]
fn a_night_is_seven_or_nine_hours() {
    let night = every_day(Tz::Europe__Berlin, "22:00-06:00");
    assert_eq!(hours_of(&night, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"), 7.0);
    assert_eq!(hours_of(&night, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"), 9.0);
}

#[test]
fn a_window_in_the_hour_left_out_does_not_open() {
    let within = every_day(Tz::Europe__Berlin, "02:15-02:45");
    check(&within, "2026-03-29", &[]);
    let across = every_day(Tz::Europe__Berlin, "01:00-02:30");
    check(&across, "2026-03-29", &[("2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00")]);
    let from_within = every_day(Tz::America__New_York, "02:30-05:00");
    check(
        &from_within,
        "2026-03-08",
        &[("2026-03-08T03:00:00-04:00", "2026-03-08T05:00:00-04:00")],
    );
}

#[test]
fn a_window_in_the_hour_that_comes_twice_opens_twice() {
    let within = every_day(Tz::Europe__Berlin, "02:15-02:45");
    check(
        &within,
        "2026-10-25",
        &[
            ("2026-10-25T02:15:00+02:00", "2026-10-25T02:45:00+02:00"),
            ("2026-10-25T02:15:00+01:00", "2026-10-25T02:45:00+01:00"),
        ],
    );
    let until_within = every_day(Tz::Europe__Berlin, "00:00-02:30");
    check(
        &until_within,
        "2026-10-25",
        &[
            ("2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00"),
            ("2026-10-25T02:00:00+01:00", "2026-10-25T02:30:00+01:00"),
        ],
    );
    let whole = every_day(Tz::Europe__Berlin, "02:00-03:00");
    check(&whole, "2026-10-25", &[("2026-10-25T02:00:00+02:00", "2026-10-25T03:00:00+01:00")]);
}

#[test]
fn a_change_of_clocks_alone_is_no_change() {
    let always = Calendar::always_open(Tz::Europe__Berlin);
    assert_eq!(always.next_change(at("2026-01-01T00:00:00Z")), None);
    assert_eq!(hours_of(&always, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"), 23.0);
    let never = Calendar::builder(Tz::Europe__Berlin).build().unwrap();
    assert_eq!(never.next_change(at("2026-01-01T00:00:00Z")), None);
    assert_eq!(never.add_open_time(at("2026-01-01T00:00:00Z"), Duration::from_micros(1)), None);
}

#[test]
fn a_day_may_begin_at_one_and_end_twice() {
    let morning = every_day(Tz::America__Sao_Paulo, "00:00-08:00");
    check(&morning, "2018-11-04", &[("2018-11-04T01:00:00-02:00", "2018-11-04T08:00:00-02:00")]);
    let late = every_day(Tz::America__Sao_Paulo, "09:00-23:30");
    check(
        &late,
        "2018-02-17",
        &[
            ("2018-02-17T09:00:00-02:00", "2018-02-17T23:30:00-02:00"),
            ("2018-02-17T23:00:00-03:00", "2018-02-17T23:30:00-03:00"),
        ],
    );
}

#[test]
fn lord_howe_changes_by_half_an_hour() {
    let night = every_day(Tz::Australia__Lord_Howe, "22:00-06:00");
    assert_eq!(hours_of(&night, "2026-04-04T03:00:00Z", "2026-04-05T03:00:00Z"), 8.5);
    assert_eq!(hours_of(&night, "2026-10-03T03:00:00Z", "2026-10-04T03:00:00Z"), 7.5);
}

#[test]
fn apia_skips_a_friday() {
    let shop = every_day(Tz::Pacific__Apia, "09:00-17:00");
    check(&shop, "2011-12-30", &[]);
    assert_eq!(
        shop.next_open(at("2011-12-29T18:00:00-10:00")),
        Some(at("2011-12-31T09:00:00+14:00"))
    );
    let night = every_day(Tz::Pacific__Apia, "22:00-06:00");
    assert_eq!(hours_of(&night, "2011-12-29T12:00:00-10:00", "2011-12-31T12:00:00+14:00"), 8.0);
}

#[test]
fn the_last_window_of_all_may_come_twice() {
    // Open on one date only, until within the hour that comes again.
    let once = Calendar::builder(Tz::Europe__Berlin)
        .exception(date("2026-10-25"), hours("02:00-02:30"), "")
        .build()
        .unwrap();
    let closed = at("2026-10-25T02:45:00+02:00");
    assert_eq!(once.next_open(closed), Some(at("2026-10-25T02:00:00+01:00")));
    assert_eq!(
        once.add_open_time(closed, Duration::from_secs(1_800)),
        Some(at("2026-10-25T02:30:00+01:00"))
    );
    assert_eq!(once.add_open_time(closed, Duration::from_secs(1_801)), None);

    // The same, where the clocks go back at midnight, when that date is over.
    let once = Calendar::builder(Tz::America__Sao_Paulo)
        .exception(date("2018-02-17"), hours("23:00-23:30"), "")
        .build()
        .unwrap();
    let closed = at("2018-02-17T23:45:00-02:00");
    assert_eq!(once.next_open(closed), Some(at("2018-02-17T23:00:00-03:00")));
    assert_eq!(
        once.add_open_time(closed, Duration::from_secs(1_800)),
        Some(at("2018-02-17T23:30:00-03:00"))
    );
}

#[test]
fn the_rules_of_summer_time_are_known_until_2099() {
    let nine = every_day(Tz::Europe__Berlin, "09:00-17:00");
    check(&nine, "2099-07-01", &[("2099-07-01T09:00:00+02:00", "2099-07-01T17:00:00+02:00")]);
    check(&nine, "2100-07-01", &[("2100-07-01T09:00:00+01:00", "2100-07-01T17:00:00+01:00")]);
}
