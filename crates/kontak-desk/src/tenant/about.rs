//! Whose accounts a record is about.

use super::{IdentityRecord, ReachRecord, Record, Tenant};
use kontak_conversation::{Actor, Event, EventBody};
use kontak_types::{ConversationId, LegId, TouchpointId};
use smallvec::SmallVec;

type Touchpoints = SmallVec<[TouchpointId; 2]>;

impl Tenant {
    pub(super) fn about(&mut self, record: &Record) -> Touchpoints {
        let mut about = SmallVec::new();
        match record {
            Record::Identity(IdentityRecord::Erased { .. }) => {}
            Record::Identity(IdentityRecord::Observed(observation)) => {
                let known = self.known(&observation.touchpoint);
                add(&mut about, known.map_or(observation.id, |known| known.touchpoint));
            }
            Record::Conversation(event) => self.add_about(event, &mut about),
            Record::Reach(
                ReachRecord::Heard { touchpoint, .. }
                | ReachRecord::Consent { touchpoint, .. }
                | ReachRecord::Sent { touchpoint, .. },
            ) => add(&mut about, *touchpoint),
            _ => {}
        }
        about
    }

    /// What is left of a record once somebody whom it is about was erased: all that a replay needs to
    /// lead to the same tenant. Of most that is nothing.
    pub(crate) fn without_words(&self, record: &Record) -> Option<Record> {
        match record {
            Record::Conversation(event) => {
                Some(Record::Conversation(Box::new(self.conversations.scrub(event))))
            }
            Record::Reach(ReachRecord::Sent { account, id, row, ids, .. }) => {
                let names = ids.iter().map(|name| self.native(account, name.as_str())).collect();
                Some(Record::Reach(ReachRecord::Named { id: *id, row: *row, names }))
            }
            _ => None,
        }
    }

    /// Of a conversation's event that holds words, or says whose they are.
    pub(super) fn add_about(&self, event: &Event, about: &mut Touchpoints) {
        match &event.body {
            EventBody::MessageSaid(message) => {
                if let Actor::Customer(touchpoint) = message.author {
                    add(about, touchpoint);
                }
            }
            EventBody::LegOpened(leg) => add(about, leg.touchpoint),
            EventBody::MessagePlaced { leg, .. } => self.add_leg(*leg, about),
            EventBody::RelationSeen(relation) => {
                // The message may be still to come.
                if let Actor::Customer(touchpoint) = event.actor {
                    add(about, touchpoint);
                }
                let target = self.conversations.message_named(relation.target);
                if let Some((leg, _)) = target.and_then(|message| message.place) {
                    self.add_leg(leg, about);
                }
            }
            EventBody::Promised { conversation, .. }
            | EventBody::Answered { conversation, .. }
            | EventBody::HandoverOffered { conversation, .. } => {
                self.add_conversation(*conversation, about);
            }
            _ => {}
        }
    }

    fn add_leg(&self, leg: LegId, about: &mut Touchpoints) {
        if let Some(leg) = self.conversations.leg(leg) {
            add(about, leg.touchpoint);
        }
    }

    fn add_conversation(&self, conversation: ConversationId, about: &mut Touchpoints) {
        for leg in self.conversations.legs(conversation) {
            add(about, leg.touchpoint);
        }
    }
}

fn add(about: &mut Touchpoints, touchpoint: TouchpointId) {
    if !about.contains(&touchpoint) {
        about.push(touchpoint);
    }
}
