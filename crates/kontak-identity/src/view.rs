//! The answers of a settled graph.

use crate::change::{Change, Position, WithheldReason};
use crate::graph::{Fact, Hold, IdentityGraph, Mode, NONE, Reason};
use crate::handle::{IdentifierHandle, TouchpointHandle};
use crate::identifier::{IdentifierClass, IdentifierValue};
use crate::observation::{RecordId, Verification};
use crate::tenant_key::{EvidenceId, RecordRef};
use chrono::{DateTime, Utc};
use kontak_types::{CustomerId, TouchpointId, TouchpointKey};
use serde::{Deserialize, Serialize};

/// A graph that is up to date: the only place where questions are answered.
///
/// Borrowed from [`IdentityGraph::settle`], free to copy, and safe to share among threads.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub(crate) graph: &'a IdentityGraph,
}

/// One customer: the touchpoints that the evidence ties together.
#[derive(Clone, Copy)]
pub struct Customer<'a> {
    pub(crate) graph: &'a IdentityGraph,
    pub(crate) founder: u32,
}

/// What became of an id that was given out once.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Resolved<'a> {
    /// The customer that it belongs to now.
    Customer(Customer<'a>),
    /// Its touchpoint was erased.
    Erased,
    /// This graph never gave it out.
    Unknown,
}

impl<'a> Resolved<'a> {
    /// The customer, if there is one.
    #[must_use]
    pub fn customer(self) -> Option<Customer<'a>> {
        match self {
            Self::Customer(customer) => Some(customer),
            Self::Erased | Self::Unknown => None,
        }
    }
}

/// One live piece of evidence, as recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EvidenceView {
    /// Its id: what a [`Retraction`](crate::Retraction) names.
    pub id: EvidenceId,
    /// The account.
    pub touchpoint: TouchpointHandle,
    /// The value.
    pub identifier: IdentifierHandle,
    /// Who says so.
    pub source: String,
    /// The source's record.
    pub record: RecordId,
    /// The revision of the record.
    pub revision: u32,
    /// When it was first seen.
    pub first_seen: DateTime<Utc>,
    /// When it was last seen.
    pub last_seen: DateTime<Utc>,
    /// When it ends, where the source says so.
    pub until: Option<DateTime<Utc>>,
    /// How the source knows.
    pub verification: Verification,
    /// What was known of the value.
    pub class: IdentifierClass,
    /// Whether the value is the weaker form of what was seen.
    pub weaker: bool,
    /// The tables that normalised the value; empty where nobody said.
    pub data_version: String,
    /// The name on the record.
    pub name: Option<String>,
    /// Why it joins nobody, if it does not.
    pub withheld: Option<WithheldReason>,
}

/// An edge that is live and joins nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Withheld {
    /// The account.
    pub touchpoint: TouchpointHandle,
    /// The value.
    pub identifier: IdentifierHandle,
    /// Why.
    pub reason: WithheldReason,
}

/// Bytes that a graph holds, by what they are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MemoryUse {
    /// Names, ids and addresses as text, and the table of names.
    pub text: usize,
}

impl<'a> View<'a> {
    pub(crate) fn new(graph: &'a IdentityGraph) -> Self {
        Self { graph }
    }

    /// The handle of an account.
    #[must_use]
    pub fn touchpoint(self, key: &TouchpointKey) -> Option<TouchpointHandle> {
        let account = self.graph.store.find_account(&key.channel, &key.scope)?;
        self.graph.store.find_touchpoint(account, &key.id).map(TouchpointHandle)
    }

    /// The handle of a touchpoint by its id; also of an erased one.
    #[must_use]
    pub fn touchpoint_by_id(self, id: TouchpointId) -> Option<TouchpointHandle> {
        self.graph.store.find_id(id).map(TouchpointHandle)
    }

    /// The id of a touchpoint.
    #[must_use]
    pub fn touchpoint_id(self, touchpoint: TouchpointHandle) -> Option<TouchpointId> {
        self.graph.store.ids.get(touchpoint.index()).copied()
    }

    /// The account of a touchpoint; nothing once it is erased.
    #[must_use]
    pub fn touchpoint_key(self, touchpoint: TouchpointHandle) -> Option<TouchpointKey> {
        self.known(touchpoint)?;
        let (channel, scope, id) = self.graph.store.key_of(touchpoint.0)?;
        Some(TouchpointKey::new(channel.clone(), scope, id))
    }

    /// The names that live evidence gives a touchpoint.
    pub fn names(self, touchpoint: TouchpointHandle) -> impl Iterator<Item = &'a str> {
        let names =
            self.known(touchpoint).map_or_else(Vec::new, |index| self.graph.names_of(index));
        names.into_iter().map(move |name| self.graph.store.name_text(name))
    }

    /// The customer of a touchpoint. One load: the hot path of every inbound message.
    #[must_use]
    #[inline]
    pub fn customer_of(self, touchpoint: TouchpointHandle) -> Option<Customer<'a>> {
        let record = self.graph.store.touchpoints.get(touchpoint.index())?;
        Some(Customer { graph: self.graph, founder: record.founder })
    }

    /// What an id is now that this graph gave out at any time: as a customer's, or as a
    /// touchpoint's, which may have been a customer's.
    #[must_use]
    pub fn resolve(self, id: impl Into<CustomerId>) -> Resolved<'a> {
        let Some(index) = self.graph.store.find_id(TouchpointId::new(*id.into().as_uuid())) else {
            return Resolved::Unknown;
        };
        if self.graph.store.is_erased(index) {
            return Resolved::Erased;
        }
        let founder = self.graph.store.touchpoints[index as usize].founder;
        Resolved::Customer(Customer { graph: self.graph, founder })
    }

    /// The handle of a value.
    #[must_use]
    pub fn identifier(self, value: &IdentifierValue) -> Option<IdentifierHandle> {
        self.graph.store.find_value(value.as_ref()).map(IdentifierHandle)
    }

    /// The value of a handle; nothing once it was forgotten in an erasure.
    #[must_use]
    pub fn identifier_value(self, identifier: IdentifierHandle) -> Option<IdentifierValue> {
        let store = &self.graph.store;
        let is_known = identifier.index() < store.values.len() && !store.is_forgotten(identifier.0);
        is_known.then(|| store.value_ref(identifier.0).to_value())
    }

    /// The touchpoints with live evidence of a value, in the order of recording.
    #[must_use]
    pub fn holders(self, identifier: IdentifierHandle) -> Vec<TouchpointHandle> {
        if identifier.index() >= self.graph.store.values.len() {
            return Vec::new();
        }
        let mut holders: Vec<TouchpointHandle> = self
            .graph
            .store
            .of_value(identifier.0)
            .map(|(_, one)| TouchpointHandle(one.touchpoint))
            .collect();
        holders.sort_unstable();
        holders.dedup();
        holders
    }

    /// All customers, in the order in which their founders were recorded.
    pub fn customers(self) -> impl Iterator<Item = Customer<'a>> {
        let graph = self.graph;
        self.touchpoints()
            .map(|touchpoint| touchpoint.0)
            .filter(|index| graph.store.touchpoints[*index as usize].founder == *index)
            .map(move |founder| Customer { graph, founder })
    }

    /// All touchpoints that are not erased, in the order of recording.
    pub fn touchpoints(self) -> impl Iterator<Item = TouchpointHandle> {
        let store = &self.graph.store;
        (0..store.touchpoints.len() as u32)
            .filter(|index| !store.is_erased(*index))
            .map(TouchpointHandle)
    }

    /// How many customers there are. O(touchpoints).
    #[must_use]
    pub fn customer_count(self) -> usize {
        self.customers().count()
    }

    /// How many touchpoints there are. O(touchpoints).
    #[must_use]
    pub fn touchpoint_count(self) -> usize {
        self.touchpoints().count()
    }

    /// How many values have been recorded.
    #[must_use]
    pub fn identifier_count(self) -> usize {
        self.graph.store.values.len()
    }

    /// How many pieces of evidence are live.
    #[must_use]
    pub fn evidence_count(self) -> usize {
        self.graph.evidence_count()
    }

    /// The live evidence of a touchpoint, by value, then source, then record.
    #[must_use]
    pub fn evidence(self, touchpoint: TouchpointHandle) -> Vec<EvidenceView> {
        let Some(index) = self.known(touchpoint) else { return Vec::new() };
        let mut evidence: Vec<EvidenceView> = self
            .graph
            .store
            .of_touchpoint(index)
            .map(|(index, _)| self.evidence_at(index))
            .collect();
        evidence.sort_by(|a, b| {
            (a.identifier, &a.source, &a.record).cmp(&(b.identifier, &b.source, &b.record))
        });
        evidence
    }

    /// All edges that are live and join nobody, by touchpoint. O(evidence).
    pub fn withheld(self) -> impl Iterator<Item = Withheld> {
        let graph = self.graph;
        self.touchpoints().flat_map(move |touchpoint| {
            let mut edges: Vec<Withheld> = graph
                .store
                .of_touchpoint(touchpoint.0)
                .filter_map(|(_, evidence)| {
                    let reason = graph.withheld(touchpoint.0, evidence.value)?;
                    Some(Withheld {
                        touchpoint,
                        identifier: IdentifierHandle(evidence.value),
                        reason,
                    })
                })
                .collect();
            edges.sort_unstable();
            edges.dedup();
            edges
        })
    }

    /// The clusters in which not all evidence can be admitted: how many, and the touchpoints of the
    /// largest.
    #[must_use]
    pub fn contested(self) -> (usize, usize) {
        let contests = self.graph.contests.iter().flatten();
        (contests.clone().count(), contests.map(|contest| contest.members.len()).max().unwrap_or(0))
    }

    /// Whether a touchpoint is in a cluster in which not all evidence can be admitted.
    #[must_use]
    pub fn is_contested(self, touchpoint: TouchpointHandle) -> bool {
        self.known(touchpoint).is_some_and(|index| {
            self.graph.store.touchpoints[index as usize].state.contest().is_some()
        })
    }

    /// How many pieces of evidence the whole cluster of a touchpoint has: what a review looks at.
    #[must_use]
    pub fn cluster_size(self, touchpoint: TouchpointHandle) -> usize {
        let Some(index) = self.known(touchpoint) else { return 0 };
        let store = &self.graph.store;
        let evidence = |member: u32| store.of_touchpoint(member).count();
        match store.touchpoints[index as usize].state.contest() {
            Some(contest) => {
                let contest = self.graph.contests[contest as usize].iter();
                contest.flat_map(|contest| &contest.members).map(|member| evidence(*member)).sum()
            }
            None => store.ring(index).map(evidence).sum(),
        }
    }

    /// The changes after `since`, oldest first.
    pub fn changes(self, since: Position) -> impl Iterator<Item = (Position, Change)> {
        self.graph.log.changes(since)
    }

    /// What the texts take, apart from the graph itself.
    #[must_use]
    pub fn memory_use(self) -> MemoryUse {
        MemoryUse { text: self.graph.store.text_bytes() }
    }

    pub(crate) fn known(self, touchpoint: TouchpointHandle) -> Option<u32> {
        let store = &self.graph.store;
        (touchpoint.index() < store.touchpoints.len() && !store.is_erased(touchpoint.0))
            .then_some(touchpoint.0)
    }

    pub(crate) fn evidence_at(self, index: u32) -> EvidenceView {
        let store = &self.graph.store;
        let evidence = &store.evidence[index as usize];
        let Fact { record, seen: (first, last), origin, extension } = store.facts.get(index);
        let time = |micros: u64| DateTime::from_timestamp_micros(micros as i64).unwrap_or_default();
        EvidenceView {
            id: store.evidence_id(index),
            touchpoint: TouchpointHandle(evidence.touchpoint),
            identifier: IdentifierHandle(evidence.value),
            source: store.sources[origin.source as usize].clone().into_string(),
            record: match store.record_ref(record) {
                RecordRef::Number(number) => number.to_string().into(),
                RecordRef::Text(text) => text.into(),
            },
            revision: extension.revision,
            first_seen: time(first),
            last_seen: time(last),
            until: extension.until.map(time),
            verification: origin.verification,
            class: origin.class,
            weaker: origin.weaker,
            data_version: store.data_versions[origin.data_version as usize].clone().into_string(),
            name: store
                .name_of
                .get(index as usize)
                .filter(|name| **name != NONE)
                .map(|name| store.name_text(*name).to_owned()),
            withheld: self.graph.withheld(evidence.touchpoint, evidence.value),
        }
    }
}

impl<'a> Customer<'a> {
    /// The id: its founder's.
    #[must_use]
    pub fn id(&self) -> CustomerId {
        self.graph.store.ids[self.founder as usize].into()
    }

    /// The member that was recorded first.
    #[must_use]
    pub fn founder(&self) -> TouchpointHandle {
        TouchpointHandle(self.founder)
    }

    /// The touchpoints, in the order of recording.
    #[must_use]
    pub fn members(&self) -> Vec<TouchpointHandle> {
        let mut members: Vec<TouchpointHandle> =
            self.graph.store.ring(self.founder).map(TouchpointHandle).collect();
        members.sort_unstable();
        members
    }

    /// How many touchpoints. O(members).
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a customer has at least its founder")]
    pub fn len(&self) -> usize {
        self.graph.store.ring(self.founder).count()
    }

    /// The values that tie it together or might: all that live evidence gives its members, with
    /// those that join nobody left out.
    #[must_use]
    pub fn identifiers(&self) -> Vec<IdentifierHandle> {
        let mut values: Vec<IdentifierHandle> = self
            .graph
            .store
            .ring(self.founder)
            .flat_map(|member| self.graph.store.of_touchpoint(member))
            .filter(|(_, evidence)| {
                self.graph.withheld(evidence.touchpoint, evidence.value).is_none()
            })
            .map(|(_, evidence)| IdentifierHandle(evidence.value))
            .collect();
        values.sort_unstable();
        values.dedup();
        values
    }
}

impl PartialEq for Customer<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.graph, other.graph) && self.founder == other.founder
    }
}

impl std::fmt::Debug for Customer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Customer")
            .field("id", &self.id())
            .field("touchpoints", &self.len())
            .finish()
    }
}

impl IdentityGraph {
    /// Why an edge joins nobody, if it does not.
    pub(crate) fn withheld(&self, touchpoint: u32, value: u32) -> Option<WithheldReason> {
        let record = &self.store.values[value as usize];
        match record.mode() {
            Mode::Barred => {
                return Some(if record.is_blocked() {
                    WithheldReason::Blocked
                } else {
                    WithheldReason::NeverPersonal
                });
            }
            Mode::Quarantined => return Some(WithheldReason::Quarantined),
            Mode::Split => {
                let slot = self.store.splits.get(&value).and_then(|split| split.slot(touchpoint));
                match slot.map(|slot| slot.hold) {
                    Some(Hold::Quarantined) => return Some(WithheldReason::Quarantined),
                    Some(Hold::NamesDiffer) => return Some(WithheldReason::NamesDiffer),
                    Some(Hold::NameUnclear) => return Some(WithheldReason::NameUnclear),
                    Some(Hold::Free) | None => {}
                }
            }
            Mode::Simple => {}
        }
        self.reason_of_review((touchpoint, value)).map(Reason::public)
    }

    pub(crate) fn names_of(&self, touchpoint: u32) -> Vec<u32> {
        crate::graph::names_of(&self.store, touchpoint)
    }
}
