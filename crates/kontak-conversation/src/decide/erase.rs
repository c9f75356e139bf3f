//! What is taken out, and what stands against it.

use crate::state::{Conversations, Packed};
use crate::{Conversation, DataClass, EventBody, LegId, Rejected};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_types::{ConversationId, CustomerId, MessageId, TouchpointId};
use std::collections::BTreeSet;

impl Conversations {
    pub(super) fn hold(
        &self,
        conversation: ConversationId,
        matter: Box<str>,
    ) -> Result<Vec<EventBody>, Rejected> {
        let is_held = self.known(conversation)?.matters().contains(&matter);
        Ok(if is_held {
            Vec::new()
        } else {
            vec![EventBody::LegalHoldPlaced { conversation, matter }]
        })
    }

    pub(super) fn release(
        &self,
        conversation: ConversationId,
        matter: Box<str>,
    ) -> Result<Vec<EventBody>, Rejected> {
        let is_held = self.known(conversation)?.matters().contains(&matter);
        Ok(if is_held {
            vec![EventBody::LegalHoldReleased { conversation, matter }]
        } else {
            Vec::new()
        })
    }

    pub(super) fn redact(&self, message: MessageId) -> Result<Vec<EventBody>, Rejected> {
        let view = self.message(message).ok_or(Rejected::NoMessage(message))?;
        let home = view.place.and_then(|(leg, _)| self.leg(leg));
        if let Some(home) = home.and_then(|leg| self.conversation(leg.conversation)) {
            Self::not_held(home)?;
        }
        Ok(vec![EventBody::MessageRedacted { message }])
    }

    pub(super) fn erase_touchpoint(
        &self,
        touchpoint: TouchpointId,
    ) -> Result<Vec<EventBody>, Rejected> {
        let is_known = self.erased.contains(&touchpoint);
        if is_known { Ok(Vec::new()) } else { self.erase(&[touchpoint].into()) }
    }

    pub(super) fn erase_customer(&self, customer: CustomerId) -> Result<Vec<EventBody>, Rejected> {
        let touchpoints = self.touchpoints_of(customer);
        if touchpoints.iter().all(|touchpoint| self.erased.contains(touchpoint)) {
            return Ok(Vec::new());
        }
        self.erase(&touchpoints)
    }

    /// Whose legs are in the conversations of a customer.
    pub(super) fn touchpoints_of(&self, customer: CustomerId) -> BTreeSet<TouchpointId> {
        let here = self.of_customer(customer).flat_map(|known| self.legs(known.id));
        let evicted = self.shelf.of(customer).flat_map(|stub| stub.read().legs());
        here.map(|leg| leg.touchpoint).chain(evicted.map(|(touchpoint, _)| touchpoint)).collect()
    }

    fn erase(&self, touchpoints: &BTreeSet<TouchpointId>) -> Result<Vec<EventBody>, Rejected> {
        let theirs =
            |leg: &LegId| self.leg(*leg).is_some_and(|leg| touchpoints.contains(&leg.touchpoint));
        let (mut messages, mut conversations) = (Vec::new(), Vec::new());
        for known in self.all_with(touchpoints) {
            Self::not_held(known)?;
            let said = self
                .messages(known.id)
                .filter(|message| message.place.is_some_and(|(leg, _)| theirs(&leg)));
            messages.extend(said.map(|message| message.said.id));
            if self.legs(known.id).all(|leg| touchpoints.contains(&leg.touchpoint)) {
                conversations.push(known.id);
            }
        }
        let touchpoints = touchpoints.iter().copied().collect();
        Ok(vec![EventBody::TouchpointsErased { touchpoints, messages, conversations }])
    }

    /// When what is kept of a conversation was, or will have been, kept long enough: by class.
    pub(crate) fn retentions<'a>(
        &'a self,
        known: &'a Conversation,
    ) -> impl Iterator<Item = (DateTime<Utc>, DataClass)> + 'a {
        let is_due = !known.status.is_active() && known.matters().is_empty();
        let days = self.policy.retention.days.iter().filter(move |_| is_due);
        days.filter(|(class, _)| self.keeps(known, **class)).filter_map(|(class, days)| {
            Some((known.since.checked_add_signed(TimeDelta::days((*days).into()))?, *class))
        })
    }

    /// The same of one that is evicted.
    pub(crate) fn retentions_of(&self, stub: Packed<'_>) -> impl Iterator<Item = DateTime<Utc>> {
        let (since, keeps) = (stub.since(), stub.keeps());
        let days = self.policy.retention.days.iter().filter(move |_| !stub.is_held());
        days.filter(move |(class, _)| keeps.contains(**class))
            .filter_map(move |(_, days)| since.checked_add_signed(TimeDelta::days((*days).into())))
    }

    pub(crate) fn keeps(&self, known: &Conversation, class: DataClass) -> bool {
        if class == DataClass::Answers {
            return self.keeps_answers(known);
        }
        self.messages(known.id).any(|message| message.keeps(class))
    }

    fn keeps_answers(&self, known: &Conversation) -> bool {
        let briefs = known.handovers.iter().filter_map(|id| self.handover(*id));
        known.answers.iter().any(|answer| answer.answer.is_some())
            || self.commitments(known.id).any(|promise| promise.what.is_some())
            || briefs.map(|handover| &handover.brief).any(|brief| {
                brief.wants.is_some()
                    || brief.answers.iter().any(|answer| answer.answer.is_some())
                    || brief.commitments.iter().any(|promise| promise.what.is_some())
            })
    }

    /// What goes at the end of a retention.
    pub(super) fn retention_ended(
        &self,
        known: &Conversation,
        class: DataClass,
        due: DateTime<Utc>,
    ) -> EventBody {
        let kept = self.messages(known.id).filter(|message| message.keeps(class));
        let messages = kept.map(|message| message.said.id).collect();
        EventBody::RetentionEnded { conversation: known.id, class, messages, due }
    }
}
