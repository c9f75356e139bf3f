//! Merging, un-merging and reading, beside what takes less trouble: union-find and plain graphs over
//! the same integers, which keep no ids, no evidence and no reasons.
//!
//! CPU time of this process, so that a busy neighbour does not count. What is prepared and the check
//! of the answer do not count either.

use cpu_time::ProcessTime;
use criterion::{Bencher, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use kontak_benches::reference::{
    Edges, admitted, petgraph_graph, petgraph_union_find, plain_union_find,
};
use kontak_benches::{GeneratorConfig, Load, Population, Random};
use kontak_identity::{
    Assertion, Batch, EvidenceId, IdentityGraph, Policy, Retraction, TouchpointHandle, View,
};
use kontak_types::CustomerId;
use petgraph::algo::{DfsSpace, connected_components, has_path_connecting};
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::unionfind::UnionFind;
use std::hint::black_box;
use std::slice::from_ref;
use std::time::Duration;

const SEED: u64 = 7;
/// Touchpoints where it is measured, and where only the answers are looked at.
const MEASURED: u32 = 100_000;
const TRIED: u32 = 2_000;

fn population() -> Population {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let touchpoints = if measured { MEASURED } else { TRIED };
    Population::generate(GeneratorConfig::of_touchpoints(SEED, touchpoints))
}

fn timed<P, A>(
    b: &mut Bencher<'_>,
    mut prepare: impl FnMut() -> P,
    mut work: impl FnMut(P) -> A,
    check: impl Fn(A),
) {
    b.iter_custom(|times| {
        let once = |_| {
            let prepared = black_box(prepare());
            let start = ProcessTime::now();
            let answer = black_box(work(prepared));
            let took = start.elapsed();
            check(answer);
            took
        };
        (0..times).map(once).sum::<Duration>()
    });
}

fn register(population: &Population, policy: &Policy) -> Load {
    Load::register(population, policy.clone()).expect("the population fits")
}

fn batch(load: Load) -> IdentityGraph {
    let batch = packed(&load);
    load_batch((load, batch))
}

fn packed(load: &Load) -> Batch {
    load.batch().expect("the times can be kept")
}

fn load_batch((mut load, batch): (Load, Batch)) -> IdentityGraph {
    load.graph.load(batch).expect("the handles are of this graph");
    load.graph.settle();
    load.graph
}

fn one_at_a_time(mut load: Load) -> IdentityGraph {
    for assertion in &load.assertions {
        load.graph.assert(from_ref(assertion)).expect("the handles are of this graph");
    }
    load.graph.settle();
    load.graph
}

/// The founder of each touchpoint's customer: the whole answer of a merge.
fn founders(graph: &mut IdentityGraph) -> Vec<usize> {
    let view = graph.settle();
    let founder = |touchpoint| view.customer_of(touchpoint).map(|it| it.founder().index());
    view.touchpoints().filter_map(founder).collect()
}

type Peer = fn(&Edges) -> usize;

/// The load under the default policy, merged, after the ways to merge are seen to agree.
fn agreed(population: &Population, edges: &Edges) -> IdentityGraph {
    // Bare union-find knows no tenancies, so it can confirm a graph without them.
    let mut timeless = Policy::default();
    timeless.phone.validity_days = None;
    for merge in [batch, one_at_a_time] {
        let mut graph = merge(register(population, &timeless));
        let view = graph.settle();
        assert_eq!(view.customer_count(), plain_union_find(&admitted(view, edges)));
    }
    let mut graph = batch(register(population, &Policy::default()));
    let mut other = one_at_a_time(register(population, &Policy::default()));
    assert_eq!(founders(&mut graph), founders(&mut other));
    graph
}

fn merge(criterion: &mut Criterion) {
    let population = population();
    let edges = Edges::of(&population);
    let customers = agreed(&population, &edges).settle().customer_count();
    let policy = Policy::default();
    let check = |mut graph: IdentityGraph| assert_eq!(graph.settle().customer_count(), customers);

    let mut group = criterion.benchmark_group("identity_merge");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(edges.touchpoints as u64));
    group.bench_function("kontak, batch", |b| {
        let prepare = || {
            let load = register(&population, &policy);
            let batch = packed(&load);
            (load, batch)
        };
        timed(b, prepare, load_batch, check);
    });
    group.bench_function("kontak, one at a time", |b| {
        timed(b, || register(&population, &policy), one_at_a_time, check);
    });
    // Those below join whatever shares a value, so they find fewer customers.
    let customers = plain_union_find(&edges);
    let peers: [(&str, Peer); 3] = [
        ("petgraph UnionFind", petgraph_union_find),
        ("petgraph graph + connected_components", petgraph_graph),
        ("plain u32 union-find", plain_union_find),
    ];
    for (name, peer) in peers {
        group.bench_function(name, |b| {
            timed(b, || &edges, peer, |found| assert_eq!(found, customers));
        });
    }
    group.finish();
}

/// A piece of evidence that ties an uncontested customer together.
struct Tie {
    id: EvidenceId,
    assertion: Assertion,
    /// The same edge among those of the reference.
    nodes: (NodeIndex, NodeIndex),
    founder: TouchpointHandle,
}

fn ties(view: View<'_>, assertions: &[Assertion], touchpoints: usize) -> Vec<Tie> {
    const TIES: usize = 5_000;
    let mut random = Random::new(SEED ^ 0xdead);
    let mut ties = Vec::new();
    while ties.len() < TIES.min(assertions.len() / 4) {
        let number = random.below(assertions.len() as u32) as usize;
        let assertion = assertions[number];
        let record = number.to_string();
        let evidence = view.evidence(assertion.touchpoint);
        let found = evidence
            .iter()
            .find(|it| it.identifier == assertion.identifier && it.record.as_str() == record);
        let customer = view.customer_of(assertion.touchpoint);
        if let (Some(evidence), Some(customer)) = (found, customer)
            && evidence.withheld.is_none()
            && !view.is_contested(assertion.touchpoint)
        {
            let value = touchpoints + assertion.identifier.index();
            ties.push(Tie {
                id: evidence.id,
                assertion,
                nodes: (NodeIndex::new(assertion.touchpoint.index()), NodeIndex::new(value)),
                founder: customer.founder(),
            });
        }
    }
    ties
}

/// Without a piece of evidence, the graph is what it would be if that had never come.
fn check_unmerge(population: &Population, graph: &IdentityGraph, ties: &[Tie]) {
    for tie in ties {
        let mut load = register(population, &Policy::default());
        load.assertions.retain(|one| one.record != tie.assertion.record);
        let mut without = graph.clone();
        without.retract(&[Retraction::new(tie.id, 0)]);
        assert_eq!(founders(&mut without), founders(&mut batch(load)));
    }
}

fn unmerge(criterion: &mut Criterion) {
    let population = population();
    let edges = Edges::of(&population);
    let assertions = register(&population, &Policy::default()).assertions;
    let mut graph = agreed(&population, &edges);
    let mut ties = ties(graph.settle(), &assertions, edges.touchpoints);
    check_unmerge(&population, &graph, &ties[..8]);
    let before = founders(&mut graph);
    // The peers hold the same customers.
    let admitted = admitted(graph.settle(), &edges);

    let mut group = criterion.benchmark_group("identity_unmerge");
    let mut next = 0;
    group.bench_function("kontak, retracted and observed again", |b| {
        b.iter_custom(|times| {
            let start = ProcessTime::now();
            for _ in 0..times {
                let tie = &mut ties[next];
                graph.retract(&[Retraction::new(tie.id, tie.assertion.revision)]);
                graph.settle();
                tie.assertion.revision += 1;
                graph.assert(from_ref(&tie.assertion)).expect("the handles are of this graph");
                let customer = graph.settle().customer_of(tie.assertion.touchpoint);
                assert_eq!(customer.map(|it| it.founder()), Some(tie.founder));
                next = (next + 1) % ties.len();
            }
            start.elapsed()
        });
    });
    assert_eq!(founders(&mut graph), before);

    let mut plain = UnGraph::<(), (), u32>::from_edges(&admitted.pairs);
    let components = connected_components(&plain);
    let mut space = DfsSpace::new(&plain);
    group.bench_function("petgraph graph, edge removed, searched, added again", |b| {
        b.iter_custom(|times| {
            let start = ProcessTime::now();
            for _ in 0..times {
                let (touchpoint, value) = ties[next].nodes;
                let edge = plain.find_edge(touchpoint, value).expect("the tie is admitted");
                plain.remove_edge(edge);
                black_box(has_path_connecting(&plain, touchpoint, value, Some(&mut space)));
                plain.add_edge(touchpoint, value, ());
                next = (next + 1) % ties.len();
            }
            start.elapsed()
        });
    });
    assert_eq!(connected_components(&plain), components);

    group.sample_size(10);
    let customers = plain_union_find(&admitted);
    group.bench_function("petgraph UnionFind, built again", |b| {
        timed(b, || &admitted, petgraph_union_find, |found| assert_eq!(found, customers));
    });
    group.finish();
}

/// One pass in random order; what is read next hangs on the last answer, so that no read overtakes
/// another.
fn chained(reads: usize, mut founder_at: impl FnMut(usize) -> usize) -> usize {
    (0..reads).fold(0, |last, at| founder_at(at ^ last & 1))
}

fn read(criterion: &mut Criterion) {
    let population = population();
    let edges = Edges::of(&population);
    let mut graph = agreed(&population, &edges);
    let view = graph.settle();
    let mut order: Vec<TouchpointHandle> = view.touchpoints().collect();
    let mut random = Random::new(SEED);
    for last in (1..order.len()).rev() {
        order.swap(last, random.below(last as u32 + 1) as usize);
    }
    let reads = order.len() & !1;
    let founder_of = |at: usize| {
        view.customer_of(order[at]).map_or(usize::MAX, |customer| customer.founder().index())
    };
    let ids: Vec<CustomerId> = order
        .iter()
        .filter_map(|touchpoint| view.customer_of(*touchpoint))
        .map(|customer| customer.id())
        .collect();
    let resolved = |at: usize| {
        let customer = view.resolve(ids[at]).customer();
        customer.map_or(usize::MAX, |customer| customer.founder().index())
    };
    assert!((0..reads).all(|at| founder_of(at) == resolved(at)));
    let founder = chained(reads, founder_of);

    let mut group = criterion.benchmark_group("identity_read");
    group.throughput(Throughput::Elements(reads as u64));
    group.bench_function("customer_of", |b| {
        timed(b, || reads, |reads| chained(reads, founder_of), |last| assert_eq!(last, founder));
    });
    group.bench_function("resolve", |b| {
        timed(b, || reads, |reads| chained(reads, resolved), |last| assert_eq!(last, founder));
    });

    let mut sets = UnionFind::<u32>::new(edges.nodes);
    for (touchpoint, value) in admitted(view, &edges).pairs {
        sets.union(touchpoint, value);
    }
    let labels = sets.clone().into_labeling();
    let label_of = |at: usize| labels[order[at].index()] as usize;
    let label = chained(reads, label_of);
    group.bench_function("petgraph UnionFind, find", |b| {
        let find = |at: usize| sets.find(order[at].index() as u32) as usize;
        timed(b, || reads, |reads| chained(reads, find), |last| assert_eq!(last, label));
    });
    group.finish();
}

fn configured() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
}

criterion_group! {
    name = benches;
    config = configured();
    targets = merge, unmerge, read
}
criterion_main!(benches);
