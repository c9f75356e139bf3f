use super::{Completeness, Count, Cursor, Interval};
use crate::cells::Summary;
use crate::definition::{Definition, Placement, Show};
use crate::{Histogram, Tag, Window};
use serde::{Deserialize, Serialize};

/// A number, with all that is needed to believe it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// What it is.
    pub definition: Tag,
    /// Under which version.
    pub version: u32,
    /// Which instant put things into the window.
    pub placement: Placement,
    /// The window.
    pub window: Window,
    /// The number.
    pub statistic: Statistic,
    /// How many values are behind it.
    pub n: Count,
    /// How many have none yet: they are open, and may change it.
    pub open: Count,
    /// How many the definition leaves out.
    pub excluded: Count,
    /// What may still come.
    pub completeness: Completeness,
    /// The way to the conversations behind it.
    pub cursor: Cursor,
}

/// What a measure comes to. Durations are in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Statistic {
    /// How long.
    Duration {
        /// The mean, from the exact sum.
        mean: Option<f64>,
        /// Where the true mean lies.
        interval: Option<Interval>,
        /// The median.
        p50: Option<Quantile>,
        /// What nine of ten do not exceed.
        p90: Option<Quantile>,
        /// What 99 of a hundred do not exceed.
        p99: Option<Quantile>,
        /// The longest, to 0.271 %.
        longest: Option<f64>,
    },
    /// Which share.
    Share {
        /// Above the line.
        successes: Count,
        /// Below it.
        of: Count,
        /// Between 0 and 1; `None` of none.
        share: Option<f64>,
        /// Where the true share lies.
        interval: Option<Interval>,
    },
    /// Which mean score.
    Mean {
        /// The mean.
        mean: Option<f64>,
        /// Where the true mean lies.
        interval: Option<Interval>,
    },
    /// Which net promoter score, from -100 to 100.
    Nps {
        /// Answers of 9 and 10.
        promoters: Count,
        /// Answers of 7 and 8.
        passives: Count,
        /// Answers of 0 to 6.
        detractors: Count,
        /// Promoters less detractors, of a hundred.
        score: Option<f64>,
        /// Where the true score lies.
        interval: Option<Interval>,
    },
    /// How many.
    Count {
        /// So many.
        count: Count,
    },
    /// How many, where one may be the credit of several agents in parts.
    Credit {
        /// So many.
        credit: f64,
    },
    /// How much.
    Amount {
        /// All of it, in the smallest unit.
        sum: u64,
        /// A conversation's.
        mean: Option<f64>,
        /// Where the true mean lies.
        interval: Option<Interval>,
    },
}

/// A percentile: off by 0.271 % at most, and its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Quantile {
    /// The value.
    pub value: f64,
    /// Where the true one lies, by order statistics; `None` where there are too few values to say.
    pub interval: Option<Interval>,
}

const SECOND: f64 = 1e6;

impl Statistic {
    /// What a summary comes to, shown one way.
    #[must_use]
    pub fn of(summary: &Summary, show: Show) -> Self {
        Self::of_units(summary, show, 1)
    }

    /// Of a summary that counts so many units for a whole one.
    pub(crate) fn of_units(summary: &Summary, show: Show, units: u64) -> Self {
        let values = &summary.values;
        let count = |value| values.count_of(value);
        match show {
            Show::Duration => {
                let (mean, interval) = mean(values, SECOND, units);
                Self::Duration {
                    mean,
                    interval,
                    p50: Quantile::of_units(values, 0.5, SECOND, units),
                    p90: Quantile::of_units(values, 0.9, SECOND, units),
                    p99: Quantile::of_units(values, 0.99, SECOND, units),
                    longest: values.quantile(1.0).map(|longest| longest / SECOND),
                }
            }
            Show::Share => Self::share(values.count() - values.zeros(), values.count(), units),
            Show::TopBox { from } => {
                let top = (u64::from(from)..=u64::from(u8::MAX)).map(count);
                let top = top_of(values, from).unwrap_or_else(|| top.sum());
                Self::share(top, values.count(), units)
            }
            Show::Mean => {
                let (mean, interval) = mean(values, 1.0, units);
                Self::Mean { mean, interval }
            }
            Show::Nps => {
                let (promoters, passives) = (count(9) + count(10), count(7) + count(8));
                let detractors: u64 = (0..=6).map(count).sum();
                let of = promoters + passives + detractors;
                let score = 100.0 * (promoters as f64 - detractors as f64) / of as f64;
                let [promoters, passives, detractors] =
                    [promoters, passives, detractors].map(|answers| answers / units);
                Self::Nps {
                    promoters: Count::new(promoters),
                    passives: Count::new(passives),
                    detractors: Count::new(detractors),
                    score: (of > 0).then_some(score),
                    interval: Interval::of_nps(promoters, passives, detractors),
                }
            }
            Show::Count => Self::counted(values.count(), units),
            Show::CountWithOpen => Self::counted(values.count() + summary.open, units),
            Show::Amount => {
                let (mean, interval) = mean(values, 1.0, units);
                let sum = values.sum() / u128::from(units);
                let sum = u64::try_from(sum).unwrap_or(u64::MAX);
                Self::Amount { sum, mean, interval }
            }
        }
    }

    fn counted(count: u64, units: u64) -> Self {
        match units {
            1 => Self::Count { count: Count::new(count) },
            units => Self::Credit { credit: count as f64 / units as f64 },
        }
    }

    fn share(successes: u64, of: u64, units: u64) -> Self {
        let share = (of > 0).then(|| successes as f64 / of as f64);
        let (successes, of) = (successes / units, of / units);
        Self::Share {
            successes: Count::new(successes),
            of: Count::new(of),
            share,
            interval: Interval::of_share(successes, of),
        }
    }

    /// The one number that a table has room for: the mean, the share, the score, the count, the sum.
    #[must_use]
    pub fn headline(&self) -> Option<f64> {
        match self {
            Self::Duration { mean, .. } | Self::Mean { mean, .. } => *mean,
            Self::Share { share, .. } => *share,
            Self::Nps { score, .. } => *score,
            Self::Count { count } => Some(count.get() as f64),
            Self::Credit { credit } => Some(*credit),
            Self::Amount { sum, .. } => Some(*sum as f64),
        }
    }

    /// The interval of the headline.
    #[must_use]
    pub fn interval(&self) -> Option<Interval> {
        match self {
            Self::Duration { interval, .. }
            | Self::Share { interval, .. }
            | Self::Mean { interval, .. }
            | Self::Nps { interval, .. } => *interval,
            Self::Count { .. } | Self::Credit { .. } | Self::Amount { .. } => None,
        }
    }
}

impl Quantile {
    /// Of a histogram, in units of `unit` values.
    #[must_use]
    pub fn of(values: &Histogram, q: f64, unit: f64) -> Option<Self> {
        Self::of_units(values, q, unit, 1)
    }

    fn of_units(values: &Histogram, q: f64, unit: f64, units: u64) -> Option<Self> {
        let value = values.quantile(q)? / unit;
        let ranks = Interval::ranks_of_quantile(q, values.count() / units);
        let at = |rank: u64| values.at_rank(rank * units).map(|value| value / unit);
        let interval =
            ranks.and_then(|(low, high)| Some(Interval { low: at(low)?, high: at(high)? }));
        Some(Self { value, interval })
    }
}

/// Scores from `from` on; bins of single numbers end at 180.
fn top_of(values: &Histogram, from: u8) -> Option<u64> {
    (from <= 180).then(|| {
        let below: u64 = (0..u64::from(from)).map(|score| values.count_of(score)).sum();
        values.count() - below
    })
}

fn mean(values: &Histogram, unit: f64, units: u64) -> (Option<f64>, Option<Interval>) {
    let mean = values.mean().map(|mean| mean / unit);
    let variance = values.variance().map(|variance| variance / (unit * unit));
    let interval = mean.zip(variance);
    let n = values.count() / units;
    (mean, interval.and_then(|(mean, variance)| Interval::of_mean(mean, variance, n)))
}

impl Report {
    pub(crate) fn new(
        definition: &Definition,
        summary: &Summary,
        completeness: Completeness,
        cursor: Cursor,
    ) -> Self {
        let units = definition.units();
        Self {
            definition: definition.id.clone(),
            version: definition.version,
            placement: definition.placement,
            window: cursor.window,
            statistic: Statistic::of_units(summary, definition.show, units),
            n: Count::new(summary.values.count() / units),
            open: Count::new(summary.open / units),
            excluded: Count::new(summary.excluded / units),
            completeness,
            cursor,
        }
    }
}
