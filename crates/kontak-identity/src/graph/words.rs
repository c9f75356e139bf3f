//! What many records say, kept once: accounts of the business, sources, names.

use super::fact::MOST_SOURCES;
use super::hash::hash_parts;
use super::store::{Account, Full, Store, next_index};
use kontak_types::ChannelKind;

/// How many accounts are kept at hand.
pub(super) const RECENT_ACCOUNTS: usize = 1024;

impl Store {
    pub(crate) fn account(&mut self, channel: &ChannelKind, scope: &str) -> Result<u32, Full> {
        let recent = recent_place(channel, scope);
        let latest = self.accounts.get(self.recent_accounts[recent] as usize);
        if latest.is_some_and(|latest| latest.channel == *channel && *latest.scope == *scope) {
            return Ok(self.recent_accounts[recent]);
        }
        if let Some(index) = self.find_account(channel, scope) {
            self.recent_accounts[recent] = index;
            return Ok(index);
        }
        let index = next_index(self.accounts.len())?;
        let hash = hash_parts(&self.key, [channel.as_str().as_bytes(), scope.as_bytes()]);
        let accounts = &self.accounts;
        self.by_account.insert_unique(hash, index, |index| accounts[*index as usize].hash);
        self.accounts.push(Account { channel: channel.clone(), scope: scope.into(), hash });
        self.recent_accounts[recent] = index;
        Ok(index)
    }

    pub(crate) fn find_account(&self, channel: &ChannelKind, scope: &str) -> Option<u32> {
        let hash = hash_parts(&self.key, [channel.as_str().as_bytes(), scope.as_bytes()]);
        let is = |index: &u32| {
            let account = &self.accounts[*index as usize];
            account.channel == *channel && *account.scope == *scope
        };
        self.by_account.find(hash, is).copied()
    }

    pub(crate) fn source(&mut self, name: &str) -> Result<u16, Full> {
        if self.sources.get(self.latest_source as usize).is_some_and(|latest| **latest == *name) {
            return Ok(self.latest_source);
        }
        let hash = hash_parts(&self.key, [name.as_bytes()]);
        if let Some(index) = self.find_source(name) {
            self.latest_source = index;
            return Ok(index);
        }
        if self.sources.len() >= MOST_SOURCES {
            return Err(Full::Sources);
        }
        let index = self.sources.len() as u32;
        let (key, sources) = (&self.key, &self.sources);
        self.by_source.insert_unique(hash, index, |index| {
            hash_parts(key, [sources[*index as usize].as_bytes()])
        });
        self.sources.push(name.into());
        Ok(index as u16)
    }

    pub(crate) fn find_source(&self, name: &str) -> Option<u16> {
        let hash = hash_parts(&self.key, [name.as_bytes()]);
        self.by_source
            .find(hash, |index| *self.sources[*index as usize] == *name)
            .map(|index| *index as u16)
    }

    /// There are few: one a release.
    pub(crate) fn data_version(&mut self, text: &str) -> Result<u16, Full> {
        let known = self.data_versions.iter().rposition(|version| **version == *text);
        let index = known.unwrap_or(self.data_versions.len());
        let handle = u16::try_from(index).map_err(|_| Full::Records)?;
        if known.is_none() {
            self.data_versions.push(text.into());
        }
        Ok(handle)
    }

    pub(crate) fn hash_name(&self, name: &str) -> u64 {
        hash_parts(&self.key, [name.as_bytes()])
    }

    /// Reads where a name will be looked up.
    #[inline]
    pub(super) fn touch_name(&self, hash: u64) -> u32 {
        self.by_name.touch(hash)
    }

    /// The name that a look-up will very likely find.
    #[inline]
    pub(super) fn likely_name(&self, hash: u64) -> Option<u32> {
        self.by_name.likely(hash)
    }

    /// Where the text of a name lies.
    #[inline]
    pub(super) fn name_word(&self, name: u32) -> u64 {
        self.names[name as usize]
    }

    /// Reads a text.
    #[inline]
    pub(super) fn touch_text(&self, word: u64) -> u8 {
        self.texts.first_byte(word)
    }

    pub(crate) fn name(&mut self, name: &str) -> Result<u32, Full> {
        self.enter_name(name, self.hash_name(name))
    }

    pub(crate) fn enter_name(&mut self, name: &str, hash: u64) -> Result<u32, Full> {
        let Self { key, by_name, names, texts, .. } = self;
        if let Some(known) = by_name.find(hash, |index| texts.text(names[index as usize]) == name) {
            return Ok(known);
        }
        let index = next_index(names.len())?;
        let word = texts.insert_bytes(name)?;
        let known = (0..).zip(names.iter()).filter(|(_, word)| **word != 0);
        by_name.make_room(
            1,
            known.map(|(index, word)| (hash_parts(key, [texts.text(*word).as_bytes()]), index)),
        );
        by_name.insert(hash, index);
        names.push(word);
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

    /// Forgets a name that no evidence carries any more.
    pub(crate) fn forget_name(&mut self, name: u32) {
        let hash = hash_parts(&self.key, [self.name_text(name).as_bytes()]);
        self.by_name.remove(hash, name);
        self.texts.wipe(self.names[name as usize]);
        self.names[name as usize] = 0;
    }
}

/// Where an account is kept for the next time: any spread will do, as what is there is compared.
#[inline]
fn recent_place(channel: &ChannelKind, scope: &str) -> usize {
    let ends = |text: &str| match text.as_bytes().last_chunk() {
        Some(last) => u64::from_le_bytes(*last),
        None => text.bytes().fold(0, |word, byte| word << 8 | u64::from(byte)),
    };
    let channel = ends(channel.as_str()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let scope = ends(scope).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    // The last letters, in which scopes differ, reach the upper bits only.
    ((channel ^ scope) >> 48) as usize % RECENT_ACCOUNTS
}
