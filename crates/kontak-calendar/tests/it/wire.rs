use crate::{date, hours};
use kontak_calendar::chrono::Weekday;
use kontak_calendar::{Calendar, Holiday, HolidaySet, Hours, Tz, Window};

fn shop() -> Calendar {
    let founders =
        Holiday::new(date("2026-09-09"), "Founders' day").with_local_name("Hari jadi").estimated();
    Calendar::builder(Tz::Asia__Jakarta)
        .workdays(hours("09:00-12:00, 13:00-17:00"))
        .on(Weekday::Sat, hours("22:00-02:00"))
        .exception(date("2026-12-31"), Hours::closed(), "stock-taking")
        .holidays_open(
            HolidaySet::new("own").with_source("the board").with_day(founders),
            hours("10:00-12:00"),
        )
        .build()
        .expect("nothing contradicts")
}

/// The names are frozen: calendars stand in journals.
const WRITTEN: &str = r#"{"zone":"Asia/Jakarta","weekly":{"monday":["09:00-12:00","13:00-17:00"],"tuesday":["09:00-12:00","13:00-17:00"],"wednesday":["09:00-12:00","13:00-17:00"],"thursday":["09:00-12:00","13:00-17:00"],"friday":["09:00-12:00","13:00-17:00"],"saturday":["22:00-02:00"],"sunday":[]},"exceptions":[{"date":"2026-12-31","hours":[],"reason":"stock-taking"}],"holidays":[{"set":{"name":"own","source":"the board","days":[{"date":"2026-09-09","name":"Founders' day","local_name":"Hari jadi","estimated":true}]},"hours":["10:00-12:00"]}]}"#;

#[test]
fn the_written_form_is_frozen() {
    assert_eq!(serde_json::to_string(&shop()).unwrap(), WRITTEN);
    assert_eq!(serde_json::from_str::<Calendar>(WRITTEN).unwrap(), shop());
}

#[test]
fn what_is_read_back_is_the_same() {
    let full = Calendar::builder(Tz::Asia__Ho_Chi_Minh)
        .holidays(HolidaySet::vietnam())
        .holidays(HolidaySet::indonesia_collective_leave())
        .build()
        .unwrap();
    for calendar in [shop(), full, Calendar::always_open(Tz::UTC)] {
        let json = serde_json::to_string(&calendar).unwrap();
        assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), calendar);
        let bytes = postcard::to_allocvec(&calendar).unwrap();
        assert_eq!(postcard::from_bytes::<Calendar>(&bytes).unwrap(), calendar);
    }
    let window: Window = "22:00-06:00".parse().unwrap();
    let bytes = postcard::to_allocvec(&Hours::from(window)).unwrap();
    assert_eq!(postcard::from_bytes::<Hours>(&bytes).unwrap().windows(), [window]);
}

#[test]
fn an_error_names_the_place() {
    let cases = [
        (r#"{"zone":"Asia/Jakata","weekly":{}}"#, "no time zone `Asia/Jakata`"),
        (r#"{"zone":"UTC","weekly":{},"holiday":[]}"#, "unknown field `holiday`"),
        (r#"{"zone":"UTC","weekly":{"mon":[]}}"#, "unknown field `mon`"),
        (
            r#"{"zone":"UTC","weekly":{},"exceptions":[{"date":"2026-12-31","hour":[]}]}"#,
            "unknown field `hour`",
        ),
        (
            r#"{"zone":"UTC","weekly":{},"holidays":[{"set":{"name":"own","days":[],"year":1}}]}"#,
            "unknown field `year`",
        ),
        (
            r#"{"zone":"UTC","weekly":{"tuesday":["09:00-12:00","11:00-13:00"]}}"#,
            "hours on Tuesday: the windows 09:00-12:00 and 11:00-13:00 overlap",
        ),
        (
            r#"{"zone":"UTC","weekly":{},"exceptions":[{"date":"2026-12-31","hours":["9-17"]}]}"#,
            "hours of the exception on 2026-12-31: window 1: not a time of day",
        ),
        (
            r#"{"zone":"UTC","weekly":{},"exceptions":[{"date":"2026-12-31"},{"date":"2026-12-31"}]}"#,
            "two exceptions on 2026-12-31",
        ),
        (
            r#"{"zone":"UTC","weekly":{},"holidays":[{"set":{"name":"own","days":[]},"hours":["08:00-08:00"]}]}"#,
            "hours on the holidays `own`: window 1",
        ),
    ];
    for (json, expected) in cases {
        let error = serde_json::from_str::<Calendar>(json).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn days_of_a_set_may_come_in_any_order() {
    let json = r#"{"name":"own","days":[{"date":"2026-09-09","name":"b"},{"date":"2026-01-01","name":"a"}]}"#;
    let set: HolidaySet = serde_json::from_str(json).unwrap();
    assert_eq!(set.days()[0].name, "a");
}
