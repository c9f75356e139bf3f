//! From the rows of a table to evidence in a graph.

use anyhow::{Context as _, bail};
use chrono::DateTime;
use kontak_address::{EmailAddress, Origin, PhoneError, PhoneParser, Region};
use kontak_examples::{Columns, Complaints, DateOrder, Progress, Role, Row, Table, instant};
use kontak_identity::{
    Batch, IdentityGraph, ObservationRef, PackedObservations, TouchpointHandle, Verification,
};
use kontak_types::{ChannelKind, TouchpointId, uuid::Uuid};
use std::fmt::Write as _;

/// How many rows are registered together.
const BLOCK: usize = 256;

/// Evidence is asserted in pieces that grow with the graph, so that each is a load.
const LEAST_LOAD: usize = 1 << 20;

/// What was read.
#[derive(Default)]
pub(crate) struct Reading {
    pub(crate) rows: u64,
    pub(crate) repeated: u64,
    pub(crate) complaints: Complaints,
    /// What the truth column says of each touchpoint, by its index.
    pub(crate) truth: Vec<Option<Box<str>>>,
}

pub(crate) struct Reader<'a> {
    pub(crate) graph: &'a mut IdentityGraph,
    pub(crate) columns: &'a Columns,
    phones: PhoneParser,
    dates: DateOrder,
    /// Rows that are read and not registered, and what the truth column says of each.
    rows: PackedObservations,
    truths: Vec<Option<Box<str>>>,
    pending: Batch,
    reading: Reading,
    words: Words,
}

/// Texts of one row that do not stand in it as they are.
#[derive(Default)]
struct Words {
    name: String,
    record: String,
    own_id: String,
}

/// Has the tables of numbering plans loaded now, which the first number that is written in words
/// would otherwise wait for.
pub(crate) fn load_tables() {
    let _ = PhoneParser::new(Origin::International).parse("+1 800 CONTACT");
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        graph: &'a mut IdentityGraph,
        columns: &'a Columns,
        region: Option<&str>,
    ) -> anyhow::Result<Self> {
        let mut phones = PhoneParser::new(Origin::Typed);
        if let Some(region) = region {
            let region: Region = region.parse().with_context(|| format!("--region {region}"))?;
            phones = phones.with_region(region);
            if let Err(error @ PhoneError::UnknownRegion { .. }) = phones.parse("0123456") {
                bail!("--region {region}: {error}");
            }
        }
        let pending = graph.batch();
        Ok(Self {
            graph,
            columns,
            phones,
            dates: DateOrder::of_region(region),
            rows: PackedObservations::new(),
            truths: Vec::new(),
            pending,
            reading: Reading::default(),
            words: Words::default(),
        })
    }

    pub(crate) fn read(mut self, table: &mut Table) -> anyhow::Result<Reading> {
        let mut progress = Progress::new("reading", table.length());
        loop {
            let position = table.position();
            let Some(row) = table.next_row(&mut self.reading.complaints)? else { break };
            self.row(&row);
            progress.at(position);
            if self.rows.len() == BLOCK {
                self.register()?;
            }
            if self.pending.len() >= LEAST_LOAD.max(self.graph.evidence_count()) {
                self.load()?;
            }
        }
        progress.finish();
        self.register()?;
        self.load()?;
        self.graph.settle();
        Ok(self.reading)
    }

    fn load(&mut self) -> anyhow::Result<()> {
        let batch = std::mem::replace(&mut self.pending, self.graph.batch());
        Ok(self.graph.load(batch)?)
    }

    fn register(&mut self) -> anyhow::Result<()> {
        let before = self.graph.touchpoint_count();
        let registered = self.graph.register_packed(&self.rows, &mut self.pending);
        let mut kept = 0;
        for (touchpoint, truth) in registered.into_iter().zip(self.truths.drain(..)) {
            if let Some(touchpoint) = touchpoint? {
                kept += 1;
                self.reading.remember_truth(touchpoint, truth);
            }
        }
        self.reading.repeated += kept - (self.graph.touchpoint_count() - before) as u64;
        self.rows.clear();
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>) {
        let number = self.reading.rows;
        self.reading.rows += 1;
        let cell = |role| self.columns.one(role).map_or("", |column| row.cell(column));
        let Words { name, record, own_id } = &mut self.words;
        self.columns.name(row, name);
        let id = match cell(Role::Id) {
            "" => written(own_id, format_args!("row {}", number + 1)),
            id => id,
        };
        let source = match cell(Role::Source) {
            "" => "table",
            source => source,
        };
        let channel = match cell(Role::Channel) {
            "" => ChannelKind::Crm,
            channel => ChannelKind::from(channel),
        };
        let seen_at = match cell(Role::SeenAt) {
            "" => DateTime::UNIX_EPOCH,
            text => instant(text, self.dates).unwrap_or_else(|bad| {
                self.reading.complaints.cell(&row.place(), "date", &bad.to_string());
                DateTime::UNIX_EPOCH
            }),
        };
        let record = written(record, format_args!("{number}"));
        let account = (&channel, source, id);
        let mut observation =
            ObservationRef::new(touchpoint_id(number), account, source, record, seen_at);
        observation.verification = verification(cell(Role::Verified));
        observation.name = (!name.is_empty()).then_some(name);
        self.rows.push(observation);
        let truth = cell(Role::Truth);
        self.truths.push((!truth.is_empty()).then(|| truth.into()));

        let columns = self.columns;
        for column in columns.of(Role::Phone) {
            for text in row.values(*column) {
                match self.phones.parse(text) {
                    Ok(phone) => self.rows.push_phone(phone.number, phone.number_type.into()),
                    Err(error) => self.several_phones(text, row, &error),
                }
            }
        }
        for column in columns.of(Role::Email) {
            for text in row.values(*column) {
                match text.parse::<EmailAddress>() {
                    Ok(address) => self.rows.push_email(&address),
                    Err(error) => {
                        self.reading.complaints.cell(&row.place(), "e-mail", &error.to_string());
                    }
                }
            }
        }
    }

    /// A cell that is not one number may hold several.
    fn several_phones(&mut self, text: &str, row: &Row<'_>, error: &PhoneError) {
        let several = self.phones.parse_all(text);
        if several.is_empty() {
            self.reading.complaints.cell(&row.place(), "phone", &error.to_string());
        }
        for phone in several {
            self.rows.push_phone(phone.number, phone.number_type.into());
        }
    }
}

impl Reading {
    fn remember_truth(&mut self, touchpoint: TouchpointHandle, entity: Option<Box<str>>) {
        if entity.is_some() {
            self.truth.resize(self.truth.len().max(touchpoint.index() + 1), None);
            self.truth[touchpoint.index()] = entity;
        }
    }
}

/// `text` in memory that is used again.
fn written<'a>(memory: &'a mut String, text: std::fmt::Arguments<'_>) -> &'a str {
    memory.clear();
    let _ = memory.write_fmt(text);
    memory
}

fn verification(text: &str) -> Verification {
    const NAMES: [(&str, Verification); 14] = [
        ("claimed", Verification::Claimed),
        ("platform_attested", Verification::PlatformAttested),
        ("platform", Verification::PlatformAttested),
        ("one_time_code", Verification::OneTimeCode),
        ("otp", Verification::OneTimeCode),
        ("signed", Verification::Signed),
        ("agent_confirmed", Verification::AgentConfirmed),
        ("agent", Verification::AgentConfirmed),
        ("true", Verification::AgentConfirmed),
        ("yes", Verification::AgentConfirmed),
        ("y", Verification::AgentConfirmed),
        ("1", Verification::AgentConfirmed),
        ("ya", Verification::AgentConfirmed),
        ("verified", Verification::AgentConfirmed),
    ];
    let named = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    named.map_or(Verification::Claimed, |(_, verification)| *verification)
}

/// Ids without chance, so that two runs over one file give the same: version 7 in form, the row
/// where time and chance would stand.
fn touchpoint_id(row: u64) -> TouchpointId {
    let row = u128::from(row);
    TouchpointId::new(Uuid::from_u128(
        (row >> 12 & 0xffff_ffff_ffff) << 80 | 7 << 76 | (row & 0xfff) << 64 | 2 << 62,
    ))
}
