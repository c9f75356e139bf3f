mod build;
mod business_day;
mod error;
mod instants;
mod plan;
mod planned;
mod record;
mod rules;
mod spans;
mod tally;
mod zone;

use chrono::NaiveDate;
use chrono_tz::Tz;
use plan::Plan;
use rules::Rules;
use std::fmt;

pub use build::CalendarBuilder;
pub use error::CalendarError;
pub use planned::{DayRule, PlannedDay};
pub use rules::{Exception, HolidayRule};
pub use spans::OpenSpans;
pub use zone::ZONE_DATA_VERSION;

/// When it is open: weekly windows in a time zone, holidays, and dates that differ.
///
/// Which windows open on a date is decided by the first that speaks of it: an exception, the sets of
/// holidays in their order, the weekday. [`planned`](Self::planned) says which it was.
///
/// **The clock on the wall decides.** It is open at an instant if the local clock shows a time that
/// lies in a window. So every instant has one answer, also where clocks are changed: a window in the
/// hour that is left out never opens, one in the hour that comes twice opens twice, and what goes
/// over it is an hour shorter or longer.
///
/// A calendar is a value: it is written with serde in full, with all its holidays, and the one that
/// is read back gives the same answers. An unknown key is an error that names it.
///
/// ```
/// use kontak_calendar::{Calendar, CalendarError};
///
/// let calendar: Calendar = toml::from_str(r#"
///     zone = "Asia/Ho_Chi_Minh"
///     [weekly]
///     monday = ["08:00-12:00", "13:00-17:30"]
///     saturday = ["18:00-02:00"]
///     [[exceptions]]
///     date = "2026-12-31"
///     hours = ["08:00-12:00"]
///     reason = "stock-taking"
/// "#)?;
/// assert_eq!(calendar.exceptions()[0].reason.as_deref(), Some("stock-taking"));
///
/// let error = toml::from_str::<Calendar>("zone = \"Asia/Jakarta\"\nweekly.monday = [\"9-17\"]").unwrap_err();
/// assert!(error.to_string().contains("hours on Monday: window 1: not a time of day"));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone)]
pub struct Calendar {
    rules: Rules,
    plan: Plan,
}

impl Calendar {
    /// A calendar in this zone, closed on every day that the builder is not told of.
    pub fn builder(zone: Tz) -> CalendarBuilder {
        CalendarBuilder::new(zone)
    }

    /// Open at every instant. The zone only says when a day begins.
    ///
    /// ```
    /// use kontak_calendar::{Calendar, Tz, chrono::DateTime};
    ///
    /// let calendar = Calendar::always_open(Tz::Asia__Jakarta);
    /// assert!(calendar.is_open(DateTime::UNIX_EPOCH));
    /// assert_eq!(calendar.next_change(DateTime::UNIX_EPOCH), None);
    /// ```
    #[must_use]
    pub fn always_open(zone: Tz) -> Self {
        Self::from_rules(Rules::always_open(zone))
    }

    fn from_rules(rules: Rules) -> Self {
        let plan = Plan::new(&rules);
        Self { rules, plan }
    }

    /// The time zone.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.rules.zone
    }

    /// The windows that open on a weekday without exception or holiday.
    #[must_use]
    pub fn weekly(&self, weekday: chrono::Weekday) -> &crate::Hours {
        self.rules.weekly(weekday)
    }

    /// The dates that differ, by date.
    #[must_use]
    pub fn exceptions(&self) -> &[Exception] {
        &self.rules.exceptions
    }

    /// The sets of holidays, the one that goes first first.
    #[must_use]
    pub fn holidays(&self) -> &[HolidayRule] {
        &self.rules.holidays
    }

    /// Which windows open on `date`, and why.
    ///
    /// ```
    /// use kontak_calendar::{Calendar, HolidaySet, Tz, chrono::NaiveDate};
    ///
    /// let shop = Calendar::builder(Tz::Asia__Jakarta)
    ///     .every_day("09:00-21:00".parse()?)
    ///     .holidays(HolidaySet::indonesia())
    ///     .build()?;
    /// let date = NaiveDate::from_ymd_opt(2026, 8, 17).ok_or("no such date")?;
    /// assert_eq!(
    ///     shop.planned(date).to_string(),
    ///     "2026-08-17, Monday: closed (Independence Day, holidays `Indonesia`)",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn planned(&self, date: NaiveDate) -> PlannedDay<'_> {
        self.rules.planned(date)
    }
}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        self.rules == other.rules
    }
}

impl Eq for Calendar {}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rules.fmt(f)
    }
}

/// One line: the zone, the week, how many exceptions, which holidays.
impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.rules, f)
    }
}
