use super::{
    About, ConversionRule, FirstContactRule, OneTouchRule, QueueRule, ResolutionClock,
    ResponseClock, Seconds, Show,
};
use crate::{PromiseOutcome, QueueEnd, Status, SurveyKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is measured, and of what: each says what its subject is, of which a conversation may have several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Measure {
    /// Of stays in a queue, the share that a table counts as successes: service level, abandonment.
    QueueShare {
        /// The table; its first line that fits decides.
        rules: Vec<QueueRule>,
    },
    /// The wait of stays in a queue that ended in one of these ways.
    QueueTime {
        /// Which.
        ends: BTreeSet<QueueEnd>,
    },
    /// Stays in a queue: their number, and how each ended as [`QueueEnd::code`]. What
    /// [`reconcile`](crate::View::reconcile) reads.
    QueueOutcome,
    /// Of times that it rang at an agent, the share that ended in one of these ways.
    Offers {
        /// Which.
        ends: BTreeSet<OfferEnd>,
    },
    /// The wait for an answer.
    Response(ResponseClock),
    /// The time until it is resolved.
    Resolution(ResolutionClock),
    /// The time that a resolved conversation was in one of these, from its beginning to its last resolution.
    StatusTime {
        /// Which.
        statuses: BTreeSet<Status>,
    },
    /// Of conversations that were resolved, the share that was reopened since.
    Reopened,
    /// Every resolution: their number.
    Resolutions,
    /// Of contacts of customers, the share after which the customer did not come back.
    FirstContact(FirstContactRule),
    /// Of contacts of customers, the share that came within so long after the last one.
    RepeatContact {
        /// How long.
        within: Seconds,
        /// What a return is.
        about: About,
    },
    /// Of resolved conversations, the share that took one touch.
    OneTouch(OneTouchRule),
    /// The scores of a survey. The last answer counts.
    Survey {
        /// Which survey.
        survey: SurveyKind,
    },
    /// Of surveys sent, the share that was answered.
    SurveyReturned {
        /// Which survey.
        survey: SurveyKind,
    },
    /// The working time of an agent on a conversation, once they have disconnected.
    Handling {
        /// Which parts of it.
        parts: BTreeSet<HandlingPart>,
    },
    /// Of conversations, the share that was transferred.
    Transferred,
    /// Of conversations that had an owner, the share that went back to a former one, or had more than so many.
    PingPong {
        /// How many owners are no ping-pong.
        most_owners: u32,
    },
    /// Of conversations, the share in which the customer had to begin again: a transfer without context, or
    /// an identification repeated.
    Retold,
    /// Of conversations in which a bot spoke, the share in which no person was needed: no hand-off, no
    /// answer of a person, resolved.
    Contained,
    /// Of promises that came due, the share with this outcome.
    Promises {
        /// Which.
        outcome: PromiseOutcome,
    },
    /// Of conversations, the share in which the customer bought.
    Converted,
    /// Of conversations that were in one of some states, the share that a purchase is credited to, by state.
    Conversion(ConversionRule),
    /// The amounts of the purchases that are credited to conversations, by state.
    ConversionValue(ConversionRule),
    /// What conversations cost.
    Cost,
    /// Every conversation: their number.
    Conversations,
}

/// How it ended that it rang at an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OfferEnd {
    /// Taken.
    Accepted,
    /// Refused.
    Declined,
    /// Rung out.
    RangOut,
    /// The customer gave up meanwhile, or it was taken away.
    Gone,
}

/// A part of an agent's working time on a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HandlingPart {
    /// Talking or writing, without hold.
    Talk,
    /// The customer on hold.
    Hold,
    /// After-call work.
    WrapUp,
}

impl Measure {
    /// Whether a way of showing it makes a number of it.
    pub(crate) fn can_be(&self, show: Show) -> bool {
        let is_count = matches!(show, Show::Count | Show::CountWithOpen);
        is_count || self.has(show)
    }

    fn has(&self, show: Show) -> bool {
        match self {
            Self::QueueTime { .. }
            | Self::Response(_)
            | Self::Resolution(_)
            | Self::StatusTime { .. }
            | Self::Handling { .. } => show == Show::Duration,
            Self::Survey { .. } => {
                matches!(show, Show::Mean | Show::TopBox { .. } | Show::Nps)
            }
            Self::Cost | Self::ConversionValue(_) => show == Show::Amount,
            Self::Conversations | Self::Resolutions | Self::QueueOutcome => false,
            _ => show == Show::Share,
        }
    }

    /// Whether it looks at all contacts of a customer, and not at one conversation.
    pub(crate) fn is_joined(&self) -> bool {
        matches!(self, Self::FirstContact(_) | Self::RepeatContact { .. })
            || self.conversion().is_some()
    }

    pub(crate) fn conversion(&self) -> Option<&ConversionRule> {
        match self {
            Self::Conversion(rule) | Self::ConversionValue(rule) => Some(rule),
            _ => None,
        }
    }
}
