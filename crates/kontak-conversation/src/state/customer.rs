use super::Conversations;
use super::rows::Slot;
use super::table::Identified;
use crate::{Conversation, Status};
use kontak_types::CustomerId;
use kontak_types::uuid::Uuid;
use smallvec::SmallVec;

/// The conversations of one customer, in the order in which they began.
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
    /// All conversations of a customer, in the order in which they began.
    pub fn of_customer(&self, customer: CustomerId) -> impl Iterator<Item = &Conversation> {
        let slots = self.customers.get(&customer).map_or(&[][..], |known| &known.conversations);
        slots.iter().map(|slot| &self.conversations[*slot])
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
        conversations.filter(|conversation| conversation.status != Status::Closed)
    }

    pub(crate) fn opened_for(&mut self, customer: CustomerId, conversation: Slot) {
        match self.customers.get_mut(&customer) {
            Some(known) => known.conversations.push(conversation),
            None => {
                let conversations = SmallVec::from_slice(&[conversation]);
                self.customers.insert(Customer { id: customer, conversations, closed: 0 });
            }
        }
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
