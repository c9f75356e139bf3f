use crate::{Payload, Position, Subject};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Whose event it is, and in which version of its wire form. A store keeps it and never reads what
/// it stands for.
///
/// ```
/// use kontak_storage::EventKind;
///
/// let kind = EventKind::new("conversation", 1);
/// assert_eq!((kind.engine(), kind.version()), ("conversation", 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventKind {
    engine: Cow<'static, str>,
    version: u16,
}

impl EventKind {
    /// An event of `engine` in version `version` of its form. A literal costs no allocation.
    #[must_use]
    pub fn new(engine: impl Into<Cow<'static, str>>, version: u16) -> Self {
        Self { engine: engine.into(), version }
    }

    /// The name of the engine.
    #[must_use]
    pub fn engine(&self) -> &str {
        &self.engine
    }

    /// The version of the form.
    #[must_use]
    pub const fn version(&self) -> u16 {
        self.version
    }
}

/// An event that is to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewEvent {
    /// Whose it is.
    pub kind: EventKind,
    /// Whom it is about.
    pub subjects: Vec<Subject>,
    /// What happened.
    pub payload: Payload,
}

impl NewEvent {
    /// An event about nobody in particular.
    #[must_use]
    pub fn new(kind: EventKind, payload: impl Into<Payload>) -> Self {
        Self { kind, subjects: Vec::new(), payload: payload.into() }
    }

    /// With one more whom it is about.
    #[must_use]
    pub fn with_subject(mut self, subject: Subject) -> Self {
        self.subjects.push(subject);
        self
    }
}

/// An event of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// Where it stands.
    pub position: Position,
    /// Whose it is.
    pub kind: EventKind,
    /// The `now` of the step that made it: what a replay uses.
    pub recorded_at: DateTime<Utc>,
    /// When somebody whom it was about was erased from it. The payload is empty then, or what was
    /// written in its place.
    pub erased_at: Option<DateTime<Utc>>,
    /// What happened.
    pub payload: Payload,
}

impl Event {
    /// An event as a store gives it out.
    #[must_use]
    pub const fn new(
        position: Position,
        kind: EventKind,
        recorded_at: DateTime<Utc>,
        erased_at: Option<DateTime<Utc>>,
        payload: Payload,
    ) -> Self {
        Self { position, kind, recorded_at, erased_at, payload }
    }
}
