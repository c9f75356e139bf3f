use crate::history::Names;
use crate::{InteractionState, Tag, TeamId};
use kontak_types::{AgentId, ChannelKind, Language, QueueId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What numbers are told apart by, beside time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Dimension {
    /// The channel.
    Channel,
    /// The queue.
    Queue,
    /// The agent to whom it is credited.
    Agent,
    /// The customer's language.
    Language,
    /// The customer's segment.
    Segment,
    /// The labels, of which a conversation has several: it counts under each.
    Label,
    /// The state of the interaction that a conversion counts under.
    State,
    /// The team that the agent was in at that time: see [`View::with_teams`](crate::View::with_teams). It is read off the
    /// agent, so no grid has it.
    Team,
}

/// A value of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DimensionValue {
    /// None of this dimension: a message has no queue.
    None(Dimension),
    /// A channel.
    Channel(ChannelKind),
    /// A queue.
    Queue(QueueId),
    /// An agent.
    Agent(AgentId),
    /// A language.
    Language(Language),
    /// A segment.
    Segment(Tag),
    /// A label.
    Label(Tag),
    /// A state of the interaction.
    State(InteractionState),
    /// A team.
    Team(TeamId),
}

impl Dimension {
    pub(crate) fn value(self, place: u32, names: &Names) -> DimensionValue {
        use DimensionValue as V;
        let value = match self {
            Self::Channel => names.channels.name(place).cloned().map(V::Channel),
            Self::Queue => names.queues.name(place).copied().map(V::Queue),
            Self::Agent => names.agents.name(place).copied().map(V::Agent),
            Self::Language => names.languages.name(place).cloned().map(V::Language),
            Self::Segment => names.tags.name(place).cloned().map(V::Segment),
            Self::Label => names.tags.name(place).cloned().map(V::Label),
            Self::State => InteractionState::of_code(place).map(V::State),
            // Whose number that is only who knows the teams can say.
            Self::Team => None,
        };
        value.unwrap_or(V::None(self))
    }

    /// The number of one of its values; `None` for one of another dimension, and where there is no room.
    pub(crate) fn place(self, value: &DimensionValue, names: &mut Names) -> Option<u32> {
        use DimensionValue as V;
        match (self, value) {
            (_, V::None(_)) => Some(0),
            (Self::Channel, V::Channel(it)) => names.channel(it).ok().map(u32::from),
            (Self::Queue, V::Queue(it)) => Some(names.queues.add(it)),
            (Self::Agent, V::Agent(it)) => Some(names.agents.add(it)),
            (Self::Language, V::Language(it)) => names.language(it).ok().map(u32::from),
            (Self::Segment, V::Segment(it)) | (Self::Label, V::Label(it)) => {
                names.tag(it).ok().map(u32::from)
            }
            (Self::State, V::State(it)) => Some(it.code()),
            _ => None,
        }
    }
}

impl fmt::Display for DimensionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None(_) => f.write_str("-"),
            Self::Channel(channel) => channel.fmt(f),
            Self::Queue(queue) => queue.fmt(f),
            Self::Agent(agent) => agent.fmt(f),
            Self::Language(language) => f.write_str(language.as_str()),
            Self::Segment(tag) | Self::Label(tag) => tag.fmt(f),
            Self::State(state) => state.fmt(f),
            Self::Team(team) => team.as_uuid().fmt(f),
        }
    }
}
