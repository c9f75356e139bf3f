use crate::{international, typed};
use kontak_address::{E164Error, NumberType, Origin, PhoneError, PhoneNumber, PhoneParser, Region};

#[test]
fn each_error_names_what_is_wrong() {
    let long = "0".repeat(PhoneParser::MAX_TEXT + 1);
    let bytes = long.len();
    for (text, expected) in [
        ("", PhoneError::NoDigits),
        ("tidak ada", PhoneError::NoDigits),
        (long.as_str(), PhoneError::TextTooLong { bytes, limit: PhoneParser::MAX_TEXT }),
        ("08123 4x5y6", PhoneError::Letter { at: 9 }),
        ("0812-****-56", PhoneError::Masked { at: 5 }),
        ("0812=345=678", PhoneError::Unreadable { at: 4 }),
        ("0812³45678", PhoneError::Unreadable { at: 4 }),
        ("7", PhoneError::TooShort { digits: 1 }),
        ("+62 1", PhoneError::TooShort { digits: 3 }),
        ("08", PhoneError::TooShort { digits: 2 }),
        ("081234567890123456789", PhoneError::TooLong { digits: 21 }),
        ("+999 123 456 789", PhoneError::UnknownCountryCode),
        ("+65 812 345 678", PhoneError::WrongLength { digits: 11, country_code: 65 }),
        ("+1 253 0000", PhoneError::AreaCodeMissing { country_code: 1 }),
    ] {
        assert_eq!(typed("ID", text), Err(expected), "{text}");
    }
    let nowhere = PhoneParser::new(Origin::Typed);
    assert_eq!(nowhere.parse("081234567890"), Err(PhoneError::NoRegion));
}

#[test]
fn an_unassigned_number_can_still_be_taken() {
    let Err(PhoneError::Unassigned { number }) = international("62841234567") else {
        panic!("84 is assigned to nobody in Indonesia");
    };
    assert_eq!(number.to_string(), "+62841234567");
    assert_eq!(number.number_type(), NumberType::Unknown);
    assert!(!number.is_valid());
}

/// Not even a part of the number: four digits in a row, whatever the error.
#[test]
fn no_message_repeats_the_number() {
    for text in [
        "+62841234567",
        "62841234567",
        "0812=345678",
        "08123456789 / 08571234567",
        "+999123456789",
        "0812 34a5678",
        "+62812345678901234567",
        "+65812345678",
    ] {
        for error in [typed("ID", text), international(text)].into_iter().filter_map(Result::err) {
            let messages = format!("{error} {error:?}");
            let digits = messages.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
            assert!(digits < Some(4), "{messages}");
        }
    }
}

#[test]
fn e164_is_checked_part_by_part() {
    for (text, expected) in [
        ("6281234567890", E164Error::MissingPlus),
        ("", E164Error::MissingPlus),
        ("+62 812", E164Error::NotADigit { at: 3 }),
        ("+６２812345678", E164Error::NotADigit { at: 1 }),
        ("+0812345678", E164Error::LeadingZero),
        ("+62", E164Error::TooShort { digits: 2 }),
        ("+", E164Error::TooShort { digits: 1 }),
        ("+12345678901234567890", E164Error::TooLong { digits: 20 }),
    ] {
        assert_eq!(PhoneNumber::from_e164(text), Err(expected), "{text}");
    }
    assert_eq!(PhoneNumber::from_digits(0), Err(E164Error::TooShort { digits: 1 }));
    assert_eq!(PhoneNumber::from_digits(u64::MAX), Err(E164Error::TooLong { digits: 20 }));
    assert!(PhoneNumber::from_digits(9_999_999_999_999_999_999).is_ok());
    assert!("IDN".parse::<Region>().is_err());
}
