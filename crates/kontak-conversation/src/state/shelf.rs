//! What stays behind of conversations that are evicted.

use super::marks::{Marks, home_mark, mark};
use super::names::Names;
use super::pack::{Pack, Packed};
use super::rows::Slot;
use super::stub::{Shelved, Stub};
use super::table::{Identified, Table};
use kontak_types::uuid::Uuid;
use kontak_types::{ConversationId, CustomerId};
use std::collections::BTreeMap;

/// The stubs, by customer, and by what else their conversations are found: four bytes of every id in
/// them. Two ids may have the same four: then a conversation is brought back in vain.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    packs: Table<Pack>,
    names: Names,
    /// The packs of conversations.
    homes: Marks,
    /// The marks of the conversations in which there is an id.
    marks: Marks,
    len: usize,
}

impl Shelf {
    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn has(&self, id: ConversationId) -> bool {
        self.slot(id).is_some()
    }

    pub(crate) fn customer_of(&self, id: ConversationId) -> Option<CustomerId> {
        self.slot(id).map(|slot| self.packs[slot].id())
    }

    pub(crate) fn slot_of(&self, customer: CustomerId) -> Option<Slot> {
        self.packs.slot(&customer)
    }

    pub(crate) fn on(&self, slot: Slot) -> impl Iterator<Item = Packed<'_>> {
        self.packs[slot].stubs(&self.names)
    }

    pub(crate) fn slots(&self) -> impl Iterator<Item = Slot> {
        self.packs.rows().iter().map(|(slot, _)| slot)
    }

    /// Those of a customer, in the order in which they began.
    pub(crate) fn of(&self, customer: CustomerId) -> impl Iterator<Item = Packed<'_>> {
        let pack = self.packs.get(&customer).into_iter();
        pack.flat_map(|pack| pack.stubs(&self.names))
    }

    /// All, customer by customer.
    pub(crate) fn stubs(&self) -> impl Iterator<Item = Shelved<'_>> {
        let packs = self.packs.rows().iter();
        packs.flat_map(|(_, pack)| pack.stubs(&self.names)).map(Packed::read)
    }

    /// Those in which something may have this id.
    pub(crate) fn holding(&self, id: &Uuid) -> impl Iterator<Item = ConversationId> {
        self.marks.of(mark(id)).flat_map(|home| {
            let all = self.packs_of(home).flat_map(|(_, pack)| pack.ids());
            all.filter(move |id| home_mark(id.as_uuid()) == home)
        })
    }

    fn slot(&self, id: ConversationId) -> Option<Slot> {
        let mut packs = self.packs_of(home_mark(id.as_uuid()));
        packs.find(|(_, pack)| pack.ids().any(|one| one == id)).map(|(slot, _)| slot)
    }

    fn packs_of(&self, home: u32) -> impl Iterator<Item = (Slot, &Pack)> {
        let slots = self.homes.of(home).filter_map(Slot::from_bits);
        slots.map(|slot| (slot, &self.packs[slot]))
    }

    /// Puts a stub where it is found by these ids.
    pub(crate) fn put<'a>(&mut self, stub: &Stub, ids: impl IntoIterator<Item = &'a Uuid>) {
        self.put_marked(stub, ids.into_iter().map(mark));
    }

    pub(crate) fn put_marked(&mut self, stub: &Stub, marks: impl IntoIterator<Item = u32>) {
        self.add(stub);
        let home = home_mark(stub.id.as_uuid());
        marks.into_iter().for_each(|mark| self.marks.insert(mark, home));
    }

    /// Takes a stub away again, and all by which it was found.
    pub(crate) fn take<'a>(&mut self, id: ConversationId, ids: impl IntoIterator<Item = &'a Uuid>) {
        if self.remove(id).is_some() {
            let home = home_mark(id.as_uuid());
            ids.into_iter().for_each(|id| self.marks.remove(mark(id), home));
        }
    }

    /// Takes a stub away of which nobody knows any more by what it was found: those marks lead nowhere.
    pub(crate) fn give_up(&mut self, id: ConversationId) -> Option<Stub> {
        self.remove(id)
    }

    /// It is another customer's now.
    pub(crate) fn hand_over(&mut self, id: ConversationId, into: CustomerId) {
        if let Some(stub) = self.remove(id) {
            self.add(&Stub { customer: into, ..stub });
        }
    }

    fn add(&mut self, stub: &Stub) {
        let known = self.packs.slot(&stub.customer);
        let slot = known.unwrap_or_else(|| self.packs.insert(Pack::new(stub.customer)));
        self.packs[slot].put(stub, &mut self.names);
        self.homes.insert(home_mark(stub.id.as_uuid()), slot.bits());
        self.len += 1;
    }

    fn remove(&mut self, id: ConversationId) -> Option<Stub> {
        let home = home_mark(id.as_uuid());
        let slot = self.slot(id)?;
        let stub = self.packs[slot].take(id, &self.names)?;
        self.homes.remove(home, slot.bits());
        if self.packs[slot].is_empty() {
            self.packs.remove(slot);
        }
        self.len -= 1;
        Some(stub)
    }

    /// All there is, by id. Of those whose marks are the same the first has what is found by them.
    pub(crate) fn to_data(&self) -> Vec<(Stub, Vec<u32>)> {
        let mut stubs: Vec<Stub> = self.stubs().map(Shelved::to_stub).collect();
        stubs.sort_unstable_by_key(|stub| stub.id);
        let mut marks: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        self.marks.iter().for_each(|(mark, home)| marks.entry(home).or_default().push(mark));
        let with_marks = |stub: Stub| {
            let marks = marks.remove(&home_mark(stub.id.as_uuid()));
            (stub, marks.unwrap_or_default())
        };
        stubs.into_iter().map(with_marks).collect()
    }
}
