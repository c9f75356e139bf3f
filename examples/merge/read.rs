//! From the rows of a table to evidence in a graph.

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use kontak_address::{EmailAddress, Origin, ParsedPhone, PhoneError, PhoneParser, Region};
use kontak_examples::{Columns, Complaints, DateOrder, Progress, Role, Row, Table, instant};
use kontak_identity::{
    Assertion, IdentifierClass, IdentifierHandle, IdentityGraph, NameHandle, RecordHandle,
    SourceHandle, TouchpointHandle, Verification,
};
use kontak_types::{ChannelKind, TouchpointId, uuid::Uuid};

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
    pending: Vec<Assertion>,
    reading: Reading,
    name: String,
}

/// What one row says besides its values.
struct Fact {
    touchpoint: TouchpointHandle,
    source: SourceHandle,
    record: RecordHandle,
    seen_at: DateTime<Utc>,
    verification: Verification,
    name: Option<NameHandle>,
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
        Ok(Self {
            graph,
            columns,
            phones,
            dates: DateOrder::of_region(region),
            pending: Vec::new(),
            reading: Reading::default(),
            name: String::new(),
        })
    }

    pub(crate) fn read(mut self, table: &mut Table) -> anyhow::Result<Reading> {
        let mut progress = Progress::new("reading", table.length());
        loop {
            let position = table.position();
            let Some(row) = table.next_row(&mut self.reading.complaints)? else { break };
            self.row(&row)?;
            progress.at(position);
            if self.pending.len() >= LEAST_LOAD.max(self.graph.evidence_count()) {
                self.load()?;
            }
        }
        progress.finish();
        self.load()?;
        self.graph.settle();
        Ok(self.reading)
    }

    fn load(&mut self) -> anyhow::Result<()> {
        self.graph.assert(&self.pending)?;
        self.pending.clear();
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>) -> anyhow::Result<()> {
        let number = self.reading.rows;
        self.reading.rows += 1;
        let cell = |role| self.columns.one(role).map_or("", |column| row.cell(column));
        let own_number;
        let id = match cell(Role::Id) {
            "" => {
                own_number = format!("row {}", number + 1);
                &own_number
            }
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
        let verification = verification(cell(Role::Verified));
        let (before, key) = (self.graph.touchpoint_count(), (&channel, source, id));
        let Some(touchpoint) = self.graph.touchpoint_in(touchpoint_id(number), key, seen_at)?
        else {
            return Ok(());
        };
        self.reading.repeated += u64::from(self.graph.touchpoint_count() == before);
        self.remember_truth(touchpoint, cell(Role::Truth));

        let mut name = std::mem::take(&mut self.name);
        self.columns.name(row, &mut name);
        let fact = Fact {
            touchpoint,
            source: self.graph.source(source)?,
            record: match RecordHandle::number(number) {
                Some(record) => record,
                None => self.graph.record(id)?,
            },
            seen_at,
            verification,
            name: if name.is_empty() { None } else { Some(self.graph.name(&name)?) },
        };
        self.name = name;
        let columns = self.columns;
        for column in columns.of(Role::Phone) {
            for text in row.values(*column) {
                match self.phones.parse(text) {
                    Ok(phone) => self.phone(&fact, &phone)?,
                    Err(error) => self.several_phones(&fact, text, row, &error.to_string())?,
                }
            }
        }
        for column in columns.of(Role::Email) {
            for text in row.values(*column) {
                match text.parse::<EmailAddress>() {
                    Ok(address) => self.email(&fact, &address)?,
                    Err(error) => {
                        self.reading.complaints.cell(&row.place(), "e-mail", &error.to_string());
                    }
                }
            }
        }
        Ok(())
    }

    fn remember_truth(&mut self, touchpoint: TouchpointHandle, entity: &str) {
        if !entity.is_empty() {
            let truth = &mut self.reading.truth;
            truth.resize(truth.len().max(touchpoint.index() + 1), None);
            truth[touchpoint.index()] = Some(entity.into());
        }
    }

    /// A cell that is not one number may hold several.
    fn several_phones(
        &mut self,
        fact: &Fact,
        text: &str,
        row: &Row<'_>,
        error: &str,
    ) -> anyhow::Result<()> {
        let several = self.phones.parse_all(text);
        if several.is_empty() {
            self.reading.complaints.cell(&row.place(), "phone", error);
        }
        several.iter().try_for_each(|phone| self.phone(fact, phone))
    }

    fn phone(&mut self, fact: &Fact, phone: &ParsedPhone) -> anyhow::Result<()> {
        let class = phone.number_type.into();
        let value = self.graph.phone(phone.number)?;
        self.push(fact, value, class, false);
        let line = phone.number.line_key();
        if line.digits() != phone.number.digits() {
            let value = self.graph.line(line)?;
            self.push(fact, value, class, true);
        }
        Ok(())
    }

    fn email(&mut self, fact: &Fact, address: &EmailAddress) -> anyhow::Result<()> {
        let class = address.kind().into();
        let value = self.graph.email(address.exact_key())?;
        self.push(fact, value, class, false);
        if address.canonical_key() != address.exact_key() {
            let value = self.graph.email(address.canonical_key())?;
            self.push(fact, value, class, true);
        }
        Ok(())
    }

    fn push(&mut self, fact: &Fact, value: IdentifierHandle, class: IdentifierClass, weaker: bool) {
        let mut assertion =
            Assertion::new(fact.touchpoint, value, fact.source, fact.record, fact.seen_at);
        assertion.verification = fact.verification;
        assertion.name = fact.name;
        assertion.class = class;
        assertion.weaker = weaker;
        self.pending.push(assertion);
    }
}

fn verification(text: &str) -> Verification {
    match text.to_ascii_lowercase().as_str() {
        "one_time_code" | "otp" => Verification::OneTimeCode,
        "platform_attested" | "platform" => Verification::PlatformAttested,
        "signed" => Verification::Signed,
        "agent_confirmed" | "agent" | "true" | "yes" | "y" | "1" | "ya" | "verified" => {
            Verification::AgentConfirmed
        }
        _ => Verification::Claimed,
    }
}

/// Ids without chance, so that two runs over one file give the same: version 7 in form, the row
/// where time and chance would stand.
fn touchpoint_id(row: u64) -> TouchpointId {
    let row = u128::from(row);
    TouchpointId::new(Uuid::from_u128(
        (row >> 12 & 0xffff_ffff_ffff) << 80 | 7 << 76 | (row & 0xfff) << 64 | 2 << 62,
    ))
}
