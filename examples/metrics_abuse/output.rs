//! What another engine needs to work it out again, and what came out here.

use kontak_examples::load::{Delivery, Load, PER_CONVERSATION};
use kontak_metrics::{DimensionValue, EventKind, Metrics};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Every delivery: as shuffled, doubled and corrected as it was taken in.
pub(crate) fn deliveries(path: &Path, load: Load, deliveries: &[Delivery]) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "conversation,record,revision,at,what,channel,agent,end")?;
    for delivery in deliveries {
        let event = load.event(*delivery);
        let agent = |agent: &kontak_types::AgentId| (agent.as_uuid().as_u128() as u64).to_string();
        let (mut channel, mut who, mut end) = (String::new(), String::new(), "");
        let what = match &event.kind {
            EventKind::Started { channel: on, .. } => {
                channel = on.to_string();
                "started"
            }
            EventKind::Message { agent: Some(by), .. } => {
                who = agent(by);
                "reply"
            }
            EventKind::Message { .. } => "message",
            EventKind::Enqueued { .. } => "enqueued",
            EventKind::Dequeued { agent: by, end: how, .. } => {
                who = by.as_ref().map_or_else(String::new, agent);
                end = if *how == kontak_metrics::QueueEnd::Answered {
                    "answered"
                } else {
                    "abandoned"
                };
                "dequeued"
            }
            EventKind::Connected { agent: by } => {
                who = agent(by);
                "connected"
            }
            EventKind::Disconnected { agent: by } => {
                who = agent(by);
                "disconnected"
            }
            _ => "resolved",
        };
        let (record, revision) = (delivery.record(), delivery.revision());
        let (conversation, at) = (record / PER_CONVERSATION, event.at.timestamp_micros());
        writeln!(out, "{conversation},{record},{revision},{at},{what},{channel},{who},{end}")?;
    }
    Ok(out.flush()?)
}

/// The cells of the finest grid, by channel, agent and hour.
pub(crate) fn cells(path: &Path, metrics: &mut Metrics) -> anyhow::Result<()> {
    let names: Vec<String> = metrics
        .catalog()
        .definitions()
        .iter()
        .map(|definition| definition.id.to_string())
        .collect();
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "measure,channel,agent,hour,n,sum,p50,p90,p99")?;
    for cell in metrics.cells().into_iter().filter(|cell| cell.grid == 0) {
        let values = &cell.summary.values;
        let quantile = |q| values.quantile(q).map_or_else(String::new, |value| value.to_string());
        let agent = match &cell.values[1] {
            DimensionValue::Agent(agent) => (agent.as_uuid().as_u128() as u64).to_string(),
            _ => String::new(),
        };
        writeln!(
            out,
            "{},{},{agent},{},{},{},{},{},{}",
            names[usize::from(cell.measure)],
            cell.values[0],
            cell.at.timestamp() / 3_600,
            values.count(),
            values.sum(),
            quantile(0.5),
            quantile(0.9),
            quantile(0.99),
        )?;
    }
    Ok(out.flush()?)
}
