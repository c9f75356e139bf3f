use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// The name of a file: safe to show and to append to a folder.
///
/// The last step of a path, without control characters and without those that turn the direction
/// of writing, which make `invoice_\u{202e}fdp.exe` look like a PDF. `Debug` shows the extension.
///
/// ```
/// use kontak_content::FileName;
///
/// let name: FileName = r"C:\Users\Budi\KTP Budi.pdf".parse()?;
/// assert_eq!((name.as_str(), name.extension()), ("KTP Budi.pdf", Some("pdf")));
/// assert_eq!(format!("{name:?}"), "(12 chars).pdf");
/// assert!("../..".parse::<FileName>().is_err());
/// # Ok::<(), kontak_content::FileNameError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileName(Box<str>);

impl FileName {
    /// The longest name that is taken, in bytes: what file systems take.
    pub const MAX_BYTES: usize = 255;

    /// The name with its extension.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the last dot, where that are one to eight ASCII letters and digits.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        let (stem, extension) = self.0.rsplit_once('.')?;
        let usual = (1..=8).contains(&extension.len())
            && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (usual && !stem.is_empty()).then_some(extension)
    }
}

fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Why a text is not a [`FileName`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FileNameError {
    /// Nothing but a path, dots or characters that cannot be seen.
    #[error("no file name is left once path and invisible characters are taken off")]
    Empty,
    /// The name is too long.
    #[error("the file name has {bytes} bytes: at most {limit} are taken")]
    TooLong {
        /// Its length, in bytes.
        bytes: usize,
        /// The longest name that is taken.
        limit: usize,
    },
}

impl FromStr for FileName {
    type Err = FileNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let step = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let visible: String = step.chars().filter(|c| is_harmless(*c)).collect();
        let name = visible.trim();
        if name.trim_matches('.').is_empty() {
            return Err(FileNameError::Empty);
        }
        if name.len() > Self::MAX_BYTES {
            return Err(FileNameError::TooLong { bytes: name.len(), limit: Self::MAX_BYTES });
        }
        Ok(Self(name.into()))
    }
}

impl TryFrom<String> for FileName {
    type Error = FileNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0.into()
    }
}

impl fmt::Debug for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} chars)", self.0.chars().count())?;
        self.extension().map_or(Ok(()), |extension| write!(f, ".{extension}"))
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
