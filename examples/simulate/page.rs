//! The report: one page to look at.

use crate::day::{Day, Outcome};
use crate::figures::{Figures, LEVEL_SECONDS};
use chrono::{DateTime, Utc};
use kontak_calendar::Tz;
use kontak_examples::Complaints;
use kontak_examples::report::{Chart, Figure, ReportPage, grouped};
use kontak_metrics::Show;
use kontak_report::Series;
use kontak_routing::simulate::Ending;

pub(crate) fn page(
    day: &Day,
    outcomes: &[(&str, &Outcome)],
    complaints: &Complaints,
    zone: Tz,
) -> anyhow::Result<ReportPage> {
    let mut page = ReportPage::new("A day in the contact centre");
    page.subtitle = format!(
        "{} contacts, {} agents, simulated with the routing engine itself",
        grouped(day.contacts.len() as u64),
        day.staff.len()
    );
    for (name, outcome) in outcomes {
        let of = Figures::of(&outcome.fates.iter());
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        page.figures.extend([
            Figure::new(
                "service level",
                percent(of.level),
                format!("{name}: within {LEVEL_SECONDS} s"),
            ),
            Figure::new(
                "wait",
                format!("{:.0} s", of.mean),
                format!("mean; p90 {:.0} s, p99 {:.0} s", of.p90, of.p99),
            ),
            Figure::new("gave up", percent(of.abandoned), "before anybody had them"),
            Figure::new(
                "occupancy",
                percent(outcome.occupancy),
                format!("of the agents' capacity; fairness {:.3}", outcome.fairness),
            ),
        ]);
    }
    let english = "en".parse()?;
    let chart = |title: &str, note: &str, show: Show, values: &dyn Fn(&Outcome) -> Values| {
        let lines = outcomes.iter().map(|(name, outcome)| {
            let values = values(outcome).into_iter().map(|(at, value)| (at, Some(value)));
            Series::new(*name, show, values)
        });
        let svg =
            kontak_report::Chart::new(title, &english).line(zone, &lines.collect::<Vec<_>>())?;
        Ok::<_, anyhow::Error>(Chart {
            title: title.into(),
            note: note.into(),
            svg,
            table: Vec::new(),
        })
    };
    page.charts = vec![
        chart(
            "Waits over the day",
            "The mean of those who came in a quarter of an hour.",
            Show::Duration,
            &waits,
        )?,
        chart("How many wait", "Contacts.", Show::Count, &|outcome| outcome.waiting.clone())?,
        chart(
            "Agents at work",
            "The share of those on duty who have something in hand.",
            Show::Share,
            &|outcome| outcome.busy.clone(),
        )?,
    ];
    page.complaints =
        complaints.reasons().map(|(reason, count)| (reason.to_owned(), count)).collect();
    page.notes = day.notes.clone();
    Ok(page)
}

/// Values and when they were so.
type Values = Vec<(DateTime<Utc>, f64)>;

/// The mean wait of those who were served, by the quarter of an hour in which they came.
fn waits(outcome: &Outcome) -> Vec<(DateTime<Utc>, f64)> {
    let served = outcome.fates.iter().filter(|fate| fate.ending == Ending::Served);
    let mut points: Vec<(i64, f64, f64)> = Vec::new();
    for fate in served {
        let quarter = fate.contact.at.timestamp().div_euclid(900);
        match points.last_mut() {
            Some((last, sum, count)) if *last == quarter => {
                *sum += fate.waited_seconds;
                *count += 1.0;
            }
            _ => points.push((quarter, fate.waited_seconds, 1.0)),
        }
    }
    points
        .into_iter()
        .filter_map(|(quarter, sum, count)| {
            Some((DateTime::from_timestamp(quarter * 900, 0)?, sum / count))
        })
        .collect()
}
