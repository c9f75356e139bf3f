use super::Order;
use crate::{Requirement, Skill};
use kontak_types::{QueueId, uuid::Uuid};
use serde::{Deserialize, Serialize};

/// A requirement with a name, and how to wait for who meets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Queue {
    /// Its id.
    pub id: QueueId,
    /// What an agent must be able to do.
    pub requirement: Requirement,
    /// Higher goes first, over all queues.
    pub priority: i32,
    /// Who is next within a priority.
    pub order: Order,
    /// After this wait a contact goes before all priorities, in the order of arrival: nobody
    /// starves. Without it, lower priorities may.
    pub promote_after_seconds: Option<u32>,
    /// Which of several free agents.
    pub strategy: Strategy,
    /// What is given up as the wait grows. After the last one, nothing more.
    pub steps: Vec<Step>,
    /// How a contact is handed to an agent.
    pub offer: OfferPolicy,
    /// How long it waits for who knows the matter.
    pub continuity: Continuity,
    /// The calendar of its opening hours. Without one it is always open.
    pub hours: Option<String>,
    /// What becomes of a contact while it is closed.
    pub when_closed: Closed,
    /// How long a contact takes, for the order of costs and for what must be finished before the
    /// queue closes or a shift ends. Default 300.
    pub expected_seconds: u32,
    /// A contact that would not be finished before it closes, or before the agent's shift ends, is
    /// not begun.
    pub finish_before_close: bool,
    /// How long an agent is still busy with a contact that has ended, unless they say otherwise.
    pub wrap_up_seconds: u32,
    /// How long a bot has it first.
    pub bot_seconds: Option<u32>,
    /// Contacts that arrive within this time are assigned together, at the least cost over all.
    pub batch_millis: Option<u32>,
    /// How many may wait. One more goes to `overflow`, or is turned away.
    pub most_waiting: Option<u32>,
    /// Where contacts go from here.
    pub overflow: Option<Overflow>,
}

impl Queue {
    /// A queue with this id for whoever meets the requirement; first come, first served.
    #[must_use]
    pub fn new(id: QueueId, requirement: Requirement) -> Self {
        Self { id, requirement, ..Self::default() }
    }
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            id: QueueId::new(Uuid::nil()),
            requirement: Requirement::Anyone,
            priority: 0,
            order: Order::default(),
            promote_after_seconds: None,
            strategy: Strategy::LongestIdle,
            steps: Vec::new(),
            offer: OfferPolicy::default(),
            continuity: Continuity::default(),
            hours: None,
            when_closed: Closed::Wait,
            expected_seconds: 300,
            finish_before_close: false,
            wrap_up_seconds: 0,
            bot_seconds: None,
            batch_millis: None,
            most_waiting: None,
            overflow: None,
        }
    }
}

/// Which of several free agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Strategy {
    /// Who has had no work for longest; who has none before who has some.
    LongestIdle,
    /// Who has been busy for the least time since they came on duty, as it stood when they last
    /// became free.
    LeastOccupied,
    /// Each by their weight. Who comes on duty starts level with the others, not behind.
    WeightedRoundRobin,
    /// Who has the largest share of their capacity left; then who was idle for longest.
    SpareCapacity,
}

impl Strategy {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::LongestIdle, Self::LeastOccupied, Self::WeightedRoundRobin, Self::SpareCapacity];
}

/// Something that is given up after a wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Step {
    /// How long after the contact came into the queue.
    pub after_seconds: u32,
    /// What changes, on top of the steps before.
    pub change: StepChange,
    /// Do not wait for this step where nobody on duty could serve the contact otherwise. Default:
    /// no.
    #[serde(default)]
    pub at_once_if_nobody: bool,
}

impl Step {
    /// This change after this wait.
    #[must_use]
    pub fn new(after_seconds: u32, change: StepChange) -> Self {
        Self { after_seconds, change, at_once_if_nobody: false }
    }

    /// At once where nobody on duty could serve the contact otherwise.
    #[must_use]
    pub fn at_once_if_nobody(mut self) -> Self {
        self.at_once_if_nobody = true;
        self
    }
}

/// What a step gives up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepChange {
    /// These skills are no longer asked for.
    Drop(Vec<Skill>),
    /// All lowest levels are lowered by this much.
    LowerBy(u8),
    /// Whoever meets this will do as well.
    Widen(Requirement),
    /// The agents of this queue will do as well.
    WidenTo(String),
    /// Everybody on the channel will do. Only where it is written: the last step never means this
    /// by itself.
    Anyone,
}

/// How a contact is handed to an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct OfferPolicy {
    /// How long an agent has to accept. Without it a contact is theirs without being asked.
    pub timeout_seconds: Option<u32>,
    /// For how long it is not offered again to who declined or missed it; 1 at least. Default 300.
    pub remember_declined_seconds: u32,
}

impl Default for OfferPolicy {
    fn default() -> Self {
        Self { timeout_seconds: None, remember_declined_seconds: 300 }
    }
}

/// How long a contact waits for who knows the matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Continuity {
    /// While they are on duty, but busy. 0: only if they are free now.
    pub wait_seconds: u32,
    /// While they are not on duty. Usually 0: the pool serves at once.
    pub wait_absent_seconds: u32,
}

/// What becomes of a contact while its queue is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Closed {
    /// It keeps its place until the queue opens.
    Wait,
    /// It goes to the queue of [`Queue::overflow`].
    Overflow,
    /// It is turned away.
    TurnAway,
}

/// Where contacts go from a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Overflow {
    /// The name of the other queue.
    pub to: String,
    /// After this wait. Without it, only when the queue is full or closed.
    #[serde(default)]
    pub after_seconds: Option<u32>,
}

impl Overflow {
    /// To this queue when this one is full or closed.
    pub fn new(to: impl Into<String>) -> Self {
        Self { to: to.into(), after_seconds: None }
    }

    /// Also after this wait.
    #[must_use]
    pub fn after(mut self, seconds: u32) -> Self {
        self.after_seconds = Some(seconds);
        self
    }
}
