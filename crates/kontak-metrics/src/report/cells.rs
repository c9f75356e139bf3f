use super::View;
use crate::engine::{CellRecord, instant};
use crate::{Catalog, Grid};
use chrono::{DateTime, Utc};

impl<'a> View<'a> {
    /// What is computed.
    #[must_use]
    pub fn catalog(&self) -> &'a Catalog {
        self.metrics.catalog()
    }

    /// Which cells are kept.
    pub fn grids(&self) -> impl ExactSizeIterator<Item = &'a Grid> + use<'a> {
        self.metrics.grids.iter().map(|cells| &cells.grid)
    }

    /// The cells of a grid, by its place: by measure, then by time and name. None where there is no such grid.
    #[must_use]
    pub fn cells(&self, grid: usize) -> Vec<CellRecord> {
        let mut records = Vec::new();
        let Some(cells) = self.metrics.grids.get(grid) else { return records };
        let names = &self.metrics.names;
        cells.each(|place, summary| {
            let values = cells.grid.dimensions().iter().zip(place.values);
            records.push(CellRecord {
                grid: grid as u16,
                measure: place.measure,
                at: instant(i64::from(place.bucket) * cells.grid.micros()),
                values: values.map(|(dimension, value)| dimension.value(value, names)).collect(),
                summary,
            });
        });
        records.sort_unstable_by(|a: &CellRecord, b| {
            (a.measure, a.at, &a.values).cmp(&(b.measure, b.at, &b.values))
        });
        records
    }

    /// How wide the cell of a grid is that an instant lies in, in minutes: as wide as the grid says, or wider by
    /// [`Downscaling`](crate::Downscaling). `None` where there is no such grid.
    #[must_use]
    pub fn cell_minutes(&self, grid: usize, at: DateTime<Utc>) -> Option<u32> {
        let cells = self.metrics.grids.get(grid)?;
        Some(cells.minutes_at(at.timestamp_micros()))
    }
}
