//! Actors as parties, and back.

use super::party::Party;
use super::token::{PartyKind, PartyRole};
use crate::Actor;
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, TouchpointId};

impl From<&Actor> for Party {
    /// What is known of an actor here: what they do, and their id or name.
    fn from(actor: &Actor) -> Self {
        match actor {
            Actor::Customer(id) => {
                Self::of(PartyKind::Person).with_role(PartyRole::Customer).with_uuid(id.to_string())
            }
            Actor::Agent(id) => {
                Self::of(PartyKind::Person).with_role(PartyRole::Agent).with_uuid(id.to_string())
            }
            Actor::Supervisor(id) => Self::of(PartyKind::Person)
                .with_role(PartyRole::Supervisor)
                .with_uuid(id.to_string()),
            Actor::Bot(name) => Self::of(PartyKind::Bot).with_name(&**name),
            Actor::System => Self::of(PartyKind::Bot),
            Actor::External(name) => Self::person(&**name).with_role(PartyRole::ThirdParty),
        }
    }
}

impl Party {
    /// Who a party is, in a document in which at least one party has the role of a customer. An id
    /// that is a UUID is kept, others are made by `fresh`.
    pub(super) fn actor(&self, fresh: &mut dyn FnMut() -> Uuid) -> Actor {
        let id = self.uuid.as_deref().and_then(|id| Uuid::parse_str(id).ok());
        let name = || self.name.as_deref().unwrap_or("unknown").into();
        match (&self.role, &self.kind) {
            (Some(PartyRole::Customer), _) => {
                Actor::Customer(TouchpointId::new(id.unwrap_or_else(fresh)))
            }
            (Some(PartyRole::Supervisor), _) => {
                Actor::Supervisor(AgentId::new(id.unwrap_or_else(fresh)))
            }
            (Some(PartyRole::SubjectMatterExpert | PartyRole::ThirdParty), _)
            | (None, Some(PartyKind::Organization)) => Actor::External(name()),
            (_, Some(PartyKind::Bot)) => match &self.name {
                Some(name) => Actor::Bot(name.as_str().into()),
                None => Actor::System,
            },
            _ => Actor::Agent(AgentId::new(id.unwrap_or_else(fresh))),
        }
    }
}
