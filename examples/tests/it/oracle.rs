//! Held against the `csv` crate where both must agree, and against arbitrary bytes.

use super::{Whole, read, trickle, whole};
use kontak_examples::{Complaints, Table};
use proptest::prelude::{Strategy, prop, prop_assert_eq, proptest};
use proptest::test_runner::{Config, RngSeed};

/// A line without marks at odd places: about those the two are meant to differ.
fn row() -> impl Strategy<Value = String> {
    let cell = proptest::prop_oneof![
        "[a-z é\r]{0,6}",
        "[a-z]{1,3}[\"a-z]{0,4}",
        "([a-z,é\n]|\"\"){0,8}".prop_map(|inner| format!("\"{inner}\"")),
    ];
    prop::collection::vec(cell, 3).prop_map(|cells| cells.join(","))
}

proptest! {
    #![proptest_config(Config { rng_seed: RngSeed::Fixed(2026), ..Config::default() })]

    #[test]
    fn the_csv_crate_reads_the_same(lines in prop::collection::vec(row(), 0..12)) {
        let csv = format!("a,b,c\n{}\n", lines.join("\n"));
        let oracle: Vec<Vec<String>> = csv::ReaderBuilder::new()
            .terminator(csv::Terminator::Any(b'\n'))
            .flexible(true)
            .from_reader(csv.as_bytes())
            .records()
            .map(|record| record.unwrap().iter().map(|cell| cell.trim().to_owned()).collect())
            .filter(|row: &Vec<String>| row.iter().any(|cell| !cell.is_empty()))
            .collect();
        let Whole { rows: ours, complaints, .. } = read(&csv);
        let ours: Vec<Vec<String>> = ours.into_iter().map(|(_, row)| row).collect();
        prop_assert_eq!(ours, oracle);
        prop_assert_eq!(complaints.rows(), 0);
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop::collection::vec(
            proptest::prop_oneof![proptest::sample::select(&b"a1,;\"\n\r{}[]:\\|\t"[..]), 0..=255_u8],
            0..200,
        ),
        head in proptest::sample::select(&["", "id,name\n", "{\"id\":1}\n", "\u{feff}a;b\n"][..]),
        most in 1..50_usize,
    ) {
        let bytes = [head.as_bytes(), &bytes].concat();
        let at_once = Table::read("input", std::io::Cursor::new(bytes.clone())).map(whole);
        let pieces = Table::read("input", trickle(&bytes, most)).map(whole);
        match (at_once, pieces) {
            (Ok(at_once), Ok(pieces)) => prop_assert_eq!(at_once.rows, pieces.rows),
            (at_once, pieces) => prop_assert_eq!(at_once.is_err(), pieces.is_err()),
        }
    }
}

#[test]
fn the_csv_crate_loses_the_line_after_an_empty_one() {
    let csv = "id,name\n\n\n7,Ana\n";
    let mut oracle = csv::Reader::from_reader(csv.as_bytes());
    let record = oracle.records().next().unwrap().unwrap();
    assert_eq!(record.position().unwrap().line(), 2);
    let mut table = Table::read("input", csv.as_bytes()).unwrap();
    let row = table.next_row(&mut Complaints::default()).unwrap().unwrap();
    assert_eq!(row.place().line, 4);
}
