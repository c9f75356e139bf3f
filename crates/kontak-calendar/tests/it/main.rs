//! Opening hours against a model that asks minute by minute, against Python's zoneinfo, and by name
//! where clocks change.

mod business_days;
mod clocks;
mod holidays;
mod oracle;
mod properties;
mod reference;
mod rules;
mod wire;

use kontak_calendar::Hours;
use kontak_calendar::chrono::{DateTime, NaiveDate, Utc};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn hours(text: &str) -> Hours {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}
