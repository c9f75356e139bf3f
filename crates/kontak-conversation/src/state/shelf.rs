//! What stays behind of conversations that are evicted.

use super::marks::{Marks, home_mark, mark};
use super::names::Names;
use super::pack::{Pack, Packed};
use super::rows::Slot;
use super::stub::{Shelved, Stub};
use super::table::{Identified, Table};
use kontak_types::uuid::Uuid;
use kontak_types::{ConversationId, CustomerId};

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
        self.add(stub);
        let home = home_mark(stub.id.as_uuid());
        ids.into_iter().for_each(|id| self.marks.insert(mark(id), home));
    }

    /// Takes a stub away again, and all by which it was found.
    pub(crate) fn take<'a>(&mut self, id: ConversationId, ids: impl IntoIterator<Item = &'a Uuid>) {
        if self.remove(id).is_some() {
            let home = home_mark(id.as_uuid());
            ids.into_iter().for_each(|id| self.marks.remove(mark(id), home));
        }
    }

    /// Takes a stub away of which nobody knows any more by what it was found. Where another conversation
    /// has the same mark, what led to the one leads to the other, in vain.
    pub(crate) fn give_up(&mut self, id: ConversationId) -> Option<Stub> {
        let stub = self.remove(id)?;
        let home = home_mark(id.as_uuid());
        if self.packs_of(home).next().is_none() {
            self.marks.forget(home);
        }
        Some(stub)
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

    /// The stubs, by customer and in the order in which they began.
    pub(crate) fn to_data(&self) -> impl Iterator<Item = Stub> {
        let packs = self.packs.rows().iter();
        let mut packs: Vec<(CustomerId, Slot)> =
            packs.map(|(slot, pack)| (pack.id(), slot)).collect();
        packs.sort_unstable();
        packs.into_iter().flat_map(|(_, slot)| self.on(slot)).map(|stub| stub.read().to_stub())
    }

    /// What they are found by: each mark, and that of its conversation.
    pub(crate) fn marks(&self) -> impl Iterator<Item = (u32, u32)> {
        self.marks.iter()
    }

    pub(crate) const fn marks_len(&self) -> usize {
        self.marks.len()
    }

    pub(crate) fn from_data(stubs: &[Stub], marks: &[(u32, u32)]) -> Self {
        let mut shelf = Self::default();
        stubs.iter().for_each(|stub| shelf.add(stub));
        marks.iter().for_each(|(mark, home)| shelf.marks.insert(*mark, *home));
        shelf
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retention::Classes;
    use chrono::{DateTime, TimeDelta, Utc};
    use kontak_types::{AgentId, TouchpointId};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::collections::BTreeSet;
    use std::collections::btree_map::Entry;

    /// Some have marks of their own, and some the same marks, whatever else is in them.
    fn uuid(number: u128) -> Uuid {
        // What the hash makes nothing of, whatever is in the other half.
        let alike = u128::from(0xd1b5_4a32_d192_ed03_u64) << 64;
        match number % 3 {
            0 => Uuid::from_bytes((alike + number).to_ne_bytes()),
            _ => Uuid::from_u128(number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)),
        }
    }

    fn id(number: u8) -> ConversationId {
        ConversationId::new(uuid(number.into()))
    }

    fn customer(number: u8) -> CustomerId {
        CustomerId::new(uuid(1_000 + u128::from(number)))
    }

    /// What is found by this number; each is in one conversation.
    fn inside(conversation: u8) -> [Uuid; 3] {
        [0, 1, 2].map(|nth| uuid(2_000 + 3 * u128::from(conversation) + nth))
    }

    fn touchpoints() -> impl Strategy<Value = TouchpointId> {
        // The customers' own, and others.
        prop_oneof![
            (0..4_u8).prop_map(|own| TouchpointId::new(*customer(own).as_uuid())),
            (0..200_u128).prop_map(|other| TouchpointId::new(uuid(3_000 + other))),
        ]
    }

    fn times() -> impl Strategy<Value = DateTime<Utc>> {
        prop_oneof![
            8 => (0..400_000_000_i64).prop_map(|seconds| {
                let at = 1_600_000_000_000_000 + seconds * 1_000_003;
                DateTime::from_timestamp_micros(at).unwrap()
            }),
            1 => (0..4_i64).prop_map(|same| DateTime::UNIX_EPOCH + TimeDelta::seconds(same)),
            1 => any::<i64>().prop_map(DateTime::from_timestamp_nanos),
            // With a leap second among them.
            1 => (any::<i32>(), 0..2_000_000_000_u32).prop_map(|(minutes, nanos)| {
                DateTime::from_timestamp(60 * i64::from(minutes) + 59, nanos).unwrap()
            }),
            1 => Just(DateTime::<Utc>::MAX_UTC),
            1 => Just(DateTime::<Utc>::MIN_UTC),
        ]
    }

    #[test]
    fn some_have_the_same_marks() {
        assert_eq!((mark(&uuid(0)), home_mark(&uuid(0))), (mark(&uuid(3)), home_mark(&uuid(3))));
        assert_ne!((mark(&uuid(1)), home_mark(&uuid(1))), (mark(&uuid(2)), home_mark(&uuid(2))));
    }

    prop_compose! {
        fn stubs()(
            (id, customer) in (any::<u8>().prop_map(id), (0..4_u8).prop_map(customer)),
            (opened_at, since) in (times(), times()),
            (last_message, said_once) in (proptest::option::of(times()), any::<bool>()),
            agent in proptest::option::of((0..300_u128).prop_map(|it| AgentId::new(uuid(it)))),
            (is_closed, is_held, keeps) in (any::<bool>(), any::<bool>(), any::<u8>()),
            topic in proptest::option::of((0..300_u16).prop_map(|it| it.to_string().into())),
            legs in prop_oneof![
                3 => vec((touchpoints(), "whatsapp|email|fax"), 1),
                1 => vec((touchpoints(), "whatsapp|email|fax"), 0..5),
                1 => vec((touchpoints(), "[a-z]{2}"), 130..140),
            ],
            reacted in vec(touchpoints(), 0..3),
        ) -> Stub {
            Stub {
                id,
                customer,
                opened_at,
                since,
                last_message: if said_once { Some(opened_at) } else { last_message },
                agent,
                is_closed,
                is_held,
                keeps: Classes::from_bits(keeps),
                topic,
                legs: legs.iter().map(|(one, on)| (*one, on.as_str().into())).collect(),
                reacted: reacted.into_iter().collect(),
            }
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Put(u8, Stub),
        Take(u8),
        HandOver(u8, u8),
        Restore,
    }

    fn steps() -> impl Strategy<Value = Step> {
        let number = || 0..40_u8;
        prop_oneof![
            6 => (number(), stubs()).prop_map(|(number, stub)| {
                Step::Put(number, Stub { id: id(number), ..stub })
            }),
            3 => number().prop_map(Step::Take),
            2 => (number(), 0..4_u8).prop_map(|(number, into)| Step::HandOver(number, into)),
            1 => Just(Step::Restore),
        ]
    }

    fn data(shelf: &Shelf) -> (Vec<Stub>, Vec<(u32, u32)>) {
        let marks: Vec<_> = shelf.marks().collect();
        assert_eq!(marks.len(), shelf.marks_len());
        (shelf.to_data().collect(), marks)
    }

    fn restored(shelf: &Shelf) -> Shelf {
        let (stubs, marks) = data(shelf);
        Shelf::from_data(&stubs, &marks)
    }

    proptest! {
        #[test]
        fn a_shelf_is_a_map_of_stubs(steps in vec(steps(), 0..80)) {
            let (mut shelf, mut plain) = (Shelf::default(), BTreeMap::new());
            for step in steps {
                match step {
                    Step::Put(number, stub) => {
                        if let Entry::Vacant(place) = plain.entry(stub.id) {
                            shelf.put(&stub, &inside(number));
                            place.insert((number, stub));
                        }
                    }
                    Step::Take(number) => {
                        shelf.take(id(number), &inside(number));
                        plain.remove(&id(number));
                    }
                    Step::HandOver(number, into) => {
                        shelf.hand_over(id(number), customer(into));
                        if let Some((_, stub)) = plain.get_mut(&id(number)) {
                            stub.customer = customer(into);
                        }
                    }
                    Step::Restore => shelf = restored(&shelf),
                }
                prop_assert_eq!((shelf.len(), shelf.is_empty()), (plain.len(), plain.is_empty()));
            }
            let of = |of: u8| {
                let theirs = plain.values().filter(move |(_, stub)| stub.customer == customer(of));
                let mut theirs: Vec<Stub> = theirs.map(|(_, stub)| stub.clone()).collect();
                theirs.sort_by_key(Stub::began);
                theirs
            };
            for number in 0..4 {
                let found = shelf.of(customer(number)).map(|stub| stub.read().to_stub());
                prop_assert_eq!(found.collect::<Vec<_>>(), of(number));
                for stub in shelf.of(customer(number)) {
                    let (known, read) = (&plain[&stub.id()].1, stub.read());
                    prop_assert_eq!(stub.since(), known.since);
                    prop_assert_eq!(stub.since_micros(), known.since.timestamp_micros());
                    let flags = (stub.is_closed(), stub.is_held(), stub.keeps());
                    prop_assert_eq!(flags, (known.is_closed, known.is_held, known.keeps));
                    prop_assert_eq!(read.began(), known.began());
                }
            }
            for number in 0..40 {
                let known = plain.get(&id(number)).map(|(_, stub)| stub.customer);
                prop_assert_eq!(shelf.customer_of(id(number)), known);
                prop_assert_eq!(shelf.has(id(number)), known.is_some());
                for inside in inside(number) {
                    let found: BTreeSet<_> = shelf.holding(&inside).collect();
                    prop_assert!(known.is_none() || found.contains(&id(number)));
                    let alike = |other: &u8| self::inside(*other).iter().any(|it| mark(it) == mark(&inside));
                    let in_vain = plain.values().filter(|(other, _)| alike(other));
                    let home = |id: &ConversationId| home_mark(id.as_uuid());
                    let expected: BTreeSet<u32> = in_vain.map(|(_, stub)| home(&stub.id)).collect();
                    prop_assert_eq!(found.iter().map(home).collect::<BTreeSet<_>>(), expected);
                }
            }
            let mut all: Vec<Stub> = shelf.stubs().map(Shelved::to_stub).collect();
            all.sort_unstable_by_key(|stub| stub.id);
            let mut data = data(&shelf);
            prop_assert_eq!(&self::data(&restored(&shelf)), &data);
            data.0.sort_unstable_by_key(|stub| stub.id);
            prop_assert_eq!(&all, &data.0);
            prop_assert_eq!(all, plain.into_values().map(|(_, stub)| stub).collect::<Vec<_>>());
        }
    }
}
