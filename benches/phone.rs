//! One phone number from text to a checked international number: ours, the metadata engine under it,
//! and the crate most people take. All three read the same texts and must agree.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use kontak_address::{Origin, PhoneNumber, PhoneParser};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};
use std::hint::black_box;

/// Region, country code, trunk prefix, beginning of a mobile number, digits after it.
const MARKETS: [(&str, &str, &str, &str, u32); 3] =
    [("ID", "62", "0", "812", 8), ("VN", "84", "0", "90", 7), ("US", "1", "", "6502", 6)];

/// Texts of each kind and market.
const TEXTS: u64 = 1_000;

struct Typed {
    region: &'static str,
    text: String,
}

/// As people type into a form: national or with a plus, with and without separators.
fn typed() -> Vec<Typed> {
    let mut texts = Vec::new();
    for (region, country_code, trunk, beginning, digits) in MARKETS {
        for n in 0..TEXTS {
            let rest = n * 7_919 % 10_u64.pow(digits);
            let subscriber = format!("{beginning}{rest:0width$}", width = digits as usize);
            let (head, tail) = subscriber.split_at(3);
            let (middle, end) = tail.split_at(3);
            texts.push(Typed {
                region,
                text: match n % 4 {
                    0 => format!("{trunk}{subscriber}"),
                    1 => format!("{trunk}{head}-{middle}-{end}"),
                    2 => format!("+{country_code}{subscriber}"),
                    _ => format!("+{country_code} {head} {middle} {end}"),
                },
            });
        }
    }
    texts
}

/// Texts that the fast path leaves to the engine: landlines of other plans, extensions, retired
/// numbers.
fn odd() -> Vec<Typed> {
    let landline = |n| Typed { region: "MY", text: format!("03-21{:06}", n * 7_919 % 1_000_000) };
    let extension =
        |n| Typed { region: "ID", text: format!("(021) 5{:06} ext 12", n * 7_919 % 1_000_000) };
    let old = |n| Typed { region: "VN", text: format!("0168 {:07}", n * 7_919 % 10_000_000) };
    (0..TEXTS).flat_map(|n| [landline(n), extension(n), old(n)]).collect()
}

fn ours(texts: &[Typed]) -> Vec<(PhoneParser, &str)> {
    let parser = |region: &str| {
        PhoneParser::new(Origin::Typed).with_region(region.parse().expect("two letters"))
    };
    texts.iter().map(|typed| (parser(typed.region), typed.text.as_str())).collect()
}

fn engine_e164(text: &str, region: rlibphonenumber::Region) -> Option<String> {
    let number = PHONE_NUMBER_UTIL.parse(text, Some(region)).ok()?;
    let valid = PHONE_NUMBER_UTIL.is_valid_number(&number);
    valid.then(|| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

fn engine_valid(text: &str, region: rlibphonenumber::Region) -> bool {
    let number = PHONE_NUMBER_UTIL.parse(text, Some(region));
    number.is_ok_and(|number| PHONE_NUMBER_UTIL.is_valid_number(&number))
}

fn other_valid(text: &str, region: phonenumber::country::Id) -> bool {
    phonenumber::parse(Some(region), text).is_ok_and(|number| number.is_valid())
}

fn parse_and_validate(criterion: &mut Criterion) {
    let texts = typed();
    let ours = ours(&texts);
    let engine: Vec<_> = texts
        .iter()
        .map(|typed| (typed.region.parse().expect("two letters"), typed.text.as_str()))
        .collect();
    let other: Vec<_> = texts
        .iter()
        .map(|typed| (typed.region.parse().expect("a known region"), typed.text.as_str()))
        .collect();
    for ((parser, text), (region, _)) in ours.iter().zip(&engine) {
        let read = parser.parse(text).expect("all texts are valid").number.to_string();
        assert_eq!(Some(read), engine_e164(text, *region));
    }
    assert!(other.iter().all(|(region, text)| other_valid(text, *region)));

    let mut group = criterion.benchmark_group("phone/parse_and_validate");
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function("kontak", |b| {
        b.iter(|| {
            ours.iter().filter(|(parser, text)| parser.parse(black_box(text)).is_ok()).count()
        });
    });
    group.bench_function("rlibphonenumber", |b| {
        b.iter(|| {
            engine.iter().filter(|(region, text)| engine_valid(black_box(text), *region)).count()
        });
    });
    group.bench_function("phonenumber", |b| {
        b.iter(|| {
            other.iter().filter(|(region, text)| other_valid(black_box(text), *region)).count()
        });
    });
    group.finish();
}

fn left_to_the_engine(criterion: &mut Criterion) {
    let texts = odd();
    let ours = ours(&texts);
    assert!(ours.iter().all(|(parser, text)| parser.parse(text).is_ok()));
    let mut group = criterion.benchmark_group("phone/left_to_the_engine");
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function("kontak", |b| {
        b.iter(|| {
            ours.iter().filter(|(parser, text)| parser.parse(black_box(text)).is_ok()).count()
        });
    });
    group.finish();
}

fn questions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("phone/questions");
    for digits in [6_281_234_567_890, 84_901_234_567, 5_531_988_888_888, 62_215_001_234] {
        let number = PhoneNumber::from_digits(digits).expect("thirteen digits at most");
        let country = number.country_code();
        let number_type = number.number_type();
        let name = format!("{number_type:?} +{country}");
        group.bench_function(BenchmarkId::new("number_type", &name), |b| {
            b.iter(|| black_box(number).number_type());
        });
        group.bench_function(BenchmarkId::new("line_key", &name), |b| {
            b.iter(|| black_box(number).line_key());
        });
    }
    group.finish();
}

criterion_group!(benches, parse_and_validate, left_to_the_engine, questions);
criterion_main!(benches);
