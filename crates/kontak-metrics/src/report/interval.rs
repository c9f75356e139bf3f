use serde::{Deserialize, Serialize};

/// Where the true value lies, at 95 % confidence.
///
/// ```
/// use kontak_metrics::Interval;
///
/// // One success of one says little: not "100 %".
/// let share = Interval::of_share(1, 1).ok_or("of none")?;
/// assert!((share.low - 0.206_549).abs() < 1e-6 && share.high == 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Up to here binomial sums are exact; beyond, the normal approximation is nearer than anybody can tell.
const EXACT: u64 = 1_000;

impl Interval {
    fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    /// Whether two intervals have a value in common: then their order says nothing.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// Of a share, after Wilson (1927, *Journal of the American Statistical Association* 22). `None` of none.
    #[must_use]
    pub fn of_share(successes: u64, of: u64) -> Option<Self> {
        if of == 0 || successes > of {
            return None;
        }
        let (n, p) = (of as f64, successes as f64 / of as f64);
        let middle = p + Z * Z / (2.0 * n);
        let reach = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let below = 1.0 + Z * Z / n;
        // Where all or none succeed an end is exact; rounding must not say otherwise.
        let low = if successes == 0 { 0.0 } else { (middle - reach) / below };
        let high = if successes == of { 1.0 } else { (middle + reach) / below };
        Some(Self::new(low, high))
    }

    /// Of a net promoter score, from -100 to 100: the adjusted Wald interval of Lewis and Sauro, with three
    /// answers more, of which three quarters promote and three quarters detract.
    #[must_use]
    pub fn of_nps(promoters: u64, passives: u64, detractors: u64) -> Option<Self> {
        let of = promoters + passives + detractors;
        if of == 0 {
            return None;
        }
        let n = of as f64 + 3.0;
        let (p, d) = ((promoters as f64 + 0.75) / n, (detractors as f64 + 0.75) / n);
        let score = p - d;
        let reach = Z * ((p + d - score * score) / n).sqrt();
        Some(Self::new(100.0 * (score - reach).max(-1.0), 100.0 * (score + reach).min(1.0)))
    }

    /// Of the mean of values that are not negative, after Student, cut off at 0. `None` for fewer than two values.
    #[must_use]
    pub fn of_mean(mean: f64, variance: f64, n: u64) -> Option<Self> {
        if n < 2 {
            return None;
        }
        let reach = student(n - 1) * (variance / n as f64).sqrt();
        Some(Self::new((mean - reach).max(0.0), mean + reach))
    }

    /// The ranks, counted from 1, between which the quantile `q` of what `n` values were drawn from lies: order
    /// statistics, which ask nothing of the distribution. `None` where there are too few values to say.
    #[must_use]
    pub fn ranks_of_quantile(q: f64, n: u64) -> Option<(u64, u64)> {
        if n == 0 || !(q > 0.0 && q < 1.0) {
            return None;
        }
        let (low, high) = if n <= EXACT { exact_ranks(q, n) } else { normal_ranks(q, n) };
        (low >= 1 && high <= n).then_some((low, high))
    }
}

/// The largest `low` and the least `high` with at most 2.5 % outside on either side, by summing the binomial
/// distribution. Rank 0 or `n + 1` where there is none.
fn exact_ranks(q: f64, n: u64) -> (u64, u64) {
    // How many of n values are below the quantile is binomial. In logarithms, as (1 - q)^n may vanish.
    let (mut log, odds) = (n as f64 * (1.0 - q).ln(), q.ln() - (1.0 - q).ln());
    let (mut below, mut low, mut high) = (0.0, 0, n + 1);
    for k in 0..=n {
        below += log.exp();
        if below <= 0.025 {
            low = k + 1;
        }
        if below >= 0.975 {
            high = k + 1;
            break;
        }
        log += odds + ((n - k) as f64).ln() - ((k + 1) as f64).ln();
    }
    (low, high)
}

fn normal_ranks(q: f64, n: u64) -> (u64, u64) {
    let (middle, reach) = (q * n as f64, Z * (n as f64 * q * (1.0 - q)).sqrt());
    let low = (middle - reach).floor().max(0.0) as u64;
    (low, ((middle + reach).ceil() as u64) + 1)
}

/// The 97.5 % point of Student's distribution: tables for few degrees of freedom, and beyond them the expansion of
/// Cornish and Fisher, right to four digits.
fn student(degrees: u64) -> f64 {
    const TABLE: [f64; 9] = [
        12.706_205, 4.302_653, 3.182_446, 2.776_445, 2.570_582, 2.446_912, 2.364_624, 2.306_004,
        2.262_157,
    ];
    if let Some(point) = (degrees as usize).checked_sub(1).and_then(|place| TABLE.get(place)) {
        return *point;
    }
    let (v, z2) = (degrees as f64, Z * Z);
    let first = (z2 + 1.0) / 4.0;
    let second = (5.0 * z2 * z2 + 16.0 * z2 + 3.0) / 96.0;
    let third = (3.0 * z2 * z2 * z2 + 19.0 * z2 * z2 + 17.0 * z2 - 15.0) / 384.0;
    Z * (1.0 + first / v + second / (v * v) + third / (v * v * v))
}
