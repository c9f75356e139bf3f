use crate::identifier::IdentifierRef;
use kontak_types::ChannelKind;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use siphasher::sip128::{Hasher128, SipHasher24};
use std::fmt;
use std::hash::Hasher;

/// The secret of one tenant, under which everything derived from personal data is hashed.
///
/// Without it, an evidence id or an erasure tombstone cannot be tried against a list of all phone
/// numbers. Keep it as you keep a password; two tenants never share one. Losing it loses no
/// evidence, but old evidence ids are no longer recognised.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TenantKey([u8; 16]);

impl TenantKey {
    /// Wraps 16 secret bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    #[inline]
    pub(crate) fn table_hasher(&self) -> SipHasher13 {
        let key = u128::from_le_bytes(self.0);
        SipHasher13::new_with_keys(key as u64, (key >> 64) as u64)
    }

    fn id_hasher(&self) -> SipHasher24 {
        SipHasher24::new_with_key(&self.0)
    }
}

impl fmt::Debug for TenantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TenantKey(secret)")
    }
}

/// The id of one piece of evidence: a keyed hash of (source, the source's record id, touchpoint,
/// value), so that a redelivery is recognised wherever and whenever it comes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvidenceId(u128);

impl EvidenceId {
    /// The upper half is the hash under which the touchpoint is found, so that an id leads to its
    /// evidence without an index of its own.
    pub(crate) fn derive(
        key: &TenantKey,
        touchpoint: u64,
        source: &str,
        record: RecordRef<'_>,
        value: IdentifierRef<'_>,
    ) -> Self {
        let mut hasher = key.table_hasher();
        hasher.write(source.as_bytes());
        hasher.write_u8(0xff);
        match record {
            RecordRef::Number(number) => hasher.write_u64(number),
            RecordRef::Text(text) => {
                hasher.write(text.as_bytes());
                hasher.write_u8(0xff);
            }
        }
        match value {
            IdentifierRef::Phone(digits) => hasher.write_u64(digits),
            IdentifierRef::Email(address) => {
                hasher.write(address.as_bytes());
                hasher.write_u8(0xfe);
            }
        }
        Self(u128::from(touchpoint) << 64 | u128::from(hasher.finish()))
    }

    pub(crate) fn touchpoint_hash(self) -> u64 {
        (self.0 >> 64) as u64
    }
}

/// What is left of an erased touchpoint: a keyed hash, enough to refuse an old copy, not enough to find
/// it. Written as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tombstone(pub(crate) u128);

impl Tombstone {
    pub(crate) fn of_touchpoint(
        key: &TenantKey,
        channel: &ChannelKind,
        scope: &str,
        id: &str,
    ) -> u128 {
        let mut hasher = key.id_hasher();
        for bytes in [channel.as_str().as_bytes(), scope.as_bytes(), id.as_bytes()] {
            hasher.write_u64(bytes.len() as u64);
            hasher.write(bytes);
        }
        hasher.finish128().as_u128()
    }
}

/// A source's record id as it is kept: a number where it is one, so that most take no text.
#[derive(Clone, Copy)]
pub(crate) enum RecordRef<'a> {
    Number(u64),
    Text(&'a str),
}

impl fmt::Display for Tombstone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Tombstone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tombstone({self})")
    }
}

impl Serialize for Tombstone {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Tombstone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // They are written alike.
        EvidenceId::deserialize(deserializer).map(|EvidenceId(hash)| Self(hash))
    }
}

impl fmt::Display for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EvidenceId({self})")
    }
}

/// The text is not 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an evidence id is 32 hexadecimal digits, got {length} characters")]
pub struct EvidenceIdError {
    length: usize,
}

impl std::str::FromStr for EvidenceId {
    type Err = EvidenceIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || EvidenceIdError { length: text.chars().count() };
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(error());
        }
        u128::from_str_radix(text, 16).map(Self).map_err(|_| error())
    }
}

impl Serialize for EvidenceId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EvidenceId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
