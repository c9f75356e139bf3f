//! Conversations that rest and whose part of the snapshot is lost or damaged.

use super::apply::CustomersChange;
use super::{Notice, Step, Tenant};
use kontak_types::{ConversationId, TouchpointId};
use std::collections::BTreeSet;

impl Tenant {
    /// Goes on without a conversation that is [evicted](Self::evict) and cannot be read any more: to all
    /// that comes it is as if it had never been, while the journal has it still. It is listed, and a
    /// tenant that is replayed from the journal has it again.
    pub fn give_up(&mut self, conversation: ConversationId, step: &mut Step<'_>) {
        if let Some(about) = self.conversations.give_up(conversation) {
            self.unreadable.insert(conversation, about);
            step.work.notices.push(Notice::Unreadable { conversation });
        }
    }

    /// The conversations that were [given up](Self::give_up).
    pub fn unreadable(&self) -> impl Iterator<Item = ConversationId> {
        self.unreadable.keys().copied()
    }

    /// Whether a conversation was [given up](Self::give_up).
    #[must_use]
    pub fn is_unreadable(&self, conversation: ConversationId) -> bool {
        self.unreadable.contains_key(&conversation)
    }

    /// All conversations about these accounts that are not here. Those that were given up are among
    /// them: without them an erasure would not be whole.
    #[must_use]
    pub fn needed_about(&self, touchpoints: &BTreeSet<TouchpointId>) -> Vec<ConversationId> {
        let mut needed = self.conversations.evicted_about(touchpoints);
        let lost = self.unreadable.iter().filter(|(_, about)| !about.is_disjoint(touchpoints));
        needed.extend(lost.map(|(id, _)| *id));
        needed
    }

    /// Where customers part, what was given up would stay with the wrong one.
    pub(super) fn lost_to_part(&self, change: &CustomersChange) -> Vec<ConversationId> {
        let CustomersChange::Parted { touchpoints, .. } = change else { return Vec::new() };
        let concerns =
            |about: &BTreeSet<TouchpointId>| touchpoints.iter().any(|it| about.contains(it));
        let lost = self.unreadable.iter().filter(|(_, about)| concerns(about));
        lost.map(|(id, _)| *id).collect()
    }
}
