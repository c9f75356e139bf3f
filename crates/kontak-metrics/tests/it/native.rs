//! Native histograms, read back by the field numbers of Prometheus' `metrics.proto`.

use kontak_metrics::*;
use proptest::prelude::*;

/// A field of a message: its number, and what it holds as a number or as bytes.
enum Field<'a> {
    Number(u64),
    Double(f64),
    Bytes(&'a [u8]),
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (byte, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return value;
        }
    }
}

fn signed(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

fn fields(mut bytes: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let length = match key & 7 {
            0 => {
                fields.push((key >> 3, Field::Number(varint(&mut bytes))));
                continue;
            }
            1 => 8,
            _ => varint(&mut bytes) as usize,
        };
        let (value, rest) = bytes.split_at(length);
        bytes = rest;
        let value = match key & 7 {
            1 => Field::Double(f64::from_le_bytes(value.try_into().unwrap())),
            _ => Field::Bytes(value),
        };
        fields.push((key >> 3, value));
    }
    fields
}

fn bytes<'a>(fields: &[(u64, Field<'a>)], wanted: u64) -> Vec<&'a [u8]> {
    let found = fields.iter().filter(|(number, _)| *number == wanted);
    let bytes = found.filter_map(|(_, field)| match field {
        Field::Bytes(bytes) => Some(*bytes),
        _ => None,
    });
    bytes.collect()
}

fn number(fields: &[(u64, Field<'_>)], wanted: u64) -> u64 {
    let found = fields.iter().find(|(number, _)| *number == wanted);
    match found {
        Some((_, Field::Number(value))) => *value,
        _ => panic!("no number in field {wanted}"),
    }
}

proptest! {
    #[test]
    fn a_native_histogram_says_all(values in prop::collection::vec(0_u64..1_000_000_000, 0..200)) {
        let mut summary = Summary::default();
        values.iter().for_each(|value| summary.values.insert(*value));
        let catalog = Catalog::of([Preset::Kontak]).unwrap();
        let mut native = NativeHistograms::new();
        for channel in ["voice", "email"] {
            let wait = catalog.get("kontak.queue_time").unwrap();
            native.push(wait, &[("channel", channel)], &summary);
        }
        let all = native.into_bytes();
        let mut rest = all.as_slice();
        prop_assert_eq!(varint(&mut rest) as usize, rest.len());
        let family = fields(rest);
        prop_assert_eq!(bytes(&family, 1), [b"kontak_queue_time_microseconds"]);
        prop_assert_eq!(number(&family, 3), 4);
        let metrics = bytes(&family, 4);
        prop_assert_eq!(metrics.len(), 2);
        let metric = fields(metrics[1]);
        let label = fields(bytes(&metric, 1)[0]);
        prop_assert_eq!((bytes(&label, 1), bytes(&label, 2)), (vec![&b"channel"[..]], vec![&b"email"[..]]));
        let histogram = fields(bytes(&metric, 7)[0]);
        prop_assert_eq!(number(&histogram, 1), values.len() as u64);
        let sum = histogram.iter().find(|(number, _)| *number == 2).unwrap();
        prop_assert!(matches!(sum.1, Field::Double(sum) if sum == values.iter().sum::<u64>() as f64));
        prop_assert_eq!((signed(number(&histogram, 5)), number(&histogram, 7)), (7, summary.values.zeros()));
        let (mut deltas, mut index, mut count) = (bytes(&histogram, 13)[0], 0, 0);
        let mut read = Vec::new();
        for span in bytes(&histogram, 12) {
            let span = fields(span);
            index += signed(number(&span, 1));
            for _ in 0..number(&span, 2) {
                count += signed(varint(&mut deltas));
                read.push((index as i32, count as u64));
                index += 1;
            }
        }
        prop_assert!(deltas.is_empty());
        let held = summary.values.buckets().map(|bucket| (bucket.index + 1, bucket.count));
        prop_assert_eq!(read, held.collect::<Vec<_>>());
    }
}

#[test]
fn credit_in_parts_is_in_floats_that_add_up() {
    let mut summary = Summary::default();
    // A whole one, and two halves of others: a whole one is 2,520.
    [(0, 1_260), (7_000_000, 2_520), (9_000_000, 1_260)]
        .into_iter()
        .for_each(|(value, units)| (0..units).for_each(|_| summary.values.insert(value)));
    let catalog = Catalog::of([Preset::Kontak]).unwrap();
    let split = catalog.get("kontak.handle_time").unwrap().clone().credited(Attribution::Split);
    let mut native = NativeHistograms::new();
    native.push(&split, &[], &summary);
    let all = native.into_bytes();
    let mut rest = all.as_slice();
    varint(&mut rest);
    let family = fields(rest);
    let metric = fields(bytes(&family, 4)[0]);
    let histogram = fields(bytes(&metric, 7)[0]);
    let double = |wanted| match histogram.iter().find(|(number, _)| *number == wanted) {
        Some((_, Field::Double(value))) => *value,
        _ => panic!("no double in field {wanted}"),
    };
    assert_eq!([double(4), double(2), double(8)], [2.0, 11_500_000.0, 0.5]);
    let counts = bytes(&histogram, 14)[0].chunks(8);
    let counts: Vec<f64> = counts.map(|it| f64::from_le_bytes(it.try_into().unwrap())).collect();
    assert_eq!(counts, [1.0, 0.5]);
    let whole = [1, 7, 13];
    assert!(histogram.iter().all(|(number, _)| !whole.contains(number)));
}

#[test]
fn a_bucket_of_the_text_holds_what_it_says() {
    let mut summary = Summary::default();
    // Half octaves end between whole microseconds: at 5.66, at 46,340.95.
    [5, 6, 46_340, 46_341].into_iter().for_each(|value| summary.values.insert(value));
    let catalog = Catalog::of([Preset::Kontak]).unwrap();
    let mut text = OpenMetrics::new();
    text.push(catalog.get("kontak.queue_time").unwrap(), &[], &summary);
    let text = text.to_string();
    for (upper, below) in [("0.000005", 1), ("0.000008", 2), ("0.046340", 3), ("0.065536", 4)] {
        let line = format!("kontak_queue_time_seconds_bucket{{le=\"{upper}\"}} {below}\n");
        assert!(text.contains(&line), "{line} in {text}");
    }
}
