//! The distribution of a measure, mergeable and subtractable.

mod bin;
mod bins;
mod bounds;
mod record;

use bins::Bins;

/// How values are distributed: a base-2 exponential histogram of scale 7, with the exact count, sum and sum
/// of squares.
///
/// Values are whole numbers: microseconds, scores, cents. Zero has a count of its own. A quantile is at most
/// 0.271 % from the exact one, whatever the values. Adding and subtracting are exact and commute, so any order
/// of the same values, split over any number of shards, gives the same histogram, and what is taken back leaves
/// no trace. Up to 180 a bin holds one whole number at most, so scores are exact.
///
/// It is the exponential histogram of OpenTelemetry and the native one of Prometheus: see
/// [`buckets`](Self::buckets).
///
/// ```
/// use kontak_metrics::Histogram;
///
/// let mut waits = Histogram::new();
/// for seconds in 1..=1_000_u64 {
///     waits.insert(seconds * 1_000_000);
/// }
/// let p99 = waits.quantile(0.99).ok_or("no values")?;
/// assert!((p99 / 990e6 - 1.0).abs() < 0.00271);
/// assert_eq!(waits.sum(), 500_500_000_000);
///
/// let mut fast = Histogram::new();
/// fast.insert(1_000_000);
/// waits.subtract(&fast)?;
/// assert_eq!(waits.count(), 999);
/// assert!(waits.subtract(&fast).is_err(), "it is not there any more");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    sum: u128,
    squares: u128,
    count: u64,
    zeros: u64,
    bins: Bins,
}

/// What is to be subtracted was never added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the histogram to subtract holds values that this one does not")]
#[non_exhaustive]
pub struct NotContained;

/// A bin that holds something.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Bucket {
    /// The index of OpenTelemetry: values above `base^index`, and not above `base^(index + 1)`.
    pub index: i32,
    /// How many values.
    pub count: u64,
    /// The lower bound, not within.
    pub lower: f64,
    /// The upper bound, within.
    pub upper: f64,
}

impl Histogram {
    /// The scale: the base is `2^(2^-7)`, about 1.0054.
    pub const SCALE: u32 = 7;

    /// Empty.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value.
    #[inline]
    pub fn insert(&mut self, value: u64) {
        self.insert_times(value, 1);
    }

    /// Adds a value several times.
    #[inline]
    pub fn insert_times(&mut self, value: u64, times: u64) {
        if times == 0 {
            return;
        }
        let (wide, n) = (u128::from(value), u128::from(times));
        self.count += times;
        self.sum += wide * n;
        self.squares = self.squares.wrapping_add((wide * wide).wrapping_mul(n));
        if value == 0 { self.zeros += times } else { self.bins.add(bin::bin(value), times) }
    }

    /// Adds all values of another.
    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.squares = self.squares.wrapping_add(other.squares);
        self.zeros += other.zeros;
        self.bins.add_all(&other.bins);
    }

    /// Takes all values of another away. Nothing happens where it fails.
    ///
    /// # Errors
    ///
    /// They are not all in there.
    pub fn subtract(&mut self, other: &Self) -> Result<(), NotContained> {
        let held = other.bins.iter().all(|(bin, count)| self.bins.count(bin) >= count);
        if !held || self.zeros < other.zeros || self.sum < other.sum {
            return Err(NotContained);
        }
        self.count -= other.count;
        self.sum -= other.sum;
        self.squares = self.squares.wrapping_sub(other.squares);
        self.zeros -= other.zeros;
        for (bin, count) in other.bins.iter() {
            self.bins.remove(bin, count);
        }
        Ok(())
    }

    /// Takes one value away.
    ///
    /// # Errors
    ///
    /// It is not in there.
    pub fn remove(&mut self, value: u64) -> Result<(), NotContained> {
        self.remove_times(value, 1)
    }

    /// Takes a value away several times. Nothing happens where it fails.
    ///
    /// # Errors
    ///
    /// It is not in there so often.
    pub fn remove_times(&mut self, value: u64, times: u64) -> Result<(), NotContained> {
        let (wide, n) = (u128::from(value), u128::from(times));
        if self.count_of(value) < times || self.sum < wide * n {
            return Err(NotContained);
        }
        self.count -= times;
        self.sum -= wide * n;
        self.squares = self.squares.wrapping_sub((wide * wide).wrapping_mul(n));
        match value {
            0 => self.zeros -= times,
            _ if times == 0 => {}
            value => self.bins.remove(bin::bin(value), times),
        }
        Ok(())
    }

    /// How many values.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many of them are zero.
    #[must_use]
    pub fn zeros(&self) -> u64 {
        self.zeros
    }

    /// The exact sum.
    #[must_use]
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// The mean, from the exact sum.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// The variance of the sample, `n - 1` below; `None` for fewer than two values.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        let n = u128::from(self.count);
        if n < 2 {
            return None;
        }
        // With the exact remainder first: two large floats that nearly cancel would leave noise.
        let spread = self.squares.checked_mul(n).zip(self.sum.checked_mul(self.sum));
        let spread = match spread {
            Some((above, below)) => above.saturating_sub(below) as f64,
            None => (self.squares as f64 * n as f64 - self.sum as f64 * self.sum as f64).max(0.0),
        };
        Some(spread / (n as f64 * (n - 1) as f64))
    }

    /// The least value that at least the share `q` of all does not exceed, as SQL's `percentile_disc`: off by
    /// 0.271 % at most. `None` where it is empty or `q` is not between 0 and 1.
    ///
    /// Complexity: the number of bins up to it, from the nearer end.
    #[must_use]
    pub fn quantile(&self, q: f64) -> Option<f64> {
        if !(0.0..=1.0).contains(&q) {
            return None;
        }
        self.at_rank(((q * self.count as f64).ceil() as u64).max(1))
    }

    /// The value of a rank, counted from 1 in ascending order.
    #[must_use]
    pub fn at_rank(&self, rank: u64) -> Option<f64> {
        if rank == 0 || rank > self.count {
            return None;
        }
        if rank <= self.zeros {
            return Some(0.0);
        }
        // From the nearer end.
        let (below, above) = (rank - self.zeros, self.count - rank);
        let mut seen = 0;
        let found = if below <= above {
            self.bins.iter().find(|(_, count)| {
                seen += count;
                seen >= below
            })
        } else {
            self.bins.iter().rev().find(|(_, count)| {
                seen += count;
                seen > above
            })
        };
        found.map(|(bin, _)| bin::midpoint(bin))
    }

    /// How many values are in the bin of `value`; up to 180, how many *are* `value`.
    #[must_use]
    pub fn count_of(&self, value: u64) -> u64 {
        if value == 0 { self.zeros } else { self.bins.count(bin::bin(value)) }
    }

    /// The bins that are not empty, in ascending order. Zeros are not among them.
    pub fn buckets(&self) -> impl Iterator<Item = Bucket> {
        self.bins.iter().map(|(bin, count)| {
            let (lower, upper) = bin::bounds(bin);
            Bucket { index: i32::from(bin) - 1, count, lower, upper }
        })
    }

    /// The bins of a coarser scale: a lower one halves their number per step, exactly. At most 7.
    #[must_use]
    pub fn buckets_at(&self, scale: u32) -> Vec<(i32, u64)> {
        let shift = Self::SCALE.saturating_sub(scale);
        let mut merged: Vec<(i32, u64)> = Vec::new();
        for (bin, count) in self.bins.iter() {
            let index = (i32::from(bin) - 1) >> shift;
            match merged.last_mut() {
                Some((last, held)) if *last == index => *held += count,
                _ => merged.push((index, count)),
            }
        }
        merged
    }

    /// The OpenTelemetry index of the bin that holds `value`; `None` for zero.
    #[must_use]
    pub fn index_of(value: u64) -> Option<i32> {
        (value > 0).then(|| i32::from(bin::bin(value)) - 1)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Reads what a change will need, and what it reads says nothing.
    #[inline]
    pub(crate) fn touch(&self) -> u64 {
        self.count ^ self.bins.touch()
    }

    pub(crate) fn shrink(&mut self) {
        self.bins.shrink();
    }
}

impl PartialEq for Histogram {
    fn eq(&self, other: &Self) -> bool {
        (self.count, self.sum, self.squares, self.zeros)
            == (other.count, other.sum, other.squares, other.zeros)
            && self.bins.iter().eq(other.bins.iter())
    }
}

impl Eq for Histogram {}
