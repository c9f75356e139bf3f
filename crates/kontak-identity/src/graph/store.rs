//! The facts, in columns: who was recorded, what is live, under which texts.

use super::fact::Facts;
use super::hash::{
    Keyed, KeyedMap, account_hash, hash_id, hash_key, hash_key_text, hash_value_ref, value_ref,
};
use super::index::Index;
use super::record::{Evidence, NONE, State, Touchpoint, Value};
use super::split::Split;
use super::text::{Texts, TooLong};
use super::words::RECENT_ACCOUNTS;
use crate::identifier::{IdentifierKind, IdentifierRef};
use crate::tenant_key::TenantKey;
use hashbrown::{HashMap, HashTable};
use kontak_types::{ChannelKind, TouchpointId};

/// One of the business's own accounts on a channel: what scopes the ids of its customers.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) channel: ChannelKind,
    pub(crate) scope: Box<str>,
    /// From the names, so that what is hashed with it does not depend on the order of recording.
    pub(super) hash: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub(crate) key: TenantKey,

    pub(crate) touchpoints: Vec<Touchpoint>,
    pub(crate) ids: Vec<TouchpointId>,
    /// The channel's id of each touchpoint, as a word of `texts`.
    pub(crate) account_ids: Vec<u64>,
    pub(crate) accounts_of: Vec<u32>,
    by_key: Index,
    by_id: Index,

    pub(crate) accounts: Vec<Account>,
    pub(super) by_account: HashTable<u32>,
    /// Accounts that were asked for lately: there are few, and they come again and again.
    pub(super) recent_accounts: Vec<u32>,
    pub(crate) sources: Vec<Box<str>>,
    pub(super) by_source: HashTable<u32>,
    pub(super) latest_source: u16,
    /// The first is for what nobody said.
    pub(crate) data_versions: Vec<Box<str>>,

    pub(crate) values: Vec<Value>,
    /// What each value is: digits, or where the text of a mailbox lies; 0 once it is forgotten.
    value_words: Vec<u64>,
    by_value: Index,
    emails: Texts,
    pub(crate) splits: KeyedMap<u32, Split>,

    pub(crate) evidence: Vec<Evidence>,
    pub(crate) facts: Facts,
    pub(crate) free: Vec<u32>,
    /// The name that each piece of evidence carries; empty until the first name comes.
    pub(crate) name_of: Vec<u32>,
    pub(crate) names: Vec<u64>,
    pub(super) by_name: Index,
    pub(super) texts: Texts,
}

/// What a touchpoint's key and id led to.
pub(crate) enum Entered {
    New(u32),
    Known(u32),
    /// The id is another touchpoint's.
    IdTaken,
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

pub(super) fn next_index(len: usize) -> Result<u32, Full> {
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
            by_key: Index::default(),
            by_id: Index::default(),
            accounts: Vec::new(),
            by_account: HashTable::new(),
            recent_accounts: vec![0; RECENT_ACCOUNTS],
            sources: Vec::new(),
            by_source: HashTable::new(),
            latest_source: 0,
            data_versions: vec!["".into()],
            values: Vec::new(),
            value_words: Vec::new(),
            by_value: Index::default(),
            emails: Texts::default(),
            splits: HashMap::with_hasher(Keyed(key)),
            evidence: Vec::new(),
            facts: Facts::new(key),
            free: Vec::new(),
            name_of: Vec::new(),
            names: Vec::new(),
            by_name: Index::default(),
            texts: Texts::default(),
        }
    }

    pub(crate) fn reserve(&mut self, touchpoints: usize, values: usize, evidence: usize) {
        self.touchpoints.reserve_exact(touchpoints);
        self.ids.reserve_exact(touchpoints);
        self.account_ids.reserve_exact(touchpoints);
        self.accounts_of.reserve_exact(touchpoints);
        self.values.reserve_exact(values);
        self.value_words.reserve_exact(values);
        self.reserve_evidence(evidence);
        self.make_room_for_touchpoints(touchpoints);
        self.make_room_for_values(values);
    }

    pub(crate) fn reserve_evidence(&mut self, more: usize) {
        self.evidence.reserve(more);
        self.facts.reserve(more);
    }

    pub(crate) fn find_touchpoint(&self, account: u32, id: &str) -> Option<u32> {
        let hash = hash_key_text(&self.key, account_hash(&self.accounts, account), id);
        self.find_key(account, id, hash)
    }

    fn find_key(&self, account: u32, id: &str, hash: u64) -> Option<u32> {
        self.by_key.find(hash, |index| {
            let index = index as usize;
            self.accounts_of[index] == account && self.texts.is(self.account_ids[index], id)
        })
    }

    /// Touchpoints whose key may have this hash.
    pub(crate) fn with_key_hash(&self, hash: u64) -> impl Iterator<Item = u32> {
        self.by_key.with_hash(hash)
    }

    pub(crate) fn find_id(&self, id: TouchpointId) -> Option<u32> {
        self.by_id.find(hash_id(&self.key, id), |index| self.ids[index as usize] == id)
    }

    /// What a touchpoint is looked up by.
    pub(crate) fn hash_touchpoint(&self, account: u32, id: &str, uuid: TouchpointId) -> (u64, u64) {
        let by_key = hash_key_text(&self.key, account_hash(&self.accounts, account), id);
        (by_key, hash_id(&self.key, uuid))
    }

    /// Finds a touchpoint by its key, or records it.
    pub(crate) fn enter_touchpoint(
        &mut self,
        account: u32,
        id: &str,
        uuid: TouchpointId,
        (key_hash, id_hash): (u64, u64),
    ) -> Result<Entered, Full> {
        if let Some(known) = self.find_key(account, id, key_hash) {
            return Ok(Entered::Known(known));
        }
        if self.by_id.find(id_hash, |index| self.ids[index as usize] == uuid).is_some() {
            return Ok(Entered::IdTaken);
        }
        let index = next_index(self.touchpoints.len())?;
        let word = self.texts.insert(id)?;
        self.make_room_for_touchpoints(1);
        self.by_key.insert(key_hash, index);
        self.by_id.insert(id_hash, index);
        self.push_touchpoint(index, account, word, uuid);
        Ok(Entered::New(index))
    }

    fn make_room_for_touchpoints(&mut self, more: usize) {
        let all = 0..self.touchpoints.len() as u32;
        if self.by_key.is_full(more) {
            let mut index = std::mem::take(&mut self.by_key);
            let live = all.clone().filter(|touchpoint| !self.is_erased(*touchpoint));
            index.make_room(
                more,
                live.map(|touchpoint| (self.touchpoint_hash(touchpoint), touchpoint)),
            );
            self.by_key = index;
        }
        let Self { by_id, ids, key, .. } = self;
        by_id.make_room(
            more,
            all.map(|touchpoint| (hash_id(key, ids[touchpoint as usize]), touchpoint)),
        );
    }

    /// Reads where a touchpoint will be looked up.
    #[inline]
    pub(super) fn touch_touchpoint(&self, (key_hash, id_hash): (u64, u64)) -> u32 {
        self.by_key.touch(key_hash) ^ self.by_id.touch(id_hash)
    }

    /// Reads the key of the touchpoint that a look-up will very likely find.
    #[inline]
    pub(super) fn touch_key(&self, (key_hash, _): (u64, u64)) -> u64 {
        self.by_key.likely(key_hash).map_or(0, |touchpoint| {
            let touchpoint = touchpoint as usize;
            self.account_ids[touchpoint] ^ u64::from(self.accounts_of[touchpoint])
        })
    }

    fn push_touchpoint(&mut self, index: u32, account: u32, word: u64, uuid: TouchpointId) {
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

    pub(crate) fn touchpoint_hash(&self, touchpoint: u32) -> u64 {
        let account = account_hash(&self.accounts, self.accounts_of[touchpoint as usize]);
        hash_key(&self.key, &self.texts, account, self.account_ids[touchpoint as usize])
    }

    /// Forgets under which key a touchpoint was recorded; its id stays, so that it can still be
    /// answered for.
    pub(crate) fn forget_key(&mut self, touchpoint: u32) {
        let at = touchpoint as usize;
        let hash = self.touchpoint_hash(touchpoint);
        self.by_key.remove(hash, touchpoint);
        self.texts.wipe(self.account_ids[at]);
        self.account_ids[at] = 0;
        self.accounts_of[at] = NONE;
    }

    /// A touchpoint of which only the id is left.
    pub(crate) fn add_erased_touchpoint(&mut self, uuid: TouchpointId) -> Result<(), Full> {
        let index = next_index(self.touchpoints.len())?;
        self.make_room_for_touchpoints(1);
        self.by_id.insert(hash_id(&self.key, uuid), index);
        self.push_touchpoint(index, NONE, 0, uuid);
        Ok(())
    }

    pub(crate) fn is_erased(&self, touchpoint: u32) -> bool {
        self.accounts_of[touchpoint as usize] == NONE
    }

    pub(crate) fn find_value(&self, value: IdentifierRef<'_>) -> Option<u32> {
        let hash = hash_value_ref(&self.key, value);
        self.by_value.find(hash, |index| self.is_value(index, value))
    }

    #[inline]
    fn is_value(&self, index: u32, value: IdentifierRef<'_>) -> bool {
        let word = self.value_words[index as usize];
        match value {
            IdentifierRef::Phone(digits) => word == digits,
            IdentifierRef::Email(key) => !Texts::is_number(word) && self.emails.is(word, key),
        }
    }

    pub(crate) fn hash_value(&self, value: IdentifierRef<'_>) -> u64 {
        hash_value_ref(&self.key, value)
    }

    /// Finds a value or adds it; `is_blocked` is asked only then.
    pub(crate) fn enter_value(
        &mut self,
        value: IdentifierRef<'_>,
        hash: u64,
        is_blocked: impl FnOnce() -> bool,
    ) -> Result<u32, Full> {
        if let Some(known) = self.by_value.find(hash, |index| self.is_value(index, value)) {
            return Ok(known);
        }
        let index = next_index(self.values.len())?;
        let word = match value {
            IdentifierRef::Phone(digits) => digits,
            IdentifierRef::Email(key) => self.emails.insert_bytes(key)?,
        };
        self.make_room_for_values(1);
        self.by_value.insert(hash, index);
        self.push_value(word, Value::new(value.kind(), is_blocked()));
        Ok(index)
    }

    fn push_value(&mut self, word: u64, value: Value) {
        self.values.push(value);
        self.value_words.push(word);
    }

    fn make_room_for_values(&mut self, more: usize) {
        if self.by_value.is_full(more) {
            let mut index = std::mem::take(&mut self.by_value);
            let all = 0..self.values.len() as u32;
            let known = all.filter(|value| !self.is_forgotten(*value));
            index.make_room(
                more,
                known.map(|value| (self.hash_value(self.value_ref(value)), value)),
            );
            self.by_value = index;
        }
    }

    /// Reads where a value will be looked up.
    #[inline]
    pub(super) fn touch_value(&self, hash: u64) -> u32 {
        self.by_value.touch(hash)
    }

    /// The value that a look-up will very likely find.
    #[inline]
    pub(super) fn likely_value(&self, hash: u64) -> Option<u32> {
        self.by_value.likely(hash)
    }

    /// What a value is, as a word.
    #[inline]
    pub(super) fn value_word(&self, value: u32) -> u64 {
        self.value_words[value as usize]
    }

    /// Reads the text of a mailbox.
    #[inline]
    pub(super) fn touch_email(&self, word: u64) -> u8 {
        self.emails.first_byte(word)
    }

    pub(crate) fn value_ref(&self, value: u32) -> IdentifierRef<'_> {
        value_ref(&self.emails, self.value_words[value as usize])
    }

    /// Forgets what a value was that nobody holds any more.
    pub(crate) fn forget_value(&mut self, value: u32) {
        let hash = hash_value_ref(&self.key, self.value_ref(value));
        self.by_value.remove(hash, value);
        self.emails.wipe(std::mem::take(&mut self.value_words[value as usize]));
    }

    pub(crate) fn add_forgotten_value(&mut self) -> Result<u32, Full> {
        let index = next_index(self.values.len())?;
        self.push_value(0, Value::new(IdentifierKind::Phone, false));
        Ok(index)
    }

    pub(crate) fn is_forgotten(&self, value: u32) -> bool {
        self.value_words[value as usize] == 0
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
            + self.by_name.bytes()
    }
}
