use serde::{Deserialize, Serialize};

/// Who acted: the question every metric and every handover asks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ActorKind {
    /// The person who is served.
    Customer,
    /// A person who serves.
    Agent,
    /// Software that converses.
    Bot,
    /// Software that does not: a timer, an import, a rule.
    System,
    /// A person who oversees agents and may override.
    Supervisor,
}
