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
/// already, and no more than one block stands empty. A place that was left is taken by the next.
#[derive(Clone, Debug)]
pub(crate) struct Rows<T> {
    blocks: Vec<Vec<Option<T>>>,
    left: Vec<Slot>,
}

const BLOCK: usize = 1_024;

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { blocks: Vec::new(), left: Vec::new() }
    }
}

impl<T> Rows<T> {
    pub(crate) fn push(&mut self, row: T) -> Slot {
        if let Some(slot) = self.left.pop() {
            *self.place(slot) = Some(row);
            return slot;
        }
        match self.blocks.last_mut() {
            Some(block) if block.len() < BLOCK => block.push(Some(row)),
            // The first grows as it must: most tenants are small.
            None => self.blocks.push(vec![Some(row)]),
            Some(_) => {
                let mut block = Vec::with_capacity(BLOCK);
                block.push(Some(row));
                self.blocks.push(block);
            }
        }
        Slot::nth(self.places() - 1)
    }

    pub(crate) fn remove(&mut self, slot: Slot) -> Option<T> {
        let row = self.place(slot).take();
        if row.is_some() {
            self.left.push(slot);
        }
        row
    }

    fn place(&mut self, slot: Slot) -> &mut Option<T> {
        &mut self.blocks[slot.number() / BLOCK][slot.number() % BLOCK]
    }

    fn places(&self) -> usize {
        self.blocks.last().map_or(0, |last| (self.blocks.len() - 1) * BLOCK + last.len())
    }

    pub(crate) fn len(&self) -> usize {
        self.places() - self.left.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, &T)> {
        let places = self.blocks.iter().flatten().enumerate();
        places.filter_map(|(nth, row)| Some((Slot::nth(nth), row.as_ref()?)))
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
        self.place(slot).as_mut().expect(HERE)
    }
}
