use crate::{Media, Part, Text, Written, WrittenError};
use serde::{Deserialize, Serialize};

/// What a message says: its parts, in order, and the subject where the channel has one.
///
/// It may be empty: people send mails without a word in them, and that is a fact too.
///
/// ```
/// use kontak_content::{Content, GeoPoint, Location};
///
/// let content = Content::plain("We are here:")?
///     .with_part(Location::new(GeoPoint::new(-6.2, 106.8)?));
/// assert_eq!(content.parts.len(), 2);
/// assert_eq!(content.summary(&"vi".parse()?), "We are here: [vị trí]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Content {
    /// The subject of a mail, the title of a review or of a post in a forum.
    pub subject: Option<Written>,
    /// The parts, in the order in which they are read.
    pub parts: Vec<Part>,
}

impl Content {
    /// These parts, without a subject.
    #[must_use]
    pub fn new(parts: Vec<Part>) -> Self {
        Self { subject: None, parts }
    }

    /// One plain text.
    ///
    /// # Errors
    /// As [`Written::new`].
    pub fn plain(text: impl Into<Box<str>>) -> Result<Self, WrittenError> {
        Ok(Text::plain(text)?.into())
    }

    /// With a subject.
    #[must_use]
    pub fn with_subject(self, subject: Written) -> Self {
        Self { subject: Some(subject), ..self }
    }

    /// With one more part at its end.
    #[must_use]
    pub fn with_part(mut self, part: impl Into<Part>) -> Self {
        self.parts.push(part.into());
        self
    }

    /// All media in all parts, in order. The place in this order names a medium for as long as the
    /// parts do not change.
    pub fn media(&self) -> impl Iterator<Item = &Media> {
        self.parts.iter().flat_map(Part::media)
    }

    /// The same, to note what became of them.
    pub fn media_mut(&mut self) -> impl Iterator<Item = &mut Media> {
        self.parts.iter_mut().flat_map(Part::media_mut)
    }

    /// Whether it is for colleagues only: internal notes, and nothing else.
    #[must_use]
    pub fn is_note(&self) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(Part::is_internal)
    }

    /// What may be shown to the customer: everything but internal notes.
    #[must_use]
    pub fn without_internal(mut self) -> Self {
        self.parts.retain(|part| !part.is_internal());
        self
    }

    /// What stays once all words are taken out: a tombstone for each part, no subject.
    ///
    /// Copies of its media are for the caller to delete: see [`media`](Self::media) before.
    #[must_use]
    pub fn redacted(&self) -> Self {
        Self::new(self.parts.iter().map(Part::redacted).collect())
    }
}

impl<P: Into<Part>> From<P> for Content {
    fn from(part: P) -> Self {
        Self::new(vec![part.into()])
    }
}

impl FromIterator<Part> for Content {
    fn from_iter<I: IntoIterator<Item = Part>>(parts: I) -> Self {
        Self::new(parts.into_iter().collect())
    }
}
