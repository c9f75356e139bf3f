//! The messages of a tenant: 56 bytes each, and beside them what was said.

use super::rows::{Rows, Slot};
use super::table::{Identified, SlotIndex, Table};
use super::voices::Voices;
use crate::relation::Changes;
use crate::retention::Classes;
use crate::{Delivery, DeliveryStatus, Message, MessageChange, NativeId, PlacementReason, Said};
use chrono::{DateTime, Utc};
use kontak_content::Content;
use kontak_types::uuid::Uuid;
use kontak_types::{MessageId, TouchpointId};
use std::collections::BTreeSet;

/// What is known of every message. The fact and its place come in any order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Messages {
    records: Table<Record>,
    /// What was said, in the slot of its record: text is apart from all that is looked at to count,
    /// to time and to place.
    contents: Rows<Content>,
    by_native: SlotIndex,
    voices: Voices,
    rare: Rows<Rare>,
    /// Those that have a place and were not said.
    unsaid: BTreeSet<Slot>,
}

#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) id: MessageId,
    native: Option<NativeId>,
    /// In microseconds since 1970.
    at: i64,
    /// Nothing until it is said.
    voice: Option<Slot>,
    /// Nothing until it is placed.
    pub(crate) leg: Option<Slot>,
    pub(crate) reason: Option<PlacementReason>,
    /// The delivery, if its attempt fits; else it stands with what is rare.
    attempt: u8,
    status: Option<DeliveryStatus>,
    rare: Option<Slot>,
}

/// What most messages do not have.
#[derive(Clone, Debug, Default)]
struct Rare {
    answers: Option<NativeId>,
    /// What was taken out of it, or shall be when it comes.
    masked: Classes,
    changes: Changes,
}

impl Identified for Record {
    type Id = MessageId;

    const UUID: fn(&MessageId) -> &Uuid = MessageId::as_uuid;

    fn id(&self) -> MessageId {
        self.id
    }
}

impl Record {
    const fn new(id: MessageId) -> Self {
        Self {
            id,
            native: None,
            at: 0,
            voice: None,
            leg: None,
            reason: None,
            attempt: 0,
            status: None,
            rare: None,
        }
    }

    pub(crate) const fn is_said(&self) -> bool {
        self.voice.is_some()
    }

    pub(crate) fn at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.at).unwrap_or_default()
    }

    /// What messages of a conversation are in order of.
    pub(crate) const fn order(&self) -> (i64, MessageId) {
        (self.at, self.id)
    }
}

impl Messages {
    pub(crate) fn slot(&self, id: MessageId) -> Option<Slot> {
        self.records.slot(&id)
    }

    pub(crate) fn record(&self, slot: Slot) -> &Record {
        &self.records[slot]
    }

    pub(crate) fn named(&self, native: NativeId) -> Option<Slot> {
        let is = |slot| self.records[slot].native == Some(native);
        self.by_native.find(native.as_uuid(), is)
    }

    pub(crate) fn slots(&self) -> impl Iterator<Item = (Slot, &Record)> {
        self.records.rows().iter()
    }

    fn slot_or_new(&mut self, id: MessageId) -> Slot {
        self.records.slot(&id).unwrap_or_else(|| {
            self.contents.push(Content::default());
            self.records.insert(Record::new(id))
        })
    }

    /// Takes the fact in; nothing where it is known, under its own id or the channel's name.
    pub(crate) fn say(&mut self, message: &Message) -> Option<Slot> {
        if message.native.is_some_and(|native| self.named(native).is_some()) {
            return None;
        }
        let slot = self.slot_or_new(message.id);
        if self.records[slot].is_said() {
            return None;
        }
        let voice = self.voices.hear(&message.author, message.language.as_ref());
        let record = &mut self.records[slot];
        record.native = message.native;
        record.at = message.at.timestamp_micros();
        record.voice = Some(voice);
        self.unsaid.remove(&slot);
        self.contents[slot] = message.content.clone();
        let masked = self.masked(slot);
        masked.mask(&mut self.contents[slot]);
        if message.answers.is_some() {
            self.rare_mut(slot).answers = message.answers;
        }
        if message.native.is_some() {
            let native = |record: &Record| record.native.map(|native| *native.as_uuid());
            self.by_native.insert(slot, self.records.rows(), native);
        }
        Some(slot)
    }

    pub(crate) fn place(
        &mut self,
        id: MessageId,
        leg: Slot,
        reason: Option<PlacementReason>,
    ) -> Slot {
        let slot = self.slot_or_new(id);
        let record = &mut self.records[slot];
        (record.leg, record.reason) = (Some(leg), reason);
        if !record.is_said() {
            self.unsaid.insert(slot);
        }
        slot
    }

    /// Those that have a place on one of these legs and were not said.
    pub(crate) fn unsaid_on(&self, legs: &[Slot]) -> impl Iterator<Item = Slot> {
        let on = |slot: &&Slot| self.records[**slot].leg.is_some_and(|leg| legs.contains(&leg));
        self.unsaid.iter().filter(on).copied()
    }

    /// Lets go of a message.
    pub(crate) fn remove(&mut self, slot: Slot) {
        let Some(record) = self.records.remove(slot) else { return };
        self.contents.remove(slot);
        self.unsaid.remove(&slot);
        if let Some(native) = record.native {
            let of = |record: &Record| record.native.map(|native| *native.as_uuid());
            self.by_native.remove(native.as_uuid(), slot, self.records.rows(), of);
        }
        record.voice.into_iter().for_each(|voice| self.voices.forget(voice));
        record.rare.and_then(|rare| self.rare.remove(rare));
    }

    pub(crate) fn relate(&mut self, slot: Slot, at: DateTime<Utc>, change: &MessageChange) {
        match change {
            MessageChange::Delivered(delivery) => self.deliver(slot, *delivery),
            change => {
                let rare = self.rare_mut(slot);
                rare.changes.join(at, change);
                rare.changes.mask(rare.masked);
            }
        }
    }

    /// Takes what is of these classes out of a message, also if it is still to come.
    pub(crate) fn mask(&mut self, id: MessageId, classes: Classes) {
        let slot = self.slot_or_new(id);
        classes.mask(&mut self.contents[slot]);
        let rare = self.rare_mut(slot);
        rare.masked = rare.masked.union(classes);
        rare.changes.mask(rare.masked);
    }

    pub(crate) fn masked(&self, slot: Slot) -> Classes {
        self.rare(slot).map_or(Classes::NONE, |rare| rare.masked)
    }

    /// Forgets how these accounts reacted.
    pub(crate) fn drop_reactions(&mut self, touchpoints: &BTreeSet<TouchpointId>) {
        for rare in self.rare.iter_mut() {
            rare.changes.drop_reactions(touchpoints);
        }
    }

    pub(crate) fn move_to(&mut self, slot: Slot, leg: Slot) {
        self.records[slot].leg = Some(leg);
    }

    /// All that was reported of a message before it came.
    pub(crate) fn change(&mut self, slot: Slot, mut changes: Changes) {
        let delivery = changes.take_delivery();
        if !changes.is_empty() {
            let rare = self.rare_mut(slot);
            changes.mask(rare.masked);
            rare.changes = changes;
        }
        if let Some(delivery) = delivery {
            self.deliver(slot, delivery);
        }
    }

    fn deliver(&mut self, slot: Slot, delivery: Delivery) {
        let Ok(attempt) = u8::try_from(delivery.attempt) else {
            let change = MessageChange::Delivered(delivery);
            return self.rare_mut(slot).changes.join(DateTime::UNIX_EPOCH, &change);
        };
        let record = &mut self.records[slot];
        (record.attempt, record.status) =
            (record.attempt, record.status).max((attempt, Some(delivery.status)));
    }

    fn rare_mut(&mut self, slot: Slot) -> &mut Rare {
        let rare = &mut self.records[slot].rare;
        let rare = *rare.get_or_insert_with(|| self.rare.push(Rare::default()));
        &mut self.rare[rare]
    }

    fn rare(&self, slot: Slot) -> Option<&Rare> {
        self.records[slot].rare.map(|rare| &self.rare[rare])
    }

    /// What was said, if it was.
    pub(crate) fn said(&self, slot: Slot) -> Option<Said<'_>> {
        let record = &self.records[slot];
        let (author, language) = self.voices.voice(record.voice?);
        Some(Said {
            id: record.id,
            native: record.native,
            author,
            at: record.at(),
            answers: self.rare(slot).and_then(|rare| rare.answers),
            language,
            content: &self.contents[slot],
        })
    }

    pub(crate) fn delivery(&self, slot: Slot) -> Option<Delivery> {
        let record = &self.records[slot];
        let usual = || Some(Delivery::new(record.attempt.into(), record.status?));
        // An attempt that does not fit is a later one than any that does.
        self.rare(slot).and_then(|rare| rare.changes.delivery()).or_else(usual)
    }

    /// All that was reported of it, as it is joined.
    pub(crate) fn all_changes(&self, slot: Slot) -> Changes {
        let mut changes = self.changes(slot).cloned().unwrap_or_default();
        if let Some(delivery) = self.delivery(slot) {
            changes.join(DateTime::UNIX_EPOCH, &MessageChange::Delivered(delivery));
        }
        changes
    }

    /// All that was reported of it but its delivery.
    pub(crate) fn changes(&self, slot: Slot) -> Option<&Changes> {
        self.rare(slot).map(|rare| &rare.changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_small() {
        assert_eq!(size_of::<Option<Record>>(), 56);
        assert_eq!(size_of::<Option<Rare>>(), 64);
        assert_eq!(size_of::<Option<Content>>(), size_of::<Content>());
    }
}
