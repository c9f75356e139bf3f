//! The routing engine beside queueing theory: what it does with Poisson arrivals and exponential
//! services, and what has been proved of such a queue.
//!
//! ```text
//! cargo run --release --example queueing_theory             # every cell to 3 %
//! cargo run --release --example queueing_theory -- --full   # every cell to 1 %, some minutes
//! ```
//!
//! `--only TEXT` measures the cells whose name contains it. The seeds were fixed before the first run. All intervals hold together with a confidence of 99 %
//! (Bonferroni); it stops with an error where one does not cover its exact value.

mod models;

use anyhow::{Context as _, bail, ensure};
use kontak_routing::Order;
use kontak_routing::simulate::{Interval, interval};
use kontak_routing::theory::{ErlangA, ErlangC, erlang_b};
use models::{Batch, Model};
use std::io::{self, Write};

const SEED: u64 = 20_260_302;

/// What varies so much that it takes minutes: only in the whole table.
fn long() -> Vec<Case> {
    let of =
        |name, agents, arrivals, service, millions, what, exact: fn(&ErlangC) -> f64, measure| {
            let queue = ErlangC { agents, arrivals, service };
            let model = Model::single(agents, arrivals, service);
            Case { name, model, millions, exact: vec![(what, exact(&queue), measure)] }
        };
    vec![
        of(
            "Erlang C, 14 agents, 10 Erlangs, long",
            14,
            per_hour(200.0),
            180.0,
            50.0,
            "mean wait",
            ErlangC::mean_wait,
            Batch::mean_wait as Measure,
        ),
        of(
            "one skill each, 15 agents, 14 Erlangs",
            15,
            14.0 / 600.0,
            600.0,
            30.0,
            "have to wait",
            ErlangC::waits,
            Batch::waits,
        ),
        of(
            "all skills, 90 agents, 84 Erlangs",
            90,
            84.0 / 600.0,
            600.0,
            60.0,
            "within 20 s",
            |queue| queue.service_level(20.0),
            Batch::level,
        ),
    ]
}

/// Of all intervals together.
const CONFIDENCE: f64 = 0.99;

type Measure = fn(&Batch) -> f64;

/// A model, how many contacts it takes to measure it to 1 %, and what is exact of it.
#[derive(Clone)]
struct Case {
    name: &'static str,
    model: Model,
    millions: f64,
    exact: Vec<(&'static str, f64, Measure)>,
}

struct Cell {
    name: String,
    exact: f64,
    measured: Interval,
}

fn main() -> anyhow::Result<()> {
    let (mut full, mut only) = (false, None);
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--full" => full = true,
            "--only" => only = Some(given.next().context("--only what?")?),
            other => bail!("there is no {other}; there are --full and --only TEXT"),
        }
    }
    let mut out = io::stdout().lock();
    let (effort, most) = if full { (1.0, 0.01) } else { (1.0 / 9.0, 0.03) };
    let mut cases = cases();
    if full {
        cases.extend(long());
    }
    writeln!(out, "{:<54} {:>12} {:>12} {:>10} {:>8}", "", "exact", "measured", "±", "± in %")?;
    cells(&cases, effort, only.as_deref(), |cell| {
        let share = cell.measured.relative_to(cell.exact);
        writeln!(
            out,
            "{:<54} {:>12.6} {:>12.6} {:>10.6} {:>8.2}",
            cell.name,
            cell.exact,
            cell.measured.mean,
            cell.measured.half_width,
            share * 100.0
        )?;
        ensure!(cell.measured.covers(cell.exact), "{}: the interval does not cover it", cell.name);
        ensure!(share <= most, "{}: the interval is wider than {most}", cell.name);
        Ok(())
    })?;
    if only.is_some() {
        return Ok(());
    }
    conserved(&mut out, if full { 1.0 } else { 0.15 }, if full { 0.005 } else { 0.03 })?;
    chain(&mut out, if full { 3e6 } else { 4e5 })
}

fn per_hour(contacts: f64) -> f64 {
    contacts / 3_600.0
}

fn cases() -> Vec<Case> {
    let mut cases = losses();
    cases.extend(patient());
    cases.extend(impatient());
    cases.extend(two_classes());
    cases
}

fn losses() -> Vec<Case> {
    let of = |name, agents, erlangs, millions| Case {
        name,
        model: Model::loss(agents, erlangs),
        millions,
        exact: vec![("turned away", erlang_b(agents, erlangs), Batch::blocked)],
    };
    vec![
        of("Erlang B, 2 agents, 1 Erlang", 2, 1.0, 2.0),
        of("Erlang B, 5 agents, 3 Erlangs", 5, 3.0, 3.0),
        of("Erlang B, 10 agents, 10 Erlangs", 10, 10.0, 3.0),
        of("Erlang B, 20 agents, 15 Erlangs", 20, 15.0, 10.0),
    ]
}

fn patient() -> Vec<Case> {
    let of = |name, agents, arrivals, service, millions| {
        let queue = ErlangC { agents, arrivals, service };
        let exact: Vec<(&'static str, f64, Measure)> = vec![
            ("have to wait", queue.waits(), Batch::waits),
            ("within 20 s", queue.service_level(20.0), Batch::level),
        ];
        Case { name, model: Model::single(agents, arrivals, service), millions, exact }
    };
    vec![
        of("Erlang C, 14 agents, 10 Erlangs", 14, per_hour(200.0), 180.0, 12.0),
        of("Erlang C, 24 agents, 20 Erlangs", 24, per_hour(240.0), 300.0, 12.0),
        of("Erlang C, 12 agents, 10 Erlangs", 12, per_hour(200.0), 180.0, 12.0),
    ]
}

fn impatient() -> Vec<Case> {
    let of = |name, agents, per_minute: f64, theta: f64, millions| {
        let (arrivals, patience) = (per_minute / 60.0, 60.0 / theta);
        let queue = ErlangA::new(agents, arrivals, 60.0, patience);
        Case {
            name,
            model: Model::single(agents, arrivals, 60.0).patient_for(patience),
            millions,
            exact: vec![
                ("have to wait", queue.waits(), Batch::waits),
                ("within 20 s", queue.service_level(20.0), Batch::level),
                ("mean wait", queue.mean_wait(), Batch::mean_wait),
                ("give up", queue.abandons(), Batch::abandons),
            ],
        }
    };
    vec![
        of("Erlang A, 10 agents, patience 1 service", 10, 10.0, 1.0, 4.0),
        of("Erlang A, 50 agents, patience 2 services", 50, 50.0, 0.5, 10.0),
        of("Erlang A, 50 agents, patience 1 service", 50, 50.0, 1.0, 8.0),
    ]
}

fn arrival(seconds: u32) -> Order {
    Order::Arrival { head_start_seconds: seconds }
}

fn ageing(slope: u32) -> Order {
    Order::Ageing { slope }
}

fn two_classes() -> Vec<Case> {
    let queue = ErlangC { agents: 14, arrivals: per_hour(200.0), service: 180.0 };
    let of = |name, first, second, (high, low): (f64, f64)| Case {
        name,
        model: Model::two_classes(first, second),
        millions: 20.0,
        exact: vec![
            // Of the mean wait of all, which is the same whatever the order: what varies from run to
            // run then varies in both.
            ("the first's wait, of all", high / queue.mean_wait(), |batch| batch.class_share(0)),
            ("the second's wait, of all", low / queue.mean_wait(), |batch| batch.class_share(1)),
        ],
    };
    let strict = queue.priority_waits(&[0.5, 0.5]);
    vec![
        of("strict priority", (1, arrival(0)), (0, arrival(0)), (strict[0], strict[1])),
        of("ageing 4:1", (0, ageing(4)), (0, ageing(1)), queue.ageing_waits(0.5, 4.0)),
        of("ageing 2:1", (0, ageing(2)), (0, ageing(1)), queue.ageing_waits(0.5, 2.0)),
    ]
}

/// Measures what is wanted of all cells; the confidence is that of all of them together.
fn cells(
    cases: &[Case],
    effort: f64,
    only: Option<&str>,
    mut look: impl FnMut(Cell) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let count: usize = cases.iter().map(|case| case.exact.len()).sum();
    let confidence = 1.0 - (1.0 - CONFIDENCE) / count as f64;
    for (number, case) in cases.iter().enumerate() {
        if only.is_some_and(|only| !case.name.contains(only)) {
            continue;
        }
        let run = case.model.run(SEED + number as u64, case.millions * 1e6 * effort)?;
        for (what, exact, measure) in &case.exact {
            let values: Vec<f64> = run.batches.iter().map(measure).collect();
            let measured =
                interval(&values, &run.controls, confidence).context("too few batches")?;
            look(Cell { name: format!("{}: {what}", case.name), exact: *exact, measured })?;
        }
    }
    Ok(())
}

/// Whatever the order, with the same exponential services nobody's gain but is somebody's loss: the
/// mean wait of all together stays what it is first come, first served (Kleinrock's conservation
/// law). On the same draw, so that only the order differs.
fn conserved(out: &mut impl Write, effort: f64, most: f64) -> anyhow::Result<()> {
    let deadline = |horizon_seconds| Order::Deadline { horizon_seconds };
    let cost = |per_hour| Order::Cost { per_hour };
    let waits = |first, second| -> anyhow::Result<Vec<f64>> {
        let run = Model::two_classes(first, second).run(SEED + 50, 16e6 * effort)?;
        Ok(run.batches.iter().map(Batch::mean_wait).collect())
    };
    let plain = waits((0, arrival(0)), (0, arrival(0)))?;
    let mean = plain.iter().sum::<f64>() / plain.len() as f64;
    writeln!(out, "\nthe mean wait of all, beside first come, first served on the same draw")?;
    for (name, first, second) in [
        ("strict priority", (1, arrival(0)), (0, arrival(0))),
        ("90 s of head start", (0, arrival(90)), (0, arrival(0))),
        ("ageing 4:1", (0, ageing(4)), (0, ageing(1))),
        ("deadlines of 30 and 300 s", (0, deadline(30)), (0, deadline(300))),
        ("costs 5:1", (0, cost(5)), (0, cost(1))),
    ] {
        let differences: Vec<f64> = waits(first, second)?
            .iter()
            .zip(&plain)
            .map(|(wait, plain)| (wait - plain) / mean * 100.0)
            .collect();
        let found = interval(&differences, &[], CONFIDENCE).context("too few batches")?;
        writeln!(out, "{name:<44} {:+.2} ± {:.2} %", found.mean, found.half_width)?;
        ensure!(found.mean.abs() <= most * 100.0, "{name}: more than {most} off");
    }
    Ok(())
}

/// Two skills each do nearly what all skills for all would (Wallace and Whitt 2005).
fn chain(out: &mut impl Write, contacts: f64) -> anyhow::Result<()> {
    let silo = ErlangC { agents: 15, arrivals: 14.0 / 600.0, service: 600.0 };
    let pool = ErlangC { agents: 90, arrivals: 84.0 / 600.0, service: 600.0 };
    writeln!(
        out,
        "\n90 agents, 6 kinds of contacts, 84 Erlangs: mean wait, and share of the gain"
    )?;
    writeln!(out, "{:<44} {:.1} s (exact)", "1 skill each", silo.mean_wait())?;
    let run = Model::chain(2)?.run(SEED + 60, contacts)?;
    let values: Vec<f64> = run.batches.iter().map(Batch::mean_wait).collect();
    let measured = interval(&values, &run.controls, CONFIDENCE).context("too few batches")?;
    let gain = (silo.mean_wait() - measured.mean) / (silo.mean_wait() - pool.mean_wait());
    writeln!(out, "{:<44} {measured} s, {:.1} %", "2 skills each", gain * 100.0)?;
    writeln!(out, "{:<44} {:.1} s (exact)", "6 skills each", pool.mean_wait())?;
    ensure!(gain >= 0.9, "two skills each gain {gain}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half of the table, to 3 %, as a part of every test run.
    #[test]
    fn the_quick_half_is_where_theory_has_it() -> anyhow::Result<()> {
        let mut cases = losses();
        cases.pop();
        cases.extend(impatient().into_iter().take(1));
        cases.extend(patient().into_iter().take(1));
        cases.extend(two_classes().into_iter().take(1));
        cells(&cases, 1.0 / 9.0, None, |cell| {
            let share = cell.measured.relative_to(cell.exact);
            assert!(cell.measured.covers(cell.exact), "{}: {}", cell.name, cell.measured);
            assert!(share <= 0.03, "{}: {share}", cell.name);
            Ok(())
        })
    }
}
