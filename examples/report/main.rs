//! What a contact centre is run by, of a month that is made up or of a log of your own.
//!
//! ```text
//! cargo run --release --example report
//! cargo run --release --example report -- --events contacts.csv --zone Europe/Berlin --preset amazon_connect,genesys
//! cargo run --release --example report -- --parquet tables && duckdb -c "from 'tables/by_day.parquet'"
//! ```
//!
//! `read_back.py` beside it reads the files with DuckDB and pyarrow, and compares every number.

mod arguments;
mod contact;
mod dashboard;
mod generate;
mod read;
mod tables;

use anyhow::Context as _;
use arguments::{Arguments, Output};
use chrono::TimeDelta;
use dashboard::Dashboard;
use generate::Truth;
use kontak_metrics::{Catalog, CsvTable, Filter, Grid, Metrics, Report, Statistic, View, Window};
use read::Reading;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that has seen enough is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("report: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let json = error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
    json == Some(io::ErrorKind::BrokenPipe) || is_pipe(error)
}

fn is_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn run() -> anyhow::Result<()> {
    let Some(arguments) = arguments::read()? else {
        writeln!(io::stdout(), "{}", arguments::USAGE)?;
        return Ok(());
    };
    let catalog = Catalog::of(arguments.presets.iter().copied())?;
    let mut metrics = Metrics::new(catalog.clone(), Grid::usual())?;
    let (reading, truth) = match &arguments.events {
        Some(path) => (read::file(path, arguments.zone, &mut metrics)?, None),
        None => {
            let (contacts, truth) = generate::month(arguments.seed, arguments.zone)?;
            let mut reading = Reading { columns: Some(read::all_columns()), ..Reading::default() };
            for contact in &contacts {
                reading.take_contact(&mut metrics, contact)?;
            }
            (reading, Some(truth))
        }
    };
    let window = window(&arguments, &reading)?;
    if let Some((_, last)) = reading.span {
        metrics.advance(last);
    }
    let view = metrics.settle();
    let dashboard =
        Dashboard { view, catalog: &catalog, reading: &reading, window, zone: arguments.zone };
    let written = match &arguments.parquet {
        Some(folder) => tables::write(&dashboard, folder)?,
        None => Vec::new(),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.output {
        Output::Json => {
            let reports: Vec<Report> =
                dashboard.reports()?.into_iter().map(|(_, report)| report).collect();
            serde_json::to_writer_pretty(&mut out, &reports)?;
            writeln!(out)?;
        }
        Output::Csv => {
            let mut table = CsvTable::new();
            dashboard.reports()?.iter().for_each(|(_, report)| table.push("all", report));
            write!(out, "{table}")?;
        }
        Output::Dashboard => {
            let source = arguments.events.as_ref().map_or_else(
                || format!("a made-up month, seed {}", arguments.seed),
                |path| path.display().to_string(),
            );
            writeln!(out, "{source}: {} rows, {} events", reading.rows, reading.events)?;
            writeln!(
                out,
                "{} to {}, {}",
                window.from().with_timezone(&arguments.zone),
                window.until().with_timezone(&arguments.zone),
                arguments.zone
            )?;
            reading.notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
            write!(out, "{}", reading.complaints)?;
            writeln!(out)?;
            dashboard.print(&mut out)?;
            if let Some(truth) = truth.filter(|_| arguments.days.is_none()) {
                against_truth(&mut out, view, &window, &truth)?;
            }
            let mut page = dashboard.page("Contact centre report", source)?;
            page.notes = reading.notes.clone();
            page.complaints = reading
                .complaints
                .reasons()
                .map(|(reason, count)| (reason.into(), count))
                .collect();
            let path = &arguments.html;
            std::fs::write(path, page.to_string())
                .with_context(|| format!("cannot write {}", path.display()))?;
            writeln!(out, "\nwritten: {}", path.display())?;
            if let Some(folder) = &arguments.parquet {
                for (file, rows) in &written {
                    writeln!(out, "written: {}, {rows} rows", folder.join(file).display())?;
                }
            }
        }
    }
    Ok(out.flush()?)
}

fn window(arguments: &Arguments, reading: &Reading) -> anyhow::Result<Window> {
    let (first, last) = match (arguments.days, reading.span) {
        (Some(days), _) => days,
        (None, Some((first, last))) => {
            let date =
                |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&arguments.zone).date_naive();
            (date(first), date(last))
        }
        (None, None) => anyhow::bail!("there is nothing to report: no row could be used"),
    };
    let days = (last - first + TimeDelta::days(1)).num_days();
    Ok(Window::days(arguments.zone, first, u32::try_from(days)?)?)
}

/// The generator knows what is true; the numbers must be it.
fn against_truth(
    out: &mut impl Write,
    view: View<'_>,
    window: &Window,
    truth: &Truth,
) -> anyhow::Result<()> {
    let ask = |id: &str| view.report(id, window, &Filter::all()).ok();
    let mut checks = Vec::new();
    if let Some(offered) = ask("kontak.offered") {
        checks.push(("contacts", truth.contacts as f64, offered.statistic.headline()));
    }
    if let Some(answered) = ask("kontak.speed_of_answer") {
        checks.push(("answered", truth.answered as f64, Some(answered.n.get() as f64)));
        let mean = truth.wait_micros as f64 / truth.answered.max(1) as f64 / 1e6;
        checks.push(("mean wait, seconds", mean, answered.statistic.headline()));
    }
    if let Some(abandoned) = ask("kontak.time_to_abandon") {
        checks.push(("abandoned", truth.abandoned as f64, Some(abandoned.n.get() as f64)));
    }
    if let Some(Statistic::Share { successes, of, .. }) =
        ask("kontak.csat").map(|report| report.statistic)
    {
        checks.push(("satisfied", truth.csat.0 as f64, Some(successes.get() as f64)));
        checks.push(("surveys", truth.csat.1 as f64, Some(of.get() as f64)));
    }
    if let Some(Statistic::Share { successes, .. }) =
        ask("kontak.repeat_contact").map(|report| report.statistic)
    {
        checks.push(("came back", truth.returns as f64, Some(successes.get() as f64)));
    }
    for (place, (what, truth, found)) in checks.into_iter().enumerate() {
        if place == 0 {
            writeln!(out, "\nagainst the truth of the generator")?;
        }
        let found = found.unwrap_or(f64::NAN);
        writeln!(out, "  {what:<20} {truth:>12.2} {found:>12.2}")?;
        anyhow::ensure!(
            (found - truth).abs() <= 1e-6 * truth.max(1.0),
            "{what}: {found}, but it is {truth}"
        );
    }
    Ok(())
}
