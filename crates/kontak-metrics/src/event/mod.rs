//! What is put in.

mod kind;
mod words;

use chrono::{DateTime, Utc};
use kontak_types::ConversationId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use kind::EventKind;
pub use words::{
    Audience, Context, Direction, Origin, PromiseOutcome, QueueEnd, Status, SurveyKind,
};

/// Something that happened in a conversation, as its source recorded it.
///
/// Events may come late, twice and in any order: what counts is the set of them. A record is known by its
/// `id`; of several with one id the highest `revision` speaks, and
/// [`EventKind::Withdrawn`] takes what the record said back. There is nothing personal in it: ids are opaque,
/// and a [`Tag`](crate::Tag) has no room for a number or an address.
///
/// ```
/// use kontak_metrics::{Event, EventId, EventKind};
/// use kontak_types::ConversationId;
/// use uuid::Uuid;
///
/// let conversation = ConversationId::new(Uuid::from_u128(1));
/// let at = "2026-03-02T09:00:00Z".parse()?;
/// let event = Event::new(conversation, EventId::new(Uuid::from_u128(7)), at, EventKind::HandedOff);
/// let corrected = Event { at: "2026-03-02T08:59:00Z".parse()?, ..event.clone() }.revised(1);
/// assert_eq!((corrected.id, corrected.revision), (event.id, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an input record that callers build and update in full"
)]
pub struct Event {
    /// The conversation that it belongs to.
    pub conversation: ConversationId,
    /// The record, in its source: a redelivery has the same.
    pub id: EventId,
    /// Rises with every correction of the record; the first is 0.
    #[serde(default)]
    pub revision: u32,
    /// When it happened, to the microsecond.
    pub at: DateTime<Utc>,
    /// The source's own order of events of one instant, where it has one.
    #[serde(default)]
    pub order: u32,
    /// What happened.
    pub kind: EventKind,
}

impl Event {
    /// The first revision of a record.
    #[must_use]
    pub fn new(
        conversation: ConversationId,
        id: EventId,
        at: DateTime<Utc>,
        kind: EventKind,
    ) -> Self {
        Self { conversation, id, revision: 0, at, order: 0, kind }
    }

    /// The same record, corrected.
    #[must_use]
    pub fn revised(self, revision: u32) -> Self {
        Self { revision, ..self }
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that the caller made.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            #[must_use]
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }
    };
}

id! {
    /// One record of a source. A source without ids of its own derives one from what it has: its name and a
    /// sequence number.
    EventId
}

id! {
    /// A matter that a customer has, over all conversations about it.
    IssueId
}
