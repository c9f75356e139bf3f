use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

/// The version of the IANA time zone database that is compiled in. What was computed with one
/// version may differ from the same with another where a government has changed its clocks: record
/// it beside the result.
pub const ZONE_DATA_VERSION: &str = chrono_tz::IANA_TZDB_VERSION;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// No zone changes its clocks twice within this time; the closest pair is 6 days 23 hours apart
/// (Recife, October 2000).
const STRIDE: i64 = 6 * DAY;

/// 1800 and 2500: no zone of the database changes its clocks outside of these years, so that looking
/// for a change always ends.
const YEARS_WITH_CHANGES: (i64, i64) = (-5_364_662_400 * SECOND, 16_725_225_600 * SECOND);

/// How far the local time is ahead of UTC, in microseconds as all of this module.
pub(super) fn offset(zone: Tz, utc: i64) -> i64 {
    let utc = utc.clamp(YEARS_WITH_CHANGES.0, YEARS_WITH_CHANGES.1);
    let instant =
        DateTime::from_timestamp_micros(utc).expect("the years 1800 to 2500 are in range");
    let offset = zone.offset_from_utc_datetime(&instant.naive_utc());
    i64::from(offset.fix().local_minus_utc()) * SECOND
}

/// The first instant after `from`, and not after `until`, at which the clocks are changed.
pub(super) fn next_shift(zone: Tz, from: i64, until: i64) -> Option<i64> {
    let now = offset(zone, from);
    let mut low = from.max(YEARS_WITH_CHANGES.0);
    let end = until.min(YEARS_WITH_CHANGES.1);
    while low < end {
        let high = end.min(low + STRIDE);
        if offset(zone, high) != now {
            return Some(first_other(zone, now, low, high));
        }
        low = high;
    }
    None
}

/// Clocks change on whole seconds, and once between `low` and `high`.
fn first_other(zone: Tz, now: i64, low: i64, high: i64) -> i64 {
    let (mut low, mut high) = (low.div_euclid(SECOND), high.div_euclid(SECOND));
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if offset(zone, middle * SECOND) == now { low = middle } else { high = middle }
    }
    high * SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at every zone once a day, which is how often `next_shift` would have to look if it
    /// could not rely on its stride.
    #[test]
    fn clocks_never_change_twice_within_a_stride() {
        let day = |year| {
            chrono::NaiveDate::from_ymd_opt(year, 1, 1).map_or(0, |date| date.to_epoch_days())
        };
        for zone in chrono_tz::TZ_VARIANTS {
            let (mut last_change, mut last_offset) = (i64::MIN / 2, offset(zone, i64::MIN));
            for day in day(1830)..day(2110) {
                let utc = i64::from(day) * DAY;
                let now = offset(zone, utc);
                if now != last_offset {
                    assert!(utc - last_change >= STRIDE, "{zone} changes twice before day {day}");
                    (last_change, last_offset) = (utc, now);
                }
            }
            assert_eq!(last_offset, offset(zone, i64::MAX), "{zone} changes after 2110");
        }
    }

    #[test]
    fn a_change_is_found_to_the_second() {
        let at = |text: &str| text.parse::<DateTime<chrono::Utc>>().unwrap().timestamp_micros();
        let spring = at("2026-03-29T01:00:00Z");
        assert_eq!(
            next_shift(Tz::Europe__Berlin, at("2026-01-01T00:00:00Z"), spring),
            Some(spring)
        );
        assert_eq!(next_shift(Tz::Europe__Berlin, at("2026-01-01T00:00:00Z"), spring - 1), None);
        assert_eq!(next_shift(Tz::Europe__Berlin, spring - 1, i64::MAX), Some(spring));
        assert_eq!(next_shift(Tz::Europe__Berlin, spring, spring + 100 * DAY), None);
        assert_eq!(next_shift(Tz::Asia__Jakarta, spring, i64::MAX), None);
    }
}
