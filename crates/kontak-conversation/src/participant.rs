use crate::Actor;
use crate::state::Conversations;
use chrono::{DateTime, Utc};
use kontak_types::ConversationId;
use serde::{Deserialize, Serialize};

/// Somebody who takes part in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Participant {
    /// Who.
    pub who: Actor,
    /// Since when: their first word, or when they were let in.
    pub joined: DateTime<Utc>,
    /// Until when; nothing while they take part.
    pub left: Option<DateTime<Utc>>,
}

/// What a participant does in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Is served.
    Customer,
    /// Serves.
    Agent,
    /// Converses, and is software.
    Bot,
    /// Listens, helps, takes over.
    Supervisor,
    /// Is from outside: a courier, a workshop.
    External,
}

impl Actor {
    /// What it does in a conversation; nothing for what does not take part in any.
    #[must_use]
    pub const fn role(&self) -> Option<Role> {
        Some(match self {
            Self::Customer(_) => Role::Customer,
            Self::Agent(_) => Role::Agent,
            Self::Bot(_) => Role::Bot,
            Self::Supervisor(_) => Role::Supervisor,
            Self::External(_) => Role::External,
            Self::System => return None,
        })
    }
}

impl Conversations {
    /// Who takes part in a conversation, or did: whoever said something in it, whoever was let in,
    /// and who has it now. In the order in which they came.
    ///
    /// Complexity: O(messages × participants).
    #[must_use]
    pub fn participants(&self, id: ConversationId) -> Vec<Participant> {
        let Some(conversation) = self.conversation(id) else { return Vec::new() };
        let mut all: Vec<Participant> = conversation.let_in().to_vec();
        let mut spoke =
            |who: Actor, at: DateTime<Utc>| match all.iter_mut().find(|one| one.who == who) {
                Some(known) => known.joined = known.joined.min(at),
                None => all.push(Participant { who, joined: at, left: None }),
            };
        for message in self.messages(id) {
            if message.said.author.role().is_some() {
                spoke(message.said.author.clone(), message.said.at);
            }
        }
        if let Some(agent) = conversation.agent {
            spoke(Actor::Agent(agent), conversation.since);
        }
        all.sort_by_key(|one| one.joined);
        all
    }
}
