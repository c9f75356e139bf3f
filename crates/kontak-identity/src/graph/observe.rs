//! Facts in handles: one, or a load of them.

use super::IdentityGraph;
use super::batch::Piece;
use super::fact::{Origin, TIME_END};
use super::record::NONE;
use super::store::Full;
use crate::handle::{
    DataVersionHandle, IdentifierHandle, NameHandle, RecordHandle, SourceHandle, TouchpointHandle,
};
use crate::identifier::IdentifierClass;
use crate::observation::Verification;
use chrono::{DateTime, Utc};
use kontak_types::TouchpointId;

/// One piece of evidence in handles: the door for loads where each name, number and key is looked
/// up once by the caller. [`Observation`](crate::Observation) is the same in words.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Assertion {
    /// The account.
    pub touchpoint: TouchpointHandle,
    /// The value that it used.
    pub identifier: IdentifierHandle,
    /// Who says so.
    pub source: SourceHandle,
    /// The source's record.
    pub record: RecordHandle,
    /// When it was seen.
    pub seen_at: DateTime<Utc>,
    /// When it ceased, where the source says so.
    pub until: Option<DateTime<Utc>>,
    /// Which writing of the record this is.
    pub revision: u32,
    /// How the source knows.
    pub verification: Verification,
    /// What is known of the value.
    pub class: IdentifierClass,
    /// Whether the value is the weaker form of what was seen.
    pub weaker: bool,
    /// The tables that normalised the value.
    pub data_version: DataVersionHandle,
    /// The name on the record.
    pub name: Option<NameHandle>,
}

impl Assertion {
    /// A claimed, personal value, first revision, without a name.
    #[must_use]
    pub fn new(
        touchpoint: TouchpointHandle,
        identifier: IdentifierHandle,
        source: SourceHandle,
        record: RecordHandle,
        seen_at: DateTime<Utc>,
    ) -> Self {
        Self {
            touchpoint,
            identifier,
            source,
            record,
            seen_at,
            until: None,
            revision: 0,
            verification: Verification::Claimed,
            class: IdentifierClass::Personal,
            weaker: false,
            data_version: DataVersionHandle::UNKNOWN,
            name: None,
        }
    }
}

/// What became of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It is live.
    Recorded,
    /// It was known, and says more now: an earlier or later sighting, a better verification.
    Updated,
    /// It was known.
    Known,
    /// A later revision of the record is known.
    Outdated,
    /// It was retracted, and comes without a new revision.
    Retracted,
    /// It has ended already.
    Ended,
    /// The touchpoint was erased after this was seen.
    Erased,
}

/// Why a fact was not taken. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObserveError {
    /// The id belongs to another touchpoint.
    #[error("touchpoint id {id} was given to another account before; make a new one")]
    IdTaken {
        /// The id.
        id: TouchpointId,
    },
    /// A time cannot be kept.
    #[error("`{field}` is outside of the years 1970 to 2111")]
    TimeOutOfRange {
        /// Which time.
        field: &'static str,
    },
    /// A handle does not come from this graph, or its touchpoint was erased.
    #[error("the {what} handle is not one of this graph")]
    UnknownHandle {
        /// Of what.
        what: &'static str,
    },
    /// A phone value of no digits, or of more than fifteen.
    #[error("a phone value has 1 to 15 digits")]
    NotAPhone,
    /// A text is longer than 8 MiB.
    #[error("`{field}` is longer than 8 MiB")]
    TooLong {
        /// Which text.
        field: &'static str,
    },
    /// The graph holds as many as it can.
    #[error("the graph is full: it holds at most {most} {what}")]
    Full {
        /// Of what.
        what: &'static str,
        /// How many.
        most: u64,
    },
}

impl ObserveError {
    pub(super) fn full(full: &Full, field: &'static str) -> Self {
        match full {
            Full::Text => Self::TooLong { field },
            Full::Records => Self::Full { what: field, most: 1 << 28 },
            Full::Sources => Self::Full { what: "sources", most: 1 << 15 },
        }
    }
}

#[inline]
pub(super) fn micros(time: DateTime<Utc>, field: &'static str) -> Result<u64, ObserveError> {
    u64::try_from(time.timestamp_micros())
        .ok()
        .filter(|micros| *micros < TIME_END)
        .ok_or(ObserveError::TimeOutOfRange { field })
}

impl IdentityGraph {
    /// Records many pieces of evidence as one call; much faster than one by one where there are
    /// a quarter as many as the graph holds already.
    ///
    /// See [`load`](Self::load) for evidence that need not be kept as it is.
    ///
    /// # Errors
    /// If a handle is not one of this graph or a time cannot be kept. All are checked before the
    /// first is recorded: then nothing has changed.
    ///
    /// Complexity: O(n) random accesses for a load of n.
    pub fn assert(&mut self, assertions: &[Assertion]) -> Result<(), ObserveError> {
        if let [assertion] = assertions {
            let piece = Piece::of(assertion)?;
            self.check(&piece)?;
            self.position += 1;
            let outcome = self.append(&piece, true)?;
            self.finish_one(&piece, outcome);
            return Ok(());
        }
        let mut batch = self.batch();
        batch.reserve(assertions.len());
        for assertion in assertions {
            batch.push(assertion)?;
        }
        self.load(batch)
    }

    /// Checks that a piece can be kept.
    #[inline]
    fn check(&self, piece: &Piece) -> Result<(), ObserveError> {
        let store = &self.store;
        let what = if piece.touchpoint as usize >= store.touchpoints.len() {
            "touchpoint"
        } else if piece.value as usize >= store.values.len() {
            "identifier"
        } else if piece.name != NONE && piece.name as usize >= store.names.len() {
            "name"
        } else {
            self.check_origin(piece.fact.origin)?;
            return self.check_not_erased(piece.touchpoint, piece.value);
        };
        Err(ObserveError::UnknownHandle { what })
    }

    #[inline]
    pub(super) fn check_origin(&self, origin: Origin) -> Result<(), ObserveError> {
        let what = if origin.source as usize >= self.store.sources.len() {
            "source"
        } else if origin.data_version as usize >= self.store.data_versions.len() {
            "data version"
        } else {
            return Ok(());
        };
        Err(ObserveError::UnknownHandle { what })
    }

    /// Checks that neither an account nor a value that are in range was erased.
    #[inline]
    pub(super) fn check_not_erased(&self, touchpoint: u32, value: u32) -> Result<(), ObserveError> {
        let what = match (self.erased.is_empty(), &self.store) {
            (true, _) => return Ok(()),
            (false, store) if store.is_erased(touchpoint) => "touchpoint",
            (false, store) if store.is_forgotten(value) => "identifier",
            (false, _) => return Ok(()),
        };
        Err(ObserveError::UnknownHandle { what })
    }
}
