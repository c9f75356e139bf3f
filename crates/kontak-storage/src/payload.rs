use serde::{Deserialize, Serialize};
use std::fmt;

/// Bytes that a store keeps and never reads. They hold what people said, so `Debug` shows their
/// number only.
///
/// ```
/// use kontak_storage::Payload;
///
/// let payload = Payload::from(b"Halo, Bu Sari".to_vec());
/// assert_eq!(format!("{payload:?}"), "13 bytes");
/// assert!(payload.check("event 1").is_ok());
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Payload(Vec<u8>);

impl Payload {
    /// The most that one payload may hold, 64 MiB: media lie elsewhere, and a snapshot comes in parts.
    pub const MAX_BYTES: usize = 64 << 20;

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, taken out.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Whether there are none: what an erasure leaves behind.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What every store asks before it keeps a payload.
    ///
    /// # Errors
    /// Where it is larger than [`MAX_BYTES`](Self::MAX_BYTES); `of` says whose it is.
    pub fn check(&self, of: impl fmt::Display) -> Result<(), TooLarge> {
        if self.0.len() <= Self::MAX_BYTES {
            return Ok(());
        }
        Err(TooLarge { of: of.to_string(), bytes: self.0.len() })
    }
}

impl From<Vec<u8>> for Payload {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// A payload is larger than any store takes; nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payload of {of} has {bytes} bytes; the most is {}", Payload::MAX_BYTES)]
pub struct TooLarge {
    of: String,
    bytes: usize,
}
