//! The numbers as Parquet files, for DuckDB, Polars, pandas or Spark.

use crate::dashboard::Dashboard;
use anyhow::Context as _;
use kontak_metrics::{Dimension, Filter, Window};
use kontak_report::arrow_array::RecordBatchReader;
use kontak_report::{CellBatches, FactBatches, ParquetFile, ReportTable};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

/// Writes all into a folder, and says how many rows each file has. Reports and facts are those of the window, cells all
/// that there are.
pub(crate) fn write(
    dashboard: &Dashboard<'_>,
    folder: &Path,
) -> anyhow::Result<Vec<(String, u64)>> {
    fs::create_dir_all(folder.join("facts"))
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let mut files = Files { folder, written: Vec::new() };
    let reports = dashboard.reports()?;
    let mut all = ReportTable::new();
    reports.iter().for_each(|(_, report)| all.push("all", report));
    files.write("reports", all.batches()?)?;

    let mut names = BTreeMap::new();
    for (file, dimension) in [
        ("by_channel", Dimension::Channel),
        ("by_queue", Dimension::Queue),
        ("by_agent", Dimension::Agent),
    ] {
        let mut table = ReportTable::new();
        for (definition, _) in &reports {
            let id = definition.id.as_str();
            let view = dashboard.view;
            let Ok(found) = view.by(dimension, id, &dashboard.window, &Filter::all()) else {
                continue;
            };
            for row in &found.rows {
                let name = dashboard.name(&row.value);
                table.push(&name, &row.report);
                names.insert(row.value.to_string(), name);
            }
        }
        files.write(file, table.batches()?)?;
    }
    let mut days = ReportTable::new();
    for window in dashboard.days()? {
        for (definition, _) in &reports {
            let id = definition.id.as_str();
            days.push("day", &dashboard.view.report(id, &window, &Filter::all())?);
        }
    }
    files.write("by_day", days.batches()?)?;
    for (place, grid) in dashboard.view.grids().enumerate() {
        let dimensions: Vec<String> =
            grid.dimensions().iter().map(|it| format!("{it:?}").to_lowercase()).collect();
        let cells = CellBatches::new(dashboard.view, place)?;
        files.write(&format!("cells_{}", dimensions.join("_")), cells)?;
    }
    for (definition, report) in &reports {
        let facts = FactBatches::new(dashboard.view, &report.cursor)?;
        files.write(&format!("facts/{}", definition.id), facts)?;
    }
    // Cells and facts have ids only.
    names.retain(|id, name| id != name);
    let mut table = csv::Writer::from_path(folder.join("names.csv"))?;
    table.write_record(["id", "name"])?;
    for (id, name) in &names {
        table.write_record([id, name])?;
    }
    table.flush()?;
    Ok(files.written)
}

struct Files<'a> {
    folder: &'a Path,
    written: Vec<(String, u64)>,
}

impl Files<'_> {
    fn write(&mut self, name: &str, batches: impl RecordBatchReader) -> anyhow::Result<()> {
        let name = format!("{name}.parquet");
        let path = self.folder.join(&name);
        let context = || format!("cannot write {}", path.display());
        let file = File::create(&path).with_context(context)?;
        let rows = ParquetFile::new().write(batches, file).with_context(context)?;
        self.written.push((name, rows));
        Ok(())
    }
}

impl Dashboard<'_> {
    /// The window, cut at the midnights of the zone.
    fn days(&self) -> anyhow::Result<Vec<Window>> {
        let date = self.window.from().with_timezone(&self.zone).date_naive();
        let (mut days, mut date) = (Vec::new(), Some(date));
        while let Some(first) = date {
            let day = Window::days(self.zone, first, 1)?;
            if day.from() >= self.window.until() {
                break;
            }
            days.push(day);
            date = first.succ_opt();
        }
        Ok(days)
    }
}
