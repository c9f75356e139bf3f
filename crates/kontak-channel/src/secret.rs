use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use subtle::ConstantTimeEq;
use thiserror::Error;

/// A key, a token or a password. It can be neither printed nor compared with `==`.
///
/// ```
/// use kontak_channel::Secret;
///
/// let secret = Secret::new("fb_app_secret");
/// assert_eq!(format!("{secret:?}"), "Secret");
/// assert!(secret.is(b"fb_app_secret") && !secret.is(b"fb_app_secreT"));
/// ```
#[derive(Clone)]
pub struct Secret(Box<[u8]>);

impl Secret {
    /// A secret of these bytes, as they stand.
    pub fn new(bytes: impl AsRef<[u8]>) -> Self {
        Self(bytes.as_ref().into())
    }

    /// A secret that is written in base64, such as `whsec_MfKQ…` behind its prefix.
    ///
    /// # Errors
    /// Where what stands behind the prefix is not base64, or is nothing.
    pub fn from_base64(text: &str, prefix: &str) -> Result<Self, SecretError> {
        let encoded = text.strip_prefix(prefix).unwrap_or(text);
        match STANDARD.decode(encoded) {
            Ok(bytes) if !bytes.is_empty() => Ok(Self(bytes.into())),
            _ => Err(SecretError),
        }
    }

    /// The bytes. Whoever takes them out keeps them out of logs.
    #[must_use]
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }

    /// The secret as text, for a header; nothing where it is no text.
    #[must_use]
    pub fn reveal_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Whether it is these bytes, in a time that depends on the length alone.
    #[must_use]
    pub fn is(&self, bytes: &[u8]) -> bool {
        self.0.ct_eq(bytes).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A text is no secret in base64. The message does not repeat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the secret is not written in base64")]
#[non_exhaustive]
pub struct SecretError;

/// The secrets under which a request may be signed: the one of today, and the one of yesterday
/// while the provider still uses it.
///
/// ```
/// use kontak_channel::{KeyRing, Secret};
///
/// let keys = KeyRing::new(Secret::new("old")).rotated_to(Secret::new("new"));
/// assert_eq!(keys.iter().count(), 2);
/// assert_eq!(keys.settled().iter().count(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct KeyRing {
    current: Secret,
    previous: Option<Secret>,
}

impl KeyRing {
    /// One secret.
    #[must_use]
    pub fn new(current: Secret) -> Self {
        Self { current, previous: None }
    }

    /// With a newer secret; the one before it stays good until [`settled`](Self::settled).
    #[must_use]
    pub fn rotated_to(self, newer: Secret) -> Self {
        Self { current: newer, previous: Some(self.current) }
    }

    /// Once the provider signs with the newest alone.
    #[must_use]
    pub fn settled(self) -> Self {
        Self { previous: None, ..self }
    }

    /// The newest secret, to sign with.
    #[must_use]
    pub fn current(&self) -> &Secret {
        &self.current
    }

    /// All that are good, the newest first.
    pub fn iter(&self) -> impl Iterator<Item = &Secret> {
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten()
    }
}
