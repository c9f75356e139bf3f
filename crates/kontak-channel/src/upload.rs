//! Files that the provider keeps before they are sent.

use crate::{RenderError, SendError, WireRequest, WireResponse};
use async_trait::async_trait;
use bytes::Bytes;
use kontak_content::{FileName, MediaKind, MimeType, ProviderRef};
use std::fmt;

/// A file on its way to a provider.
#[derive(Clone)]
#[non_exhaustive]
pub struct Upload {
    /// What it will be sent as.
    pub kind: MediaKind,
    /// Its type.
    pub mime_type: MimeType,
    /// Its name.
    pub name: Option<FileName>,
    /// What is in it.
    pub bytes: Bytes,
}

impl Upload {
    /// A file without a name.
    #[must_use]
    pub fn new(kind: MediaKind, mime_type: MimeType, bytes: impl Into<Bytes>) -> Self {
        Self { kind, mime_type, name: None, bytes: bytes.into() }
    }

    /// With its name.
    #[must_use]
    pub fn with_name(self, name: FileName) -> Self {
        Self { name: Some(name), ..self }
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.mime_type.essence(), self.bytes.len())
    }
}

/// The language of uploads, where a channel has one: a part of a [`Codec`](crate::Codec).
pub trait UploadCodec: Send + Sync {
    /// Writes a file in the form of the channel.
    ///
    /// # Errors
    /// Where the channel keeps no such file.
    fn render_upload(&self, upload: &Upload) -> Result<WireRequest, RenderError>;

    /// What the provider calls the file now. It goes out as
    /// [`Remote::Provider`](kontak_content::Remote::Provider), as often as the provider keeps it.
    ///
    /// # Errors
    /// [`SendError`], by what can be done about it.
    fn interpret_upload(&self, response: &WireResponse) -> Result<ProviderRef, SendError>;
}

/// Giving files to the provider, ready for use.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Gives a file to the provider. Nobody sees it yet, so that it may be tried again after any
    /// error.
    ///
    /// # Errors
    /// [`SendError`], by what can be done about it.
    async fn upload(&self, upload: &Upload) -> Result<ProviderRef, SendError>;
}
