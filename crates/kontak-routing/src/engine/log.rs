//! The log of inputs, its replay and its digest, and who may write it.

use super::Engine;
use crate::{Decision, Input};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;

/// One input of the log: append it before you carry out what it led to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// Its place in the log, from 0.
    pub position: u64,
    /// When it was.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub now: DateTime<Utc>,
    /// What it was.
    pub input: Input,
}

impl Entry {
    /// The input that stands at this place.
    #[must_use]
    pub fn new(position: u64, now: DateTime<Utc>, input: Input) -> Self {
        Self { position, now, input }
    }
}

/// Numbers the owners of a tenant: whoever takes over has a higher one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
#[expect(clippy::exhaustive_structs, reason = "it is a number, and all of it")]
pub struct Owner(pub u64);

/// Somebody with a higher owner token has taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("owner {given} is no longer the owner; {holder} is")]
pub struct Fenced {
    given: u64,
    holder: u64,
}

/// The log does not go on from where the engine stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("position {expected} of the log is expected, not {found}")]
pub struct ReplayError {
    expected: u64,
    found: u64,
}

impl Engine {
    /// As [`handle`](Self::handle), for the owner only. A higher token takes over; a lower one is
    /// refused from then on, and nothing changes.
    ///
    /// # Errors
    /// Somebody else has taken over.
    pub fn handle_as(
        &mut self,
        owner: Owner,
        now: DateTime<Utc>,
        input: Input,
    ) -> Result<Vec<Decision>, Fenced> {
        if owner < self.owner {
            return Err(Fenced { given: owner.0, holder: self.owner.0 });
        }
        self.owner = owner;
        Ok(self.handle(now, input))
    }

    /// Takes an entry of the log again: the same decisions follow. One that was taken before is
    /// passed over.
    ///
    /// # Errors
    /// Entries are missing before it.
    pub fn replay(&mut self, entry: Entry) -> Result<Vec<Decision>, ReplayError> {
        if entry.position < self.position {
            return Ok(Vec::new());
        }
        if entry.position > self.position {
            return Err(ReplayError { expected: self.position, found: entry.position });
        }
        Ok(self.handle(entry.now, entry.input))
    }

    /// How many inputs it was given: the place of the next one in the log.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// A digest of all inputs and decisions so far. Equal logs have equal digests, on every machine:
    /// a chain of SipHash-1-3, 64 bits, over the postcard encoding of each input with its place and
    /// time, and of the decisions that followed.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.digest.0
    }
}

/// A chain of SipHash-1-3 (Aumasson and Bernstein): each link keyed by the one before. It finds a
/// difference; it does not keep out who wants one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Digest(pub(super) u64);

impl Digest {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.0 = SipHasher13::new_with_keys(self.0, 0).hash(bytes);
    }
}

/// Adds what is encoded to the bytes.
pub(super) fn encode(value: &(impl Serialize + ?Sized), bytes: Vec<u8>) -> Vec<u8> {
    // Only a type that cannot be encoded at all could fail, and ours can.
    postcard::to_extend(value, bytes).unwrap_or_default()
}
