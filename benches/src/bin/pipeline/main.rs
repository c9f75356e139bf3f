//! From the text of a table to customers, one thread: kontak, the same with rlibphonenumber for every
//! number, and what a user of the `phonenumber` crate would write.
//!
//! ```text
//! cargo run --release -p kontak-benches --bin pipeline -- --touchpoints 1000000
//! ```
//!
//! All read the same CSV in memory through the same reader. Times are CPU time of this process, the
//! least of several rounds, the pipelines in turn in each. The last one is slow and keeps to the
//! first `--phonenumber-rows`; its time per record is what is compared. All know how many records
//! there are, and make room for them. `--profile` and `--profile-names` run nothing but kontak, for a
//! profiler to watch.

mod agreement;
mod ours;
mod parts;
mod peer;
mod phones;
mod table;

use anyhow::ensure;
use cpu_time::ProcessTime;
use kontak_benches::{Columns, GeneratorConfig, Population};
use lexopt::prelude::{Long, ValueExt as _};
use ours::Names;
use parts::Parts;
use phones::{Engine, Kontak};
use std::time::Duration;
use table::Table;

struct Arguments {
    touchpoints: u32,
    seed: u64,
    rounds: usize,
    phonenumber_rows: usize,
    profile: Option<Names>,
}

fn main() -> anyhow::Result<()> {
    let arguments = arguments()?;
    let population = Population::generate(GeneratorConfig::of_touchpoints(
        arguments.seed,
        arguments.touchpoints,
    ));
    let mut csv = Vec::new();
    population.write_csv(&mut csv, Columns::Raw)?;
    let rows = population.touchpoints().len();
    // The reader keeps its input.
    let csv: &'static [u8] = csv.leak();
    let table = Table { csv, rows };
    let head = Table { csv, rows: rows.min(arguments.phonenumber_rows) };
    println!("{rows} records, {:.0} MB", csv.len() as f64 / 1e6);

    if let Some(names) = arguments.profile {
        for _ in 0..arguments.rounds {
            drop(ours::merge(table, Kontak::new(), names)?);
        }
        return Ok(());
    }

    // Besides the answers, this builds what the engines build on their first use.
    agreement::check(&population, table, head)?;

    let [mut kontak, mut named, mut engine, mut peer] = [Duration::MAX; 4];
    let mut parts = Parts::default();
    for _ in 0..arguments.rounds {
        kontak = kontak.min(timed(|| ours::merge(table, Kontak::new(), Names::Without))?);
        named = named.min(timed(|| ours::merge(table, Kontak::new(), Names::With))?);
        engine = engine.min(timed(|| ours::merge(table, Engine::new(), Names::Without))?);
        peer = peer.min(timed(|| peer::merge(head))?);
        parts.measure(table)?;
    }

    let peer = per_second(head.rows, peer);
    println!("\n{:<44}{:>10}{:>18}{:>21}", "", "CPU ns", "records", "times");
    println!("{:<44}{:>10}{:>18}{:>21}", "", "a record", "a CPU second", "`phonenumber`");
    for (name, per_second) in [
        ("kontak", per_second(rows, kontak)),
        ("kontak, and the names on the records", per_second(rows, named)),
        ("kontak, rlibphonenumber for every number", per_second(rows, engine)),
        ("phonenumber, hash map, petgraph UnionFind", peer),
    ] {
        let ns = 1e9 / per_second;
        println!("{name:<44}{ns:>10.0}{per_second:>18.0}{:>21.1}", per_second / peer);
    }
    println!("\nwhere kontak's time goes, CPU ns a record\n{}", parts.shown(rows));
    Ok(())
}

/// The time of one run, without what it takes to free the answer.
fn timed<T>(run: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<Duration> {
    let start = ProcessTime::now();
    let answer = run()?;
    let took = start.elapsed();
    drop(answer);
    Ok(took)
}

fn per_second(records: usize, time: Duration) -> f64 {
    records as f64 / time.as_secs_f64()
}

fn arguments() -> anyhow::Result<Arguments> {
    let mut arguments = Arguments {
        touchpoints: 1_000_000,
        seed: 7,
        rounds: 3,
        phonenumber_rows: 100_000,
        profile: None,
    };
    let mut given = lexopt::Parser::from_env();
    while let Some(argument) = given.next()? {
        match argument {
            Long("touchpoints") => arguments.touchpoints = given.value()?.parse()?,
            Long("seed") => arguments.seed = given.value()?.parse()?,
            Long("rounds") => arguments.rounds = given.value()?.parse()?,
            Long("phonenumber-rows") => arguments.phonenumber_rows = given.value()?.parse()?,
            Long("profile") => arguments.profile = Some(Names::Without),
            Long("profile-names") => arguments.profile = Some(Names::With),
            other => return Err(other.unexpected().into()),
        }
    }
    ensure!(arguments.rounds > 0, "--rounds is at least 1");
    Ok(arguments)
}
