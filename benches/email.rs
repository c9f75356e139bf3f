//! What it costs to read an e-mail address, by what the address is like, beside a crate that only
//! validates.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use email_address::{EmailAddress as Peer, Options};
use kontak_address::EmailAddress;
use std::hint::black_box;

/// Name, text, exact key, canonical key.
const CASES: [(&str, &str, &str, &str); 8] = [
    ("company", "budi@tokobudi.co.id", "budi@tokobudi.co.id", "budi@tokobudi.co.id"),
    ("gmail", "budisantoso87@gmail.com", "budisantoso87@gmail.com", "budisantoso87@gmail.com"),
    (
        "gmail, dots and tag",
        "budi.santoso+toko@gmail.com",
        "budi.santoso+toko@gmail.com",
        "budisantoso@gmail.com",
    ),
    (
        "capitals",
        "Budi.Santoso@TokoBudi.co.id",
        "budi.santoso@tokobudi.co.id",
        "budi.santoso@tokobudi.co.id",
    ),
    ("role", "layanan@tokobudi.co.id", "layanan@tokobudi.co.id", "layanan@tokobudi.co.id"),
    (
        "with a name",
        "Budi Santoso <budi@tokobudi.co.id>",
        "budi@tokobudi.co.id",
        "budi@tokobudi.co.id",
    ),
    ("IDN", "budi@münchen.de", "budi@xn--mnchen-3ya.de", "budi@xn--mnchen-3ya.de"),
    ("SMTPUTF8", "đức.vũ@example.vn", "đức.vũ@example.vn", "đức.vũ@example.vn"),
];

fn parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("email/parse");
    group.throughput(Throughput::Elements(1));
    for (name, text, exact, canonical) in CASES {
        let address = EmailAddress::parse(text).expect("the cases are addresses");
        assert_eq!((address.exact_key(), address.canonical_key()), (exact, canonical));
        group.bench_function(BenchmarkId::new("kontak", name), |b| {
            b.iter(|| EmailAddress::parse(black_box(text)));
        });

        let options = Options::default().with_required_tld();
        assert!(Peer::parse_with_options(text, options).is_ok(), "{name}");
        group.bench_function(BenchmarkId::new("email_address", name), |b| {
            b.iter(|| Peer::parse_with_options(black_box(text), options));
        });
    }
    group.finish();
}

fn refuse(c: &mut Criterion) {
    let mut group = c.benchmark_group("email/refuse");
    for (name, text) in [
        ("no at", "budi.example.com"),
        ("space", "budi santoso@example.com"),
        ("bare domain", "budi@gmail"),
    ] {
        assert!(EmailAddress::parse(text).is_err(), "{name}");
        group.bench_function(BenchmarkId::new("kontak", name), |b| {
            b.iter(|| EmailAddress::parse(black_box(text)));
        });
    }
    group.finish();
}

/// A thousand different addresses, so that the tables are looked up where the last one did not leave them.
fn mixed(c: &mut Criterion) {
    let domains = [
        "gmail.com",
        "yahoo.co.id",
        "tokobudi.co.id",
        "thegioi.com.vn",
        "example.com",
        "outlook.com",
        "proton.me",
        "kantor-pusat.id",
    ];
    let texts: Vec<String> = (0..1_000)
        .map(|i| format!("pelanggan.{}{i}@{}", i * 7_919 % 1_000, domains[i * 31 % domains.len()]))
        .collect();
    let mut group = c.benchmark_group("email/mixed");
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function("kontak", |b| {
        b.iter(|| texts.iter().filter(|text| EmailAddress::parse(text).is_ok()).count());
    });
    group.finish();
}

criterion_group!(benches, parse, refuse, mixed);
criterion_main!(benches);
