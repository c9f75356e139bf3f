#![doc = include_str!("../README.md")]

mod actor;
mod command;
mod commitment;
mod decide;
mod delivery;
pub mod email;
mod event;
mod handover;
mod journey;
pub mod label;
mod native_id;
mod placement;
mod policy;
mod rejected;
mod relation;
pub mod sla;
mod state;
mod status;
pub mod vcon;

pub use actor::Actor;
/// The time crate whose types stand in events.
pub use chrono;
pub use command::{Command, Inbound};
pub use commitment::{Commitment, CommitmentState};
pub use delivery::{Delivery, DeliveryStatus};
pub use event::{Event, EventBody, Leg, Message};
pub use handover::{Answer, ContextBrief, Handover, HandoverKind, HandoverState, HandoverTarget};
pub use journey::{JourneyFilter, Step, StepKind};
pub use kontak_types::{CommitmentId, HandoverId, LegId};
pub use native_id::NativeId;
pub use placement::{Arrival, Candidate, Placement, PlacementReason, Reference, place};
pub use policy::{ChannelPolicy, Joins, Policy};
pub use rejected::Rejected;
pub use relation::{MessageChange, Relation};
pub use state::{Conversation, Conversations, MessageView, RestoreError, Said, Snapshot};
pub use status::{Status, StatusKind};
