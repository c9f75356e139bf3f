mod table;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use table::HOLIDAY_DATA_VERSION;

/// A day on which something is celebrated.
///
/// ```
/// use kontak_calendar::{Holiday, chrono::NaiveDate};
///
/// let date = NaiveDate::from_ymd_opt(2026, 9, 9).expect("a date");
/// let holiday = Holiday::new(date, "Founders' day").with_local_name("Hari jadi");
/// assert!(!holiday.estimated);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Holiday {
    /// The date, as it is lived in the calendar's time zone.
    pub date: NaiveDate,
    /// The English name.
    pub name: String,
    /// The name where it is celebrated.
    #[serde(default)]
    pub local_name: Option<String>,
    /// Whether the date is not settled: the moon has to be sighted, or a decree is awaited.
    #[serde(default)]
    pub estimated: bool,
}

impl Holiday {
    /// A holiday with an English name, on a date that is settled.
    pub fn new(date: NaiveDate, name: impl Into<String>) -> Self {
        Self { date, name: name.into(), local_name: None, estimated: false }
    }

    /// With the name where it is celebrated.
    #[must_use]
    pub fn with_local_name(mut self, name: impl Into<String>) -> Self {
        self.local_name = Some(name.into());
        self
    }

    /// With a date that may still move.
    #[must_use]
    pub fn estimated(mut self) -> Self {
        self.estimated = true;
        self
    }
}

/// Holidays under one name, so that a calendar can follow them, and say that it did.
///
/// Indonesia and Vietnam from 2024 to 2027 come with the crate; a set of your own is built from
/// [`Holiday`]s, or read with serde.
///
/// ```
/// use kontak_calendar::{Holiday, HolidaySet, chrono::NaiveDate};
///
/// let date = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a date");
/// let national = HolidaySet::indonesia();
/// assert_eq!(national.on(date(8, 17))[0].name, "Independence Day");
///
/// let own = HolidaySet::new("Toko Budi").with_day(Holiday::new(date(9, 9), "Founders' day"));
/// assert_eq!(own.days().len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct HolidaySet {
    name: String,
    source: Option<String>,
    days: Vec<Holiday>,
}

impl HolidaySet {
    /// An empty set.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), source: None, days: Vec::new() }
    }

    /// The national holidays of Indonesia (`libur nasional`) from 2024 to 2027.
    #[must_use]
    pub fn indonesia() -> Self {
        table::read("indonesia", "Indonesia")
    }

    /// The days of collective leave in Indonesia (`cuti bersama`) from 2024 to 2027: bridging days
    /// that the government gives its own employees, and an employer may.
    #[must_use]
    pub fn indonesia_collective_leave() -> Self {
        table::read("indonesia-leave", "Indonesia, collective leave")
    }

    /// The public holidays of Vietnam from 2024 to 2027, with the days given for one that falls on a
    /// weekend and the days exchanged by decree.
    #[must_use]
    pub fn vietnam() -> Self {
        table::read("vietnam", "Vietnam")
    }

    /// With where the dates come from, and in which version.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// With one more holiday. Two may fall on one date.
    #[must_use]
    pub fn with_day(mut self, holiday: Holiday) -> Self {
        let after = self.days.partition_point(|day| day.date <= holiday.date);
        self.days.insert(after, holiday);
        self
    }

    /// With only the holidays that `keep` is true for.
    #[must_use]
    pub fn filter(mut self, keep: impl FnMut(&Holiday) -> bool) -> Self {
        self.days.retain(keep);
        self
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the dates come from.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// All holidays, by date.
    #[must_use]
    pub fn days(&self) -> &[Holiday] {
        &self.days
    }

    /// The holidays on `date`.
    #[must_use]
    pub fn on(&self, date: NaiveDate) -> &[Holiday] {
        let start = self.days.partition_point(|day| day.date < date);
        let end = self.days.partition_point(|day| day.date <= date);
        &self.days[start..end]
    }

    fn from_days(name: String, source: Option<String>, mut days: Vec<Holiday>) -> Self {
        days.sort_by_key(|day| day.date);
        Self { name, source, days }
    }
}

/// As it is read: the days in any order.
#[derive(Deserialize)]
#[serde(rename = "HolidaySet", deny_unknown_fields)]
struct Written {
    name: String,
    #[serde(default)]
    source: Option<String>,
    days: Vec<Holiday>,
}

impl From<Written> for HolidaySet {
    fn from(written: Written) -> Self {
        Self::from_days(written.name, written.source, written.days)
    }
}
