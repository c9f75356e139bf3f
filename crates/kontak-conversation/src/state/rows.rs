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

    const fn number(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// Rows that stay where they were put. They grow by blocks: nothing is copied that is there
/// already, and no more than one block stands empty.
#[derive(Clone, Debug)]
pub(crate) struct Rows<T> {
    blocks: Vec<Vec<T>>,
}

const BLOCK: usize = 1_024;

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { blocks: Vec::new() }
    }
}

impl<T> Rows<T> {
    pub(crate) fn push(&mut self, row: T) -> Slot {
        match self.blocks.last_mut() {
            Some(block) if block.len() < BLOCK => block.push(row),
            // The first grows as it must: most tenants are small.
            None => self.blocks.push(vec![row]),
            Some(_) => {
                let mut block = Vec::with_capacity(BLOCK);
                block.push(row);
                self.blocks.push(block);
            }
        }
        Slot::nth(self.len() - 1)
    }

    pub(crate) fn len(&self) -> usize {
        self.blocks.last().map_or(0, |last| (self.blocks.len() - 1) * BLOCK + last.len())
    }

    pub(crate) fn slots(&self) -> impl Iterator<Item = Slot> + use<T> {
        (0..self.len()).map(Slot::nth)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, &T)> {
        self.blocks.iter().flatten().enumerate().map(|(nth, row)| (Slot::nth(nth), row))
    }
}

impl<T> Index<Slot> for Rows<T> {
    type Output = T;

    fn index(&self, slot: Slot) -> &T {
        &self.blocks[slot.number() / BLOCK][slot.number() % BLOCK]
    }
}

impl<T> IndexMut<Slot> for Rows<T> {
    fn index_mut(&mut self, slot: Slot) -> &mut T {
        &mut self.blocks[slot.number() / BLOCK][slot.number() % BLOCK]
    }
}
