use crate::{IssueId, Tag};
use hashbrown::HashMap;
use kontak_types::{AgentId, ChannelKind, CommitmentId, Language, QueueId, TouchpointId};
use std::hash::Hash;

/// Small numbers for things that come again and again. 0 is "none".
///
/// Which number a thing has depends on the order of arrival, so no number goes out: what is written is written by
/// name and sorted by name.
#[derive(Clone, Debug)]
pub(crate) struct Intern<T> {
    values: Vec<T>,
    places: HashMap<T, u32>,
}

impl<T> Default for Intern<T> {
    fn default() -> Self {
        Self { values: Vec::new(), places: HashMap::default() }
    }
}

/// More different names than there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany(pub(crate) &'static str);

impl<T: Clone + Eq + Hash> Intern<T> {
    #[inline]
    pub(crate) fn add(&mut self, value: &T) -> u32 {
        if let Some(place) = self.places.get(value) {
            return *place;
        }
        self.values.push(value.clone());
        let place = self.values.len() as u32;
        self.places.insert(value.clone(), place);
        place
    }

    fn add_short(&mut self, value: &T, what: &'static str) -> Result<u16, TooMany> {
        if let Some(place) = self.places.get(value) {
            return Ok(*place as u16);
        }
        if self.values.len() >= SHORT {
            return Err(TooMany(what));
        }
        Ok(self.add(value) as u16)
    }

    pub(crate) fn find(&self, value: &T) -> Option<u32> {
        self.places.get(value).copied()
    }

    pub(crate) fn name(&self, place: u32) -> Option<&T> {
        self.values.get((place as usize).checked_sub(1)?)
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }
}

/// How many names have room in 16 bits, beside "none" and what a definition names in vain.
const SHORT: usize = u16::MAX as usize - 1;

/// All names of an engine.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) channels: Intern<ChannelKind>,
    pub(crate) languages: Intern<Language>,
    pub(crate) tags: Intern<Tag>,
    pub(crate) queues: Intern<QueueId>,
    pub(crate) agents: Intern<AgentId>,
    pub(crate) touchpoints: Intern<TouchpointId>,
    pub(crate) issues: Intern<IssueId>,
    pub(crate) commitments: Intern<CommitmentId>,
}

impl Names {
    pub(crate) fn channel(&mut self, channel: &ChannelKind) -> Result<u16, TooMany> {
        self.channels.add_short(channel, "channels")
    }

    pub(crate) fn language(&mut self, language: &Language) -> Result<u16, TooMany> {
        self.languages.add_short(language, "languages")
    }

    pub(crate) fn tag(&mut self, tag: &Tag) -> Result<u16, TooMany> {
        self.tags.add_short(tag, "tags")
    }

    /// Whether the names of another engine surely fit in as well.
    pub(crate) fn has_room_for(&self, other: &Self) -> bool {
        self.channels.len() + other.channels.len() <= SHORT
            && self.languages.len() + other.languages.len() <= SHORT
            && self.tags.len() + other.tags.len() <= SHORT
    }
}
