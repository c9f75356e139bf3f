//! The whole state as data, and back.

use super::rows::Slot;
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
    /// What stays of those that are evicted, by id; they themselves are elsewhere.
    shelf: Vec<(Stub, Vec<u32>)>,
}

/// What is known of one message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    masked: Classes,
    pub(super) said: Option<Box<Message>>,
    place: Option<(LegId, Option<PlacementReason>)>,
    pub(super) changes: Option<Box<Changes>>,
}

const VERSION: u16 = 2;

fn rows<T: Identified>(table: &Table<T>) -> impl Iterator<Item = &T> {
    table.rows().iter().map(|(_, row)| row)
}

impl Conversations {
    /// The whole state as data.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let records = self.messages.slots();
        let mut messages: Vec<(MessageId, Record)> =
            records.map(|(slot, record)| (record.id, self.record(slot))).collect();
        messages.sort_unstable_by_key(|(id, _)| *id);
        let mut conversations: Vec<Conversation> =
            rows(&self.conversations).map(Conversation::without_slots).collect();
        conversations.sort_unstable_by_key(|known| known.id);
        let mut legs: Vec<(u32, Leg)> =
            rows(&self.legs).map(|row| (row.nth, row.leg.clone())).collect();
        legs.sort_unstable_by_key(|(nth, _)| *nth);
        Snapshot {
            version: VERSION,
            policy: self.policy.clone(),
            conversations,
            legs,
            seats: self.seats,
            messages,
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
            shelf: self.shelf.to_data(),
        }
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
        for (stub, marks) in snapshot.shelf {
            state.shelf.put_marked(&stub, marks);
        }
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
