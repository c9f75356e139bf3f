//! One text, one reading, no guesses.

use super::mask;
use super::reference::{self, Length, Reading, Refusal};
use super::writing::Writing;
use super::{NumberType, Origin, ParsedPhone, PhoneError, Region};
use std::borrow::Cow;

/// A text that was refused, and what was read in it all the same: a rescue may know what it used to
/// be.
pub(super) struct Refused {
    pub(super) error: PhoneError,
    pub(super) reading: Option<Reading>,
}

impl From<PhoneError> for Refused {
    fn from(error: PhoneError) -> Self {
        Self { error, reading: None }
    }
}

pub(super) fn parse(
    text: &str,
    origin: Origin,
    region: Option<Region>,
) -> Result<ParsedPhone, Refused> {
    let writing = Writing::new(text).ok_or(PhoneError::NoDigits)?;
    if let Some(at) = mask::find(text) {
        return Err(PhoneError::Masked { at }.into());
    }
    if let Some(at) = writing.stray_letter() {
        return Err(PhoneError::Letter { at }.into());
    }
    let says_country = writing.says_country();
    let (as_written, region) = match origin {
        Origin::Typed => (Cow::Borrowed(text), region),
        Origin::International if says_country => (Cow::Borrowed(text), None),
        Origin::International => (Cow::Owned(format!("+{}", writing.number())), None),
    };
    let reading = reference::read(&as_written, region).map_err(|refusal| match refusal {
        Refusal::NotANumber if writing.digits() > 2 => {
            PhoneError::Unreadable { at: writing.odd_character() }
        }
        Refusal::NotANumber | Refusal::TooShort => {
            PhoneError::TooShort { digits: writing.digits() }
        }
        Refusal::TooLong => PhoneError::TooLong { digits: writing.digits() },
        Refusal::NoCountryCode => match region {
            _ if origin == Origin::International || says_country => PhoneError::UnknownCountryCode,
            None => PhoneError::NoRegion,
            Some(region) if !reference::knows(region) => PhoneError::UnknownRegion { region },
            Some(_) => PhoneError::UnknownCountryCode,
        },
    })?;
    // A label that the engine did not take for one was dialled like a keypad.
    if let (None, Some(at)) = (&reading.extension, writing.extension_label()) {
        return Err(PhoneError::Letter { at }.into());
    }
    match reading.number_type {
        NumberType::Short
            if origin == Origin::Typed && !says_country && reading.is_plain(writing.digits()) => {}
        NumberType::Short | NumberType::Unknown => {
            let error = misfit(&reading, writing.digits());
            return Err(Refused { error, reading: Some(reading) });
        }
        _ => {}
    }
    Ok(reading.into())
}

fn misfit(reading: &Reading, digits: usize) -> PhoneError {
    let country_code = reading.number.country_code();
    match reading.length {
        Length::Possible => PhoneError::Unassigned { number: reading.number },
        Length::LocalOnly => PhoneError::AreaCodeMissing { country_code },
        Length::TooShort => PhoneError::TooShort { digits },
        Length::TooLong => PhoneError::TooLong { digits },
        Length::InBetween => PhoneError::WrongLength { digits, country_code },
    }
}

impl Reading {
    /// Neither an extension nor zeros or a code for dialling out in front: what is typed for a
    /// short code.
    fn is_plain(&self, digits: usize) -> bool {
        let (_, national, length) = self.number.parts();
        self.extension.is_none()
            && super::number::count_digits(national) == length
            && length as usize == digits
    }
}

impl From<Reading> for ParsedPhone {
    fn from(reading: Reading) -> Self {
        let Reading { number, number_type, region, extension, length: _ } = reading;
        Self { number, number_type, region, extension, rescue: None }
    }
}
