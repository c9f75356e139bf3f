use super::changes_of_status;
use crate::label::{Dimension, Label, Labelling};
use crate::placement::place_beside;
use crate::state::Conversations;
use crate::{
    Arrival, Candidate, Conversation, EventBody, Inbound, Joins, Leg, LegId, Placement,
    PlacementReason, Reference, Rejected, Status,
};
use chrono::{DateTime, SubsecRound, Utc};
use kontak_types::ConversationId;
use smallvec::SmallVec;

impl Conversations {
    /// A message that came in: it finds its conversation, or begins one.
    pub(super) fn receive(
        &self,
        mut inbound: Inbound,
        now: DateTime<Utc>,
    ) -> Result<Vec<EventBody>, Rejected> {
        inbound.message.at = inbound.message.at.trunc_subsecs(6);
        let message = &inbound.message;
        let is_known = message.native.is_some_and(|native| self.messages.named(native).is_some())
            || self.message(message.id).is_some();
        if is_known {
            return Ok(Vec::new());
        }
        if self.erased.contains(&inbound.touchpoint) {
            return Err(Rejected::Erased);
        }
        let Placement { conversation, reason } = self.place(&inbound);
        let id = message.id;
        let known = conversation.and_then(|id| self.conversation(id));
        let mut bodies = Vec::with_capacity(5);
        let home = match known {
            Some(known) => {
                // Whatever it waited for, the customer is here.
                if known.status != Status::New && known.status != Status::Open {
                    bodies.extend(changes_of_status(known, Status::Open, message.at));
                }
                known.id
            }
            None => {
                let conversation = inbound.new_conversation;
                let customer = inbound.customer;
                let since = message.at;
                bodies.push(EventBody::ConversationOpened { conversation, customer, since });
                conversation
            }
        };
        for (label, source) in &inbound.labels {
            let standing =
                known.and_then(|known| known.label(label.dimension(), &self.policy.labels));
            let same = standing
                .is_some_and(|it| it.labelling.label == *label && it.labelling.source == *source);
            if !same {
                let labelling = Labelling::new(label.clone(), source.clone(), now);
                bodies.push(EventBody::Labelled { conversation: home, labelling });
            }
        }
        let leg = match known.and_then(|known| self.leg_of(known, &inbound)) {
            Some(leg) => leg,
            None => {
                bodies.push(EventBody::LegOpened(Leg::new(
                    inbound.new_leg,
                    home,
                    inbound.touchpoint,
                    inbound.channel.clone(),
                    inbound.thread,
                )));
                inbound.new_leg
            }
        };
        bodies.push(EventBody::MessageSaid(inbound.message));
        bodies.push(EventBody::MessagePlaced { message: id, leg, reason: Some(reason) });
        Ok(bodies)
    }

    /// Where an inbound message would go, and why.
    #[must_use]
    pub fn place(&self, inbound: &Inbound) -> Placement {
        let token = inbound.token.map(|id| (self.home(id), Reference::Token));
        let mut candidates: SmallVec<[Candidate<'_>; 4]> = self
            .live_of_customer(inbound.customer)
            .map(|conversation| self.candidate(conversation, inbound, None))
            .collect();
        let refused = self.add_evicted(&mut candidates, inbound, token.map(|(id, _)| id));
        let answered = inbound.message.answers.iter().chain(&inbound.references);
        let answered = answered
            .filter_map(|native| self.conversation_of_message(*native))
            .map(|id| (id, Reference::Answer))
            .next();
        let thread = inbound
            .thread
            .and_then(|thread| self.threads.get(&thread))
            .map(|leg| (self.home(self.legs[*leg].conversation), Reference::Thread));
        for (id, reference) in [token, answered, thread].into_iter().flatten() {
            match candidates.iter_mut().find(|candidate| candidate.conversation == id) {
                Some(candidate) => {
                    let known = candidate.reference.unwrap_or(reference);
                    candidate.reference = Some(known.min(reference));
                }
                None => candidates
                    .extend(self.conversation(id).map(|conversation| {
                        self.candidate(conversation, inbound, Some(reference))
                    })),
            }
        }
        let topic = inbound.labels.iter().map(|(label, _)| label);
        let mut topic =
            topic.filter(|label| label.dimension() == Dimension::Topic).map(Label::name);
        let arrival = Arrival::new(inbound.touchpoint, inbound.message.at, topic.next_back());
        place_beside(refused, arrival, &candidates, self.policy.channel(&inbound.channel))
    }

    fn candidate<'a>(
        &'a self,
        conversation: &'a Conversation,
        inbound: &Inbound,
        reference: Option<Reference>,
    ) -> Candidate<'a> {
        let mut legs = conversation.legs.iter().map(|leg| &*self.legs[*leg]);
        let speaks = |leg: &Leg| {
            leg.touchpoint == inbound.touchpoint || inbound.also.contains(&leg.touchpoint)
        };
        Candidate {
            reference,
            sender_belongs: conversation.customer == inbound.customer || legs.any(speaks),
            same_touchpoint: self.leg_of(conversation, inbound).is_some(),
            last_message: conversation.last_message_at(),
            topic: conversation
                .label(Dimension::Topic, &self.policy.labels)
                .map(|standing| standing.labelling.label.name()),
            ..Candidate::new(conversation.id, conversation.status, conversation.since)
        }
    }

    /// What is known of those that are evicted is enough to choose. Most were resolved too long ago:
    /// where any may be joined, these say all the same, so they are no candidates one by one.
    fn add_evicted<'a>(
        &'a self,
        candidates: &mut SmallVec<[Candidate<'a>; 4]>,
        inbound: &Inbound,
        named: Option<ConversationId>,
    ) -> Option<PlacementReason> {
        let policy = self.policy.channel(&inbound.channel);
        let joins_any = policy.joins == Joins::Customer;
        let first = policy.reopens_from(inbound.message.at).filter(|_| joins_any);
        let first = first.map_or(i64::MIN, |first| first.timestamp_micros());
        let mut refused = None;
        for stub in self.shelf.of(inbound.customer).filter(|stub| !stub.is_closed()) {
            if stub.since_micros() < first && named != Some(stub.id()) {
                refused = Some(PlacementReason::TooLate);
                continue;
            }
            let stub = stub.read();
            candidates.push(Candidate {
                same_touchpoint: stub.has_leg(inbound.touchpoint, &inbound.channel),
                last_message: stub.last_message,
                topic: stub.topic,
                ..Candidate::new(stub.id, stub.status(), stub.since)
            });
        }
        refused
    }

    /// The leg of the sender in a conversation.
    fn leg_of(&self, conversation: &Conversation, inbound: &Inbound) -> Option<LegId> {
        let mut legs = conversation.legs.iter().map(|leg| &*self.legs[*leg]);
        let own =
            legs.find(|leg| leg.touchpoint == inbound.touchpoint && leg.channel == inbound.channel);
        own.map(|leg| leg.id)
    }

    fn conversation_of_message(&self, native: crate::NativeId) -> Option<ConversationId> {
        let record = self.messages.record(self.messages.named(native)?);
        Some(self.legs[record.leg?].conversation)
    }
}
