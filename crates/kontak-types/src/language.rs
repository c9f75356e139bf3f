use oxilangtag::LanguageTag;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A language as a BCP 47 tag: `id`, `vi`, `en-GB`, `zh-Hant-TW`.
///
/// ```
/// use kontak_types::Language;
///
/// let language: Language = "vi-vn".parse()?;
/// assert_eq!(language.as_str(), "vi-VN");
/// assert_eq!(language.primary(), "vi");
/// # Ok::<(), kontak_types::LanguageError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(LanguageTag<String>);

impl Language {
    /// The whole tag, in the recommended upper and lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The primary subtag, without script and region.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.primary_language()
    }
}

/// The text is not a BCP 47 language tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a BCP 47 language tag such as \"id\" or \"vi-VN\": {reason}")]
pub struct LanguageError {
    reason: String,
}

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        LanguageTag::parse_and_normalize(text)
            .map(Self)
            .map_err(|error| LanguageError { reason: error.to_string() })
    }
}

impl TryFrom<String> for Language {
    type Error = LanguageError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0.into_inner()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
