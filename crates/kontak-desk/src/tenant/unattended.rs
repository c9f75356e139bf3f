//! Conversations that wait for us, and that nobody is asked to look at.

use super::measure::conversation;
use super::route::item;
use super::{ActionError, Notice, Step, Tenant};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_content::Call;
use kontak_conversation::{Actor, Command, Conversation, EventBody, Status};
use kontak_routing::{Choice, Decision, Entry, Input, Leaving, Refusal, TurnedAway, WorkItem};
use kontak_types::{ConversationId, CustomerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A conversation that is ours to go on with, that nobody has, and that nobody is asked to take.
///
/// It can be [given](Tenant::assign_by) to somebody, [called back](Tenant::call_back), answered or
/// resolved; and when the customer comes again it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unattended {
    /// Which.
    pub conversation: ConversationId,
    /// With whom.
    pub customer: CustomerId,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why nobody is asked.
    pub why: WhyUnattended,
}

/// Why nobody is asked to look at a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WhyUnattended {
    /// The customer gave up before anybody took it.
    Abandoned,
    /// Too many wait in its queue.
    QueueFull,
    /// Its queue is closed, and turns away who comes then.
    QueueClosed,
    /// No route leads to a queue for it, or it never asked for anybody: a call of ours, for instance.
    NotRouted,
}

/// Contacts that ended before anybody took them, and have not come again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Departures(BTreeMap<ConversationId, (DateTime<Utc>, WhyUnattended)>);

impl Departures {
    /// What routing was told and decided.
    pub(super) fn of_routing(&mut self, entry: &Entry, decisions: &[Decision]) {
        if let Input::Arrive(work) | Input::Give { work, .. } = &entry.input {
            self.0.remove(&conversation(work.id));
        }
        for decision in decisions {
            let (item, why) = match decision {
                Decision::Ended { item, how: Some(Leaving::Abandoned), .. } => {
                    (item, WhyUnattended::Abandoned)
                }
                Decision::TurnedAway { item, why: TurnedAway::Full } => {
                    (item, WhyUnattended::QueueFull)
                }
                Decision::TurnedAway { item, .. } => (item, WhyUnattended::QueueClosed),
                _ => continue,
            };
            self.0.insert(conversation(*item), (entry.now, why));
        }
    }

    /// What is done, or went into another one, waits for nobody.
    pub(super) fn of_conversation(&mut self, body: &EventBody) {
        match body {
            EventBody::StatusChanged { conversation, to, .. } if !to.is_active() => {
                self.0.remove(conversation);
            }
            EventBody::ConversationsMerged { from, .. } => {
                self.0.remove(from);
            }
            _ => {}
        }
    }
}

impl Tenant {
    /// The conversations that wait for us and that nobody is asked to look at, the longest first: calls
    /// that were abandoned, what was turned away, what no route fits. Of all others somebody has
    /// been asked, or it is not our turn.
    ///
    /// Complexity: O(conversations that are here).
    #[must_use]
    pub fn unattended(&self) -> Vec<Unattended> {
        let all = self.conversations.active().filter_map(|known| self.unattended_as(known));
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|one| (one.since, one.conversation));
        all
    }

    fn unattended_as(&self, known: &Conversation) -> Option<Unattended> {
        let is_ours = matches!(known.status, Status::New | Status::Open)
            && known.agent.is_none()
            && self.routing.find(item(known.id)).is_none()
            && !self.conversations.is_deserted(known.id);
        is_ours.then(|| {
            let departed = self.departures.0.get(&known.id).copied();
            let (since, why) = departed.unwrap_or((known.since, WhyUnattended::NotRouted));
            let (conversation, customer) = (known.id, known.customer);
            Unattended { conversation, customer, since, why }
        })
    }

    pub(super) fn notice_unattended(&self, conversation: ConversationId, step: &mut Step<'_>) {
        let known = self.conversations.conversation(conversation);
        if let Some(it) = known.and_then(|known| self.unattended_as(known)) {
            step.work.notices.push(Notice::Unattended { conversation, why: it.why });
        }
    }

    /// A customer gave up waiting: they closed the chat, they left the counter. Who hangs up does so
    /// by the call's own end.
    ///
    /// # Errors
    /// The conversation does not wait for anybody.
    pub fn abandoned(
        &mut self,
        conversation: ConversationId,
        step: &mut Step<'_>,
    ) -> Result<(), ActionError> {
        let conversation = self.conversations.home(conversation);
        let item = item(conversation);
        match self.look(conversation, step).map(|at| at.state) {
            Some(state) if super::route::waits(state) => {}
            Some(state) => return Err(Refusal::State(state).into()),
            None => return Err(Refusal::NoItem.into()),
        }
        self.tell_routing(Input::Leave { item, how: Leaving::Abandoned }, step)?;
        self.notice_unattended(conversation, step);
        Ok(())
    }

    /// The customer is to be called back, and not before that time. Who waits keeps their place, and
    /// may hang up; what nobody was asked to take waits again, in the place of when it was left.
    ///
    /// # Errors
    /// Somebody has the conversation in hand, it is over, or no route leads to a queue for it.
    pub fn call_back(
        &mut self,
        conversation: ConversationId,
        not_before: Option<DateTime<Utc>>,
        step: &mut Step<'_>,
    ) -> Result<(), ActionError> {
        let conversation = self.conversations.home(conversation);
        let item = item(conversation);
        if self.look(conversation, step).is_some() {
            return Ok(self.tell_routing(Input::CallBack { item, not_before }, step)?);
        }
        let contact = self.contact_of_active(conversation, step.now)?;
        match not_before.filter(|until| *until > step.now) {
            Some(until) => {
                let snooze = Command::SetStatus { conversation, to: Status::Snoozed { until } };
                self.decide(&Actor::System, snooze, step)?;
            }
            None => {
                let known = self.conversations.conversation(conversation);
                let since = known.and_then(|known| self.unattended_as(known)?.since.into());
                let since = since.unwrap_or(step.now);
                self.wait_to_be_called(contact, since, step);
            }
        }
        Ok(())
    }

    /// The contact of a conversation that is not over.
    pub(super) fn contact_of_active(
        &self,
        conversation: ConversationId,
        now: DateTime<Utc>,
    ) -> Result<WorkItem, ActionError> {
        let known = self.conversations.conversation(conversation);
        if known.is_none_or(|known| !known.status.is_active()) {
            return Err(Refusal::NoItem.into());
        }
        self.contact(conversation, now).ok_or(ActionError::NotRouted)
    }

    /// A call ended before anybody took it, whose customer has waited since: it waits as the route has
    /// it, or is nobody's.
    pub(super) fn was_given_up(
        &mut self,
        conversation: ConversationId,
        (call, since): (&Call, DateTime<Utc>),
        step: &mut Step<'_>,
    ) {
        let known = self.conversations.conversation(conversation);
        if known.and_then(|known| self.unattended_as(known)).is_none() {
            return;
        }
        let rule = self.route_of(conversation).and_then(|route| route.call_back.clone());
        let waited = call.timeline.ringing().unwrap_or_default();
        match rule {
            Some(rule) if waited >= TimeDelta::seconds(rule.waited_seconds.into()) => {
                let Some(mut contact) = self.contact(conversation, step.now) else { return };
                let queues = &self.routing.centre().queues;
                let queue = rule.queue.and_then(|name| queues.get(&name));
                contact.queue = queue.map_or(contact.queue, |queue| queue.id);
                self.wait_to_be_called(contact, since, step);
            }
            _ => self.notice_unattended(conversation, step),
        }
    }

    /// It waits in the place of who has waited since.
    fn wait_to_be_called(&mut self, contact: WorkItem, since: DateTime<Utc>, step: &mut Step<'_>) {
        let contact = contact.waiting_since(since);
        self.assign(conversation(contact.id), None, Choice::BestAgent, step);
        let _ = self.tell_routing(Input::Arrive(Box::new(contact)), step);
    }
}
