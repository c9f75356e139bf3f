//! kontak's pipeline: every field becomes a handle, and all evidence is asserted at once.

use crate::phones::ReadPhone;
use crate::table::{Column, EMAILS, PHONES, Row, Table};
use chrono::{DateTime, Utc};
use cpu_time::ProcessTime;
use kontak_address::EmailAddress;
use kontak_benches::touchpoint_id;
use kontak_examples::{DateOrder, instant};
use kontak_identity::{
    Batch, IdentityGraph, ObservationRef, PackedObservations, Policy, TenantKey, Verification,
};
use kontak_types::ChannelKind;
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
    table: Table,
    mut phones: impl ReadPhone,
    names: Names,
) -> anyhow::Result<Merged> {
    let mut graph = IdentityGraph::new(TenantKey::new(*b"benchmark tenant"), Policy::default())?;
    graph.reserve(table.rows, table.rows / 2, 0);
    let mut batch = graph.batch();
    let mut block = PackedObservations::new();
    table.each_row(|row| {
        let channel = ChannelKind::from(row.text(Column::Channel));
        let account = (&channel, row.text(Column::Scope), row.text(Column::Account));
        let (seen_at, verification) = circumstances(row)?;
        let id = touchpoint_id(row.number.into());
        let record = row.text(Column::Id);
        let mut observation = ObservationRef::new(id, account, "table", record, seen_at);
        observation.verification = verification;
        if names == Names::With {
            observation.name = row.value(Column::Name);
        }
        block.push(observation);
        let region = row.text(Column::Region);
        for column in PHONES {
            let Some(text) = row.value(column) else { continue };
            if let Some((number, class)) = phones.read(text, region) {
                block.push_phone(number, class);
            }
        }
        for column in EMAILS {
            let Some(text) = row.value(column) else { continue };
            if let Ok(address) = text.parse::<EmailAddress>() {
                block.push_email(&address);
            }
        }
        if block.len() == BLOCK {
            register(&mut graph, &mut block, &mut batch)?;
        }
        Ok(())
    })?;
    register(&mut graph, &mut block, &mut batch)?;
    let start = ProcessTime::now();
    graph.load(batch)?;
    graph.settle();
    Ok(Merged { graph, asserting: start.elapsed() })
}

fn register(
    graph: &mut IdentityGraph,
    block: &mut PackedObservations,
    batch: &mut Batch,
) -> anyhow::Result<()> {
    for registered in graph.register_packed(block, batch) {
        registered?;
    }
    block.clear();
    Ok(())
}

/// When the row was seen, and how its values were verified.
pub(crate) fn circumstances(row: Row<'_>) -> anyhow::Result<(DateTime<Utc>, Verification)> {
    let verification = match row.text(Column::Verified) {
        "one_time_code" => Verification::OneTimeCode,
        "platform_attested" => Verification::PlatformAttested,
        "signed" => Verification::Signed,
        "agent_confirmed" => Verification::AgentConfirmed,
        _ => Verification::Claimed,
    };
    Ok((instant(row.text(Column::SeenAt), DateOrder::Unknown)?, verification))
}
