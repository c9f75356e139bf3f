//! Days of a grid, added up by the dimensions that were asked for.

use super::{Dimension, GridCells, Held, Summary, Values};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What it comes to, by the values of the dimensions that are kept; the others are 0.
type Parts = BTreeMap<Values, Summary>;

const DAY: i64 = 86_400_000_000;
const HOURS: i64 = 24;

/// Answers kept for the next question. A day is added up when it is first asked for, from its beginning in whatever
/// zone the question has, and again once a cell under it has changed: then by hours, so that of the day that goes on
/// only the hour that goes on is read again. They say what the cells say, and are no part of the state.
#[derive(Debug, Default)]
pub(super) struct RollUps(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    days: BTreeMap<Key, Day>,
    /// Measures and buckets that have changed since.
    changed: Vec<(u16, i32)>,
    parts: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    dimensions: u8,
    measure: u16,
    /// The bucket that the day begins with.
    from: i32,
}

#[derive(Debug, Default)]
struct Day {
    sum: Option<Parts>,
    /// Of a day that has changed after it was added up.
    hours: Option<Box<[Option<Parts>; HOURS as usize]>>,
}

/// So many changes are not looked at one by one.
const MOST_CHANGES: usize = 1 << 16;

/// So many sums are kept in any case; of a large grid, half as many as it has cells.
const MOST_PARTS: usize = 1 << 12;

impl RollUps {
    /// Of a cell that is about to change.
    #[inline]
    pub(super) fn change(&mut self, measure: u16, bucket: i32) {
        let kept = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if kept.days.is_empty() {
            return;
        }
        if kept.changed.len() == MOST_CHANGES {
            *kept = Kept::default();
        } else if kept.changed.last() != Some(&(measure, bucket)) {
            kept.changed.push((measure, bucket));
        }
    }

    /// Of cells that are put together anew.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for RollUps {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Kept {
    fn forget_what_changed(&mut self, dimensions: u8, per_day: i32) {
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        changed.dedup();
        for (measure, bucket) in changed {
            for dimensions in 0..=dimensions {
                let key = |from| Key { dimensions, measure, from };
                for (key, day) in self.days.range_mut(key(bucket - per_day + 1)..=key(bucket)) {
                    self.parts -= day.sum.take().map_or(0, |sum| sum.len());
                    let hour = (bucket - key.from) * HOURS as i32 / per_day;
                    let hours = day.hours.get_or_insert_default();
                    self.parts -= hours[hour as usize].take().map_or(0, |hour| hour.len());
                }
            }
        }
    }
}

impl GridCells {
    /// All of a measure in a stretch of time that begins and ends with a cell, by the values of `dimensions`. What it
    /// takes is the days times the values, and the cells of what is less than a day.
    pub(crate) fn rolled_up(
        &self,
        measure: u16,
        (from, until): (i64, i64),
        dimensions: &[Dimension],
        mut give: impl FnMut(&Values, Held<'_>),
    ) {
        let own = self.grid.dimensions();
        let all = (1_u8 << own.len()) - 1;
        let wanted = (0..).zip(own).filter(|(_, own)| dimensions.contains(own));
        let wanted = wanted.fold(0_u8, |mask, (place, _)| mask | 1 << place);
        let per_day = (DAY / self.grid.micros()) as i32;
        let mut kept = self.roll_ups.kept();
        kept.forget_what_changed(all, per_day);
        if kept.parts > MOST_PARTS.max(self.len() / 2) {
            *kept = Kept::default();
        }
        let (first, end) = (self.bucket(from), self.bucket(until));
        let mut at = first;
        while let Some(next) = self.first_bucket(measure, at, end) {
            let from = first + (next - first) / per_day * per_day;
            at = from + per_day;
            if at > end {
                self.within(measure, next, end, |_, values, cell| give(values, cell));
                return;
            }
            let key = Key { dimensions: wanted, measure, from };
            let Kept { days, parts, .. } = &mut *kept;
            let day = days.entry(key).or_default();
            if day.sum.is_none() {
                *parts += self.add_up(day, key);
            }
            for (values, sum) in day.sum.iter().flatten() {
                give(values, Held::Values(&sum.values));
                give(values, Held::without(sum));
            }
        }
    }

    /// How many sums that made.
    fn add_up(&self, day: &mut Day, key: Key) -> usize {
        let Key { measure, from, dimensions } = key;
        let per_day = (DAY / self.grid.micros()) as i32;
        let Some(hours) = &mut day.hours else {
            return day.sum.insert(self.sum_of(measure, from, from + per_day, dimensions)).len();
        };
        let (mut sum, mut made) = (Parts::new(), 0);
        for (number, hour) in (0..).zip(hours.iter_mut()) {
            // Cells may be wider than an hour: then they lie in the one that they begin in.
            let begin = |number: i32| from + (number * per_day + HOURS as i32 - 1) / HOURS as i32;
            let hour = hour.get_or_insert_with(|| {
                let hour = self.sum_of(measure, begin(number), begin(number + 1), dimensions);
                made += hour.len();
                hour
            });
            hour.iter().for_each(|(values, part)| sum.entry(*values).or_default().add(part));
        }
        made + day.sum.insert(sum).len()
    }

    fn sum_of(&self, measure: u16, from: i32, until: i32, dimensions: u8) -> Parts {
        let mut sum = Parts::new();
        self.within(measure, from, until, |_, values, cell| {
            let mut values = *values;
            let dropped = values.iter_mut().enumerate();
            dropped.filter(|(at, _)| dimensions & 1 << at == 0).for_each(|(_, value)| *value = 0);
            cell.add_to(sum.entry(values).or_default());
        });
        sum
    }
}
