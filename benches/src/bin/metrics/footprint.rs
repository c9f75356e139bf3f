//! Prints what metrics keep in memory, by a counting allocator.
//!
//! ```text
//! cargo run --release -p kontak-benches --bin metrics_footprint -- --values 10000000 --conversations 100000
//! ```

mod load;

use cpu_time::ProcessTime;
use kontak_benches::memory::{Heap, PeakAlloc};
use kontak_examples::load::{Load, PER_CONVERSATION, catalog};
use kontak_metrics::Metrics;
use std::collections::BTreeSet;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() -> anyhow::Result<()> {
    let (mut values, mut conversations) = (1_000_000, 50_000);
    let mut given = lexopt::Parser::from_env();
    while let Some(argument) = given.next()? {
        use lexopt::prelude::{Long, ValueExt as _};
        match argument {
            Long("values") => values = given.value()?.parse()?,
            Long("conversations") => conversations = given.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let values = load::values(values);
    let (cells, heap) = Heap::measure(&ALLOCATOR, || load::cells(&values));
    let mut cells = cells?;
    let ((), shrunk) = Heap::measure(&ALLOCATOR, || cells.shrink());
    println!(
        "{} cells of {} values: {:.1} MB as they grew, {:.1} MB once shrunk",
        cells.len(),
        values.len(),
        heap.kept as f64 / 1e6,
        (heap.kept + shrunk.kept) as f64 / 1e6
    );
    drop((values, cells));

    kept_of_conversations(conversations)
}

fn kept_of_conversations(conversations: u32) -> anyhow::Result<()> {
    let events = Load { seed: 1, records: conversations * PER_CONVERSATION }.live();
    let made = || -> anyhow::Result<_> {
        let mut metrics = Metrics::new(catalog()?, Vec::new())?;
        for event in &events {
            let _ = metrics.ingest(event)?;
        }
        metrics.settle();
        Ok(metrics)
    };
    let (metrics, open) = Heap::measure(&ALLOCATOR, made);
    let mut metrics = metrics?;
    let (sealed, given_back) = Heap::measure(&ALLOCATOR, || {
        metrics.seal("2026-04-01T00:00:00Z".parse().unwrap_or_default())
    });
    let each = |bytes: i64| bytes as f64 / f64::from(conversations);
    println!(
        "{conversations} conversations of {} events and 8 facts, without cells: {:.0} bytes each while open, {:.0} once sealed ({sealed})",
        PER_CONVERSATION,
        each(open.kept),
        each(open.kept + given_back.kept)
    );
    let mut metrics = made()?;
    let all: BTreeSet<_> = events.iter().map(|event| event.conversation).collect();
    let start = ProcessTime::now();
    let (evicted, given_back) =
        Heap::measure(&ALLOCATOR, || all.iter().filter_map(|id| metrics.evict(*id)).count());
    println!(
        "  {:.0} once evicted ({evicted}), which takes {:.1} us each",
        each(open.kept + given_back.kept),
        start.elapsed().as_secs_f64() * 1e6 / all.len() as f64
    );
    Ok(())
}
