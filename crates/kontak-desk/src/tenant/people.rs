//! Who it is: what a sender shows of themselves becomes evidence, and what follows where customers
//! merge or part.

use super::apply::{CustomersChange, Following};
use super::{IdentityRecord, Notice, Record, Step, Tenant};
use chrono::{DateTime, Datelike, Utc};
use kontak_channel::Sender;
use kontak_content::Written;
use kontak_conversation::{Actor, Command, LegId};
use kontak_identity::{Identifier, Observation, Verification};
use kontak_types::{ConversationId, CustomerId, TouchpointId, TouchpointKey};
use siphasher::sip::SipHasher24;
use std::hash::{Hash, Hasher};

/// An account that was recognised.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) touchpoint: TouchpointId,
    pub(super) customer: CustomerId,
}

impl Tenant {
    /// Records what a sender shows of themselves, unless that is known, and says who it is. Nothing
    /// where the account was erased after it did this.
    pub(super) fn recognise(
        &mut self,
        sender: &Sender,
        (source, verification): (&str, Verification),
        at: DateTime<Utc>,
        step: &mut Step<'_>,
    ) -> Option<Known> {
        let key = self.known_key(sender);
        let record = self.record_name(sender, at);
        let known = self.known(&key);
        let shown = known.and_then(|known| self.reaches.of(known.touchpoint)?.shown.as_deref());
        if shown != Some(&record) {
            let id = TouchpointId::new(step.id());
            let mut observation = Observation::new(id, key.clone(), source, record, at)
                .with_verification(verification);
            let phone = sender.phone.map(|it| Identifier::phone(it, it.number_type().into()));
            observation.identifiers.extend(phone);
            observation.identifiers.extend(sender.email.as_ref().map(Identifier::from));
            observation.name = sender.display_name.as_ref().map(|name| name.as_str().to_owned());
            self.observe(observation, step);
        }
        self.known(&key)
    }

    /// Records an observation, and carries over what it changes.
    pub(super) fn observe(&mut self, observation: Observation, step: &mut Step<'_>) {
        self.change_identity(IdentityRecord::Observed(Box::new(observation)), step);
    }

    pub(super) fn change_identity(&mut self, record: IdentityRecord, step: &mut Step<'_>) {
        let Following { customers, .. } = self.keep(Record::Identity(record), step);
        self.unfollowed.extend(customers);
        self.go_on(step);
    }

    /// Carries over to conversations what customers have become, as far as those are here that it has
    /// to do with. What [`needed_to_go_on`](Self::needed_to_go_on) is to be brought back first.
    pub fn go_on(&mut self, step: &mut Step<'_>) {
        while self.needed_to_go_on().is_empty()
            && let Some(change) = self.unfollowed.pop_front()
        {
            self.follow_customers(change, step);
        }
    }

    /// The evicted conversations that keep a step from being done: bring them back, then
    /// [`go_on`](Self::go_on), within the same [`Work`](crate::Work).
    #[must_use]
    pub fn needed_to_go_on(&self) -> Vec<ConversationId> {
        match self.unfollowed.front() {
            Some(change @ CustomersChange::Parted { from, touchpoints, .. }) => {
                let mut needed = self.conversations.needs_to_part(*from, touchpoints);
                needed.extend(self.lost_to_part(change));
                needed
            }
            Some(CustomersChange::Merged { .. }) | None => Vec::new(),
        }
    }

    /// The account, if it is one.
    pub(super) fn known(&mut self, key: &TouchpointKey) -> Option<Known> {
        let view = self.identity.settle();
        let handle = view.touchpoint(key)?;
        let touchpoint = view.touchpoint_id(handle)?;
        Some(Known { touchpoint, customer: view.customer_of(handle)?.id() })
    }

    pub(super) fn is_erased(&mut self, touchpoint: TouchpointId) -> bool {
        let view = self.identity.settle();
        let known = view.touchpoint_by_id(touchpoint);
        known.is_some_and(|handle| view.touchpoint_key(handle).is_none())
    }

    /// The key of the account on a leg; nothing once it is erased.
    pub(super) fn key_of_leg(&mut self, leg: LegId) -> Option<TouchpointKey> {
        let touchpoint = self.conversations.leg(leg)?.touchpoint;
        let view = self.identity.settle();
        view.touchpoint_key(view.touchpoint_by_id(touchpoint)?)
    }

    /// The other accounts of the same customer.
    pub(super) fn others(&mut self, known: Known) -> Vec<TouchpointId> {
        let view = self.identity.settle();
        let handle = view.touchpoint_by_id(known.touchpoint);
        let members = handle
            .and_then(|handle| view.customer_of(handle))
            .map_or_else(Vec::new, |customer| customer.members());
        let ids = members.into_iter().filter_map(|member| view.touchpoint_id(member));
        ids.filter(|id| *id != known.touchpoint).collect()
    }

    /// The key under which the account was first seen: platforms give some accounts several.
    fn known_key(&mut self, sender: &Sender) -> TouchpointKey {
        let view = self.identity.settle();
        let mut keys = std::iter::once(&sender.touchpoint).chain(&sender.also);
        let known = keys.find(|key| view.touchpoint(key).is_some());
        known.unwrap_or(&sender.touchpoint).clone()
    }

    /// Names what a sender shows by a keyed hash and the month: the same again is one record, and a
    /// number that was shown for years is seen to have been held for years.
    fn record_name(&self, sender: &Sender, at: DateTime<Utc>) -> String {
        let mut hasher = SipHasher24::new_with_key(&self.secret);
        sender.phone.map(|phone| phone.to_string()).hash(&mut hasher);
        sender.email.as_ref().map(|email| email.exact_key().to_owned()).hash(&mut hasher);
        sender.display_name.as_ref().map(Written::as_str).hash(&mut hasher);
        format!("{:04}-{:02}/{:016x}", at.year(), at.month(), hasher.finish())
    }

    fn follow_customers(&mut self, change: CustomersChange, step: &mut Step<'_>) {
        let (command, notice) = match change {
            CustomersChange::Merged { from, into } => {
                let command = Command::MergeCustomers { from, into };
                (command, Notice::CustomersMerged { from, into })
            }
            CustomersChange::Parted { from, into, touchpoints } => {
                let mixed = self.conversations.to_part(from, &touchpoints);
                let new: Vec<_> = mixed
                    .into_iter()
                    .map(|known| (known, ConversationId::new(step.id())))
                    .collect();
                let command = Command::PartCustomers { from, into, touchpoints, new };
                (command, Notice::CustomersParted { from, into })
            }
        };
        let parted = match &command {
            Command::PartCustomers { new, .. } => new.clone(),
            _ => Vec::new(),
        };
        // Nothing to be told about customers of whom there is no conversation.
        if self.decide(&Actor::System, command, step).is_ok() {
            step.work.notices.push(notice);
        }
        for (known, conversation) in parted {
            // Its handover may have gone with who opened it.
            self.give_up_where_it_waits(known, step);
            self.follow_status(conversation, step);
        }
    }
}
