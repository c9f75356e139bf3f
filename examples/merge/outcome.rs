//! What happened, in words and figures for a terminal.

use crate::read::Reading;
use crate::truth::Measured;
use kontak_examples::report::{counted, grouped};
use kontak_identity::{Customer, TouchpointHandle, View, WithheldReason};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The most customers and examples that are shown.
const SHOWN: usize = 10;

/// With fewer records, what happens once takes longer than they do.
const LEAST_FOR_A_RATE: u64 = 10_000;

/// Seconds.
pub(crate) struct Times {
    /// For what is loaded once, however many records there are.
    pub(crate) tables: f64,
    pub(crate) reading: f64,
}

pub(crate) fn print(
    out: &mut impl Write,
    view: View<'_>,
    reading: &Reading,
    times: &Times,
) -> io::Result<()> {
    let customers = view.customer_count() as u64;
    let rows = counted(reading.rows, "record");
    let Times { tables, reading: seconds } = *times;
    write!(out, "\n{rows} read in {seconds:.2} s, after {tables:.2} s for the tables of numbers")?;
    if reading.rows >= LEAST_FOR_A_RATE {
        writeln!(out, ": {} a second", grouped((reading.rows as f64 / seconds.max(1e-9)) as u64))?;
    } else {
        writeln!(out, "; too few to tell a rate, as each country's rules are made ready once")?;
    }
    writeln!(out, "{} found", counted(customers, "customer"))?;
    if reading.repeated > 0 {
        writeln!(
            out,
            "{} records repeat an id of before: taken as the same account",
            grouped(reading.repeated)
        )?;
    }
    if reading.rows == 0 {
        writeln!(out, "the table has a heading and no rows")?;
    }
    write!(out, "{}", reading.complaints)?;

    let reasons = withheld(view);
    let held: u64 = reasons.values().map(|(count, _)| count).sum();
    let pieces = if held == 1 { "piece" } else { "pieces" };
    writeln!(out, "\n{} {pieces} of evidence withheld", grouped(held))?;
    for (reason, (count, _)) in &reasons {
        writeln!(out, "{:>8}  {reason}", grouped(*count))?;
    }
    let (contested, largest) = view.contested();
    if contested > 0 {
        writeln!(
            out,
            "{}, the largest of {}",
            counted(contested as u64, "contested cluster"),
            counted(largest as u64, "record")
        )?;
    }

    writeln!(out, "\nlargest customers")?;
    for customer in largest_customers(view) {
        let identifiers = customer.identifiers();
        let shown: Vec<String> = identifiers
            .iter()
            .take(4)
            .filter_map(|value| view.identifier_value(*value))
            .map(|value| value.masked())
            .collect();
        let more = if identifiers.len() > shown.len() { ", …" } else { "" };
        writeln!(
            out,
            "{:>16}  {}  {}{more}",
            counted(customer.len() as u64, "record"),
            customer.id(),
            shown.join(", ")
        )?;
    }
    Ok(())
}

pub(crate) fn print_quality(
    out: &mut impl Write,
    view: View<'_>,
    measured: &Measured,
) -> io::Result<()> {
    writeln!(
        out,
        "\nagainst the truth, {} records\n{}\n{}",
        grouped(measured.known as u64),
        measured.quality,
        measured.reach
    )?;
    if measured.false_pairs.is_empty() {
        return Ok(());
    }
    writeln!(out, "pairs that are joined and should not be")?;
    let touchpoints: Vec<TouchpointHandle> = view.touchpoints().collect();
    for (a, b) in &measured.false_pairs {
        let id = |index: usize| {
            view.touchpoint_key(touchpoints[index]).map_or_else(String::new, |key| key.id)
        };
        let name =
            |index: usize| view.names(touchpoints[index]).next().unwrap_or("no name").to_owned();
        writeln!(out, "    {} ({}) and {} ({})", id(*a), name(*a), id(*b), name(*b))?;
    }
    Ok(())
}

/// Withheld edges by reason, with a few of each.
pub(crate) fn withheld(view: View<'_>) -> BTreeMap<WithheldReason, (u64, Vec<String>)> {
    let mut reasons: BTreeMap<WithheldReason, (u64, Vec<String>)> = BTreeMap::new();
    for edge in view.withheld() {
        let (count, examples) = reasons.entry(edge.reason).or_default();
        *count += 1;
        if examples.len() < SHOWN
            && let Some(value) = view.identifier_value(edge.identifier)
        {
            let example = value.masked();
            if !examples.contains(&example) {
                examples.push(example);
            }
        }
    }
    reasons
}

pub(crate) fn largest_customers(view: View<'_>) -> Vec<Customer<'_>> {
    let mut sizes: Vec<(usize, Customer<'_>)> = view
        .customers()
        .map(|customer| (customer.len(), customer))
        .filter(|(size, _)| *size > 1)
        .collect();
    sizes.sort_by_key(|(size, customer)| (std::cmp::Reverse(*size), customer.founder()));
    sizes.into_iter().take(SHOWN).map(|(_, customer)| customer).collect()
}
