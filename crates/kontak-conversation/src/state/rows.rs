use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::num::NonZeroU32;
use std::ops::{Index, IndexMut};

/// The place of a row among its [`Rows`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot(NonZeroU32);

impl Slot {
    fn nth(number: usize) -> Self {
        let number = u32::try_from(number + 1).ok().and_then(NonZeroU32::new);
        Self(number.expect("2^32 rows of any kind do not fit into memory"))
    }

    pub(crate) const fn bits(self) -> u32 {
        self.0.get()
    }

    pub(crate) fn from_bits(bits: u32) -> Option<Self> {
        NonZeroU32::new(bits).map(Self)
    }

    const fn number(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// Rows that stay where they were put. They grow by blocks: nothing is copied that is there
/// already, and no more than one block stands empty. Who comes takes the first place that was left,
/// so that the last blocks empty, and are given back.
#[derive(Clone, Debug)]
pub(crate) struct Rows<T> {
    /// Those that were given back have no places; the last never is.
    blocks: Vec<Vec<Option<T>>>,
    /// How many rows are in each.
    full: Vec<u32>,
    left: BinaryHeap<Reverse<Slot>>,
    /// The block that was emptied last. It is given back when another is: the next row may take a
    /// place in it.
    emptied: Option<usize>,
}

const BLOCK: usize = 1_024;

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { blocks: Vec::new(), full: Vec::new(), left: BinaryHeap::new(), emptied: None }
    }
}

impl<T> Rows<T> {
    pub(crate) fn push(&mut self, row: T) -> Slot {
        let slot = match self.left.pop() {
            Some(Reverse(slot)) => {
                let block = &mut self.blocks[slot.number() / BLOCK];
                if block.is_empty() {
                    block.resize_with(BLOCK, || None);
                }
                block[slot.number() % BLOCK] = Some(row);
                slot
            }
            None => self.extend(row),
        };
        self.full[slot.number() / BLOCK] += 1;
        slot
    }

    fn extend(&mut self, row: T) -> Slot {
        if self.blocks.last().is_none_or(|last| last.len() == BLOCK) {
            // The first grows as it must: most tenants are small.
            let room = if self.blocks.is_empty() { 0 } else { BLOCK };
            self.blocks.push(Vec::with_capacity(room));
            self.full.push(0);
        }
        let nth = self.blocks.len() - 1;
        self.blocks[nth].push(Some(row));
        Slot::nth(nth * BLOCK + self.blocks[nth].len() - 1)
    }

    pub(crate) fn remove(&mut self, slot: Slot) -> Option<T> {
        let nth = slot.number() / BLOCK;
        let row = self.blocks[nth].get_mut(slot.number() % BLOCK)?.take()?;
        self.left.push(Reverse(slot));
        self.full[nth] -= 1;
        if self.full[nth] == 0
            && let Some(other) = self.emptied.replace(nth)
            && self.full[other] == 0
            && other != nth
            && other + 1 < self.blocks.len()
        {
            self.blocks[other] = Vec::new();
        }
        Some(row)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, &T)> {
        self.blocks.iter().enumerate().flat_map(|(nth, block)| {
            let rows = block.iter().enumerate();
            rows.filter_map(move |(place, row)| {
                Some((Slot::nth(nth * BLOCK + place), row.as_ref()?))
            })
        })
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.blocks.iter_mut().flatten().filter_map(Option::as_mut)
    }
}

const HERE: &str = "who has a slot has seen to it that its row is there";

impl<T> Index<Slot> for Rows<T> {
    type Output = T;

    fn index(&self, slot: Slot) -> &T {
        self.blocks[slot.number() / BLOCK][slot.number() % BLOCK].as_ref().expect(HERE)
    }
}

impl<T> IndexMut<Slot> for Rows<T> {
    fn index_mut(&mut self, slot: Slot) -> &mut T {
        self.blocks[slot.number() / BLOCK][slot.number() % BLOCK].as_mut().expect(HERE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn blocks_that_empty_are_given_back_and_taken_again() {
        let (mut rows, mut plain) = (Rows::default(), BTreeMap::new());
        for round in 0..3_u32 {
            for nth in 0..10_000 {
                let row = round * 10_000 + nth;
                assert_eq!(plain.insert(rows.push(row), row), None);
            }
            // All but a few of the first and of the last, in any order.
            for nth in (0..10_000).map(|nth| nth * 7_919 % 10_000) {
                let slot = Slot::nth(nth);
                if (10..9_990).contains(&nth) {
                    assert_eq!((rows.remove(slot), rows.remove(slot)), (plain.remove(&slot), None));
                }
            }
            let known = plain.iter().map(|(slot, row)| (*slot, row));
            assert!(rows.iter().eq(known) && plain.iter().all(|(slot, row)| rows[*slot] == *row));
            let places: usize = rows.blocks.iter().map(Vec::len).sum();
            assert!(places <= 4 * BLOCK, "{places} places for {} rows", plain.len());
        }
    }
}
