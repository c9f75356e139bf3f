use super::number::{count_digits, mask};
use super::{E164Error, PhoneNumber, renumbering};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// What the writings of one telephone line have in common.
///
/// Renumbering and dialling habits give one line two international numbers. The key is the same for
/// both; for all other numbers it is the digits of the number:
///
/// | country | one line, two writings |
/// |---|---|
/// | Argentina | with and without the mobile 9 |
/// | Brazil | with and without the ninth digit |
/// | Mexico | with and without the mobile 1 |
/// | Vietnam | before and after 2018 |
///
/// The rules are a fixed table: a key never changes with the phone metadata. A key is for comparing,
/// not for dialling, so it is a type of its own and has no plus.
///
/// ```
/// use kontak_address::PhoneNumber;
///
/// let from_whatsapp: PhoneNumber = "+5215512345678".parse()?;
/// let typed: PhoneNumber = "+525512345678".parse()?;
/// assert_ne!(from_whatsapp, typed);
/// assert_eq!(from_whatsapp.line_key(), typed.line_key());
/// # Ok::<(), kontak_address::E164Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineKey(PhoneNumber);

impl LineKey {
    pub(super) fn of(number: PhoneNumber) -> Self {
        let now = renumbering::vietnam_2018(number)
            .or_else(|| renumbering::brazil_ninth_digit(number))
            .or_else(|| renumbering::mexico_mobile_one(number))
            .or_else(|| renumbering::argentina_mobile_nine(number));
        Self(now.unwrap_or(number))
    }

    /// The key as one value.
    #[must_use]
    pub const fn digits(self) -> u64 {
        self.0.digits()
    }
}

impl From<PhoneNumber> for LineKey {
    fn from(number: PhoneNumber) -> Self {
        Self::of(number)
    }
}

impl fmt::Display for LineKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digits().fmt(f)
    }
}

impl fmt::Debug for LineKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("line ")?;
        mask(f, self.digits(), count_digits(self.digits()))
    }
}

impl FromStr for LineKey {
    type Err = E164Error;

    /// Reads a stored key. It is taken as it stands: which rules made it is history.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = match text.bytes().position(|b| !b.is_ascii_digit()) {
            Some(at) => return Err(E164Error::NotADigit { at }),
            None if text.starts_with('0') => return Err(E164Error::LeadingZero),
            None => text.parse().map_err(|_| match text.len() {
                0 => E164Error::TooShort { digits: 0 },
                digits => E164Error::TooLong { digits },
            })?,
        };
        PhoneNumber::from_digits(digits).map(Self)
    }
}

impl Serialize for LineKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LineKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::text_form::deserialize(deserializer, "the digits of a line key")
    }
}
