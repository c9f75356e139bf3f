//! Conversations that become one, or two, and what goes where when that is undone.

use crate::LegId;
use crate::phrase::PHRASES;
use chrono::{DateTime, Utc};
use kontak_types::Phrases;
use kontak_types::{
    CommitmentId, ConversationId, CustomerId, HandoverId, Language, MessageId, TouchpointId,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What goes from one conversation into another: all that its inverse needs.
///
/// What comes later goes by leg and time. A message stands where its leg stands. One that comes
/// later is placed as any other: in the conversation that it refers to, else in the one in which
/// somebody spoke last, on the leg of its account there; an account without one gets a leg of that
/// conversation. When a merge or a split is undone, each leg goes back to where it was with all that
/// was said on it since, answers and promises that stand in those messages included. What hangs on
/// no message stays where it was recorded after a merge, and comes back after a split.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Moved {
    /// Legs, with all that was and will be said on them.
    pub legs: Vec<LegId>,
    /// Messages that go to another leg, and to which.
    pub messages: Vec<(MessageId, LegId)>,
    /// Promises.
    pub commitments: Vec<CommitmentId>,
    /// Handovers.
    pub handovers: Vec<HandoverId>,
}

/// A conversation of which all is in another one now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Absorbed {
    /// Where it is.
    pub into: ConversationId,
    /// What was in it, and goes back when the merge is undone; nothing where it was split off that
    /// conversation, and the split was undone.
    pub moved: Option<Moved>,
}

/// A split that can be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Parted {
    /// Of which conversation.
    pub(crate) from: ConversationId,
    pub(crate) moved: Moved,
    /// Where the messages that went to another leg were before.
    pub(crate) were: Vec<(MessageId, LegId)>,
    /// In which order things stood in the other conversation.
    pub(crate) order: Order,
}

/// In which order things stand in a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) commitments: Vec<CommitmentId>,
    pub(crate) handovers: Vec<HandoverId>,
    pub(crate) answers: Vec<(MessageId, Box<str>)>,
}

/// What a conversation is split by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SplitBy {
    /// These legs go into a conversation of their own, whole.
    Legs(Vec<LegId>),
    /// This message and what was said on its leg after it go: a mail whose subject is another one.
    From {
        /// The message.
        message: MessageId,
        /// The id of the leg that they stand on afterwards.
        new_leg: LegId,
    },
}

/// Why somebody should look through a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Review {
    /// Its customer turned out to be two people, and it was split. Notes, briefs and promises that
    /// stand in no message are in the other conversation, where the one who opened it is.
    Parted {
        /// The other conversation.
        from: ConversationId,
        /// When.
        at: DateTime<Utc>,
    },
}

impl Review {
    /// The reason in a language; English where there are no phrases in it.
    #[must_use]
    pub fn text(&self, language: &Language) -> String {
        self.say(PHRASES.of(language))
    }

    fn say(&self, phrases: Phrases) -> String {
        match self {
            Self::Parted { from, .. } => phrases.fill("parted", &[("from", from.to_string())]),
        }
    }
}

impl fmt::Display for Review {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(PHRASES.english()))
    }
}

/// Two customers that turned out to be one, or one that turned out to be two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Customers {
    /// Whose conversations go.
    pub from: CustomerId,
    /// Whose they are now.
    pub into: CustomerId,
    /// Which go, whole.
    pub conversations: Vec<ConversationId>,
    /// By whose accounts, where one customer became two.
    pub touchpoints: Vec<TouchpointId>,
}
