//! Whether a request comes from whom it says it comes from.

mod hmac_scheme;
mod shared_token;

pub use hmac_scheme::{Digest, HmacScheme, Piece, SignatureEncoding};
pub use shared_token::SharedToken;

use crate::{KeyRing, RawRequest, Secret};
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderName;
use std::fmt;
use thiserror::Error;

/// How requests of a channel are told from forged ones.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignaturePolicy {
    /// By this scheme.
    Signed(Box<dyn SignatureScheme>),
    /// Not at all: whoever knows the address is believed. It must be written out, with the reason.
    Unsigned {
        /// Why that is right here: the transport has said who it is, for instance.
        because: &'static str,
    },
}

impl SignaturePolicy {
    /// Requests are signed by this scheme.
    #[must_use]
    pub fn signed(scheme: impl SignatureScheme + 'static) -> Self {
        Self::Signed(Box::new(scheme))
    }

    /// The scheme; nothing where nothing is checked.
    #[must_use]
    pub fn scheme(&self) -> Option<&dyn SignatureScheme> {
        match self {
            Self::Signed(scheme) => Some(&**scheme),
            Self::Unsigned { .. } => None,
        }
    }

    /// Checks a request that may have at most `max_body` bytes. This is the only maker of a
    /// [`Verified`] request.
    ///
    /// # Errors
    /// [`VerifyError`] says what is wrong, and never what would have been right.
    pub fn verify<'r>(
        &self,
        request: &'r RawRequest,
        keys: &KeyRing,
        max_body: usize,
        now: DateTime<Utc>,
    ) -> Result<Verified<'r>, VerifyError> {
        let bytes = request.body.len();
        if bytes > max_body {
            return Err(VerifyError::TooLarge { bytes, limit: max_body });
        }
        if let Self::Signed(scheme) = self {
            // With two secrets the complaint is that of the newer one, unless both only mismatch.
            let mut outcome = Err(VerifyError::Mismatch);
            for key in keys.iter() {
                outcome = scheme.check(request, key, now);
                if !matches!(outcome, Err(VerifyError::Mismatch)) {
                    break;
                }
            }
            outcome?;
        }
        Ok(Verified { request, arrived: now })
    }
}

/// A way of signing requests. [`HmacScheme`] and [`SharedToken`] cover most.
pub trait SignatureScheme: fmt::Debug + Send + Sync {
    /// What a forger cannot change.
    fn coverage(&self) -> Coverage;

    /// Checks a request under one secret.
    ///
    /// # Errors
    /// [`VerifyError::Mismatch`] where another secret might fit, any other error where none would.
    fn check(
        &self,
        request: &RawRequest,
        key: &Secret,
        now: DateTime<Utc>,
    ) -> Result<(), VerifyError>;
}

/// What a signature covers. What it does not cover can be changed by whoever sees one request, and
/// without a signed time one request can be sent again for ever: then only the dedupe key helps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// The body.
    pub body: bool,
    /// The address.
    pub url: bool,
    /// These headers, beside the signature itself.
    pub headers: Vec<HeaderName>,
    /// How old a request may be by its signed time; nothing where no time is signed.
    pub replay_window: Option<TimeDelta>,
}

impl Coverage {
    /// Nothing: the secret itself is shown.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// The body alone.
    #[must_use]
    pub fn body() -> Self {
        Self { body: true, ..Self::default() }
    }

    /// With the address.
    #[must_use]
    pub fn with_url(self) -> Self {
        Self { url: true, ..self }
    }

    /// With one more header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName) -> Self {
        self.headers.push(name);
        self
    }

    /// With a signed time, which must be at most this far from now.
    #[must_use]
    pub fn with_replay_window(self, window: TimeDelta) -> Self {
        Self { replay_window: Some(window), ..self }
    }
}

/// A request that was checked. Only [`SignaturePolicy::verify`] makes one, and only a verified
/// request can be parsed.
#[derive(Clone, Copy, Debug)]
pub struct Verified<'r> {
    request: &'r RawRequest,
    arrived: DateTime<Utc>,
}

impl<'r> Verified<'r> {
    /// The request.
    #[must_use]
    pub fn request(&self) -> &'r RawRequest {
        self.request
    }

    /// Its body.
    #[must_use]
    pub fn body(&self) -> &'r [u8] {
        &self.request.body
    }

    /// When it was checked.
    #[must_use]
    pub fn arrived(&self) -> DateTime<Utc> {
        self.arrived
    }
}

/// Why a request is not believed. No message holds a secret, or what the signature should have
/// been: an answer that does so signs for whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The signature is not that of this request under any of our secrets.
    #[error("the signature does not fit the request under any of our secrets")]
    Mismatch,
    /// There is no signature, or a part of what was signed is missing.
    #[error("the request has no header {name}, or it is no text")]
    MissingHeader {
        /// Which header.
        name: &'static str,
    },
    /// A header is not of the form that the provider documents.
    #[error("header {name} is malformed: expected {expected}")]
    Malformed {
        /// Which header.
        name: &'static str,
        /// What should stand there.
        expected: &'static str,
    },
    /// It was signed too long ago: a request that somebody sends again.
    #[error("the request was signed {age_seconds} s ago: at most {limit_seconds} s are taken")]
    Stale {
        /// How long ago, in seconds.
        age_seconds: i64,
        /// How long is allowed, in seconds.
        limit_seconds: i64,
    },
    /// It was signed in the future: a clock is wrong.
    #[error(
        "the request was signed {ahead_seconds} s in the future: at most {limit_seconds} s are taken"
    )]
    FromTheFuture {
        /// How far ahead, in seconds.
        ahead_seconds: i64,
        /// How far is allowed, in seconds.
        limit_seconds: i64,
    },
    /// The body is larger than the channel ever sends.
    #[error("the body has {bytes} bytes: at most {limit} are taken")]
    TooLarge {
        /// Its length.
        bytes: usize,
        /// The longest that is taken.
        limit: usize,
    },
}

/// Holds a signed time against the clock. Exactly at the limit is still in time.
///
/// # Errors
/// [`VerifyError::Stale`] and [`VerifyError::FromTheFuture`].
pub fn check_age(
    signed: DateTime<Utc>,
    window: TimeDelta,
    now: DateTime<Utc>,
) -> Result<(), VerifyError> {
    let age = now.signed_duration_since(signed);
    let limit_seconds = window.num_seconds();
    if age > window {
        return Err(VerifyError::Stale { age_seconds: age.num_seconds(), limit_seconds });
    }
    if -age > window {
        let ahead_seconds = -age.num_seconds();
        return Err(VerifyError::FromTheFuture { ahead_seconds, limit_seconds });
    }
    Ok(())
}
