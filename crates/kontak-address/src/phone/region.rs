use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A region by its two letters (ISO 3166-1 alpha-2, as the phone metadata uses them): `ID`, `VN`, `GB`.
///
/// Reading one checks the shape only. Whether the metadata knows the region is found out where it
/// matters: a national number cannot be read in a region nobody knows, a number with a plus can.
///
/// ```
/// use kontak_address::Region;
///
/// let region: Region = "id".parse()?;
/// assert_eq!(region.as_str(), "ID");
/// assert!("Indonesia".parse::<Region>().is_err());
/// # Ok::<(), kontak_address::RegionError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region([u8; 2]);

impl Region {
    /// For the library's own tables, whose letters are written in the source.
    pub(super) const fn literal(letters: [u8; 2]) -> Self {
        assert!(letters[0].is_ascii_uppercase() && letters[1].is_ascii_uppercase());
        Self(letters)
    }

    /// The two letters, upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("every constructor checks for ASCII letters")
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Region {
    type Err = RegionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(RegionError { bytes: text.len() }),
        }
    }
}

impl Serialize for Region {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::text_form::deserialize(deserializer, "a region of two letters")
    }
}

/// Why a text is not a [`Region`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a region is two ASCII letters such as ID or VN, not a text of {bytes} bytes")]
#[non_exhaustive]
pub struct RegionError {
    /// The length of the text, in bytes.
    pub bytes: usize,
}
