use kontak_channel::bytes::Bytes;
use kontak_channel::content::{BlobId, Media};
use std::collections::BTreeMap;
use std::fmt;

/// The files that go out with mails.
///
/// Rendering does no I/O, so the bytes are at hand before a message is sent: fetch what lies
/// elsewhere first, within the guards of [`MediaGuard`](kontak_channel::MediaGuard). For files of
/// one's own storage a map from blob to bytes is enough.
///
/// ```
/// use kontak_channel::bytes::Bytes;
/// use kontak_channel::content::BlobId;
/// use kontak_channels::email::Email;
/// use std::collections::BTreeMap;
///
/// let receipt = (BlobId::new("blob/7")?, Bytes::from_static(b"%PDF-1.7"));
/// let mailbox = Email::new("layanan", "layanan@tokobudi.co.id".parse()?)
///     .with_files(BTreeMap::from([receipt]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait OutgoingFiles: fmt::Debug + Send + Sync {
    /// The bytes of a medium; nothing where they are not at hand.
    fn bytes(&self, media: &Media) -> Option<Bytes>;
}

impl OutgoingFiles for BTreeMap<BlobId, Bytes> {
    fn bytes(&self, media: &Media) -> Option<Bytes> {
        self.get(media.place.blob()?).cloned()
    }
}
