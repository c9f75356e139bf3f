//! What follows from the events so far.

mod annotate;
mod apply;
mod brief;
mod bytes;
mod conversation;
mod customer;
mod erasure;
mod evict;
mod facets;
mod marks;
mod messages;
mod names;
mod obligation;
mod pack;
mod rearrange;
mod retell;
mod rows;
mod schedule;
mod scrub;
mod shelf;
mod snapshot;
mod stub;
mod table;
mod view;
mod voices;

pub use conversation::Conversation;
pub use evict::{BringBackError, Evicted};
pub(crate) use pack::Packed;
pub(crate) use rows::Slot;
pub use snapshot::{RestoreError, Snapshot};
pub(crate) use stub::{Held, Share};
pub use view::{MessageView, Said};

use crate::relation::Changes;
use crate::{
    Case, Commitment, CommitmentId, Handover, HandoverId, Leg, LegId, LinkKind, NativeId, Policy,
    StatedPreference,
};
use chrono::{DateTime, Utc};
use customer::Customer;
use hashbrown::HashMap;
use kontak_types::uuid::Uuid;
use kontak_types::{CaseId, ConversationId, MessageId, TouchpointId};
use messages::Messages;
use shelf::Shelf;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use table::{Identified, Table};

/// All conversations of one tenant.
///
/// Built by [`apply`](Self::apply) from events and nothing else; [`decide`](Self::decide) makes new
/// ones from commands. It reads no clock and makes no ids.
#[derive(Clone, Debug, Default)]
pub struct Conversations {
    pub(crate) policy: Policy,
    pub(crate) conversations: Table<Conversation>,
    pub(crate) legs: Table<Seated>,
    /// How many legs there ever were.
    seats: u32,
    pub(crate) messages: Messages,
    pub(crate) customers: Table<Customer>,
    pub(crate) shelf: Shelf,
    /// The last leg of every thread of a channel.
    pub(crate) threads: HashMap<NativeId, Slot>,
    pub(crate) commitments: BTreeMap<CommitmentId, Commitment>,
    pub(crate) handovers: BTreeMap<HandoverId, Handover>,
    /// What was reported of messages that nobody has seen.
    pub(crate) waiting: BTreeMap<NativeId, Changes>,
    pub(crate) cases: BTreeMap<CaseId, Case>,
    /// Both ways round.
    pub(crate) links: BTreeSet<(ConversationId, ConversationId, LinkKind)>,
    pub(crate) preferences: BTreeMap<TouchpointId, Vec<StatedPreference>>,
    pub(crate) erased: BTreeSet<TouchpointId>,
    pub(crate) deadlines: BTreeSet<(DateTime<Utc>, Deadline)>,
    /// Where deadlines stand that are computed.
    computed: BTreeMap<Deadline, DateTime<Utc>>,
    /// When a retention first ends of what is evicted, by customer.
    shelf_deadlines: BTreeSet<(DateTime<Utc>, Slot)>,
}

/// What happens when a time comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deadline {
    Commitment(CommitmentId),
    Snooze(ConversationId),
    Sla(ConversationId),
    Retention(ConversationId),
}

/// A leg, and how many came before it.
#[derive(Clone, Debug)]
pub(crate) struct Seated {
    leg: Leg,
    nth: u32,
}

impl Identified for Seated {
    type Id = LegId;

    const UUID: fn(&LegId) -> &Uuid = LegId::as_uuid;

    fn id(&self) -> LegId {
        self.leg.id
    }
}

impl Deref for Seated {
    type Target = Leg;

    fn deref(&self) -> &Leg {
        &self.leg
    }
}

impl Conversations {
    /// No conversations, and the default policy.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The rules in force.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// A conversation.
    #[must_use]
    pub fn conversation(&self, id: ConversationId) -> Option<&Conversation> {
        self.conversations.get(&id)
    }

    /// All that somebody still has to do something with, in no order; without those that were merged
    /// into another one. None of them is ever [evicted](Self::evict).
    ///
    /// Complexity: O(conversations that are here).
    pub fn active(&self) -> impl Iterator<Item = &Conversation> {
        let known = self.conversations.rows().iter().map(|(_, known)| known);
        known.filter(|known| known.status.is_active() && known.absorbed().is_none())
    }

    /// Whether all who were on a conversation's legs are erased: nobody is left to be answered.
    #[must_use]
    pub fn is_deserted(&self, id: ConversationId) -> bool {
        self.legs(id).all(|leg| self.erased.contains(&leg.touchpoint))
    }

    /// The legs of a conversation, in the order in which they came.
    pub fn legs(&self, id: ConversationId) -> impl ExactSizeIterator<Item = &Leg> {
        let slots = self.conversations.get(&id).map_or(&[][..], |one| &one.legs);
        slots.iter().map(|slot| &*self.legs[*slot])
    }

    pub(crate) fn leg_ids(&self, id: ConversationId) -> Vec<LegId> {
        self.legs(id).map(|leg| leg.id).collect()
    }

    /// A leg.
    #[must_use]
    pub fn leg(&self, id: LegId) -> Option<&Leg> {
        self.legs.get(&id).map(Deref::deref)
    }

    /// A promise.
    #[must_use]
    pub fn commitment(&self, id: CommitmentId) -> Option<&Commitment> {
        self.commitments.get(&id)
    }

    /// The promises of a conversation, in the order in which they were made.
    pub fn commitments(&self, id: ConversationId) -> impl Iterator<Item = &Commitment> {
        let ids = self.conversations.get(&id).map_or(&[][..], |one| &one.commitments);
        ids.iter().filter_map(|id| self.commitments.get(id))
    }

    /// A handover.
    #[must_use]
    pub fn handover(&self, id: HandoverId) -> Option<&Handover> {
        self.handovers.get(&id)
    }

    /// Where all that was said in a conversation is now: there, or where it was merged into.
    #[must_use]
    pub fn home(&self, mut id: ConversationId) -> ConversationId {
        while let Some(absorbed) = self.conversation(id).and_then(Conversation::absorbed) {
            id = absorbed.into;
        }
        id
    }

    /// Where a message stands.
    pub(crate) fn home_of(&self, message: MessageId) -> Option<ConversationId> {
        let leg = self.messages.record(self.messages.slot(message)?).leg?;
        Some(self.legs[leg].conversation)
    }

    /// Of how many messages that nobody has seen something was reported. It waits for them.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// When [`handle_timeout`](Self::handle_timeout) is next due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        let here = self.deadlines.first().map(|(at, _)| *at);
        let evicted = self.shelf_deadlines.first().map(|(at, _)| *at);
        here.into_iter().chain(evicted).min()
    }
}
