#![no_main]

use kontak_address::{Origin, PhoneNumber, PhoneParser};

// What people type, in regions with a fast path and in one without.
libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut parsers =
        vec![PhoneParser::new(Origin::International), PhoneParser::new(Origin::Typed)];
    for region in ["ID", "VN", "US", "IT"] {
        let region = region.parse().expect("a region");
        parsers.push(PhoneParser::new(Origin::Typed).with_region(region));
    }
    for parser in parsers {
        if let Ok(phone) = parser.parse(text) {
            let written = phone.number.to_string();
            assert_eq!(PhoneNumber::from_e164(&written), Ok(phone.number), "{written}");
        }
        for phone in parser.parse_all(text) {
            assert!(phone.number.is_valid());
        }
    }
});
