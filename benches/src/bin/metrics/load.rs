//! What is measured already, in the order of time.

use chrono::{DateTime, TimeDelta, Utc};
use kontak_examples::{Random, wait};
use kontak_metrics::Cells;

const WEEK: i64 = 7 * 86_400 * 1_000_000;

/// A value with its channel and agent.
#[derive(Clone, Copy)]
pub(crate) struct Value {
    at: DateTime<Utc>,
    place: [u32; 4],
    micros: u64,
}

/// Waits over 12 channels, 200 agents and 168 hours.
pub(crate) fn values(count: u32) -> Vec<Value> {
    let monday = DateTime::UNIX_EPOCH + TimeDelta::seconds(1_772_409_600);
    let mut random = Random::new(7);
    let value = |number: u32| {
        let at = monday + TimeDelta::microseconds(WEEK / i64::from(count) * i64::from(number));
        let channel = random.below(12) * random.below(13) / 12;
        let place = [channel, random.below(200), 0, 0];
        Value { at, place, micros: wait(&mut random, 45.0) as u64 }
    };
    (0..count).map(value).collect()
}

pub(crate) fn cells(values: &[Value]) -> anyhow::Result<Cells> {
    let mut cells = Cells::new(60)?;
    for value in values {
        cells.insert(value.at, value.place, value.micros);
    }
    Ok(cells)
}
