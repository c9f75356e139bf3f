//! What the tables of a store hash, under the tenant's key.

use super::store::Account;
use super::text::Texts;
use crate::identifier::IdentifierRef;
use crate::tenant_key::TenantKey;
use hashbrown::HashMap;
use kontak_types::TouchpointId;
use siphasher::sip::SipHasher13;
use std::hash::{BuildHasher, Hasher};

/// Hashing under the tenant's key: outside strings cannot be chosen to collide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyed(pub(crate) TenantKey);

impl BuildHasher for Keyed {
    type Hasher = SipHasher13;

    fn build_hasher(&self) -> Self::Hasher {
        self.0.table_hasher()
    }
}

pub(crate) type KeyedMap<K, V> = HashMap<K, V, Keyed>;

/// How many bytes are hashed at once; what is longer is hashed piece by piece, to the same end.
const AT_ONCE: usize = 64;

#[inline]
pub(super) fn hash_parts<const N: usize>(key: &TenantKey, parts: [&[u8]; N]) -> u64 {
    let hasher = key.table_hasher();
    let length: usize = parts.iter().map(|part| part.len() + 1).sum();
    if length > AT_ONCE {
        return hash_pieces(hasher, &parts);
    }
    let mut bytes = [0; AT_ONCE];
    let mut rest = &mut bytes[..];
    for part in parts {
        let (own, after) = rest.split_at_mut(part.len() + 1);
        own[..part.len()].copy_from_slice(part);
        own[part.len()] = 0xff;
        rest = after;
    }
    hasher.hash(&bytes[..length])
}

#[cold]
fn hash_pieces(mut hasher: SipHasher13, parts: &[&[u8]]) -> u64 {
    for part in parts {
        hasher.write(part);
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

#[inline]
pub(super) fn hash_word(key: &TenantKey, word: u64, salt: u64) -> u64 {
    let both = u128::from(salt) << 64 | u128::from(word);
    key.table_hasher().hash(&both.to_le_bytes())
}

pub(super) fn hash_id(key: &TenantKey, id: TouchpointId) -> u64 {
    let (high, low) = id.as_uuid().as_u64_pair();
    hash_word(key, high, low)
}

pub(super) fn account_hash(accounts: &[Account], account: u32) -> u64 {
    accounts.get(account as usize).map_or(0, |account| account.hash)
}

pub(super) fn hash_key_text(key: &TenantKey, account: u64, id: &str) -> u64 {
    match Texts::number(id) {
        Some(number) => hash_word(key, number, account),
        None => hash_parts(key, [id.as_bytes(), &account.to_le_bytes()]),
    }
}

pub(super) fn hash_key(key: &TenantKey, texts: &Texts, account: u64, word: u64) -> u64 {
    if Texts::is_number(word) {
        hash_word(key, word, account)
    } else {
        hash_parts(key, [texts.text(word).as_bytes(), &account.to_le_bytes()])
    }
}

pub(super) fn hash_value_ref(key: &TenantKey, value: IdentifierRef<'_>) -> u64 {
    match value {
        IdentifierRef::Phone(digits) => hash_word(key, digits, 0),
        IdentifierRef::Email(address) => hash_parts(key, [address.as_bytes()]),
    }
}

/// What a word stands for: the digits of a number, or a mailbox.
pub(super) fn value_ref(emails: &Texts, word: u64) -> IdentifierRef<'_> {
    if Texts::is_number(word) {
        IdentifierRef::Phone(word)
    } else {
        IdentifierRef::Email(emails.text(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_once_and_piece_by_piece_is_the_same() {
        let key = TenantKey::new(*b"sixteen secret b");
        let text = "x".repeat(80);
        for length in 0..text.len() {
            let parts = [&text.as_bytes()[..length], b"scope"];
            assert_eq!(
                hash_parts(&key, parts),
                hash_pieces(key.table_hasher(), &parts),
                "{length}"
            );
        }
        let mut hasher = key.table_hasher();
        hasher.write_u64(7);
        hasher.write_u64(u64::MAX - 1);
        assert_eq!(hash_word(&key, 7, u64::MAX - 1), hasher.finish());
    }
}
