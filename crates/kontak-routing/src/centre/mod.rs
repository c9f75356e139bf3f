//! The rules of one contact centre, as data.

mod check;
mod order;
mod queue;

pub use check::CentreError;
pub(crate) use check::MOST_SHAPES;
pub(crate) use order::{Lane, seconds};
pub use order::{Order, Overtaking};
pub use queue::{Closed, Continuity, OfferPolicy, Overflow, Queue, Step, StepChange, Strategy};

use kontak_calendar::Calendar;
use kontak_types::{ChannelKind, QueueId, uuid::Uuid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that routing goes by, as data: write it in TOML or JSON, leave out what shall stay as
/// it is. An unknown key is an error that names it.
///
/// ```
/// use kontak_routing::Centre;
///
/// let centre: Centre = toml::from_str(r#"
///     [channels.voice]
///     exclusive = true
///     [channels.webchat]
///     units = 20
///     [queues.billing]
///     id = "00000000-0000-0000-0000-000000000001"
///     requirement = "billing >= 2"
///     offer.timeout_seconds = 20
///     [[queues.billing.steps]]
///     after_seconds = 60
///     change.lower_by = 1
/// "#)?;
/// centre.check()?;
/// assert_eq!(centre.queues["billing"].steps.len(), 1);
///
/// let wrong = toml::from_str::<Centre>("[queues.billing]\npriorty = 3").unwrap_err();
/// assert!(wrong.to_string().contains("priorty"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Centre {
    /// What a contact costs, by channel. One that is not here costs all of an agent's 100 units.
    pub channels: BTreeMap<ChannelKind, Channel>,
    /// By name.
    pub queues: BTreeMap<String, Queue>,
    /// Opening hours and shifts, by name.
    pub calendars: BTreeMap<String, Calendar>,
    /// When somebody counts as there.
    pub presence: PresencePolicy,
    /// What may be handed on.
    pub transfers: TransferPolicy,
}

impl Centre {
    /// Gives queues without an id one by their place among the names: for simulations and tests.
    /// Where ids are recorded, write them out, or another queue will shift them.
    #[must_use]
    pub fn with_numbered_queues(mut self) -> Self {
        for (place, queue) in self.queues.values_mut().enumerate() {
            if queue.id.as_uuid().is_nil() {
                queue.id = QueueId::new(Uuid::from_u128(place as u128 + 1));
            }
        }
        self
    }

    /// What a contact on this channel costs.
    #[must_use]
    pub fn channel(&self, channel: &ChannelKind) -> Channel {
        self.channels.get(channel).copied().unwrap_or_default()
    }
}

/// What a contact on a channel costs an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Channel {
    /// Units of the agent's capacity. Default 100.
    pub units: u32,
    /// Nothing else beside it but what can be interrupted: a call.
    pub exclusive: bool,
    /// It makes way for what cannot be interrupted, and goes on afterwards: a mail.
    pub interruptible: bool,
}

impl Default for Channel {
    fn default() -> Self {
        Self { units: 100, exclusive: false, interruptible: false }
    }
}

/// When somebody counts as there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PresencePolicy {
    /// For how long a sign of life lasts. Without it, presence lasts until it is changed.
    pub lease_seconds: Option<u32>,
    /// How long the work of somebody who has gone stays with them. Default 60.
    pub keep_work_seconds: u32,
    /// After how many offers without an answer in a row somebody is taken off. Default 1.
    pub missed_offers: u32,
    /// Work comes slowly to who has just come on duty.
    pub damper: Option<Damper>,
}

impl Default for PresencePolicy {
    fn default() -> Self {
        Self { lease_seconds: None, keep_work_seconds: 60, missed_offers: 1, damper: None }
    }
}

/// Spares the first agent in the morning, and the one back from leave, the whole backlog at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Damper {
    /// For how long after coming on duty.
    pub for_seconds: u32,
    /// How long it is then between one contact and the next.
    pub gap_seconds: u32,
}

impl Damper {
    /// One contact every `gap_seconds` in the first `for_seconds` on duty.
    #[must_use]
    pub fn new(for_seconds: u32, gap_seconds: u32) -> Self {
        Self { for_seconds, gap_seconds }
    }
}

/// What may be handed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TransferPolicy {
    /// How often one contact. Default 5.
    pub most_hops: u8,
    /// Whether it may go back to somebody who had it, without being asked to. Default: no.
    pub return_to_previous: ReturnRule,
    /// How long a contact that was handed to somebody by name waits for them. Default 120.
    pub wait_for_named_seconds: u32,
}

impl Default for TransferPolicy {
    fn default() -> Self {
        Self { most_hops: 5, return_to_previous: ReturnRule::Forbid, wait_for_named_seconds: 120 }
    }
}

/// Whether a contact may go back to somebody who had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReturnRule {
    /// Only where the transfer asks for it.
    Forbid,
    /// As to anybody else.
    Allow,
}
