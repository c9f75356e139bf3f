use crate::Reopening;
use chrono::TimeDelta;
use kontak_content::PartKind;
use thiserror::Error;

/// Why a send did not succeed, named by what the caller can do. No message holds a secret or what
/// was to be said; `code` is the provider's, for its documentation.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SendError {
    /// Our account or settings are wrong; nothing will go out until somebody mends them.
    #[error("the channel is not set up: {what} (code {code})")]
    Config {
        /// What is missing or wrong.
        what: &'static str,
        /// The provider's code.
        code: Box<str>,
    },
    /// This message cannot be sent as it is: plan it anew, or drop it.
    #[error("the message cannot be sent as it is (code {code})")]
    Invalid {
        /// The provider's code, or what was wrong with it here.
        code: Box<str>,
    },
    /// The token was refused: get a new one, then try again.
    #[error("the provider does not accept our token (code {code})")]
    Unauthorized {
        /// The provider's code.
        code: Box<str>,
    },
    /// The customer has not written for too long.
    #[error("the service window is closed; reopened by {reopened_by:?}")]
    WindowClosed {
        /// What may go out.
        reopened_by: Reopening,
    },
    /// The customer wants no messages from us.
    #[error("the customer wants no messages (code {code})")]
    OptedOut {
        /// The provider's code.
        code: Box<str>,
    },
    /// Too much at once: wait, then try again.
    #[error("too many messages at once")]
    Throttled {
        /// How long the provider wants us to wait.
        retry_after: Option<TimeDelta>,
    },
    /// Nothing was taken, and trying again may help.
    #[error("the provider could not take it just now (code {code})")]
    Transient {
        /// The provider's code, or the status of its answer.
        code: Box<str>,
    },
    /// The provider has looked at it and will not do it; trying again does not help.
    #[error("the provider refuses it (code {code})")]
    Rejected {
        /// The provider's code.
        code: Box<str>,
    },
    /// It may have gone out, or not: the answer was lost after the message was written. Sending it
    /// again may double it, so look it up by its key, or wait for a receipt, first.
    #[error("nobody knows whether the message was sent: {what}")]
    Ambiguous {
        /// What was lost.
        what: &'static str,
    },
}

impl SendError {
    /// Whether the same message may be tried again by itself, without doubling it.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::Transient { .. })
    }
}

/// Why a transport brought back no answer. The difference is whether the other side may have acted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TransportError {
    /// Nothing that the other side acts on was written: no address, no connection, no handshake.
    #[error("no connection to the provider: nothing was sent")]
    NotSent,
    /// Not one byte was written, and none will be until somebody mends the settings.
    #[error("the transport is not set up: {what}")]
    Misconfigured {
        /// What is missing or wrong.
        what: &'static str,
    },
    /// Something was written, and no whole answer came.
    #[error("the connection broke after the request was begun")]
    Interrupted,
    /// Something was written, and the answer did not come in time.
    #[error("the provider did not answer in time")]
    TimedOut,
    /// This transport does not carry requests of this kind.
    #[error("this transport does not carry such a request")]
    Unsupported,
}

impl From<TransportError> for SendError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::NotSent => Self::Transient { code: "no connection".into() },
            TransportError::Interrupted => Self::Ambiguous { what: "the connection broke" },
            TransportError::TimedOut => Self::Ambiguous { what: "no answer in time" },
            TransportError::Misconfigured { what } => Self::Config { what, code: "setup".into() },
            TransportError::Unsupported => {
                Self::Config { what: "the transport", code: "unsupported request".into() }
            }
        }
    }
}

/// Why something cannot be written in the form of a channel. What comes out of the planner can be,
/// so this is a message that was not planned for this channel.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The channel has no such part.
    #[error("the channel cannot carry a part of kind {0}")]
    Part(PartKind),
    /// A message has no part, or more than the channel takes in one.
    #[error("the message has {parts} parts: the channel takes {expected}")]
    Parts {
        /// How many there are.
        parts: usize,
        /// How many there should be.
        expected: &'static str,
    },
    /// The channel cannot do this.
    #[error("the channel cannot {0}")]
    Action(&'static str),
    /// Something is longer than the channel takes.
    #[error("{0} is longer than the channel takes")]
    TooLong(&'static str),
    /// A medium lies only in our own storage: give it an address, or upload it first.
    #[error("a medium has neither an address nor a reference of the provider")]
    MediaNotReachable,
    /// The account that it goes to is none of this channel.
    #[error("the recipient is not an account on this channel: expected {0}")]
    Recipient(&'static str),
    /// Something could not be written.
    #[error("{0} cannot be written in the form of the channel")]
    Unwritable(&'static str),
}

impl From<RenderError> for SendError {
    fn from(error: RenderError) -> Self {
        Self::Invalid { code: error.to_string().into() }
    }
}

impl SendError {
    /// What an HTTP status means where the provider says no more; nothing where it is a success.
    ///
    /// A failure inside the other side (500, 502, 504) or a request that took too long (408) is
    /// ambiguous: the message may be out. Only 503 says that nothing was taken.
    #[must_use]
    pub fn of_http(response: &super::HttpResponse) -> Option<Self> {
        let status = response.status;
        if status.is_success() {
            return None;
        }
        let code: Box<str> = status.as_str().into();
        Some(match status.as_u16() {
            401 | 403 => Self::Unauthorized { code },
            429 => Self::Throttled { retry_after: response.retry_after() },
            503 => Self::Transient { code },
            408 | 500 | 502 | 504.. => Self::Ambiguous { what: "the provider failed on the way" },
            _ => Self::Rejected { code },
        })
    }
}
