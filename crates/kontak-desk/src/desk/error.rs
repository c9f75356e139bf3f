use crate::{ActionError, SettingsError};
use kontak_channel::{ParseError, VerifyError};
use kontak_storage::{
    AcceptError, AppendError, Fault, PartError, PartName, PublishError, WriteError,
};
use thiserror::Error;

/// Why a request of a provider was not taken in. [`status`](Self::status) is what to answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InboundError {
    /// There is no account of this name.
    #[error("there is no account of this name")]
    NoAccount,
    /// It does not come from the provider.
    #[error(transparent)]
    NotVerified(#[from] VerifyError),
    /// It is not of the channel's form.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// It cannot be kept just now: the provider is to send it again.
    #[error("it cannot be kept")]
    Store(#[from] AcceptError),
}

impl InboundError {
    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::NoAccount => 404,
            Self::NotVerified(_) => 401,
            Self::Parse(_) => 400,
            Self::Store(AcceptError::TooLarge(_)) => 413,
            Self::Store(_) => 503,
        }
    }
}

/// Why the desk did not do something.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeskError {
    /// It is not allowed, and why.
    #[error(transparent)]
    Action(#[from] ActionError),
    /// Another process has this tenant. Ask there, or again later.
    #[error("this process does not own the tenant")]
    NotOwner,
    /// Too much waits to be done. Try again.
    #[error("the desk has too much to do")]
    Busy,
    /// It was not stored, as far as is known, and so has not happened.
    #[error("it could not be stored")]
    NotStored,
    /// The desk was shut down.
    #[error("the desk is shut down")]
    Closed,
}

/// Why a tenant cannot be run here.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Fault),
    /// A snapshot was replaced while it was read, again and again.
    #[error(transparent)]
    Part(#[from] PartError),
    /// The journal holds an event that this release cannot read.
    #[error("event {position} of the journal, of kind {kind}, cannot be read: {what}")]
    Event {
        /// Where it stands.
        position: u64,
        /// Its kind.
        kind: String,
        /// What is wrong with it.
        what: String,
    },
}

/// Why an owner stops.
#[derive(Debug, Error)]
pub(crate) enum Lost {
    #[error("another process has taken the tenant")]
    Fenced,
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("a step could not be stored")]
    Append(#[source] AppendError),
    #[error("the store failed")]
    Store(#[from] Fault),
    #[error("the snapshot could not be written")]
    Snapshot,
    #[error(
        "part {0} of the snapshot cannot be read, and nothing can be decided without it: the journal is replayed"
    )]
    Unreadable(PartName),
}

impl From<AppendError> for Lost {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Fenced { .. } => Self::Fenced,
            other => Self::Append(other),
        }
    }
}

impl From<WriteError> for Lost {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Fenced { .. } => Self::Fenced,
            WriteError::Failed(fault) => Self::Store(fault),
            // A part of a snapshot is cut to size, so this is a fault of the store.
            _ => Self::Store(Fault::corrupt("a part of a snapshot was refused for its size")),
        }
    }
}

impl From<PublishError> for Lost {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Write(error) => error.into(),
            PublishError::Position { .. } => {
                Self::Store(Fault::corrupt("the snapshot is older than the one that counts"))
            }
            _ => Self::Store(Fault::corrupt("the snapshot was refused")),
        }
    }
}
