//! What a conversation says about a measure.

use serde::{Deserialize, Serialize};

/// Why a fact is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// A line of the definition's table decided, counted from 0.
    Rule(u8),
    /// No line of the definition's table fits.
    NoRule,
    /// It was measured from its start to its end.
    Measured,
    /// It still waits.
    StillWaiting,
    /// Nobody has answered yet.
    NotAnswered,
    /// It was resolved without an answer.
    ResolvedWithoutAnswer,
    /// The customer gave up waiting, and was not answered.
    GaveUp,
    /// An agent opened it, and the definition leaves such conversations out.
    OpenedByAgent,
    /// The customer has not written.
    NoCustomerMessage,
    /// It is not resolved.
    NotResolved,
    /// It was resolved by somebody whom the definition does not count.
    ResolvedByOther,
    /// It happened.
    Happened,
    /// It did not happen.
    DidNotHappen,
    /// The customer is not known.
    UnknownCustomer,
    /// The customer came back within the time.
    CameBack,
    /// The customer did not come back within the time.
    DidNotComeBack,
    /// The time in which the customer may come back is not over.
    MayComeBack,
    /// It is itself a return.
    IsReturn,
    /// It is not a return.
    IsNoReturn,
    /// It went over several channels.
    SeveralChannels,
    /// It took more than the definition allows: answers, agents or reopenings, or it had to wait.
    SeveralTouches,
    /// One touch was enough.
    OneTouch,
    /// The customer said so.
    Said,
    /// The survey was answered.
    SurveyAnswered,
    /// The survey was not answered.
    SurveyUnanswered,
}

/// Whether there is a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// There is one.
    Value,
    /// Not yet: it is still open, and counted as such.
    Open,
    /// The definition leaves it out.
    Excluded,
}

/// Where a fact counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Share {
    /// Everywhere.
    Whole,
    /// In what is told apart by agent only: it is counted already for another one.
    FurtherAgent,
}

/// What one conversation says about one measure, in 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fact {
    pub(crate) measure: u16,
    pub(crate) outcome: Outcome,
    pub(crate) share: Share,
    pub(crate) reason: Reason,
    pub(crate) channel: u16,
    pub(crate) queue: u32,
    pub(crate) agent: u32,
    /// What places it in a window, in microseconds.
    pub(crate) at: i64,
    /// Microseconds, a score, an amount; of a share 1 or 0.
    pub(crate) value: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_32_bytes() {
        assert_eq!(size_of::<Fact>(), 32);
    }
}
