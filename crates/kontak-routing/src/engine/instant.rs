//! Instants as microseconds since 1970, inside.

use chrono::{DateTime, Utc};

pub(crate) type Micros = i64;

pub(crate) fn micros(at: DateTime<Utc>) -> Micros {
    at.timestamp_micros()
}

/// Beyond what a calendar can say there is no later instant.
pub(crate) fn instant(at: Micros) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
