use crate::{international, typed};
use kontak_address::{LineKey, NumberType, Origin, ParsedPhone, PhoneNumber, Region, Rescue};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

#[track_caller]
fn round_trips<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: &str) {
    assert_eq!(serde_json::to_string(value).unwrap(), json);
    assert_eq!(&serde_json::from_str::<T>(json).unwrap(), value);
    let bytes = postcard::to_allocvec(value).unwrap();
    assert_eq!(&postcard::from_bytes::<T>(&bytes).unwrap(), value);
}

#[test]
fn names_are_frozen() {
    let number = PhoneNumber::from_e164("+6281234567890").unwrap();
    round_trips(&number, r#""+6281234567890""#);
    assert_eq!(postcard::to_allocvec(&number).unwrap(), b"\x0e+6281234567890");
    let line: LineKey = PhoneNumber::from_e164("+5215512345678").unwrap().line_key();
    round_trips(&line, r#""525512345678""#);
    round_trips(&"id".parse::<Region>().unwrap(), r#""ID""#);

    use NumberType::{
        FixedLine, FixedLineOrMobile, Mobile, Pager, PersonalNumber, PremiumRate, SharedCost,
        Short, TollFree, Uan, Unknown, Voicemail, Voip,
    };
    for (value, json) in [
        (Mobile, r#""mobile""#),
        (FixedLine, r#""fixed_line""#),
        (FixedLineOrMobile, r#""fixed_line_or_mobile""#),
        (TollFree, r#""toll_free""#),
        (SharedCost, r#""shared_cost""#),
        (PremiumRate, r#""premium_rate""#),
        (Voip, r#""voip""#),
        (PersonalNumber, r#""personal_number""#),
        (Pager, r#""pager""#),
        (Uan, r#""uan""#),
        (Voicemail, r#""voicemail""#),
        (Short, r#""short""#),
        (Unknown, r#""unknown""#),
    ] {
        round_trips(&value, json);
    }
    for (value, json) in [
        (Rescue::DialledDoubleZero, r#""dialled_double_zero""#),
        (Rescue::VietnamTenDigits2018, r#""vietnam_ten_digits2018""#),
        (Rescue::BrazilNinthDigit, r#""brazil_ninth_digit""#),
        (Rescue::MexicoMobileOne, r#""mexico_mobile_one""#),
        (Rescue::WordsAfterNumber, r#""words_after_number""#),
    ] {
        round_trips(&value, json);
    }
    round_trips(&Origin::International, r#""international""#);
    round_trips(&Origin::Typed, r#""typed""#);
}

#[test]
fn a_parsed_phone_round_trips() {
    round_trips::<ParsedPhone>(
        &typed("ID", "021 5001234 ext 12").unwrap(),
        r#"{"number":"+62215001234","number_type":"fixed_line","region":"ID","extension":"12","rescue":null}"#,
    );
    round_trips::<ParsedPhone>(
        &international("553188888888").unwrap(),
        r#"{"number":"+5531988888888","number_type":"mobile","region":"BR","extension":null,"rescue":"brazil_ninth_digit"}"#,
    );
    round_trips::<ParsedPhone>(
        &international("80012345678").unwrap(),
        r#"{"number":"+80012345678","number_type":"toll_free","region":null,"extension":null,"rescue":null}"#,
    );
}

/// The variant's place is the stored form where names are not written.
#[test]
fn places_are_frozen() {
    assert_eq!(postcard::to_allocvec(&NumberType::Unknown).unwrap(), [12]);
    assert_eq!(postcard::to_allocvec(&NumberType::Uan).unwrap(), [9]);
    assert_eq!(postcard::to_allocvec(&Rescue::WordsAfterNumber).unwrap(), [4]);
    assert_eq!(postcard::to_allocvec(&Origin::Typed).unwrap(), [1]);
}

#[test]
fn what_is_no_number_is_not_read_back() {
    for json in [r#""081234567890""#, r#""+0812345678""#, "6281234567890", r#""""#] {
        assert!(serde_json::from_str::<PhoneNumber>(json).is_err(), "{json}");
    }
    for json in [r#""+525512345678""#, r#""0525512345678""#, r#""""#, r#""5""#] {
        assert!(serde_json::from_str::<LineKey>(json).is_err(), "{json}");
    }
}

#[test]
fn debug_shows_no_number() {
    let switchboard = typed("ID", "021 5001234 ext 12").unwrap();
    assert_eq!(
        format!("{switchboard:?}"),
        "ParsedPhone { number: +62*******34, number_type: FixedLine, region: Some(ID), \
         extension: Some(\"**\"), rescue: None }"
    );
    assert_eq!(format!("{:?}", switchboard.number.line_key()), "line *********34");
    assert_eq!(format!("{:?}", typed("ID", "110").unwrap().number), "+62***");
}

#[test]
fn a_number_takes_eight_bytes() {
    assert_eq!(size_of::<Option<PhoneNumber>>(), 8);
    assert_eq!(size_of::<Option<LineKey>>(), 8);
}

proptest! {
    #[test]
    fn every_number_round_trips(digits in 1_000_u64..10_000_000_000_000_000_000) {
        let number = PhoneNumber::from_digits(digits).unwrap();
        let text = number.to_string();
        prop_assert_eq!(text.parse::<PhoneNumber>().unwrap(), number);
        round_trips(&number, &format!("{text:?}"));
        round_trips(&number.line_key(), &format!("\"{}\"", number.line_key()));
    }
}
