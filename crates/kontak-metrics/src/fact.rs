//! What a conversation says about a measure.

use crate::InteractionState;
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
    /// The customer bought within the time; it counts under this state.
    Bought(InteractionState),
    /// The customer did not buy within the time.
    DidNotBuy(InteractionState),
    /// The time in which the customer may buy is not over.
    MayBuy(InteractionState),
}

impl Reason {
    /// The state of the interaction that it counts under, where it counts under one.
    #[must_use]
    pub fn state(self) -> Option<InteractionState> {
        match self {
            Self::Bought(state) | Self::DidNotBuy(state) | Self::MayBuy(state) => Some(state),
            _ => None,
        }
    }
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

impl Reason {
    /// Its name, as in JSON; of a [`Rule`](Self::Rule) without its number.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rule(_) => "rule",
            Self::NoRule => "no_rule",
            Self::Measured => "measured",
            Self::StillWaiting => "still_waiting",
            Self::NotAnswered => "not_answered",
            Self::ResolvedWithoutAnswer => "resolved_without_answer",
            Self::GaveUp => "gave_up",
            Self::OpenedByAgent => "opened_by_agent",
            Self::NoCustomerMessage => "no_customer_message",
            Self::NotResolved => "not_resolved",
            Self::ResolvedByOther => "resolved_by_other",
            Self::Happened => "happened",
            Self::DidNotHappen => "did_not_happen",
            Self::UnknownCustomer => "unknown_customer",
            Self::CameBack => "came_back",
            Self::DidNotComeBack => "did_not_come_back",
            Self::MayComeBack => "may_come_back",
            Self::IsReturn => "is_return",
            Self::IsNoReturn => "is_no_return",
            Self::SeveralChannels => "several_channels",
            Self::SeveralTouches => "several_touches",
            Self::OneTouch => "one_touch",
            Self::Said => "said",
            Self::SurveyAnswered => "survey_answered",
            Self::SurveyUnanswered => "survey_unanswered",
            Self::Bought(_) => "bought",
            Self::DidNotBuy(_) => "did_not_buy",
            Self::MayBuy(_) => "may_buy",
        }
    }
}

impl Outcome {
    /// Its name, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Open => "open",
            Self::Excluded => "excluded",
        }
    }
}

/// How much of a fact is one agent's, and where it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub(crate) struct Share(u8);

impl Share {
    /// All of it, everywhere.
    pub(crate) const WHOLE: Self = Self(0);
    /// All of it, in what is told apart by agent only: it is counted already for another one.
    pub(crate) const FURTHER_AGENT: Self = Self(1);

    /// A whole one, where it may be split: every part of up to ten is a whole number of it.
    pub(crate) const UNITS: u64 = 2_520;
    /// So many may share one.
    pub(crate) const MOST: usize = 10;

    /// All of it, in what is told apart by state only: it is counted already under another one.
    pub(crate) const FURTHER_STATE: Self = Self(2 + Self::MOST as u8);

    /// One of so many equal parts.
    pub(crate) fn one_of(parts: usize) -> Self {
        Self(1 + parts.clamp(1, Self::MOST) as u8)
    }

    /// In what it is counted.
    pub(crate) fn weight(self) -> u64 {
        match self.0 {
            0 | 1 => 1,
            _ if self == Self::FURTHER_STATE => 1,
            parts => Self::UNITS / u64::from(parts - 1),
        }
    }

    /// Whether it counts where agents or states are told apart, or are not.
    pub(crate) fn is_counted(self, by_agent: bool, by_state: bool) -> bool {
        (self != Self::FURTHER_AGENT || by_agent) && (self != Self::FURTHER_STATE || by_state)
    }
}

impl TryFrom<u8> for Share {
    type Error = String;

    fn try_from(share: u8) -> Result<Self, Self::Error> {
        match share <= Self::FURTHER_STATE.0 {
            true => Ok(Self(share)),
            false => Err(format!("share {share}; at most {} agents share one", Self::MOST)),
        }
    }
}

impl From<Share> for u8 {
    fn from(share: Share) -> Self {
        share.0
    }
}

/// What one conversation says about one measure, in 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

impl Fact {
    /// The state of the interaction, as a number; 0 where it has none.
    pub(crate) fn state(&self) -> u32 {
        self.reason.state().map_or(0, InteractionState::code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_make_a_whole() {
        for parts in 1..=Share::MOST {
            assert_eq!(Share::one_of(parts).weight() * parts as u64, Share::UNITS);
        }
    }

    #[test]
    fn a_fact_is_32_bytes() {
        assert_eq!(size_of::<Fact>(), 32);
    }
}
