use crate::{date, hours};
use kontak_calendar::{Calendar, DayRule, Holiday, HolidaySet, Tz};

fn names(set: &HolidaySet, day: &str) -> Vec<(String, String)> {
    let days = set.on(date(day)).iter();
    days.map(|day| (day.name.clone(), day.local_name.clone().unwrap_or_default())).collect()
}

#[test]
fn the_sets_hold_the_days_that_everybody_knows() {
    let indonesia = HolidaySet::indonesia();
    for day in ["2024-04-10", "2025-03-31", "2026-03-21", "2027-03-10"] {
        assert_eq!(
            names(&indonesia, day),
            [("Eid al-Fitr".to_owned(), "Hari Raya Idul Fitri".to_owned())]
        );
    }
    let vietnam = HolidaySet::vietnam();
    for day in ["2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06"] {
        assert_eq!(
            names(&vietnam, day),
            [("Lunar New Year".to_owned(), "Tết Nguyên Đán".to_owned())]
        );
    }
    for year in 2024..=2027 {
        assert_eq!(indonesia.on(date(&format!("{year}-08-17"))).len(), 1);
        assert_eq!(vietnam.on(date(&format!("{year}-09-02"))).len(), 1);
    }
}

#[test]
fn collective_leave_is_a_set_of_its_own() {
    let leave = HolidaySet::indonesia_collective_leave();
    assert_eq!(leave.on(date("2026-03-20")).len(), 1);
    assert!(HolidaySet::indonesia().on(date("2026-03-20")).is_empty());
    let national = HolidaySet::indonesia();
    assert!(leave.days().iter().all(|day| national.on(day.date).is_empty()));
}

#[test]
fn what_may_still_move_is_marked() {
    let estimated = |set: HolidaySet| -> Vec<String> {
        let days = set.days().iter().filter(|day| day.estimated);
        days.map(|day| day.date.to_string()).collect()
    };
    assert_eq!(estimated(HolidaySet::indonesia()), ["2027-03-10", "2027-03-11", "2027-05-17"]);
    assert_eq!(
        estimated(HolidaySet::vietnam()),
        ["2027-02-04", "2027-02-05", "2027-02-09", "2027-02-10", "2027-09-03"]
    );
    let settled = HolidaySet::vietnam().filter(|day| !day.estimated);
    assert!(settled.on(date("2027-02-04")).is_empty());
}

#[test]
fn the_first_set_with_a_date_decides_it() {
    let day = date("2026-08-17");
    let own = HolidaySet::new("own")
        .with_day(Holiday::new(day, "second"))
        .with_day(Holiday::new(day, "third"));
    let calendar = Calendar::builder(Tz::Asia__Jakarta)
        .holidays_open(own, hours("10:00-12:00"))
        .holidays(HolidaySet::indonesia())
        .build()
        .unwrap();
    let planned = calendar.planned(day);
    assert_eq!(
        planned.to_string(),
        "2026-08-17, Monday: 10:00-12:00 (second, third, holidays `own`)"
    );
    assert!(matches!(planned.rule, DayRule::Holiday { set: "own", days: [_, _] }));
}
