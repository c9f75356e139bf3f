//! The example numbers of the metadata, one for each region and type.

use crate::{international, reads, typed};
use kontak_address::PhoneNumber;
use std::fs;
use std::path::Path;

#[test]
fn every_example_number_is_read_in_every_form() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/phone/example_numbers.csv");
    let Ok(table) = fs::read_to_string(file) else {
        println!("skipped: the optional data folder is not there");
        return;
    };
    let mut rows = 0;
    for row in table.lines().skip(1) {
        let fields: Vec<_> = row.split(',').collect();
        let [region, _, code, e164, national, spaced, uri, valid, number_type] = fields[..] else {
            panic!("nine columns: {row}");
        };
        assert_eq!(valid, "True");
        let number = PhoneNumber::from_e164(e164).unwrap();
        assert!(number.is_valid(), "{row}");
        assert_eq!(number.country_code().to_string(), code, "{row}");
        // Which of the regions that share a country code is the metadata's own affair.
        assert!(number.region().is_some(), "{row}");
        let ours = serde_json::to_string(&number.number_type()).unwrap();
        assert_eq!(ours.trim_matches('"').to_uppercase(), number_type, "{row}");

        reads(typed(region, national), e164);
        reads(typed(region, spaced), e164);
        reads(typed("AQ", spaced), e164);
        reads(typed("AQ", uri), e164);
        reads(international(spaced), e164);
        reads(international(&e164[1..]), e164);
        rows += 1;
    }
    assert!(rows >= 1_374, "{rows}");
}
