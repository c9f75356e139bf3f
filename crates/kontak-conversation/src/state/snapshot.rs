//! The whole state as data, and back.

use super::rows::Slot;
use super::shelf::Shelf;
use super::stub::Stub;
use super::table::{Identified, Table};
use super::{Conversation, Conversations, Deadline};
use crate::relation::Changes;
use crate::retention::Classes;
use crate::{
    Case, Commitment, CommitmentState, Handover, Leg, LegId, LinkKind, Message, NativeId,
    PlacementReason, Policy, StatedPreference,
};
use kontak_types::{ConversationId, MessageId, TouchpointId};
use serde::ser::{SerializeSeq as _, SerializeStruct as _};
use serde::{Deserialize, Serialize};

/// Everything that the events so far have led to. Equal states have equal snapshots, byte for byte.
/// Holds personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    version: u16,
    policy: Policy,
    /// By id.
    conversations: Vec<Conversation>,
    /// In the order in which they came, and how many came before each.
    legs: Vec<(u32, Leg)>,
    seats: u32,
    /// By id: facts come in any order.
    messages: Vec<(MessageId, Record)>,
    commitments: Vec<Commitment>,
    handovers: Vec<Handover>,
    waiting: Vec<(NativeId, Changes)>,
    cases: Vec<Case>,
    links: Vec<(ConversationId, ConversationId, LinkKind)>,
    preferences: Vec<(TouchpointId, Vec<StatedPreference>)>,
    erased: Vec<TouchpointId>,
    /// What stays of those that are evicted, by customer; they themselves are elsewhere.
    shelf: Vec<Stub>,
    /// What they are found by.
    marks: Vec<(u32, u32)>,
}

/// What is known of one message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    masked: Classes,
    pub(super) said: Option<Box<Message>>,
    place: Option<(LegId, Option<PlacementReason>)>,
    pub(super) changes: Option<Box<Changes>>,
}

const VERSION: u16 = 3;

fn rows<T: Identified>(table: &Table<T>) -> impl Iterator<Item = &T> {
    table.rows().iter().map(|(_, row)| row)
}

impl Conversations {
    /// The whole state as data.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            version: VERSION,
            policy: self.policy.clone(),
            conversations: self.conversations_in_order().collect(),
            legs: self.legs_in_order(),
            seats: self.seats,
            messages: self.records_in_order().collect(),
            commitments: self.commitments.values().cloned().collect(),
            handovers: self.handovers.values().cloned().collect(),
            waiting: self
                .waiting
                .iter()
                .map(|(native, changes)| (*native, changes.clone()))
                .collect(),
            cases: self.cases.values().cloned().collect(),
            links: self.links.iter().copied().collect(),
            preferences: self.preferences.iter().map(|(id, all)| (*id, all.clone())).collect(),
            erased: self.erased.iter().copied().collect(),
            shelf: self.shelf.to_data().collect(),
            marks: self.shelf.marks().collect(),
        }
    }

    /// What [`snapshot`](Self::snapshot) gives, made as it is serialized: to the same bytes, without a
    /// second copy of all in memory.
    pub fn snapshot_view(&self) -> impl Serialize + '_ {
        SnapshotView(self)
    }

    fn conversations_in_order(&self) -> impl ExactSizeIterator<Item = Conversation> {
        let mut known: Vec<&Conversation> = rows(&self.conversations).collect();
        known.sort_unstable_by_key(|known| known.id);
        known.into_iter().map(Conversation::without_slots)
    }

    fn legs_in_order(&self) -> Vec<(u32, Leg)> {
        let mut legs: Vec<(u32, Leg)> =
            rows(&self.legs).map(|row| (row.nth, row.leg.clone())).collect();
        legs.sort_unstable_by_key(|(nth, _)| *nth);
        legs
    }

    fn records_in_order(&self) -> impl ExactSizeIterator<Item = (MessageId, Record)> {
        let records = self.messages.slots();
        let mut slots: Vec<(MessageId, Slot)> =
            records.map(|(slot, record)| (record.id, slot)).collect();
        slots.sort_unstable_by_key(|(id, _)| *id);
        slots.into_iter().map(|(id, slot)| (id, self.record(slot)))
    }

    /// The state that a snapshot was taken of.
    ///
    /// # Errors
    /// If a later release wrote it: then it is given back.
    pub fn restore(snapshot: Snapshot) -> Result<Self, RestoreError> {
        if snapshot.version != VERSION {
            return Err(RestoreError { found: snapshot.version });
        }
        let mut state = Self {
            policy: snapshot.policy,
            commitments: snapshot.commitments.into_iter().map(|one| (one.id, one)).collect(),
            handovers: snapshot.handovers.into_iter().map(|one| (one.id, one)).collect(),
            waiting: snapshot.waiting.into_iter().collect(),
            cases: snapshot.cases.into_iter().map(|case| (case.id, case)).collect(),
            links: snapshot.links.into_iter().collect(),
            preferences: snapshot.preferences.into_iter().collect(),
            erased: snapshot.erased.into_iter().collect(),
            seats: snapshot.seats,
            ..Self::default()
        };
        for conversation in snapshot.conversations {
            let customer = conversation.customer;
            let slot = state.conversations.insert(conversation);
            state.opened_for(customer, slot);
            state.closed_for(customer);
        }
        for (nth, leg) in snapshot.legs {
            state.seat(leg, nth);
        }
        state.shelf = Shelf::from_data(&snapshot.shelf, &snapshot.marks);
        for (id, record) in snapshot.messages {
            state.take(id, record);
        }
        for promise in state.commitments.values() {
            if promise.state == CommitmentState::Open {
                state.deadlines.insert((promise.due, Deadline::Commitment(promise.id)));
            }
        }
        state.reschedule_all();
        Ok(state)
    }

    pub(super) fn record(&self, slot: Slot) -> Record {
        let view = self.messages.record(slot);
        let changes = self.messages.all_changes(slot);
        Record {
            masked: self.messages.masked(slot),
            said: self.messages.said(slot).map(|said| Box::new(said.into())),
            place: view.leg.map(|leg| (self.legs[leg].id, view.reason)),
            changes: (!changes.is_empty()).then(|| Box::new(changes)),
        }
    }

    pub(super) fn take(&mut self, id: MessageId, record: Record) {
        if record.masked != Classes::NONE {
            self.messages.mask(id, record.masked);
        }
        let said = record.said.and_then(|said| self.messages.say(&said));
        if let Some((slot, changes)) = said.zip(record.changes) {
            self.messages.change(slot, *changes);
        }
        if let Some((leg, reason)) = record.place
            && let Some(leg) = self.legs.slot(&leg)
        {
            let slot = self.messages.place(id, leg, reason);
            self.enlist(slot);
        }
    }
}

/// A [`Snapshot`] that is made as it is written.
struct SnapshotView<'a>(&'a Conversations);

impl Serialize for SnapshotView<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(state) = self;
        let mut written = serializer.serialize_struct("Snapshot", 15)?;
        written.serialize_field("version", &VERSION)?;
        written.serialize_field("policy", &state.policy)?;
        written.serialize_field("conversations", &Each(|| state.conversations_in_order()))?;
        written.serialize_field("legs", &state.legs_in_order())?;
        written.serialize_field("seats", &state.seats)?;
        written.serialize_field("messages", &Each(|| state.records_in_order()))?;
        written.serialize_field("commitments", &Each(|| state.commitments.values()))?;
        written.serialize_field("handovers", &Each(|| state.handovers.values()))?;
        written.serialize_field("waiting", &Each(|| state.waiting.iter()))?;
        written.serialize_field("cases", &Each(|| state.cases.values()))?;
        written.serialize_field("links", &Each(|| state.links.iter()))?;
        written.serialize_field("preferences", &Each(|| state.preferences.iter()))?;
        written.serialize_field("erased", &Each(|| state.erased.iter()))?;
        let shelf = &state.shelf;
        written.serialize_field("shelf", &Counted(shelf.len(), || shelf.to_data()))?;
        written.serialize_field("marks", &Counted(shelf.marks_len(), || shelf.marks()))?;
        written.end()
    }
}

struct Each<F>(F);

impl<F: Fn() -> I, I: ExactSizeIterator<Item: Serialize>> Serialize for Each<F> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// What does not know itself how many it is.
struct Counted<F>(usize, F);

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for Counted<F> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut written = serializer.serialize_seq(Some(self.0))?;
        for one in (self.1)() {
            written.serialize_element(&one)?;
        }
        written.end()
    }
}

/// A later release wrote the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the snapshot has version {found}; this release reads version {VERSION}")]
pub struct RestoreError {
    found: u16,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("version", &self.version)
            .field("conversations", &self.conversations.len())
            .field("messages", &self.messages.len())
            .finish_non_exhaustive()
    }
}
