mod file_name;
mod mime_type;
mod place;
mod url;

pub use file_name::{FileName, FileNameError};
pub use mime_type::{MimeType, MimeTypeError};
pub use place::{FetchFailure, MediaPlace, Remote};
pub use url::{WebUrl, WebUrlError};

use crate::vocabulary::vocabulary;
use crate::{BlobId, Text};
use serde::{Deserialize, Serialize};
use thiserror::Error;

vocabulary! {
    /// What a medium is to the one who sees or hears it.
    MediaKind {
        /// A still picture.
        Image = "image",
        /// Sound that was made beforehand: a song, a file.
        Audio = "audio",
        /// A film.
        Video = "video",
        /// A file to open with some program.
        Document = "document",
        /// A small picture in place of words.
        Sticker = "sticker",
        /// Sound that was spoken into the chat.
        VoiceNote = "voice_note",
    }
}

/// A picture, a recording, a file: what is known about it and where it lies, never its bytes.
///
/// A message is stored before its media are fetched. [`stored`](Self::stored) and
/// [`failed`](Self::failed) are what becomes of them.
///
/// ```
/// use kontak_content::{BlobId, Media, MediaKind, MediaPlace, ProviderRef, Remote};
///
/// let at = Remote::Provider(ProviderRef::new("1234567890987654321")?);
/// let note = Media::new(MediaKind::VoiceNote, MediaPlace::Remote(at.clone()))
///     .with_mime_type("audio/ogg; codecs=opus".parse()?);
/// assert_eq!(note.place.blob(), None);
///
/// let fetched = note.stored(BlobId::new("blob/7")?);
/// assert_eq!(fetched.place.blob(), Some(&BlobId::new("blob/7")?));
/// assert_eq!(fetched.place.remote(), Some(&at));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Media {
    /// What it is.
    pub kind: MediaKind,
    /// Its MIME type, where the channel says so or it was found out.
    pub mime_type: Option<MimeType>,
    /// Its size.
    pub size: Option<ByteSize>,
    /// How long it plays, in milliseconds.
    pub duration_ms: Option<u32>,
    /// The name under which it was sent.
    pub file_name: Option<FileName>,
    /// The words that came with it.
    pub caption: Option<Text>,
    /// Where it lies.
    pub place: MediaPlace,
}

impl Media {
    /// A medium of which no more is known.
    #[must_use]
    pub fn new(kind: MediaKind, place: MediaPlace) -> Self {
        Self {
            kind,
            mime_type: None,
            size: None,
            duration_ms: None,
            file_name: None,
            caption: None,
            place,
        }
    }

    /// With its MIME type.
    #[must_use]
    pub fn with_mime_type(self, mime_type: MimeType) -> Self {
        Self { mime_type: Some(mime_type), ..self }
    }

    /// With its size.
    #[must_use]
    pub fn with_size(self, size: ByteSize) -> Self {
        Self { size: Some(size), ..self }
    }

    /// With how long it plays, in milliseconds.
    #[must_use]
    pub fn with_duration_ms(self, duration_ms: u32) -> Self {
        Self { duration_ms: Some(duration_ms), ..self }
    }

    /// With the name under which it was sent.
    #[must_use]
    pub fn with_file_name(self, file_name: FileName) -> Self {
        Self { file_name: Some(file_name), ..self }
    }

    /// With the words that came with it.
    #[must_use]
    pub fn with_caption(self, caption: Text) -> Self {
        Self { caption: Some(caption), ..self }
    }

    /// Once it was fetched. Where it came from stays known.
    #[must_use]
    pub fn stored(self, blob: BlobId) -> Self {
        let remote = self.place.into_remote();
        Self { place: MediaPlace::Stored { blob, remote }, ..self }
    }

    /// Once it could not be fetched. What is stored already stays so.
    #[must_use]
    pub fn failed(self, reason: FetchFailure) -> Self {
        let place = match self.place {
            MediaPlace::Remote(remote) | MediaPlace::Failed { remote, .. } => {
                MediaPlace::Failed { remote, reason }
            }
            stored @ MediaPlace::Stored { .. } => stored,
        };
        Self { place, ..self }
    }
}

/// A number of bytes that JSON can carry as a number: below 2⁵³, or 9 petabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct ByteSize(u64);

impl ByteSize {
    const LIMIT: u64 = 1 << 53;

    /// So many bytes.
    ///
    /// # Errors
    /// From 2⁵³ on.
    pub fn new(bytes: u64) -> Result<Self, ByteSizeError> {
        if bytes < Self::LIMIT { Ok(Self(bytes)) } else { Err(ByteSizeError) }
    }

    /// How many bytes.
    #[must_use]
    pub fn bytes(self) -> u64 {
        self.0
    }
}

/// A number is too large for a [`ByteSize`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a size is below 2^53 bytes")]
#[non_exhaustive]
pub struct ByteSizeError;

impl TryFrom<u64> for ByteSize {
    type Error = ByteSizeError;

    fn try_from(bytes: u64) -> Result<Self, Self::Error> {
        Self::new(bytes)
    }
}

impl From<u32> for ByteSize {
    fn from(bytes: u32) -> Self {
        Self(bytes.into())
    }
}

impl From<ByteSize> for u64 {
    fn from(size: ByteSize) -> Self {
        size.0
    }
}
