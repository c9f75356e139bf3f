use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// When a business may write on a channel: for so long after the customer last did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WindowRule {
    /// How long anything may be said, in seconds.
    pub seconds: u32,
    /// How long a person, not a machine, may still answer, in seconds; nothing where that is no
    /// longer.
    pub human_agent_seconds: Option<u32>,
    /// What the customer must do to open it.
    pub opened_by: Vec<Opening>,
    /// What goes out while it is closed.
    pub reopened_by: Reopening,
}

/// What a customer does that may open the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Opening {
    /// They write, or tap a button.
    Message,
    /// They react to a message.
    Reaction,
    /// They call.
    Call,
}

/// What may go out while the window is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reopening {
    /// A template that the platform approved; the window opens when the customer answers it.
    Template,
    /// Nothing: the customer must write first, or be reached on another channel.
    OtherChannel,
}

impl WindowRule {
    /// Open for so many hours after each message; templates go out after that.
    #[must_use]
    pub fn hours(hours: u32) -> Self {
        Self {
            seconds: hours.saturating_mul(3_600),
            human_agent_seconds: None,
            opened_by: vec![Opening::Message],
            reopened_by: Reopening::Template,
        }
    }

    /// With a longer time for answers of a person.
    #[must_use]
    pub fn with_human_agent_hours(self, hours: u32) -> Self {
        Self { human_agent_seconds: Some(hours.saturating_mul(3_600)), ..self }
    }

    /// With one more thing that opens it.
    #[must_use]
    pub fn with_opening(mut self, opening: Opening) -> Self {
        self.opened_by.push(opening);
        self
    }

    /// With nothing to send once it is closed.
    #[must_use]
    pub fn with_reopening(self, reopened_by: Reopening) -> Self {
        Self { reopened_by, ..self }
    }
}

/// When the customer of one leg last did what. Facts in any order and any number give one result.
///
/// Times are the provider's: the window runs from when the customer wrote, not from when we heard.
///
/// ```
/// use kontak_channel::chrono::{DateTime, TimeDelta};
/// use kontak_channel::{Opening, Reopening, Window, WindowLedger, WindowRule};
///
/// let rule = WindowRule::hours(24);
/// let wrote = DateTime::UNIX_EPOCH;
/// let mut leg = WindowLedger::default();
/// assert_eq!(leg.window(&rule, wrote), Window::NeverOpened { reopened_by: Reopening::Template });
/// leg.record(Opening::Message, wrote);
/// leg.record(Opening::Reaction, wrote + TimeDelta::hours(20)); // does not count here
/// let until = wrote + TimeDelta::hours(24);
/// assert_eq!(leg.window(&rule, wrote), Window::Open { until });
/// assert_eq!(leg.window(&rule, until), Window::Closed { since: until, reopened_by: Reopening::Template });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowLedger {
    message: Option<DateTime<Utc>>,
    reaction: Option<DateTime<Utc>>,
    call: Option<DateTime<Utc>>,
}

/// Whether anything may be said now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Window {
    /// The channel has no window: always.
    Unlimited,
    /// Yes, before `until`.
    Open {
        /// From then on no more.
        until: DateTime<Utc>,
    },
    /// A person may answer, before `until`.
    HumanAgentOnly {
        /// From then on no more.
        until: DateTime<Utc>,
    },
    /// Not since then.
    Closed {
        /// Since when.
        since: DateTime<Utc>,
        /// What may go out.
        reopened_by: Reopening,
    },
    /// Not yet: the customer never wrote.
    NeverOpened {
        /// What may go out.
        reopened_by: Reopening,
    },
}

impl Window {
    /// Whether anything may be said freely, by a person at least.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Unlimited | Self::Open { .. } | Self::HumanAgentOnly { .. })
    }
}

impl WindowLedger {
    /// The customer did this, at this time of the provider.
    pub fn record(&mut self, opening: Opening, at: DateTime<Utc>) {
        let last = match opening {
            Opening::Message => &mut self.message,
            Opening::Reaction => &mut self.reaction,
            Opening::Call => &mut self.call,
        };
        *last = (*last).max(Some(at.trunc_subsecs(6)));
    }

    /// Whether anything may be said under this rule.
    #[must_use]
    pub fn window(&self, rule: &WindowRule, now: DateTime<Utc>) -> Window {
        let reopened_by = rule.reopened_by;
        let last = rule.opened_by.iter().filter_map(|opening| match opening {
            Opening::Message => self.message,
            Opening::Reaction => self.reaction,
            Opening::Call => self.call,
        });
        let Some(last) = last.max() else { return Window::NeverOpened { reopened_by } };
        let after = |seconds: u32| {
            last.checked_add_signed(TimeDelta::seconds(seconds.into())).unwrap_or(last)
        };
        let until = after(rule.seconds);
        if now < until {
            return Window::Open { until };
        }
        match rule.human_agent_seconds.map(after) {
            Some(until) if now < until => Window::HumanAgentOnly { until },
            later => Window::Closed { since: later.unwrap_or(until).max(until), reopened_by },
        }
    }
}
