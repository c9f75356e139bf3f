//! The integers of a population as the engine takes them.

use crate::{IdentifierKind, Population, Verification};
use chrono::DateTime;
use kontak_address::PhoneNumber;
use kontak_identity::{
    Assertion, Batch, IdentifierHandle, IdentityGraph, Policy, RecordHandle, TenantKey,
    TouchpointHandle,
};
use kontak_types::{ChannelKind, TouchpointId, uuid::Uuid};

/// A graph that knows all touchpoints and values, and the evidence that it is to be given.
#[derive(Debug)]
#[non_exhaustive]
pub struct Load {
    /// Knows everybody, and no evidence.
    pub graph: IdentityGraph,
    /// All evidence, in the order of the touchpoints.
    pub assertions: Vec<Assertion>,
}

/// The ids, keys and values of a population, as texts and numbers.
#[derive(Debug)]
pub struct Words {
    touchpoints: Vec<(TouchpointId, String)>,
    values: Vec<Value>,
}

#[derive(Debug)]
enum Value {
    Phone(PhoneNumber),
    Email(String),
}

impl Words {
    /// Integers, written as ids of accounts, as numbers and as mailboxes.
    ///
    /// # Errors
    /// If there are more numbers than digits for them.
    pub fn of(population: &Population) -> anyhow::Result<Self> {
        let touchpoints = (0..population.touchpoints().len() as u128)
            .map(|index| (touchpoint_id(index), index.to_string()))
            .collect();
        let values = (0_u64..)
            .zip(population.identifiers())
            .map(|(index, identifier)| {
                Ok(match identifier.kind() {
                    IdentifierKind::Phone => {
                        Value::Phone(PhoneNumber::from_digits(628_310_000_011 + 13 * index)?)
                    }
                    IdentifierKind::Email => Value::Email(format!("{index}@mail.id")),
                })
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Self { touchpoints, values })
    }

    /// A graph that knows all of them, in their order.
    ///
    /// # Errors
    /// If the policy cannot be followed, or the graph is full.
    pub fn register(
        &self,
        policy: Policy,
    ) -> anyhow::Result<(IdentityGraph, Vec<TouchpointHandle>, Vec<IdentifierHandle>)> {
        let mut graph = IdentityGraph::new(TenantKey::new(*b"benchmark tenant"), policy)?;
        graph.reserve(self.touchpoints.len(), self.values.len(), 0);
        let mut of_touchpoint: Vec<TouchpointHandle> = Vec::with_capacity(self.touchpoints.len());
        for (id, account) in &self.touchpoints {
            let key = (&ChannelKind::Store, "", account.as_str());
            of_touchpoint.extend(graph.touchpoint_in(*id, key, DateTime::UNIX_EPOCH)?);
        }
        let mut of_value: Vec<IdentifierHandle> = Vec::with_capacity(self.values.len());
        for value in &self.values {
            of_value.push(match value {
                Value::Phone(number) => graph.phone(*number)?,
                Value::Email(key) => graph.email(key)?,
            });
        }
        Ok((graph, of_touchpoint, of_value))
    }
}

impl Load {
    /// Registers the touchpoints and values of a population under integers, without names.
    ///
    /// # Errors
    /// If the policy cannot be followed, or the graph is full.
    pub fn register(population: &Population, policy: Policy) -> anyhow::Result<Self> {
        let (mut graph, of_touchpoint, of_value) = Words::of(population)?.register(policy)?;
        let source = graph.source("generator")?;
        let assertions = population
            .evidence()
            .zip(0..)
            .filter_map(|(evidence, number)| {
                let mut assertion = Assertion::new(
                    of_touchpoint[evidence.touchpoint as usize],
                    of_value[evidence.identifier as usize],
                    source,
                    RecordHandle::number(number)?,
                    DateTime::from_timestamp_micros(evidence.seen_at)?,
                );
                assertion.verification = evidence.verification.into();
                Some(assertion)
            })
            .collect();
        Ok(Self { graph, assertions })
    }

    /// All evidence, packed for one call.
    ///
    /// # Errors
    /// If a time cannot be kept.
    pub fn batch(&self) -> anyhow::Result<Batch> {
        let mut batch = self.graph.batch();
        batch.reserve(self.assertions.len());
        for assertion in &self.assertions {
            batch.push(assertion)?;
        }
        Ok(batch)
    }
}

/// A version 7 id without chance: the time runs with the index, and the rest is mixed from it.
#[must_use]
pub fn touchpoint_id(index: u128) -> TouchpointId {
    let mixed = (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995;
    let time = (1_700_000_000_000 + index / 10) << 80;
    TouchpointId::new(Uuid::from_u128(
        time | 7 << 76 | (index & 0xfff) << 64 | 2 << 62 | u128::from(mixed >> 2),
    ))
}

impl From<Verification> for kontak_identity::Verification {
    fn from(verification: Verification) -> Self {
        match verification {
            Verification::Claimed => Self::Claimed,
            Verification::AgentConfirmed => Self::AgentConfirmed,
            Verification::Signed => Self::Signed,
            Verification::PlatformAttested => Self::PlatformAttested,
            Verification::OneTimeCode => Self::OneTimeCode,
        }
    }
}
