//! Figures of an outcome, and what two of them differ by.

use crate::day::Outcome;
use kontak_routing::simulate::{Ending, Fate, interval};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Served within so many seconds counts for the service level.
pub(crate) const LEVEL_SECONDS: f64 = 30.0;

/// Consecutive contacts are taken together into so many blocks, which are nearly independent.
const BLOCKS: usize = 30;

pub(crate) struct Figures {
    pub(crate) contacts: usize,
    pub(crate) level: f64,
    pub(crate) mean: f64,
    pub(crate) p50: f64,
    pub(crate) p90: f64,
    pub(crate) p99: f64,
    pub(crate) abandoned: f64,
    pub(crate) turned_away: f64,
}

impl Figures {
    pub(crate) fn of<'a>(fates: &(impl Iterator<Item = &'a Fate> + Clone)) -> Self {
        let contacts = fates.clone().count();
        let share = |part: &dyn Fn(&Fate) -> bool| {
            fates.clone().filter(|fate| part(fate)).count() as f64 / contacts.max(1) as f64
        };
        let mut waits: Vec<f64> = fates
            .clone()
            .filter(|fate| fate.ending == Ending::Served)
            .map(|fate| fate.waited_seconds)
            .collect();
        waits.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (waits.len() as f64 * share) as usize;
            waits.get(place.min(waits.len().saturating_sub(1))).copied().unwrap_or(0.0)
        };
        Self {
            contacts,
            level: share(&|fate| in_time(fate) > 0.0),
            mean: waits.iter().fold(0.0, |sum, wait| sum + wait) / waits.len().max(1) as f64,
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            abandoned: share(&|fate| fate.ending == Ending::Abandoned),
            turned_away: share(&|fate| fate.ending == Ending::TurnedAway),
        }
    }
}

pub(crate) fn in_time(fate: &Fate) -> f64 {
    f64::from(fate.ending == Ending::Served && fate.waited_seconds <= LEVEL_SECONDS)
}

pub(crate) fn print(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    writeln!(
        out,
        "\n{:<24} {:>8} {:>9} {:>8} {:>8} {:>8} {:>8} {:>9} {:>11}",
        "", "contacts", "in 30 s %", "mean s", "p50", "p90", "p99", "gave up %", "unserved %"
    )?;
    row(out, "all", &outcome.fates.iter())?;
    for (name, group) in groups(outcome, |fate| format!("  {}", fate.contact.channel)) {
        row(out, &name, &group.into_iter())?;
    }
    for (name, group) in groups(outcome, |fate| {
        let name = outcome.queue_names.get(&fate.contact.queue);
        format!("  {}", name.map_or("", String::as_str))
    }) {
        row(out, &name, &group.into_iter())?;
    }
    for (name, group) in groups(outcome, |fate| format!("  {}", fate.contact.requirement)) {
        row(out, &name, &group.into_iter())?;
    }
    writeln!(
        out,
        "\noccupancy {:.1} %, fairness (Jain) {:.3}, {} transfers",
        outcome.occupancy * 100.0,
        outcome.fairness,
        outcome.transfers()
    )
}

fn groups(outcome: &Outcome, by: impl Fn(&Fate) -> String) -> BTreeMap<String, Vec<&Fate>> {
    /// Of what contacts ask for there may be as many kinds as there are contacts.
    const MOST: usize = 12;
    let mut groups: BTreeMap<String, Vec<&Fate>> = BTreeMap::new();
    for fate in &outcome.fates {
        groups.entry(by(fate)).or_default().push(fate);
    }
    if groups.len() > MOST {
        let mut sizes: Vec<usize> = groups.values().map(Vec::len).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let least = sizes[MOST - 1];
        groups.retain(|_, group| group.len() >= least);
    }
    groups
}

fn row<'a>(
    out: &mut impl Write,
    name: &str,
    fates: &(impl Iterator<Item = &'a Fate> + Clone),
) -> io::Result<()> {
    let of = Figures::of(fates);
    writeln!(
        out,
        "{name:<24} {:>8} {:>9.1} {:>8.1} {:>8.1} {:>8.1} {:>8.1} {:>9.1} {:>11.1}",
        of.contacts,
        of.level * 100.0,
        of.mean,
        of.p50,
        of.p90,
        of.p99,
        of.abandoned * 100.0,
        of.turned_away * 100.0
    )
}

type Measure = fn(&Fate) -> f64;

/// What the second differs from the first by, contact by contact, with intervals of 95 %.
pub(crate) fn differences(
    out: &mut impl Write,
    first: &Outcome,
    second: &Outcome,
) -> anyhow::Result<()> {
    writeln!(out, "\nsecond rules less the first, on the same contacts (95 %)")?;
    let measures: [(&str, Measure, f64); 3] = [
        ("served in 30 s, points of a hundred", in_time, 100.0),
        ("wait, s", |fate| fate.waited_seconds, 1.0),
        ("gave up, points of a hundred", |fate| f64::from(fate.ending == Ending::Abandoned), 100.0),
    ];
    for (name, measure, scale) in measures {
        let differences: Vec<f64> = first
            .fates
            .iter()
            .zip(&second.fates)
            .map(|(first, second)| (measure(second) - measure(first)) * scale)
            .collect();
        let length = differences.len().div_ceil(BLOCKS).max(1);
        let blocks: Vec<f64> = differences
            .chunks(length)
            .map(|block| block.iter().sum::<f64>() / block.len() as f64)
            .collect();
        match interval(&blocks, &[], 0.95) {
            Some(found) => {
                writeln!(out, "  {name:<40} {:+.3} ± {:.3}", found.mean, found.half_width)?;
            }
            None => writeln!(out, "  {name:<40} too few contacts to tell")?,
        }
    }
    writeln!(
        out,
        "  {:<40} {:+.3}\n  {:<40} {:+.3}",
        "occupancy, points of a hundred",
        (second.occupancy - first.occupancy) * 100.0,
        "fairness",
        second.fairness - first.fairness
    )?;
    Ok(())
}
