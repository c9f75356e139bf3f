use super::rows::{Rows, Slot};
use crate::Actor;
use hashbrown::{DefaultHashBuilder, HashTable};
use kontak_types::Language;
use std::hash::BuildHasher;

/// Who spoke, and in which language: the same few over and over, so each is kept once.
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
}

impl Voice {
    fn key(&self) -> (&Actor, Option<&Language>) {
        (&self.author, self.language.as_deref())
    }
}

impl Voices {
    /// The slot of this voice, a new one if it was not heard before.
    pub(crate) fn slot(&mut self, author: &Actor, language: Option<&Language>) -> Slot {
        let key = (author, language);
        let hash = self.hasher.hash_one(key);
        if let Some(slot) = self.slots.find(hash, |slot| self.rows[*slot].key() == key) {
            return *slot;
        }
        let language = language.cloned().map(Box::new);
        let slot = self.rows.push(Voice { author: author.clone(), language });
        let (rows, hasher) = (&self.rows, &self.hasher);
        self.slots.insert_unique(hash, slot, |slot| hasher.hash_one(rows[*slot].key()));
        slot
    }

    pub(crate) fn voice(&self, slot: Slot) -> (&Actor, Option<&Language>) {
        self.rows[slot].key()
    }
}
