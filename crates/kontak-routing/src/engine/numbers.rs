use super::item::{Item, ItemIndex};
use hashbrown::{DefaultHashBuilder, HashTable};
use kontak_types::WorkItemId;
use std::hash::BuildHasher;

/// The number of a contact, by its id. Ids stand in the contacts only, which are looked at next
/// anyway: so the table is a fifth of a map's, and stays in the cache.
#[derive(Clone, Default)]
pub(super) struct Numbers {
    table: HashTable<ItemIndex>,
    hasher: DefaultHashBuilder,
}

impl Numbers {
    pub(super) fn find(&self, id: WorkItemId, items: &[Option<Item>]) -> Option<ItemIndex> {
        let is_it =
            |index: &ItemIndex| items[*index as usize].as_ref().is_some_and(|item| item.id == id);
        self.table.find(self.hasher.hash_one(Some(id)), is_it).copied()
    }

    /// The contact is among the items by now.
    pub(super) fn insert(&mut self, id: WorkItemId, index: ItemIndex, items: &[Option<Item>]) {
        let again = |index: &ItemIndex| {
            self.hasher.hash_one(items[*index as usize].as_ref().map(|item| item.id))
        };
        self.table.insert_unique(self.hasher.hash_one(Some(id)), index, again);
    }

    pub(super) fn remove(&mut self, id: WorkItemId, index: ItemIndex) {
        let hash = self.hasher.hash_one(Some(id));
        if let Ok(entry) = self.table.find_entry(hash, |other| *other == index) {
            entry.remove();
        }
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }
}
