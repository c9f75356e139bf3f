//! From a hash to the records that may have it: one cache line a look-up.

/// Records found by their hash. What tells whether a record may be the one, and its number, lie in
/// the same line, so that asking for what is not there costs one cache miss and finding what is
/// there one more, the record's own.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    lines: Vec<Line>,
    len: usize,
}

/// Twelve entries, and how many others would stand here if it had room for more.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Line {
    /// Eight bits of each entry's hash; 0 where there is none.
    tags: [u8; Self::ENTRIES],
    passed: u32,
    records: [u32; Self::ENTRIES],
}

impl Line {
    const ENTRIES: usize = 12;
    const EMPTY: Self = Self { tags: [0; Self::ENTRIES], passed: 0, records: [0; Self::ENTRIES] };

    /// The places of a tag.
    #[inline]
    fn with_tag(&self, tag: u8) -> impl Iterator<Item = usize> {
        /// Seven bits of each of the twelve bytes.
        const SEVEN: u128 = u128::from_le_bytes([
            0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0, 0, 0, 0,
        ]);
        const ONES: u128 = SEVEN / 0x7f;
        let mut bytes = [0; 16];
        bytes[..Self::ENTRIES].copy_from_slice(&self.tags);
        let differs = u128::from_le_bytes(bytes) ^ (ONES * u128::from(tag));
        // The high bit of each byte that is 0.
        let mut equal = !(((differs & SEVEN) + SEVEN) | differs) & (SEVEN + ONES);
        std::iter::from_fn(move || {
            let place = (equal != 0).then(|| equal.trailing_zeros() as usize / 8)?;
            equal &= equal - 1;
            Some(place)
        })
    }
}

impl Index {
    /// How many entries a line has on average before the index grows: fuller, and many would stand
    /// in the line after their own.
    const FULL: usize = 9;

    /// Makes room for more entries. `entries` are all that there are, with their hashes; in the
    /// order of their records they are quick to read. It is asked only where the index must grow.
    #[inline]
    pub(super) fn make_room(&mut self, more: usize, entries: impl Iterator<Item = (u64, u32)>) {
        if self.is_full(more) {
            *self = Self::with_room(self.len + more.max(self.len / 2).max(8), entries);
        }
    }

    #[inline]
    pub(super) fn is_full(&self, more: usize) -> bool {
        self.len + more > Self::FULL * self.lines.len()
    }

    fn with_room(room: usize, entries: impl Iterator<Item = (u64, u32)>) -> Self {
        let mut index = Self { lines: vec![Line::EMPTY; room.div_ceil(Self::FULL)], len: 0 };
        entries.for_each(|(hash, record)| index.insert(hash, record));
        index
    }

    /// Adds a record, for which there must be room.
    #[inline]
    pub(super) fn insert(&mut self, hash: u64, record: u32) {
        debug_assert!(!self.is_full(1));
        let tag = tag(hash);
        for at in self.way(hash) {
            let line = &mut self.lines[at];
            let free = line.with_tag(0).next();
            if let Some(place) = free {
                line.tags[place] = tag;
                line.records[place] = record;
                self.len += 1;
                return;
            }
            line.passed = line.passed.saturating_add(1);
        }
    }

    /// Removes a record that has this hash.
    pub(super) fn remove(&mut self, hash: u64, record: u32) {
        let holds = |line: &Line| line.with_tag(tag(hash)).find(|at| line.records[*at] == record);
        let Some(last) = self.reach(hash).find(|at| holds(&self.lines[*at]).is_some()) else {
            return;
        };
        for at in self.way(hash).take_while(|at| *at != last) {
            self.lines[at].passed -= 1;
        }
        let line = &mut self.lines[last];
        if let Some(place) = holds(line) {
            line.tags[place] = 0;
            self.len -= 1;
        }
    }

    /// The record with this hash for which `is` holds.
    #[inline]
    pub(super) fn find(&self, hash: u64, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        for at in self.way(hash) {
            let line = &self.lines[at];
            let mut likely = line.with_tag(tag(hash)).map(|place| line.records[place]);
            if let Some(record) = likely.find(|record| is(*record)) {
                return Some(record);
            }
            if line.passed == 0 {
                return None;
            }
        }
        None
    }

    /// Records that may have this hash; nearly always no other.
    #[inline]
    pub(super) fn with_hash(&self, hash: u64) -> impl Iterator<Item = u32> {
        self.reach(hash).flat_map(move |at| {
            let line = &self.lines[at];
            line.with_tag(tag(hash)).map(|place| line.records[place])
        })
    }

    /// The record that a look-up will very likely find.
    #[inline]
    pub(super) fn likely(&self, hash: u64) -> Option<u32> {
        let line = self.lines.get(self.home(hash))?;
        line.with_tag(tag(hash)).next().map(|place| line.records[place])
    }

    /// Reads what a look-up will read.
    #[inline]
    pub(super) fn touch(&self, hash: u64) -> u32 {
        self.lines.get(self.home(hash)).map_or(0, |line| line.passed)
    }

    pub(super) fn bytes(&self) -> usize {
        self.lines.capacity() * size_of::<Line>()
    }

    /// The lines in which an entry with this hash may stand.
    #[inline]
    fn reach(&self, hash: u64) -> impl Iterator<Item = usize> {
        let mut more = true;
        self.way(hash)
            .take_while(move |at| std::mem::replace(&mut more, self.lines[*at].passed > 0))
    }

    /// All lines, from the one of this hash on.
    #[inline]
    fn way(&self, hash: u64) -> impl Iterator<Item = usize> + use<> {
        let (home, lines) = (self.home(hash), self.lines.len());
        (home..lines).chain(0..home)
    }

    #[inline]
    fn home(&self, hash: u64) -> usize {
        (((hash >> 32) * self.lines.len() as u64) >> 32) as usize
    }
}

#[inline]
fn tag(hash: u64) -> u8 {
    (hash as u8).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_cache_line() {
        assert_eq!(size_of::<Line>(), 64);
    }

    /// Hashes that fill few lines, and many of which have one tag.
    fn hash(record: u32) -> u64 {
        let mixed = u64::from(record).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) << 56 | mixed >> 60
    }

    #[test]
    fn what_was_inserted_and_not_removed_is_found() {
        let mut index = Index::default();
        let mut kept: Vec<u32> = Vec::new();
        for record in 0..5_000 {
            index.make_room(1, kept.iter().map(|record| (hash(*record), *record)));
            index.insert(hash(record), record);
            kept.push(record);
            if record % 3 == 2 {
                let removed = kept.swap_remove(record as usize * 7 % kept.len());
                index.remove(hash(removed), removed);
                index.remove(hash(removed), removed);
            }
        }
        assert_eq!(index.len, kept.len());
        for record in 0..5_000 {
            let found = index.find(hash(record), |found| found == record);
            assert_eq!(found.is_some(), kept.contains(&record), "{record}");
        }
        for record in kept {
            index.remove(hash(record), record);
        }
        assert!(index.lines.iter().all(|line| line.passed == 0 && line.tags == [0; 12]));
        assert_eq!(Index::default().find(7, |_| true), None);
    }
}
