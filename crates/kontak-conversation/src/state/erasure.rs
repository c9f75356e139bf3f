use super::Conversations;
use crate::retention::Classes;
use crate::{DataClass, Event, EventBody};
use kontak_types::{ConversationId, MessageId};
use std::collections::BTreeSet;

/// Whose words are taken out of what was noted in a conversation.
#[derive(Clone, Copy)]
enum Noted<'a> {
    All,
    In(&'a BTreeSet<MessageId>),
}

impl Noted<'_> {
    fn takes(self, message: Option<MessageId>) -> bool {
        match self {
            Self::All => true,
            Self::In(messages) => message.is_some_and(|message| messages.contains(&message)),
        }
    }
}

impl Conversations {
    /// Legal holds, and what is taken out.
    pub(super) fn apply_erasure(&mut self, event: &Event) {
        match &event.body {
            EventBody::LegalHoldPlaced { conversation, matter } => {
                if let Some(known) = self.conversations.get_mut(conversation) {
                    known.change(|facets| {
                        if let Err(place) = facets.matters.binary_search(matter) {
                            facets.matters.insert(place, matter.clone());
                        }
                    });
                }
                self.reschedule(*conversation);
            }
            EventBody::LegalHoldReleased { conversation, matter } => {
                if let Some(known) = self.conversations.get_mut(conversation) {
                    known.change(|facets| facets.matters.retain(|one| one != matter));
                }
                self.reschedule(*conversation);
            }
            EventBody::MessageRedacted { message } => {
                self.mask(&[*message], Classes::ALL);
            }
            EventBody::TouchpointsErased { touchpoints, messages, conversations } => {
                self.erased.extend(touchpoints);
                self.messages.drop_reactions(&self.erased);
                for changes in self.waiting.values_mut() {
                    changes.drop_reactions(&self.erased);
                }
                self.preferences.retain(|touchpoint, _| !touchpoints.contains(touchpoint));
                self.mask(messages, Classes::ALL);
                for conversation in conversations {
                    self.blank(*conversation, Noted::All);
                    self.reschedule(*conversation);
                }
                let gone = |id: &ConversationId| conversations.contains(id);
                for case in self.cases.values_mut() {
                    if !case.conversations.is_empty() && case.conversations.iter().all(gone) {
                        case.title = None;
                    }
                }
            }
            EventBody::RetentionEnded { conversation, class, messages, .. } => {
                for message in messages {
                    self.messages.mask(*message, Classes::one(*class));
                }
                if *class == DataClass::Answers {
                    self.blank(*conversation, Noted::All);
                }
                self.reschedule(*conversation);
            }
            _ => {}
        }
    }

    /// Takes the words out of messages, and of what was noted of them.
    fn mask(&mut self, messages: &[MessageId], classes: Classes) {
        for message in messages {
            self.messages.mask(*message, classes);
        }
        let homes: BTreeSet<ConversationId> =
            messages.iter().filter_map(|message| self.home_of(*message)).collect();
        let messages: BTreeSet<MessageId> = messages.iter().copied().collect();
        for home in homes {
            self.blank(home, Noted::In(&messages));
            self.reschedule(home);
        }
    }

    fn blank(&mut self, conversation: ConversationId, noted: Noted<'_>) {
        let Some(known) = self.conversations.get_mut(&conversation) else { return };
        for answer in &mut known.answers {
            if noted.takes(Some(answer.message)) {
                answer.answer = None;
            }
        }
        for id in &known.commitments {
            if let Some(promise) = self.commitments.get_mut(id)
                && noted.takes(promise.message)
            {
                promise.what = None;
            }
        }
        for id in &known.handovers {
            let Some(brief) = self.handovers.get_mut(id).map(|handover| &mut handover.brief) else {
                continue;
            };
            // The giver's own words may be about any message.
            brief.wants = None;
            for answer in brief.answers.iter_mut().filter(|it| noted.takes(Some(it.message))) {
                answer.answer = None;
            }
            for promise in brief.commitments.iter_mut().filter(|it| noted.takes(it.message)) {
                promise.what = None;
            }
        }
    }
}
