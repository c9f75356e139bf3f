use crate::{at, date, hours};
use kontak_calendar::chrono::{NaiveDate, NaiveTime, Weekday};
use kontak_calendar::{
    Calendar, CalendarError, HolidaySet, Hours, HoursError, Tz, Window, WindowError,
};

#[test]
fn a_window_reads_as_it_is_written() {
    for text in ["09:00-17:00", "22:00-06:00", "00:00-24:00", "18:00-24:00", "23:59-00:01"] {
        let window: Window = text.parse().unwrap();
        assert_eq!(window.to_string(), text);
        assert_eq!(
            Window::new(window.opens(), window.closes()).ok(),
            (window != Window::WHOLE_DAY).then_some(window)
        );
    }
    assert_eq!("18:00-00:00".parse::<Window>(), "18:00-24:00".parse());
}

#[test]
fn a_window_that_is_none_says_why() {
    let cases = [
        ("", WindowError::NotAWindow),
        ("09:00", WindowError::NotAWindow),
        ("9-17", WindowError::NotATime),
        ("09:60-10:00", WindowError::NotATime),
        ("09:00-24:01", WindowError::NotATime),
        ("09:00-1é:0", WindowError::NotATime),
        ("+9:00-10:00", WindowError::NotATime),
        ("24:00-06:00", WindowError::OpensAtEndOfDay),
        ("09:00-09:00", WindowError::Empty),
    ];
    for (text, error) in cases {
        assert_eq!(text.parse::<Window>(), Err(error), "{text}");
    }
    let second = NaiveTime::from_hms_opt(9, 0, 1).unwrap();
    assert_eq!(Window::new(NaiveTime::MIN, second), Err(WindowError::NotAWholeMinute));
}

#[test]
fn windows_of_one_day_may_touch_and_not_overlap() {
    assert!("09:00-12:00, 12:00-17:00".parse::<Hours>().is_ok());
    assert!("22:00-06:00, 00:00-08:00".parse::<Hours>().is_ok());
    for text in ["09:00-12:01, 12:00-17:00", "22:00-06:00, 23:00-24:00", "00:00-24:00, 09:00-10:00"]
    {
        assert!(matches!(text.parse::<Hours>(), Err(HoursError::Overlap { .. })), "{text}");
    }
    let error = "09:00-12:00, 13".parse::<Hours>().unwrap_err();
    assert_eq!(error, HoursError::Window { number: 2, source: WindowError::NotAWindow });
}

#[test]
fn an_exception_takes_its_night_with_it_and_leaves_the_one_before() {
    let bar = |closed: &str| {
        Calendar::builder(Tz::Asia__Jakarta)
            .every_day(hours("22:00-06:00"))
            .exception(date(closed), Hours::closed(), "")
            .build()
            .unwrap()
    };
    let saturday_three = at("2026-01-31T03:00:00+07:00");
    assert!(bar("2026-01-31").is_open(saturday_three));
    assert!(!bar("2026-01-30").is_open(saturday_three));
}

#[test]
fn an_exception_goes_before_a_holiday() {
    let independence_day = date("2026-08-17");
    let shop = Calendar::builder(Tz::Asia__Jakarta)
        .holidays(HolidaySet::indonesia())
        .exception(independence_day, hours("10:00-14:00"), "sale")
        .build()
        .unwrap();
    let planned = shop.planned(independence_day);
    assert_eq!(planned.to_string(), "2026-08-17, Monday: 10:00-14:00 (exception: sale)");
    assert!(shop.is_open(at("2026-08-17T10:00:00+07:00")));
}

#[test]
fn a_night_that_runs_into_the_next_day_is_one_stretch() {
    let calendar = Calendar::builder(Tz::Asia__Jakarta)
        .on(Weekday::Fri, hours("22:00-06:00"))
        .on(Weekday::Sat, hours("05:00-09:00"))
        .build()
        .unwrap();
    let friday = at("2026-01-30T23:00:00+07:00");
    assert_eq!(calendar.next_change(friday), Some(at("2026-01-31T09:00:00+07:00")));
    assert_eq!(calendar.next_open(friday), Some(at("2026-02-06T22:00:00+07:00")));
    assert_eq!(calendar.open_from(friday), Some(friday));
}

#[test]
fn an_edge_belongs_to_what_follows_it() {
    let shop = Calendar::builder(Tz::UTC).every_day(hours("09:00-17:00")).build().unwrap();
    assert!(shop.is_open(at("2026-01-30T09:00:00Z")));
    assert!(!shop.is_open(at("2026-01-30T17:00:00Z")));
    let hours = |n: u64| std::time::Duration::from_secs(n * 3_600);
    assert_eq!(
        shop.add_open_time(at("2026-01-30T16:00:00Z"), hours(1)),
        Some(at("2026-01-30T17:00:00Z"))
    );
    assert_eq!(
        shop.add_open_time(at("2026-01-30T17:00:00Z"), hours(0)),
        Some(at("2026-01-30T17:00:00Z"))
    );
    assert_eq!(shop.next_open(at("2026-01-30T09:00:00Z")), Some(at("2026-01-31T09:00:00Z")));
}

#[test]
fn the_first_and_the_last_date_of_all_may_be_exceptions() {
    let whole = Hours::whole_day;
    let calendar = Calendar::builder(Tz::Pacific__Kiritimati)
        .exception(NaiveDate::MIN, whole(), "")
        .exception(NaiveDate::MAX, whole(), "")
        .build()
        .unwrap();
    let now = at("2026-01-30T09:00:00Z");
    assert!(calendar.next_open(now).is_some());
    assert_eq!(calendar.add_open_time(now, std::time::Duration::from_secs(2 * 86_400)), None);
    assert_eq!(calendar.add_business_days(date("2026-01-30"), 1), Some(NaiveDate::MAX));
    assert_eq!(calendar.add_business_days(NaiveDate::MAX, 1), None);
    assert!(calendar.windows_on(NaiveDate::MIN).len() <= 1);
}

#[test]
fn rules_that_contradict_each_other_are_refused() {
    let twice =
        Calendar::builder(Tz::UTC).holidays(HolidaySet::vietnam()).holidays(HolidaySet::vietnam());
    assert_eq!(twice.build(), Err(CalendarError::TwoSets { set: "Vietnam".to_owned() }));
}

#[test]
fn a_calendar_says_what_it_is_in_one_line() {
    let calendar = Calendar::builder(Tz::Asia__Ho_Chi_Minh)
        .workdays(hours("08:00-12:00, 13:00-17:30"))
        .on(Weekday::Wed, Hours::whole_day())
        .exception(date("2026-12-31"), Hours::closed(), "stock-taking")
        .holidays(HolidaySet::vietnam())
        .build()
        .unwrap();
    assert_eq!(
        calendar.to_string(),
        "Asia/Ho_Chi_Minh: Monday to Tuesday 08:00-12:00, 13:00-17:30; Wednesday 00:00-24:00; \
         Thursday to Friday 08:00-12:00, 13:00-17:30; Saturday to Sunday closed; one exception; \
         holidays `Vietnam` closed"
    );
}
