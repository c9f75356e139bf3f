use super::build::CalendarBuilder;
use super::rules::{Exception, HolidayRule};
use super::{Calendar, CalendarError};
use crate::holiday::HolidaySet;
use crate::hours::{Hours, HoursError};
use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The written form. The windows are `Hours` where it is written, and plain texts where it is read,
/// so that an error can say on which day they stand.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Calendar", deny_unknown_fields)]
#[serde(bound(deserialize = "H: Deserialize<'de> + Default"))]
struct Record<H> {
    zone: String,
    weekly: Week<H>,
    #[serde(default = "Vec::new")]
    exceptions: Vec<ExceptionRecord<H>>,
    #[serde(default = "Vec::new")]
    holidays: Vec<HolidayRecord<H>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Week<H> {
    #[serde(default)]
    monday: H,
    #[serde(default)]
    tuesday: H,
    #[serde(default)]
    wednesday: H,
    #[serde(default)]
    thursday: H,
    #[serde(default)]
    friday: H,
    #[serde(default)]
    saturday: H,
    #[serde(default)]
    sunday: H,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Exception", deny_unknown_fields)]
struct ExceptionRecord<H> {
    date: NaiveDate,
    #[serde(default)]
    hours: H,
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "HolidayRule", deny_unknown_fields)]
struct HolidayRecord<H> {
    set: HolidaySet,
    #[serde(default)]
    hours: H,
}

impl Serialize for Calendar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Record::<Hours>::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Calendar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Record::<Vec<String>>::deserialize(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

impl From<&Calendar> for Record<Hours> {
    fn from(calendar: &Calendar) -> Self {
        let rules = &calendar.rules;
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = rules.weekly.clone();
        Self {
            zone: rules.zone.name().to_owned(),
            weekly: Week { monday, tuesday, wednesday, thursday, friday, saturday, sunday },
            exceptions: rules.exceptions.iter().cloned().map(ExceptionRecord::from).collect(),
            holidays: rules.holidays.iter().cloned().map(HolidayRecord::from).collect(),
        }
    }
}

impl From<Exception> for ExceptionRecord<Hours> {
    fn from(Exception { date, hours, reason }: Exception) -> Self {
        Self { date, hours, reason }
    }
}

impl From<HolidayRule> for HolidayRecord<Hours> {
    fn from(HolidayRule { set, hours }: HolidayRule) -> Self {
        Self { set, hours }
    }
}

impl TryFrom<Record<Vec<String>>> for Calendar {
    type Error = CalendarError;

    fn try_from(record: Record<Vec<String>>) -> Result<Self, Self::Error> {
        let Record { zone, weekly, exceptions, holidays } = record;
        let zone = zone.parse().map_err(|_| CalendarError::UnknownZone { name: zone })?;
        let mut builder = CalendarBuilder::new(zone);
        for (weekday, windows) in weekly.into_days() {
            let hours = windows.try_into();
            let hours = hours.map_err(|source| CalendarError::Weekday { weekday, source })?;
            builder = builder.on(weekday, hours);
        }
        for ExceptionRecord { date, hours, reason } in exceptions {
            let hours = hours.try_into();
            let hours = hours.map_err(|source| CalendarError::Exception { date, source })?;
            builder = builder.push_exception(Exception { date, hours, reason });
        }
        for HolidayRecord { set, hours } in holidays {
            let name =
                |source: HoursError| CalendarError::Holidays { set: set.name().to_owned(), source };
            let hours = hours.try_into().map_err(name)?;
            builder = builder.holidays_open(set, hours);
        }
        builder.build()
    }
}

impl<H> Week<H> {
    fn into_days(self) -> [(Weekday, H); 7] {
        [
            (Weekday::Mon, self.monday),
            (Weekday::Tue, self.tuesday),
            (Weekday::Wed, self.wednesday),
            (Weekday::Thu, self.thursday),
            (Weekday::Fri, self.friday),
            (Weekday::Sat, self.saturday),
            (Weekday::Sun, self.sunday),
        ]
    }
}
