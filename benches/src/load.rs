//! The integers of a population as the engine takes them.

use crate::{IdentifierKind, Population, Verification};
use chrono::DateTime;
use kontak_address::PhoneNumber;
use kontak_identity::{
    Assertion, IdentifierHandle, IdentityGraph, Policy, RecordHandle, TenantKey, TouchpointHandle,
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

impl Load {
    /// Registers the touchpoints and values of a population under integers, without names.
    ///
    /// # Errors
    /// If the policy cannot be followed, or the graph is full.
    pub fn register(population: &Population, policy: Policy) -> anyhow::Result<Self> {
        let mut graph = IdentityGraph::new(TenantKey::new(*b"benchmark tenant"), policy)?;
        let touchpoints = population.touchpoints().len();
        graph.reserve(touchpoints, population.identifiers().len(), 0);
        let epoch = DateTime::UNIX_EPOCH;
        let mut of_touchpoint: Vec<TouchpointHandle> = Vec::with_capacity(touchpoints);
        for index in 0..touchpoints as u128 {
            let key = (&ChannelKind::Store, "", &*index.to_string());
            let id = touchpoint_id(index);
            of_touchpoint.extend(graph.touchpoint_in(id, key, epoch)?);
        }
        let mut of_value: Vec<IdentifierHandle> =
            Vec::with_capacity(population.identifiers().len());
        for (index, identifier) in (0_u64..).zip(population.identifiers()) {
            of_value.push(match identifier.kind() {
                IdentifierKind::Phone => {
                    graph.phone(PhoneNumber::from_digits(628_310_000_011 + 13 * index)?)?
                }
                IdentifierKind::Email => graph.email(&format!("{index}@mail.id"))?,
            });
        }
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
