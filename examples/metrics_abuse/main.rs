//! The same week twice: once clean and in order, once shuffled, one record in ten twice, one in a hundred corrected
//! (some before they come themselves), over 16 shards that are merged in random order. What comes out must be the
//! same, byte for byte.
//!
//! ```text
//! cargo run --release --example metrics_abuse                              # 200,000 events
//! cargo run --release --example metrics_abuse -- --events 10000000 --out DIR
//! python examples/metrics_abuse/compare.py DIR                             # the same in DuckDB
//! ```

mod output;

use anyhow::ensure;
use cpu_time::ProcessTime;
use kontak_examples::load::{self, Delivery, Load, PER_CONVERSATION};
use kontak_examples::report::grouped;
use kontak_examples::{Random, shuffle};
use kontak_metrics::{Dimension, Filter, Grid, Metrics, Window};
use std::path::PathBuf;
use std::time::Duration;

const SHARDS: u32 = 16;

fn main() -> anyhow::Result<()> {
    let (mut records, mut seed, mut out) = (200_000_u32, 1_u64, None::<PathBuf>);
    let mut given = lexopt::Parser::from_env();
    while let Some(argument) = given.next()? {
        use lexopt::prelude::{Long, ValueExt as _};
        match argument {
            Long("events") => records = given.value()?.parse()?,
            Long("seed") => seed = given.value()?.parse()?,
            Long("out") => out = Some(given.value()?.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let load = Load { seed, records: records.div_ceil(PER_CONVERSATION) * PER_CONVERSATION };

    let mut clean = engine()?;
    let started = ProcessTime::now();
    take(&mut clean, load, load.clean())?;
    let taken = started.elapsed();
    say("clean, in order", load.records, taken);
    let making = ProcessTime::now();
    let made = load.clean().map(|delivery| load.event(delivery).revision).sum::<u32>();
    let making = making.elapsed();
    say("  of which making the events", load.records, making);
    say("  lifecycle events alone", load.records, taken.saturating_sub(making));

    // Before anything is let go of: an allocator clears up at the next large request, whosever it is.
    week_per_channel(&mut clean)?;

    let deliveries = load.abused();
    println!(
        "abused: {} deliveries of {} records, {} of them corrected",
        grouped(deliveries.len() as u64),
        grouped(load.records.into()),
        grouped(made.into()),
    );
    let started = ProcessTime::now();
    let mut abused = abuse(load, &deliveries)?;
    say("abused, with merging", deliveries.len() as u32, started.elapsed());

    let conversations = same_conversations(&mut clean, &mut abused)?;
    let (cells, bytes) = same_cells(&mut clean, &mut abused)?;
    println!(
        "identical: {} conversations, {} cells, {} bytes of cells",
        grouped(conversations),
        grouped(cells),
        grouped(bytes),
    );
    println!("said nothing new: {}", grouped(abused.duplicates()));
    if let Some(out) = out {
        std::fs::create_dir_all(&out)?;
        output::deliveries(&out.join("events.csv"), load, &deliveries)?;
        output::cells(&out.join("cells.csv"), &mut clean)?;
    }
    Ok(())
}

/// Eight facts a conversation, and three grids.
fn engine() -> anyhow::Result<Metrics> {
    let grids = vec![
        Grid::new(&[Dimension::Channel, Dimension::Agent], 60)?,
        Grid::new(&[Dimension::Channel], 1_440)?,
        Grid::new(&[Dimension::Queue], 60)?,
    ];
    Ok(Metrics::new(load::catalog()?, grids)?)
}

fn take(
    metrics: &mut Metrics,
    load: Load,
    deliveries: impl Iterator<Item = Delivery>,
) -> anyhow::Result<()> {
    for (place, delivery) in deliveries.enumerate() {
        let _ = metrics.ingest(&load.event(delivery))?;
        if place % 100_000 == 99_999 {
            metrics.settle();
        }
    }
    metrics.advance("2026-04-01T00:00:00Z".parse()?);
    metrics.settle();
    Ok(())
}

/// Each delivery goes to any shard, whatever conversation it is of.
fn abuse(load: Load, deliveries: &[Delivery]) -> anyhow::Result<Metrics> {
    let mut random = Random::new(load.seed ^ 0xabad_cafe);
    let mut shards: Vec<Metrics> = Vec::new();
    for _ in 0..SHARDS {
        shards.push(engine()?);
    }
    for (place, delivery) in deliveries.iter().enumerate() {
        let shard = &mut shards[random.below(SHARDS) as usize];
        let _ = shard.ingest(&load.event(*delivery))?;
        if place % 1_000_000 == 999_999 {
            shard.settle();
        }
    }
    shuffle(&mut random, &mut shards);
    let mut merged = engine()?;
    for shard in shards {
        merged.merge(shard)?;
    }
    merged.advance("2026-04-01T00:00:00Z".parse()?);
    merged.settle();
    Ok(merged)
}

fn same_conversations(clean: &mut Metrics, abused: &mut Metrics) -> anyhow::Result<u64> {
    let (mut left, mut right) = (clean.conversations(), abused.conversations());
    for place in 0.. {
        let (left, right) = (left.next(), right.next());
        let bytes = (postcard::to_allocvec(&left)?, postcard::to_allocvec(&right)?);
        ensure!(bytes.0 == bytes.1, "conversation {place} differs:\n{left:?}\n{right:?}");
        if left.is_none() {
            return Ok(place);
        }
    }
    Ok(0)
}

fn same_cells(clean: &mut Metrics, abused: &mut Metrics) -> anyhow::Result<(u64, u64)> {
    let (left, right) = (clean.cells(), abused.cells());
    let bytes = (postcard::to_allocvec(&left)?, postcard::to_allocvec(&right)?);
    ensure!(bytes.0 == bytes.1, "the cells differ");
    Ok((left.len() as u64, bytes.0.len() as u64))
}

/// What DuckDB takes an exact scan for: asked for the first time, when its days are added up, and again, as the
/// scan is.
fn week_per_channel(metrics: &mut Metrics) -> anyhow::Result<()> {
    const ROUNDS: u32 = 100;
    let view = metrics.settle();
    let window = Window::new("2026-03-02T00:00:00Z".parse()?, "2026-03-09T00:00:00Z".parse()?)?;
    let ask = |rounds: u32| {
        let (started, mut n) = (ProcessTime::now(), 0);
        for _ in 0..rounds {
            n = view.by(Dimension::Channel, "wait", &window, &Filter::all())?.total.n.get();
        }
        anyhow::Ok((n, (started.elapsed() / rounds).as_secs_f64() * 1e3))
    };
    let ((n, first), (_, again)) = (ask(1)?, ask(ROUNDS)?);
    println!(
        "p50, p90 and p99 of {} waits per channel over a week: {first:.3} ms of CPU, again {again:.3} ms",
        grouped(n),
    );
    Ok(())
}

fn say(what: &str, events: u32, taken: Duration) {
    let seconds = taken.as_secs_f64().max(1e-9);
    println!(
        "{what}: {:.2} s of CPU, {:.0} ns each, {} a second",
        seconds,
        seconds * 1e9 / f64::from(events),
        grouped((f64::from(events) / seconds) as u64),
    );
}
