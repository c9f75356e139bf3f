#![doc = include_str!("../README.md")]

mod change;
mod explain;
mod graph;
mod handle;
mod identifier;
pub mod name;
mod observation;
mod packed;
mod past;
mod policy;
pub mod quality;
mod tenant_key;
mod view;

pub use change::{Change, Position, WithheldReason};
/// The time crate whose type the facts carry; without its clock.
pub use chrono;
pub use explain::{
    Account, Apart, Component, Explanation, Link, Node, Simulation, Step, Verdict, WhatIf,
    Withdrawal,
};
pub use graph::{
    Assertion, Batch, EraseError, IdentityGraph, LinkError, ObserveError, Outcome, RestoreError,
    Retraction, Snapshot,
};
pub use handle::{
    DataVersionHandle, IdentifierHandle, NameHandle, RecordHandle, SourceHandle, TouchpointHandle,
};
pub use identifier::{Identifier, IdentifierClass, IdentifierKind, IdentifierValue};
pub use observation::{Observation, RecordId, Verification};
pub use packed::{ObservationRef, PackedObservations};
pub use past::Past;
/// The graph crate whose types [`Component::graph`] shows.
pub use petgraph;
pub use policy::{KindPolicy, Policy, PolicyError};
pub use tenant_key::{EvidenceId, EvidenceIdError, TenantKey, Tombstone};
pub use view::{Customer, EvidenceView, MemoryUse, Resolved, View, Withheld};
