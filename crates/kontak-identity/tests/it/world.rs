//! A small world in which everything collides: few accounts, few values, few days, tight limits.

mod check;
mod strategies;

use crate::model::{Fact, Model};
use kontak_address::EmailAddress;
use kontak_identity::chrono::{DateTime, Duration, Utc};
use kontak_identity::{
    EvidenceId, Identifier, IdentifierClass, IdentifierValue, IdentityGraph, Observation, Outcome,
    Policy, Retraction, TenantKey, Verification,
};
use kontak_types::{TouchpointId, TouchpointKey, uuid::Uuid};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

pub(crate) use check::{partition, withheld};
pub(crate) use strategies::{config, facts, histories, observations, policies};

pub(crate) const KEY: TenantKey = TenantKey::new([7; 16]);
pub(crate) const TOUCHPOINTS: usize = 9;
pub(crate) const VALUES: usize = 8;
pub(crate) const NAMES: [&str; 9] = [
    "Siti Rahayu",
    "SITI RAHAYU",
    "Budi Santoso",
    "Agus Wijaya",
    "李明",
    "Budi",
    "Siti",
    "Santoso",
    "Santoso Wijaya",
];
const SOURCES: [&str; 2] = ["crm", "pos"];
const RECORDS: [&str; 3] = ["1", "2", "note-1"];

/// What a record says, by places in the pools of this world; times in days.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) touchpoint: usize,
    pub(crate) values: Vec<SeenValue>,
    pub(crate) source: usize,
    pub(crate) record: usize,
    pub(crate) revision: u32,
    pub(crate) day: u32,
    pub(crate) until: Option<u32>,
    pub(crate) verification: Verification,
    pub(crate) name: Option<usize>,
}

#[derive(Clone)]
pub(crate) struct SeenValue {
    pub(crate) value: usize,
    pub(crate) weaker: Option<usize>,
    pub(crate) class: IdentifierClass,
}

impl fmt::Debug for Seen {
    /// On one line, since a failing history has many.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { touchpoint, values, source, record, revision, day, until, verification, name } =
            self;
        write!(
            f,
            "t{touchpoint} {values:?} by {source}/{record} revision {revision} on {day} until {until:?} "
        )?;
        write!(f, "{verification:?} name {name:?}")
    }
}

impl fmt::Debug for SeenValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.value)?;
        self.weaker.map_or(Ok(()), |weaker| write!(f, "~v{weaker}"))?;
        if self.class == IdentifierClass::Personal {
            Ok(())
        } else {
            write!(f, " {:?}", self.class)
        }
    }
}

/// Which evidence a retraction names: any that could be, or one that was seen.
#[derive(Clone, Debug)]
pub(crate) enum Which {
    Any { touchpoint: usize, value: usize, source: usize, record: usize, revision: u32 },
    Seen(usize),
}

#[derive(Clone, Debug)]
pub(crate) enum Op {
    Observe(Seen),
    /// Records the account alone.
    Touchpoint(usize, u32),
    /// All in one call.
    Retract(Vec<Which>),
    RetractValue(usize),
    RetractSource(usize),
    Forbid(usize, usize),
    Allow(usize, usize),
    Expire(u32),
    Erase(usize, u32),
    EraseCustomer(usize, u32),
    SetPolicy(Box<Policy>),
}

/// Some days begin a microsecond late, so that times meet, and just miss each other.
pub(crate) fn day(day: u32) -> DateTime<Utc> {
    let late = Duration::microseconds(i64::from(day % 4 == 2));
    DateTime::UNIX_EPOCH + Duration::days(20_000 + i64::from(day)) + late
}

pub(crate) fn touchpoint(place: usize) -> TouchpointKey {
    let channel = ["whatsapp", "store", "email"][place % 3];
    TouchpointKey::new(channel, ["jakarta", ""][place % 2], place.to_string())
}

/// Four numbers, three mailboxes, and one mailbox that the policies of this world block.
pub(crate) fn value(place: usize) -> IdentifierValue {
    match place {
        0..4 => IdentifierValue::Phone(62_811_000 + place as u64),
        4 => IdentifierValue::Email("siti@surat.id".into()),
        5 => IdentifierValue::Email("budi@surat.id".into()),
        6 => IdentifierValue::Email("agus@kotak.id".into()),
        _ => IdentifierValue::Email("tidakada@kotak.id".into()),
    }
}

pub(crate) fn identifier(seen: &SeenValue) -> Identifier {
    let mut identifier = Identifier::from(&EmailAddress::parse("any@surat.id").unwrap());
    identifier.value = value(seen.value);
    identifier.weaker = seen.weaker.filter(|weaker| *weaker != seen.value).map(value);
    identifier.class = seen.class;
    identifier
}

pub(crate) fn observation(seen: &Seen, id: TouchpointId) -> Observation {
    let mut observation = Observation::new(
        id,
        touchpoint(seen.touchpoint),
        SOURCES[seen.source],
        RECORDS[seen.record],
        day(seen.day),
    )
    .with_revision(seen.revision)
    .with_verification(seen.verification);
    observation.until = seen.until.map(day);
    observation.name = seen.name.map(|name| NAMES[name].to_owned());
    observation.identifiers = seen.values.iter().map(identifier).collect();
    observation
}

/// How a failure names them, since both are masked.
pub(crate) fn name_of_touchpoint(key: &TouchpointKey) -> String {
    format!("t{}", key.id)
}

pub(crate) fn name_of_value(known: &IdentifierValue) -> String {
    (0..VALUES)
        .find(|place| value(*place) == *known)
        .map_or_else(|| "?".to_owned(), |place| format!("v{place}"))
}

/// Asks an empty graph, and remembers the answer.
pub(crate) fn evidence_id(observation: &Observation, value: &IdentifierValue) -> EvidenceId {
    type Question = (TouchpointKey, IdentifierValue, String, String);
    thread_local! {
        static KNOWN: RefCell<BTreeMap<Question, EvidenceId>> = const { RefCell::new(BTreeMap::new()) };
    }
    let (source, record) = (observation.source.clone(), observation.record.to_string());
    let question = (observation.touchpoint.clone(), value.clone(), source, record);
    KNOWN.with_borrow_mut(|known| {
        *known.entry(question).or_insert_with(|| {
            let mut alone = observation.clone();
            (alone.until, alone.name) = (None, None);
            alone.identifiers.truncate(1);
            alone.identifiers[0].value = value.clone();
            alone.identifiers[0].weaker = None;
            let mut graph = IdentityGraph::new(KEY, Policy::default()).unwrap();
            assert_eq!(graph.observe(&alone), Ok(Outcome::Recorded));
            let view = graph.settle();
            view.evidence(view.touchpoint(&alone.touchpoint).unwrap())[0].id
        })
    })
}

/// A graph and the model, told the same.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) graph: IdentityGraph,
    pub(crate) model: Model,
    pub(crate) given_out: u128,
}

impl World {
    pub(crate) fn new(policy: &Policy) -> Self {
        let graph = IdentityGraph::new(KEY, policy.clone()).unwrap();
        Self { graph, model: Model::new(policy.clone()), given_out: 0 }
    }

    pub(crate) fn fresh_id(&mut self) -> TouchpointId {
        self.given_out += 1;
        TouchpointId::new(Uuid::from_u128(self.given_out))
    }

    pub(crate) fn apply_all(&mut self, ops: &[Op]) -> TestCaseResult {
        ops.iter().try_for_each(|op| self.apply(op))
    }

    /// Tells both, and compares what they answer.
    pub(crate) fn apply(&mut self, op: &Op) -> TestCaseResult {
        match op {
            Op::Observe(seen) => drop(self.observe(seen)?),
            Op::Touchpoint(place, seen_at) => {
                let (id, key, seen_at) = (self.fresh_id(), touchpoint(*place), day(*seen_at));
                let answer = self.graph.touchpoint(id, &key, seen_at);
                prop_assert_eq!(
                    answer.unwrap().is_some(),
                    self.model.touchpoint(id, &key, seen_at)
                );
            }
            Op::Retract(which) => {
                let retractions: Vec<Retraction> =
                    which.iter().filter_map(|one| self.retraction(one)).collect();
                self.graph.retract(&retractions);
                retractions.into_iter().for_each(|retraction| self.model.retract(retraction));
            }
            Op::RetractValue(place) => {
                let value = value(*place);
                let Some(handle) = self.graph.settle().identifier(&value) else { return Ok(()) };
                let mut retracted = self.graph.retract_identifier(handle);
                retracted.sort();
                prop_assert_eq!(retracted, self.model.retract_all(|fact| fact.value == value));
            }
            Op::RetractSource(place) => {
                let source = SOURCES[*place];
                let mut retracted = self.graph.retract_source(source);
                retracted.sort();
                prop_assert_eq!(retracted, self.model.retract_all(|fact| fact.source == source));
            }
            Op::Forbid(a, b) => {
                let (a, b) = (self.id_of(*a), self.id_of(*b));
                prop_assert_eq!(self.graph.forbid(a, b).is_ok(), self.model.forbid(a, b));
            }
            Op::Allow(a, b) => {
                let (a, b) = (self.id_of(*a), self.id_of(*b));
                prop_assert_eq!(self.graph.allow(a, b).is_ok(), self.model.allow(a, b));
            }
            Op::Expire(now) => {
                prop_assert_eq!(self.graph.expire(day(*now)), Ok(self.model.expire(day(*now))));
            }
            Op::Erase(place, now) => {
                let id = self.id_of(*place);
                prop_assert_eq!(
                    self.graph.erase(id, day(*now)).is_ok(),
                    self.model.erase(id, day(*now))
                );
            }
            Op::EraseCustomer(place, now) => self.erase_customer(*place, day(*now))?,
            Op::SetPolicy(policy) => {
                self.graph.set_policy((**policy).clone()).unwrap();
                self.model.policy = (**policy).clone();
            }
        }
        Ok(())
    }

    pub(crate) fn observe(&mut self, seen: &Seen) -> Result<Outcome, TestCaseError> {
        let observation = observation(seen, self.fresh_id());
        let outcome = self.graph.observe(&observation).unwrap();
        let is_taken = self.model.observe(&observation, Fact::all_of(&observation, evidence_id));
        prop_assert_eq!(outcome != Outcome::Erased, is_taken);
        Ok(outcome)
    }

    fn erase_customer(&mut self, place: usize, now: DateTime<Utc>) -> TestCaseResult {
        let id = self.id_of(place);
        let customers = self.model.conclude().customers;
        let members = customers.into_iter().find(|customer| customer.contains(&touchpoint(place)));
        let members = members.filter(|_| self.model.knows(id));
        match self.graph.erase_customer(id.into(), now) {
            Err(_) => prop_assert!(members.is_none()),
            Ok(mut erased) => {
                erased.sort();
                let mut expected: Vec<TouchpointId> =
                    members.iter().flatten().filter_map(|key| self.model.id_of(key)).collect();
                expected.sort();
                prop_assert_eq!(&erased, &expected);
                prop_assert!(erased.into_iter().all(|id| self.model.erase(id, now)));
            }
        }
        Ok(())
    }

    /// The id of an account, or one that nobody has.
    pub(crate) fn id_of(&self, place: usize) -> TouchpointId {
        self.model.id_of(&touchpoint(place)).unwrap_or(TouchpointId::new(Uuid::max()))
    }

    pub(crate) fn retraction(&self, which: &Which) -> Option<Retraction> {
        match *which {
            Which::Any { touchpoint, value, source, record, revision } => {
                let seen = SeenValue { value, weaker: None, class: IdentifierClass::Personal };
                let seen = Seen {
                    touchpoint,
                    values: vec![seen],
                    source,
                    record,
                    revision,
                    day: 0,
                    until: None,
                    verification: Verification::Claimed,
                    name: None,
                };
                let observation = observation(&seen, TouchpointId::new(Uuid::max()));
                Some(Retraction::new(evidence_id(&observation, &self::value(value)), revision))
            }
            Which::Seen(place) => {
                let facts = self.model.facts();
                let fact = facts.get(place % facts.len().max(1))?;
                Some(Retraction::new(fact.id, fact.revision))
            }
        }
    }
}
