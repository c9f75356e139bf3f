//! A conversation as the shortest journal that makes it.

use super::{Conversation, Conversations};
use crate::{
    Actor, Commitment, CommitmentState, ContextBrief, Event, EventBody, Handover, HandoverState,
    MessageView, Priority,
};
use chrono::{DateTime, Utc};
use kontak_types::ConversationId;

impl Conversations {
    /// The events that make this conversation out of nothing: what was said and reported, and where
    /// the decisions have led. Applied to an empty state they give the same conversation again.
    ///
    /// What was decided and taken back since is not told, nor is what ties the conversation to
    /// others: links, cases, merges and splits, legal holds. Nothing if there is no such conversation.
    ///
    /// Complexity: O(what is in the conversation).
    #[must_use]
    pub fn retell(&self, id: ConversationId) -> Option<Vec<Event>> {
        let conversation = self.conversation(id)?;
        let mut tale = Tale::default();
        self.retell_opening(conversation, &mut tale);
        for message in self.messages(id) {
            retell_message(&message, &mut tale);
        }
        retell_standing(conversation, &mut tale);
        for promise in self.commitments(id) {
            retell_promise(promise, &mut tale);
        }
        for handover in conversation.handovers.iter().filter_map(|id| self.handover(*id)) {
            let Some(brief) = self.handed(handover.id) else { continue };
            retell_handover(handover, brief, &mut tale);
        }
        let (conversation, to) = (id, conversation.agent);
        tale.system(self.conversation(id)?.since, EventBody::Assigned { conversation, to });
        Some(tale.events)
    }

    fn retell_opening(&self, known: &Conversation, tale: &mut Tale) {
        let (conversation, customer, since) = (known.id, known.customer, known.opened_at);
        tale.system(since, EventBody::ConversationOpened { conversation, customer, since });
        for labelling in known.labels() {
            let (at, labelling) = (labelling.at, labelling.clone());
            tale.system(at, EventBody::Labelled { conversation, labelling });
        }
        for leg in self.legs(conversation) {
            tale.system(since, EventBody::LegOpened(leg.clone()));
        }
    }
}

/// What is told so far.
#[derive(Default)]
struct Tale {
    events: Vec<Event>,
}

impl Tale {
    fn tell(&mut self, at: DateTime<Utc>, actor: &Actor, body: EventBody) {
        self.events.push(Event::new(at, actor.clone(), body));
    }

    fn system(&mut self, at: DateTime<Utc>, body: EventBody) {
        self.tell(at, &Actor::System, body);
    }
}

fn retell_message(message: &MessageView<'_>, tale: &mut Tale) {
    let (said, at) = (message.said, message.said.at);
    tale.tell(at, said.author, EventBody::MessageSaid(said.into()));
    if let Some((leg, reason)) = message.place {
        let placed = EventBody::MessagePlaced { message: said.id, leg, reason };
        tale.tell(at, said.author, placed);
    }
    let Some(native) = said.native else { return };
    for relation in message.relations(native) {
        tale.system(relation.at, EventBody::RelationSeen(relation));
    }
}

fn retell_standing(known: &Conversation, tale: &mut Tale) {
    let conversation = known.id;
    let mut from = None;
    for (since, to) in known.history() {
        if let Some(from) = from.replace(to) {
            tale.system(since, EventBody::StatusChanged { conversation, from, to, since });
        }
    }
    for (episode, since) in (0..).zip(known.episodes()).skip(1) {
        tale.system(since, EventBody::EpisodeBegan { conversation, episode, since });
    }
    let priority = known.priority();
    if priority != Priority::default() {
        tale.system(known.since, EventBody::PrioritySet { conversation, priority });
    }
    for one in known.let_in() {
        let who = one.who.clone();
        tale.system(one.joined, EventBody::ParticipantJoined { conversation, who });
        if let Some(left) = one.left {
            let who = one.who.clone();
            tale.system(left, EventBody::ParticipantLeft { conversation, who });
        }
    }
    for breach in known.breaches() {
        let (at, breach) = (breach.due, breach.clone());
        tale.system(at, EventBody::SlaBreached { conversation, breach });
    }
    for answer in known.answers() {
        let at = answer.at;
        tale.system(at, EventBody::Answered { conversation, answer: answer.clone() });
    }
}

fn retell_promise(promise: &Commitment, tale: &mut Tale) {
    let commitment = promise.id;
    let mut dues = promise.renegotiated.iter().copied().chain([promise.due]);
    let promised = EventBody::Promised {
        commitment,
        conversation: promise.conversation,
        what: promise.what.clone(),
        due: dues.next().unwrap_or(promise.due),
        message: promise.message,
    };
    let made = promise.made_at;
    tale.tell(made, &promise.by, promised);
    for due in dues {
        tale.system(made, EventBody::PromiseRenegotiated { commitment, due });
    }
    match promise.state {
        CommitmentState::Open => {}
        CommitmentState::Kept { at } => tale.system(at, EventBody::PromiseKept { commitment }),
        CommitmentState::Withdrawn { at } => {
            tale.system(at, EventBody::PromiseWithdrawn { commitment });
        }
        CommitmentState::Broken { at, kept } => {
            tale.system(at, EventBody::PromiseBroken { commitment, due: at });
            if let Some(at) = kept {
                tale.system(at, EventBody::PromiseKept { commitment });
            }
        }
    }
}

fn retell_handover(known: &Handover, brief: ContextBrief, tale: &mut Tale) {
    let (handover, conversation, at) = (known.id, known.conversation, known.offered_at);
    tale.system(at, EventBody::Assigned { conversation, to: known.from });
    let (to, kind, brief) = (known.to, known.kind, Box::new(brief));
    let offered = EventBody::HandoverOffered { handover, conversation, to, kind, brief };
    tale.system(at, offered);
    match &known.state {
        HandoverState::Offered => {}
        HandoverState::Accepted { by, at } => {
            tale.system(*at, EventBody::HandoverAccepted { handover, by: *by });
        }
        HandoverState::Declined { by, at } => {
            tale.tell(*at, by, EventBody::HandoverDeclined { handover });
        }
    }
}
