use super::Conversations;
use super::rows::Slot;
use crate::retention::Classes;
use crate::{Actor, DataClass, Delivery, LegId, Message, NativeId, PlacementReason, Relation};
use chrono::{DateTime, Utc};
use kontak_content::Content;
use kontak_types::{ConversationId, Language, MessageId};

/// A [`Message`] as it was said first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Said<'a> {
    /// Given by whoever recorded it first.
    pub id: MessageId,
    /// What the channel calls it.
    pub native: Option<NativeId>,
    /// Who said it.
    pub author: &'a Actor,
    /// When, by the channel's clock.
    pub at: DateTime<Utc>,
    /// The message that it answers, as the channel calls it.
    pub answers: Option<NativeId>,
    /// In which language, where that is known.
    pub language: Option<&'a Language>,
    /// What was said.
    pub content: &'a Content,
}

impl From<Said<'_>> for Message {
    fn from(said: Said<'_>) -> Self {
        Self {
            id: said.id,
            native: said.native,
            author: said.author.clone(),
            at: said.at,
            answers: said.answers,
            language: said.language.cloned(),
            content: said.content.clone(),
        }
    }
}

/// A message as it stands: what was said, and all that was reported of it since.
#[derive(Clone, Copy, Debug)]
pub struct MessageView<'a> {
    state: &'a Conversations,
    slot: Slot,
    /// The message as it was said first.
    pub said: Said<'a>,
    /// Where it stands, and why there.
    pub place: Option<(LegId, Option<PlacementReason>)>,
}

impl<'a> MessageView<'a> {
    fn changes(&self) -> Option<&'a crate::relation::Changes> {
        self.state.messages.changes(self.slot)
    }

    /// What it says now; nothing once its author has taken it back.
    #[must_use]
    pub fn content(&self) -> Option<&'a Content> {
        let Some(changes) = self.changes() else { return Some(self.said.content) };
        changes.deleted().is_none().then(|| changes.edit().unwrap_or(self.said.content))
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
        self.state.messages.delivery(self.slot)
    }

    /// All that was reported of it, as it stands now, where the channel calls it `native`.
    pub(crate) fn relations(&self, native: NativeId) -> Vec<Relation> {
        self.state.messages.all_changes(self.slot).relations(native)
    }

    /// The message that it answers, if that was seen, and is one of the same customer.
    #[must_use]
    pub fn answers(&self) -> Option<Self> {
        let answered = self.state.view(self.state.messages.named(self.said.answers?)?)?;
        let customer = |of: &Self| {
            let leg = self.state.leg(of.place?.0)?;
            Some(self.state.conversation(leg.conversation)?.customer)
        };
        (customer(self)? == customer(&answered)?).then_some(answered)
    }

    /// Whether anything of this class is in it.
    pub(crate) fn keeps(&self, class: DataClass) -> bool {
        let edit = self.changes().and_then(crate::relation::Changes::edit);
        let of_class = Classes::one(class);
        std::iter::once(self.said.content).chain(edit).any(|content| of_class.are_in(content))
    }
}

impl Conversations {
    /// A message, if it was seen.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<MessageView<'_>> {
        self.view(self.messages.slot(id)?)
    }

    /// The message that a channel calls so, if it was seen.
    #[must_use]
    pub fn message_named(&self, native: NativeId) -> Option<MessageView<'_>> {
        self.view(self.messages.named(native)?)
    }

    /// How far a message has come that nobody has seen under this name, where a channel reported it.
    #[must_use]
    pub fn reported_of(&self, native: NativeId) -> Option<Delivery> {
        self.waiting.get(&native)?.delivery()
    }

    /// The messages of a conversation, in the order in which they were said.
    pub fn messages(&self, id: ConversationId) -> impl DoubleEndedIterator<Item = MessageView<'_>> {
        let slots = self.conversations.get(&id).map_or(&[][..], |one| &one.messages);
        slots.iter().filter_map(|slot| self.view(*slot))
    }

    pub(crate) fn view(&self, slot: Slot) -> Option<MessageView<'_>> {
        let record = self.messages.record(slot);
        let place = record.leg.map(|leg| (self.legs[leg].id, record.reason));
        Some(MessageView { state: self, slot, said: self.messages.said(slot)?, place })
    }
}
