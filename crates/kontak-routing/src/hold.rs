use kontak_types::AgentId;
use serde::{Deserialize, Serialize};

/// A named reason, with a deadline, why a contact waits though somebody may be free, or why an agent
/// is given nothing though they may have room. The deadline shows in
/// [`Engine::next_deadline`](crate::Engine::next_deadline).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Hold {
    /// It waits for an agent who knows the matter, or to whom it was handed by name.
    ForAgent(AgentId),
    /// It is gathered with others, to be assigned together.
    BatchWindow,
    /// A bot has it first.
    Bot,
    /// Its queue is closed.
    Closed,
    /// It would not be finished before its queue closes.
    WouldNotFinish,
    /// The customer is called back, not before then.
    CallBack,
    /// The agent has just come on duty, and work comes slowly.
    Damper,
}
