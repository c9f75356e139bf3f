//! What stays behind of a conversation that is evicted.

use super::Conversation;
use super::pack::Sides;
use crate::Status;
use crate::retention::Classes;
use chrono::{DateTime, Utc};
use kontak_types::{AgentId, ChannelKind, ConversationId, CustomerId, TouchpointId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use thin_vec::ThinVec;

/// What a message is placed by, and what time and erasure have to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stub {
    pub(crate) id: ConversationId,
    pub(crate) customer: CustomerId,
    pub(crate) opened_at: DateTime<Utc>,
    pub(crate) since: DateTime<Utc>,
    pub(crate) last_message: Option<DateTime<Utc>>,
    pub(crate) agent: Option<AgentId>,
    pub(crate) is_closed: bool,
    /// Whether a legal hold stands on it.
    pub(crate) is_held: bool,
    /// Which classes something is kept of.
    pub(crate) keeps: Classes,
    pub(crate) topic: Option<Box<str>>,
    /// Whose legs, in the order in which they came.
    pub(crate) legs: ThinVec<(TouchpointId, ChannelKind)>,
    /// Who else has left something in it.
    pub(crate) reacted: ThinVec<TouchpointId>,
}

impl Stub {
    pub(super) const fn began(&self) -> (DateTime<Utc>, ConversationId) {
        (self.opened_at, self.id)
    }
}

/// The same, read out of the bytes of its [`Shelf`](super::shelf::Shelf).
#[derive(Clone, Copy)]
pub(crate) struct Shelved<'a> {
    pub(crate) id: ConversationId,
    pub(crate) customer: CustomerId,
    pub(crate) opened_at: DateTime<Utc>,
    pub(crate) since: DateTime<Utc>,
    pub(crate) last_message: Option<DateTime<Utc>>,
    pub(crate) agent: Option<AgentId>,
    pub(crate) is_closed: bool,
    pub(crate) is_held: bool,
    pub(crate) keeps: Classes,
    pub(crate) topic: Option<&'a str>,
    pub(super) sides: Sides<'a>,
}

impl<'a> Shelved<'a> {
    pub(crate) const fn status(&self) -> Status {
        if self.is_closed { Status::Closed } else { Status::Resolved }
    }

    pub(crate) const fn began(&self) -> (DateTime<Utc>, ConversationId) {
        (self.opened_at, self.id)
    }

    pub(crate) fn legs(&self) -> impl Iterator<Item = (TouchpointId, &'a ChannelKind)> + use<'a> {
        self.sides.legs()
    }

    pub(crate) fn has_leg(&self, touchpoint: TouchpointId, channel: &ChannelKind) -> bool {
        self.legs().any(|(one, on)| one == touchpoint && on == channel)
    }

    /// Whether all its legs, or some, or none are of these accounts.
    pub(crate) fn share_of(&self, touchpoints: &[TouchpointId]) -> Share {
        let is_theirs = |(one, _): (TouchpointId, &ChannelKind)| touchpoints.contains(&one);
        match (self.legs().any(is_theirs), self.legs().all(is_theirs)) {
            (false, _) => Share::None,
            (true, false) => Share::Some,
            (true, true) => Share::All,
        }
    }

    pub(crate) fn is_about(&self, touchpoints: &BTreeSet<TouchpointId>) -> bool {
        let legs = self.legs().map(|(touchpoint, _)| touchpoint);
        legs.chain(self.sides.reacted()).any(|one| touchpoints.contains(&one))
    }

    pub(super) fn to_stub(self) -> Stub {
        Stub {
            id: self.id,
            customer: self.customer,
            opened_at: self.opened_at,
            since: self.since,
            last_message: self.last_message,
            agent: self.agent,
            is_closed: self.is_closed,
            is_held: self.is_held,
            keeps: self.keeps,
            topic: self.topic.map(Into::into),
            legs: self.legs().map(|(touchpoint, on)| (touchpoint, on.clone())).collect(),
            reacted: self.sides.reacted().collect(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Share {
    None,
    Some,
    All,
}

/// A conversation that is here, or what stays of one that is not.
#[derive(Clone, Copy)]
pub(crate) enum Held<'a> {
    Here(&'a Conversation),
    Evicted(Shelved<'a>),
}

impl Held<'_> {
    pub(crate) fn id(&self) -> ConversationId {
        match self {
            Self::Here(known) => known.id,
            Self::Evicted(stub) => stub.id,
        }
    }

    pub(crate) fn began(&self) -> (DateTime<Utc>, ConversationId) {
        match self {
            Self::Here(known) => (known.opened_at, known.id),
            Self::Evicted(stub) => stub.began(),
        }
    }
}
