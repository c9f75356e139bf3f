use super::{Conversation, Conversations};
use crate::{Event, EventBody, MessageChange};
use kontak_content::{Content, Written};
use kontak_types::{CommitmentId, MessageId};

impl Conversations {
    /// An event of the journal without the words that were taken out since. Whoever keeps a journal
    /// writes it anew with this after an erasure: replayed, it gives the same state.
    ///
    /// What was reported of messages that nobody has seen stays as it is.
    #[must_use]
    pub fn scrub(&self, event: &Event) -> Event {
        let mut event = event.clone();
        match &mut event.body {
            EventBody::MessageSaid(message) => self.scrub_content(message.id, &mut message.content),
            EventBody::RelationSeen(relation) => {
                if let Some(slot) = self.messages.named(relation.target) {
                    let id = self.messages.record(slot).id;
                    if let MessageChange::Edited(content) = &mut relation.change {
                        self.scrub_content(id, content);
                    }
                }
            }
            EventBody::Answered { answer, .. } => {
                self.scrub_answer(answer.message, &answer.question, &mut answer.answer);
            }
            EventBody::Promised { commitment, what, .. } => self.scrub_promise(*commitment, what),
            EventBody::HandoverOffered { handover, brief, .. } => {
                if let Some(known) = self.handover(*handover) {
                    **brief = known.brief.clone();
                }
            }
            EventBody::CaseOpened { case, title }
                if self.case(*case).is_some_and(|case| case.title.is_none()) =>
            {
                *title = None;
            }
            _ => {}
        }
        event
    }

    fn scrub_content(&self, id: MessageId, content: &mut Content) {
        if let Some(slot) = self.messages.slot(id) {
            self.messages.masked(slot).mask(content);
        }
    }

    fn scrub_answer(&self, message: MessageId, question: &str, words: &mut Option<Written>) {
        let home = self.home_of(message).and_then(|home| self.conversation(home));
        let is_gone = home.into_iter().flat_map(Conversation::answers).any(|known| {
            known.message == message && *known.question == *question && known.answer.is_none()
        });
        if is_gone {
            *words = None;
        }
    }

    fn scrub_promise(&self, id: CommitmentId, words: &mut Option<Written>) {
        if self.commitment(id).is_some_and(|promise| promise.what.is_none()) {
            *words = None;
        }
    }
}
