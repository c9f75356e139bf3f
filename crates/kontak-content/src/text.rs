use crate::vocabulary::vocabulary;
use crate::{Written, WrittenError};
use kontak_types::Language;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// How a text is to be read.
    ///
    /// These three, because every platform's own formatting can be written in one of them: an
    /// adapter translates `*bold*` of WhatsApp or the entities of Telegram to Markdown, and back.
    /// What is in doubt is plain, so that a stray asterisk stays an asterisk.
    TextFormat {
        /// As it stands, line breaks included. What people type.
        Plain = "plain",
        /// CommonMark with strikethrough and tables.
        Markdown = "markdown",
        /// HTML as it came, unsanitised: it must be cleaned before a browser shows it.
        Html = "html",
    }
}

/// Words: the body of a message, a caption, the question above some buttons.
///
/// ```
/// use kontak_content::{Part, Text};
///
/// let text = Text::markdown("Your parcel is **on its way**.")?.with_language("en".parse()?);
/// assert_eq!(Part::from(text).plain_text(), "Your parcel is on its way.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Text {
    /// The text, in its format.
    pub body: Written,
    /// How the body is to be read.
    pub format: TextFormat,
    /// The language, where it is known or was detected.
    pub language: Option<Language>,
}

impl Text {
    /// A text in a format, its language unknown.
    #[must_use]
    pub fn new(body: Written, format: TextFormat) -> Self {
        Self { body, format, language: None }
    }

    /// Plain text.
    ///
    /// # Errors
    /// As [`Written::new`].
    pub fn plain(body: impl Into<Box<str>>) -> Result<Self, WrittenError> {
        Ok(Self::new(Written::new(body)?, TextFormat::Plain))
    }

    /// Markdown.
    ///
    /// # Errors
    /// As [`Written::new`].
    pub fn markdown(body: impl Into<Box<str>>) -> Result<Self, WrittenError> {
        Ok(Self::new(Written::new(body)?, TextFormat::Markdown))
    }

    /// HTML.
    ///
    /// # Errors
    /// As [`Written::new`].
    pub fn html(body: impl Into<Box<str>>) -> Result<Self, WrittenError> {
        Ok(Self::new(Written::new(body)?, TextFormat::Html))
    }

    /// With the language it is in.
    #[must_use]
    pub fn with_language(self, language: Language) -> Self {
        Self { language: Some(language), ..self }
    }
}

/// A note of one colleague to another. It is never sent to the customer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InternalNote {
    /// What it says.
    pub text: Text,
}

impl InternalNote {
    /// A note that says this.
    #[must_use]
    pub fn new(text: Text) -> Self {
        Self { text }
    }
}
