use super::{Conversation, Conversations, Deadline};
use crate::LegId;
use crate::{
    Commitment, CommitmentState, Event, EventBody, Handover, HandoverKind, HandoverState, Leg,
    Message, PlacementReason, Relation, Status,
};
use chrono::{DateTime, Utc};
use kontak_types::{ConversationId, MessageId};

impl Conversations {
    /// Takes an event in. Facts may come in any order and more than once; decisions in the order in
    /// which they were made. An event that refers to something unknown changes nothing.
    pub fn apply(&mut self, event: &Event) {
        match &event.body {
            EventBody::MessageSaid(message) => self.said(message),
            EventBody::RelationSeen(relation) => self.related(relation),
            EventBody::PolicySet(policy) => self.policy = (**policy).clone(),
            EventBody::ConversationOpened { conversation, customer, since } => {
                self.by_customer.entry(*customer).or_default().push(*conversation);
                let opened = Conversation::new(*conversation, *customer, *since);
                self.conversations.insert(*conversation, opened);
            }
            EventBody::LegOpened(leg) => self.leg_opened(leg),
            EventBody::MessagePlaced { message, leg, reason } => {
                self.placed(*message, *leg, *reason);
            }
            EventBody::StatusChanged { conversation, to, since, .. } => {
                self.status_changed(*conversation, *to, *since);
            }
            EventBody::EpisodeBegan { conversation, episode, since } => {
                if let Some(conversation) = self.conversations.get_mut(conversation) {
                    conversation.episode = *episode;
                    conversation.episodes.push(*since);
                }
            }
            EventBody::Assigned { conversation, to } => {
                if let Some(conversation) = self.conversations.get_mut(conversation) {
                    conversation.agent = *to;
                }
            }
            EventBody::TopicSet { conversation, topic } => {
                if let Some(conversation) = self.conversations.get_mut(conversation) {
                    conversation.topic = Some(topic.clone());
                }
            }
            EventBody::Answered { conversation, answer } => {
                if let Some(conversation) = self.conversations.get_mut(conversation) {
                    conversation.answers.push(answer.clone());
                }
            }
            EventBody::Retold { conversation, question, .. } => {
                let conversation = self.conversations.get_mut(conversation);
                let answer = conversation.and_then(|conversation| {
                    conversation.answers.iter_mut().find(|answer| answer.question == *question)
                });
                if let Some(answer) = answer {
                    answer.retold += 1;
                }
            }
            body => self.apply_to_obligations(event, body),
        }
    }

    /// Promises and handovers.
    fn apply_to_obligations(&mut self, event: &Event, body: &EventBody) {
        let at = event.at;
        match body {
            EventBody::Promised { commitment, conversation, what, due, message } => {
                let Some(home) = self.conversations.get_mut(conversation) else { return };
                home.commitments.push(*commitment);
                self.deadlines.insert((*due, Deadline::Commitment(*commitment)));
                let promised = Commitment {
                    id: *commitment,
                    conversation: *conversation,
                    by: event.actor.clone(),
                    what: what.clone(),
                    due: *due,
                    message: *message,
                    made_at: at,
                    state: CommitmentState::Open,
                    renegotiated: Vec::new(),
                };
                self.commitments.insert(*commitment, promised);
            }
            EventBody::PromiseKept { commitment } => {
                let Some(promise) = self.commitments.get_mut(commitment) else { return };
                self.deadlines.remove(&(promise.due, Deadline::Commitment(*commitment)));
                promise.state = match promise.state {
                    CommitmentState::Broken { at: broken, .. } => {
                        CommitmentState::Broken { at: broken, kept: Some(at) }
                    }
                    _ => CommitmentState::Kept { at },
                };
            }
            EventBody::PromiseBroken { commitment, due } => {
                let Some(promise) = self.commitments.get_mut(commitment) else { return };
                self.deadlines.remove(&(promise.due, Deadline::Commitment(*commitment)));
                promise.state = CommitmentState::Broken { at: *due, kept: None };
            }
            EventBody::PromiseRenegotiated { commitment, due } => {
                let Some(promise) = self.commitments.get_mut(commitment) else { return };
                self.deadlines.remove(&(promise.due, Deadline::Commitment(*commitment)));
                promise.renegotiated.push(promise.due);
                promise.due = *due;
                promise.state = CommitmentState::Open;
                self.deadlines.insert((*due, Deadline::Commitment(*commitment)));
            }
            EventBody::PromiseWithdrawn { commitment } => {
                let Some(promise) = self.commitments.get_mut(commitment) else { return };
                self.deadlines.remove(&(promise.due, Deadline::Commitment(*commitment)));
                promise.state = CommitmentState::Withdrawn { at };
            }
            EventBody::HandoverOffered { handover, conversation, to, kind, brief } => {
                let Some(home) = self.conversations.get_mut(conversation) else { return };
                home.handovers.push(*handover);
                let offered = Handover {
                    id: *handover,
                    conversation: *conversation,
                    from: home.agent,
                    to: *to,
                    kind: *kind,
                    brief: (**brief).clone(),
                    offered_at: at,
                    state: HandoverState::Offered,
                };
                self.handovers.insert(*handover, offered);
            }
            EventBody::HandoverAccepted { handover, by } => {
                let Some(handover) = self.handovers.get_mut(handover) else { return };
                handover.state = HandoverState::Accepted { by: *by, at };
                let home = self.conversations.get_mut(&handover.conversation);
                if let Some(home) = home.filter(|_| handover.kind != HandoverKind::Consult) {
                    home.agent = Some(*by);
                }
            }
            EventBody::HandoverDeclined { handover } => {
                let Some(handover) = self.handovers.get_mut(handover) else { return };
                handover.state = HandoverState::Declined { by: event.actor.clone(), at };
            }
            _ => {}
        }
    }

    fn said(&mut self, message: &Message) {
        let record = self.messages.entry(message.id).or_default();
        if record.said.is_some() {
            return;
        }
        record.said = Some(Box::new(message.clone()));
        let place = record.place;
        if let Some(native) = message.native {
            self.by_native.insert(native, message.id);
            record.changes = self.waiting.remove(&native).map(Box::new);
        }
        if let Some((leg, _)) = place {
            self.enlist(leg, message.at, message.id);
        }
    }

    fn related(&mut self, relation: &Relation) {
        let changes = match self.by_native.get(&relation.target) {
            Some(message) => {
                let record = self.messages.entry(*message).or_default();
                &mut **record.changes.get_or_insert_default()
            }
            None => self.waiting.entry(relation.target).or_default(),
        };
        changes.join(relation.at, &relation.change);
    }

    fn leg_opened(&mut self, leg: &Leg) {
        if let Some(conversation) = self.conversations.get_mut(&leg.conversation) {
            conversation.legs.push(leg.id);
        }
        if let Some(thread) = leg.thread {
            self.by_thread.entry(thread).or_default().push(leg.id);
        }
        self.legs.insert(leg.id, leg.clone());
    }

    fn placed(&mut self, message: MessageId, leg: LegId, reason: Option<PlacementReason>) {
        let record = self.messages.entry(message).or_default();
        record.place = Some((leg, reason));
        if let Some(at) = record.said.as_ref().map(|said| said.at) {
            self.enlist(leg, at, message);
        }
    }

    fn enlist(&mut self, leg: LegId, at: DateTime<Utc>, message: MessageId) {
        let conversation = self.legs.get(&leg).map(|leg| leg.conversation);
        let conversation = conversation.and_then(|id| self.conversations.get_mut(&id));
        if let Some(conversation) = conversation {
            conversation.insert_message(at, message);
        }
    }

    fn status_changed(&mut self, id: ConversationId, to: Status, at: DateTime<Utc>) {
        let Some(conversation) = self.conversations.get_mut(&id) else { return };
        if let Status::Snoozed { until } = conversation.status {
            self.deadlines.remove(&(until, Deadline::Snooze(id)));
        }
        if let Status::Snoozed { until } = to {
            self.deadlines.insert((until, Deadline::Snooze(id)));
        }
        conversation.status = to;
        conversation.since = at;
        conversation.history.push((at, to));
    }
}
