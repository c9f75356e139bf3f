//! What the tables of a store hash, under the tenant's key.

use super::record::Value;
use super::store::Account;
use super::text::Texts;
use crate::identifier::{IdentifierKind, IdentifierRef};
use crate::tenant_key::TenantKey;
use hashbrown::HashMap;
use kontak_types::TouchpointId;
use std::hash::{BuildHasher, Hasher};

/// Hashing under the tenant's key: outside strings cannot be chosen to collide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyed(pub(crate) TenantKey);

impl BuildHasher for Keyed {
    type Hasher = siphasher::sip::SipHasher13;

    fn build_hasher(&self) -> Self::Hasher {
        self.0.table_hasher()
    }
}

pub(crate) type KeyedMap<K, V> = HashMap<K, V, Keyed>;

pub(super) fn hash_parts(key: &TenantKey, parts: &[&[u8]]) -> u64 {
    let mut hasher = key.table_hasher();
    for part in parts {
        hasher.write(part);
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

pub(super) fn hash_word(key: &TenantKey, word: u64, salt: u64) -> u64 {
    let mut hasher = key.table_hasher();
    hasher.write_u64(word);
    hasher.write_u64(salt);
    hasher.finish()
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
        None => hash_parts(key, &[id.as_bytes(), &account.to_le_bytes()]),
    }
}

pub(super) fn hash_key(key: &TenantKey, texts: &Texts, account: u64, word: u64) -> u64 {
    if Texts::is_number(word) {
        hash_word(key, word, account)
    } else {
        hash_parts(key, &[texts.text(word).as_bytes(), &account.to_le_bytes()])
    }
}

pub(super) fn hash_value_ref(key: &TenantKey, value: IdentifierRef<'_>) -> u64 {
    match value {
        IdentifierRef::Phone(digits) => hash_word(key, digits, 0),
        IdentifierRef::Email(address) => hash_parts(key, &[address.as_bytes()]),
    }
}

pub(super) fn value_ref<'a>(emails: &'a Texts, value: &Value) -> IdentifierRef<'a> {
    match value.kind() {
        IdentifierKind::Phone => IdentifierRef::Phone(value.key),
        IdentifierKind::Email => IdentifierRef::Email(emails.text(value.key)),
    }
}

pub(super) fn hash_value(key: &TenantKey, emails: &Texts, value: &Value) -> u64 {
    hash_value_ref(key, value_ref(emails, value))
}
