use super::words::Words;
use kontak_metrics::Show;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// A straight axis, with the places that are labelled. What lies beyond an end is drawn at it.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    from: f64,
    until: f64,
    ticks: Vec<(f64, String)>,
}

/// Steps between the labels of durations, in seconds.
const SPANS: [f64; 28] = [
    1.0,
    2.0,
    5.0,
    10.0,
    15.0,
    20.0,
    30.0,
    60.0,
    120.0,
    300.0,
    600.0,
    900.0,
    1_200.0,
    1_800.0,
    3_600.0,
    7_200.0,
    10_800.0,
    14_400.0,
    21_600.0,
    28_800.0,
    43_200.0,
    86_400.0,
    172_800.0,
    345_600.0,
    604_800.0,
    1_209_600.0,
    2_592_000.0,
    7_776_000.0,
];

impl Axis {
    /// From one end to the other; an axis of no length is given one.
    pub(super) fn new(from: f64, until: f64, ticks: Vec<(f64, String)>) -> Self {
        let until = if until > from { until } else { from + 1.0 };
        Self { from, until, ticks }
    }

    /// Of values from `low` up to at least `high`, with about `count` labels, ending with one.
    pub(super) fn of_values(low: f64, high: f64, show: Show, count: usize, words: Words) -> Self {
        let step = step((high - low).max(f64::MIN_POSITIVE) / count as f64, show);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let last = if last > first { last } else { first + 1.0 };
        let ticks = (0..=(last - first) as usize).map(|place| (first + place as f64) * step);
        let ticks = ticks.map(|tick| (tick, words.value(tick, show))).collect();
        Self::new(first * step, last * step, ticks)
    }

    /// The same, with other ends and the labels that lie between them.
    pub(super) fn reaching(self, from: f64, until: f64) -> Self {
        let ticks = self.ticks.into_iter().filter(|(tick, _)| (from..=until).contains(tick));
        Self::new(from, until, ticks.collect())
    }

    /// The letters of its longest label.
    pub(super) fn letters(&self) -> usize {
        self.ticks.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0)
    }

    pub(super) fn label(&self, at: f64) -> String {
        let found = self.ticks.iter().find(|(tick, _)| *tick == at);
        found.map_or_else(String::new, |(_, label)| label.clone())
    }
}

/// The least step that reads well and is not below one.
fn step(least: f64, show: Show) -> f64 {
    let found = match show {
        Show::Duration => SPANS.into_iter().find(|step| *step >= least),
        _ => None,
    };
    // What counts has no half.
    let least = match show {
        Show::Count | Show::CountWithOpen => least.max(1.0),
        _ => least,
    };
    match found {
        Some(step) if least > 0.5 => step,
        _ => {
            let decade = 10_f64.powf(least.log10().floor());
            let steps = [1.0, 2.0, 5.0, 10.0].map(|times| times * decade);
            steps.into_iter().find(|step| *step >= least * 0.999).unwrap_or(10.0 * decade)
        }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (low, high): (i32, i32)) -> i32 {
        let share = ((value - self.from) / (self.until - self.from)).clamp(0.0, 1.0);
        low + (share * f64::from(high - low)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.iter().map(|(tick, _)| *tick).collect()
    }

    fn range(&self) -> Range<f64> {
        self.from..self.until
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.label(*value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, show: Show) -> Vec<String> {
        let words = Words::of(&"en".parse().unwrap());
        let ticks = Axis::of_values(low, high, show, 5, words).ticks;
        ticks.into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn labels_are_round() {
        assert_eq!(labels(0.0, 4.7, Show::Mean), ["0", "1", "2", "3", "4", "5"]);
        assert_eq!(labels(0.0, 1.0, Show::Share), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]);
        assert_eq!(labels(0.0, 700.0, Show::Duration), ["0 s", "5 min", "10 min", "15 min"]);
        assert_eq!(labels(0.0, 0.004, Show::Duration)[1], "1 ms");
        assert_eq!(labels(0.0, 2.0, Show::Count), ["0", "1", "2"]);
        assert_eq!(labels(-100.0, 100.0, Show::Nps), ["-100", "-50", "0", "50", "100"]);
    }

    #[test]
    fn no_range_is_too_small_or_too_large() {
        for high in [0.0, 1e-12, 1.0, 1e18, f64::from(u32::MAX) * 1e9] {
            for show in [Show::Duration, Show::Mean, Show::Count, Show::Amount] {
                let count = labels(0.0, high, show).len();
                assert!((2..=12).contains(&count), "{high} {show:?}: {count}");
            }
        }
    }
}
