//! A value into a histogram, beside the crates that keep distributions; merging; a percentile.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kontak_benches::Random;
use kontak_metrics::Histogram;
use std::hint::black_box;

/// Waits in microseconds: half below 45 s, a heavy tail, at most a day.
fn waits() -> Vec<u64> {
    let mut random = Random::new(7);
    let wait = |_| {
        let tail = 1.0 / (1.0 - random.unit()).sqrt().sqrt() - 1.0;
        ((45e6 * tail / 0.189_207) as u64 + 1).min(86_400_000_000)
    };
    (0..100_000).map(wait).collect()
}

fn exact(waits: &[u64], q: f64) -> f64 {
    let mut sorted = waits.to_vec();
    sorted.sort_unstable();
    sorted[(q * sorted.len() as f64).ceil() as usize - 1] as f64
}

fn near(found: f64, exact: f64, error: f64) -> bool {
    (found / exact - 1.0).abs() <= error
}

fn insert(c: &mut Criterion) {
    let waits = waits();
    let p99 = exact(&waits, 0.99);
    let mut group = c.benchmark_group("metrics/insert");
    group.throughput(Throughput::Elements(waits.len() as u64));

    let ours = ours(&waits);
    assert!(near(ours.quantile(0.99).expect("values"), p99, 0.002_708));
    group.bench_function("kontak, 0.27 %", |b| {
        let mut histogram = ours.clone();
        b.iter(|| waits.iter().for_each(|wait| histogram.insert(black_box(*wait))));
    });

    let hdr = hdr(&waits);
    assert!(near(hdr.value_at_quantile(0.99) as f64, p99, 0.01));
    group.bench_function("hdrhistogram, 2 digits", |b| {
        let mut histogram = hdr.clone();
        b.iter(|| waits.iter().for_each(|wait| histogram.saturating_record(black_box(*wait))));
    });

    let dd = dd(&waits);
    assert!(near(dd.quantile(0.99).ok().flatten().expect("values"), p99, 0.01));
    group.bench_function("sketches-ddsketch, 1 %", |b| {
        let mut sketch = dd.clone();
        b.iter(|| waits.iter().for_each(|wait| sketch.add(black_box(*wait as f64))));
    });
    group.finish();
}

fn merge(c: &mut Criterion) {
    let waits = waits();
    let (some, others) = waits.split_at(1_000);
    let mut group = c.benchmark_group("metrics/merge a thousand");
    let (mut all, part) = (ours(others), ours(some));
    group.bench_function("kontak, 0.27 %", |b| b.iter(|| all.add(black_box(&part))));
    let (mut all, part) = (hdr(others), hdr(some));
    group
        .bench_function("hdrhistogram, 2 digits", |b| b.iter(|| all.add(black_box(&part)).is_ok()));
    let (mut all, part) = (dd(others), dd(some));
    group.bench_function("sketches-ddsketch, 1 %", |b| {
        b.iter(|| all.merge(black_box(&part)).is_ok());
    });
    group.finish();
}

fn percentile(c: &mut Criterion) {
    let waits = waits();
    let mut group = c.benchmark_group("metrics/p99");
    let all = ours(&waits);
    group.bench_function("kontak, 0.27 %", |b| b.iter(|| all.quantile(black_box(0.99))));
    let all = hdr(&waits);
    group.bench_function("hdrhistogram, 2 digits", |b| {
        b.iter(|| all.value_at_quantile(black_box(0.99)));
    });
    let all = dd(&waits);
    group.bench_function("sketches-ddsketch, 1 %", |b| {
        b.iter(|| all.quantile(black_box(0.99)).is_ok());
    });
    group.finish();
}

fn ours(waits: &[u64]) -> Histogram {
    let mut histogram = Histogram::new();
    waits.iter().for_each(|wait| histogram.insert(*wait));
    histogram
}

fn hdr(waits: &[u64]) -> hdrhistogram::Histogram<u64> {
    let mut histogram =
        hdrhistogram::Histogram::new_with_bounds(1_000, 86_400_000_000, 2).expect("bounds");
    waits.iter().for_each(|wait| histogram.saturating_record(*wait));
    histogram
}

fn dd(waits: &[u64]) -> sketches_ddsketch::DDSketch {
    let mut sketch =
        sketches_ddsketch::DDSketch::new(sketches_ddsketch::Config::new(0.01, 2_048, 1.0));
    waits.iter().for_each(|wait| sketch.add(*wait as f64));
    sketch
}

criterion_group!(benches, insert, merge, percentile);
criterion_main!(benches);
