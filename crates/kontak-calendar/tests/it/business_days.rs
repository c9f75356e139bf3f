use crate::{date, hours};
use kontak_calendar::chrono::Days;
use kontak_calendar::{Calendar, HolidaySet, Hours, Tz};
use proptest::prelude::*;

fn office() -> Calendar {
    Calendar::builder(Tz::Asia__Jakarta)
        .workdays(hours("09:00-17:00"))
        .holidays(HolidaySet::indonesia())
        .holidays(HolidaySet::indonesia_collective_leave())
        .exception(date("2026-03-28"), hours("09:00-12:00"), "catching up")
        .build()
        .expect("nothing contradicts")
}

#[test]
fn a_long_weekend_is_skipped() {
    // Nyepi and Lebaran 2026: closed from Wednesday 18 to Tuesday 24 March.
    let office = office();
    assert_eq!(office.add_business_days(date("2026-03-17"), 1), Some(date("2026-03-25")));
    assert_eq!(office.add_business_days(date("2026-03-27"), 1), Some(date("2026-03-28")));
    assert_eq!(office.add_business_days(date("2026-03-17"), 0), Some(date("2026-03-17")));
    assert_eq!(office.business_days_between(date("2026-03-16"), date("2026-03-30")), 6);
}

#[test]
fn no_more_business_days_is_none() {
    let last = date("2026-05-04");
    let once = Calendar::builder(Tz::UTC).exception(last, Hours::whole_day(), "").build().unwrap();
    assert_eq!(once.add_business_days(date("2026-01-01"), 1), Some(last));
    assert_eq!(once.add_business_days(date("2026-01-01"), 2), None);
    assert_eq!(once.add_business_days(last, 1), None);
}

proptest! {
    #[test]
    fn counting_is_walking(start in 0..2_000_u64, count in 0..400_u32) {
        let office = office();
        let start = date("2023-01-01") + Days::new(start);
        let mut day = start;
        let mut left = count;
        while left > 0 {
            day = day + Days::new(1);
            left -= u32::from(office.is_business_day(day));
        }
        prop_assert_eq!(office.add_business_days(start, count), Some(day));
        let first = u32::from(office.is_business_day(start) && count > 0);
        let last = u32::from(count > 0);
        prop_assert_eq!(office.business_days_between(start, day), count + first - last);
        prop_assert_eq!(office.business_days_between(day, start), 0);
    }
}
