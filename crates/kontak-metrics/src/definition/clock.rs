use crate::{Status, Tag};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_types::ActorKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// A span of time in a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[expect(clippy::exhaustive_structs, reason = "a unit, no more")]
pub struct Seconds(pub u32);

impl Seconds {
    /// Whole days.
    #[must_use]
    pub const fn days(days: u32) -> Self {
        Self(days.saturating_mul(86_400))
    }

    /// That long before an instant; the earliest there is, where there is none.
    pub(crate) fn before(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let span = TimeDelta::seconds(self.0.into());
        now.checked_sub_signed(span).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }

    pub(crate) fn micros(self) -> i64 {
        i64::from(self.0) * 1_000_000
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            days if days >= 86_400 && days.is_multiple_of(86_400) => {
                write!(f, "{} d", days / 86_400)
            }
            seconds => write!(f, "{seconds} s"),
        }
    }
}

/// By which hours a clock runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Hours {
    /// All of them.
    #[default]
    Always,
    /// The open hours of one calendar of the catalog.
    Calendar(Tag),
    /// Those that were set for the conversation; all hours while none were.
    Scheduled(ScheduleRule),
}

/// Which schedule counts where it was changed on the way. Products differ, and so do their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScheduleRule {
    /// The one in force at the end, for the whole span.
    WholeSpan,
    /// Each for the part in which it was in force.
    EachPart,
}

/// Where a clock starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClockStart {
    /// The conversation began.
    Created,
    /// The episode began: the conversation, or its last reopening.
    Episode,
    /// A bot handed over in this episode; where none did, the episode began.
    HandOff,
    /// The customer wrote first in this episode.
    FirstCustomerMessage,
    /// It was first assigned in this episode.
    Assigned,
    /// The first answer in this episode.
    FirstAnswer,
}

/// Which answers are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WhichResponse {
    /// The first of the conversation.
    First,
    /// The first of each episode: of the conversation, and after each reopening.
    FirstOfEpisode,
    /// Every one: a wait opens with the first message of the customer that is not answered yet, and
    /// further ones do not move it.
    Each,
}

/// Which resolutions are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WhichResolution {
    /// The first of the conversation.
    First,
    /// The last of the conversation; while it is open again, there is none.
    Last,
    /// Every one.
    Each,
}

/// What an agent's first message means in a conversation that an agent opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AgentOpened {
    /// It is an answer as any other.
    FirstMessage,
    /// It is the opening; the second is the answer.
    SecondMessage,
    /// Such conversations are left out.
    Excluded,
}

/// How long customers wait for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ResponseClock {
    /// Which answers.
    pub which: WhichResponse,
    /// Where the clock starts; for [`WhichResponse::Each`] it is the customer's message.
    pub start: ClockStart,
    /// Whose message is an answer.
    pub answered_by: BTreeSet<ActorKind>,
    /// Whether what a rule sent is an answer.
    pub automatic: AutomaticReply,
    /// What happens in conversations that an agent opened.
    pub agent_opened: AgentOpened,
    /// The clock stands still in these.
    pub pauses: BTreeSet<Status>,
}

/// Whether a message that a rule sent stops a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AutomaticReply {
    /// No.
    Ignored,
    /// Yes.
    IsAnswer,
}

impl Default for ResponseClock {
    /// First answer of a person, from the beginning.
    fn default() -> Self {
        Self {
            which: WhichResponse::First,
            start: ClockStart::Created,
            answered_by: [ActorKind::Agent, ActorKind::Supervisor].into(),
            automatic: AutomaticReply::Ignored,
            agent_opened: AgentOpened::FirstMessage,
            pauses: BTreeSet::new(),
        }
    }
}

/// How long until it is resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ResolutionClock {
    /// Which resolution: the first, the last, or each.
    pub which: WhichResolution,
    /// Where the clock starts.
    pub start: ClockStart,
    /// Whose resolving counts.
    pub resolved_by: BTreeSet<ActorKind>,
    /// The clock stands still in these.
    pub pauses: BTreeSet<Status>,
    /// Whether the time between a resolution and the reopening counts.
    pub closed_time: ClosedTime,
}

/// Whether time while it was taken for resolved counts towards resolving it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClosedTime {
    /// It counts: the customer was not helped.
    Counts,
    /// It does not.
    Paused,
}

impl Default for ResolutionClock {
    /// First resolution by anybody, from the beginning.
    fn default() -> Self {
        Self {
            which: WhichResolution::First,
            start: ClockStart::Created,
            resolved_by: [
                ActorKind::Agent,
                ActorKind::Supervisor,
                ActorKind::Bot,
                ActorKind::System,
                ActorKind::Customer,
            ]
            .into(),
            pauses: BTreeSet::new(),
            closed_time: ClosedTime::Counts,
        }
    }
}
