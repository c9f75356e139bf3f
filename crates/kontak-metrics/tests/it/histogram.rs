//! The histogram beside the values themselves.

use kontak_metrics::{Histogram, Interval};
use proptest::prelude::*;

fn of(values: &[u64]) -> Histogram {
    let mut histogram = Histogram::new();
    values.iter().for_each(|value| histogram.insert(*value));
    histogram
}

/// From nothing to the largest, as many small as large ones.
fn values() -> impl Strategy<Value = Vec<u64>> {
    let value =
        (0_u32..65, any::<u64>()).prop_map(|(shift, bits)| bits.checked_shr(shift).unwrap_or(0));
    prop::collection::vec(value, 0..300)
}

proptest! {
    #[test]
    fn quantiles_are_near_the_exact_ones(mut values in values(), q in 0.0_f64..=1.0) {
        let histogram = of(&values);
        values.sort_unstable();
        let rank = ((q * values.len() as f64).ceil() as usize).max(1);
        match (values.get(rank - 1), histogram.quantile(q)) {
            (Some(&exact), Some(found)) => {
                prop_assert!((found - exact as f64).abs() <= exact as f64 * 0.002_708_1, "{found}, {exact}");
            }
            (None, None) => {}
            other => prop_assert!(false, "{other:?}"),
        }
        prop_assert_eq!(histogram.sum(), values.iter().map(|value| u128::from(*value)).sum::<u128>());
    }

    #[test]
    fn adding_and_subtracting_commute_and_undo(a in values(), b in values()) {
        let both = of(&[a.clone(), b.clone()].concat());
        let mut sum = of(&a);
        sum.add(&of(&b));
        prop_assert_eq!(&sum, &both);
        sum.subtract(&of(&a)).unwrap();
        prop_assert_eq!(&sum, &of(&b));
        let mut one_by_one = both;
        for value in &b {
            one_by_one.remove(*value).unwrap();
        }
        prop_assert_eq!(&one_by_one, &of(&a));
        let mut more = a.clone();
        more.push(77_777);
        let held = a.iter().filter(|value| Histogram::index_of(**value) == Histogram::index_of(77_777)).count();
        let mut mine = of(&a);
        prop_assert_eq!(mine.subtract(&of(&more)).is_err(), true, "{} of them", held);
        prop_assert_eq!(mine, of(&a), "a failure changes nothing");
    }

    #[test]
    fn a_written_histogram_is_the_same(values in values()) {
        let histogram = of(&values);
        let json = serde_json::to_string(&histogram).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Histogram>(&json).unwrap(), &histogram);
        let bytes = postcard::to_allocvec(&histogram).unwrap();
        prop_assert_eq!(&postcard::from_bytes::<Histogram>(&bytes).unwrap(), &histogram);
        let coarse: u64 = histogram.buckets_at(3).iter().map(|(_, count)| count).sum();
        prop_assert_eq!(coarse + histogram.zeros(), histogram.count());
    }

    #[test]
    fn ranks_hold_the_quantile_as_often_as_they_say(n in 5_u64..200, q in 0.05_f64..0.95) {
        // The probability that the true quantile lies between two order statistics, summed by hand.
        let Some((low, high)) = Interval::ranks_of_quantile(q, n) else { return Ok(()) };
        let mut term = (1.0 - q).powi(n as i32);
        let mut covered = 0.0;
        for k in 0..n {
            if (low..high).contains(&k) {
                covered += term;
            }
            term *= (n - k) as f64 / (k + 1) as f64 * q / (1.0 - q);
        }
        prop_assert!(covered >= 0.95 - 1e-9, "{covered} between {low} and {high} of {n}");
    }
}

#[test]
fn means_and_percentiles_are_of_all_values_and_not_of_averages() {
    let (few, many) = (of(&[200_000_000; 10]), of(&[82_000_000; 1_000]));
    let mut all = few.clone();
    all.add(&many);
    let mean = |histogram: &Histogram| histogram.mean().unwrap() / 1e6;
    assert!((mean(&all) - 83.17).abs() < 0.01);
    assert!(
        ((mean(&few) + mean(&many)) / 2.0 - 141.0).abs() < 0.01,
        "what an average of averages says"
    );
    assert_eq!(all.variance().map(|variance| (variance / 1e12).round()), Some(137.0));
}

#[test]
fn few_values_say_no_percentile_interval() {
    assert_eq!(Interval::ranks_of_quantile(0.5, 5), None);
    assert_eq!(Interval::ranks_of_quantile(0.5, 6), Some((1, 6)));
    assert_eq!(Interval::ranks_of_quantile(0.99, 100), None);
}
