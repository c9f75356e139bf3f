use crate::{CommitmentId, HandoverId, LegId, StatusKind};
use kontak_types::{ConversationId, MessageId};

/// Why a command changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejected {
    /// There is no such conversation.
    #[error("there is no conversation {0}")]
    NoConversation(ConversationId),
    /// There is no such leg.
    #[error("there is no leg {0}")]
    NoLeg(LegId),
    /// There is no such message in the conversation.
    #[error("there is no message {0} in the conversation")]
    NoMessage(MessageId),
    /// There is no such promise.
    #[error("there is no commitment {0}")]
    NoCommitment(CommitmentId),
    /// There is no such handover.
    #[error("there is no handover {0}")]
    NoHandover(HandoverId),
    /// The id was given to something else before.
    #[error("the id of this {what} was given to another one before; make a new one")]
    IdTaken {
        /// Of what.
        what: &'static str,
    },
    /// The conversation cannot go there from where it stands.
    #[error("a conversation that is {from} cannot become {to}; it can become {}", list(from.next()))]
    Transition {
        /// Where it stands.
        from: StatusKind,
        /// Where it should go.
        to: StatusKind,
    },
    /// The time lies in the past.
    #[error("`{field}` lies in the past")]
    Past {
        /// Which time.
        field: &'static str,
    },
    /// The promise is no longer open.
    #[error("the commitment was kept, withdrawn or made good before")]
    NotOutstanding,
    /// The handover was accepted or declined before.
    #[error("the handover was accepted or declined before")]
    NotOffered,
    /// The conversation is already on its way to somebody.
    #[error("the conversation is offered to somebody already, in handover {0}")]
    OfferedAlready(HandoverId),
    /// The handover is for somebody else.
    #[error("the handover is for another agent")]
    NotForThem,
    /// Too much was reported of messages that nobody has seen. Try again when they have come.
    #[error("{most} messages that were reported on have not been seen yet; bring them first")]
    TooManyWaiting {
        /// How many may wait.
        most: u32,
    },
    /// A customer cannot do this.
    #[error("only somebody of ours can do this")]
    NotOurs,
}

fn list(kinds: &[StatusKind]) -> String {
    match kinds {
        [] => "nothing any more".to_owned(),
        kinds => kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}
