use crate::{Actor, NativeId};
use chrono::{DateTime, Utc};
use kontak_content::Content;
use kontak_types::{Language, MessageId};
use serde::{Deserialize, Serialize};

/// A message as it was said: a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// Given by whoever recorded it first.
    pub id: MessageId,
    /// What the channel calls it; nothing for a note, or before the channel has taken it.
    pub native: Option<NativeId>,
    /// Who said it.
    pub author: Actor,
    /// When, by the channel's clock; to the microsecond.
    pub at: DateTime<Utc>,
    /// The message that it answers, as the channel calls it.
    pub answers: Option<NativeId>,
    /// In which language, where that is known.
    pub language: Option<Language>,
    /// What was said.
    pub content: Content,
}

impl Message {
    /// `author` said `content` at this time.
    #[must_use]
    pub const fn new(id: MessageId, author: Actor, at: DateTime<Utc>, content: Content) -> Self {
        Self { id, native: None, author, at, answers: None, language: None, content }
    }
}
