use super::{Counts, Seconds};
use crate::Status;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What makes two contacts of one customer belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum About {
    /// That it is one customer.
    Anything,
    /// That the issue is the same; one without an issue may be about any.
    SameIssue,
}

/// Of which contacts a share is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContactBase {
    /// Those that were resolved, from when they were.
    Resolved,
    /// All, from when they began; one that is not resolved and not followed by another counts as a success.
    All,
}

/// First contact resolution as it is seen from outside: the customer did not come back.
///
/// It is about customers, not about conversations: over all channels, and again whenever
/// customers merge or split. Inbound contacts count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FirstContactRule {
    /// For how long the customer must not come back. Until then a contact is open.
    pub within: Seconds,
    /// What a return is.
    pub about: About,
    /// Of which contacts.
    pub of: ContactBase,
    /// How a contact counts that is itself a return.
    pub returns: Counts,
    /// How one counts that went over several channels: as a failure for one-contact resolution.
    pub several_channels: Counts,
}

impl FirstContactRule {
    /// Of resolved contacts, whatever they are about; returns are judged as any other, and it may go over
    /// several channels.
    #[must_use]
    pub fn new(within: Seconds) -> Self {
        Self {
            within,
            about: About::Anything,
            of: ContactBase::Resolved,
            returns: Counts::Success,
            several_channels: Counts::Success,
        }
    }
}

/// What help desks call one-touch: a proxy for first contact resolution that looks at one ticket only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct OneTouchRule {
    /// At least so many public answers of people.
    pub least_answers: u32,
    /// At most so many.
    pub most_answers: u32,
    /// At most so many reopenings.
    pub most_reopenings: u32,
    /// At most so many different agents who answered.
    pub most_agents: u32,
    /// Never in one of these.
    pub never: BTreeSet<Status>,
}

impl Default for OneTouchRule {
    /// One answer at most.
    fn default() -> Self {
        Self {
            least_answers: 0,
            most_answers: 1,
            most_reopenings: u32::MAX,
            most_agents: u32::MAX,
            never: BTreeSet::new(),
        }
    }
}
