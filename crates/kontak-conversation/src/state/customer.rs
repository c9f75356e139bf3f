use super::Conversations;
use super::rows::Slot;
use super::table::Identified;
use crate::{Conversation, Status};
use kontak_types::uuid::Uuid;
use kontak_types::{ConversationId, CustomerId, TouchpointId};
use smallvec::SmallVec;
use std::collections::BTreeSet;

/// The conversations of one customer that are here, in the order in which they began.
#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) id: CustomerId,
    pub(crate) conversations: SmallVec<[Slot; 4]>,
    /// How many of them, from the first on, are closed: what is placed need not look at them.
    pub(crate) closed: u32,
}

impl Identified for Customer {
    type Id = CustomerId;

    const UUID: fn(&CustomerId) -> &Uuid = CustomerId::as_uuid;

    fn id(&self) -> CustomerId {
        self.id
    }
}

impl Conversations {
    /// All conversations of a customer, in the order in which they began; without those that were
    /// merged into another one.
    pub fn of_customer(&self, customer: CustomerId) -> impl Iterator<Item = &Conversation> {
        self.all_of_customer(customer).filter(|conversation| conversation.absorbed().is_none())
    }

    /// Also those that were merged into another one.
    pub(crate) fn all_of_customer(
        &self,
        customer: CustomerId,
    ) -> impl Iterator<Item = &Conversation> {
        let slots = self.customers.get(&customer).map_or(&[][..], |known| &known.conversations);
        slots.iter().map(|slot| &self.conversations[*slot])
    }

    /// The conversations in which one of these accounts takes part, of whomever.
    pub(crate) fn all_with(&self, touchpoints: &BTreeSet<TouchpointId>) -> Vec<&Conversation> {
        let legs = self.legs.rows().iter().map(|(_, leg)| leg);
        let homes: BTreeSet<ConversationId> = legs
            .filter(|leg| touchpoints.contains(&leg.touchpoint))
            .map(|leg| self.home(leg.conversation))
            .collect();
        homes.into_iter().filter_map(|home| self.conversation(home)).collect()
    }

    /// Those that are not closed.
    pub(crate) fn live_of_customer(
        &self,
        customer: CustomerId,
    ) -> impl Iterator<Item = &Conversation> {
        let slots = self
            .customers
            .get(&customer)
            .and_then(|known| known.conversations.get(known.closed as usize..));
        let conversations = slots.unwrap_or_default().iter().map(|slot| &self.conversations[*slot]);
        conversations.filter(|conversation| {
            conversation.status != Status::Closed && conversation.absorbed().is_none()
        })
    }

    pub(crate) fn opened_for(&mut self, customer: CustomerId, conversation: Slot) {
        let began = |slot: Slot| {
            let known = &self.conversations[slot];
            (known.opened_at, known.id)
        };
        let Some(known) = self.customers.get_mut(&customer) else {
            let conversations = SmallVec::from_slice(&[conversation]);
            self.customers.insert(Customer { id: customer, conversations, closed: 0 });
            return;
        };
        // Nearly always the last.
        if known.conversations.last().is_none_or(|last| began(*last) < began(conversation)) {
            known.conversations.push(conversation);
            return;
        }
        let place = known.conversations.partition_point(|slot| began(*slot) < began(conversation));
        known.conversations.insert(place, conversation);
        known.closed = 0;
        self.closed_for(customer);
    }

    /// A conversation is another customer's now, or evicted.
    pub(crate) fn left_from(&mut self, customer: CustomerId, conversation: Slot) {
        let Some(slot) = self.customers.slot(&customer) else { return };
        let known = &mut self.customers[slot];
        known.conversations.retain(|slot| *slot != conversation);
        known.closed = 0;
        if known.conversations.is_empty() {
            self.customers.remove(slot);
        }
        self.closed_for(customer);
    }

    /// A conversation of this customer was closed.
    pub(crate) fn closed_for(&mut self, customer: CustomerId) {
        if let Some(known) = self.customers.get_mut(&customer) {
            let rest = known.conversations.iter().skip(known.closed as usize);
            let is_closed = |slot: &&Slot| self.conversations[**slot].status == Status::Closed;
            known.closed += u32::try_from(rest.take_while(is_closed).count()).unwrap_or(0);
        }
    }
}
