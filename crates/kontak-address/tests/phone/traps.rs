//! One test for each way in which a phone field has misled somebody.

use crate::{international, reads, typed, typed_in};
use kontak_address::{NumberType, Origin, PhoneError, PhoneNumber, PhoneParser, Rescue};
use rlibphonenumber::PHONE_NUMBER_UTIL;

#[track_caller]
fn rescued(parsed: Result<kontak_address::ParsedPhone, PhoneError>, expected: &str, rule: Rescue) {
    let parsed = parsed.unwrap();
    assert_eq!(parsed.number.to_string(), expected);
    assert_eq!(parsed.rescue, Some(rule));
    assert!(parsed.number.is_valid());
}

#[test]
fn a_whatsapp_id_is_international_even_where_the_national_reading_is_valid() {
    reads(international("62812345678"), "+62812345678");
    reads(typed("ID", "62812345678"), "+6262812345678");
    let with_region = PhoneParser::new(Origin::International).with_region("ID".parse().unwrap());
    reads(with_region.parse("62812345678"), "+62812345678");
    reads(with_region.parse("6281234567890"), "+6281234567890");
    reads(international("16502530000"), "+16502530000");
}

#[test]
fn an_international_source_never_reads_nationally() {
    let with_region = PhoneParser::new(Origin::International).with_region("ID".parse().unwrap());
    assert_eq!(with_region.parse("081234567890"), Err(PhoneError::UnknownCountryCode));
}

#[test]
fn dialled_00_is_a_plus_where_the_country_dials_otherwise() {
    rescued(typed("ID", "0062812345678"), "+62812345678", Rescue::DialledDoubleZero);
    rescued(typed("US", "0062 812 345 678"), "+62812345678", Rescue::DialledDoubleZero);
    rescued(international("0062812345678"), "+62812345678", Rescue::DialledDoubleZero);
    let nowhere = PhoneParser::new(Origin::Typed);
    rescued(nowhere.parse("0062812345678"), "+62812345678", Rescue::DialledDoubleZero);
    reads(typed("VN", "0062812345678"), "+62812345678");
    // Singapore dials out with three digits, of which 006 are none too many for a Bolivian 110.
    rescued(typed("SG", "006591159101"), "+6591159101", Rescue::DialledDoubleZero);
    // Indonesia's toll-free numbers really begin with 00.
    assert_eq!(typed("ID", "001 803 123456").unwrap().rescue, None);
}

#[test]
fn vietnam_2018_maps_every_prefix() {
    let prefixes = [
        ("0120", "70"),
        ("0121", "79"),
        ("0122", "77"),
        ("0123", "83"),
        ("0124", "84"),
        ("0125", "85"),
        ("0126", "76"),
        ("0127", "81"),
        ("0128", "78"),
        ("0129", "82"),
        ("0162", "32"),
        ("0163", "33"),
        ("0164", "34"),
        ("0165", "35"),
        ("0166", "36"),
        ("0167", "37"),
        ("0168", "38"),
        ("0169", "39"),
        ("0186", "56"),
        ("0188", "58"),
        ("0199", "59"),
    ];
    for (old, new) in prefixes {
        let today = format!("+84{new}2345678");
        rescued(typed("VN", &format!("{old} 234 5678")), &today, Rescue::VietnamTenDigits2018);
        let id = format!("84{}2345678", &old[1..]);
        rescued(international(&id), &today, Rescue::VietnamTenDigits2018);
    }
    assert!(matches!(typed("VN", "0161 234 5678"), Err(PhoneError::Unassigned { .. })));
}

#[test]
fn brazil_gets_its_ninth_digit() {
    rescued(international("553188888888"), "+5531988888888", Rescue::BrazilNinthDigit);
    rescued(typed("BR", "(31) 8888-8888"), "+5531988888888", Rescue::BrazilNinthDigit);
    rescued(typed("ID", "+55 31 6888 8888"), "+5531968888888", Rescue::BrazilNinthDigit);
    // Valid as it stands: no rescue, the line key settles it.
    reads(international("553171888888"), "+553171888888");
    reads(typed("BR", "0xx11 91234-5678"), "+5511912345678");
    reads(typed("BR", "11 2345-6789"), "+551123456789");
}

#[test]
fn mexico_drops_its_mobile_one() {
    rescued(international("5215512345678"), "+525512345678", Rescue::MexicoMobileOne);
    rescued(typed("MX", "1 55 1234 5678"), "+525512345678", Rescue::MexicoMobileOne);
    reads(typed("MX", "55 1234 5678"), "+525512345678");
}

#[test]
fn argentina_is_valid_with_and_without_nine() {
    reads(international("5491123456789"), "+5491123456789");
    reads(international("541123456789"), "+541123456789");
    reads(typed("AR", "011 15 2345-6789"), "+5491123456789");
}

#[test]
fn what_precedes_the_number_is_skipped() {
    reads(typed("ID", "WA: 08123456789"), "+628123456789");
    reads(typed("ID", "Hp/WA 0812-3456-789"), "+628123456789");
    reads(typed("ID", "O8123456789"), "+628123456789");
    reads(international("whatsapp: 62812345678"), "+62812345678");
}

#[test]
fn a_tel_uri_is_read() {
    reads(typed("ID", "tel:+62-812-3456-7890"), "+6281234567890");
    reads(typed("US", "tel:0812-3456-789;phone-context=+62"), "+628123456789");
    reads(international("tel:0812-3456-789;phone-context=+62"), "+628123456789");
    // The context is no country, so the number is none either.
    assert!(typed("ID", ";phone-context=081234567890").is_err());
    let switchboard = typed("ID", "tel:+62-21-500-1234;ext=12").unwrap();
    assert_eq!(switchboard.extension.as_deref(), Some("12"));
}

#[test]
fn digits_of_other_scripts_are_read() {
    reads(typed("ID", "٠٨١٢٣٤٥٦٧٨٩"), "+628123456789");
    reads(typed("ID", "۰۸۱۲۳۴۵۶۷۸۹"), "+628123456789");
    reads(typed("US", "＋６２　８１２－３４５６－７８９"), "+628123456789");
    reads(international("٦٢٨١٢٣٤٥٦٧٨"), "+62812345678");
}

#[test]
fn a_leading_zero_belongs_to_an_italian_number() {
    reads(typed("IT", "049 36551"), "+3904936551");
    reads(international("3904936551"), "+3904936551");
    let number = PhoneNumber::from_e164("+3904936551").unwrap();
    assert_eq!((number.country_code(), number.number_type()), (39, NumberType::FixedLine));
}

#[test]
fn several_numbers_are_not_read_as_one() {
    for text in [
        "08123456789 / 08571234567",
        "08123456789/08571234567",
        "0812-3456-789, 0857-1234-567",
        "08123456789\n08571234567",
        "08123456789 atau 08571234567",
        "WA 0812 3456 789 (Ibu), HP 0857 1234 567 (Bapak)",
        "+628123456789+628571234567",
    ] {
        assert_eq!(typed("ID", text), Err(PhoneError::SeveralNumbers { count: 2 }), "{text}");
        let all = typed_in("ID").parse_all(text);
        let all: Vec<_> = all.iter().map(|phone| phone.number.to_string()).collect();
        assert_eq!(all, ["+628123456789", "+628571234567"], "{text}");
    }
    let ids = PhoneParser::new(Origin::International).parse_all("62812345678; 5215512345678");
    let ids: Vec<_> = ids.iter().map(|phone| phone.number.to_string()).collect();
    assert_eq!(ids, ["+62812345678", "+525512345678"]);
}

#[test]
fn a_second_number_is_not_an_extension() {
    let two = Err(PhoneError::SeveralNumbers { count: 2 });
    assert_eq!(typed("SG", "81234567,91234567"), two);
    assert_eq!(typed("SG", "8123 4567 / 9123 4567"), two);
}

#[test]
fn each_of_several_numbers_may_be_rescued() {
    let all = typed_in("VN").parse_all("0120 123 4567 / 0901 234 567");
    assert_eq!(all[0].rescue, Some(Rescue::VietnamTenDigits2018));
    assert_eq!((all[1].rescue, all.len()), (None, 2));
}

#[test]
fn letters_are_never_dialled() {
    // What the engine alone makes of them: valid numbers of other people.
    let indonesia = Some(rlibphonenumber::Region::ID);
    for (text, dialled) in [("0812345678 Ibu", 812_345_678_428), ("0812-3456-xxx", 8_123_456_999)] {
        let number = PHONE_NUMBER_UTIL.parse(text, indonesia).unwrap();
        assert_eq!(number.national_number, dialled);
        assert!(PHONE_NUMBER_UTIL.is_valid_number(&number));
    }
    for (text, at) in
        [("08123 45a678", 8), ("081234567b", 9), ("0812345678 blok 7", 11), ("1-800-FLOWERS", 6)]
    {
        assert_eq!(typed("ID", text), Err(PhoneError::Letter { at }), "{text}");
    }
    for text in ["0812 345 678 Ibu", "0812345678 (mama)", "0812345678 мама", "0812345678 ext mama"]
    {
        rescued(typed("ID", text), "+62812345678", Rescue::WordsAfterNumber);
    }
    reads(typed("ID", "081234567890 (WA)"), "+6281234567890");
}

#[test]
fn a_masked_number_is_no_number() {
    for (text, at) in [
        ("0812-xxxx-5678", 5),
        ("0812-3456-xxx", 10),
        ("0812 345 678 xx", 13),
        ("0812345678***", 10),
        ("62812*****89", 5),
        ("***-***-1234", 0),
        ("0812345678__", 10),
        ("0812 345 ••••", 9),
        ("XXX 0812 3456 789", 0),
    ] {
        assert_eq!(typed("ID", text), Err(PhoneError::Masked { at }), "{text}");
        assert_eq!(typed_in("ID").parse_all(text), [], "{text}");
        assert_eq!(international(text), Err(PhoneError::Masked { at }), "{text}");
    }
    assert_eq!(typed_in("ID").parse_all("0812345678***, 0857 1234 567").len(), 1);
    reads(typed("BR", "0xx11 91234-5678"), "+5511912345678");
}

#[test]
fn an_extension_is_kept_apart() {
    for text in ["021 5001234 ext. 12", "021 5001234 x12", "021-5001234 EXTENSION 12"] {
        let switchboard = typed("ID", text).unwrap();
        assert_eq!(switchboard.number.to_string(), "+62215001234", "{text}");
        assert_eq!(switchboard.extension.as_deref(), Some("12"), "{text}");
        assert_eq!(switchboard.number_type, NumberType::FixedLine);
    }
}

#[test]
fn numbers_that_are_never_a_person_say_so() {
    for (region, text, expected) in [
        ("ID", "1500888", NumberType::Uan),
        ("ID", "14017", NumberType::Short),
        ("ID", "110", NumberType::Short),
        ("ID", "0800 1234567", NumberType::TollFree),
        ("ID", "0809 1234567", NumberType::PremiumRate),
        ("ID", "0804 1234567", NumberType::SharedCost),
        ("VN", "1900 1234", NumberType::PremiumRate),
        ("VN", "1800 1234", NumberType::TollFree),
        ("VN", "113", NumberType::Short),
        ("US", "911", NumberType::Short),
        ("US", "1-800-356-9377", NumberType::TollFree),
        ("SG", "1900 123 4567", NumberType::PremiumRate),
        ("ID", "+800 1234 5678", NumberType::TollFree),
    ] {
        let parsed = typed(region, text).unwrap();
        assert_eq!(parsed.number_type, expected, "{region} {text}");
        assert_eq!(parsed.number.number_type(), expected, "{region} {text}");
        assert!(parsed.number_type.is_never_a_person(), "{region} {text}");
    }
    for (region, text) in
        [("ID", "0812 3456 789"), ("US", "(650) 253-0000"), ("ID", "021 500 1234")]
    {
        assert!(!typed(region, text).unwrap().number_type.is_never_a_person(), "{region} {text}");
    }
}

#[test]
fn a_short_code_is_valid_nowhere_else() {
    let short = typed("ID", "14017").unwrap();
    assert!(!short.number.is_valid());
    assert!(international("6214017").is_err());
    assert!(typed("ID", "000").is_err());
    assert!(typed("ID", "0812x123").is_err());
    assert!(typed_in("ID").parse_all("14017").is_empty());
}

#[test]
fn the_region_may_be_unknown_or_lower_case() {
    reads(typed("id", "081234567890"), "+6281234567890");
    reads(typed("UK", "+6281234567890"), "+6281234567890");
    let region = "UK".parse().unwrap();
    assert_eq!(typed("UK", "020 7183 8750"), Err(PhoneError::UnknownRegion { region }));
}
