//! Prints the figures of the identity engine beside those of bare union-find, all of one run.
//!
//! ```text
//! cargo run --release -p kontak-benches --bin figures -- --touchpoints 1000000
//! ```
//!
//! Times are CPU time of this process where work is timed as a whole, and wall time where single
//! operations are; the least of several rounds. What each tool answers is checked.

#![expect(clippy::disallowed_methods, reason = "this program measures time")]

use anyhow::ensure;
use cpu_time::ProcessTime;
use kontak_benches::reference::{
    Edges, admitted, petgraph_graph, petgraph_union_find, plain_union_find,
};
use kontak_benches::{Bookkeeping, GeneratorConfig, Load, Population, Random, Words};
use kontak_identity::{EvidenceId, IdentityGraph, Policy, Retraction, TouchpointHandle, View};
use kontak_types::CustomerId;
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() -> anyhow::Result<()> {
    let (mut touchpoints, mut rounds, mut seed) = (1_000_000, 3, 7);
    let mut given = lexopt::Parser::from_env();
    while let Some(argument) = given.next()? {
        use lexopt::prelude::{Long, ValueExt as _};
        match argument {
            Long("touchpoints") => touchpoints = given.value()?.parse()?,
            Long("rounds") => rounds = given.value()?.parse()?,
            Long("seed") => seed = given.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let population = Population::generate(GeneratorConfig::of_touchpoints(seed, touchpoints));
    let edges = Edges::of(&population);
    let n = edges.touchpoints;
    println!(
        "{n} touchpoints, {} values, {} pieces of evidence",
        population.identifiers().len(),
        edges.pairs.len()
    );

    println!("\nmerge, CPU ns a touchpoint");
    let (floor, customers) = least(rounds, || plain_union_find(&edges));
    let (petgraph, same) = least(rounds, || petgraph_union_find(&edges));
    ensure!(customers == same, "two union-finds differ");
    let (graph, same) = least(rounds, || petgraph_graph(&edges));
    ensure!(customers == same, "petgraph's graph differs");
    let row = |name: &str, time: Duration| {
        println!(
            "  {name:<44} {:>8.1} {:>7.2} x",
            per(time, n),
            time.as_secs_f64() / petgraph.as_secs_f64()
        );
    };
    row("plain u32 union-find", floor);
    row("petgraph UnionFind", petgraph);
    row("petgraph graph + connected_components", graph);
    let (bare, same) = bookkeeping(&edges, rounds);
    ensure!(customers == same, "the bare bookkeeping differs");
    row("the bytes of a graph that can be taken apart", bare);

    // Bare union-find knows no tenancies, so the answer is checked without them.
    let mut timeless = Policy::default();
    timeless.phone.validity_days = None;
    let (mut checked, ..) = batch(&population, &timeless, 1)?;
    let view = checked.graph().settle();
    ensure!(
        view.customer_count() == plain_union_find(&admitted(view, &edges)),
        "the admitted edges alone give other customers"
    );
    drop(checked);
    // The default caps hold back next to nobody here; these make about one cluster in a hundred
    // contested, so that the guards are at work where the time is taken.
    let mut tight = Policy::default();
    tight.touchpoints_per_customer = 30;
    (tight.phone.per_customer, tight.email.per_customer) = (5, 5);
    for (name, policy) in [("tight caps", &tight), ("default policy", &Policy::default())] {
        let (mut loaded, packing, time) = batch(&population, policy, rounds)?;
        row(&format!("kontak, one batch, {name}"), time);
        row("  (before: packing the batch)", packing);
        let view = loaded.graph().settle();
        let (contested, largest) = view.contested();
        let found = view.customer_count();
        println!(
            "    {found} customers where bare union-find finds {customers}; {} edges withheld;\n    \
             {contested} contested clusters ({:.2} % of all), the largest of {largest} touchpoints",
            view.withheld().count(),
            100.0 * contested as f64 / found as f64,
        );
        drop(loaded);
        let (_, time) = single(&population, policy)?;
        row(&format!("kontak, one at a time, {name}"), time);
    }
    let words = Words::of(&population)?;
    let (registered, _) = least(rounds, || words.register(Policy::default()));
    row("  (before: ids, keys and values into tables)", registered);

    let (mut loaded, ..) = batch(&population, &Policy::default(), 1)?;
    reads(loaded.graph(), n);
    unmerge(loaded.graph(), n, seed, petgraph);
    Ok(())
}

struct Loaded(Load);

impl Loaded {
    fn graph(&mut self) -> &mut IdentityGraph {
        &mut self.0.graph
    }
}

/// A graph with all evidence; what it took to pack that, and what to load it.
fn batch(
    population: &Population,
    policy: &Policy,
    rounds: usize,
) -> anyhow::Result<(Loaded, Duration, Duration)> {
    let (mut packing, mut loading) = (Duration::MAX, Duration::MAX);
    let mut last = None;
    for _ in 0..rounds {
        drop(last.take());
        let mut load = Load::register(population, policy.clone())?;
        let start = ProcessTime::now();
        let batch = load.batch()?;
        packing = packing.min(start.elapsed());
        let start = ProcessTime::now();
        load.graph.load(batch)?;
        load.graph.settle();
        loading = loading.min(start.elapsed());
        last = Some(load);
    }
    let last = last.ok_or_else(|| anyhow::anyhow!("--rounds is at least 1"))?;
    Ok((Loaded(last), packing, loading))
}

fn bookkeeping(edges: &Edges, rounds: usize) -> (Duration, usize) {
    let once = |_| {
        let bare = Bookkeeping::of(edges);
        let start = ProcessTime::now();
        let customers = black_box(bare.link());
        (start.elapsed(), customers)
    };
    (0..rounds).map(once).min().unwrap_or_default()
}

fn single(population: &Population, policy: &Policy) -> anyhow::Result<(Loaded, Duration)> {
    let mut load = Load::register(population, policy.clone())?;
    let start = ProcessTime::now();
    for assertion in &load.assertions {
        load.graph.assert(std::slice::from_ref(assertion))?;
    }
    load.graph.settle();
    Ok((Loaded(load), start.elapsed()))
}

/// Random reads, each of which waits for the one before it.
fn reads(graph: &mut IdentityGraph, n: usize) {
    const READS: usize = 1_000_000;
    println!("\nreads, ns each, every one waits for the one before");
    let mut random = Random::new(3);
    let order: Vec<u32> = (0..READS).map(|_| random.below(n as u32)).collect();
    let read_of = |bytes: usize, random: &mut Random| {
        let words = bytes / 4;
        let mut chain: Vec<u32> = (0..words as u32).collect();
        // One cycle through all of them (Sattolo), so that no read is foreseen.
        for last in (1..words).rev() {
            chain.swap(last, random.below(last as u32) as usize);
        }
        let (time, _) = least(3, || {
            let mut at = 0;
            for _ in 0..READS {
                at = chain[at as usize];
            }
            black_box(at)
        });
        per(time, READS)
    };
    let (small, large) = (read_of(16 << 20, &mut random), read_of(64 << 20, &mut random));
    println!("  a dependent random read over 16 MB            {small:>7.1}");
    println!("  a dependent random read over 64 MB            {large:>7.1}");

    let view = graph.settle();
    let handles: Vec<TouchpointHandle> = view.touchpoints().collect();
    let ids: Vec<CustomerId> = handles
        .iter()
        .filter_map(|handle| view.customer_of(*handle))
        .map(|customer| customer.id())
        .collect();
    // What is asked next hangs on the last answer, so that no question overtakes another.
    let asked: Vec<TouchpointHandle> = order.iter().map(|index| handles[*index as usize]).collect();
    let asked_ids: Vec<CustomerId> = order.iter().map(|index| ids[*index as usize]).collect();
    let (by_handle, _) = least(3, || {
        (0..READS).fold(0, |last, at| {
            view.customer_of(asked[at ^ last & 1]).map_or(0, |customer| customer.founder().index())
        })
    });
    let (by_id, _) = least(3, || {
        (0..READS).fold(0, |last, at| {
            let customer = view.resolve(asked_ids[at ^ last & 1]).customer();
            customer.map_or(0, |customer| customer.founder().index())
        })
    });
    let line = |name: &str, time: Duration| {
        let ns = per(time, READS);
        println!(
            "  {name:<45} {ns:>7.1} {:>7.2} x of 16 MB {:>6.2} x of 64 MB",
            ns / small,
            ns / large
        );
    };
    line("customer_of, by handle", by_handle);
    line("resolve, by an id given out", by_id);
}

fn unmerge(graph: &mut IdentityGraph, n: usize, seed: u64, rebuild: Duration) {
    const SAMPLES: usize = 20_000;
    println!("\nun-merge of one piece of evidence, wall µs");
    let mut random = Random::new(seed ^ 0xdead);
    let view = graph.settle();
    let mut samples: Vec<(EvidenceId, bool, usize)> = Vec::new();
    while samples.len() < SAMPLES {
        let touchpoint = nth(view, random.below(n as u32) as usize);
        let evidence = view.evidence(touchpoint);
        let Some(one) = evidence.get(random.below(evidence.len().max(1) as u32) as usize) else {
            continue;
        };
        samples.push((one.id, view.is_contested(touchpoint), view.cluster_size(touchpoint)));
    }
    let mut plain: Vec<f64> = Vec::new();
    let mut contested: Vec<(f64, usize)> = Vec::new();
    for (id, is_contested, edges) in samples {
        let start = Instant::now();
        graph.retract(&[Retraction::new(id, 0)]);
        graph.settle();
        let micros = start.elapsed().as_secs_f64() * 1e6;
        if is_contested { contested.push((micros, edges)) } else { plain.push(micros) }
    }
    plain.sort_by(f64::total_cmp);
    let quantile = |sorted: &[f64], share: f64| {
        sorted.get((sorted.len() as f64 * share) as usize).copied().unwrap_or(0.0)
    };
    println!(
        "  uncontested: p50 {:.2}, p99 {:.2}, p99.9 {:.2} of {}",
        quantile(&plain, 0.5),
        quantile(&plain, 0.99),
        quantile(&plain, 0.999),
        plain.len()
    );
    let mut per_edge: Vec<f64> =
        contested.iter().map(|(micros, edges)| micros / (*edges).max(1) as f64).collect();
    per_edge.sort_by(f64::total_cmp);
    println!(
        "  contested:   p50 {:.2}, p99 {:.2} per edge of the cluster, of {}; largest cluster {} edges",
        quantile(&per_edge, 0.5),
        quantile(&per_edge, 0.99),
        per_edge.len(),
        contested.iter().map(|(_, edges)| *edges).max().unwrap_or(0)
    );
    println!("  rebuilding with petgraph UnionFind instead: {:.0}", rebuild.as_secs_f64() * 1e6);
}

fn nth(view: View<'_>, index: usize) -> TouchpointHandle {
    let id = kontak_benches::touchpoint_id(index as u128);
    view.touchpoint_by_id(id).unwrap_or_else(|| unreachable!("every index was registered"))
}

fn per(time: Duration, count: usize) -> f64 {
    time.as_secs_f64() * 1e9 / count as f64
}

fn least<T>(rounds: usize, mut work: impl FnMut() -> T) -> (Duration, T) {
    let timed = |work: &mut dyn FnMut() -> T| {
        let start = ProcessTime::now();
        let answer = black_box(work());
        (start.elapsed(), answer)
    };
    let mut best = timed(&mut work);
    for _ in 1..rounds {
        let (time, answer) = timed(&mut work);
        best = (best.0.min(time), answer);
    }
    best
}
