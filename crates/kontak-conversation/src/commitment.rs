use crate::{Actor, CommitmentId};
use chrono::{DateTime, Utc};
use kontak_content::Written;
use kontak_types::{ConversationId, MessageId};
use serde::{Deserialize, Serialize};

/// Something that was promised to the customer. It stays with the conversation through every
/// transfer until it is kept, broken or withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Commitment {
    /// Its id.
    pub id: CommitmentId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// Who promised.
    pub by: Actor,
    /// What; nothing once that was erased.
    pub what: Option<Written>,
    /// By when.
    pub due: DateTime<Utc>,
    /// The message that says so, if it was said in one.
    pub message: Option<MessageId>,
    /// When it was promised.
    pub made_at: DateTime<Utc>,
    /// What became of it.
    pub state: CommitmentState,
    /// The dates that it had before, the oldest first.
    pub renegotiated: Vec<DateTime<Utc>>,
}

/// What became of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CommitmentState {
    /// It is still to be kept.
    Open,
    /// It was kept.
    Kept {
        /// When.
        at: DateTime<Utc>,
    },
    /// It came due and was not kept. It may still be kept afterwards: late.
    Broken {
        /// When it came due.
        at: DateTime<Utc>,
        /// When it was kept after all.
        kept: Option<DateTime<Utc>>,
    },
    /// It was taken back before it came due.
    Withdrawn {
        /// When.
        at: DateTime<Utc>,
    },
}

impl CommitmentState {
    /// Whether it is still to be kept: open, or broken and not made good.
    #[must_use]
    pub const fn is_outstanding(self) -> bool {
        matches!(self, Self::Open | Self::Broken { kept: None, .. })
    }
}
