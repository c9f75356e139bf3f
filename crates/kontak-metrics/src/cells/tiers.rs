//! Old cells of a grid, put together.

use super::{Downscaling, Grid, GridCells};

const DAY: i64 = 86_400_000_000;

/// Where cells are wider than their grid's, in its buckets: before which, and how many they hold. The oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tiers(Vec<(i32, i32)>);

impl Tiers {
    /// As of an instant. A tier begins with a day, so that no cell lies in two.
    fn of(downscaling: &Downscaling, grid: &Grid, now: i64) -> Self {
        let tiers = downscaling.tiers().iter().rev().filter_map(|(age, minutes)| {
            let wide = minutes.is_multiple_of(grid.minutes()).then(|| minutes / grid.minutes())?;
            let day = now.saturating_sub(age.micros()).div_euclid(DAY);
            (wide > 1).then_some(((day * (DAY / grid.micros())) as i32, wide as i32))
        });
        Self(tiers.collect())
    }

    /// How many buckets of the grid the cell of a bucket holds.
    #[inline]
    pub(super) fn width(&self, bucket: i32) -> i32 {
        self.0.iter().find(|(before, _)| bucket < *before).map_or(1, |(_, wide)| *wide)
    }

    /// The bucket that stands for one.
    #[inline]
    pub(super) fn of_bucket(&self, bucket: i32) -> i32 {
        let width = self.width(bucket);
        if width == 1 { bucket } else { bucket.div_euclid(width) * width }
    }
}

impl GridCells {
    /// Puts the cells together that have become old.
    pub(crate) fn coarsen(&mut self, downscaling: &Downscaling, now: i64) {
        let tiers = Tiers::of(downscaling, &self.grid, now);
        if tiers == self.tiers {
            return;
        }
        self.flush();
        self.tiers = tiers;
        let old = self.buckets().filter(|(_, bucket)| self.tiers.of_bucket(*bucket) != *bucket);
        for (measure, bucket) in old.collect::<Vec<_>>() {
            let mut held = Vec::new();
            self.take_bucket(measure, bucket, |place, summary| held.push((place, summary)));
            for (place, summary) in held {
                self.add(place, &summary);
            }
        }
    }

    /// Whether a cell begins at an instant.
    pub(crate) fn is_edge(&self, at: i64) -> bool {
        let bucket = self.bucket_at(at);
        at.rem_euclid(self.grid.micros()) == 0 && self.tiers.of_bucket(bucket) == bucket
    }

    /// How wide the cell is that an instant lies in, in minutes.
    pub(crate) fn minutes_at(&self, at: i64) -> u32 {
        self.grid.minutes() * self.tiers.width(self.bucket_at(at)) as u32
    }
}
