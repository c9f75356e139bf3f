use crate::{international, typed};
use kontak_address::{LineKey, NumberType, Origin, ParsedPhone, PhoneNumber, Region, Rescue};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

const NUMBER_TYPES: [NumberType; 13] = [
    NumberType::Mobile,
    NumberType::FixedLine,
    NumberType::FixedLineOrMobile,
    NumberType::TollFree,
    NumberType::SharedCost,
    NumberType::PremiumRate,
    NumberType::Voip,
    NumberType::PersonalNumber,
    NumberType::Pager,
    NumberType::Uan,
    NumberType::Voicemail,
    NumberType::Short,
    NumberType::Unknown,
];

const RESCUES: [Rescue; 5] = [
    Rescue::DialledDoubleZero,
    Rescue::VietnamTenDigits2018,
    Rescue::BrazilNinthDigit,
    Rescue::MexicoMobileOne,
    Rescue::WordsAfterNumber,
];

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

    let names = [
        r#""mobile""#,
        r#""fixed_line""#,
        r#""fixed_line_or_mobile""#,
        r#""toll_free""#,
        r#""shared_cost""#,
        r#""premium_rate""#,
        r#""voip""#,
        r#""personal_number""#,
        r#""pager""#,
        r#""uan""#,
        r#""voicemail""#,
        r#""short""#,
        r#""unknown""#,
    ];
    for (number_type, json) in NUMBER_TYPES.iter().zip(names) {
        round_trips(number_type, json);
    }
    let names = [
        r#""dialled_double_zero""#,
        r#""vietnam_ten_digits_2018""#,
        r#""brazil_ninth_digit""#,
        r#""mexico_mobile_one""#,
        r#""words_after_number""#,
    ];
    for (rescue, json) in RESCUES.iter().zip(names) {
        round_trips(rescue, json);
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
    for (place, number_type) in (0..).zip(NUMBER_TYPES) {
        assert_eq!(postcard::to_allocvec(&number_type).unwrap(), [place]);
    }
    for (place, rescue) in (0..).zip(RESCUES) {
        assert_eq!(postcard::to_allocvec(&rescue).unwrap(), [place]);
    }
    for (place, origin) in (0..).zip([Origin::International, Origin::Typed]) {
        assert_eq!(postcard::to_allocvec(&origin).unwrap(), [place]);
    }
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
