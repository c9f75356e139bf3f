use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A short name that the business gave: of a segment, a label, a calendar.
///
/// Small letters, digits, `_`, `-`, `.` and `:`, at most 64; no more than six digits in a row, so that neither
/// a phone number nor an address fits.
///
/// ```
/// use kontak_metrics::Tag;
///
/// let tag: Tag = "late-delivery".parse()?;
/// assert_eq!(tag.as_str(), "late-delivery");
/// assert!("budi@example.com".parse::<Tag>().is_err());
/// assert!("0812-3456789".parse::<Tag>().is_err());
/// # Ok::<(), kontak_metrics::TagError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(Box<str>);

/// The text cannot be a tag. The message does not repeat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TagError {
    /// Nothing, or too much.
    #[error("a tag of {0} bytes; expected 1 to 64")]
    Length(usize),
    /// A character that does not belong.
    #[error("byte {0} of the tag is not a small letter, a digit, `_`, `-`, `.` or `:`")]
    Character(usize),
    /// It may be somebody's number.
    #[error("byte {0} of the tag is a seventh digit in a row: it may be somebody's number")]
    LongNumber(usize),
}

const LONGEST: usize = 64;
const MOST_DIGITS: usize = 6;

impl Tag {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tag {
    type Err = TagError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || text.len() > LONGEST {
            return Err(TagError::Length(text.len()));
        }
        let mut digits = 0;
        for (place, byte) in text.bytes().enumerate() {
            digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
            if digits > MOST_DIGITS {
                return Err(TagError::LongNumber(place));
            }
            if !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b':') {
                return Err(TagError::Character(place));
            }
        }
        Ok(Self(text.into()))
    }
}

impl TryFrom<String> for Tag {
    type Error = TagError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> Self {
        tag.0.into()
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
