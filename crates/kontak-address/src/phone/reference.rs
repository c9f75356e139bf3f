//! The one place that talks to the metadata engine.

use super::number::count_digits;
use super::{NumberType, PhoneNumber, Region};
use rlibphonenumber::phonenumber_matcher::{Leniency, PHONE_MATCHER_FACTORY};
use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumberType, ValidationError,
};
use std::ops::Range;

/// Bounds the search for numbers in a text that looks full of them and holds none.
const MAX_TRIES: u64 = 1_000;

/// What the engine made of a text.
pub(super) struct Reading {
    pub(super) number: PhoneNumber,
    pub(super) number_type: NumberType,
    pub(super) region: Option<Region>,
    pub(super) extension: Option<String>,
    pub(super) length: Length,
}

/// How the count of digits fits the plan of the country.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    Possible,
    LocalOnly,
    TooShort,
    TooLong,
    InBetween,
}

/// Why the engine made nothing of a text.
pub(super) enum Refusal {
    NotANumber,
    NoCountryCode,
    TooShort,
    TooLong,
}

/// Reads a text as the engine does; the result need not be valid.
pub(super) fn read(text: &str, region: Option<Region>) -> Result<Reading, Refusal> {
    let parsed =
        PHONE_NUMBER_UTIL.parse(text, region.and_then(to_engine_region)).map_err(|error| {
            match error {
                ParseError::InvalidCountryCode => Refusal::NoCountryCode,
                ParseError::NotANumber(_) => Refusal::NotANumber,
                ParseError::TooShortAfterIdd | ParseError::TooShortNsn => Refusal::TooShort,
                ParseError::TooLongNsn => Refusal::TooLong,
            }
        })?;
    let number = from_engine(&parsed)?;
    let (number_type, region) = classify(number);
    let length = length(&parsed);
    Ok(Reading { number, number_type, region, extension: parsed.extension, length })
}

/// Type and region of a number.
pub(super) fn classify(number: PhoneNumber) -> (NumberType, Option<Region>) {
    let parsed = to_engine(number);
    let region = PHONE_NUMBER_UTIL.get_region_for_number(&parsed).and_then(from_engine_region);
    let number_type = match PHONE_NUMBER_UTIL.get_number_type(&parsed) {
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
        PhoneNumberType::Unknown if is_short(number, length(&parsed)) => NumberType::Short,
        PhoneNumberType::Unknown => NumberType::Unknown,
    };
    (number_type, region)
}

/// Whether the metadata has a numbering plan for the region.
pub(super) fn knows(region: Region) -> bool {
    to_engine_region(region)
        .is_some_and(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region).is_some())
}

/// Whether the engine takes a character for a decimal digit.
pub(super) fn is_digit(c: char) -> bool {
    !PHONE_NUMBER_UTIL.normalize_digits_only(c.encode_utf8(&mut [0; 4])).is_empty()
}

fn to_engine_region(region: Region) -> Option<rlibphonenumber::Region> {
    rlibphonenumber::Region::from_code(region.as_str()).ok()
}

/// `None` for the engine's "001", which is no region but the whole world.
fn from_engine_region(region: rlibphonenumber::Region) -> Option<Region> {
    region.as_region_str().parse().ok()
}

fn is_short(number: PhoneNumber, length: Length) -> bool {
    let (_, _, digits) = number.parts();
    (3..=6).contains(&digits) && !matches!(length, Length::Possible | Length::TooLong)
}

fn length(parsed: &rlibphonenumber::PhoneNumber) -> Length {
    match PHONE_NUMBER_UTIL.is_possible_number_with_reason(parsed) {
        Ok(NumberLengthType::IsPossible) => Length::Possible,
        Ok(NumberLengthType::IsPossibleLocalOnly) => Length::LocalOnly,
        Err(ValidationError::TooShort) => Length::TooShort,
        Err(ValidationError::TooLong) => Length::TooLong,
        Err(ValidationError::InvalidLength | ValidationError::InvalidCountryCode) => {
            Length::InBetween
        }
    }
}

fn to_engine(number: PhoneNumber) -> rlibphonenumber::PhoneNumber {
    let (country_code, national, length) = number.parts();
    let zeros = length - count_digits(national);
    rlibphonenumber::PhoneNumber {
        country_code: i32::from(country_code),
        national_number: national,
        italian_leading_zero: (zeros > 0).then_some(true),
        number_of_leading_zeros: (zeros > 1).then_some(zeros.cast_signed()),
        ..Default::default()
    }
}

fn from_engine(parsed: &rlibphonenumber::PhoneNumber) -> Result<PhoneNumber, Refusal> {
    let zeros = match parsed.italian_leading_zero {
        Some(true) => parsed.number_of_leading_zeros.unwrap_or(1).max(0).cast_unsigned(),
        _ => 0,
    };
    let length = count_digits(parsed.national_number) + zeros;
    u16::try_from(parsed.country_code)
        .ok()
        .and_then(|code| PhoneNumber::from_parts(code, parsed.national_number, length))
        .ok_or(if length < PhoneNumber::MIN_DIGITS as u32 {
            Refusal::TooShort
        } else {
            Refusal::TooLong
        })
}

/// The stretches of a text that look like one number each.
pub(super) fn find_all(text: &str, region: Option<Region>) -> impl Iterator<Item = Range<usize>> {
    PHONE_MATCHER_FACTORY
        .matcher_builder(text)
        .preferred_region(region.and_then(to_engine_region))
        .leniency(Leniency::Possible)
        .max_tries(MAX_TRIES)
        .build()
        .map(|found| found.start..found.end())
}
