//! What goes out.

mod error;
mod receipt;
mod wire;

pub use error::{RenderError, SendError, TransportError};
pub use receipt::{SendOutcome, SendReceipt};
pub use wire::{FrameRequest, HttpRequest, HttpResponse, MailRequest, WireRequest, WireResponse};

use crate::ProviderId;
use kontak_content::{Content, Written};
use kontak_types::TouchpointKey;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something to be said or done on a channel, towards one account.
///
/// ```
/// use kontak_channel::{Action, IdempotencyKey, Outbound};
/// use kontak_channel::content::Content;
/// use kontak_types::TouchpointKey;
///
/// let to = TouchpointKey::new("whatsapp", "shop-jakarta", "6281234567890");
/// let key = IdempotencyKey::new("0192f0c1-2345-7abc-8def-0123456789ab")?;
/// let outbound = Outbound::new(to, key, Action::Say(Content::plain("Yes, it is in stock.")?));
/// assert!(outbound.reply_to.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Outbound {
    /// To which account.
    pub to: TouchpointKey,
    /// By what it is recognised when it is sent again.
    pub key: IdempotencyKey,
    /// What.
    pub action: Action,
    /// The message that it answers, and those before it, the nearest first.
    pub references: Vec<ProviderId>,
    /// The thread that it belongs to.
    pub thread: Option<ProviderId>,
    /// Who is behind it.
    pub voice: Voice,
    /// The message that it answers, where the channel shows that.
    pub reply_to: Option<ProviderId>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// Say this: one message of a [`Plan`](crate::Plan).
    Say(Content),
    /// Say an earlier message in other words.
    Edit {
        /// Which message.
        target: ProviderId,
        /// What it says now.
        content: Content,
    },
    /// Take a message back.
    Delete {
        /// Which message.
        target: ProviderId,
    },
    /// React to a message.
    React {
        /// Which message.
        target: ProviderId,
        /// With what; nothing to take a reaction back.
        emoji: Option<Written>,
    },
    /// Tell that we have read everything up to a message.
    MarkRead {
        /// Which message.
        target: ProviderId,
    },
    /// Show that we write.
    ShowTyping {
        /// The message that we are about to answer, which some channels ask for.
        target: Option<ProviderId>,
    },
}

/// Who is behind a message. Some platforms give a person more time than a machine.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Voice {
    /// A person.
    #[default]
    Agent,
    /// A machine: a bot, a notification, an automatic answer.
    Machine,
}

impl Outbound {
    /// This action, towards this account, by a person.
    #[must_use]
    pub fn new(to: TouchpointKey, key: IdempotencyKey, action: Action) -> Self {
        Self {
            to,
            key,
            action,
            references: Vec::new(),
            thread: None,
            voice: Voice::Agent,
            reply_to: None,
        }
    }

    /// As the answer to a message.
    #[must_use]
    pub fn with_reply_to(self, message: ProviderId) -> Self {
        Self { reply_to: Some(message), ..self }
    }

    /// With one more message that it refers to, further away than those before.
    #[must_use]
    pub fn with_reference(mut self, reference: ProviderId) -> Self {
        self.references.push(reference);
        self
    }

    /// In a thread.
    #[must_use]
    pub fn with_thread(self, thread: ProviderId) -> Self {
        Self { thread: Some(thread), ..self }
    }

    /// With another one behind it.
    #[must_use]
    pub fn with_voice(self, voice: Voice) -> Self {
        Self { voice, ..self }
    }
}

/// By what a send is recognised when it is tried again: chosen by the caller, one per message, and
/// the same for each try. The id of the outbox row is a good one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdempotencyKey(kontak_content::FieldName);

impl IdempotencyKey {
    /// Takes the key as it is.
    ///
    /// # Errors
    /// Where it is empty, longer than 1,024 bytes or has control characters.
    pub fn new(key: impl Into<Box<str>>) -> Result<Self, kontak_content::NameError> {
        kontak_content::FieldName::new(key).map(Self)
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
