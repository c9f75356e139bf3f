//! Facts in handles: one, or a load of them.

use super::IdentityGraph;
use super::fact::TIME_END;
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

/// How many assertions of a load are looked ahead.
const BLOCK: usize = 64;

/// From here on all customers are formed anew at once, if this is a quarter of what the graph holds:
/// one by one, a piece of evidence takes more than four times as long.
const LEAST_IN_BULK: usize = 64;

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
    /// # Errors
    /// If a handle is not one of this graph or a time cannot be kept. All are checked before the
    /// first is recorded: then nothing has changed.
    ///
    /// Complexity: O(n) random accesses for a load of n.
    pub fn assert(&mut self, assertions: &[Assertion]) -> Result<(), ObserveError> {
        if let [assertion] = assertions {
            self.check(assertion)?;
            self.position += 1;
            let outcome = self.append(assertion, true)?;
            self.finish_one(assertion, outcome);
            return Ok(());
        }
        if assertions.len() >= LEAST_IN_BULK.max(self.store.evidence.len() / 4) {
            self.load(assertions)?;
            self.rebuild();
            self.finish_call();
            return Ok(());
        }
        for assertion in assertions {
            self.check(assertion)?;
        }
        self.position += 1;
        self.store.reserve_evidence(assertions.len().saturating_sub(self.store.free.len()));
        for block in assertions.chunks(BLOCK) {
            self.touch(block);
            for assertion in block {
                let _ = self.append(assertion, true)?;
            }
        }
        self.finish_call();
        Ok(())
    }

    /// Reads the records that a block will change, so that their cache misses overlap.
    #[inline]
    fn touch(&self, block: &[Assertion]) {
        if block.len() > 1 {
            let store = &self.store;
            let read = block.iter().fold(0, |read, assertion| {
                read ^ store.values[assertion.identifier.index()].evidence
                    ^ store.touchpoints[assertion.touchpoint.index()].evidence
            });
            std::hint::black_box(read);
        }
    }

    /// Checks that an assertion can be kept. Returns when it was seen.
    #[inline]
    pub(super) fn check(&self, assertion: &Assertion) -> Result<u64, ObserveError> {
        let seen = micros(assertion.seen_at, "seen_at")?;
        if let Some(until) = assertion.until {
            micros(until, "until")?;
        }
        let store = &self.store;
        let was_erased = !self.erased.is_empty();
        let what = if assertion.touchpoint.index() >= store.touchpoints.len()
            || (was_erased && store.is_erased(assertion.touchpoint.0))
        {
            "touchpoint"
        } else if assertion.identifier.index() >= store.values.len()
            || (was_erased && store.is_forgotten(assertion.identifier.0))
        {
            "identifier"
        } else if assertion.source.index() >= store.sources.len() {
            "source"
        } else if assertion.data_version.index() >= store.data_versions.len() {
            "data version"
        } else if assertion.name.is_some_and(|name| name.index() >= store.names.len()) {
            "name"
        } else {
            return Ok(seen);
        };
        Err(ObserveError::UnknownHandle { what })
    }
}
