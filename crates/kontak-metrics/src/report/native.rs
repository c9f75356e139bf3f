use super::open_metrics::named;
use crate::cells::Summary;
use crate::definition::Definition;
use crate::{Bucket, Histogram};

/// Histograms as Prometheus takes native ones: the protobuf exposition format, `io.prometheus.client.MetricFamily`,
/// each with its length before it, of the content type [`CONTENT_TYPE`](Self::CONTENT_TYPE).
///
/// It says all that a histogram holds, bin for bin, at schema 7. A histogram cannot change its unit without losing its
/// bins, so durations are in microseconds, and the name says so. Of credit in parts the counts are floats, as Prometheus has
/// them too.
///
/// ```
/// use kontak_metrics::{Catalog, NativeHistograms, Preset, Summary};
///
/// let catalog = Catalog::of([Preset::Kontak])?;
/// let wait = catalog.get("kontak.queue_time").ok_or("no waits")?;
/// let mut waits = Summary::default();
/// [0, 20_000_000, 45_000_000].into_iter().for_each(|wait| waits.values.insert(wait));
/// let mut native = NativeHistograms::new();
/// native.push(wait, &[("channel", "voice")], &waits);
/// let bytes = native.into_bytes();
/// assert_eq!(usize::from(bytes[0]) + 1, bytes.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct NativeHistograms {
    /// By name, the labelled ones.
    families: std::collections::BTreeMap<String, Vec<u8>>,
}

/// The numbers of the fields, and the ways in which they are written.
const HISTOGRAM: u64 = 4;
const LENGTH: u64 = 2;
const FIXED: u64 = 1;

impl NativeHistograms {
    /// The content type of the bytes.
    pub const CONTENT_TYPE: &str = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The values of a summary, with labels that tell them from others of their name.
    pub fn push(&mut self, definition: &Definition, labels: &[(&str, &str)], summary: &Summary) {
        let mut metric = Vec::new();
        for (key, value) in labels {
            let mut label = Vec::new();
            bytes(&mut label, 1, named(key).as_bytes());
            bytes(&mut label, 2, value.as_bytes());
            bytes(&mut metric, 1, &label);
        }
        bytes(&mut metric, 7, &histogram(&summary.values, definition.units()));
        let unit = match definition.show {
            crate::Show::Duration => "_microseconds",
            _ => "",
        };
        let name = format!("{}{unit}", named(definition.id.as_str()));
        bytes(self.families.entry(name).or_default(), 4, &metric);
    }

    /// The bytes of all of them.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        let mut all = Vec::new();
        for (name, metrics) in self.families {
            let mut family = Vec::new();
            bytes(&mut family, 1, name.as_bytes());
            number(&mut family, 3, HISTOGRAM);
            family.extend(metrics);
            varint(&mut all, family.len() as u64);
            all.extend(family);
        }
        all
    }
}

fn histogram(values: &Histogram, units: u64) -> Vec<u8> {
    let mut out = Vec::new();
    // Parts of a whole one are no integers, and their bins would not add up to the count.
    let in_parts = (units > 1).then_some(units as f64);
    match in_parts {
        Some(units) => double(&mut out, 4, values.count() as f64 / units),
        None => number(&mut out, 1, values.count()),
    }
    double(&mut out, 2, values.sum() as f64 / units as f64);
    number(&mut out, 5, zigzag(Histogram::SCALE.into()));
    // A bin of values that are not zero begins above this.
    double(&mut out, 6, 0.5);
    match in_parts {
        Some(units) => double(&mut out, 8, values.zeros() as f64 / units),
        None => number(&mut out, 7, values.zeros()),
    }
    let (mut counts, mut last_index, mut last_count) = (Vec::new(), None::<i64>, 0_i64);
    let mut run: Option<(i64, u64)> = None;
    for Bucket { index, count, .. } in values.buckets() {
        // Prometheus counts bins by their upper bound.
        let index = i64::from(index) + 1;
        let gap = last_index.map_or(index, |last| index - last - 1);
        run = match run {
            Some((offset, length)) if gap == 0 => Some((offset, length + 1)),
            before => {
                before.into_iter().for_each(|it| span(&mut out, it));
                Some((gap, 1))
            }
        };
        match in_parts {
            Some(units) => counts.extend((count as f64 / units).to_le_bytes()),
            None => varint(&mut counts, zigzag(count as i64 - last_count)),
        }
        (last_index, last_count) = (Some(index), count as i64);
    }
    run.into_iter().for_each(|it| span(&mut out, it));
    bytes(&mut out, if in_parts.is_some() { 14 } else { 13 }, &counts);
    out
}

fn span(out: &mut Vec<u8>, (offset, length): (i64, u64)) {
    let mut span = Vec::new();
    number(&mut span, 1, zigzag(offset));
    number(&mut span, 2, length);
    bytes(out, 12, &span);
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn number(out: &mut Vec<u8>, field: u64, value: u64) {
    varint(out, field << 3);
    varint(out, value);
}

fn double(out: &mut Vec<u8>, field: u64, value: f64) {
    varint(out, field << 3 | FIXED);
    out.extend(value.to_le_bytes());
}

fn bytes(out: &mut Vec<u8>, field: u64, value: &[u8]) {
    varint(out, field << 3 | LENGTH);
    varint(out, value.len() as u64);
    out.extend(value);
}
