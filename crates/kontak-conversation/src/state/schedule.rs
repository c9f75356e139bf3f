use super::rows::Slot;
use super::{Conversation, Conversations, Deadline};
use crate::{Actor, Status};
use chrono::{DateTime, Utc};
use kontak_types::ConversationId;

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
        let evicted: Vec<ConversationId> = self.shelf.stubs().map(|stub| stub.id).collect();
        evicted.into_iter().for_each(|id| self.reschedule(id));
        ids.into_iter().for_each(|id| self.reschedule(id));
    }

    /// Something happened to a conversation: its deadlines may be others.
    pub(super) fn reschedule(&mut self, id: ConversationId) {
        if let Some(stub) = self.shelf.get(&id) {
            let retention = self.retentions_of(stub).min();
            return self.plan(Deadline::Retention(id), retention);
        }
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

    fn plan(&mut self, deadline: Deadline, at: Option<DateTime<Utc>>) {
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
