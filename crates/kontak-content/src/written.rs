use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// What somebody wrote, kept as it was written: never empty, at most 1 MiB.
///
/// `Debug` shows only how long it is; `Display` and [`as_str`](Self::as_str) show it whole.
///
/// ```
/// use kontak_content::Written;
///
/// let name = Written::new("Nguyễn Thị Hoa")?;
/// assert_eq!(format!("{name:?}"), "(14 chars)");
/// assert_eq!(name.to_string(), "Nguyễn Thị Hoa");
/// assert!(Written::new("").is_err());
/// # Ok::<(), kontak_content::WrittenError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Written(Box<str>);

impl Written {
    /// The longest text that is taken, in bytes.
    pub const MAX_BYTES: usize = 1 << 20;

    /// The text as it stands; white space at its ends stays.
    ///
    /// # Errors
    /// Where the text is empty, or longer than [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn new(text: impl Into<Box<str>>) -> Result<Self, WrittenError> {
        let text = text.into();
        match text.len() {
            0 => Err(WrittenError::Empty),
            bytes if bytes > Self::MAX_BYTES => {
                Err(WrittenError::TooLong { bytes, limit: Self::MAX_BYTES })
            }
            _ => Ok(Self(text)),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many characters (Unicode scalar values) it has, in O(n).
    pub(crate) fn chars(&self) -> usize {
        self.0.chars().count()
    }
}

/// Why a text is not a [`Written`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WrittenError {
    /// Nothing is written: leave the field out instead.
    #[error("the text is empty: expected at least one character")]
    Empty,
    /// The text is too long.
    #[error("the text has {bytes} bytes: at most {limit} are taken")]
    TooLong {
        /// The length of the text, in bytes.
        bytes: usize,
        /// The longest text that is taken.
        limit: usize,
    },
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} chars)", self.chars())
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Written {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Written {
    type Error = WrittenError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(text)
    }
}

impl TryFrom<&str> for Written {
    type Error = WrittenError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::new(text)
    }
}

impl From<Written> for String {
    fn from(text: Written) -> Self {
        text.0.into()
    }
}
