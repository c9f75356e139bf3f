//! Records by a hash. Each slot carries a part of the hash beside the record's number, so that a
//! look-up reads one cache line before it knows whom to ask.

/// Open addressing, where what is removed leaves its slot taken: little ever is.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// The lower half of the hash, then the number.
    slots: Vec<u64>,
    taken: usize,
}

const FREE: u64 = u64::MAX;
/// Neither is a number that a record has.
const REMOVED: u64 = u64::MAX - 1;

impl Table {
    /// Room for so many.
    pub(super) fn with_room(records: usize) -> Self {
        let slots = records + records / 4 + 1;
        Self { slots: vec![FREE; slots], taken: 0 }
    }

    /// How many there is room for. At most four slots in five are taken.
    pub(super) fn room(&self) -> usize {
        self.slots.len() / 5 * 4 + self.slots.len() % 5 * 4 / 5
    }

    /// How many slots are taken.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }

    #[inline]
    pub(super) fn find(&self, hash: u64, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        self.slots_of(hash).map(|at| self.slots[at] as u32).find(|record| is(*record))
    }

    /// The slots of records that may have this hash.
    #[inline]
    fn slots_of(&self, hash: u64) -> impl Iterator<Item = usize> {
        let mut next = self.home(hash);
        std::iter::from_fn(move || {
            loop {
                let (at, slot) = (next, *self.slots.get(next)?);
                if slot == FREE {
                    return None;
                }
                next = self.after(at);
                if slot >> 32 == hash & u64::from(u32::MAX) && slot != REMOVED {
                    return Some(at);
                }
            }
        })
    }

    /// Records that may have this hash.
    pub(super) fn with_hash(&self, hash: u64) -> impl Iterator<Item = u32> {
        self.slots_of(hash).map(|at| self.slots[at] as u32)
    }

    pub(super) fn remove(&mut self, hash: u64, record: u32) {
        let slot = self.slots_of(hash).find(|at| self.slots[*at] as u32 == record);
        if let Some(at) = slot {
            self.slots[at] = REMOVED;
        }
    }

    /// Adds a record that is not there, where there is [`room`](Self::room).
    pub(super) fn insert(&mut self, hash: u64, record: u32) {
        debug_assert!(self.taken < self.room(), "a table that is full has no end to a search");
        let mut at = self.home(hash);
        while self.slots[at] != FREE {
            at = self.after(at);
        }
        self.slots[at] = hash << 32 | u64::from(record);
        self.taken += 1;
    }

    fn home(&self, hash: u64) -> usize {
        ((u128::from(hash) * self.slots.len() as u128) >> 64) as usize
    }

    fn after(&self, at: usize) -> usize {
        if at + 1 == self.slots.len() { 0 } else { at + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(index: u32) -> u64 {
        // Many share a home or what a slot keeps of the hash.
        let mixed = u64::from(index).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        if index.is_multiple_of(3) { mixed } else { mixed & 0xc000_0000_0000_0003 }
    }

    #[test]
    fn what_was_inserted_is_found_and_nothing_else() {
        assert_eq!(Table::default().find(7, |_| true), None);
        assert_eq!(Table::default().room(), 0);
        for count in [1, 2, 3, 10, 1_000] {
            let mut table = Table::with_room(count as usize);
            assert!(table.room() >= count as usize);
            for index in 0..count {
                assert_eq!(table.find(hash(index), |other| other == index), None);
                table.insert(hash(index), index);
            }
            assert_eq!(table.taken(), count as usize);
            for index in 0..count {
                assert_eq!(table.find(hash(index), |other| other == index), Some(index));
            }
            assert_eq!(table.find(hash(count), |other| other == count), None);
            for index in 0..count {
                assert!(table.with_hash(hash(index)).any(|other| other == index));
                table.remove(hash(index), index);
                assert_eq!(table.find(hash(index), |other| other == index), None);
            }
        }
    }
}
