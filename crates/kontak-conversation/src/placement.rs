//! Which conversation does an inbound message belong to?

use crate::phrase::PHRASES;
use crate::{ChannelPolicy, Joins, Status};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_types::{ConversationId, Language, TouchpointId};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::fmt;

/// Where a message goes, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Placement {
    /// The conversation; nothing for a new one.
    pub conversation: Option<ConversationId>,
    /// Why there.
    pub reason: PlacementReason,
}

/// Why a message went where it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PlacementReason {
    /// It carries our own signed token.
    ReplyToken,
    /// It answers a message of that conversation.
    Answers,
    /// The channel has it in the same thread.
    SameThread,
    /// The customer has that conversation open.
    OpenConversation,
    /// The customer came back in time.
    Reopened,
    /// The customer has none that fits.
    FirstContact,
    /// What it refers to belongs to somebody else.
    Stranger,
    /// The last one was resolved too long ago.
    TooLate,
    /// Nobody has said anything in the open one for too long.
    Idle,
    /// The customer's open conversation is about something else.
    OtherTopic,
}

impl PlacementReason {
    /// All of them, in the order of their weight.
    pub const ALL: [Self; 10] = [
        Self::ReplyToken,
        Self::Answers,
        Self::SameThread,
        Self::OpenConversation,
        Self::Reopened,
        Self::FirstContact,
        Self::Stranger,
        Self::TooLate,
        Self::Idle,
        Self::OtherTopic,
    ];

    /// The reason in a language; English where there are no phrases in it.
    #[must_use]
    pub fn text(self, language: &Language) -> &'static str {
        PHRASES.of(language).get(self.as_str())
    }

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReplyToken => "reply_token",
            Self::Answers => "answers",
            Self::SameThread => "same_thread",
            Self::OpenConversation => "open_conversation",
            Self::Reopened => "reopened",
            Self::FirstContact => "first_contact",
            Self::Stranger => "stranger",
            Self::TooLate => "too_late",
            Self::Idle => "idle",
            Self::OtherTopic => "other_topic",
        }
    }
}

impl fmt::Display for PlacementReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PHRASES.english().get(self.as_str()))
    }
}

/// A conversation that a message might belong to.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Candidate<'a> {
    /// Which.
    pub conversation: ConversationId,
    /// How the message refers to it.
    pub reference: Option<Reference>,
    /// Whether the sender may speak in it: a touchpoint of its customer, or one of its legs.
    pub sender_belongs: bool,
    /// Whether the sender's touchpoint has a leg in it.
    pub same_touchpoint: bool,
    /// Where it stands.
    pub status: Status,
    /// Since when it stands there.
    pub since: DateTime<Utc>,
    /// When anybody last said anything.
    pub last_message: Option<DateTime<Utc>>,
    /// What it is about.
    pub topic: Option<&'a str>,
}

/// How a message names the conversation that it belongs to; the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reference {
    /// Our signed token.
    Token,
    /// The message that it answers.
    Answer,
    /// The channel's own thread.
    Thread,
}

impl<'a> Candidate<'a> {
    /// An open conversation of the sender's customer that the message does not refer to.
    #[must_use]
    pub const fn new(conversation: ConversationId, status: Status, since: DateTime<Utc>) -> Self {
        Self {
            conversation,
            reference: None,
            sender_belongs: true,
            same_touchpoint: false,
            status,
            since,
            last_message: None,
            topic: None,
        }
    }
}

/// The message that is to be placed, as far as it matters.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Arrival<'a> {
    /// From which account.
    pub touchpoint: TouchpointId,
    /// When, by the channel's clock.
    pub at: DateTime<Utc>,
    /// What it is about, where somebody said so.
    pub topic: Option<&'a str>,
}

impl<'a> Arrival<'a> {
    /// A message from this account at this time.
    #[must_use]
    pub const fn new(touchpoint: TouchpointId, at: DateTime<Utc>, topic: Option<&'a str>) -> Self {
        Self { touchpoint, at, topic }
    }
}

/// Decides. Candidates in any order; the answer does not depend on it.
///
/// A reference only counts where the sender may speak in that conversation: a stranger who knows a
/// ticket number begins a conversation of their own.
///
/// Complexity: O(candidates).
#[must_use]
pub fn place(
    arrival: Arrival<'_>,
    candidates: &[Candidate<'_>],
    policy: &ChannelPolicy,
) -> Placement {
    place_beside(None, arrival, candidates, policy)
}

/// The same, beside candidates that were refused for this reason.
pub(crate) fn place_beside(
    mut refused: Option<PlacementReason>,
    arrival: Arrival<'_>,
    candidates: &[Candidate<'_>],
    policy: &ChannelPolicy,
) -> Placement {
    let there = |candidate: &Candidate<'_>, reason| Placement {
        conversation: Some(candidate.conversation),
        reason,
    };
    let mut refuse =
        |reason| refused = Some(refused.map_or(reason, |known: PlacementReason| known.min(reason)));

    let referred = candidates
        .iter()
        .filter_map(|candidate| Some((candidate.reference?, candidate)))
        .min_by_key(|(reference, candidate)| {
            (!candidate.sender_belongs, *reference, candidate.conversation)
        });
    if let Some((reference, candidate)) = referred {
        if !candidate.sender_belongs {
            refuse(PlacementReason::Stranger);
        } else if let Some(reason) = reopens(candidate, arrival, policy) {
            refuse(reason);
        } else {
            let reason = match reference {
                Reference::Token => PlacementReason::ReplyToken,
                Reference::Answer => PlacementReason::Answers,
                Reference::Thread if candidate.status.is_active() => PlacementReason::SameThread,
                Reference::Thread => PlacementReason::Reopened,
            };
            return there(candidate, reason);
        }
    }

    let own = candidates.iter().filter(|candidate| candidate.sender_belongs);
    let fits = |candidate: &&Candidate<'_>| match policy.joins {
        Joins::Customer => true,
        Joins::Topic => {
            arrival.topic.is_none() || candidate.topic.is_none() || arrival.topic == candidate.topic
        }
        Joins::Touchpoint => candidate.same_touchpoint,
    };
    // Open ones before resolved ones, one with the sender in it before others, the latest first.
    let mut own: SmallVec<[&Candidate<'_>; 8]> = own.collect();
    own.sort_by_key(|candidate| {
        (
            !candidate.status.is_active(),
            !candidate.same_touchpoint,
            std::cmp::Reverse(candidate.last_message.unwrap_or(candidate.since)),
            candidate.conversation,
        )
    });
    for candidate in own {
        if !fits(&candidate) {
            if policy.joins == Joins::Topic && candidate.status.is_active() {
                refuse(PlacementReason::OtherTopic);
            }
            continue;
        }
        match reopens(candidate, arrival, policy) {
            Some(reason) => refuse(reason),
            None if candidate.status.is_active() => {
                let idle = policy.idle_split_hours.map(|hours| TimeDelta::hours(hours.into()));
                let last = candidate.last_message.unwrap_or(candidate.since);
                if idle.is_some_and(|idle| arrival.at - last > idle) {
                    refuse(PlacementReason::Idle);
                } else {
                    return there(candidate, PlacementReason::OpenConversation);
                }
            }
            None => return there(candidate, PlacementReason::Reopened),
        }
    }
    Placement { conversation: None, reason: refused.unwrap_or(PlacementReason::FirstContact) }
}

/// Why a message cannot open a conversation that is done; nothing where it can, or need not.
fn reopens(
    candidate: &Candidate<'_>,
    arrival: Arrival<'_>,
    policy: &ChannelPolicy,
) -> Option<PlacementReason> {
    match candidate.status {
        Status::Closed => Some(PlacementReason::TooLate),
        Status::Resolved => {
            let first = policy.reopens_from(arrival.at);
            first.is_some_and(|first| candidate.since < first).then_some(PlacementReason::TooLate)
        }
        _ => None,
    }
}

impl ChannelPolicy {
    /// What was resolved before is not opened again by a message at this time.
    pub(crate) fn reopens_from(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        at.checked_sub_signed(TimeDelta::hours(self.reopen_hours.into()))
    }
}
