use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A MIME type: `image/jpeg`, `audio/ogg; codecs=opus`.
///
/// Type and subtype are put in lower case; parameters stay as they are written.
///
/// ```
/// use kontak_content::MimeType;
///
/// let voice: MimeType = "Audio/OGG; codecs=opus".parse()?;
/// assert_eq!(voice.as_str(), "audio/ogg; codecs=opus");
/// assert_eq!((voice.essence(), voice.top_level()), ("audio/ogg", "audio"));
/// # Ok::<(), kontak_content::MimeTypeError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MimeType(Box<str>);

/// RFC 6838, section 4.2: each of the two names.
const MAX_NAME: usize = 127;
const MAX_PARAMETERS: usize = 512;

impl MimeType {
    /// The whole, with its parameters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Type and subtype: `audio/ogg`.
    #[must_use]
    pub fn essence(&self) -> &str {
        split(&self.0).0
    }

    /// The type alone: `audio`.
    #[must_use]
    pub fn top_level(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }
}

/// Essence and parameters, white space around the semicolon cut off.
fn split(text: &str) -> (&str, &str) {
    let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
    (essence.trim(), parameters.trim())
}

/// RFC 6838, section 4.2: `restricted-name`.
fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
}

/// The text is not a MIME type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a text of {bytes} bytes is not a MIME type such as image/jpeg")]
#[non_exhaustive]
pub struct MimeTypeError {
    /// Its length, in bytes.
    pub bytes: usize,
}

impl FromStr for MimeType {
    type Err = MimeTypeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (essence, parameters) = split(text);
        let names = essence.split_once('/');
        let well_formed = names.is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
            && parameters.bytes().all(|byte| matches!(byte, b' '..=b'~'))
            && parameters.len() <= MAX_PARAMETERS;
        if !well_formed {
            return Err(MimeTypeError { bytes: text.len() });
        }
        let mut whole = essence.to_ascii_lowercase();
        if !parameters.is_empty() {
            whole.push_str("; ");
            whole.push_str(parameters);
        }
        Ok(Self(whole.into()))
    }
}

impl TryFrom<String> for MimeType {
    type Error = MimeTypeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<MimeType> for String {
    fn from(mime_type: MimeType) -> Self {
        mime_type.0.into()
    }
}

impl fmt::Debug for MimeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.essence())
    }
}

impl fmt::Display for MimeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
