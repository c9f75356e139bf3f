//! Runs a day of contacts through the routing engine and says what came of it; or the same day under
//! two sets of rules, and what the difference is worth.
//!
//! ```text
//! cargo run --release --example simulate
//! cargo run --release --example simulate -- --compare new_rules.toml --report day.html
//! cargo run --release --example simulate -- --policy rules.toml --trace june.csv --agents team.csv
//! ```

mod arguments;
mod day;
mod figures;
mod page;
mod retail;
mod trace;

use anyhow::{Context as _, ensure};
use kontak_examples::Complaints;
use kontak_routing::simulate::Ending;
use kontak_routing::{Centre, ReturnRule};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that has seen enough is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("simulate: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn run() -> anyhow::Result<()> {
    let Some(arguments) = arguments::read()? else {
        writeln!(io::stdout(), "{}", arguments::USAGE)?;
        return Ok(());
    };
    let centre = rules(arguments.policy.as_deref())?;
    let (mut day, complaints) = match &arguments.trace {
        Some(trace) => trace::day(trace, arguments.agents.as_deref(), &centre, &arguments)?,
        None => {
            ensure!(arguments.agents.is_none(), "--agents needs a --trace");
            let day = retail::day(&centre, arguments.seed, arguments.transfers)?;
            (day, Complaints::default())
        }
    };
    for (asked, count) in day::impossible(&day, &centre) {
        day.notes.push(format!("{count} contacts ask for what nobody can do: {asked}"));
    }
    for (skill, count) in day::unasked(&day, &centre) {
        day.notes.push(format!(
            "agents with a skill that no queue and no contact asks for: {count} with {skill}"
        ));
    }
    let outcome = day::run(&day, &centre)?;
    ensure!(outcome.fates.len() == day.contacts.len(), "every contact has an end");

    let mut out = BufWriter::new(io::stdout().lock());
    writeln!(out, "{} contacts, {} agents", day.contacts.len(), day.staff.len())?;
    for note in &day.notes {
        writeln!(out, "note: {note}")?;
    }
    write!(out, "{complaints}")?;
    figures::print(&mut out, &outcome)?;
    for rule in [ReturnRule::Allow, ReturnRule::Forbid] {
        let under = day::run(&day, &day::with_return(&centre, rule))?;
        let (count, name) =
            (under.ping_pong(), if rule == ReturnRule::Allow { "off" } else { "on" });
        writeln!(out, "went back to somebody who had it, rule {name}: {count} contacts")?;
        ensure!(rule == ReturnRule::Allow || count == 0, "nothing goes back while the rule is on");
    }
    let served = outcome.ended(Ending::Served);
    ensure!(served > 0, "nobody was served: do the rules ask for what the agents can do?");

    let second = match &arguments.compare {
        Some(path) => {
            let second = day::run(&day, &rules(Some(path))?)?;
            figures::print(&mut out, &second)?;
            figures::differences(&mut out, &outcome, &second)?;
            Some(second)
        }
        None => None,
    };
    out.flush()?;
    if let Some(path) = &arguments.report {
        let mut outcomes = vec![("these rules", &outcome)];
        outcomes.extend(second.as_ref().map(|second| ("the other rules", second)));
        let page = page::page(&day, &outcomes, &complaints, arguments.zone)?;
        fs::write(path, page.to_string())
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Rules from a file, or those of the retail day.
fn rules(path: Option<&Path>) -> anyhow::Result<Centre> {
    let Some(path) = path else {
        return checked(toml::from_str(retail::RULES)?).context("the rules of the retail day");
    };
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read the rules {}", path.display()))?;
    let parsed = if path.extension().is_some_and(|extension| extension == "json") {
        serde_json::from_str(&text).map_err(anyhow::Error::from)
    } else {
        toml::from_str(&text).map_err(|error| anyhow::anyhow!("{}", error.to_string().trim_end()))
    };
    parsed.and_then(checked).with_context(|| format!("the rules {} cannot be used", path.display()))
}

fn checked(centre: Centre) -> anyhow::Result<Centre> {
    let centre = centre.with_numbered_queues();
    centre.check()?;
    Ok(centre)
}
