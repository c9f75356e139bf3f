#![doc = include_str!("../README.md")]

mod actor;
mod channel;
mod id;
mod language;
mod phrase;
mod touchpoint;

pub use actor::ActorKind;
pub use channel::ChannelKind;
pub use id::{
    AgentId, CaseId, CommitmentId, ConversationId, CustomerId, HandoverId, LegId, MessageId,
    QueueId, TouchpointId, WorkItemId,
};
pub use language::{Language, LanguageError};
pub use phrase::{PhraseTables, Phrases};
pub use touchpoint::TouchpointKey;
/// The UUID crate whose type the ids wrap.
pub use uuid;
