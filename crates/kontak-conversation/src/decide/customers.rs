//! What follows for conversations where identity finds that two customers are one, or one is two.

use crate::rearrange::{Customers, Moved, Review};
use crate::state::{Conversations, Held, Share};
use crate::{Conversation, EventBody, LegId, LinkKind, Rejected};
use chrono::{DateTime, Utc};
use kontak_types::{ConversationId, CustomerId, MessageId, TouchpointId};

impl Conversations {
    /// The conversations of a customer that hold legs of these accounts and of others: to
    /// [part](crate::Command::PartCustomers) the customer, each of them needs an id for the new
    /// conversation.
    #[must_use]
    pub fn to_part(
        &self,
        customer: CustomerId,
        touchpoints: &[TouchpointId],
    ) -> Vec<ConversationId> {
        let mixed = self.of_customer(customer).filter(|known| {
            let (go, stay) = self.sides(known, touchpoints);
            !go.is_empty() && !stay.is_empty()
        });
        mixed.map(|known| known.id).collect()
    }

    /// The legs of these accounts, and the others.
    fn sides(
        &self,
        known: &Conversation,
        touchpoints: &[TouchpointId],
    ) -> (Vec<LegId>, Vec<LegId>) {
        let goes =
            |leg: &LegId| self.leg(*leg).is_some_and(|leg| touchpoints.contains(&leg.touchpoint));
        self.leg_ids(known.id).into_iter().partition(goes)
    }

    pub(super) fn merge_customers(&self, from: CustomerId, into: CustomerId) -> Vec<EventBody> {
        let conversations: Vec<ConversationId> =
            self.all_held_by(from).iter().map(Held::id).collect();
        if from == into || conversations.is_empty() {
            return Vec::new();
        }
        let theirs = self.all_of_customer(from);
        let touchpoints = Vec::new();
        let mut bodies = Vec::new();
        for one in theirs.filter(|it| it.status.is_active() && it.absorbed().is_none()) {
            for other in self.of_customer(into).filter(|it| it.status.is_active()) {
                let (one, other, kind) = (one.id, other.id, LinkKind::SameCustomer);
                if !self.links.contains(&(one, other, kind)) {
                    bodies.push(EventBody::Linked { one, other, kind });
                }
            }
        }
        let customers = Customers { from, into, conversations, touchpoints };
        bodies.insert(0, EventBody::CustomersMerged(customers));
        bodies
    }

    pub(super) fn reviewed(
        &self,
        conversation: ConversationId,
    ) -> Result<Vec<EventBody>, Rejected> {
        let asked = self.known(conversation)?.review().is_some();
        Ok(if asked { vec![EventBody::Reviewed { conversation }] } else { Vec::new() })
    }

    pub(super) fn part_customers(
        &self,
        (from, into): (CustomerId, CustomerId),
        touchpoints: Vec<TouchpointId>,
        new: &[(ConversationId, ConversationId)],
        now: DateTime<Utc>,
    ) -> Result<Vec<EventBody>, Rejected> {
        let mut conversations = Vec::new();
        let mut bodies = Vec::new();
        for held in self.all_held_by(from) {
            let known = match held {
                Held::Here(known) => known,
                Held::Evicted(stub) => {
                    if stub.share_of(&touchpoints) == Share::All {
                        conversations.push(stub.id);
                    }
                    continue;
                }
            };
            let legs = match known.absorbed() {
                // It is empty; it goes with what was in it.
                Some(absorbed) => {
                    absorbed.moved.as_ref().map_or_else(Vec::new, |moved| moved.legs.clone())
                }
                None => self.leg_ids(known.id),
            };
            let goes = |leg: &LegId| {
                self.leg(*leg).is_some_and(|leg| touchpoints.contains(&leg.touchpoint))
            };
            if !legs.is_empty() && legs.iter().all(goes) {
                conversations.push(known.id);
            } else if known.absorbed().is_none() && legs.iter().any(goes) {
                let id = new.iter().find(|(of, _)| *of == known.id).map(|(_, id)| *id);
                let id = id.ok_or(Rejected::NeedsId { conversation: known.id })?;
                self.is_free(id)?;
                if new.iter().filter(|(_, other)| *other == id).count() > 1 {
                    return Err(Rejected::IdTaken { what: "conversation" });
                }
                bodies.extend(self.part(known, (id, into), &touchpoints, now));
            }
        }
        if conversations.is_empty() && bodies.is_empty() {
            return Ok(Vec::new());
        }
        for one in conversations.iter().copied() {
            let strangers = self.links(one).filter(|(other, kind)| {
                *kind == LinkKind::SameCustomer && !conversations.contains(other)
            });
            bodies.extend(strangers.map(|(other, kind)| EventBody::Unlinked { one, other, kind }));
        }
        let customers = Customers { from, into, conversations, touchpoints };
        bodies.insert(0, EventBody::CustomersParted(customers));
        Ok(bodies)
    }

    /// Splits a conversation with legs of both. Notes, handovers, and promises that stand in no
    /// message stay with whoever opened it, and the other side is flagged.
    fn part(
        &self,
        known: &Conversation,
        (into, customer): (ConversationId, CustomerId),
        touchpoints: &[TouchpointId],
        now: DateTime<Utc>,
    ) -> Vec<EventBody> {
        let (go, stay) = self.sides(known, touchpoints);
        let opener = self.legs(known.id).next().map(|leg| leg.id);
        let opener_goes = opener.is_some_and(|leg| go.contains(&leg));
        let mut moved = Moved { legs: go, ..Moved::default() };
        moved.commitments = self.said_on(known, &moved.legs).collect();
        if opener_goes {
            let free = self.commitments(known.id).filter(|promise| promise.message.is_none());
            moved.commitments.extend(free.map(|promise| promise.id));
            moved.handovers = known.handovers.to_vec();
        }
        let others = if opener_goes { &stay } else { &moved.legs };
        moved.messages = opener.map_or_else(Vec::new, |opener| {
            self.notes_on(known, others).map(|note| (note, opener)).collect()
        });
        let since = self.first_said_on(known, &moved.legs).unwrap_or(now);
        let (theirs, flagged) = if opener_goes { (into, known.id) } else { (known.id, into) };
        let mut bodies = Self::part_of(known, (into, customer), (moved, Vec::new()), since, now);
        let review = Review::Parted { from: theirs, at: now };
        bodies.push(EventBody::ReviewAsked { conversation: flagged, review });
        bodies
    }

    fn notes_on<'a>(
        &'a self,
        known: &'a Conversation,
        legs: &'a [LegId],
    ) -> impl Iterator<Item = MessageId> + 'a {
        let notes = self.messages(known.id).filter(|message| {
            message.said.content.is_note()
                && message.place.is_some_and(|(leg, _)| legs.contains(&leg))
        });
        notes.map(|message| message.said.id)
    }
}
