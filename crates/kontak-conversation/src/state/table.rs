use super::rows::{Rows, Slot};
use hashbrown::HashTable;
use kontak_types::uuid::Uuid;
use std::ops::{Index, IndexMut};

/// What has an id of its own.
pub(crate) trait Identified {
    type Id: Copy + PartialEq;

    const UUID: fn(&Self::Id) -> &Uuid;

    fn id(&self) -> Self::Id;
}

/// Rows that are found by their id.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    rows: Rows<T>,
    by_id: SlotIndex,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Rows::default(), by_id: SlotIndex::default() }
    }
}

impl<T: Identified> Table<T> {
    pub(crate) fn slot(&self, id: &T::Id) -> Option<Slot> {
        self.by_id.find(T::UUID(id), |slot| self.rows[slot].id() == *id)
    }

    pub(crate) fn get(&self, id: &T::Id) -> Option<&T> {
        self.slot(id).map(|slot| &self.rows[slot])
    }

    pub(crate) fn get_mut(&mut self, id: &T::Id) -> Option<&mut T> {
        self.slot(id).map(|slot| &mut self.rows[slot])
    }

    /// A row whose id is not there yet.
    pub(crate) fn insert(&mut self, row: T) -> Slot {
        let slot = self.rows.push(row);
        self.by_id.insert(slot, &self.rows, |row| Some(*T::UUID(&row.id())));
        slot
    }

    pub(crate) fn remove(&mut self, slot: Slot) -> Option<T> {
        let row = self.rows.remove(slot)?;
        self.by_id.remove(T::UUID(&row.id()), slot, &self.rows, |row| Some(*T::UUID(&row.id())));
        Some(row)
    }

    pub(crate) const fn rows(&self) -> &Rows<T> {
        &self.rows
    }
}

impl<T> Index<Slot> for Table<T> {
    type Output = T;

    fn index(&self, slot: Slot) -> &T {
        &self.rows[slot]
    }
}

impl<T> IndexMut<Slot> for Table<T> {
    fn index_mut(&mut self, slot: Slot) -> &mut T {
        &mut self.rows[slot]
    }
}

/// Rows by sixteen bytes that stand in them: five bytes an entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct SlotIndex(HashTable<Slot>);

impl SlotIndex {
    pub(crate) fn find(&self, id: &Uuid, is: impl Fn(Slot) -> bool) -> Option<Slot> {
        self.0.find(hash(id), |slot| is(*slot)).copied()
    }

    pub(crate) fn remove<T>(
        &mut self,
        removed: &Uuid,
        slot: Slot,
        rows: &Rows<T>,
        id: impl Fn(&T) -> Option<Uuid>,
    ) {
        if let Ok(entry) = self.0.find_entry(hash(removed), |one| *one == slot) {
            let _ = entry.remove();
        }
        // Far from where it would grow again.
        if self.0.len() < self.0.num_buckets() / 8 {
            let hash_at = |slot: &Slot| id(&rows[*slot]).as_ref().map_or(0, hash);
            self.0.shrink_to(2 * self.0.len(), hash_at);
        }
    }

    /// A row that is there already, under an id that is not in the index yet.
    pub(crate) fn insert<T>(
        &mut self,
        slot: Slot,
        rows: &Rows<T>,
        id: impl Fn(&T) -> Option<Uuid>,
    ) {
        let hash_of = |row: &T| id(row).as_ref().map_or(0, hash);
        let hash_at = |slot: &Slot| hash_of(&rows[*slot]);
        if self.0.len() < self.0.capacity() {
            self.0.insert_unique(hash_at(&slot), slot, hash_at);
            return;
        }
        // Growing in the order of the rows reads them one after the other; in the order of the old
        // index, every one of them would be a miss of the cache.
        self.0 = HashTable::with_capacity(self.0.capacity() + 1);
        for (slot, row) in rows.iter().filter(|(_, row)| id(row).is_some()) {
            self.0.insert_unique(hash_of(row), slot, hash_at);
        }
    }
}

/// Ids are made by the caller, and what channels call things is a keyed hash: nobody outside
/// chooses them, so folding one product is enough.
pub(crate) fn hash(id: &Uuid) -> u64 {
    let id = u128::from_ne_bytes(*id.as_bytes());
    let (low, high) = (id as u64, (id >> 64) as u64);
    let product =
        u128::from(low ^ 0x9e37_79b9_7f4a_7c15) * u128::from(high ^ 0xd1b5_4a32_d192_ed03);
    (product >> 64) as u64 ^ product as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Identified for Uuid {
        type Id = Self;

        const UUID: fn(&Self) -> &Self = |id| id;

        fn id(&self) -> Self {
            *self
        }
    }

    #[test]
    fn every_row_is_found_and_nothing_else() {
        let mut table = Table::default();
        // Ids that differ in their first bytes only, or in their last.
        let ids = |nth: u128| [Uuid::from_u128(nth), Uuid::from_u128((nth + 1) << 100)];
        for (nth, id) in (0..3_000).flat_map(ids).enumerate() {
            assert_eq!(table.slot(&id), None, "{nth}");
            let slot = table.insert(id);
            assert_eq!((table.slot(&id), table[slot]), (Some(slot), id));
        }
        let rows: Vec<Uuid> = table.rows().iter().map(|(_, row)| *row).collect();
        assert_eq!(rows, (0..3_000).flat_map(ids).collect::<Vec<_>>());
        assert!(rows.iter().all(|id| table.get(id) == Some(id)));
        for id in rows.iter().step_by(3) {
            let slot = table.slot(id).unwrap();
            assert_eq!((table.remove(slot), table.remove(slot)), (Some(*id), None));
            assert_eq!(table.get(id), None);
        }
        assert_eq!(table.rows().iter().count(), 4_000);
        for (nth, id) in rows.iter().enumerate() {
            assert_eq!(table.get(id), Some(id).filter(|_| nth % 3 != 0));
        }
        // Who comes takes the places of who went.
        for id in rows.iter().step_by(3) {
            let _ = table.insert(*id);
        }
        assert_eq!(table.rows().iter().count(), 6_000);
        assert!(rows.iter().all(|id| table.get(id) == Some(id)));
        assert_eq!(table.rows().iter().count(), 6_000);
    }
}
