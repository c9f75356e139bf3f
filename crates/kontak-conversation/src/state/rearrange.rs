use super::rows::Slot;
use super::{Conversation, Conversations};
use crate::rearrange::{Absorbed, Customers, Moved, Order, Parted};
use crate::{Event, EventBody};
use kontak_types::ConversationId;
use std::mem;

impl Conversations {
    /// Merges and splits, of conversations and of customers.
    pub(super) fn apply_rearrangement(&mut self, event: &Event) {
        match &event.body {
            EventBody::ConversationsMerged { from, into, moved } => {
                self.shift(*into, moved);
                self.regroup(*into, *from);
                let absorbed = Absorbed { into: *into, moved: Some(moved.clone()) };
                self.absorb(*from, Some(absorbed));
            }
            EventBody::ConversationsUnmerged { from, into, moved } => {
                self.shift(*from, moved);
                self.regroup(*into, *from);
                self.absorb(*from, None);
            }
            EventBody::ConversationSplit { from, into, moved } => {
                self.part_off(*from, *into, moved);
            }
            EventBody::ConversationUnsplit { from, into, moved } => {
                self.rejoin(*from, *into, moved);
            }
            EventBody::CustomersMerged(customers) | EventBody::CustomersParted(customers) => {
                self.hand_over_conversations(customers);
            }
            EventBody::ReviewAsked { conversation, review } => {
                if let Some(known) = self.conversations.get_mut(conversation) {
                    known.change(|facets| facets.review = Some(review.clone()));
                }
            }
            EventBody::Reviewed { conversation } => {
                if let Some(known) = self.conversations.get_mut(conversation) {
                    known.change(|facets| facets.review = None);
                }
            }
            _ => {}
        }
    }

    fn part_off(&mut self, from: ConversationId, into: ConversationId, moved: &Moved) {
        let Some(order) = self.conversations.get(&from).map(Conversation::order) else { return };
        let were = moved.messages.iter().filter_map(|(message, _)| {
            let leg = self.messages.record(self.messages.slot(*message)?).leg?;
            Some((*message, self.legs[leg].id))
        });
        let parted = Parted { from, moved: moved.clone(), were: were.collect(), order };
        self.shift(into, moved);
        self.regroup(from, into);
        if let Some(part) = self.conversations.get_mut(&into) {
            part.change(|facets| facets.parted = Some(parted));
        }
        self.reschedule(from);
        self.reschedule(into);
    }

    fn rejoin(&mut self, from: ConversationId, into: ConversationId, moved: &Moved) {
        self.shift(from, moved);
        self.regroup(from, into);
        let mut parted = None;
        if let Some(part) = self.conversations.get_mut(&into) {
            part.change(|facets| parted = facets.parted.take());
        }
        if let (Some(parted), Some(whole)) = (parted, self.conversations.get_mut(&from)) {
            whole.restore_order(&parted.order);
        }
        self.absorb(into, Some(Absorbed { into: from, moved: None }));
    }

    fn absorb(&mut self, from: ConversationId, absorbed: Option<Absorbed>) {
        let into = absorbed.as_ref().map(|absorbed| absorbed.into);
        if let Some(known) = self.conversations.get_mut(&from) {
            known.change(|facets| facets.absorbed = absorbed);
        }
        self.reschedule(from);
        into.into_iter().for_each(|into| self.reschedule(into));
    }

    /// Gives legs, messages, promises and handovers another place.
    fn shift(&mut self, into: ConversationId, moved: &Moved) {
        for leg in &moved.legs {
            if let Some(leg) = self.legs.get_mut(leg) {
                leg.leg.conversation = into;
            }
        }
        for (message, leg) in &moved.messages {
            if let (Some(slot), Some(leg)) = (self.messages.slot(*message), self.legs.slot(leg)) {
                self.messages.move_to(slot, leg);
            }
        }
        for id in &moved.commitments {
            if let Some(promise) = self.commitments.get_mut(id) {
                promise.conversation = into;
            }
        }
        for id in &moved.handovers {
            if let Some(handover) = self.handovers.get_mut(id) {
                handover.conversation = into;
            }
        }
    }

    /// Lists in two conversations what has its place in them, after places have changed.
    fn regroup(&mut self, one: ConversationId, other: ConversationId) {
        let mut lists = Lists::default();
        for id in [one, other] {
            if let Some(known) = self.conversations.get_mut(&id) {
                lists.take(known);
            }
        }
        let Lists { mut legs, commitments, handovers, answers, messages } = lists;
        // In the order in which they came, whichever conversation they came from.
        legs.sort_unstable_by_key(|leg| self.legs[*leg].nth);
        for leg in legs {
            if let Some(home) = self.conversations.get_mut(&self.legs[leg].conversation) {
                home.legs.push(leg);
            }
        }
        for id in commitments {
            let home = self.commitment(id).map(|promise| promise.conversation);
            if let Some(home) = home.and_then(|home| self.conversations.get_mut(&home)) {
                home.commitments.push(id);
            }
        }
        for id in handovers {
            let home = self.handover(id).map(|handover| handover.conversation);
            if let Some(home) = home.and_then(|home| self.conversations.get_mut(&home)) {
                home.handovers.push(id);
            }
        }
        for answer in answers {
            let home = self.home_of(answer.message).unwrap_or(one);
            if let Some(home) = self.conversations.get_mut(&home) {
                home.answers.push(answer);
            }
        }
        for slot in messages {
            self.enlist(slot);
        }
    }

    fn hand_over_conversations(&mut self, customers: &Customers) {
        for id in &customers.conversations {
            if let Some(from) = self.shelf.customer_of(*id) {
                let both = [from, customers.into];
                self.change_shelf(&both, |shelf| shelf.hand_over(*id, customers.into));
            }
            let Some(slot) = self.conversations.slot(id) else { continue };
            self.conversations[slot].customer = customers.into;
            self.left_from(customers.from, slot);
            self.opened_for(customers.into, slot);
        }
    }
}

#[derive(Default)]
struct Lists {
    legs: Vec<Slot>,
    commitments: Vec<crate::CommitmentId>,
    handovers: Vec<crate::HandoverId>,
    answers: Vec<crate::Answer>,
    messages: Vec<Slot>,
}

impl Lists {
    fn take(&mut self, of: &mut Conversation) {
        self.legs.extend(mem::take(&mut of.legs));
        self.commitments.extend(mem::take(&mut of.commitments));
        self.handovers.extend(mem::take(&mut of.handovers));
        self.answers.extend(mem::take(&mut of.answers));
        self.messages.extend(mem::take(&mut of.messages));
        of.last_message = None;
    }
}

impl Conversation {
    fn order(&self) -> Order {
        Order {
            commitments: self.commitments.to_vec(),
            handovers: self.handovers.to_vec(),
            answers: self.answers.iter().map(|it| (it.message, it.question.clone())).collect(),
        }
    }

    /// Puts what was there before in its place again, and the rest behind it.
    fn restore_order(&mut self, order: &Order) {
        fn place<T: PartialEq>(before: &[T], one: &T) -> usize {
            before.iter().position(|other| other == one).unwrap_or(usize::MAX)
        }
        self.commitments.sort_by_key(|id| place(&order.commitments, id));
        self.handovers.sort_by_key(|id| place(&order.handovers, id));
        self.answers.sort_by_key(|it| place(&order.answers, &(it.message, it.question.clone())));
    }
}
