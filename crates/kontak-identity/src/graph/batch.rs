//! Evidence packed for one call, in the columns that the engine keeps.

use super::IdentityGraph;
use super::fact::{Extension, Fact, Facts, Origin};
use super::observe::{Assertion, ObserveError, micros};
use super::record::{Evidence, NONE};
use super::store::Store;

/// Evidence for one [`load`](IdentityGraph::load): in half the memory of [`Assertion`]s, and in a
/// graph without evidence its columns become those of the graph, without a copy.
///
/// ```
/// use kontak_identity::{Assertion, IdentityGraph, Policy, RecordHandle, TenantKey};
/// use kontak_types::{ChannelKind, TouchpointId, uuid::Uuid};
///
/// let mut graph = IdentityGraph::new(TenantKey::new([7; 16]), Policy::default())?;
/// let (source, value) = (graph.source("crm")?, graph.email("rina@toko.example")?);
/// let mut batch = graph.batch();
/// for number in [1, 2] {
///     let id = TouchpointId::new(Uuid::from_u128(number.into()));
///     let key = (&ChannelKind::Crm, "", &*number.to_string());
///     let seen_at = "2026-01-05T08:30:00Z".parse()?;
///     let touchpoint = graph.touchpoint_in(id, key, seen_at)?.expect("nobody was erased");
///     let record = RecordHandle::number(number).expect("a small number");
///     batch.push(&Assertion::new(touchpoint, value, source, record, seen_at))?;
/// }
/// graph.load(batch)?;
/// assert_eq!(graph.settle().customer_count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Batch {
    /// What was seen once, in its first revision and without an end: all that fits into its place.
    /// Not in any list.
    pub(super) evidence: Vec<Evidence>,
    pub(super) facts: Facts,
    /// The name of each; as long as the last that has one.
    pub(super) names: Vec<u32>,
    /// What needs more than its place.
    pub(super) others: Vec<Piece>,
    end: End,
}

/// One more than the greatest handle of each kind that was put in.
#[derive(Clone, Copy, Debug, Default)]
struct End {
    touchpoints: u32,
    values: u32,
    names: u32,
}

/// One assertion as the engine takes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) touchpoint: u32,
    pub(super) value: u32,
    pub(super) fact: Fact,
    /// [`NONE`] where the record has none.
    pub(super) name: u32,
}

impl Piece {
    #[inline]
    pub(super) fn of(assertion: &Assertion) -> Result<Self, ObserveError> {
        let seen = micros(assertion.seen_at, "seen_at")?;
        let until = assertion.until.map(|until| micros(until, "until")).transpose()?;
        Ok(Self {
            touchpoint: assertion.touchpoint.0,
            value: assertion.identifier.0,
            fact: Fact {
                record: assertion.record.0,
                seen: (seen, seen),
                origin: Origin {
                    source: assertion.source.0,
                    verification: assertion.verification,
                    class: assertion.class,
                    weaker: assertion.weaker,
                    data_version: assertion.data_version.0,
                },
                extension: Extension { revision: assertion.revision, until },
            },
            name: assertion.name.map_or(NONE, |name| name.0),
        })
    }
}

impl IdentityGraph {
    /// An empty batch, for handles of this graph.
    #[must_use]
    pub fn batch(&self) -> Batch {
        Batch {
            evidence: Vec::new(),
            facts: Facts::new(self.store.key),
            names: Vec::new(),
            others: Vec::new(),
            end: End::default(),
        }
    }

    /// Checks that all handles are of this graph.
    pub(super) fn check_batch(&self, batch: &Batch) -> Result<(), ObserveError> {
        let Store { touchpoints, values, names, .. } = &self.store;
        let End { touchpoints: touchpoint, values: value, names: name } = batch.end;
        let known = |end: u32, len: usize, what| {
            if end as usize <= len { Ok(()) } else { Err(ObserveError::UnknownHandle { what }) }
        };
        known(touchpoint, touchpoints.len(), "touchpoint")?;
        known(value, values.len(), "identifier")?;
        known(name, names.len(), "name")?;
        let others = batch.others.iter().map(|piece| piece.fact.origin);
        for origin in batch.facts.origins().iter().copied().chain(others) {
            self.check_origin(origin)?;
        }
        if !self.erased.is_empty() {
            for Evidence { touchpoint, value, .. } in &batch.evidence {
                self.check_not_erased(*touchpoint, *value)?;
            }
            for piece in &batch.others {
                self.check_not_erased(piece.touchpoint, piece.value)?;
            }
        }
        Ok(())
    }
}

impl Batch {
    /// Makes room for more.
    pub fn reserve(&mut self, more: usize) {
        self.evidence.reserve(more);
        self.facts.reserve(more);
    }

    /// How many assertions are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.evidence.len() + self.others.len()
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an assertion.
    ///
    /// # Errors
    /// If a time cannot be kept.
    #[inline]
    pub fn push(&mut self, assertion: &Assertion) -> Result<(), ObserveError> {
        self.put(Piece::of(assertion)?);
        Ok(())
    }

    #[inline]
    pub(super) fn put(&mut self, piece: Piece) {
        let Piece { touchpoint, value, fact, name } = piece;
        self.end.touchpoints = self.end.touchpoints.max(touchpoint.saturating_add(1));
        self.end.values = self.end.values.max(value.saturating_add(1));
        if name != NONE {
            self.end.names = self.end.names.max(name.saturating_add(1));
        }
        if fact.extension == Extension::NONE
            && self.facts.push(fact.record, fact.seen.0, fact.origin)
        {
            let alone =
                Evidence { touchpoint, value, next_of_touchpoint: NONE, next_of_value: NONE };
            self.evidence.push(alone);
            if name != NONE {
                self.names.resize(self.evidence.len() - 1, NONE);
                self.names.push(name);
            }
        } else {
            self.others.push(piece);
        }
    }

    /// All of it, piece by piece.
    pub(super) fn pieces(&self) -> impl Iterator<Item = Piece> {
        let plain = self.evidence.iter().zip(0..).map(|(evidence, index)| Piece {
            touchpoint: evidence.touchpoint,
            value: evidence.value,
            fact: self.facts.get(index),
            name: self.names.get(index as usize).copied().unwrap_or(NONE),
        });
        plain.chain(self.others.iter().copied())
    }
}
