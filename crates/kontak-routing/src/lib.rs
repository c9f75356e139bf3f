#![doc = include_str!("../README.md")]

mod agent;
mod centre;
mod decision;
mod engine;
mod explain;
mod hold;
mod input;
mod requirement;
pub mod simulate;
mod skill;
pub mod theory;
mod work;

pub use agent::Agent;
pub use centre::{
    Centre, CentreError, Channel, Closed, Continuity, Damper, OfferPolicy, Order, Overflow,
    Overtaking, PresencePolicy, Queue, ReturnRule, Step, StepChange, Strategy, TransferPolicy,
};
/// The time crate whose types stand in inputs and decisions.
pub use chrono;
pub use decision::{Choice, Decision, ItemState, Refusal, TurnedAway, Withdrawal};
pub use engine::{
    AgentStats, Engine, Entry, Estimate, Fenced, Owner, QueueStats, ReplayError, RestoreError,
    Snapshot, Stats, Violation, Where, WhyNot,
};
pub use explain::{Answer, Change, Explanation};
pub use hold::Hold;
pub use input::{Input, Leaving, Presence, Token, TransferMode, TransferTarget};
pub use requirement::{Requirement, RequirementError, TooComplex};
pub use skill::{Level, LevelError, Skill, SkillError};
pub use work::{Preference, Tie, WorkItem};
