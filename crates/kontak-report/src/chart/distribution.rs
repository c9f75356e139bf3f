use super::axis::Axis;
use super::bar::{Bar, numbers, octaves, straight};
use super::svg::{Around, COLOURS};
use super::{Chart, ChartError};
use kontak_metrics::{Definition, Histogram, Show};
use plotters::prelude::*;

/// How the values of a distribution are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scale {
    /// Twice as long is a step further: for waits, which are short mostly, and sometimes very long. All bars are equally
    /// wide there, a part of an octave, and as high as the values in them are many. Zero stands apart, on the left.
    #[default]
    Logarithmic,
    /// Straight. A bar's area is its share of the values, as bars end where bins of the histogram do, which are not all
    /// equally wide; scores have a bar each, as high as they are many.
    Linear,
}

/// Fewer octaves would say more than there is to say.
const LEAST_OCTAVES: f64 = 4.0;

impl Chart {
    /// How values are distributed, such as those of a [`Summary`](kontak_metrics::Summary). Every bar ends exactly
    /// where bins of the histogram do: none is cut, and no value moves.
    ///
    /// # Errors
    ///
    /// The picture is too small or too large.
    pub fn distribution(
        &self,
        definition: &Definition,
        values: &Histogram,
        scale: Scale,
    ) -> Result<String, ChartError> {
        let (show, whole) = (definition.show, definition.units() as f64);
        let unit = if show == Show::Duration { 1e6 } else { 1.0 };
        let scores = if show == Show::Duration { None } else { numbers(values) };
        let (bars, is_even) = match (scale, scores) {
            (Scale::Logarithmic, _) => (octaves(values, unit), true),
            (Scale::Linear, Some(scores)) => (scores, true),
            (Scale::Linear, None) => (straight(values, unit), false),
        };
        let height = |bar: &Bar| match is_even {
            true => bar.count as f64 / whole,
            false => bar.count as f64 / values.count() as f64 / (bar.until - bar.from),
        };
        let axes = bars.first().zip(bars.last()).map(|(first, last)| {
            let highest = bars.iter().map(height).fold(0.0, f64::max);
            let y = match is_even {
                true => {
                    let labels = (self.size.1 / 50).clamp(2, 8) as usize;
                    Axis::of_values(0.0, highest, Show::Count, labels, self.words)
                }
                // A density has no unit that anybody thinks in.
                false => Axis::new(0.0, highest * 1.05, Vec::new()),
            };
            let count = (self.size.0 / 90).max(2) as usize;
            let x = match scale {
                Scale::Logarithmic => self.octave_axis(&bars, values.zeros() > 0, show),
                Scale::Linear => Axis::of_values(0.0, last.until, show, count, self.words)
                    .reaching(first.from, last.until),
            };
            (x, y)
        });
        let description = self.distribution_in_words(values, show, unit, whole);
        let around = Around { lines: true, key: false };
        self.draw(axes, around, &description, |canvas, _| {
            canvas.draw_series(bars.iter().map(|bar| {
                let corners = [(bar.from, 0.0), (bar.until, height(bar))];
                let mut drawn = Rectangle::new(corners, COLOURS[0].mix(0.8).filled());
                drawn.set_margin(0, 0, 0, 1);
                drawn
            }))?;
            Ok(())
        })
    }

    /// Labels at values that people know.
    fn octave_axis(&self, bars: &[Bar], has_zeros: bool, show: Show) -> Axis {
        const SPANS: [f64; 18] = [
            1e-3,
            1e-2,
            0.1,
            0.5,
            1.0,
            5.0,
            15.0,
            30.0,
            60.0,
            300.0,
            900.0,
            1_800.0,
            3_600.0,
            10_800.0,
            28_800.0,
            86_400.0,
            604_800.0,
            2_592_000.0,
        ];
        let decades = (0..20).flat_map(|power| [1.0, 2.0, 5.0].map(|it| it * 10_f64.powi(power)));
        let known: Vec<f64> =
            if show == Show::Duration { SPANS.to_vec() } else { decades.collect() };
        let (zeros, others) = bars.split_at(usize::from(has_zeros));
        let ends = others.first().zip(others.last()).map(|(one, other)| (one.from, other.until));
        let mut ticks: Vec<(f64, String)> = Vec::new();
        for zeros in zeros {
            ticks.push(((zeros.from + zeros.until) / 2.0, self.words.value(0.0, show)));
        }
        let zero_from = zeros.first().map_or(f64::INFINITY, |zeros| zeros.from);
        let Some((lowest, highest)) = ends else {
            return Axis::new(zero_from - 1.0, zero_from + LEAST_OCTAVES, ticks);
        };
        let room = (LEAST_OCTAVES - (highest - lowest)).max(0.0);
        let until = highest + room / 2.0;
        let from = if has_zeros { zero_from } else { lowest - room / 2.0 };
        let apart = 56.0 * (until - from) / f64::from(self.size.0);
        for value in known {
            let at = value.log2();
            let is_free = ticks.last().is_none_or(|(last, _)| at - last >= apart);
            if at >= if has_zeros { lowest } else { from } && at <= until && is_free {
                ticks.push((at, self.words.value(value, show)));
            }
        }
        Axis::new(from, until, ticks)
    }

    fn distribution_in_words(
        &self,
        values: &Histogram,
        show: Show,
        unit: f64,
        whole: f64,
    ) -> String {
        let at = |share| values.quantile(share).map(|it| self.words.value(it / unit, show));
        let found = at(0.5).zip(at(0.9)).zip(at(0.99).zip(at(1.0)));
        found.map_or_else(
            || self.words.get("empty"),
            |((p50, p90), (p99, most))| {
                let count = self.words.value((values.count() as f64 / whole).floor(), Show::Count);
                let words = [
                    ("count", &*count),
                    ("p50", &p50),
                    ("p90", &p90),
                    ("p99", &p99),
                    ("most", &most),
                ];
                self.words.fill("distribution", &words)
            },
        )
    }
}
