#![doc = include_str!("../README.md")]

mod actor;
mod case;
mod command;
mod commitment;
mod decide;
mod delivery;
pub mod email;
mod event;
mod handover;
mod journey;
pub mod label;
mod leg;
mod link;
mod message;
mod native_id;
mod participant;
mod phrase;
mod placement;
mod policy;
mod preference;
mod priority;
pub mod rearrange;
mod rejected;
mod relation;
mod retention;
mod search;
pub mod sla;
mod state;
mod status;
pub mod vcon;

pub use actor::Actor;
pub use case::Case;
/// The time crate whose types stand in events.
pub use chrono;
pub use command::{Command, Inbound};
pub use commitment::{Commitment, CommitmentState};
pub use delivery::{Delivery, DeliveryStatus};
pub use event::{Event, EventBody};
pub use handover::{Answer, ContextBrief, Handover, HandoverKind, HandoverState, HandoverTarget};
pub use journey::{JourneyFilter, Step, StepKind};
pub use kontak_types::{CaseId, CommitmentId, HandoverId, LegId};
pub use leg::Leg;
pub use link::LinkKind;
pub use message::Message;
pub use native_id::NativeId;
pub use participant::{Participant, Role};
pub use placement::{Arrival, Candidate, Placement, PlacementReason, Reference, place};
pub use policy::{ChannelPolicy, Joins, Policy};
pub use preference::{Preference, PreferenceReason, Preferred, StatedPreference};
pub use priority::Priority;
pub use rejected::Rejected;
pub use relation::{MessageChange, Relation};
pub use retention::{DataClass, Retention};
pub use state::{
    BringBackError, Conversation, Conversations, Evicted, MessageView, RestoreError, Said, Snapshot,
};
pub use status::{Status, StatusKind};
