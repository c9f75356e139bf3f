use super::{E164Error, LineKey, NumberType, Region, fast, reference};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

/// A telephone number in international form (E.164), in 8 bytes.
///
/// Equality, order, hash and the stored form see the digits only. What the digits mean (type,
/// region, validity) is asked of the metadata by methods, because that answer changes with the
/// metadata and the number does not.
///
/// Making one checks the shape, not the numbering plan: a platform may attest a number that is
/// newer than the metadata. To read what people type, use [`PhoneParser`](crate::PhoneParser).
///
/// Two writings of one line may be two different numbers here: compare [`PhoneNumber::line_key`]
/// where that matters.
///
/// ```
/// use kontak_address::{NumberType, PhoneNumber};
///
/// let number: PhoneNumber = "+6281234567890".parse()?;
/// assert_eq!(number.digits(), 6_281_234_567_890);
/// assert_eq!(number.country_code(), 62);
/// assert_eq!(number.number_type(), NumberType::Mobile);
/// assert_eq!(number.to_string(), "+6281234567890");
/// assert_eq!(format!("{number:?}"), "+62*********90");
/// assert_eq!(size_of::<Option<PhoneNumber>>(), 8);
/// # Ok::<(), kontak_address::E164Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(NonZeroU64);

impl PhoneNumber {
    /// The fewest digits, country code included: a short code under a one-digit country code.
    pub const MIN_DIGITS: usize = 4;
    /// The most digits, country code included. The standard says 15; Germany, Indonesia and Japan
    /// have longer numbers.
    pub const MAX_DIGITS: usize = 19;

    /// Reads `+` and digits, nothing else.
    ///
    /// # Errors
    ///
    /// [`E164Error`] says which part of that shape is missing, and where.
    pub fn from_e164(text: &str) -> Result<Self, E164Error> {
        let digits = text.strip_prefix('+').ok_or(E164Error::MissingPlus)?;
        if let Some(at) = digits.bytes().position(|b| !b.is_ascii_digit()) {
            return Err(E164Error::NotADigit { at: at + 1 });
        }
        if digits.starts_with('0') {
            return Err(E164Error::LeadingZero);
        }
        if digits.len() > Self::MAX_DIGITS {
            return Err(E164Error::TooLong { digits: digits.len() });
        }
        Self::from_digits(digits.bytes().fold(0, |value, b| value * 10 + u64::from(b - b'0')))
    }

    /// The number with these digits, country code first.
    ///
    /// # Errors
    ///
    /// [`E164Error::TooShort`] or [`E164Error::TooLong`] outside [`PhoneNumber::MIN_DIGITS`] to
    /// [`PhoneNumber::MAX_DIGITS`].
    pub fn from_digits(digits: u64) -> Result<Self, E164Error> {
        let count = count_digits(digits) as usize;
        if count > Self::MAX_DIGITS {
            return Err(E164Error::TooLong { digits: count });
        }
        match NonZeroU64::new(digits) {
            Some(digits) if count >= Self::MIN_DIGITS => Ok(Self(digits)),
            _ => Err(E164Error::TooShort { digits: count }),
        }
    }

    /// `country_code` followed by `national`, written with `length` digits: leading zeros count in
    /// Italy and a few other countries.
    pub(super) fn from_parts(country_code: u16, national: u64, length: u32) -> Option<Self> {
        let shifted = u64::from(country_code).checked_mul(10_u64.checked_pow(length)?)?;
        Self::from_digits(shifted.checked_add(national)?).ok()
    }

    /// Country code, national digits as a value, and how many national digits there are.
    pub(super) fn parts(self) -> (u16, u64, u32) {
        let digits = self.digits();
        // At least MIN_DIGITS digits, so no subtraction underflows.
        let count = count_digits(digits);
        let length = count - country_code_length(digits / 10_u64.pow(count - 2));
        let scale = 10_u64.pow(length);
        let country_code =
            u16::try_from(digits / scale).expect("a country code has at most three digits");
        (country_code, digits % scale, length)
    }

    /// All digits as one value, country code first.
    #[must_use]
    pub const fn digits(self) -> u64 {
        self.0.get()
    }

    /// The country calling code: 62 for Indonesia, 1 for the whole North American plan.
    #[must_use]
    pub fn country_code(self) -> u16 {
        self.parts().0
    }

    /// What the number is for.
    #[must_use]
    pub fn number_type(self) -> NumberType {
        self.classify().0
    }

    /// The region whose plan holds the number. `None` where no region does (satellite networks,
    /// international toll-free) or where several share the country code and the number is assigned
    /// in none of them.
    #[must_use]
    pub fn region(self) -> Option<Region> {
        self.classify().1
    }

    /// Whether the numbering plan assigns the number to a line.
    #[must_use]
    pub fn is_valid(self) -> bool {
        !matches!(self.number_type(), NumberType::Unknown | NumberType::Short)
    }

    /// The key under which all writings of this line agree.
    #[must_use]
    pub fn line_key(self) -> LineKey {
        LineKey::of(self)
    }

    pub(super) fn classify(self) -> (NumberType, Option<Region>) {
        match fast::classify(self) {
            Some((number_type, region)) => (number_type, Some(region)),
            None => reference::classify(self),
        }
    }
}

/// How many of the leading digits are the country code: the zones of ITU-T E.164, where no code is
/// the beginning of another. Spare codes count as three digits.
const fn country_code_length(first_two: u64) -> u32 {
    match first_two {
        10..=19 | 70..=79 => 1,
        20 | 27 | 30..=34 | 36 | 39..=41 | 43..=49 | 51..=58 | 60..=66 => 2,
        81 | 82 | 84 | 86 | 90..=95 | 98 => 2,
        _ => 3,
    }
}

pub(super) fn count_digits(value: u64) -> u32 {
    value.checked_ilog10().map_or(1, |log| log + 1)
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (country_code, national, length) = self.parts();
        write!(f, "+{country_code}")?;
        mask(f, national, length)
    }
}

/// Stars for `length` digits, the last two shown where enough stay hidden.
pub(super) fn mask(f: &mut fmt::Formatter<'_>, value: u64, length: u32) -> fmt::Result {
    let hidden = if length < 7 { length } else { length - 2 };
    for _ in 0..hidden {
        f.write_str("*")?;
    }
    if hidden < length { write!(f, "{:02}", value % 100) } else { Ok(()) }
}

impl FromStr for PhoneNumber {
    type Err = E164Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_e164(text)
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::text_form::deserialize(deserializer, "a phone number such as +6281234567890")
    }
}
