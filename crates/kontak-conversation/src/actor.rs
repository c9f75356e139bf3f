use kontak_types::{ActorKind, AgentId, TouchpointId};
use serde::{Deserialize, Serialize};

/// Who spoke, decided or promised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Actor {
    /// The person who is served, from one of their accounts.
    Customer(TouchpointId),
    /// A person who serves.
    Agent(AgentId),
    /// Software that converses, by its name.
    Bot(Box<str>),
    /// Software that does not converse: a timer, an import, a rule.
    System,
    /// A person who oversees agents.
    Supervisor(AgentId),
    /// Somebody else: a courier, a workshop, by their name.
    External(Box<str>),
}

impl Actor {
    /// The kind that metrics and clocks ask for; nothing for somebody from outside.
    #[must_use]
    pub const fn kind(&self) -> Option<ActorKind> {
        Some(match self {
            Self::Customer(_) => ActorKind::Customer,
            Self::Agent(_) => ActorKind::Agent,
            Self::Bot(_) => ActorKind::Bot,
            Self::System => ActorKind::System,
            Self::Supervisor(_) => ActorKind::Supervisor,
            Self::External(_) => return None,
        })
    }

    /// Whether it speaks for the business.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        matches!(self, Self::Agent(_) | Self::Bot(_) | Self::System | Self::Supervisor(_))
    }
}
