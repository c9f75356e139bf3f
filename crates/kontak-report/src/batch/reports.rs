use super::column::{Columns, instants, labels};
use arrow_array::{
    BooleanArray, Float64Array, RecordBatch, RecordBatchIterator, UInt32Array, UInt64Array,
};
use arrow_schema::ArrowError;
use kontak_metrics::{Breakdown, Quantile, Report, Statistic};

/// Reports as a table: the columns of [`CsvTable`](kontak_metrics::CsvTable), of the same names and in the same order,
/// each of its type; then `kind`, which of the statistics it is, `watermark` and `window_is_over`.
///
/// Durations are in seconds, shares between 0 and 1. What a kind does not have is null.
///
/// ```
/// # use kontak_metrics::{Catalog, Filter, Grid, Metrics, Preset};
/// use kontak_report::ReportTable;
///
/// # let mut metrics = Metrics::new(Catalog::of([Preset::Kontak])?, Grid::usual())?;
/// # let view = metrics.settle();
/// let report = view.report("kontak.csat", &view.all_time(), &Filter::all())?;
/// let mut table = ReportTable::new();
/// table.push("all", &report);
/// let batch = table.batch()?;
/// assert_eq!((batch.num_rows(), batch.schema().field(1).name().as_str()), (1, "definition"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ReportTable {
    rows: Vec<(String, Report)>,
}

impl ReportTable {
    /// Without a row.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A row; `part` says of what it is the number. A name there stands in the file.
    pub fn push(&mut self, part: &str, report: &Report) {
        self.rows.push((part.to_owned(), report.clone()));
    }

    /// A row for every part, and one for all.
    pub fn push_all(&mut self, breakdown: &Breakdown) {
        for row in &breakdown.rows {
            self.push(&row.value.to_string(), &row.report);
        }
        self.push("all", &breakdown.total);
    }

    /// All rows.
    ///
    /// # Errors
    ///
    /// Arrow refuses: there are more rows than it can count.
    pub fn batch(&self) -> Result<RecordBatch, ArrowError> {
        let reports = || self.rows.iter().map(|(_, report)| report);
        let statistics = || reports().map(|report| &report.statistic);
        let interval = || statistics().map(Statistic::interval);
        let quantile =
            |place: usize| statistics().map(|it| quantiles(it)[place]).collect::<Float64Array>();
        let share = |of: fn((u64, u64)) -> u64| {
            statistics().map(|it| shares(it).map(of)).collect::<UInt64Array>()
        };
        Columns::of("reports")
            .with("part", labels(self.rows.iter().map(|(part, _)| Some(part))))
            .with("definition", labels(reports().map(|it| Some(it.definition.as_str()))))
            .with("version", UInt32Array::from_iter_values(reports().map(|it| it.version)))
            .with("from", instants(reports().map(|it| Some(it.window.from()))))
            .with("until", instants(reports().map(|it| Some(it.window.until()))))
            .with("n", UInt64Array::from_iter_values(reports().map(|it| it.n.get())))
            .with("open", UInt64Array::from_iter_values(reports().map(|it| it.open.get())))
            .with("excluded", UInt64Array::from_iter_values(reports().map(|it| it.excluded.get())))
            .with_gaps("headline", statistics().map(Statistic::headline).collect::<Float64Array>())
            .with_gaps("low", interval().map(|it| Some(it?.low)).collect::<Float64Array>())
            .with_gaps("high", interval().map(|it| Some(it?.high)).collect::<Float64Array>())
            .with_gaps("p50", quantile(0))
            .with_gaps("p90", quantile(1))
            .with_gaps("p99", quantile(2))
            .with_gaps("longest", quantile(3))
            .with_gaps("successes", share(|(successes, _)| successes))
            .with_gaps("of", share(|(_, of)| of))
            .with("placement", labels(reports().map(|it| Some(format!("{:?}", it.placement)))))
            .with("kind", labels(statistics().map(|it| Some(kind(it)))))
            .with_gaps("watermark", instants(reports().map(|it| it.completeness.watermark)))
            .with(
                "window_is_over",
                BooleanArray::from_iter(reports().map(|it| Some(it.completeness.window_is_over))),
            )
            .about_instant("watermark", reports().filter_map(|it| it.completeness.watermark).max())
            .batch()
    }

    /// All rows, for what takes batches one after another.
    ///
    /// # Errors
    ///
    /// As [`batch`](Self::batch).
    pub fn batches(
        &self,
    ) -> Result<RecordBatchIterator<[Result<RecordBatch, ArrowError>; 1]>, ArrowError> {
        let batch = self.batch()?;
        let schema = batch.schema();
        Ok(RecordBatchIterator::new([Ok(batch)], schema))
    }
}

/// The median, the 90th and the 99th percentile, and the longest.
fn quantiles(statistic: &Statistic) -> [Option<f64>; 4] {
    let value = |quantile: &Option<Quantile>| quantile.map(|it| it.value);
    match statistic {
        Statistic::Duration { p50, p90, p99, longest, .. } => {
            [value(p50), value(p90), value(p99), *longest]
        }
        _ => [None; 4],
    }
}

fn shares(statistic: &Statistic) -> Option<(u64, u64)> {
    match statistic {
        Statistic::Share { successes, of, .. } => Some((successes.get(), of.get())),
        _ => None,
    }
}

fn kind(statistic: &Statistic) -> &'static str {
    match statistic {
        Statistic::Duration { .. } => "duration",
        Statistic::Share { .. } => "share",
        Statistic::Mean { .. } => "mean",
        Statistic::Nps { .. } => "nps",
        Statistic::Count { .. } => "count",
        Statistic::Credit { .. } => "credit",
        Statistic::Amount { .. } => "amount",
        _ => "other",
    }
}
