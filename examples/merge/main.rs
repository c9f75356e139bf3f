//! Merges the records of a table into customers by phone and e-mail, and says what happened.
//!
//! ```text
//! cargo run --release --example merge
//! cargo run --release --example merge -- customers.csv --region ID --report merged.html
//! ```

mod arguments;
mod outcome;
mod page;
mod read;
mod truth;

use anyhow::{Context as _, bail};
use arguments::Arguments;
use kontak_examples::{Columns, Table};
use kontak_identity::{IdentityGraph, Policy, TenantKey, View};
use outcome::Times;
use read::Reader;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that has seen enough is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("merge: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[expect(clippy::disallowed_methods, reason = "a tool that says how fast it was")]
fn run() -> anyhow::Result<()> {
    let Some(arguments) = arguments::read()? else {
        writeln!(io::stdout(), "{}", arguments::USAGE)?;
        return Ok(());
    };
    let policy = policy(arguments.policy.as_deref())?;
    // A run of its own: nothing of it is compared with another.
    let mut graph = IdentityGraph::new(TenantKey::new(*b"one run of merge"), policy)?;

    let started = Instant::now();
    read::load_tables();
    let tables = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let mut table = Table::open(&arguments.files)?;
    let columns = Columns::choose(table.columns(), &arguments.columns)?;
    columns.require_identifier()?;
    let reader = Reader::new(&mut graph, &columns, arguments.region.as_deref())?;
    let mut reading = reader.read(&mut table)?;
    let seconds = started.elapsed().as_secs_f64();

    let view = graph.settle();
    if let Some(path) = &arguments.truth_file {
        truth::read_file(path, view, &mut reading)?;
    }
    let measured = truth::measure(view, &reading.truth)?;
    let mut out = BufWriter::new(io::stdout().lock());
    writeln!(out, "columns\n{columns}")?;
    for note in table.notes() {
        writeln!(out, "note: {note}")?;
    }
    outcome::print(&mut out, view, &reading, &Times { tables, reading: seconds })?;
    if let Some(measured) = &measured {
        outcome::print_quality(&mut out, view, measured)?;
    }
    if let Some((a, b)) = &arguments.explain {
        explain(&mut out, view, (a, b), &arguments)?;
    }
    out.flush()?;
    if let Some(path) = &arguments.out {
        write_customers(view, path)?;
    }
    if let Some(path) = &arguments.report {
        let page = page::page(view, &reading, measured.as_ref(), &arguments, seconds);
        fs::write(path, page.to_string()).with_context(|| cannot_write(path))?;
    }
    Ok(())
}

fn policy(path: Option<&Path>) -> anyhow::Result<Policy> {
    let Some(path) = path else { return Ok(Policy::default()) };
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read the policy {}", path.display()))?;
    let parsed = if path.extension().is_some_and(|extension| extension == "json") {
        serde_json::from_str(&text).map_err(anyhow::Error::from)
    } else {
        toml::from_str(&text).map_err(|error| anyhow::anyhow!("{}", error.to_string().trim_end()))
    };
    parsed.with_context(|| format!("the policy {} cannot be used", path.display()))
}

fn explain(
    out: &mut impl Write,
    view: View<'_>,
    (a, b): (&str, &str),
    arguments: &Arguments,
) -> anyhow::Result<()> {
    let find = |id: &str| {
        let is = |touchpoint: &_| view.touchpoint_key(*touchpoint).is_some_and(|key| key.id == id);
        let mut found = view.touchpoints().filter(is);
        match (found.next(), found.next()) {
            (Some(touchpoint), None) => Ok(touchpoint),
            (None, _) => bail!("--explain: there is no record {id}"),
            (Some(_), Some(_)) => {
                bail!("--explain: several sources have a record {id}; merge one source")
            }
        }
    };
    let explanation = view.explain(find(a)?, find(b)?).context("both records are of this graph")?;
    let text = match &arguments.language {
        Some(tag) => explanation.text(&tag.parse().context("--language")?),
        None => explanation.to_string(),
    };
    writeln!(out, "\n{a} and {b}\n{text}")?;
    Ok(())
}

fn write_customers(view: View<'_>, path: &Path) -> anyhow::Result<()> {
    let file = fs::File::create(path).with_context(|| cannot_write(path))?;
    let mut out = csv::Writer::from_writer(BufWriter::new(file));
    out.write_record(["record_id", "customer_id"])?;
    for touchpoint in view.touchpoints() {
        if let (Some(key), Some(customer)) =
            (view.touchpoint_key(touchpoint), view.customer_of(touchpoint))
        {
            out.write_record([&key.id, &customer.id().to_string()])?;
        }
    }
    out.flush().with_context(|| cannot_write(path))
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}
