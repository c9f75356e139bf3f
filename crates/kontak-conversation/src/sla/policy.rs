use crate::state::Conversations;
use crate::{Actor, Conversation, Priority, StatusKind};
use kontak_calendar::Calendar;
use kontak_types::{ActorKind, ChannelKind, Language};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// What was promised to all customers, as data. An unknown key is an error that names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SlaPolicy {
    /// What has to happen within what time.
    pub targets: Vec<Target>,
    /// The opening hours that targets name.
    pub calendars: BTreeMap<String, Calendar>,
}

impl SlaPolicy {
    /// Whether every calendar that a target names is there, and every id is its own.
    ///
    /// # Errors
    /// The first target that is wrong.
    pub fn check(&self) -> Result<(), SlaError> {
        for (place, target) in self.targets.iter().enumerate() {
            if self.targets[..place].iter().any(|other| other.id == target.id) {
                return Err(SlaError::Twice { target: target.id.clone() });
            }
            if let Some(calendar) = &target.calendar
                && !self.calendars.contains_key(calendar)
            {
                let (target, calendar) = (target.id.clone(), calendar.clone());
                return Err(SlaError::NoCalendar { target, calendar });
            }
        }
        Ok(())
    }
}

/// A policy that cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SlaError {
    /// Two targets have one id.
    #[error("target `{target}` stands there twice")]
    Twice {
        /// The id.
        target: String,
    },
    /// A target names a calendar that is not there.
    #[error("target `{target}` names the calendar `{calendar}`, which is not in `calendars`")]
    NoCalendar {
        /// The target.
        target: String,
        /// The calendar.
        calendar: String,
    },
}

/// One thing that has to happen in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Target {
    /// Its name in reports.
    pub id: String,
    /// What is measured.
    pub measure: Measure,
    /// Within what time, of open time where a calendar is named. Plays no part for commitments,
    /// which bring their own.
    #[serde(default)]
    pub within: Within,
    /// The calendar by which the clock runs; nothing for every hour of every day.
    #[serde(default)]
    pub calendar: Option<String>,
    /// Whose answer stops the clock. Default: an agent's or a supervisor's; add `bot` if a bot's
    /// answer is an answer.
    #[serde(default = "people")]
    pub stopped_by: Vec<ActorKind>,
    /// In which status the clock stands still. Default: none.
    #[serde(default)]
    pub pauses: Vec<StatusKind>,
    /// Only where the customer came by one of these channels first. Default: any.
    #[serde(default)]
    pub channels: Vec<ChannelKind>,
    /// Only where the conversation has one of these priorities now. Default: any.
    #[serde(default)]
    pub priorities: Vec<Priority>,
    /// Only where the customer first wrote in one of these languages, whatever the region. Default:
    /// any, and also where that is not known.
    #[serde(default)]
    pub languages: Vec<Language>,
}

fn people() -> Vec<ActorKind> {
    vec![ActorKind::Agent, ActorKind::Supervisor]
}

impl Target {
    /// `measure` within this time, day and night, by an answer of a person.
    #[must_use]
    pub fn new(id: impl Into<String>, measure: Measure, within: Duration) -> Self {
        Self {
            id: id.into(),
            measure,
            within: Within(within),
            calendar: None,
            stopped_by: people(),
            pauses: Vec::new(),
            channels: Vec::new(),
            priorities: Vec::new(),
            languages: Vec::new(),
        }
    }

    pub(super) fn applies_to(&self, state: &Conversations, conversation: &Conversation) -> bool {
        let first = || state.legs(conversation.id).next();
        let by_channel = self.channels.is_empty()
            || first().is_some_and(|leg| self.channels.contains(&leg.channel));
        let by_priority =
            self.priorities.is_empty() || self.priorities.contains(&conversation.priority());
        by_channel && by_priority && self.speaks(state, conversation)
    }

    fn speaks(&self, state: &Conversations, conversation: &Conversation) -> bool {
        if self.languages.is_empty() {
            return true;
        }
        let written = state.messages(conversation.id).find_map(|message| {
            let is_theirs = matches!(message.said.author, Actor::Customer(_));
            message.said.language.filter(|_| is_theirs)
        });
        written.is_some_and(|written| {
            self.languages.iter().any(|known| known.primary() == written.primary())
        })
    }
}

/// What a target measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Measure {
    /// From the customer's first word of an episode to the first answer.
    FirstResponse,
    /// From every later word that nobody had answered to its answer.
    NextResponse,
    /// From the beginning of an episode until it is resolved.
    Resolution,
    /// From a promise to its time.
    Commitment,
}

/// A length of time, written `90s`, `15m`, `8h`, `2d`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[expect(clippy::exhaustive_structs, reason = "a length of time with another way of writing it")]
pub struct Within(pub Duration);

impl FromStr for Within {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no length of time: expected a number and s, m, h or d");
        let unit = text.chars().next_back().ok_or_else(wrong)?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(wrong()),
        };
        let number: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
        // A thousand years: longer ones say nothing and overflow dates.
        number
            .checked_mul(seconds)
            .filter(|seconds| *seconds <= 86_400 * 365_250)
            .map(|seconds| Self(Duration::from_secs(seconds)))
            .ok_or_else(wrong)
    }
}

impl TryFrom<String> for Within {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Within> for String {
    fn from(within: Within) -> Self {
        within.to_string()
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
        let fits = units.into_iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit));
        let (unit, letter) = fits.unwrap_or((1, 's'));
        write!(f, "{}{letter}", seconds / unit)
    }
}
