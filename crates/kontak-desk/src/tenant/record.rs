use crate::tenant::ReachRecord;
use kontak_identity::{Observation, Retraction, Tombstone};
use kontak_types::TouchpointId;
use serde::{Deserialize, Serialize};

/// One entry of a tenant's journal: what an engine was told, or decided.
///
/// Applying the records of a journal in their order gives the tenant back, and decides nothing anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Record {
    /// A fact about who is who.
    Identity(IdentityRecord),
    /// What was said, and where it belongs.
    Conversation(Box<kontak_conversation::Event>),
    /// What routing was told; its decisions follow from it.
    Routing(Box<kontak_routing::Entry>),
    /// What only metrics want to know: a survey's answer, a purchase. All else they learn from the
    /// other records.
    Metrics(Box<kontak_metrics::Event>),
    /// How somebody can be reached.
    Reach(ReachRecord),
}

/// What identity was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IdentityRecord {
    /// An account used these identifiers.
    Observed(Box<Observation>),
    /// Evidence was taken back.
    Retracted(Vec<Retraction>),
    /// Two accounts are never one customer's.
    Forbidden(TouchpointId, TouchpointId),
    /// They may be, after all.
    Allowed(TouchpointId, TouchpointId),
    /// Other rules are in force.
    PolicySet(Box<kontak_identity::Policy>),
    /// An account was erased.
    Erased {
        /// Which.
        touchpoint: TouchpointId,
        /// When: a contact after that is a new one.
        at: chrono::DateTime<chrono::Utc>,
        /// What is left of it: by then all that was observed of it is out of the journal.
        #[serde(default)]
        tombstone: Option<Tombstone>,
    },
}

impl Record {
    /// Which engine it is for, as it stands in the journal.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Identity(_) => "identity",
            Self::Conversation(_) => "conversation",
            Self::Routing(_) => "routing",
            Self::Metrics(_) => "metrics",
            Self::Reach(_) => "reach",
        }
    }
}
