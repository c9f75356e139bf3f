use super::Conversations;
use crate::{Actor, Delivery, LegId, Message, PlacementReason};
use chrono::{DateTime, Utc};
use kontak_content::Content;
use kontak_types::{ConversationId, MessageId};

/// A message as it stands: what was said, and all that was reported of it since.
#[derive(Clone, Copy, Debug)]
pub struct MessageView<'a> {
    pub(crate) state: &'a Conversations,
    /// The message as it was said first.
    pub said: &'a Message,
    /// Where it stands, and why there.
    pub place: Option<(LegId, Option<PlacementReason>)>,
}

impl<'a> MessageView<'a> {
    fn changes(&self) -> Option<&'a crate::relation::Changes> {
        self.state.messages.get(&self.said.id)?.changes.as_deref()
    }

    /// What it says now; nothing once its author has taken it back.
    #[must_use]
    pub fn content(&self) -> Option<&'a Content> {
        let Some(changes) = self.changes() else { return Some(&self.said.content) };
        changes.deleted().is_none().then(|| changes.edit().unwrap_or(&self.said.content))
    }

    /// Whether its author has said it in other words.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        self.changes().is_some_and(|changes| changes.edit().is_some())
    }

    /// When its author took it back.
    #[must_use]
    pub fn deleted_at(&self) -> Option<DateTime<Utc>> {
        self.changes()?.deleted()
    }

    /// Who reacted, and with what.
    pub fn reactions(&self) -> impl Iterator<Item = (&'a Actor, &'a str)> {
        self.changes().into_iter().flat_map(crate::relation::Changes::reactions)
    }

    /// How far it has come, where a channel reported it.
    #[must_use]
    pub fn delivery(&self) -> Option<Delivery> {
        self.changes()?.delivery()
    }

    /// The message that it answers, if that was seen.
    #[must_use]
    pub fn answers(&self) -> Option<Self> {
        let target = self.state.by_native.get(&self.said.answers?)?;
        self.state.message(*target)
    }
}

impl Conversations {
    /// A message, if it was seen.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<MessageView<'_>> {
        let record = self.messages.get(&id)?;
        Some(MessageView { state: self, said: record.said.as_deref()?, place: record.place })
    }

    /// The messages of a conversation, in the order in which they were said.
    pub fn messages(&self, id: ConversationId) -> impl DoubleEndedIterator<Item = MessageView<'_>> {
        let messages = self.conversations.get(&id).map_or(&[][..], |one| &one.messages);
        messages.iter().filter_map(|(_, message)| self.message(*message))
    }
}
