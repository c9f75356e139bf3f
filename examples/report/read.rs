//! Reading what somebody exported: contacts as a table, or events as JSON lines.

use crate::contact::{Contact, Names};
use anyhow::{Context as _, bail};
use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use kontak_examples::{Complaints, DateOrder, Place, Progress, Row, Table, instant};
use kontak_metrics::calendar::Tz;
use kontak_metrics::{Definition, Event, Measure, Metrics, QueueEnd};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::RangeInclusive;
use std::path::Path;

/// What was read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) names: Names,
    pub(crate) rows: u64,
    pub(crate) events: u64,
    pub(crate) span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    pub(crate) complaints: Complaints,
    pub(crate) notes: Vec<String>,
    /// The columns that contacts had; `None` where events were read, which can tell everything.
    pub(crate) columns: Option<Vec<&'static str>>,
}

impl Reading {
    /// Gives an event to the engine.
    pub(crate) fn take(&mut self, metrics: &mut Metrics, event: &Event) -> anyhow::Result<()> {
        let _ = metrics.ingest(event)?;
        self.events += 1;
        let (first, last) = self.span.unwrap_or((event.at, event.at));
        self.span = Some((first.min(event.at), last.max(event.at)));
        Ok(())
    }

    pub(crate) fn take_contact(
        &mut self,
        metrics: &mut Metrics,
        contact: &Contact,
    ) -> anyhow::Result<()> {
        let revision = self.rows as u32;
        self.rows += 1;
        for event in contact.events(revision, &mut self.names) {
            self.take(metrics, &event)?;
        }
        Ok(())
    }
}

pub(crate) fn file(path: &Path, zone: Tz, metrics: &mut Metrics) -> anyhow::Result<Reading> {
    if path.as_os_str() != "-" && holds_events(path)? {
        return events(path, metrics);
    }
    contacts(path, zone, metrics)
}

fn holds_events(path: &Path) -> anyhow::Result<bool> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut line = String::new();
    // A table may be of other bytes than UTF-8; then it is no event either.
    let read = BufReader::new(file).read_line(&mut line);
    Ok(read.is_ok() && line.trim_start().starts_with('{') && line.contains("\"kind\""))
}

fn events(path: &Path, metrics: &mut Metrics) -> anyhow::Result<Reading> {
    let file = File::open(path)?;
    let mut progress = Progress::new("reading", file.metadata().ok().map(|file| file.len()));
    let (mut reading, mut bytes) = (Reading::default(), 0);
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let line = line.with_context(|| format!("{}, line {number}", path.display()))?;
        bytes += line.len() as u64 + 1;
        progress.at(bytes);
        if line.trim().is_empty() {
            continue;
        }
        reading.rows += 1;
        match serde_json::from_str::<Event>(&line) {
            Ok(event) => reading.take(metrics, &event)?,
            Err(error) => {
                let place = Place { input: None, line: number };
                reading.complaints.row(&place, &format!("no event: {}", reason(&error)));
            }
        }
    }
    progress.finish();
    Ok(reading)
}

/// What serde says, without the place in the line and without the value.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    text.split(", expected one of").next().unwrap_or_default().to_owned()
}

/// A column, and what is left out without it.
const COLUMNS: [(&str, &str); 13] = [
    ("contact_id", "each row is a contact of its own"),
    ("customer_id", "first contact resolution and repeat contact are left out"),
    ("channel", "nothing is told apart by channel"),
    ("queue", "service level, abandonment and waits are left out"),
    ("agent", "first response, handling and what is told apart by agent are left out"),
    ("arrived_at", "needed"),
    ("answered_at", "waits, first response and handling are left out"),
    ("ended_at", "handling, resolution and time to abandon are left out"),
    ("wrap_up_seconds", "handling counts without after-call work, which is left out"),
    ("outcome", "what has no answered_at counts as still waiting"),
    ("resolved", "resolution and first contact resolution are left out"),
    ("csat", "CSAT is left out"),
    ("nps", "NPS is left out"),
];

/// The columns that a metric cannot do without; `None` where no column of a contact can tell it.
fn needs(definition: &Definition) -> Option<&'static [&'static str]> {
    use kontak_metrics::{HandlingPart, SurveyKind};
    Some(match &definition.measure {
        Measure::QueueShare { .. } | Measure::QueueTime { .. } | Measure::QueueOutcome => {
            &["queue", "answered_at"]
        }
        Measure::Response(_) => &["agent", "answered_at"],
        Measure::Resolution(_) | Measure::Resolutions => &["resolved", "ended_at"],
        Measure::FirstContact(_) => &["customer_id", "resolved", "ended_at"],
        Measure::RepeatContact { .. } => &["customer_id"],
        Measure::Handling { parts } if parts.contains(&HandlingPart::Talk) => {
            &["agent", "answered_at", "ended_at"]
        }
        Measure::Handling { parts } if parts.contains(&HandlingPart::WrapUp) => {
            &["agent", "answered_at", "ended_at", "wrap_up_seconds"]
        }
        Measure::Survey { survey: SurveyKind::Csat } => &["csat"],
        Measure::Survey { survey: SurveyKind::Nps } => &["nps"],
        Measure::Conversations => &[],
        _ => return None,
    })
}

/// Whether contacts with these columns can tell a metric.
pub(crate) fn can_tell(definition: &Definition, columns: &[&str]) -> bool {
    needs(definition).is_some_and(|needed| needed.iter().all(|column| columns.contains(column)))
}

/// All of them.
pub(crate) fn all_columns() -> Vec<&'static str> {
    COLUMNS.iter().map(|(name, _)| *name).collect()
}

fn contacts(path: &Path, zone: Tz, metrics: &mut Metrics) -> anyhow::Result<Reading> {
    let mut table = Table::open(&[path])?;
    let named = |name: &str| {
        let is = |column: &String| column.trim().eq_ignore_ascii_case(name);
        table.columns().iter().position(is)
    };
    let columns: Vec<Option<usize>> = COLUMNS.iter().map(|(name, _)| named(name)).collect();
    if columns[5].is_none() {
        bail!("there is no column `arrived_at`; the columns are: {}", table.columns().join(", "));
    }
    let mut reading = Reading::default();
    let mut there = Vec::new();
    for ((name, without), column) in COLUMNS.iter().zip(&columns) {
        match column {
            Some(_) => there.push(*name),
            None => reading.notes.push(format!("no column `{name}`: {without}")),
        }
    }
    reading.columns = Some(there);
    let mut progress = Progress::new("reading", table.length());
    loop {
        progress.at(table.position());
        let mut complaints = std::mem::take(&mut reading.complaints);
        let contact = match table.next_row(&mut complaints)? {
            None => {
                reading.complaints = complaints;
                break;
            }
            Some(row) => {
                Reader { row, columns: &columns, zone, complaints: &mut complaints }.contact()
            }
        };
        reading.complaints = complaints;
        if let Some(mut contact) = contact {
            if contact.id.is_empty() {
                contact.id = format!("row {}", reading.rows);
            }
            reading.take_contact(metrics, &contact)?;
        }
    }
    progress.finish();
    reading.notes.extend(table.notes());
    Ok(reading)
}

struct Reader<'a> {
    row: Row<'a>,
    columns: &'a [Option<usize>],
    zone: Tz,
    complaints: &'a mut Complaints,
}

impl Reader<'_> {
    fn contact(mut self) -> Option<Contact> {
        let Some(arrived) = self.time(5) else {
            self.complaints.row(&self.row.place(), "no arrived_at that can be read");
            return None;
        };
        let mut contact = Contact {
            id: self.cell(0).to_owned(),
            customer: self.cell(1).to_owned(),
            channel: self.cell(2).to_lowercase(),
            queue: self.cell(3).to_owned(),
            agent: self.cell(4).to_owned(),
            arrived,
            answered: self.time(6),
            ended: self.time(7),
            wrap_up: self.number(8, 0..=u32::MAX).map(|seconds| TimeDelta::seconds(seconds.into())),
            outcome: self.outcome(),
            resolved: self.yes_or_no(10),
            csat: self.number(11, 1..=5).map(|score| score as u8),
            nps: self.number(12, 0..=10).map(|score| score as u8),
        };
        for (column, time) in [(6, &mut contact.answered), (7, &mut contact.ended)] {
            if time.is_some_and(|time| time < arrived) {
                *time = None;
                self.complaints.cell(&self.row.place(), COLUMNS[column].0, "before arrived_at");
            }
        }
        Some(contact)
    }

    fn cell(&self, column: usize) -> &str {
        self.columns[column].map_or("", |place| self.row.cell(place))
    }

    fn time(&mut self, column: usize) -> Option<DateTime<Utc>> {
        let text = self.cell(column).to_owned();
        if text.is_empty() {
            return None;
        }
        let read = instant(&text, DateOrder::DayFirst).map_err(|error| error.to_string());
        let read = read.and_then(|at| if has_zone(&text) { Ok(at) } else { self.local(at) });
        read.map_err(|reason| self.complaints.cell(&self.row.place(), COLUMNS[column].0, &reason))
            .ok()
    }

    /// A time without a zone is read as of the report's.
    fn local(&self, at: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
        let local = self.zone.from_local_datetime(&at.naive_utc()).earliest();
        local.map(|local| local.to_utc()).ok_or_else(|| "the clocks skipped this time".to_owned())
    }

    fn number(&mut self, column: usize, scale: RangeInclusive<u32>) -> Option<u32> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok().filter(|number| scale.contains(number));
        if number.is_none() {
            self.complaints.cell(&self.row.place(), COLUMNS[column].0, "no number of its scale");
        }
        number
    }

    fn yes_or_no(&mut self, column: usize) -> Option<bool> {
        match self.cell(column).to_lowercase().as_str() {
            "" => None,
            "1" | "true" | "yes" | "y" | "ya" | "có" => Some(true),
            "0" | "false" | "no" | "n" | "tidak" | "không" => Some(false),
            _ => {
                self.complaints.cell(&self.row.place(), COLUMNS[column].0, "neither yes nor no");
                None
            }
        }
    }

    fn outcome(&mut self) -> Option<QueueEnd> {
        match self.cell(9).to_lowercase().as_str() {
            "" => None,
            "answered" => Some(QueueEnd::Answered),
            "abandoned" => Some(QueueEnd::Abandoned),
            "callback" | "called_back" => Some(QueueEnd::CalledBack),
            "flowed_out" | "voicemail" => Some(QueueEnd::FlowedOut),
            "transferred" => Some(QueueEnd::Transferred),
            _ => {
                self.complaints.cell(&self.row.place(), "outcome", "none of the outcomes");
                None
            }
        }
    }
}

/// `...Z`, `...+07:00`, or seconds since 1970.
fn has_zone(text: &str) -> bool {
    let time = text.get(10..).unwrap_or_default();
    text.ends_with(['Z', 'z'])
        || time.contains(['+', '-'])
        || text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}
