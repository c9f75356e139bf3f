use super::{Coverage, SignatureScheme, VerifyError, check_age};
use crate::{RawRequest, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderName;
use sha1::Sha1;
use sha2::Sha256;

/// HMAC over pieces of the request, in a header: the scheme of most providers, as data.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channel::{HmacScheme, KeyRing, RawRequest, Secret, SignaturePolicy};
///
/// let meta = HmacScheme::sha256("x-hub-signature-256").with_prefix("sha256=");
/// let request = RawRequest::post("https://shop.example/hooks".parse()?, r#"{"object":"whatsapp_business_account","entry":[]}"#)
///     .with_header("x-hub-signature-256", "sha256=786336a0e744c0fa99456ba4de50089c9fb27b063c496ec1f2f0f9091b2239ab")?;
/// let keys = KeyRing::new(Secret::new("fb_app_secret"));
/// let policy = SignaturePolicy::signed(meta);
/// assert!(policy.verify(&request, &keys, 1_000, DateTime::UNIX_EPOCH).is_ok());
/// let forged = request.with_body("{}");
/// assert!(policy.verify(&forged, &keys, 1_000, DateTime::UNIX_EPOCH).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct HmacScheme {
    digest: Digest,
    header: &'static str,
    encoding: SignatureEncoding,
    prefix: &'static str,
    separator: Option<char>,
    message: Vec<Piece>,
    timestamp: Option<(&'static str, TimeDelta)>,
}

/// The hash inside the HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Digest {
    /// SHA-1: weak as a hash, and still sound in an HMAC.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// How a signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureEncoding {
    /// Hexadecimal digits.
    Hex,
    /// Base64 with padding.
    Base64,
}

/// A piece of what is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Piece {
    /// The value of a header.
    Header(&'static str),
    /// A text that always stands there.
    Literal(&'static str),
    /// The body.
    Body,
    /// The public address.
    Url,
}

impl HmacScheme {
    /// SHA-256 over the body, in hexadecimal digits.
    #[must_use]
    pub fn sha256(header: &'static str) -> Self {
        Self {
            digest: Digest::Sha256,
            header,
            encoding: SignatureEncoding::Hex,
            prefix: "",
            separator: None,
            message: vec![Piece::Body],
            timestamp: None,
        }
    }

    /// With another hash.
    #[must_use]
    pub fn with_digest(self, digest: Digest) -> Self {
        Self { digest, ..self }
    }

    /// Written in another way.
    #[must_use]
    pub fn with_encoding(self, encoding: SignatureEncoding) -> Self {
        Self { encoding, ..self }
    }

    /// With a text before each signature, such as `sha256=`.
    #[must_use]
    pub fn with_prefix(self, prefix: &'static str) -> Self {
        Self { prefix, ..self }
    }

    /// Several signatures may stand in the header; one that fits is enough, and those with another
    /// prefix are passed over.
    #[must_use]
    pub fn with_separator(self, separator: char) -> Self {
        Self { separator: Some(separator), ..self }
    }

    /// Over these pieces, in this order.
    #[must_use]
    pub fn with_message(self, message: impl Into<Vec<Piece>>) -> Self {
        Self { message: message.into(), ..self }
    }

    /// With the time of signing in this header, in whole Unix seconds, at most so far from now. The
    /// header must be among the pieces.
    #[must_use]
    pub fn with_timestamp(self, header: &'static str, window: TimeDelta) -> Self {
        debug_assert!(self.message.contains(&Piece::Header(header)), "an unsigned time is no time");
        Self { timestamp: Some((header, window)), ..self }
    }

    /// What the provider would write into the header: for whoever sends, and for tests.
    ///
    /// # Errors
    /// Where a header that is signed is missing.
    pub fn sign(&self, request: &RawRequest, key: &Secret) -> Result<String, VerifyError> {
        let tag = match self.digest {
            Digest::Sha1 => self.mac::<Hmac<Sha1>>(request, key)?.finalize().into_bytes().to_vec(),
            Digest::Sha256 => {
                self.mac::<Hmac<Sha256>>(request, key)?.finalize().into_bytes().to_vec()
            }
        };
        let written = match self.encoding {
            SignatureEncoding::Hex => hex::encode(tag),
            SignatureEncoding::Base64 => STANDARD.encode(tag),
        };
        Ok(format!("{}{written}", self.prefix))
    }

    fn mac<M: Mac + KeyInit>(&self, request: &RawRequest, key: &Secret) -> Result<M, VerifyError> {
        let mut mac =
            <M as KeyInit>::new_from_slice(key.reveal()).expect("HMAC takes a key of any length");
        for piece in &self.message {
            match *piece {
                Piece::Header(name) => {
                    let value = request.headers.get(name);
                    mac.update(value.ok_or(VerifyError::MissingHeader { name })?.as_bytes());
                }
                Piece::Literal(text) => mac.update(text.as_bytes()),
                Piece::Body => mac.update(&request.body),
                Piece::Url => mac.update(request.public_url.as_str().as_bytes()),
            }
        }
        Ok(mac)
    }

    fn decode(&self, written: &str) -> Option<Vec<u8>> {
        let written = written.trim().strip_prefix(self.prefix)?;
        match self.encoding {
            SignatureEncoding::Hex => hex::decode(written).ok(),
            SignatureEncoding::Base64 => STANDARD.decode(written).ok(),
        }
    }

    fn expected(&self) -> &'static str {
        match self.encoding {
            SignatureEncoding::Hex => "the provider's prefix and hexadecimal digits",
            SignatureEncoding::Base64 => "the provider's prefix and base64",
        }
    }

    fn fits(&self, request: &RawRequest, key: &Secret, tag: &[u8]) -> Result<bool, VerifyError> {
        Ok(match self.digest {
            Digest::Sha1 => self.mac::<Hmac<Sha1>>(request, key)?.verify_slice(tag).is_ok(),
            Digest::Sha256 => self.mac::<Hmac<Sha256>>(request, key)?.verify_slice(tag).is_ok(),
        })
    }

    fn check_time(&self, request: &RawRequest, now: DateTime<Utc>) -> Result<(), VerifyError> {
        let Some((name, window)) = self.timestamp else { return Ok(()) };
        let written = request.header(name).ok_or(VerifyError::MissingHeader { name })?;
        let seconds = written.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let malformed = VerifyError::Malformed { name, expected: "whole Unix seconds" };
        check_age(seconds.ok_or(malformed)?, window, now)
    }
}

/// So many signatures in one header are read, so that a header of thousands costs no time.
const MOST_SIGNATURES: usize = 8;

impl SignatureScheme for HmacScheme {
    fn coverage(&self) -> Coverage {
        let mut coverage = Coverage::nothing();
        for piece in &self.message {
            match *piece {
                Piece::Header(name) => coverage.headers.push(HeaderName::from_static(name)),
                Piece::Literal(_) => {}
                Piece::Body => coverage.body = true,
                Piece::Url => coverage.url = true,
            }
        }
        coverage.replay_window = self.timestamp.map(|(_, window)| window);
        coverage
    }

    fn check(
        &self,
        request: &RawRequest,
        key: &Secret,
        now: DateTime<Utc>,
    ) -> Result<(), VerifyError> {
        let name = self.header;
        let header = request.header(name).ok_or(VerifyError::MissingHeader { name })?;
        let mut readable = false;
        let signatures = header.split(|c| Some(c) == self.separator).take(MOST_SIGNATURES);
        for tag in signatures.filter_map(|written| self.decode(written)) {
            readable = true;
            if self.fits(request, key, &tag)? {
                // Only a signed time is worth looking at.
                return self.check_time(request, now);
            }
        }
        let expected = self.expected();
        Err(if readable {
            VerifyError::Mismatch
        } else {
            VerifyError::Malformed { name, expected }
        })
    }
}
