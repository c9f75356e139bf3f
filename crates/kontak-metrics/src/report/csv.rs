use super::{Breakdown, Report, Statistic};
use std::fmt;

/// Reports as CSV: one line each, the columns of all kinds of numbers side by side, and what a kind does not have left
/// empty. `Display` writes it, after RFC 4180.
///
/// ```
/// # use kontak_metrics::{Catalog, CsvTable, Filter, Grid, Metrics, Preset};
/// # let mut metrics = Metrics::new(Catalog::of([Preset::Kontak])?, Grid::usual())?;
/// # let view = metrics.settle();
/// let report = view.report("kontak.csat", &view.all_time(), &Filter::all())?;
/// let mut table = CsvTable::new();
/// table.push("", &report);
/// assert!(table.to_string().starts_with("part,definition,version,from,until,n,open,excluded,headline,low,high"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CsvTable {
    rows: Vec<[String; COLUMNS.len()]>,
}

const COLUMNS: [&str; 18] = [
    "part",
    "definition",
    "version",
    "from",
    "until",
    "n",
    "open",
    "excluded",
    "headline",
    "low",
    "high",
    "p50",
    "p90",
    "p99",
    "longest",
    "successes",
    "of",
    "placement",
];

impl CsvTable {
    /// A heading and nothing below.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A line; `part` says of what it is the number.
    pub fn push(&mut self, part: &str, report: &Report) {
        let number =
            |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
        let instant = |at: chrono::DateTime<chrono::Utc>| {
            at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
        };
        let interval = report.statistic.interval();
        let (mut quantiles, mut share) = (<[String; 4]>::default(), <[String; 2]>::default());
        match &report.statistic {
            Statistic::Duration { p50, p90, p99, longest, .. } => {
                let value =
                    |quantile: &Option<super::Quantile>| number(quantile.map(|it| it.value));
                quantiles = [value(p50), value(p90), value(p99), number(*longest)];
            }
            Statistic::Share { successes, of, .. } => {
                share = [successes.to_string(), of.to_string()];
            }
            _ => {}
        }
        let [p50, p90, p99, longest] = quantiles;
        let [successes, of] = share;
        self.rows.push([
            part.to_owned(),
            report.definition.to_string(),
            report.version.to_string(),
            instant(report.window.from()),
            instant(report.window.until()),
            report.n.to_string(),
            report.open.to_string(),
            report.excluded.to_string(),
            number(report.statistic.headline()),
            number(interval.map(|it| it.low)),
            number(interval.map(|it| it.high)),
            p50,
            p90,
            p99,
            longest,
            successes,
            of,
            format!("{:?}", report.placement),
        ]);
    }

    /// A line for every part, and one for all.
    pub fn push_all(&mut self, breakdown: &Breakdown) {
        for row in &breakdown.rows {
            self.push(&row.value.to_string(), &row.report);
        }
        self.push("all", &breakdown.total);
    }
}

impl fmt::Display for CsvTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", COLUMNS.join(","))?;
        for row in &self.rows {
            for (place, cell) in row.iter().enumerate() {
                let comma = if place == 0 { "" } else { "," };
                // A cell that begins like a formula is a formula to a spreadsheet.
                let guard = if cell.starts_with(['=', '+', '@']) { "'" } else { "" };
                if cell.contains(['"', ',', '\n', '\r']) {
                    write!(f, "{comma}\"{guard}{}\"", cell.replace('"', "\"\""))?;
                } else {
                    write!(f, "{comma}{guard}{cell}")?;
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
