use super::*;
use proptest::prelude::*;

/// Manning, Raghavan and Schütze, *Introduction to Information Retrieval*, figure 16.4 and table
/// 16.2: 17 records, three classes, three clusters.
const TEXTBOOK: [(char, u32); 17] = [
    ('x', 1),
    ('x', 1),
    ('x', 1),
    ('x', 1),
    ('x', 1),
    ('o', 1),
    ('x', 2),
    ('o', 2),
    ('o', 2),
    ('o', 2),
    ('o', 2),
    ('d', 2),
    ('x', 3),
    ('x', 3),
    ('d', 3),
    ('d', 3),
    ('d', 3),
];

#[test]
fn the_textbook_table_comes_out() {
    let (truth, found): (Vec<_>, Vec<_>) = TEXTBOOK.into_iter().unzip();
    let quality = Quality::measure(&truth, &found).unwrap();
    assert_eq!(quality.records, 17);
    assert_eq!(quality.pairs, PairCounts { truth: 44, found: 40, both: 20 });
    assert_eq!(quality.pairs.precision(), Some(0.5));
    assert_eq!(quality.pairs.recall(), Some(20.0 / 44.0));
    assert_eq!(quality.pairs.f1(), Some(40.0 / 84.0));
    assert_eq!((quality.pairs.false_joins(), quality.pairs.missed()), (20, 24));

    // By hand: sum of squares per cluster 26, 18, 13 over sizes 6, 6, 5; per class 30, 17, 10
    // over sizes 8, 5, 4.
    let b_cubed = quality.b_cubed.unwrap();
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    close(b_cubed.precision, (44.0 / 6.0 + 13.0 / 5.0) / 17.0);
    close(b_cubed.recall, (30.0 / 8.0 + 17.0 / 5.0 + 10.0 / 4.0) / 17.0);
    close(b_cubed.f1(), 2.0 / (1.0 / b_cubed.precision + 1.0 / b_cubed.recall));
}

#[test]
fn a_perfect_partition_scores_one_under_any_spelling() {
    let quality = Quality::measure(&["b", "a", "b", "c"], &[3_usize, 9, 3, 0]).unwrap();
    assert_eq!(quality.pairs, PairCounts { truth: 1, found: 1, both: 1 });
    assert_eq!(quality.b_cubed, Some(BCubed { precision: 1.0, recall: 1.0 }));
}

#[test]
fn nothing_to_measure_is_undefined_and_not_perfect() {
    let empty = Quality::measure::<u32, u32>(&[], &[]).unwrap();
    assert_eq!((empty.records, empty.b_cubed), (0, None));
    assert_eq!(empty.pairs.f1(), None);

    let singles = Quality::measure(&[1, 2, 3], &[1, 2, 3]).unwrap();
    let pairs = singles.pairs;
    assert_eq!((pairs.precision(), pairs.recall(), pairs.f1()), (None, None, None));
    assert_eq!(singles.b_cubed, Some(BCubed { precision: 1.0, recall: 1.0 }));

    let all_wrong = Quality::measure(&[1, 2], &[0, 0]).unwrap().pairs;
    assert_eq!((all_wrong.precision(), all_wrong.recall()), (Some(0.0), None));
    assert_eq!(all_wrong.f1(), Some(0.0));

    let reach = Reach::measure(&[1, 1], &[0, 1], &[0, 0]).unwrap();
    assert_eq!((reach.oracle_recall(), reach.recall()), (Some(0.0), None));
}

#[test]
fn labelings_of_different_records_are_refused() {
    assert_eq!(
        Quality::measure(&[1, 2], &[1]),
        Err(QualityError::LengthsDiffer { truth: 2, other: 1 })
    );
    assert_eq!(
        Reach::measure(&[1, 2], &[1, 2], &[1, 2, 3]),
        Err(QualityError::LengthsDiffer { truth: 2, other: 3 })
    );
}

#[test]
fn counts_pass_two_to_the_53_and_come_back_from_json_and_postcard() {
    let quality = Quality {
        records: 1 << 40,
        pairs: PairCounts { truth: u64::MAX, found: (1 << 53) + 1, both: 1 << 53 },
        b_cubed: Some(BCubed { precision: 0.75, recall: 0.5 }),
    };
    let json = serde_json::to_string(&quality).unwrap();
    assert!(json.contains(r#""found":"9007199254740993""#), "{json}");
    assert_eq!(serde_json::from_str::<Quality>(&json).unwrap(), quality);
    let bytes = postcard::to_allocvec(&quality).unwrap();
    assert_eq!(postcard::from_bytes::<Quality>(&bytes).unwrap(), quality);

    let reach = Reach { truth: u64::MAX, reachable: 5, found: 4 };
    let json = serde_json::to_string(&reach).unwrap();
    assert_eq!(serde_json::from_str::<Reach>(&json).unwrap(), reach);
}

#[test]
fn the_text_names_what_is_undefined() {
    let quality = Quality::measure(&[1, 1, 2], &[1, 1, 1]).unwrap();
    assert_eq!(
        quality.to_string(),
        "pairwise precision 0.3333 recall 1.0000 F1 0.5000, \
         B-cubed precision 0.5556 recall 1.0000 F1 0.7143"
    );
    let reach = Reach::measure(&[1, 1, 2], &[1, 2, 3], &[1, 1, 1]).unwrap();
    assert_eq!(
        reach.to_string(),
        "0 of 1 true pairs reachable (0.0000), 0 of them found (undefined)"
    );
}

fn labelings() -> impl Strategy<Value = Vec<(u32, u32, u32)>> {
    prop::collection::vec((0..6_u32, 0..6_u32, 0..6_u32), 0..40)
}

fn naive_pairs(records: &[(u32, u32, u32)], counts: impl Fn(usize, usize) -> bool) -> u64 {
    let n = records.len();
    (0..n).flat_map(|a| (0..a).map(move |b| (a, b))).filter(|&(a, b)| counts(a, b)).count() as u64
}

proptest! {
    #[test]
    fn counting_every_pair_gives_the_same(records in labelings()) {
        let truth: Vec<_> = records.iter().map(|r| r.0).collect();
        let found: Vec<_> = records.iter().map(|r| r.1).collect();
        let reachable: Vec<_> = records.iter().map(|r| r.2).collect();
        let quality = Quality::measure(&truth, &found).unwrap();
        let reach = Reach::measure(&truth, &reachable, &found).unwrap();

        let true_pairs = naive_pairs(&records, |a, b| truth[a] == truth[b]);
        prop_assert_eq!(quality.pairs, PairCounts {
            truth: true_pairs,
            found: naive_pairs(&records, |a, b| found[a] == found[b]),
            both: naive_pairs(&records, |a, b| records[a].0 == records[b].0 && found[a] == found[b]),
        });
        prop_assert_eq!(reach, Reach {
            truth: true_pairs,
            reachable: naive_pairs(&records, |a, b| {
                truth[a] == truth[b] && reachable[a] == reachable[b]
            }),
            found: naive_pairs(&records, |a, b| records[a] == records[b]),
        });

        let share = |of: &[u32], a: usize| {
            let cluster = (0..records.len()).filter(|&b| of[a] == of[b]);
            let right = cluster.clone().filter(|&b| truth[a] == truth[b] && found[a] == found[b]);
            right.count() as f64 / cluster.count() as f64
        };
        let mean = |of: &[u32]| {
            (0..records.len()).map(|a| share(of, a)).sum::<f64>() / records.len() as f64
        };
        match quality.b_cubed {
            None => prop_assert!(records.is_empty()),
            Some(b_cubed) => {
                prop_assert!((b_cubed.precision - mean(&found)).abs() < 1e-9);
                prop_assert!((b_cubed.recall - mean(&truth)).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn neither_spelling_nor_order_changes_a_digit(records in labelings(), turn in 0..40_usize) {
        let truth: Vec<_> = records.iter().map(|r| r.0).collect();
        let found: Vec<_> = records.iter().map(|r| r.1).collect();
        let mut respelt: Vec<_> = records.iter().map(|r| (r.0 ^ 5, u32::MAX - r.1)).collect();
        respelt.rotate_left(turn.min(records.len()));
        let (other_truth, other_found): (Vec<_>, Vec<_>) = respelt.into_iter().unzip();
        prop_assert_eq!(
            Quality::measure(&truth, &found),
            Quality::measure(&other_truth, &other_found)
        );
    }
}
