//! A vCon as a conversation.

use super::document::Vcon;
use super::export::{CONTENT, JOURNAL, NOTE, message_of};
use super::foreign;
use crate::state::Conversations;
use crate::{Event, EventBody};
use kontak_content::Content;
use kontak_types::uuid::Uuid;
use kontak_types::{ConversationId, MessageId};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use thiserror::Error;

/// A conversation that was read out of a vCon.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "the events are not part of the state until they are applied"]
#[non_exhaustive]
pub struct Imported {
    /// Which.
    pub conversation: ConversationId,
    /// The events that make it: append them to the journal, and apply them.
    pub events: Vec<Event>,
    /// What was not taken over, as places in the document. Only documents of others have such.
    pub left_out: Vec<String>,
}

/// Why a vCon is not taken over.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The journal that we once wrote into it is not as we write it.
    #[error("/attachments/{attachment}: the journal is not one that this release writes")]
    Journal {
        /// The place of the journal among the attachments.
        attachment: usize,
    },
    /// A message of the journal says nothing anywhere in the document.
    #[error("message {message} of the journal stands neither in a dialog nor in an attachment")]
    Silent {
        /// The message.
        message: MessageId,
    },
    /// The conversation, or something in it, is here already.
    #[error("the id of this {what} is taken: the document was imported before")]
    IdTaken {
        /// Of what.
        what: &'static str,
    },
    /// There is nobody in it who could be the customer.
    #[error("/parties: expected a customer, and somebody in a dialog who can be taken for one")]
    NoCustomer,
}

impl Conversations {
    /// Reads a vCon as a conversation: its events, for the journal. One that
    /// [`vcon`](Self::vcon) wrote for ourselves gives back the conversation that it was made of, and
    /// exporting that gives the same document.
    ///
    /// Of a document by others it takes texts, calls with holds, calls that never came to be,
    /// transfers and promises; `fresh` makes the ids, and `left_out` names what was not taken. The
    /// bytes of media stay in the document: where a recording lies is kept, an inline one is left
    /// out.
    ///
    /// # Errors
    /// Where it was imported before, our own journal was tampered with, or nobody in it can be the
    /// customer.
    pub fn import(
        &self,
        vcon: &Vcon,
        fresh: &mut dyn FnMut() -> Uuid,
    ) -> Result<Imported, ImportError> {
        let journals =
            |attachment: &&super::Attachment| attachment.purpose.as_deref() == Some(JOURNAL);
        let place = vcon.attachments.iter().position(|attachment| journals(&attachment));
        let imported = match place {
            Some(attachment) => own(vcon, attachment)?,
            None => foreign::read(vcon, fresh)?,
        };
        self.is_new(&imported)?;
        Ok(imported)
    }

    fn is_new(&self, imported: &Imported) -> Result<(), ImportError> {
        for event in &imported.events {
            let taken = match &event.body {
                EventBody::ConversationOpened { conversation, .. } => {
                    self.conversation(*conversation).map(|_| "conversation")
                }
                EventBody::LegOpened(leg) => self.leg(leg.id).map(|_| "leg"),
                EventBody::MessageSaid(message) => {
                    let native = message.native.and_then(|native| self.messages.named(native));
                    (native.is_some() || self.message(message.id).is_some()).then_some("message")
                }
                EventBody::Promised { commitment, .. } => {
                    self.commitment(*commitment).map(|_| "commitment")
                }
                EventBody::HandoverOffered { handover, .. } => {
                    self.handover(*handover).map(|_| "handover")
                }
                _ => None,
            };
            if let Some(what) = taken {
                return Err(ImportError::IdTaken { what });
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Journal {
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Exact {
    message: MessageId,
    content: Content,
}

/// A document of our own: the journal, and what the messages in it say.
fn own(vcon: &Vcon, attachment: usize) -> Result<Imported, ImportError> {
    let wrong = || ImportError::Journal { attachment };
    let body = |attachment: &super::Attachment| attachment.content.value().unwrap_or(Value::Null);
    let journal = vcon.attachments.get(attachment).map(body).ok_or_else(wrong)?;
    let mut events = Journal::deserialize(journal).map_err(|_| wrong())?.events;
    let mut says: BTreeMap<MessageId, Content> = BTreeMap::new();
    for dialog in &vcon.dialog {
        let text = dialog.content.payload().and_then(|text| String::from_utf8(text).ok());
        if let (Some(message), Some(text)) = (message_of(dialog), text) {
            says.extend(Content::plain(text).ok().map(|content| (message, content)));
        }
    }
    let exact = vcon.attachments.iter().filter(|attachment| {
        attachment.purpose.as_deref().is_some_and(|purpose| [NOTE, CONTENT].contains(&purpose))
    });
    for attachment in exact {
        let exact = Exact::deserialize(body(attachment)).map_err(|_| wrong())?;
        says.insert(exact.message, exact.content);
    }
    let mut conversation = None;
    for event in &mut events {
        match &mut event.body {
            EventBody::ConversationOpened { conversation: id, .. } => conversation = Some(*id),
            EventBody::MessageSaid(said) => {
                let message = said.id;
                said.content = says.remove(&message).ok_or(ImportError::Silent { message })?;
            }
            _ => {}
        }
    }
    let conversation = conversation.ok_or_else(wrong)?;
    // Whoever writes into the document cannot have us apply anything but one conversation.
    let mut alone = Conversations::new();
    events.iter().for_each(|event| alone.apply(event));
    if alone.retell(conversation).as_ref() != Some(&events) {
        return Err(wrong());
    }
    Ok(Imported { conversation, events, left_out: Vec::new() })
}
