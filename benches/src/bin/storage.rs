//! Prints how many events a second each store makes durable, by the size of a commit and by how many
//! owners commit at once, beside a bare append with `fdatasync`, in the same run.
//!
//! ```text
//! cargo run --release -p kontak-benches --bin storage                       # PostgreSQL of its own, if installed
//! cargo run --release -p kontak-benches --bin storage -- --dir DIR          # on this disk
//! ```

#[path = "../../../.ci/postgres.rs"]
mod postgres;

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, TimeDelta};
use cpu_time::ProcessTime;
use kontak_storage::{
    Commit, EventKind, MemoryStorage, NewEvent, NewInboxItem, Position, PostgresStorage,
    SqliteStorage, Storage, Subject, TenantId,
};
use kontak_types::uuid::Uuid;
use lexopt::prelude::*;
use postgres::Server;
use std::fs::{File, create_dir_all, remove_dir_all};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const BYTES: usize = 200;
const LONG: Duration = Duration::from_millis(1500);

fn main() -> anyhow::Result<()> {
    let mut directory = std::env::temp_dir();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("dir") => directory = PathBuf::from(arguments.value()?),
            other => bail!(other.unexpected()),
        }
    }
    let folder = directory.join(format!("kontak-bench-{}", std::process::id()));
    create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let measured = runtime.block_on(measure(&folder));
    remove_dir_all(&folder)?;
    measured
}

async fn measure(folder: &Path) -> anyhow::Result<()> {
    println!(
        "{BYTES} bytes an event, one subject each; the best of three runs of {LONG:?}; CPU of this process"
    );
    println!(
        "{:<12} {:>7} {:>6} {:>12} {:>10} {:>10} {:>10}",
        "store", "owners", "batch", "events/s", "us CPU", "p50 ms", "p99 ms"
    );
    for batch in [1, 10, 100, 1000] {
        let runs = [bare(folder, batch)?, bare(folder, batch)?, bare(folder, batch)?];
        best(runs).context("no run")?.print("bare append", 1, batch);
    }
    let mut stores: Vec<(&str, Arc<dyn Storage>)> = vec![
        ("memory", Arc::new(MemoryStorage::new())),
        ("SQLite", Arc::new(SqliteStorage::open(folder.join("desk.db")).await?)),
    ];
    let server = Server::start(&folder.join("postgres"))?;
    if let Some(server) = &server {
        let storage = PostgresStorage::connect(server.address()).await?;
        stores.push(("PostgreSQL", Arc::new(storage)));
    }
    for (name, storage) in stores {
        for (owners, batch) in [(1, 1), (1, 10), (1, 100), (1, 1000), (16, 1), (64, 1), (16, 10)] {
            let mut runs = Vec::new();
            for _ in 0..3 {
                runs.push(append(&storage, owners, batch).await?);
            }
            best(runs).context("no run")?.print(name, owners, batch);
        }
        for (owners, batch) in [(1, 1), (64, 1), (1, 100)] {
            accept(&storage, owners, batch).await?.print(&format!("{name} in"), owners, batch);
        }
    }
    Ok(())
}

struct Run {
    events: u64,
    seconds: f64,
    cpu: f64,
    commits: Vec<f64>,
}

impl Run {
    fn rate(&self) -> f64 {
        self.events as f64 / self.seconds
    }

    fn or(self, other: Self) -> Self {
        if self.rate() >= other.rate() { self } else { other }
    }

    fn print(mut self, name: &str, owners: u64, batch: usize) {
        self.commits.sort_unstable_by(f64::total_cmp);
        let at = |share: usize| self.commits[(self.commits.len() - 1) * share / 100] * 1e3;
        let (rate, cpu) = (self.rate(), self.cpu * 1e6 / self.events as f64);
        println!(
            "{name:<12} {owners:>7} {batch:>6} {rate:>12.0} {cpu:>10.1} {:>10.3} {:>10.3}",
            at(50),
            at(99)
        );
    }
}

fn best(runs: impl IntoIterator<Item = Run>) -> Option<Run> {
    runs.into_iter().reduce(Run::or)
}

/// The floor: what the disk and the kernel take for bytes that are only written one after another.
fn bare(folder: &Path, batch: usize) -> anyhow::Result<Run> {
    let path = folder.join("bare");
    let mut file = File::create(&path)?;
    let bytes = vec![7_u8; BYTES * batch];
    let (cpu, started, mut commits) = (ProcessTime::now(), now(), Vec::new());
    while started.elapsed() < LONG {
        let begun = now();
        file.write_all(&bytes)?;
        file.sync_data()?;
        commits.push(begun.elapsed().as_secs_f64());
    }
    let (seconds, cpu) = (started.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
    let events = (commits.len() * batch) as u64;
    ensure!(file.metadata()?.len() == events * BYTES as u64);
    std::fs::remove_file(path)?;
    Ok(Run { events, seconds, cpu, commits })
}

fn tenant() -> TenantId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    TenantId::new(Uuid::from_u128(NEXT.fetch_add(1, Ordering::Relaxed).into()))
}

/// `owners` tenants whose owners commit one after another, all at once.
async fn append(storage: &Arc<dyn Storage>, owners: u64, batch: usize) -> anyhow::Result<Run> {
    let (cpu, started) = (ProcessTime::now(), now());
    let mut work = JoinSet::new();
    for _ in 0..owners {
        let storage = Arc::clone(storage);
        work.spawn(async move {
            let (now_of_step, tenant) = (DateTime::UNIX_EPOCH, tenant());
            let until = now_of_step + TimeDelta::hours(1);
            let lease = storage.acquire(tenant, "bench", now_of_step, until).await?;
            let (mut head, mut commits) = (Position::START, Vec::new());
            while started.elapsed() < LONG {
                let mut commit = Commit::new(head, now_of_step);
                for number in 0..batch {
                    let about = Uuid::from_u128((head.number() as u128 + number as u128) % 5000);
                    let kind = EventKind::new("bench", 1);
                    let event = NewEvent::new(kind, vec![7_u8; BYTES]);
                    commit =
                        commit.with_event(event.with_subject(Subject::touchpoint(about.into())));
                }
                let begun = now();
                head = storage.append(&lease, commit).await?;
                commits.push(begun.elapsed().as_secs_f64());
            }
            // Beside many owners one may not have had its turn.
            if let Some(before) = head.number().checked_sub(1) {
                let last = storage.read(tenant, Position::new(before), 2).await?;
                ensure!(last.len() == 1 && last[0].payload.as_bytes() == [7; BYTES]);
            }
            Ok((head.number(), commits))
        });
    }
    gather(work, started, cpu).await
}

/// `sides` that accept for one tenant, all at once.
async fn accept(storage: &Arc<dyn Storage>, sides: u64, batch: usize) -> anyhow::Result<Run> {
    let (cpu, started, tenant) = (ProcessTime::now(), now(), tenant());
    let mut work = JoinSet::new();
    for side in 0..sides {
        let storage = Arc::clone(storage);
        work.spawn(async move {
            let (mut accepted, mut commits) = (0, Vec::new());
            while started.elapsed() < LONG {
                let item = |number| {
                    let key = format!("wamid.{side}.{}", accepted + number);
                    NewInboxItem::new(&*key, DateTime::UNIX_EPOCH, vec![7_u8; BYTES])
                };
                let items = (0..batch as u64).map(item).collect();
                let begun = now();
                accepted += storage.accept(tenant, items).await?.len() as u64;
                commits.push(begun.elapsed().as_secs_f64());
            }
            Ok((accepted, commits))
        });
    }
    let run = gather(work, started, cpu).await?;
    ensure!(storage.progress(tenant).await?.inbox.number() == run.events);
    Ok(run)
}

async fn gather(
    mut work: JoinSet<anyhow::Result<(u64, Vec<f64>)>>,
    started: Instant,
    cpu: ProcessTime,
) -> anyhow::Result<Run> {
    let mut run = Run { events: 0, seconds: 0.0, cpu: 0.0, commits: Vec::new() };
    while let Some(done) = work.join_next().await {
        let (events, commits) = done??;
        run.events += events;
        run.commits.extend(commits);
    }
    run.seconds = started.elapsed().as_secs_f64();
    run.cpu = cpu.elapsed().as_secs_f64();
    Ok(run)
}

#[expect(clippy::disallowed_methods, reason = "a bench measures")]
fn now() -> Instant {
    Instant::now()
}
