use super::Statistic;
use crate::Histogram;
use crate::cells::Summary;
use crate::definition::{Definition, Show};
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// Numbers as an OpenMetrics text, for Prometheus and what reads its format. `Display` writes it.
///
/// Durations are histograms in seconds, whose buckets end at every half octave that holds something; shares are ratios, not
/// percent; what is open is a gauge beside them. Native histograms have no text form: for them there is
/// [`NativeHistograms`](super::NativeHistograms).
///
/// ```
/// use kontak_metrics::{Catalog, OpenMetrics, Preset, Summary};
///
/// let catalog = Catalog::of([Preset::Kontak])?;
/// let csat = catalog.get("kontak.csat").ok_or("no CSAT")?;
/// let mut answers = Summary::default();
/// [5, 4, 2, 5].into_iter().for_each(|score| answers.values.insert(score));
/// let mut text = OpenMetrics::new();
/// text.push(csat, &[("channel", "voice")], &answers);
/// assert!(text.to_string().contains("kontak_csat_ratio{channel=\"voice\"} 0.75\n"));
/// assert!(text.to_string().ends_with("# EOF\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct OpenMetrics {
    families: BTreeMap<String, (&'static str, String)>,
}

impl OpenMetrics {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A number, with labels that tell it from others of its name. Characters that a label's name cannot have become
    /// `_`.
    pub fn push(&mut self, definition: &Definition, labels: &[(&str, &str)], summary: &Summary) {
        let name = named(definition.id.as_str());
        let mut labelled = String::new();
        for (key, value) in labels {
            let comma = if labelled.is_empty() { "" } else { "," };
            let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = write!(labelled, "{comma}{}=\"{value}\"", named(key));
        }
        let units = definition.units();
        let open = summary.open as f64 / units as f64;
        self.gauge(&format!("{name}_open"), &labelled, Some(open));
        match definition.show {
            Show::Duration => {
                self.histogram(&format!("{name}_seconds"), &labelled, &summary.values, units);
            }
            show => {
                let unit =
                    if matches!(show, Show::Share | Show::TopBox { .. }) { "_ratio" } else { "" };
                let statistic = Statistic::of_units(summary, show, units);
                self.gauge(&format!("{name}{unit}"), &labelled, statistic.headline());
            }
        }
    }

    fn gauge(&mut self, name: &str, labels: &str, value: Option<f64>) {
        if let Some(value) = value {
            let lines = self.family(name, "gauge");
            let _ = writeln!(lines, "{name}{} {value}", braced(labels, ""));
        }
    }

    fn histogram(&mut self, name: &str, labels: &str, values: &Histogram, units: u64) {
        let lines = self.family(name, "histogram");
        let mut below = values.zeros();
        for (index, count) in values.buckets_at(1) {
            below += count;
            // The upper end of bucket `index` at scale 1 is two to the half of `index + 1`. Values are whole
            // microseconds, so down to one of these nothing is lost; up, it would be said of one too many.
            let squared = u32::try_from(index + 1).ok().and_then(|power| 1_u128.checked_shl(power));
            let upper = squared.map_or(u64::MAX as f64, |squared| squared.isqrt() as f64) / 1e6;
            let _ = writeln!(
                lines,
                "{name}_bucket{} {}",
                braced(labels, &format!("le=\"{upper:.6}\"")),
                below / units
            );
        }
        let (count, sum) = (values.count() / units, values.sum() as f64 / 1e6 / units as f64);
        let _ = writeln!(lines, "{name}_bucket{} {count}", braced(labels, "le=\"+Inf\""));
        let _ = writeln!(lines, "{name}_sum{} {sum}", braced(labels, ""));
        let _ = writeln!(lines, "{name}_count{} {count}", braced(labels, ""));
    }

    fn family(&mut self, name: &str, kind: &'static str) -> &mut String {
        &mut self.families.entry(name.to_owned()).or_insert((kind, String::new())).1
    }
}

impl fmt::Display for OpenMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, (kind, lines)) in &self.families {
            writeln!(f, "# TYPE {name} {kind}")?;
            if name.ends_with("_seconds") {
                writeln!(f, "# UNIT {name} seconds")?;
            }
            f.write_str(lines)?;
        }
        f.write_str("# EOF\n")
    }
}

fn braced(labels: &str, more: &str) -> String {
    match (labels, more) {
        ("", "") => String::new(),
        (labels, "") => format!("{{{labels}}}"),
        ("", more) => format!("{{{more}}}"),
        (labels, more) => format!("{{{labels},{more}}}"),
    }
}

pub(super) fn named(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
