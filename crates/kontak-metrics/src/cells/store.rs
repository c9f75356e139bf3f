use super::{Grid, GridCells, GridError, MOST_DIMENSIONS, Place, Summary, Window};
use chrono::{DateTime, Utc};

/// The cells of values that somebody has measured already: one measure, by time and up to four numbers of the caller's
/// own. What [`Metrics`](crate::Metrics) keeps its facts in, alone.
///
/// ```
/// use kontak_metrics::{Cells, Window};
///
/// let mut waits = Cells::new(60)?;
/// let at = "2026-03-02T09:12:00Z".parse()?;
/// waits.insert(at, [3, 14, 0, 0], 12_000_000);
/// waits.insert(at, [3, 15, 0, 0], 30_000_000);
/// assert!(waits.remove(at, [3, 15, 0, 0], 30_000_000));
///
/// let day = Window::new("2026-03-02T00:00:00Z".parse()?, "2026-03-03T00:00:00Z".parse()?)?;
/// let voice = waits.sum(&day, |values| values[0] == 3);
/// assert_eq!((voice.values.count(), voice.values.sum()), (1, 12_000_000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cells(GridCells);

impl Cells {
    /// Cells of so many minutes.
    ///
    /// # Errors
    ///
    /// It is no multiple of 15 that divides a day.
    pub fn new(minutes: u32) -> Result<Self, GridError> {
        Ok(Self(GridCells::new(Grid::new(&[], minutes)?)))
    }

    /// Adds a value.
    #[inline]
    pub fn insert(&mut self, at: DateTime<Utc>, values: [u32; MOST_DIMENSIONS], value: u64) {
        let place = self.place(at, values);
        self.0.cell(place).insert(value);
    }

    /// Takes a value back; whether it was there.
    pub fn remove(
        &mut self,
        at: DateTime<Utc>,
        values: [u32; MOST_DIMENSIONS],
        value: u64,
    ) -> bool {
        let place = self.place(at, values);
        self.0.cell(place).remove(value).is_ok()
    }

    /// All cells of a window whose numbers are wanted, together. A cell counts where its begin lies in the window.
    pub fn sum(
        &self,
        window: &Window,
        mut wanted: impl FnMut(&[u32; MOST_DIMENSIONS]) -> bool,
    ) -> Summary {
        let (from, until) = window.micros();
        let mut total = Summary::default();
        let (from, until) = (self.0.bucket(from), self.0.bucket(until));
        self.0.within(0, from, until, |_, values, held| {
            if wanted(values) {
                held.add_to(&mut total);
            }
        });
        total
    }

    /// How many cells there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Gives back the memory that growing has taken in advance: for cells that are complete.
    pub fn shrink(&mut self) {
        self.0.shrink();
    }

    fn place(&self, at: DateTime<Utc>, values: [u32; MOST_DIMENSIONS]) -> Place {
        let bucket = self.0.bucket(at.timestamp_micros());
        Place { measure: 0, bucket, values }
    }
}
