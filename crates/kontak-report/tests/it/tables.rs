use crate::world::{agent, contacts, engine};
use bytes::Bytes;
use kontak_metrics::chrono::{DateTime, Utc};
use kontak_metrics::{
    Behind, CsvTable, Cursor, Dimension, DimensionValue, Downscaling, Filter, Metrics, Outcome,
    Report, Seconds, Summary, View, Window,
};
use kontak_report::arrow_array::cast::AsArray as _;
use kontak_report::arrow_array::types::{
    Decimal128Type, Float64Type, Int32Type, TimestampMicrosecondType, UInt8Type, UInt32Type,
    UInt64Type,
};
use kontak_report::arrow_array::{
    Array as _, ArrayRef, RecordBatch, RecordBatchReader, StringArray,
};
use kontak_report::arrow_schema::{DataType, TimeUnit};
use kontak_report::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use kontak_report::parquet::basic::LogicalType;
use kontak_report::parquet::file::metadata::ParquetMetaData;
use kontak_report::{CellBatches, FactBatches, NoGrid, ParquetFile, ReportTable};
use std::collections::{BTreeMap, BTreeSet};

/// A whole file, as it was read.
struct File {
    batch: RecordBatch,
    about: ParquetMetaData,
    bytes: Vec<u8>,
}

impl File {
    fn of(batches: impl RecordBatchReader) -> Self {
        Self::grouped(&ParquetFile::new(), batches)
    }

    fn grouped(form: &ParquetFile, batches: impl RecordBatchReader) -> Self {
        let schema = batches.schema();
        let mut bytes = Vec::new();
        let written = form.write(batches, &mut bytes).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes.clone())).unwrap();
        let about = reader.metadata().as_ref().clone();
        let reader = reader.with_batch_size(1 << 20).build().unwrap();
        assert_eq!(reader.schema().fields(), schema.fields(), "types come back as they were");
        let mut batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
        let batch = batches.pop().unwrap_or_else(|| RecordBatch::new_empty(schema));
        assert!(batches.is_empty());
        assert_eq!(batch.num_rows() as u64, written);
        Self { batch, about, bytes }
    }

    fn column(&self, name: &str) -> &ArrayRef {
        self.batch.column_by_name(name).unwrap_or_else(|| panic!("no column {name}"))
    }

    fn labels(&self, name: &str) -> Vec<Option<String>> {
        let labels = self.column(name).as_dictionary::<Int32Type>();
        let labels = labels.downcast_dict::<StringArray>().unwrap();
        labels.into_iter().map(|it| it.map(str::to_owned)).collect()
    }

    fn counts(&self, name: &str) -> Vec<Option<u64>> {
        self.column(name).as_primitive::<UInt64Type>().iter().collect()
    }

    fn instants(&self, name: &str) -> Vec<DateTime<Utc>> {
        let column = self.column(name);
        let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        assert_eq!(column.data_type(), &utc);
        let micros = column.as_primitive::<TimestampMicrosecondType>();
        micros.values().iter().map(|it| DateTime::from_timestamp_micros(*it).unwrap()).collect()
    }

    fn about(&self) -> BTreeMap<String, String> {
        let pairs = self.about.file_metadata().key_value_metadata().unwrap();
        pairs.iter().map(|it| (it.key.clone(), it.value.clone().unwrap_or_default())).collect()
    }
}

fn week() -> Metrics {
    let mut metrics = engine();
    contacts(&mut metrics, "2026-03-02T01:00:00Z".parse().unwrap(), 7, 1_300);
    metrics.advance("2026-03-09T00:00:00.25Z".parse().unwrap());
    metrics
}

fn reports(view: View<'_>, window: &Window) -> Vec<(String, Report)> {
    let mut reports = Vec::new();
    for definition in view.catalog().definitions() {
        let id = definition.id.as_str();
        reports.push(("all".to_owned(), view.report(id, window, &Filter::all()).unwrap()));
        for dimension in [Dimension::Channel, Dimension::Queue, Dimension::Language] {
            let found = view.by(dimension, id, window, &Filter::all()).unwrap();
            reports.extend(found.rows.into_iter().map(|row| (row.value.to_string(), row.report)));
        }
    }
    reports
}

#[test]
fn a_table_of_reports_is_the_csv_with_types() {
    let mut metrics = week();
    let view = metrics.settle();
    let (mut csv, mut table) = (CsvTable::new(), ReportTable::new());
    let window = Window::new(
        "2026-03-02T00:00:00Z".parse().unwrap(),
        "2026-03-07T00:00:00Z".parse().unwrap(),
    );
    for (part, report) in reports(view, &window.unwrap()) {
        csv.push(&part, &report);
        table.push(&part, &report);
    }
    let file = File::of(table.batches().unwrap());
    let text = csv.to_string();
    let mut lines = text.lines();
    let heading: Vec<&str> = lines.next().unwrap().split(',').collect();
    let schema = file.batch.schema();
    let names: Vec<&str> = schema.fields().iter().map(|it| it.name().as_str()).collect();
    assert_eq!(names[..heading.len()], heading);
    assert_eq!(names[heading.len()..], ["kind", "watermark", "window_is_over"]);
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert!(rows.len() > 200 && rows.len() == file.batch.num_rows());
    for (place, name) in heading.iter().enumerate() {
        let cells: Vec<String> = match file.column(name).data_type() {
            DataType::Dictionary(..) => {
                file.labels(name).into_iter().map(Option::unwrap_or_default).collect()
            }
            DataType::UInt64 => {
                let counts = file.counts(name).into_iter();
                counts.map(|it| it.map_or_else(String::new, |it| it.to_string())).collect()
            }
            DataType::UInt32 => {
                let numbers = file.column(name).as_primitive::<UInt32Type>();
                numbers.values().iter().map(ToString::to_string).collect()
            }
            DataType::Float64 => {
                let numbers = file.column(name).as_primitive::<Float64Type>().iter();
                numbers.map(|it| it.map_or_else(String::new, |it| it.to_string())).collect()
            }
            _ => {
                let text = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
                file.instants(name).into_iter().map(text).collect()
            }
        };
        for (cell, row) in cells.iter().zip(&rows) {
            assert_eq!(cell, row[place], "{name} of {row:?}");
        }
    }
    let kinds: BTreeSet<_> = file.labels("kind").into_iter().flatten().collect();
    let known = ["amount", "count", "credit", "duration", "mean", "nps", "share"];
    assert!(kinds.iter().all(|kind| known.contains(&kind.as_str())), "{kinds:?}");
    assert_eq!(file.about()["kontak.watermark"], "2026-03-09T00:00:00.250Z");
    assert!(file.column("window_is_over").as_boolean().iter().all(|it| it == Some(true)));
}

/// What a reader who knows only the documentation makes of rows: `n`, `sum`, and quantiles off the bins.
#[derive(Default, PartialEq, Debug)]
struct Told {
    n: u64,
    sum: i128,
    open: u64,
    excluded: u64,
    zeros: u64,
    bins: BTreeMap<i32, u64>,
}

impl Told {
    fn quantile(&self, q: f64) -> Option<f64> {
        let rank = ((q * self.n as f64).ceil() as u64).max(1);
        let mut seen = self.zeros;
        if self.n == 0 || rank <= seen {
            return (self.n > 0).then_some(0.0);
        }
        let found = self.bins.iter().find(|(_, count)| {
            seen += **count;
            seen >= rank
        });
        let bound = |index: i32| (f64::from(index) / 128.0).exp2();
        found.map(|(index, _)| {
            let (low, high) = (bound(*index), bound(*index + 1));
            if *index == -1 { high } else { 2.0 * low * high / (low + high) }
        })
    }
}

/// The rows of a file of cells, by definition and another column.
fn told(file: &File, by: &str) -> BTreeMap<(String, Option<String>), Told> {
    let (definitions, values) = (file.labels("definition"), file.labels(by));
    let (n, zeros) = (file.counts("n"), file.counts("zeros"));
    let (open, excluded) = (file.counts("open"), file.counts("excluded"));
    let sums = file.column("sum").as_primitive::<Decimal128Type>();
    let bins = file.column("bins").as_list::<i32>();
    let mut told: BTreeMap<_, Told> = BTreeMap::new();
    for row in 0..file.batch.num_rows() {
        let key = (definitions[row].clone().unwrap(), values[row].clone());
        let held = told.entry(key).or_default();
        held.n += n[row].unwrap();
        held.zeros += zeros[row].unwrap();
        held.open += open[row].unwrap();
        held.excluded += excluded[row].unwrap();
        held.sum += sums.value(row);
        let listed = bins.value(row);
        let index =
            listed.as_struct().column_by_name("index").unwrap().as_primitive::<Int32Type>().clone();
        let count = listed
            .as_struct()
            .column_by_name("count")
            .unwrap()
            .as_primitive::<UInt64Type>()
            .clone();
        for (index, count) in index.values().iter().zip(count.values()) {
            *held.bins.entry(*index).or_default() += count;
        }
    }
    told
}

fn assert_told(told: &Told, summary: &Summary, of: &str) {
    let values = &summary.values;
    assert_eq!((told.n, told.zeros), (values.count(), values.zeros()), "{of}");
    assert_eq!((told.open, told.excluded), (summary.open, summary.excluded), "{of}");
    assert_eq!(u128::try_from(told.sum).unwrap(), values.sum(), "{of}");
    for q in [0.0, 0.25, 0.5, 0.9, 0.99, 1.0] {
        match (told.quantile(q), values.quantile(q)) {
            (Some(told), Some(exact)) => {
                assert!((told - exact).abs() <= 1e-9 * exact.max(1.0), "{of} {q}: {told} {exact}");
            }
            (told, exact) => assert_eq!(told, exact, "{of} {q}"),
        }
    }
}

#[test]
fn cells_add_up_to_what_the_engine_says() {
    let mut metrics = week();
    let view = metrics.settle();
    let mut compared = 0;
    for (grid, dimension) in
        [(0, Dimension::Channel), (1, Dimension::Channel), (2, Dimension::Language)]
    {
        let file = File::of(CellBatches::new(view, grid).unwrap());
        assert!(file.batch.num_rows() > 500);
        let by = if dimension == Dimension::Channel { "channel" } else { "language" };
        let mut told = told(&file, by);
        for definition in view.catalog().definitions() {
            // What counts for each of several agents is told apart by agent only.
            if grid == 1 && definition.attribution == kontak_metrics::Attribution::EveryOwner {
                continue;
            }
            let id = definition.id.as_str();
            for row in view.by(dimension, id, &view.all_time(), &Filter::all()).unwrap().rows {
                let value = match &row.value {
                    DimensionValue::None(_) => None,
                    value => Some(value.to_string()),
                };
                let filter = Filter::all().on(row.value.clone());
                let summary = view.summary(id, &view.all_time(), &filter).unwrap();
                let of = format!("{id} {value:?} of grid {grid}");
                assert_told(&told.remove(&(id.to_owned(), value)).unwrap(), &summary, &of);
                compared += 1;
            }
        }
        if grid != 1 {
            assert!(told.is_empty(), "no more is there than the engine has: {:?}", told.keys());
        }
    }
    assert!(compared > 150, "{compared}");
}

#[test]
fn a_file_of_cells_says_what_its_numbers_are() {
    let mut metrics = week();
    let view = metrics.settle();
    let file = File::of(CellBatches::new(view, 1).unwrap());
    let about = file.about();
    let expected = [
        ("kontak.table", "cells"),
        ("kontak.grid.dimensions", "channel,agent"),
        ("kontak.grid.minutes", "60"),
        ("kontak.histogram.scale", "7"),
        ("kontak.watermark", "2026-03-09T00:00:00.250Z"),
    ];
    for (key, value) in expected {
        assert_eq!(about[key], value, "{key}");
    }
    let units = file.column("units").as_primitive::<UInt32Type>();
    let (definitions, shows) = (file.labels("definition"), file.labels("kind"));
    for (row, (definition, show)) in definitions.iter().zip(&shows).enumerate() {
        let found = view.catalog().get(definition.as_ref().unwrap()).unwrap();
        assert_eq!(u64::from(units.value(row)), found.units());
        assert_eq!(found.units(), if found.id.as_str() == "test.split" { 2_520 } else { 1 });
        assert_eq!(
            show.as_deref() == Some("duration"),
            found.show == kontak_metrics::Show::Duration
        );
    }
    let error = CellBatches::new(view, 9).unwrap_err();
    assert!(matches!(error, NoGrid { grid: 9, kept: 4, .. }));
    assert_eq!(error.to_string(), "no grid 9: the engine keeps 4, counted from 0");
}

#[test]
fn old_cells_are_as_wide_as_they_say() {
    let tiers = Downscaling::new([(Seconds::days(2), 60), (Seconds::days(4), 1_440)]).unwrap();
    let mut metrics = engine().with_downscaling(tiers);
    contacts(&mut metrics, "2026-03-02T01:00:00Z".parse().unwrap(), 7, 1_300);
    metrics.advance("2026-03-09T00:00:00Z".parse().unwrap());
    let view = metrics.settle();
    let file = File::of(CellBatches::new(view, 0).unwrap());
    let minutes = file.column("minutes").as_primitive::<UInt32Type>();
    let mut widths = BTreeSet::new();
    for (row, start) in file.instants("start").into_iter().enumerate() {
        let width = minutes.value(row);
        let expected = match start.date_naive().to_string().as_str() {
            day if day < "2026-03-05" => 1_440,
            day if day < "2026-03-07" => 60,
            _ => 15,
        };
        assert_eq!(width, expected, "{start}");
        assert_eq!(start.timestamp() % (60 * i64::from(width)), 0);
        widths.insert(width);
    }
    assert_eq!(widths.len(), 3);
}

#[test]
fn facts_behind_a_number_are_the_number() {
    let mut metrics = week();
    let view = metrics.settle();
    let window = Window::new(
        "2026-03-03T00:00:00Z".parse().unwrap(),
        "2026-03-06T00:00:00Z".parse().unwrap(),
    )
    .unwrap();
    let filters = [
        Filter::all(),
        Filter::all().on(DimensionValue::Agent(agent(1))),
        Filter::all().on(DimensionValue::Label("late".parse().unwrap())),
        Filter::all().on(DimensionValue::None(Dimension::Language)),
    ];
    let mut seen = 0;
    for definition in view.catalog().definitions().iter().filter(|it| it.units() == 1) {
        for filter in &filters {
            let id = definition.id.as_str();
            let report = view.report(id, &window, filter).unwrap();
            let summary = view.summary(id, &window, filter).unwrap();
            for (behind, outcome, count) in [
                (Behind::Values, Outcome::Value, summary.values.count()),
                (Behind::Open, Outcome::Open, summary.open),
                (Behind::Excluded, Outcome::Excluded, summary.excluded),
            ] {
                let cursor = report.cursor.behind(behind);
                let file = File::of(FactBatches::new(view, &cursor).unwrap());
                assert_eq!(file.batch.num_rows() as u64, count, "{id} {behind:?}");
                let values = file.counts("value");
                let sum: u64 = values.iter().flatten().sum();
                match outcome {
                    Outcome::Value => assert_eq!(u128::from(sum), summary.values.sum(), "{id}"),
                    _ => assert!(values.iter().all(Option::is_none)),
                }
                assert!(
                    file.labels("outcome").iter().all(|it| it.as_deref() == Some(outcome.name()))
                );
                assert!(file.instants("at").into_iter().all(|at| window.contains(at)));
                assert_eq!(conversations(&file), pages(view, &cursor), "{id}");
                seen += count;
            }
        }
    }
    assert!(seen > 10_000, "{seen}");
}

/// In the order of the file, each once.
fn conversations(file: &File) -> Vec<[u8; 16]> {
    let ids = file.column("conversation").as_fixed_size_binary();
    let mut ids: Vec<[u8; 16]> =
        (0..ids.len()).map(|row| ids.value(row).try_into().unwrap()).collect();
    ids.dedup();
    ids
}

fn pages(view: View<'_>, cursor: &Cursor) -> Vec<[u8; 16]> {
    let (mut ids, mut next) = (Vec::new(), Some(cursor.clone()));
    while let Some(cursor) = next {
        let page = view.page(&cursor, 400).unwrap();
        ids.extend(page.conversations.iter().map(|id| id.as_uuid().into_bytes()));
        next = page.next;
    }
    ids
}

#[test]
fn facts_say_why_and_of_whom() {
    let mut metrics = week();
    let view = metrics.settle();
    let report = view.report("kontak.service_level", &view.all_time(), &Filter::all()).unwrap();
    let file = File::of(FactBatches::new(view, &report.cursor.behind(Behind::Failures)).unwrap());
    let about = file.about();
    assert_eq!(
        (about["kontak.definition"].as_str(), about["kontak.version"].as_str()),
        ("kontak.service_level", "1")
    );
    assert_eq!((about["kontak.kind"].as_str(), about["kontak.table"].as_str()), ("share", "facts"));
    assert!(file.batch.num_rows() > 10);
    assert!(file.counts("value").iter().all(|value| *value == Some(0)));
    let rules = file.column("rule").as_primitive::<UInt8Type>();
    for (row, reason) in file.labels("reason").into_iter().enumerate() {
        assert_eq!(reason.as_deref() == Some("rule"), rules.is_valid(row));
    }
    // Where the cursor stands, the file begins.
    let page = view.page(&report.cursor, 5).unwrap();
    let rest = File::of(FactBatches::new(view, &page.next.unwrap()).unwrap());
    let all = File::of(FactBatches::new(view, &report.cursor).unwrap());
    assert_eq!(conversations(&rest), conversations(&all)[5..]);
    // Ids are ids to whoever reads the file.
    let column = all.about.file_metadata().schema_descr().column(0);
    assert_eq!(column.logical_type_ref(), Some(&LogicalType::Uuid));
    let mut unknown = report.cursor;
    unknown.version = 7;
    assert!(FactBatches::new(view, &unknown).is_err());
}

#[test]
fn the_same_state_gives_the_same_bytes_in_groups() {
    let (mut one, mut other) = (week(), week());
    let form = ParquetFile::new().with_rows_per_group(100);
    let one = File::grouped(&form, CellBatches::new(one.settle(), 0).unwrap());
    let other = File::grouped(&form, CellBatches::new(other.settle(), 0).unwrap());
    assert_eq!(one.bytes, other.bytes);
    assert_eq!(one.about.num_row_groups(), one.batch.num_rows().div_ceil(100));
    let whole = File::of(CellBatches::new(week().settle(), 0).unwrap());
    assert_eq!(whole.batch, one.batch);
    let none = ParquetFile::new().with_rows_per_group(0);
    let table = ReportTable::new();
    assert_eq!(none.write(table.batches().unwrap(), Vec::new()).unwrap(), 0);
}

#[test]
fn nothing_is_a_file_with_columns() {
    let mut metrics = engine();
    let view = metrics.settle();
    for grid in 0..view.grids().len() {
        let file = File::of(CellBatches::new(view, grid).unwrap());
        assert_eq!(file.batch.num_rows(), 0);
        assert!(file.batch.schema().field_with_name("bins").is_ok());
        assert!(!file.about().contains_key("kontak.watermark"), "nobody told the time");
    }
    let report = view.report("kontak.csat", &view.all_time(), &Filter::all()).unwrap();
    assert_eq!(File::of(FactBatches::new(view, &report.cursor).unwrap()).batch.num_rows(), 0);
    let mut table = ReportTable::new();
    table.push("all", &report);
    let file = File::of(table.batches().unwrap());
    assert!(file.column("headline").is_null(0) && file.column("watermark").is_null(0));
}

#[test]
fn a_file_that_cannot_be_written_says_so() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut metrics = week();
    let batches = CellBatches::new(metrics.settle(), 0).unwrap();
    let error = ParquetFile::new().write(batches, Full).unwrap_err();
    assert!(error.to_string().starts_with("the Parquet file could not be written"), "{error}");
}
