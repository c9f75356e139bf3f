//! The written form: what is in which bin, by OpenTelemetry index. Long integers are text, as they pass 2^53.

use super::{Histogram, bin::BINS};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

#[derive(Serialize, Deserialize)]
#[serde(rename = "Histogram", deny_unknown_fields)]
struct Record {
    sum: String,
    squares: String,
    zeros: u64,
    buckets: Vec<(i32, u64)>,
}

impl Serialize for Histogram {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Record {
            sum: self.sum.to_string(),
            squares: self.squares.to_string(),
            zeros: self.zeros,
            buckets: self.buckets().map(|bucket| (bucket.index, bucket.count)).collect(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Histogram {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let record = Record::deserialize(deserializer)?;
        let number = |text: &str, what| {
            text.parse::<u128>().map_err(|_| {
                de::Error::custom(format_args!("{what}: not a whole number in decimals"))
            })
        };
        let mut histogram = Self {
            sum: number(&record.sum, "sum")?,
            squares: number(&record.squares, "squares")?,
            zeros: record.zeros,
            count: record.zeros,
            ..Self::default()
        };
        let mut last = None;
        for (index, count) in record.buckets {
            let bin = u16::try_from(index + 1).ok().filter(|bin| usize::from(*bin) < BINS);
            let Some(bin) = bin.filter(|_| count > 0 && last < Some(index)) else {
                return Err(de::Error::custom(format_args!(
                    "buckets: {index} is out of range, empty, or not after the one before"
                )));
            };
            last = Some(index);
            histogram.count = histogram
                .count
                .checked_add(count)
                .ok_or_else(|| de::Error::custom("buckets: more than 2^64 values"))?;
            histogram.bins.add(bin, count);
        }
        Ok(histogram)
    }
}
