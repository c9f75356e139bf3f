use super::pack::Packed;
use super::rows::Slot;
use super::shelf::Shelf;
use super::{Conversation, Conversations, Deadline};
use crate::{Actor, Status};
use chrono::{DateTime, Utc};
use kontak_types::{ConversationId, CustomerId};

impl Conversations {
    /// Whether a message may change a deadline.
    pub(super) fn has_schedules(&self) -> bool {
        !self.policy.sla.targets.is_empty() || !self.policy.retention.days.is_empty()
    }

    /// Whether a message at the end only says more of what nobody has answered: then no deadline
    /// changes, however much a customer writes.
    pub(super) fn goes_on(&self, id: ConversationId, before: Slot, said: Slot) -> bool {
        let theirs = |slot| {
            let said = self.messages.said(slot)?;
            matches!(said.author, Actor::Customer(_)).then_some(said.at)
        };
        let Some(known) = self.conversation(id).filter(|known| known.status.is_active()) else {
            return false;
        };
        let Some((before, at)) = theirs(before).zip(theirs(said)) else { return false };
        known.messages.last() == Some(&said)
            && known.episode_at(before) == known.episode_at(at)
            && self.policy.sla.targets.iter().all(|target| target.languages.is_empty())
    }

    /// Other rules are in force.
    pub(super) fn reschedule_all(&mut self) {
        let ids: Vec<ConversationId> =
            self.conversations.rows().iter().map(|(_, known)| known.id).collect();
        ids.into_iter().for_each(|id| self.reschedule(id));
        let evicted = self.shelf.slots();
        self.shelf_deadlines =
            evicted.filter_map(|slot| Some((self.retention_on(slot)?, slot))).collect();
    }

    /// Changes what is evicted of these customers: the first of it whose retention ends is the one
    /// deadline that a customer has for all of it.
    pub(super) fn change_shelf<T>(
        &mut self,
        customers: &[CustomerId],
        change: impl FnOnce(&mut Shelf) -> T,
    ) -> T {
        if self.policy.retention.days.is_empty() {
            return change(&mut self.shelf);
        }
        let due = |state: &Self| -> Vec<(DateTime<Utc>, Slot)> {
            let slots = customers.iter().filter_map(|customer| state.shelf.slot_of(*customer));
            slots.filter_map(|slot| Some((state.retention_on(slot)?, slot))).collect()
        };
        for before in due(self) {
            self.shelf_deadlines.remove(&before);
        }
        let changed = change(&mut self.shelf);
        let now = due(self);
        self.shelf_deadlines.extend(now);
        changed
    }

    fn retention_on(&self, slot: Slot) -> Option<DateTime<Utc>> {
        self.shelf.on(slot).filter_map(|stub| self.retentions_of(stub).min()).min()
    }

    /// The evicted conversations whose retention ends by then.
    pub(crate) fn evicted_due(&self, by: DateTime<Utc>) -> impl Iterator<Item = ConversationId> {
        let due = self.shelf_deadlines.iter().take_while(move |(at, _)| *at <= by);
        let stubs = due.flat_map(|(_, slot)| self.shelf.on(*slot));
        stubs.filter(move |stub| self.retentions_of(*stub).any(|at| at <= by)).map(Packed::id)
    }

    /// Something happened to a conversation: its deadlines may be others.
    pub(super) fn reschedule(&mut self, id: ConversationId) {
        let here = |known: &&Conversation| known.absorbed().is_none();
        let known = self.conversation(id).filter(here);
        let snooze = known.and_then(|known| match known.status {
            Status::Snoozed { until } => Some(until),
            _ => None,
        });
        let known = known.filter(|_| self.has_schedules());
        let sla = known.and_then(|known| self.policy.sla.next_record(self, known));
        let retention = known.and_then(|known| self.retentions(known).map(|(at, _)| at).min());
        self.plan(Deadline::Snooze(id), snooze);
        self.plan(Deadline::Sla(id), sla);
        self.plan(Deadline::Retention(id), retention);
    }

    pub(super) fn is_planned(&self, deadline: Deadline) -> bool {
        self.computed.contains_key(&deadline)
    }

    pub(super) fn plan(&mut self, deadline: Deadline, at: Option<DateTime<Utc>>) {
        let before = match at {
            Some(at) => self.computed.insert(deadline, at),
            None => self.computed.remove(&deadline),
        };
        if before == at {
            return;
        }
        if let Some(before) = before {
            self.deadlines.remove(&(before, deadline));
        }
        if let Some(at) = at {
            self.deadlines.insert((at, deadline));
        }
    }
}
