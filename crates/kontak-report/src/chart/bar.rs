//! Bars over the bins of a histogram: every one ends where a bin does.

use kontak_metrics::Histogram;

/// So many bars are told apart.
const BARS: f64 = 60.0;

/// How many values lie from where to where, in the unit that is shown.
pub(super) struct Bar {
    pub(super) from: f64,
    pub(super) until: f64,
    pub(super) count: u64,
}

/// In logarithms, by the finest scale with few enough bars, and zeros before them.
pub(super) fn octaves(values: &Histogram, unit: f64) -> Vec<Bar> {
    let shown = unit.log2();
    let at_scale = |scale: u32| {
        let width = 0.5_f64.powi(scale as i32);
        let bins = values.buckets_at(scale).into_iter();
        bins.map(move |(index, count)| {
            let from = f64::from(index) * width - shown;
            Bar { from, until: from + width, count }
        })
    };
    let span = |scale| {
        let (first, last) = (at_scale(scale).next(), at_scale(scale).next_back());
        first.zip(last).map_or(0.0, |(first, last)| last.until - first.from)
    };
    let fits = |scale: &u32| span(*scale) * 2_f64.powi(*scale as i32) <= BARS;
    let scale = (0..=4).rev().find(fits).unwrap_or(0);
    let mut bars: Vec<Bar> = at_scale(scale).collect();
    if values.zeros() > 0 {
        let lowest = bars.first().map_or(0.0, |bar| bar.from);
        let width = 0.5_f64.powi(scale as i32);
        let from = lowest - 2.5 * width;
        bars.insert(0, Bar { from, until: from + width, count: values.zeros() });
    }
    bars
}

/// One around each whole number, where bins hold one number each and these are few; `None` where they do not.
pub(super) fn numbers(values: &Histogram) -> Option<Vec<Bar>> {
    let around = |number: f64, count| Bar { from: number - 0.5, until: number + 0.5, count };
    let zeros = (values.zeros() > 0).then(|| around(0.0, values.zeros()));
    let bins = values.buckets().map(|bin| (bin.upper.floor(), bin.count));
    let bars: Vec<Bar> =
        zeros.into_iter().chain(bins.map(|(number, count)| around(number, count))).collect();
    bars.last().is_none_or(|last| last.until < BARS).then_some(bars)
}

/// From zero on, each bar the bins that end within one of equal steps.
pub(super) fn straight(values: &Histogram, unit: f64) -> Vec<Bar> {
    let Some(highest) = values.buckets().last().map(|bin| bin.upper) else {
        let zeros = Bar { from: 0.0, until: 1.0, count: values.zeros() };
        return if values.zeros() > 0 { vec![zeros] } else { Vec::new() };
    };
    let step = highest / BARS;
    // The first bound of a bin that is not before an end of a step.
    let edge = |number: f64| {
        let index = ((number * step).log2() * 128.0 - 1e-6).ceil();
        if number == 0.0 { 0.0 } else { (index / 128.0).exp2() }
    };
    let mut bars: Vec<Bar> = Vec::new();
    if values.zeros() > 0 {
        bars.push(Bar { from: 0.0, until: edge(1.0) / unit, count: values.zeros() });
    }
    for bin in values.buckets() {
        let mut number = (bin.upper / step).floor().max(1.0);
        while edge(number) < bin.upper * (1.0 - 1e-9) {
            number += 1.0;
        }
        let (from, until) = (edge(number - 1.0) / unit, edge(number) / unit);
        match bars.last_mut().filter(|last| (last.until - until).abs() < 1e-9 * until) {
            Some(last) => last.count += bin.count,
            None => bars.push(Bar { from, until, count: bin.count }),
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = u64>) -> Histogram {
        let mut histogram = Histogram::new();
        values.into_iter().for_each(|value| histogram.insert(value));
        histogram
    }

    #[test]
    fn every_value_lies_in_one_bar_of_either_scale() {
        let values: Vec<u64> = (0..3_000_u64).map(|it| it * it * 7 % 90_000_000).collect();
        let histogram = of(values.iter().copied());
        for (bars, is_straight) in
            [(straight(&histogram, 1.0), true), (octaves(&histogram, 1.0), false)]
        {
            assert_eq!(bars.iter().map(|bar| bar.count).sum::<u64>(), 3_000);
            assert!(bars.len() <= 62);
            assert!(bars.windows(2).all(|pair| pair[0].until <= pair[1].from * (1.0 + 1e-9)));
            for bar in bars.iter().skip(1) {
                let from = if is_straight { bar.from } else { bar.from.exp2() };
                let until = if is_straight { bar.until } else { bar.until.exp2() };
                // Bounds are irrational, values whole: none is at an end by accident.
                let inside =
                    |value: &&u64| **value as f64 > from && **value as f64 <= until * (1.0 + 1e-12);
                assert_eq!(
                    values.iter().filter(inside).count() as u64,
                    bar.count,
                    "{from} {until}"
                );
            }
        }
    }

    #[test]
    fn scores_have_a_bar_each() {
        let bars = numbers(&of([0, 1, 3, 3, 5])).unwrap();
        let told: Vec<_> = bars.iter().map(|bar| (bar.from + 0.5, bar.count)).collect();
        assert_eq!(told, [(0.0, 1), (1.0, 1), (3.0, 2), (5.0, 1)]);
        assert!(numbers(&of([1, 200])).is_none());
        let all = numbers(&of(0..=59)).unwrap();
        assert!(all.iter().enumerate().all(|(number, bar)| bar.from + 0.5 == number as f64));
    }

    #[test]
    fn areas_of_a_straight_scale_add_up_to_one() {
        let histogram = of((1..500).map(|it| it * 1_000));
        let bars = straight(&histogram, 1e6);
        let of_all: u64 = bars.iter().map(|bar| bar.count).sum();
        assert_eq!(of_all, histogram.count());
        assert!(bars.iter().all(|bar| bar.until > bar.from));
    }
}
