use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// How many: it adds up, over windows, channels, shards.
///
/// ```
/// use kontak_metrics::Count;
///
/// let all: Count = [Count::new(2), Count::new(3)].into_iter().sum();
/// assert_eq!(all.get(), 5);
/// ```
///
/// What does not add up is no `Count`, and has no sum. A mean of means does not compile:
///
/// ```compile_fail
/// # use kontak_metrics::Quantile;
/// fn both(morning: Quantile, evening: Quantile) -> Quantile {
///     morning + evening
/// }
/// ```
///
/// nor do the counts of labels, of which a conversation has several:
///
/// ```compile_fail
/// # use kontak_metrics::OverlapCount;
/// fn all(refund: OverlapCount, late: OverlapCount) -> OverlapCount {
///     refund + late
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Count(u64);

impl Count {
    /// So many.
    #[must_use]
    pub const fn new(count: u64) -> Self {
        Self(count)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        Self(counts.map(Self::get).sum())
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
