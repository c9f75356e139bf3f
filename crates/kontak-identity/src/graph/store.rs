//! The facts, in columns: who was recorded, what is live, under which texts.

use super::record::{Evidence, MOST_SOURCES, NONE, State, Touchpoint, Value};
use super::split::Split;
use super::text::{Texts, TooLong};
use crate::identifier::{IdentifierKind, IdentifierRef};
use crate::tenant_key::{EvidenceId, RecordRef, TenantKey};
use hashbrown::{HashMap, HashTable};
use kontak_types::{ChannelKind, TouchpointId};
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

/// What only some evidence has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extension {
    pub(crate) revision: u32,
    /// µs after 1970.
    pub(crate) until: Option<u64>,
}

/// One of the business's own accounts on a channel: what scopes the ids of its customers.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) channel: ChannelKind,
    pub(crate) scope: Box<str>,
    /// From the names, so that what is hashed with it does not depend on the order of recording.
    hash: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub(crate) key: TenantKey,

    pub(crate) touchpoints: Vec<Touchpoint>,
    pub(crate) ids: Vec<TouchpointId>,
    /// The channel's id of each touchpoint, as a word of `texts`.
    pub(crate) account_ids: Vec<u64>,
    pub(crate) accounts_of: Vec<u32>,
    by_key: HashTable<u32>,
    by_id: HashTable<u32>,

    pub(crate) accounts: Vec<Account>,
    by_account: HashTable<u32>,
    pub(crate) sources: Vec<Box<str>>,
    by_source: HashTable<u32>,

    pub(crate) values: Vec<Value>,
    by_value: HashTable<u32>,
    emails: Texts,
    pub(crate) splits: KeyedMap<u32, Split>,

    pub(crate) evidence: Vec<Evidence>,
    pub(crate) free: Vec<u32>,
    pub(crate) extensions: KeyedMap<u32, Extension>,
    /// The name that each piece of evidence carries; empty until the first name comes.
    pub(crate) name_of: Vec<u32>,
    pub(crate) names: Vec<u64>,
    by_name: HashTable<u32>,
    pub(super) texts: Texts,
}

/// A name that an interner refused.
#[derive(Debug)]
pub(crate) enum Full {
    Text,
    Records,
    Sources,
}

impl From<TooLong> for Full {
    fn from(_: TooLong) -> Self {
        Self::Text
    }
}

fn hash_parts(key: &TenantKey, parts: &[&[u8]]) -> u64 {
    let mut hasher = key.table_hasher();
    for part in parts {
        hasher.write(part);
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

fn hash_word(key: &TenantKey, word: u64, salt: u64) -> u64 {
    let mut hasher = key.table_hasher();
    hasher.write_u64(word);
    hasher.write_u64(salt);
    hasher.finish()
}

fn next_index(len: usize) -> Result<u32, Full> {
    // Four bits of a handle carry the kind in the log of changes.
    u32::try_from(len).ok().filter(|index| *index < 1 << 28).ok_or(Full::Records)
}

impl Store {
    pub(crate) fn new(key: TenantKey) -> Self {
        Self {
            key,
            touchpoints: Vec::new(),
            ids: Vec::new(),
            account_ids: Vec::new(),
            accounts_of: Vec::new(),
            by_key: HashTable::new(),
            by_id: HashTable::new(),
            accounts: Vec::new(),
            by_account: HashTable::new(),
            sources: Vec::new(),
            by_source: HashTable::new(),
            values: Vec::new(),
            by_value: HashTable::new(),
            emails: Texts::default(),
            splits: HashMap::with_hasher(Keyed(key)),
            evidence: Vec::new(),
            free: Vec::new(),
            extensions: HashMap::with_hasher(Keyed(key)),
            name_of: Vec::new(),
            names: Vec::new(),
            by_name: HashTable::new(),
            texts: Texts::default(),
        }
    }

    pub(crate) fn reserve(&mut self, touchpoints: usize, values: usize, evidence: usize) {
        self.touchpoints.reserve_exact(touchpoints);
        self.ids.reserve_exact(touchpoints);
        self.account_ids.reserve_exact(touchpoints);
        self.accounts_of.reserve_exact(touchpoints);
        self.values.reserve_exact(values);
        self.evidence.reserve_exact(evidence);
        let Self {
            by_key,
            by_id,
            by_value,
            key,
            ids,
            account_ids,
            accounts_of,
            accounts,
            texts,
            values: held,
            emails,
            ..
        } = self;
        by_id.reserve(touchpoints, |index| hash_id(key, ids[*index as usize]));
        by_key.reserve(touchpoints, |index| {
            hash_key(
                key,
                texts,
                account_hash(accounts, accounts_of[*index as usize]),
                account_ids[*index as usize],
            )
        });
        by_value.reserve(values, |index| hash_value(key, emails, &held[*index as usize]));
    }

    pub(crate) fn account(&mut self, channel: &ChannelKind, scope: &str) -> Result<u32, Full> {
        if let Some(index) = self.find_account(channel, scope) {
            return Ok(index);
        }
        let index = next_index(self.accounts.len())?;
        let hash = hash_parts(&self.key, &[channel.as_str().as_bytes(), scope.as_bytes()]);
        let accounts = &self.accounts;
        self.by_account.insert_unique(hash, index, |index| accounts[*index as usize].hash);
        self.accounts.push(Account { channel: channel.clone(), scope: scope.into(), hash });
        Ok(index)
    }

    pub(crate) fn find_account(&self, channel: &ChannelKind, scope: &str) -> Option<u32> {
        let hash = hash_parts(&self.key, &[channel.as_str().as_bytes(), scope.as_bytes()]);
        let is = |index: &u32| {
            let account = &self.accounts[*index as usize];
            account.channel == *channel && *account.scope == *scope
        };
        self.by_account.find(hash, is).copied()
    }

    pub(crate) fn source(&mut self, name: &str) -> Result<u16, Full> {
        let hash = hash_parts(&self.key, &[name.as_bytes()]);
        if let Some(index) = self.find_source(name) {
            return Ok(index);
        }
        if self.sources.len() >= MOST_SOURCES {
            return Err(Full::Sources);
        }
        let index = self.sources.len() as u32;
        let (key, sources) = (&self.key, &self.sources);
        self.by_source.insert_unique(hash, index, |index| {
            hash_parts(key, &[sources[*index as usize].as_bytes()])
        });
        self.sources.push(name.into());
        Ok(index as u16)
    }

    pub(crate) fn find_source(&self, name: &str) -> Option<u16> {
        let hash = hash_parts(&self.key, &[name.as_bytes()]);
        self.by_source
            .find(hash, |index| *self.sources[*index as usize] == *name)
            .map(|index| *index as u16)
    }

    pub(crate) fn name(&mut self, name: &str) -> Result<u32, Full> {
        let hash = hash_parts(&self.key, &[name.as_bytes()]);
        if let Some(index) =
            self.by_name.find(hash, |index| self.texts.text(self.names[*index as usize]) == name)
        {
            return Ok(*index);
        }
        let index = next_index(self.names.len())?;
        let word = self.texts.insert_bytes(name)?;
        let (key, texts, names) = (&self.key, &self.texts, &self.names);
        self.by_name.insert_unique(hash, index, |index| {
            hash_parts(key, &[texts.text(names[*index as usize]).as_bytes()])
        });
        self.names.push(word);
        Ok(index)
    }

    /// Adds a name of a snapshot at its place.
    pub(crate) fn restore_name(&mut self, name: Option<&str>) -> Option<()> {
        let place = self.names.len() as u32;
        match name {
            Some(name) => (self.name(name).ok()? == place).then_some(()),
            None => {
                self.names.push(0);
                Some(())
            }
        }
    }

    /// The name, unless it was forgotten.
    pub(crate) fn known_name(&self, name: u32) -> Option<&str> {
        self.names.get(name as usize).filter(|word| **word != 0).map(|word| self.texts.text(*word))
    }

    pub(crate) fn name_text(&self, name: u32) -> &str {
        self.names.get(name as usize).map_or("", |word| self.texts.text(*word))
    }

    pub(crate) fn find_touchpoint(&self, account: u32, id: &str) -> Option<u32> {
        let hash = hash_key_text(&self.key, account_hash(&self.accounts, account), id);
        let is = |index: &u32| {
            let index = *index as usize;
            self.accounts_of[index] == account && self.texts.is(self.account_ids[index], id)
        };
        self.by_key.find(hash, is).copied()
    }

    pub(crate) fn find_id(&self, id: TouchpointId) -> Option<u32> {
        self.by_id.find(hash_id(&self.key, id), |index| self.ids[*index as usize] == id).copied()
    }

    /// Records a touchpoint that [`find_touchpoint`](Self::find_touchpoint) and
    /// [`find_id`](Self::find_id) do not know.
    pub(crate) fn add_touchpoint(
        &mut self,
        account: u32,
        id: &str,
        uuid: TouchpointId,
    ) -> Result<u32, Full> {
        let index = next_index(self.touchpoints.len())?;
        let word = self.texts.insert(id)?;
        self.push_touchpoint(index, account, word, uuid);
        self.index_key(index, hash_key_text(&self.key, account_hash(&self.accounts, account), id));
        Ok(index)
    }

    fn push_touchpoint(&mut self, index: u32, account: u32, word: u64, uuid: TouchpointId) {
        let hash = hash_id(&self.key, uuid);
        let (key, ids) = (&self.key, &self.ids);
        self.by_id.insert_unique(hash, index, |index| hash_id(key, ids[*index as usize]));
        self.touchpoints.push(Touchpoint {
            founder: index,
            next: index,
            evidence: NONE,
            state: State::ALONE,
        });
        self.ids.push(uuid);
        self.account_ids.push(word);
        self.accounts_of.push(account);
    }

    fn index_key(&mut self, index: u32, hash: u64) {
        let Self { by_key, key, texts, accounts_of, account_ids, accounts, .. } = self;
        by_key.insert_unique(hash, index, |index| {
            hash_key(
                key,
                texts,
                account_hash(accounts, accounts_of[*index as usize]),
                account_ids[*index as usize],
            )
        });
    }

    /// Forgets under which key a touchpoint was recorded; its id stays, so that it can still be
    /// answered for.
    pub(crate) fn forget_key(&mut self, touchpoint: u32) {
        let at = touchpoint as usize;
        let hash = self.touchpoint_hash(touchpoint);
        if let Ok(entry) = self.by_key.find_entry(hash, |index| *index == touchpoint) {
            entry.remove();
        }
        self.texts.wipe(self.account_ids[at]);
        self.account_ids[at] = 0;
        self.accounts_of[at] = NONE;
    }

    /// A touchpoint of which only the id is left.
    pub(crate) fn add_erased_touchpoint(&mut self, uuid: TouchpointId) -> Result<(), Full> {
        let index = next_index(self.touchpoints.len())?;
        self.push_touchpoint(index, NONE, 0, uuid);
        Ok(())
    }

    pub(crate) fn is_erased(&self, touchpoint: u32) -> bool {
        self.accounts_of[touchpoint as usize] == NONE
    }

    pub(crate) fn find_value(&self, value: IdentifierRef<'_>) -> Option<u32> {
        self.by_value
            .find(hash_value_ref(&self.key, value), |index| self.value_ref(*index) == value)
            .copied()
    }

    /// Adds a value that [`find_value`](Self::find_value) does not know.
    pub(crate) fn add_value(
        &mut self,
        value: IdentifierRef<'_>,
        barred: bool,
    ) -> Result<u32, Full> {
        let index = next_index(self.values.len())?;
        let word = match value {
            IdentifierRef::Phone(digits) => digits,
            IdentifierRef::Email(key) => self.emails.insert_bytes(key)?,
        };
        let (key, emails, values) = (&self.key, &self.emails, &self.values);
        self.by_value.insert_unique(hash_value_ref(key, value), index, |index| {
            hash_value(key, emails, &values[*index as usize])
        });
        self.values.push(Value::new(word, value.kind(), barred));
        Ok(index)
    }

    pub(crate) fn value_ref(&self, value: u32) -> IdentifierRef<'_> {
        value_ref(&self.emails, &self.values[value as usize])
    }

    /// Forgets what a value was that nobody holds any more.
    pub(crate) fn forget_value(&mut self, value: u32) {
        let hash = hash_value_ref(&self.key, self.value_ref(value));
        if let Ok(entry) = self.by_value.find_entry(hash, |index| *index == value) {
            entry.remove();
        }
        let record = &mut self.values[value as usize];
        if record.kind() == IdentifierKind::Email {
            self.emails.wipe(record.key);
        }
        record.key = 0;
    }

    pub(crate) fn add_forgotten_value(&mut self) -> Result<u32, Full> {
        let index = next_index(self.values.len())?;
        self.values.push(Value::new(0, IdentifierKind::Phone, false));
        Ok(index)
    }

    pub(crate) fn is_forgotten(&self, value: u32) -> bool {
        self.values[value as usize].key == 0
    }

    /// Forgets a name that no evidence carries any more.
    pub(crate) fn forget_name(&mut self, name: u32) {
        let hash = hash_parts(&self.key, &[self.name_text(name).as_bytes()]);
        if let Ok(entry) = self.by_name.find_entry(hash, |index| *index == name) {
            entry.remove();
        }
        self.texts.wipe(self.names[name as usize]);
        self.names[name as usize] = 0;
    }

    pub(crate) fn record_ref(&self, word: u64) -> RecordRef<'_> {
        if Texts::is_number(word) {
            RecordRef::Number(word)
        } else {
            RecordRef::Text(self.texts.text(word))
        }
    }

    pub(crate) fn evidence_id(&self, evidence: u32) -> EvidenceId {
        let record = &self.evidence[evidence as usize];
        self.id_of(record.source(), self.record_ref(record.record), record.touchpoint, record.value)
    }

    pub(crate) fn id_of(
        &self,
        source: u16,
        record: RecordRef<'_>,
        touchpoint: u32,
        value: u32,
    ) -> EvidenceId {
        let touchpoint = self.touchpoint_hash(touchpoint);
        EvidenceId::derive(
            &self.key,
            touchpoint,
            &self.sources[source as usize],
            record,
            self.value_ref(value),
        )
    }

    fn touchpoint_hash(&self, touchpoint: u32) -> u64 {
        let account = account_hash(&self.accounts, self.accounts_of[touchpoint as usize]);
        hash_key(&self.key, &self.texts, account, self.account_ids[touchpoint as usize])
    }

    /// The live evidence with this id.
    pub(crate) fn find_evidence(&self, id: EvidenceId) -> Option<u32> {
        let candidates = self.by_key.iter_hash(id.touchpoint_hash());
        candidates
            .flat_map(|touchpoint| self.of_touchpoint(*touchpoint))
            .find(|(index, _)| self.evidence_id(*index) == id)
            .map(|(index, _)| index)
    }

    /// The key under which a touchpoint was recorded; `None` once it is erased.
    pub(crate) fn key_of(&self, touchpoint: u32) -> Option<(&ChannelKind, &str, String)> {
        let account = self.accounts.get(self.accounts_of[touchpoint as usize] as usize)?;
        Some((
            &account.channel,
            &account.scope,
            self.texts.to_owned(self.account_ids[touchpoint as usize]),
        ))
    }

    pub(crate) fn extension(&self, evidence: u32) -> Extension {
        let none = Extension { revision: 0, until: None };
        if !self.evidence[evidence as usize].extended() {
            return none;
        }
        self.extensions.get(&evidence).copied().unwrap_or(none)
    }

    /// The evidence of a touchpoint, newest first.
    pub(crate) fn of_touchpoint(&self, touchpoint: u32) -> impl Iterator<Item = (u32, &Evidence)> {
        walk(self.touchpoints[touchpoint as usize].evidence, |index| {
            let evidence = &self.evidence[index as usize];
            (evidence, evidence.next_of_touchpoint)
        })
    }

    /// The evidence of a value, newest first.
    pub(crate) fn of_value(&self, value: u32) -> impl Iterator<Item = (u32, &Evidence)> {
        walk(self.values[value as usize].evidence, |index| {
            let evidence = &self.evidence[index as usize];
            (evidence, evidence.next_of_value)
        })
    }

    /// The members of the ring that a touchpoint stands in, itself first.
    pub(crate) fn ring(&self, touchpoint: u32) -> impl Iterator<Item = u32> {
        let mut next = Some(touchpoint);
        std::iter::from_fn(move || {
            let member = next?;
            let after = self.touchpoints[member as usize].next;
            next = (after != touchpoint).then_some(after);
            Some(member)
        })
    }

    /// Bytes of names and raw text: what a caller would keep anyway.
    pub(crate) fn text_bytes(&self) -> usize {
        self.texts.heap_bytes()
            + self.emails.heap_bytes()
            + self.names.capacity() * 8
            + self.name_of.capacity() * 4
            + self.by_name.allocation_size()
    }
}

fn walk<'a>(
    head: u32,
    step: impl Fn(u32) -> (&'a Evidence, u32),
) -> impl Iterator<Item = (u32, &'a Evidence)> {
    let mut next = head;
    std::iter::from_fn(move || {
        if next == NONE {
            return None;
        }
        let index = next;
        let (evidence, after) = step(index);
        next = after;
        Some((index, evidence))
    })
}

fn hash_id(key: &TenantKey, id: TouchpointId) -> u64 {
    let (high, low) = id.as_uuid().as_u64_pair();
    hash_word(key, high, low)
}

fn account_hash(accounts: &[Account], account: u32) -> u64 {
    accounts.get(account as usize).map_or(0, |account| account.hash)
}

fn hash_key_text(key: &TenantKey, account: u64, id: &str) -> u64 {
    match Texts::number(id) {
        Some(number) => hash_word(key, number, account),
        None => hash_parts(key, &[id.as_bytes(), &account.to_le_bytes()]),
    }
}

fn hash_key(key: &TenantKey, texts: &Texts, account: u64, word: u64) -> u64 {
    if Texts::is_number(word) {
        hash_word(key, word, account)
    } else {
        hash_parts(key, &[texts.text(word).as_bytes(), &account.to_le_bytes()])
    }
}

fn hash_value_ref(key: &TenantKey, value: IdentifierRef<'_>) -> u64 {
    match value {
        IdentifierRef::Phone(digits) => hash_word(key, digits, 0),
        IdentifierRef::Email(address) => hash_parts(key, &[address.as_bytes()]),
    }
}

fn value_ref<'a>(emails: &'a Texts, value: &Value) -> IdentifierRef<'a> {
    match value.kind() {
        IdentifierKind::Phone => IdentifierRef::Phone(value.key),
        IdentifierKind::Email => IdentifierRef::Email(emails.text(value.key)),
    }
}

fn hash_value(key: &TenantKey, emails: &Texts, value: &Value) -> u64 {
    hash_value_ref(key, value_ref(emails, value))
}
