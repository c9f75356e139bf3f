//! What stays behind of conversations that are evicted.

use super::Conversation;
use super::rows::Slot;
use super::table::{Identified, Table, hash};
use crate::Status;
use crate::retention::Classes;
use chrono::{DateTime, Utc};
use hashbrown::HashTable;
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ChannelKind, ConversationId, CustomerId, TouchpointId};
use serde::{Deserialize, Serialize};
use thin_vec::ThinVec;

/// What a message is placed by, and what time and erasure have to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stub {
    pub(crate) id: ConversationId,
    pub(crate) customer: CustomerId,
    pub(crate) opened_at: DateTime<Utc>,
    pub(crate) since: DateTime<Utc>,
    pub(crate) last_message: Option<DateTime<Utc>>,
    pub(crate) agent: Option<AgentId>,
    pub(crate) is_closed: bool,
    /// Whether a legal hold stands on it.
    pub(crate) is_held: bool,
    /// Which classes something is kept of.
    pub(crate) keeps: Classes,
    pub(crate) topic: Option<Box<str>>,
    /// Whose legs, in the order in which they came.
    pub(crate) legs: ThinVec<(TouchpointId, ChannelKind)>,
    /// Who else has left something in it.
    pub(crate) reacted: ThinVec<TouchpointId>,
}

impl Identified for Stub {
    type Id = ConversationId;

    const UUID: fn(&ConversationId) -> &Uuid = ConversationId::as_uuid;

    fn id(&self) -> ConversationId {
        self.id
    }
}

impl Stub {
    pub(crate) const fn status(&self) -> Status {
        if self.is_closed { Status::Closed } else { Status::Resolved }
    }

    pub(crate) const fn began(&self) -> (DateTime<Utc>, ConversationId) {
        (self.opened_at, self.id)
    }

    pub(crate) fn has_leg(&self, touchpoint: TouchpointId, channel: &ChannelKind) -> bool {
        self.legs.iter().any(|(one, on)| *one == touchpoint && on == channel)
    }

    /// Whether all its legs, or some, or none are of these accounts.
    pub(crate) fn share_of(&self, touchpoints: &[TouchpointId]) -> Share {
        let theirs = self.legs.iter().filter(|(one, _)| touchpoints.contains(one)).count();
        match theirs {
            0 => Share::None,
            all if all == self.legs.len() => Share::All,
            _ => Share::Some,
        }
    }

    pub(crate) fn is_about(&self, touchpoint: &TouchpointId) -> bool {
        self.reacted.contains(touchpoint) || self.legs.iter().any(|(one, _)| one == touchpoint)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Share {
    None,
    Some,
    All,
}

/// The stubs, and by what else their conversations are found: four bytes of every id in them. Two
/// ids may have the same four: then a conversation is brought back in vain.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    stubs: Table<Stub>,
    marks: HashTable<(u32, Slot)>,
}

fn mark(id: &Uuid) -> u32 {
    (hash(id) >> 32) as u32
}

fn spread(mark: u32) -> u64 {
    u64::from(mark).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Shelf {
    pub(crate) fn is_empty(&self) -> bool {
        self.stubs.rows().len() == 0
    }

    pub(crate) fn len(&self) -> usize {
        self.stubs.rows().len()
    }

    pub(crate) fn get(&self, id: &ConversationId) -> Option<&Stub> {
        self.stubs.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &ConversationId) -> Option<&mut Stub> {
        self.stubs.get_mut(id)
    }

    pub(crate) fn slot(&self, id: &ConversationId) -> Option<Slot> {
        self.stubs.slot(id)
    }

    pub(crate) fn stub(&self, slot: Slot) -> &Stub {
        &self.stubs[slot]
    }

    pub(crate) fn stubs(&self) -> impl Iterator<Item = &Stub> {
        self.stubs.rows().iter().map(|(_, stub)| stub)
    }

    /// Those in which something may have this id.
    pub(crate) fn holding(&self, id: &Uuid) -> impl Iterator<Item = ConversationId> {
        self.marked(mark(id))
    }

    fn marked(&self, mark: u32) -> impl Iterator<Item = ConversationId> {
        let found = self.marks.iter_hash(spread(mark));
        found.filter(move |(one, _)| *one == mark).map(|(_, slot)| self.stubs[*slot].id)
    }

    /// Puts a stub where it is found by these ids.
    pub(crate) fn put<'a>(&mut self, stub: Stub, ids: impl IntoIterator<Item = &'a Uuid>) -> Slot {
        self.put_marked(stub, ids.into_iter().map(mark))
    }

    pub(crate) fn put_marked(&mut self, stub: Stub, marks: impl IntoIterator<Item = u32>) -> Slot {
        let slot = self.stubs.insert(stub);
        for mark in marks {
            self.marks.insert_unique(spread(mark), (mark, slot), |(mark, _)| spread(*mark));
        }
        slot
    }

    /// Takes a stub away again, and all by which it was found.
    pub(crate) fn take<'a>(
        &mut self,
        id: &ConversationId,
        ids: impl IntoIterator<Item = &'a Uuid>,
    ) -> Option<(Slot, Stub)> {
        let slot = self.stubs.slot(id)?;
        for mark in ids.into_iter().map(mark) {
            if let Ok(entry) = self.marks.find_entry(spread(mark), |it| *it == (mark, slot)) {
                let _ = entry.remove();
            }
        }
        Some((slot, self.stubs.remove(slot)?))
    }

    /// Takes a stub away of which nobody knows any more by what it was found.
    pub(crate) fn give_up(&mut self, id: &ConversationId) -> Option<(Slot, Stub)> {
        let slot = self.stubs.slot(id)?;
        self.marks.retain(|(_, of)| *of != slot);
        Some((slot, self.stubs.remove(slot)?))
    }

    /// All there is, by id.
    pub(crate) fn to_data(&self) -> Vec<(Stub, Vec<u32>)> {
        let mut marks: Vec<(Slot, u32)> =
            self.marks.iter().map(|(mark, slot)| (*slot, *mark)).collect();
        marks.sort_unstable();
        let of = |slot: Slot| {
            let first = marks.partition_point(|(one, _)| *one < slot);
            marks[first..].iter().take_while(move |(one, _)| *one == slot).map(|(_, mark)| *mark)
        };
        let rows = self.stubs.rows().iter();
        let mut all: Vec<_> = rows.map(|(slot, stub)| (stub.clone(), of(slot).collect())).collect();
        all.sort_unstable_by_key(|(stub, _)| stub.id);
        all
    }
}

/// A conversation that is here, or what stays of one that is not.
#[derive(Clone, Copy)]
pub(crate) enum Held<'a> {
    Here(&'a Conversation),
    Evicted(&'a Stub),
}

impl Held<'_> {
    pub(crate) fn id(&self) -> ConversationId {
        match self {
            Self::Here(known) => known.id,
            Self::Evicted(stub) => stub.id,
        }
    }

    pub(crate) fn began(&self) -> (DateTime<Utc>, ConversationId) {
        match self {
            Self::Here(known) => (known.opened_at, known.id),
            Self::Evicted(stub) => stub.began(),
        }
    }
}
