use super::rows::Slot;
use super::{Conversation, Conversations, Deadline, Seated};
use crate::LegId;
use crate::{
    Actor, Event, EventBody, Leg, Message, MessageChange, PlacementReason, Relation, Status,
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
            EventBody::PolicySet(policy) => {
                self.policy = (**policy).clone();
                self.reschedule_all();
            }
            EventBody::ConversationOpened { conversation, customer, since } => {
                if self.conversations.slot(conversation).is_none() {
                    let opened = Conversation::new(*conversation, *customer, *since);
                    let slot = self.conversations.insert(opened);
                    self.opened_for(*customer, slot);
                }
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
                    conversation.reopened.push(*since);
                }
                self.reschedule(*conversation);
            }
            EventBody::Assigned { conversation, to } => {
                if let Some(conversation) = self.conversations.get_mut(conversation) {
                    conversation.agent = *to;
                }
            }
            EventBody::Answered { conversation, answer } => {
                if let Some(conversation) = self.conversations.get_mut(conversation) {
                    conversation.answers.push(answer.clone());
                }
                self.reschedule(*conversation);
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
            EventBody::Promised { .. }
            | EventBody::PromiseKept { .. }
            | EventBody::PromiseBroken { .. }
            | EventBody::PromiseRenegotiated { .. }
            | EventBody::PromiseWithdrawn { .. }
            | EventBody::HandoverOffered { .. }
            | EventBody::HandoverAccepted { .. }
            | EventBody::HandoverDeclined { .. } => self.apply_obligation(event),
            EventBody::Labelled { .. }
            | EventBody::PrioritySet { .. }
            | EventBody::ParticipantJoined { .. }
            | EventBody::ParticipantLeft { .. }
            | EventBody::Linked { .. }
            | EventBody::Unlinked { .. }
            | EventBody::CaseOpened { .. }
            | EventBody::CaseClosed { .. }
            | EventBody::CaseJoined { .. }
            | EventBody::CaseLeft { .. }
            | EventBody::PreferenceStated { .. }
            | EventBody::SlaBreached { .. }
            | EventBody::SlaCleared { .. } => self.apply_annotation(event),
            EventBody::ConversationsMerged { .. }
            | EventBody::ConversationsUnmerged { .. }
            | EventBody::ConversationSplit { .. }
            | EventBody::ConversationUnsplit { .. }
            | EventBody::CustomersMerged(_)
            | EventBody::CustomersParted(_)
            | EventBody::ReviewAsked { .. }
            | EventBody::Reviewed { .. } => self.apply_rearrangement(event),
            EventBody::LegalHoldPlaced { .. }
            | EventBody::LegalHoldReleased { .. }
            | EventBody::MessageRedacted { .. }
            | EventBody::TouchpointsErased { .. }
            | EventBody::RetentionEnded { .. } => self.apply_erasure(event),
        }
    }

    fn said(&mut self, message: &Message) {
        let Some(slot) = self.messages.say(message) else { return };
        let waited = message.native.and_then(|native| self.waiting.remove(&native));
        if let Some(changes) = waited {
            self.messages.change(slot, changes);
        }
        self.enlist(slot);
    }

    fn related(&mut self, relation: &Relation) {
        if let MessageChange::Reacted { by: Actor::Customer(touchpoint), .. } = &relation.change
            && self.erased.contains(touchpoint)
        {
            return;
        }
        match self.messages.named(relation.target) {
            Some(slot) => {
                self.messages.relate(slot, relation.at, &relation.change);
                let home = self.messages.record(slot).leg.map(|leg| self.legs[leg].conversation);
                if let (Some(home), MessageChange::Edited(_)) = (home, &relation.change) {
                    self.reschedule(home);
                }
            }
            None => {
                let changes = self.waiting.entry(relation.target).or_default();
                changes.join(relation.at, &relation.change);
            }
        }
    }

    pub(super) fn leg_opened(&mut self, leg: &Leg) {
        if self.seat(leg.clone(), self.seats) {
            self.seats += 1;
        }
    }

    /// Gives a leg its place in its conversation.
    pub(super) fn seat(&mut self, leg: Leg, nth: u32) -> bool {
        let Some(home) = self.conversations.get_mut(&leg.conversation) else { return false };
        if self.legs.slot(&leg.id).is_some() {
            return false;
        }
        let thread = leg.thread;
        let slot = self.legs.insert(Seated { leg, nth });
        home.legs.push(slot);
        if let Some(thread) = thread {
            let last = self.threads.get(&thread).map(|last| self.legs[*last].nth);
            if last.is_none_or(|last| last < nth) {
                self.threads.insert(thread, slot);
            }
        }
        true
    }

    fn placed(&mut self, message: MessageId, leg: LegId, reason: Option<PlacementReason>) {
        let Some(leg) = self.legs.slot(&leg) else { return };
        if let Some(slot) = self.messages.slot(message) {
            self.delist(slot);
        }
        let slot = self.messages.place(message, leg, reason);
        self.enlist(slot);
    }

    /// Takes a message that is placed anew from where it was.
    fn delist(&mut self, slot: Slot) {
        let Some(leg) = self.messages.record(slot).leg else { return };
        let Some(home) = self.conversations.get_mut(&self.legs[leg].conversation) else { return };
        home.messages.retain(|other| *other != slot);
        home.last_message = home.messages.last().map(|last| self.messages.record(*last).at());
    }

    /// Puts a message that was said and placed among those of its conversation.
    pub(super) fn enlist(&mut self, slot: Slot) {
        let record = self.messages.record(slot);
        let Some(leg) = record.leg.filter(|_| record.is_said()) else { return };
        let home = self.conversations.get_mut(&self.legs[leg].conversation);
        let Some(home) = home else { return };
        let (at, id) = (record.at(), home.id);
        let last = home.messages.last().copied();
        if home.last_message.is_none_or(|last| last < at) {
            home.last_message = Some(at);
            home.messages.push(slot);
        } else {
            let order = |slot: &Slot| self.messages.record(*slot).order();
            if let Err(place) = home.messages.binary_search_by_key(&record.order(), order) {
                home.messages.insert(place, slot);
            }
        }
        if self.has_schedules() && !last.is_some_and(|last| self.goes_on(id, last, slot)) {
            self.reschedule(id);
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
        conversation.change_status(to, at);
        if to == Status::Closed {
            let customer = conversation.customer;
            self.closed_for(customer);
        }
        self.reschedule(id);
    }
}
