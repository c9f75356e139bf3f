//! The facts, in columns: who was recorded, what is live, under which texts.

use super::fact::Facts;
use super::hash::{
    Keyed, KeyedMap, account_hash, hash_id, hash_key, hash_key_text, hash_value, hash_value_ref,
    value_ref,
};
use super::record::{Evidence, NONE, State, Touchpoint, Value};
use super::split::Split;
use super::table::Table;
use super::text::{Texts, TooLong};
use crate::identifier::{IdentifierKind, IdentifierRef};
use crate::tenant_key::TenantKey;
use hashbrown::hash_table::Entry;
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
    by_key: Table,
    by_id: Table,

    pub(crate) accounts: Vec<Account>,
    pub(super) by_account: HashTable<u32>,
    /// The account that was asked for last, which is most often the next one too.
    pub(super) latest_account: u32,
    pub(crate) sources: Vec<Box<str>>,
    pub(super) by_source: HashTable<u32>,
    /// The first is for what nobody said.
    pub(crate) data_versions: Vec<Box<str>>,

    pub(crate) values: Vec<Value>,
    by_value: HashTable<u32>,
    emails: Texts,
    pub(crate) splits: KeyedMap<u32, Split>,

    pub(crate) evidence: Vec<Evidence>,
    pub(crate) facts: Facts,
    pub(crate) free: Vec<u32>,
    /// The name that each piece of evidence carries; empty until the first name comes.
    pub(crate) name_of: Vec<u32>,
    pub(crate) names: Vec<u64>,
    pub(super) by_name: HashTable<u32>,
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
            by_key: Table::default(),
            by_id: Table::default(),
            accounts: Vec::new(),
            by_account: HashTable::new(),
            latest_account: 0,
            sources: Vec::new(),
            by_source: HashTable::new(),
            data_versions: vec!["".into()],
            values: Vec::new(),
            by_value: HashTable::new(),
            emails: Texts::default(),
            splits: HashMap::with_hasher(Keyed(key)),
            evidence: Vec::new(),
            facts: Facts::new(key),
            free: Vec::new(),
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
        self.reserve_evidence(evidence);
        self.make_room(touchpoints);
        let Self { by_value, key, values: held, emails, .. } = self;
        by_value.reserve(values, |index| hash_value(key, emails, &held[*index as usize]));
    }

    pub(crate) fn reserve_evidence(&mut self, more: usize) {
        self.evidence.reserve(more);
        self.facts.reserve(more);
    }

    pub(crate) fn find_touchpoint(&self, account: u32, id: &str) -> Option<u32> {
        let hash = hash_key_text(&self.key, account_hash(&self.accounts, account), id);
        self.by_key.find(hash, |index| self.has_key(index, account, id))
    }

    fn has_key(&self, touchpoint: u32, account: u32, id: &str) -> bool {
        let touchpoint = touchpoint as usize;
        self.accounts_of[touchpoint] == account && self.texts.is(self.account_ids[touchpoint], id)
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

    /// Finds a touchpoint by its key, or records it. One probe a table: they do not fit into a
    /// cache, and a load asks for millions.
    pub(crate) fn enter_touchpoint(
        &mut self,
        account: u32,
        id: &str,
        uuid: TouchpointId,
        (key_hash, id_hash): (u64, u64),
    ) -> Result<Entered, Full> {
        if let Some(known) = self.by_key.find(key_hash, |index| self.has_key(index, account, id)) {
            return Ok(Entered::Known(known));
        }
        if self.by_id.find(id_hash, |index| self.ids[index as usize] == uuid).is_some() {
            return Ok(Entered::IdTaken);
        }
        let index = next_index(self.touchpoints.len())?;
        let word = self.texts.insert(id)?;
        self.make_room(1);
        self.by_key.insert(key_hash, index);
        self.by_id.insert(id_hash, index);
        self.push_touchpoint(index, account, word, uuid);
        Ok(Entered::New(index))
    }

    /// Makes room in both tables, in the order of the columns that they index: in its own order a
    /// table would read what it hashes anew with a cache miss an entry.
    fn make_room(&mut self, more: usize) {
        let larger = |table: &Table| {
            let needed = table.taken() + more;
            (needed > table.room()).then(|| Table::with_room(needed.max(2 * table.taken()).max(4)))
        };
        if let Some(mut table) = larger(&self.by_key) {
            for index in (0..self.touchpoints.len() as u32).filter(|index| !self.is_erased(*index))
            {
                table.insert(self.touchpoint_hash(index), index);
            }
            self.by_key = table;
        }
        if let Some(mut table) = larger(&self.by_id) {
            for (index, id) in (0..).zip(&self.ids) {
                table.insert(hash_id(&self.key, *id), index);
            }
            self.by_id = table;
        }
    }

    /// Reads what entering a touchpoint will read.
    #[inline]
    pub(crate) fn touch_touchpoint(&self, (key_hash, id_hash): (u64, u64)) -> u64 {
        let mut read = 0;
        let _ = self.by_key.find(key_hash, |index| {
            read ^= self.account_ids[index as usize] ^ u64::from(self.accounts_of[index as usize]);
            false
        });
        let _ = self.by_id.find(id_hash, |index| {
            read ^= self.ids[index as usize].as_uuid().as_u64_pair().0;
            false
        });
        read
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
        self.make_room(1);
        self.by_id.insert(hash_id(&self.key, uuid), index);
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
        if self.by_value.len() == self.by_value.capacity() {
            let mut table = HashTable::with_capacity(2 * self.by_value.len().max(4));
            for index in (0..self.values.len() as u32).filter(|index| !self.is_forgotten(*index)) {
                table.insert_unique(self.hash_value(self.value_ref(index)), index, |_| 0);
            }
            self.by_value = table;
        }
        let Self { key, by_value, values, emails, .. } = self;
        let entry = by_value.entry(
            hash,
            |index| value_ref(emails, &values[*index as usize]) == value,
            |index| hash_value(key, emails, &values[*index as usize]),
        );
        let entry = match entry {
            Entry::Occupied(known) => return Ok(*known.get()),
            Entry::Vacant(entry) => entry,
        };
        let index = next_index(values.len())?;
        let word = match value {
            IdentifierRef::Phone(digits) => digits,
            IdentifierRef::Email(key) => emails.insert_bytes(key)?,
        };
        entry.insert(index);
        values.push(Value::new(word, value.kind(), is_blocked()));
        Ok(index)
    }

    /// Reads what entering a value will read.
    #[inline]
    pub(crate) fn touch_value(&self, hash: u64) -> u64 {
        let mut read = 0;
        let _ = self.by_value.find(hash, |index| {
            read ^= match self.value_ref(*index) {
                IdentifierRef::Phone(digits) => digits,
                IdentifierRef::Email(key) => key.as_bytes().first().copied().unwrap_or(0).into(),
            };
            false
        });
        read
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
            + self.by_name.allocation_size()
    }
}
