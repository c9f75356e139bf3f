//! The metadata engine as an oracle: a strict reading is the engine's reading, whether the fast path
//! gave it or not.

use kontak_address::{
    NumberType, Origin, ParsedPhone, PhoneError, PhoneNumber, PhoneParser, Rescue,
};
use proptest::prelude::*;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};
use std::env;

/// Country code, trunk prefix, beginnings of national numbers.
type Plan = (&'static str, &'static str, &'static [&'static str]);

macro_rules! strict_readings_are_the_engines {
    ($($name:ident $region:literal $count:literal $plan:expr;)*) => {$(
        #[test]
        fn $name() {
            strict_readings_are_the_engines($region, $count, $plan);
        }
    )*};
}

strict_readings_are_the_engines! {
    brazil "BR" 50_000 ("55", "0", &["119", "219", "557", "559", "318", "800", "11"]);
    india "IN" 50_000 ("91", "0", &["6", "7", "8", "9", "91", "1800", "22"]);
    indonesia "ID" 50_000 ("62", "0", &["81", "82", "85", "89", "84", "80", "21", "628"]);
    malaysia "MY" 50_000 ("60", "0", &["11", "12", "1", "10", "15", "18", "3"]);
    singapore "SG" 50_000 ("65", "", &["8", "9", "6", "3", "1800"]);
    united_states "US" 50_000 ("1", "1", &["650", "212", "800", "900", "204", "310", "52"]);
    vietnam "VN" 50_000 ("84", "0", &["3", "5", "7", "8", "9", "12", "16", "24", "1900"]);
    // Without a short cut: what is tried here is all that lies above the engine.
    argentina "AR" 10_000 ("54", "0", &["11", "9", "911", "261"]);
    germany "DE" 10_000 ("49", "0", &["15", "17", "30", "900"]);
    italy "IT" 10_000 ("39", "", &["0", "3", "06", "800"]);
    mexico "MX" 10_000 ("52", "01", &["55", "1", "33", "800"]);
    united_kingdom "GB" 10_000 ("44", "0", &["7", "20", "800", "70"]);
}

/// `KONTAK_FUZZ=1000000` reads that many texts in each region.
fn strict_readings_are_the_engines(code: &str, count: usize, plan: Plan) {
    let count = env::var("KONTAK_FUZZ").map_or(count, |count| count.parse().unwrap());
    let mut random = Random(1);
    let typed = PhoneParser::new(Origin::Typed).with_region(code.parse().unwrap());
    let platform = PhoneParser::new(Origin::International);
    let region = Region::from_code(code).ok();
    let mut read = 0;
    for _ in 0..count {
        let text = random.writing(plan);
        let parsed = typed.parse(&text);
        read += usize::from(parsed.is_ok());
        agrees(&text, parsed, engine(&text, region));
        let digit = |c| matches!(c, '0'..='9' | '٠'..='٩');
        if let Some(first) = text.find(digit).filter(|_| !text.contains('+')) {
            let spelt = format!("+{}", &text[first..]);
            agrees(&text, platform.parse(&text), engine(&spelt, None));
        }
    }
    assert!(read > count / 20, "{read} of {count}");
}

#[test]
fn country_codes_end_where_the_engine_says() {
    for code in PHONE_NUMBER_UTIL.get_supported_calling_codes() {
        let number = PhoneNumber::from_e164(&format!("+{code}12345678")).unwrap();
        assert_eq!(i32::from(number.country_code()), code);
    }
}

type Reading = (String, NumberType, Option<String>, Option<String>);

/// What the engine reads, where that is a valid number.
fn engine(text: &str, region: Option<Region>) -> Option<Reading> {
    let number = PHONE_NUMBER_UTIL.parse(text, region).ok()?;
    let number_type = match PHONE_NUMBER_UTIL.get_number_type(&number) {
        PhoneNumberType::FixedLine => NumberType::FixedLine,
        PhoneNumberType::Mobile => NumberType::Mobile,
        PhoneNumberType::FixedLineOrMobile => NumberType::FixedLineOrMobile,
        PhoneNumberType::TollFree => NumberType::TollFree,
        PhoneNumberType::PremiumRate => NumberType::PremiumRate,
        PhoneNumberType::SharedCost => NumberType::SharedCost,
        PhoneNumberType::VoIP => NumberType::Voip,
        PhoneNumberType::PersonalNumber => NumberType::PersonalNumber,
        PhoneNumberType::Pager => NumberType::Pager,
        PhoneNumberType::UAN => NumberType::Uan,
        PhoneNumberType::VoiceMail => NumberType::Voicemail,
        PhoneNumberType::Unknown => return None,
    };
    assert!(PHONE_NUMBER_UTIL.is_valid_number(&number));
    let e164 = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned();
    let region = PHONE_NUMBER_UTIL.get_region_for_number(&number).map(|region| region.to_string());
    Some((e164, number_type, region.filter(|region| region != "001"), number.extension))
}

#[track_caller]
fn agrees(text: &str, ours: Result<ParsedPhone, PhoneError>, engine: Option<Reading>) {
    match (ours, engine) {
        (Ok(ours), None) => {
            assert!(ours.rescue.is_some() || ours.number_type == NumberType::Short, "{text:?}");
        }
        (Ok(ours), Some(engine)) if ours.rescue.is_none() => {
            let region = ours.region.map(|region| region.to_string());
            let ours = (ours.number.to_string(), ours.number_type, region, ours.extension);
            assert_eq!(ours, engine, "{text:?}");
        }
        // The engine has dialled the words.
        (Ok(ours), Some(_)) => assert_eq!(ours.rescue, Some(Rescue::WordsAfterNumber), "{text:?}"),
        (Err(PhoneError::Letter { .. }), _) => assert!(text.contains(char::is_alphabetic)),
        (Err(PhoneError::Masked { .. }), _) => {
            let masks = ["**", "##", "xx"];
            assert!(masks.iter().any(|mask| text.contains(mask)), "{text:?}");
        }
        (Err(PhoneError::SeveralNumbers { .. }), Some(engine)) => {
            let extension = engine.3.is_some_and(|extension| extension.len() >= 7);
            assert!(extension || text.contains(char::is_alphabetic), "{text:?}");
        }
        (Err(error), Some(_)) => panic!("{text:?} is valid, not {error:?}"),
        (Err(_), None) => {}
    }
}

/// SplitMix64, and the ways in which people write numbers.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn writing(&mut self, (country_code, trunk, beginnings): Plan) -> String {
        let mut digits = match self.below(8) {
            0 | 1 => format!("+{country_code}"),
            2 => country_code.to_owned(),
            3 => format!("00{country_code}"),
            4 => String::new(),
            5 => format!("+{country_code}{trunk}"),
            _ => trunk.to_owned(),
        };
        if !self.one_in(8) {
            digits += self.pick(beginnings);
        }
        let length = match self.below(4) {
            0 => country_code.len() + 4 + self.below(9),
            _ => digits.len() + 5 + self.below(5),
        };
        while digits.len() < length {
            digits.push(char::from(b'0' + self.below(10) as u8));
        }
        let mut text = String::new();
        let other_script = self.one_in(20);
        for digit in digits.chars() {
            if self.one_in(5) {
                text += self.pick(&[" ", "-", ".", "(", ")", " (", ") "]);
            }
            if self.one_in(150) {
                text += self
                    .pick(&["x", "+", "o", "A", ",", ";", "\u{a0}", "–", "#", "*", "²", "~", "/"]);
            }
            match digit.to_digit(10) {
                Some(value) if other_script => {
                    text.extend(char::from_u32(0x0660 + value));
                }
                _ => text.push(digit),
            }
        }
        match self.below(30) {
            0 => {
                text +=
                    self.pick(&[" ext 12", " x7", " #", ",12", " (WA)", " ibu", "\n", ";ext=3"]);
            }
            1 => text.insert_str(0, self.pick(&["tel:", "WA ", "hp. ", "(", "++", "Tel. ", "*"])),
            _ => {}
        }
        text
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,60}", region in "[A-Za-z]{2}") {
        let parser = PhoneParser::new(Origin::Typed).with_region(region.parse().unwrap());
        let _ = parser.parse(&text);
        let _ = parser.parse_all(&text);
        let _ = PhoneParser::new(Origin::International).parse(&text);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        for origin in [Origin::Typed, Origin::International] {
            let parser = PhoneParser::new(origin).with_region("ID".parse().unwrap());
            let _ = parser.parse(&text);
            let _ = parser.parse_all(&text);
        }
    }

    #[test]
    fn nothing_near_a_number_panics(text in "[+0-9 ()/.,;xXeEt:*#~=-]{0,40}") {
        for region in ["ID", "VN", "BR", "MX", "AR", "IT"] {
            let parser = PhoneParser::new(Origin::Typed).with_region(region.parse().unwrap());
            match (parser.parse(&text), parser.parse_all(&text)) {
                (Ok(one), all) if one.number_type == NumberType::Short => {
                    prop_assert!(all.is_empty());
                }
                (Ok(one), all) => prop_assert_eq!(all, [one]),
                (Err(PhoneError::SeveralNumbers { count }), all) => {
                    prop_assert_eq!(all.len(), count);
                }
                (Err(_), _) => {}
            }
        }
    }
}
