use super::{Holiday, HolidaySet};

/// The version of the tables behind [`HolidaySet::indonesia`] and its siblings. A calendar holds
/// its holidays written out, so a new version changes no calendar that is already there.
pub const HOLIDAY_DATA_VERSION: &str = "PyPI holidays 0.109, read 2026-11-22";

const TABLE: &str = include_str!("../../data/holidays.tsv");

/// The rows of one set. The table is checked line by line in the tests of this module.
pub(super) fn read(set: &str, name: &str) -> HolidaySet {
    let days = rows().filter(|row| row[0] == set).filter_map(holiday).collect();
    HolidaySet::from_days(name.to_owned(), Some(HOLIDAY_DATA_VERSION.to_owned()), days)
}

/// Set, date, `settled` or `estimated`, English name, local name.
fn rows() -> impl Iterator<Item = [&'static str; 5]> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').collect::<Vec<_>>().try_into().ok())
}

fn holiday([_, date, status, name, local_name]: [&str; 5]) -> Option<Holiday> {
    let holiday = Holiday::new(date.parse().ok()?, name).with_local_name(local_name);
    Some(if status == "estimated" { holiday.estimated() } else { holiday })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        let sets = [
            HolidaySet::indonesia(),
            HolidaySet::indonesia_collective_leave(),
            HolidaySet::vietnam(),
        ];
        assert_eq!(sets.iter().map(|set| set.days().len()).sum::<usize>(), lines);
        assert!(rows().all(|row| ["settled", "estimated"].contains(&row[2])));
    }

    #[test]
    fn the_version_is_the_one_of_the_table() {
        let first = TABLE.lines().next().unwrap_or_default();
        assert_eq!(first, format!("# {HOLIDAY_DATA_VERSION}"));
    }
}
