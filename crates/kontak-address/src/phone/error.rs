use super::{PhoneNumber, Region};
use thiserror::Error;

/// Why a text was not read as a phone number.
///
/// Messages name lengths and positions, never the digits.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PhoneError {
    /// There is no digit in the text.
    #[error("no digits: expected a phone number")]
    NoDigits,
    /// The text is longer than any writing of one number.
    #[error("{bytes} bytes of text: a phone number takes at most {limit}")]
    TextTooLong {
        /// The length of the text.
        bytes: usize,
        /// The longest text that is read.
        limit: usize,
    },
    /// Digits are withheld, as in "0812-3456-****": what is left may be a number of somebody else.
    #[error("digits are withheld at byte {at}")]
    Masked {
        /// Byte offset in the text.
        at: usize,
    },
    /// A letter stands among the digits. Phone keypads would dial it; a typing slip is far more
    /// likely.
    #[error("letter at byte {at} among the digits")]
    Letter {
        /// Byte offset in the text.
        at: usize,
    },
    /// A character that no writing of a phone number has.
    #[error("character at byte {at} does not belong to a phone number")]
    Unreadable {
        /// Byte offset in the text.
        at: usize,
    },
    /// Too few digits for any line.
    #[error("too short: {digits} digits")]
    TooShort {
        /// How many digits the text has.
        digits: usize,
    },
    /// Too many digits for any line.
    #[error("too long: {digits} digits")]
    TooLong {
        /// How many digits the text has.
        digits: usize,
    },
    /// Neither too short nor too long, yet no line of that country has so many digits.
    #[error("{digits} digits: no number under +{country_code} has this length")]
    WrongLength {
        /// How many digits the text has.
        digits: usize,
        /// The country code under which it was read.
        country_code: u16,
    },
    /// A local number: it can be dialled next door, but names no line without its area code.
    #[error("the area code is missing: expected a full number under +{country_code}")]
    AreaCodeMissing {
        /// The country code under which it was read.
        country_code: u16,
    },
    /// The length fits, but the numbering plan assigns no such number. Where the source is to be
    /// trusted all the same (a platform attests it; the metadata may be older than the number),
    /// take the number from here.
    #[error("no number under +{country_code} begins like this", country_code = number.country_code())]
    Unassigned {
        /// The number as it was read.
        number: PhoneNumber,
    },
    /// An international number whose first digits are no country code.
    #[error("no country has the code that the number begins with")]
    UnknownCountryCode,
    /// A national number, and the parser was given no region to read it in.
    #[error("a national number needs a region to be read in: give the parser one")]
    NoRegion,
    /// A national number, and the metadata does not know the region it should be read in.
    #[error("no numbering plan for the region {region}")]
    UnknownRegion {
        /// The region given to the parser.
        region: Region,
    },
    /// More than one number: [`PhoneParser::parse_all`](crate::PhoneParser::parse_all) reads them.
    #[error("{count} numbers in one text: read them with parse_all")]
    SeveralNumbers {
        /// How many numbers were found.
        count: usize,
    },
}

/// Why a text or value is not an international number ([`PhoneNumber`]).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum E164Error {
    /// The text does not begin with `+`.
    #[error("an international number begins with +")]
    MissingPlus,
    /// Something else than a digit follows the plus.
    #[error("not a digit at byte {at}")]
    NotADigit {
        /// Byte offset in the text.
        at: usize,
    },
    /// No country code begins with 0.
    #[error("no country code begins with 0")]
    LeadingZero,
    /// Fewer digits than [`PhoneNumber::MIN_DIGITS`].
    #[error("{digits} digits: expected at least {}", PhoneNumber::MIN_DIGITS)]
    TooShort {
        /// How many digits there are.
        digits: usize,
    },
    /// More digits than [`PhoneNumber::MAX_DIGITS`].
    #[error("{digits} digits: expected at most {}", PhoneNumber::MAX_DIGITS)]
    TooLong {
        /// How many digits there are.
        digits: usize,
    },
}
