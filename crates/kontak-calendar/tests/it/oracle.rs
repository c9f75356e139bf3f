use kontak_calendar::Calendar;
use kontak_calendar::chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use std::iter;
use std::time::Duration;

/// Made by `tests/data/build_oracle.py` from Python's zoneinfo.
const ORACLE: &str = include_str!("../data/oracle.json");

#[derive(Deserialize)]
struct Case {
    calendar: Calendar,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    open_minutes: u64,
    changes: Vec<DateTime<Utc>>,
}

#[test]
fn zoneinfo_counts_the_same_minutes() {
    let cases: Vec<Case> = serde_json::from_str(ORACLE).unwrap();
    assert_eq!(cases.len(), 42);
    for Case { calendar, from, to, open_minutes, changes } in cases {
        let place = format!("{calendar} from {from}");
        let open = Duration::from_secs(open_minutes * 60);
        assert_eq!(calendar.open_time_between(from, to), open, "{place}");
        let ours = iter::successors(calendar.next_change(from), |&at| calendar.next_change(at));
        assert_eq!(ours.take_while(|&at| at < to).collect::<Vec<_>>(), changes, "{place}");
        let due = calendar.add_open_time(from, open).expect("it opens every week");
        assert!(due <= to, "{place}: {due}");
        assert!(
            calendar.add_open_time(from, open + Duration::from_micros(1)) >= Some(to),
            "{place}"
        );
        assert!(
            open.is_zero()
                || calendar.open_time_between(from, due - TimeDelta::microseconds(1)) < open,
            "{place}"
        );
    }
}
