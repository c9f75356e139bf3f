use crate::{Level, Skill};
use kontak_types::{AgentId, ChannelKind, Language};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody who serves: what they can do, and how much of it at once.
///
/// ```
/// use kontak_routing::{Agent, Level};
/// use kontak_types::{AgentId, uuid::Uuid};
///
/// let agent = Agent::new(AgentId::new(Uuid::from_u128(7)))
///     .with_skill("billing".parse()?, Level::new(4)?)
///     .with_language("id".parse()?)
///     .with_channel("voice", 1)
///     .with_channel("webchat", 5);
/// assert!(agent.speaks(&"id".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Agent {
    /// Who.
    pub id: AgentId,
    /// What they can do, and how well.
    #[serde(default)]
    pub skills: BTreeMap<Skill, Level>,
    /// What they speak and write.
    #[serde(default)]
    pub languages: BTreeSet<Language>,
    /// Units of work at once over all channels; a [`Channel`](crate::Channel) says what each costs.
    /// Default 100.
    #[serde(default = "hundred")]
    pub capacity: u32,
    /// The channels served, and the most at once on each.
    #[serde(default)]
    pub channels: BTreeMap<ChannelKind, u16>,
    /// The share of the work under [`Strategy::WeightedRoundRobin`](crate::Strategy). Default 1.
    #[serde(default = "one")]
    pub weight: u16,
    /// The calendar of the centre by which they work. Without one, presence alone says it.
    #[serde(default)]
    pub shift: Option<String>,
}

fn hundred() -> u32 {
    100
}

fn one() -> u16 {
    1
}

impl Agent {
    /// Somebody who can do nothing yet.
    #[must_use]
    pub fn new(id: AgentId) -> Self {
        Self {
            id,
            skills: BTreeMap::new(),
            languages: BTreeSet::new(),
            capacity: hundred(),
            channels: BTreeMap::new(),
            weight: one(),
            shift: None,
        }
    }

    /// Also has this skill.
    #[must_use]
    pub fn with_skill(mut self, skill: Skill, level: Level) -> Self {
        self.skills.insert(skill, level);
        self
    }

    /// Also speaks this.
    #[must_use]
    pub fn with_language(mut self, language: Language) -> Self {
        self.languages.insert(language);
        self
    }

    /// Also serves this channel, `most` contacts at once.
    #[must_use]
    pub fn with_channel<'a>(mut self, channel: impl Into<&'a str>, most: u16) -> Self {
        self.channels.insert(ChannelKind::from(channel.into()), most);
        self
    }

    /// Has this many units of capacity.
    #[must_use]
    pub fn with_capacity(mut self, units: u32) -> Self {
        self.capacity = units;
        self
    }

    /// Takes this share of the work.
    #[must_use]
    pub fn with_weight(mut self, weight: u16) -> Self {
        self.weight = weight;
        self
    }

    /// Works by this calendar of the centre.
    #[must_use]
    pub fn with_shift(mut self, calendar: impl Into<String>) -> Self {
        self.shift = Some(calendar.into());
        self
    }

    /// Whether they speak a language. `en-GB` will do where `en` is asked for, but not the other way
    /// round.
    #[must_use]
    pub fn speaks(&self, language: &Language) -> bool {
        self.languages.iter().any(|spoken| {
            spoken == language
                || (language.as_str() == language.primary()
                    && spoken.primary() == language.primary())
        })
    }
}
