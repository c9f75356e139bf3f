use super::{Count, Report, Statistic};
use crate::cells::{DimensionValue, Summary};
use serde::{Deserialize, Serialize};

/// Numbers told apart by a dimension, in the order of its values. What they count is counted once, so they add up to
/// [`total`](Self::total).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Breakdown {
    /// The parts.
    pub rows: Vec<Row>,
    /// All together, made of the parts' values and not of their numbers.
    pub total: Report,
    /// How many parts [`without_few`](Self::without_few) has left out.
    #[serde(default)]
    pub left_out: u64,
}

/// A part of a [`Breakdown`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Row {
    /// Whose.
    pub value: DimensionValue,
    /// The number.
    pub report: Report,
}

impl Breakdown {
    /// Without the parts of fewer than `least` values: a number of two customers is nearly a fact about each. Where
    /// that would leave out one part alone, whose number is the total less the others, the next smallest goes too.
    #[must_use]
    pub fn without_few(mut self, least: u64) -> Self {
        let mut sizes: Vec<u64> = self.rows.iter().map(|row| row.report.n.get()).collect();
        sizes.sort_unstable();
        let few = sizes.partition_point(|n| *n < least);
        let limit = if few == 1 { sizes.get(1).map_or(least, |next| next + 1) } else { least };
        let before = self.rows.len();
        self.rows.retain(|row| row.report.n.get() >= limit);
        self.left_out += (before - self.rows.len()) as u64;
        self
    }

    /// Whether the order of two rows says something: their intervals have nothing in common.
    #[must_use]
    pub fn is_ranked(&self, one: usize, other: usize) -> bool {
        let interval =
            |row: usize| self.rows.get(row).and_then(|row| row.report.statistic.interval());
        interval(one).zip(interval(other)).is_some_and(|(one, other)| !one.overlaps(&other))
    }
}

/// Numbers told apart by something of which a conversation has several: labels, or all agents who owned it. They do
/// not add up, and have no total.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Overlapping {
    /// The parts.
    pub rows: Vec<OverlappingRow>,
}

/// A part of an [`Overlapping`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OverlappingRow {
    /// Whose.
    pub value: DimensionValue,
    /// How many values are behind it.
    pub n: OverlapCount,
    /// The share, mean or score; `None` of none.
    pub headline: Option<f64>,
    /// Where the true one lies.
    pub interval: Option<super::Interval>,
}

/// How many, of which some may be counted elsewhere too: it has no sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OverlapCount(u64);

impl OverlapCount {
    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl OverlappingRow {
    pub(crate) fn new(
        value: DimensionValue,
        summary: &Summary,
        show: crate::Show,
        units: u64,
    ) -> Self {
        let statistic = Statistic::of_units(summary, show, units);
        let headline = match &statistic {
            Statistic::Count { .. } | Statistic::Credit { .. } | Statistic::Amount { .. } => None,
            other => other.headline(),
        };
        let n = OverlapCount(Count::new(summary.values.count() / units).get());
        Self { value, n, headline, interval: statistic.interval() }
    }
}
