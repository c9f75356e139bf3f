//! kontak's pipeline: every field becomes a handle, and all evidence is asserted at once.

use crate::phones::ReadPhone;
use crate::table::{Column, EMAILS, PHONES, Row, Table};
use chrono::{DateTime, Utc};
use cpu_time::ProcessTime;
use kontak_address::EmailAddress;
use kontak_benches::touchpoint_id;
use kontak_identity::{
    Assertion, Identifier, IdentityGraph, Observation, Policy, TenantKey, Verification,
};
use kontak_types::{ChannelKind, TouchpointKey};
use std::time::Duration;

/// How many rows are registered together.
const BLOCK: usize = 256;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    With,
    Without,
}

pub(crate) struct Merged {
    pub(crate) graph: IdentityGraph,
    /// What it took to assert and settle.
    pub(crate) asserting: Duration,
}

pub(crate) fn merge(
    table: Table<'_>,
    mut phones: impl ReadPhone,
    names: Names,
) -> anyhow::Result<Merged> {
    let mut graph = IdentityGraph::new(TenantKey::new(*b"benchmark tenant"), Policy::default())?;
    graph.reserve(table.rows, table.rows / 2, 0);
    let mut assertions = Vec::new();
    let mut block: Vec<Observation> = Vec::with_capacity(BLOCK);
    table.each_row(|row| {
        let channel = ChannelKind::from(row.text(Column::Channel)?);
        let key = TouchpointKey::new(channel, row.text(Column::Scope)?, row.text(Column::Account)?);
        let (seen_at, verification) = circumstances(row)?;
        let id = touchpoint_id(row.number.into());
        let record = row.number.to_string();
        let mut observation =
            Observation::new(id, key, "table", record, seen_at).with_verification(verification);
        if names == Names::With
            && let Some(name) = row.value(Column::Name)?
        {
            observation = observation.with_name(name);
        }
        let region = row.text(Column::Region)?;
        for column in PHONES {
            let Some(text) = row.value(column)? else { continue };
            let phone = phones.read(text, region);
            observation
                .identifiers
                .extend(phone.map(|(number, class)| Identifier::phone(number, class)));
        }
        for column in EMAILS {
            let Some(text) = row.value(column)? else { continue };
            let address = text.parse::<EmailAddress>().ok();
            observation.identifiers.extend(address.map(|address| Identifier::from(&address)));
        }
        block.push(observation);
        if block.len() == BLOCK {
            register(&mut graph, &mut block, &mut assertions)?;
        }
        Ok(())
    })?;
    register(&mut graph, &mut block, &mut assertions)?;
    let start = ProcessTime::now();
    graph.assert(&assertions)?;
    graph.settle();
    Ok(Merged { graph, asserting: start.elapsed() })
}

fn register(
    graph: &mut IdentityGraph,
    block: &mut Vec<Observation>,
    assertions: &mut Vec<Assertion>,
) -> anyhow::Result<()> {
    for registered in graph.register(block, assertions) {
        registered?;
    }
    block.clear();
    Ok(())
}

/// When the row was seen, and how its values were verified.
pub(crate) fn circumstances(row: Row<'_>) -> anyhow::Result<(DateTime<Utc>, Verification)> {
    let verification = match row.text(Column::Verified)? {
        "one_time_code" => Verification::OneTimeCode,
        "platform_attested" => Verification::PlatformAttested,
        "signed" => Verification::Signed,
        "agent_confirmed" => Verification::AgentConfirmed,
        _ => Verification::Claimed,
    };
    Ok((row.text(Column::SeenAt)?.parse()?, verification))
}
