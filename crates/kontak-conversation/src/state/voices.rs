use super::rows::{Rows, Slot};
use crate::Actor;
use hashbrown::{DefaultHashBuilder, HashTable};
use kontak_types::Language;
use std::hash::BuildHasher;

/// Who spoke, and in which language: the same few over and over, so each is kept once, for as long
/// as a message is theirs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Voices {
    rows: Rows<Voice>,
    slots: HashTable<Slot>,
    /// Names of bots and of others are outside strings.
    hasher: DefaultHashBuilder,
}

#[derive(Clone, Debug)]
struct Voice {
    author: Actor,
    language: Option<Box<Language>>,
    /// How many messages are theirs.
    messages: u32,
}

impl Voice {
    fn key(&self) -> (&Actor, Option<&Language>) {
        (&self.author, self.language.as_deref())
    }
}

impl Voices {
    /// The slot of this voice, for one more message.
    pub(crate) fn hear(&mut self, author: &Actor, language: Option<&Language>) -> Slot {
        let key = (author, language);
        let hash = self.hasher.hash_one(key);
        if let Some(slot) = self.slots.find(hash, |slot| self.rows[*slot].key() == key) {
            self.rows[*slot].messages += 1;
            return *slot;
        }
        let language = language.cloned().map(Box::new);
        let slot = self.rows.push(Voice { author: author.clone(), language, messages: 1 });
        let (rows, hasher) = (&self.rows, &self.hasher);
        self.slots.insert_unique(hash, slot, |slot| hasher.hash_one(rows[*slot].key()));
        slot
    }

    /// One of its messages is gone.
    pub(crate) fn forget(&mut self, slot: Slot) {
        self.rows[slot].messages -= 1;
        if self.rows[slot].messages > 0 {
            return;
        }
        let hash = self.hasher.hash_one(self.rows[slot].key());
        if let Ok(entry) = self.slots.find_entry(hash, |one| *one == slot) {
            let _ = entry.remove();
        }
        self.rows.remove(slot);
    }

    pub(crate) fn voice(&self, slot: Slot) -> (&Actor, Option<&Language>) {
        self.rows[slot].key()
    }
}
