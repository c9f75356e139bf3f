//! Letting go of conversations that rest, and what has to be here before a step.

use super::inbound::{Met, Origin, at, source};
use super::people::Known;
use super::route::item;
use super::{Record, Tenant};
use chrono::{DateTime, Utc};
use kontak_channel::{CallStage, Envelope, EnvelopeBody, InboundMessage, MessageAuthor, Receipt};
use kontak_content::Content;
use kontak_conversation::{
    Actor, Command, DeliveryStatus, Evicted, Inbound, LegId, Message, NativeId,
};
use kontak_metrics::Window;
use kontak_types::uuid::Uuid;
use kontak_types::{ConversationId, CustomerId, MessageId, TouchpointId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A conversation that was [evicted](Tenant::evict): all that was in it, and what metrics were told
/// of it. Holds personal data.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Resting {
    conversation: Evicted,
    /// Nothing where metrics have not let go of it.
    measured: Option<Vec<kontak_metrics::Event>>,
}

/// Why a conversation is not brought back. Then nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BringBackError {
    /// What was said.
    #[error(transparent)]
    Conversation(#[from] kontak_conversation::BringBackError),
    /// What metrics were told.
    #[error(transparent)]
    Metrics(#[from] kontak_metrics::BringBackError),
}

impl Resting {
    /// Which.
    #[must_use]
    pub const fn id(&self) -> ConversationId {
        self.conversation.id()
    }

    /// Whom it is about.
    #[must_use]
    pub fn touchpoints(&self) -> BTreeSet<TouchpointId> {
        self.conversation.touchpoints()
    }
}

impl std::fmt::Debug for Resting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resting").field("id", &self.id()).finish_non_exhaustive()
    }
}

/// What a step has to do with: what of it is evicted has to be brought back before.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Touched {
    /// A conversation, or where it was merged into.
    Conversation(ConversationId),
    /// The conversation in which a message is.
    Message(MessageId),
    /// All conversations of a customer: for a journey, a search, an erasure.
    Customer(CustomerId),
    /// What metrics say of a window, where it is not read from cells: who is behind a number, how many different
    /// customers, a window that ends within a cell.
    Window(Window),
    /// Whatever a command is about.
    Command(Box<Command>),
}

impl Tenant {
    /// Those that can be [evicted](Self::evict) and in which nothing has happened since then.
    #[must_use]
    pub fn resting_since(&self, then: DateTime<Utc>) -> Vec<ConversationId> {
        let resting = self.conversations.resting_since(then);
        resting.filter(|id| self.may_be_evicted(*id)).collect()
    }

    /// Nobody serves it, and it is about somebody: what a store keeps of nobody goes with the first
    /// who is erased.
    fn may_be_evicted(&self, id: ConversationId) -> bool {
        self.routing.find(item(id)).is_none() && self.conversations.legs(id).len() > 0
    }

    /// Lets go of a conversation that rests, and of what metrics were told of it; its numbers stay.
    /// Keep what is returned where it can be brought back from. It is no record: a journal leads to
    /// the same tenant, whatever is evicted and when.
    ///
    /// Where anything is evicted, ask before each step what it needs, and bring that back until
    /// nothing is needed any more: [`needed`](Self::needed) before what people do,
    /// [`needed_to_take_in`](Self::needed_to_take_in) between the halves of
    /// [`receive`](Self::receive), [`needed_at`](Self::needed_at) before
    /// [`handle_timeout`](Self::handle_timeout), [`needed_to_apply`](Self::needed_to_apply) before
    /// [`apply`](Self::apply), and after each of them [`needed_to_go_on`](Self::needed_to_go_on).
    /// [`Desk`](crate::Desk) does.
    pub fn evict(&mut self, id: ConversationId) -> Option<Resting> {
        if !self.may_be_evicted(id) {
            return None;
        }
        let conversation = self.conversations.evict(id)?;
        Some(Resting { conversation, measured: self.metrics.evict(id) })
    }

    /// Takes a conversation back: it is as if it had never been away.
    ///
    /// # Errors
    /// Where it is not evicted, or a later release wrote it.
    pub fn bring_back(&mut self, resting: Resting) -> Result<(), BringBackError> {
        let Resting { conversation, measured } = resting;
        let id = conversation.id();
        if let Some(measured) = &measured {
            self.metrics.bring_back(id, measured)?;
        }
        self.conversations.bring_back(conversation).inspect_err(|_| {
            let _ = measured.and_then(|_| self.metrics.evict(id));
        })?;
        Ok(())
    }

    /// The evicted conversations that a step has to do with.
    #[must_use]
    pub fn needed(&mut self, touched: &Touched) -> Vec<ConversationId> {
        if self.conversations.evicted() == 0 && self.unreadable.is_empty() {
            return Vec::new();
        }
        match touched {
            Touched::Conversation(id) => {
                let home = self.conversations.home(*id);
                let is_evicted = self.conversations.is_evicted(home);
                is_evicted.then_some(home).into_iter().collect()
            }
            Touched::Message(message) => {
                let mut needed = self.conversations.needs_of_message(*message);
                needed.extend(self.conversations.needs_of_native(self.own_native(*message)));
                needed.sort_unstable();
                needed.dedup();
                needed
            }
            Touched::Customer(customer) => {
                let accounts = self.members(*customer).unwrap_or_default().into_iter().collect();
                let mut needed = self.needed_about(&accounts);
                needed.extend(self.conversations.evicted_of(*customer));
                needed.extend(self.conversations.needs(&Command::EraseCustomer(*customer)));
                needed.sort_unstable();
                needed.dedup();
                needed
            }
            Touched::Window(window) => {
                let away = self.metrics.evicted_in(window);
                away.filter(|id| !self.unreadable.contains_key(id)).collect()
            }
            Touched::Command(command) => self.conversations.needs(command),
        }
    }

    /// The evicted conversations of which something is due by `now`.
    #[must_use]
    pub fn needed_at(&self, now: DateTime<Utc>) -> Vec<ConversationId> {
        self.conversations.needs_at(now)
    }

    /// The evicted conversations that a record of the journal changes.
    #[must_use]
    pub fn needed_to_apply(&self, record: &Record) -> Vec<ConversationId> {
        match record {
            Record::Conversation(event) => self.conversations.needs_to_apply(event),
            Record::Metrics(event) => {
                let id = event.conversation;
                self.conversations.is_evicted(id).then_some(id).into_iter().collect()
            }
            Record::Identity(_) | Record::Routing(_) | Record::Reach(_) => Vec::new(),
        }
    }

    /// The evicted conversations that [`take_in`](Self::take_in) has to do with.
    #[must_use]
    pub fn needed_to_take_in(
        &mut self,
        (account, envelope): (&str, &Envelope),
        Met(known): Met,
        now: DateTime<Utc>,
    ) -> Vec<ConversationId> {
        if self.conversations.evicted() == 0 {
            return Vec::new();
        }
        let at = at(envelope, now);
        if let EnvelopeBody::Receipt(receipt) = &envelope.body {
            return self.needed_for_receipt(account, receipt, at, known);
        }
        let Some((known, sender)) = known.zip(envelope.sender.as_ref()) else { return Vec::new() };
        let origin = Origin { account, source: &source(account, sender), at };
        match &envelope.body {
            EnvelopeBody::Message(said) => {
                let native = self.native(account, said.id.as_str());
                let mut arrival = self.arrival(origin, known, native, at);
                self.refer(account, said, &mut arrival);
                match said.author {
                    MessageAuthor::Customer => self.needed_for_arrival(arrival),
                    _ => self.conversations.needs_of_native(native),
                }
            }
            EnvelopeBody::Change(change) => {
                let target = self.native(account, change.target().as_str());
                self.conversations.needs_of_native(self.reaches.named(target))
            }
            EnvelopeBody::Call(call) => {
                let native = self.native(account, call.call.as_str());
                let began = match &call.stage {
                    CallStage::Ended { started: Some(started), .. } => *started,
                    _ => at,
                };
                let arrival = self.arrival(origin, known, native, began);
                self.needed_for_arrival(arrival)
            }
            _ => Vec::new(),
        }
    }

    fn needed_for_arrival(&self, arrival: Inbound) -> Vec<ConversationId> {
        self.conversations.needs(&Command::Receive(Box::new(arrival)))
    }

    /// As much of a message that comes in as decides where it goes.
    fn arrival(
        &mut self,
        origin: Origin<'_>,
        known: Known,
        native: NativeId,
        at: DateTime<Utc>,
    ) -> Inbound {
        let none = Uuid::nil();
        let author = Actor::Customer(known.touchpoint);
        let mut message = Message::new(MessageId::new(none), author, at, Content::default());
        message.native = Some(native);
        let new = (ConversationId::new(none), LegId::new(none));
        let channel = self.channel_of(known, origin);
        let mut arrival = Inbound::new(message, (known.customer, known.touchpoint), channel, new);
        arrival.also = self.others(known);
        arrival
    }

    /// What a message refers to.
    pub(super) fn refer(&self, account: &str, said: &InboundMessage, inbound: &mut Inbound) {
        let native = |id: &kontak_channel::ProviderId| self.native(account, id.as_str());
        let mut answered = said.references.iter().map(|id| self.reaches.named(native(id)));
        inbound.message.answers = answered.next();
        inbound.references = answered.collect();
        inbound.thread = said.thread.as_ref().map(native);
    }

    fn needed_for_receipt(
        &self,
        account: &str,
        receipt: &Receipt,
        at: DateTime<Utc>,
        known: Option<Known>,
    ) -> Vec<ConversationId> {
        let state = &self.conversations;
        let mut needed = match (&receipt.target, known) {
            (Some(target), _) => {
                let target = self.native(account, target.as_str());
                state.needs_of_native(self.reaches.named(target))
            }
            (None, Some(known)) => self.unread_elsewhere(known, at).into_iter().collect(),
            (None, None) => Vec::new(),
        };
        if let Some((message, _)) = super::inbound::keyed(receipt) {
            needed.extend(state.needs_of_message(message));
            needed.extend(state.needs_of_native(self.own_native(message)));
        }
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    /// The next conversation, looking back from the last, in which something of ours may be unread.
    fn unread_elsewhere(&self, known: Known, at: DateTime<Utc>) -> Option<ConversationId> {
        let read = |message: &kontak_conversation::MessageView<'_>| {
            message.delivery().is_some_and(|one| one.status >= DeliveryStatus::Read)
        };
        for id in self.conversations.ids_of(known.customer).into_iter().rev() {
            if self.conversations.is_evicted(id) {
                return Some(id);
            }
            if self.ours_to(known, id, at).any(|message| read(&message)) {
                return None;
            }
        }
        None
    }
}
