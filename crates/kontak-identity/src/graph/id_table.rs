//! Touchpoints by the hash of their id. Each slot carries a part of the hash beside the touchpoint,
//! so that a look-up reads one cache line before it knows whom to ask.

/// Open addressing, without removal: an id is answered for, for ever.
#[derive(Clone, Debug, Default)]
pub(super) struct IdTable {
    /// The lower half of the hash, then the touchpoint.
    slots: Vec<u64>,
    len: usize,
}

const FREE: u64 = u64::MAX;

impl IdTable {
    /// Room for so many.
    pub(super) fn with_room(touchpoints: usize) -> Self {
        let slots = touchpoints + touchpoints / 4 + 1;
        Self { slots: vec![FREE; slots], len: 0 }
    }

    /// How many there is room for. At most four slots in five are taken.
    pub(super) fn room(&self) -> usize {
        self.slots.len() / 5 * 4 + self.slots.len() % 5 * 4 / 5
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn find(&self, hash: u64, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut at = self.home(hash);
        loop {
            let slot = *self.slots.get(at)?;
            if slot == FREE {
                return None;
            }
            if slot >> 32 == hash & u64::from(u32::MAX) && is(slot as u32) {
                return Some(slot as u32);
            }
            at = self.after(at);
        }
    }

    /// Adds a touchpoint that is not there, where there is [`room`](Self::room).
    pub(super) fn insert(&mut self, hash: u64, touchpoint: u32) {
        debug_assert!(self.len < self.room(), "a table that is full has no end to a search");
        let mut at = self.home(hash);
        while self.slots[at] != FREE {
            at = self.after(at);
        }
        self.slots[at] = hash << 32 | u64::from(touchpoint);
        self.len += 1;
    }

    fn home(&self, hash: u64) -> usize {
        (u128::from(hash) * self.slots.len() as u128 >> 64) as usize
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
        assert_eq!(IdTable::default().find(7, |_| true), None);
        assert_eq!(IdTable::default().room(), 0);
        for count in [1, 2, 3, 10, 1_000] {
            let mut table = IdTable::with_room(count as usize);
            assert!(table.room() >= count as usize);
            for index in 0..count {
                assert_eq!(table.find(hash(index), |other| other == index), None);
                table.insert(hash(index), index);
            }
            assert_eq!(table.len(), count as usize);
            for index in 0..count {
                assert_eq!(table.find(hash(index), |other| other == index), Some(index));
            }
            assert_eq!(table.find(hash(count), |other| other == count), None);
        }
    }
}
