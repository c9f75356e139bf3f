//! Phone numbers: named traps, the metadata engine as an oracle, and the stored forms.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod errors;
mod examples;
mod lines;
mod oracle;
mod stored;
mod traps;
mod version;

use kontak_address::{Origin, ParsedPhone, PhoneError, PhoneParser};

fn typed_in(region: &str) -> PhoneParser {
    PhoneParser::new(Origin::Typed).with_region(region.parse().unwrap())
}

fn typed(region: &str, text: &str) -> Result<ParsedPhone, PhoneError> {
    typed_in(region).parse(text)
}

fn international(text: &str) -> Result<ParsedPhone, PhoneError> {
    PhoneParser::new(Origin::International).parse(text)
}

/// Asserts that a strict reading gives `expected`.
#[track_caller]
fn reads(parsed: Result<ParsedPhone, PhoneError>, expected: &str) {
    let parsed = parsed.unwrap();
    assert_eq!(parsed.number.to_string(), expected);
    assert_eq!(parsed.rescue, None);
}
