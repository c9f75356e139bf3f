use std::fmt;

/// A mean with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Interval {
    /// The mean.
    pub mean: f64,
    /// From there to either end.
    pub half_width: f64,
}

impl Interval {
    /// Whether it covers a value.
    #[must_use]
    pub fn covers(&self, value: f64) -> bool {
        (self.mean - value).abs() <= self.half_width
    }

    /// Its half-width as a share of a value.
    #[must_use]
    pub fn relative_to(&self, value: f64) -> f64 {
        self.half_width / value.abs()
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4} ± {:.4}", self.mean, self.half_width)
    }
}

/// The interval of the mean of independent runs, or of batches so long that they are nearly so, at
/// this confidence (0.95, 0.99 ...), by Student's t.
///
/// `controls` are what was drawn in each run and whose true mean is known and subtracted: the rate of
/// arrivals that came, the mean service time that was drawn. What of a run's result follows from them
/// by least squares is taken out (Lavenberg and Welch 1981), which narrows the interval at no price.
///
/// `None` where there are too few runs.
#[must_use]
pub fn interval(runs: &[f64], controls: &[[f64; 2]], confidence: f64) -> Option<Interval> {
    let n = runs.len() as f64;
    let used = if controls.len() == runs.len() { 2.0 } else { 0.0 };
    let freedom = n - 1.0 - used;
    if freedom < 2.0 {
        return None;
    }
    let mean = runs.iter().sum::<f64>() / n;
    if used == 0.0 {
        let squares: f64 = runs.iter().map(|x| (x - mean).powi(2)).sum();
        let half_width = student_t(confidence, freedom) * (squares / freedom / n).sqrt();
        return Some(Interval { mean, half_width });
    }
    let means = [0, 1].map(|k| controls.iter().map(|c| c[k]).sum::<f64>() / n);
    let (mut s, mut r) = ([[0.0; 2]; 2], [0.0; 2]);
    for (x, control) in runs.iter().zip(controls) {
        let d = [control[0] - means[0], control[1] - means[1]];
        for i in 0..2 {
            r[i] += d[i] * (x - mean);
            for j in 0..2 {
                s[i][j] += d[i] * d[j];
            }
        }
    }
    let determinant = s[0][0] * s[1][1] - s[0][1] * s[1][0];
    if determinant <= f64::EPSILON * s[0][0] * s[1][1] {
        return interval(runs, &[], confidence);
    }
    let inverse = [
        [s[1][1] / determinant, -s[0][1] / determinant],
        [-s[1][0] / determinant, s[0][0] / determinant],
    ];
    let slope = [0, 1].map(|i| inverse[i][0] * r[0] + inverse[i][1] * r[1]);
    let adjusted = mean - slope[0] * means[0] - slope[1] * means[1];
    let squares: f64 = runs
        .iter()
        .zip(controls)
        .map(|(x, c)| (x - adjusted - slope[0] * c[0] - slope[1] * c[1]).powi(2))
        .sum();
    let leverage: f64 =
        (0..2).map(|i| (0..2).map(|j| means[i] * inverse[i][j] * means[j]).sum::<f64>()).sum();
    let variance = squares / freedom * (1.0 / n + leverage);
    Some(Interval { mean: adjusted, half_width: student_t(confidence, freedom) * variance.sqrt() })
}

/// The two-sided quantile of Student's t, by Cornish and Fisher's expansion around the normal one;
/// good to three digits from 5 degrees of freedom on.
fn student_t(confidence: f64, freedom: f64) -> f64 {
    let z = normal_quantile(0.5 + confidence / 2.0);
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    let v = freedom;
    z + (z3 + z) / (4.0 * v)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * v * v)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * v * v * v)
}

/// Acklam's rational approximation, to nine digits; above the median only.
fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -39.696_830_286_653_76,
        220.946_098_424_520_5,
        -275.928_510_446_968_7,
        138.357_751_867_269,
        -30.664_798_066_147_16,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -54.476_098_798_224_06,
        161.585_836_858_040_9,
        -155.698_979_859_886_6,
        66.801_311_887_719_72,
        -13.280_681_552_885_72,
    ];
    const C: [f64; 6] = [
        -0.007_784_894_002_430_293,
        -0.322_396_458_041_136_5,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] = [
        0.007_784_695_709_041_462,
        0.322_467_129_070_039_8,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
    ];
    let polynomial = |of: &[f64], x: f64| of.iter().fold(0.0, |sum, c| sum * x + c);
    if p <= 0.975_75 {
        let q = p - 0.5;
        let r = q * q;
        return polynomial(&A, r) * q / (polynomial(&B, r) * r + 1.0);
    }
    let q = (-2.0 * (1.0 - p).ln()).sqrt();
    -polynomial(&C, q) / (polynomial(&D, q) * q + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (confidence, freedom, table) in [
            (0.95, 10.0, 2.228_139),
            (0.99, 30.0, 2.749_996),
            (0.99, 100.0, 2.625_891),
            (0.999, 60.0, 3.460_200),
            (0.95, 1e9, 1.959_964),
        ] {
            let found = student_t(confidence, freedom);
            assert!((found - table).abs() < 0.002, "{confidence} {freedom}: {found}");
        }
    }

    #[test]
    fn a_control_that_explains_everything_leaves_nothing() {
        let controls: Vec<[f64; 2]> =
            (0..20).map(|k| [f64::from(k) - 9.0, f64::from(k * k % 7)]).collect();
        let runs: Vec<f64> = controls.iter().map(|c| 5.0 + 2.0 * c[0] - 3.0 * c[1]).collect();
        let found = interval(&runs, &controls, 0.99).unwrap();
        assert!((found.mean - 5.0).abs() < 1e-9 && found.half_width < 1e-9, "{found}");
    }
}
