use super::{Metrics, NewError};
use crate::fact::{Fact, Outcome, Reason, Share};
use crate::fold::Contact;
use crate::history::{Digest, Names, Record};
use crate::{
    Catalog, DimensionValue, Direction, Downscaling, Event, Grid, IssueId, Seconds, Summary, Tag,
};
use chrono::{DateTime, Utc};
use kontak_types::{
    AgentId, ChannelKind, ConversationId, CustomerId, Language, QueueId, TouchpointId,
};
use serde::{Deserialize, Serialize};

/// All of an engine, in one form for one state: whatever order it came about in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Snapshot {
    /// The version of this form.
    pub version: u32,
    /// What is computed.
    pub catalog: Catalog,
    /// Which cells are kept.
    pub grids: Vec<Grid>,
    /// How wide cells are once they are old.
    #[serde(default)]
    pub downscaling: Downscaling,
    /// What is too late.
    pub horizon: Option<Seconds>,
    /// The last time that was told.
    pub now: Option<DateTime<Utc>>,
    /// Events that came too late.
    pub too_late: u64,
    /// By id.
    pub conversations: Vec<ConversationRecord>,
    /// What was said of customers, by touchpoint.
    pub said: Vec<Said>,
    /// Touchpoints that were erased.
    pub erased: Vec<TouchpointId>,
}

/// A conversation in a [`Snapshot`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConversationRecord {
    /// Which.
    pub id: ConversationId,
    /// Its events while it is open, by time; where it is sealed, the late ones that are held back.
    pub events: Vec<Event>,
    /// Its facts.
    pub facts: Vec<FactRecord>,
    /// Those that depend on other contacts of the customer.
    pub joined: Vec<FactRecord>,
    /// Its labels.
    pub labels: Vec<Tag>,
    contact: ContactRecord,
    sealed: Option<(u32, String)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ContactRecord {
    start: DateTime<Utc>,
    resolved: Option<DateTime<Utc>>,
    touchpoint: Option<TouchpointId>,
    issue: Option<IssueId>,
    resolver: Option<AgentId>,
    owner: Option<AgentId>,
    channel: Option<ChannelKind>,
    language: Option<Language>,
    segment: Option<Tag>,
    direction: Option<Direction>,
    several_channels: bool,
}

/// A fact, by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FactRecord {
    /// The definition's place in the catalog.
    pub measure: u16,
    /// Whether there is a value.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// On which channel.
    pub channel: Option<ChannelKind>,
    /// In which queue.
    pub queue: Option<QueueId>,
    /// To whom it is credited.
    pub agent: Option<AgentId>,
    /// What places it in a window.
    pub at: DateTime<Utc>,
    /// Microseconds, a score, an amount; of a share 1 or 0.
    pub value: u64,
    share: Share,
}

/// A cell of a grid, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CellRecord {
    /// The grid, by its place.
    pub grid: u16,
    /// The definition's place in the catalog.
    pub measure: u16,
    /// When it begins.
    pub at: DateTime<Utc>,
    /// A value for each dimension of the grid.
    pub values: Vec<DimensionValue>,
    /// What it holds.
    pub summary: Summary,
}

/// What was said of a touchpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Said {
    /// Of which.
    pub touchpoint: TouchpointId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Under which revision.
    pub revision: u64,
}

/// A snapshot that is none of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// It is of a later version.
    #[error("a snapshot of version {0}; expected 1")]
    Version(u32),
    /// It is damaged.
    #[error("conversation {0} of the snapshot {1}")]
    Damaged(usize, &'static str),
    /// Its engine cannot be made.
    #[error(transparent)]
    New(#[from] NewError),
}

const VERSION: u32 = 1;

const NAMES: &str = "has an event or a name that an engine cannot hold";

impl Metrics {
    /// All of it.
    pub fn snapshot(&mut self) -> Snapshot {
        self.settle();
        let mut said: Vec<Said> = self.said().collect();
        said.sort_unstable();
        let mut erased: Vec<TouchpointId> = self.people.erased(&self.names).collect();
        erased.sort_unstable();
        Snapshot {
            version: VERSION,
            catalog: self.compiled.catalog.clone(),
            grids: self.grids.iter().map(|cells| cells.grid.clone()).collect(),
            downscaling: self.downscaling.clone(),
            horizon: self.horizon,
            now: self.now.map(instant),
            too_late: self.too_late,
            conversations: self.conversations().collect(),
            said,
            erased,
        }
    }

    /// The conversations, settled, by id; one after another, where a whole [`Snapshot`] would be large.
    pub fn conversations(&mut self) -> impl Iterator<Item = ConversationRecord> {
        self.settle();
        let mut order: Vec<&Record> = self.records.iter().collect();
        order.sort_unstable_by_key(|record| record.id);
        order.into_iter().map(|record| self.record(record))
    }

    /// The cells of all grids: by grid, then by measure, time and name. They follow from the conversations; here to be
    /// compared, or sent on.
    pub fn cells(&mut self) -> Vec<CellRecord> {
        let view = self.settle();
        (0..view.grids().len()).flat_map(|grid| view.cells(grid)).collect()
    }

    /// The engine that a snapshot was made of.
    ///
    /// # Errors
    ///
    /// The snapshot is of another version, or damaged.
    pub fn restore(snapshot: Snapshot) -> Result<Self, RestoreError> {
        if snapshot.version != VERSION {
            return Err(RestoreError::Version(snapshot.version));
        }
        let mut metrics = Self::new(snapshot.catalog, snapshot.grids)?;
        metrics.horizon = snapshot.horizon;
        metrics.downscaling = snapshot.downscaling;
        metrics.too_late = snapshot.too_late;
        metrics.now = snapshot.now.map(|now| now.timestamp_micros());
        for touchpoint in snapshot.erased {
            metrics.erase(touchpoint);
        }
        for said in snapshot.said {
            metrics.identify(said.touchpoint, said.customer, said.revision);
        }
        for (at, record) in snapshot.conversations.into_iter().enumerate() {
            metrics.restore_record(record).map_err(|what| RestoreError::Damaged(at, what))?;
        }
        metrics.settle();
        Ok(metrics)
    }

    pub(super) fn said(&self) -> impl Iterator<Item = Said> {
        let said = self.people.said(&self.names);
        said.map(|(touchpoint, customer, revision)| Said { touchpoint, customer, revision })
    }

    fn record(&self, record: &Record) -> ConversationRecord {
        let names = &self.names;
        let held = match record.sealed {
            Some(_) => self.withheld.get(&record.id).map_or(&[][..], Vec::as_slice),
            None => &record.events,
        };
        let facts = |facts: &[Fact]| {
            let mut facts: Vec<_> = facts.iter().map(|fact| FactRecord::new(fact, names)).collect();
            facts.sort_unstable();
            facts
        };
        let tag = |label: u16| names.tags.name(label.into()).cloned();
        let mut labels: Vec<Tag> = record.labels.iter().filter_map(|label| tag(*label)).collect();
        labels.sort_unstable();
        let mut events: Vec<Event> =
            held.iter().map(|event| event.event(record.id, names)).collect();
        if record.sealed.is_some() {
            events.sort_unstable();
            events.dedup();
        }
        ConversationRecord {
            id: record.id,
            events,
            facts: facts(&record.facts),
            joined: facts(&record.joined),
            labels,
            contact: ContactRecord::new(&record.contact, names),
            sealed: record.sealed.map(|digest| (digest.count, digest.sum.to_string())),
        }
    }

    pub(super) fn restore_record(
        &mut self,
        record: ConversationRecord,
    ) -> Result<(), &'static str> {
        let place = self.new_record(record.id);
        let mut events = Vec::with_capacity(record.events.len());
        for event in &record.events {
            events.push(self.store(event).map_err(|_| NAMES)?);
        }
        let Some((count, sum)) = record.sealed else {
            self.records[place as usize].events = events;
            self.mark(place);
            return Ok(());
        };
        let sum = sum.parse().map_err(|_| "has no digest of its events")?;
        if !events.is_empty() {
            self.withheld.insert(record.id, events);
        }
        let contact = record.contact.contact(&mut self.names).map_err(|_| NAMES)?;
        let mut labels = Vec::with_capacity(record.labels.len());
        for label in &record.labels {
            labels.push(self.names.tag(label).map_err(|_| NAMES)?);
        }
        labels.sort_unstable();
        let mut facts = Vec::with_capacity(record.facts.len());
        for fact in &record.facts {
            if usize::from(fact.measure) >= self.catalog().definitions().len() {
                return Err("has a fact of a definition that is not in the catalog");
            }
            facts.push(fact.fact(&mut self.names).map_err(|_| NAMES)?);
        }
        facts.sort_unstable();
        for fact in &facts {
            self.grids.iter_mut().for_each(|grid| grid.assert(fact, &contact, &labels));
        }
        let held = &mut self.records[place as usize];
        (held.contact, held.sealed) = (contact, Some(Digest { count, sum }));
        (held.facts, held.labels) = (facts.into(), labels.into());
        self.belongs(place);
        Ok(())
    }
}

impl FactRecord {
    pub(crate) fn new(fact: &Fact, names: &Names) -> Self {
        Self {
            measure: fact.measure,
            outcome: fact.outcome,
            reason: fact.reason,
            channel: names.channels.name(fact.channel.into()).cloned(),
            queue: names.queues.name(fact.queue).copied(),
            agent: names.agents.name(fact.agent).copied(),
            at: instant(fact.at),
            value: fact.value,
            share: fact.share,
        }
    }

    fn fact(&self, names: &mut Names) -> Result<Fact, crate::history::TooMany> {
        Ok(Fact {
            measure: self.measure,
            outcome: self.outcome,
            share: self.share,
            reason: self.reason,
            channel: self.channel.as_ref().map_or(Ok(0), |channel| names.channel(channel))?,
            queue: self.queue.as_ref().map_or(0, |queue| names.queues.add(queue)),
            agent: self.agent.as_ref().map_or(0, |agent| names.agents.add(agent)),
            at: self.at.timestamp_micros(),
            value: self.value,
        })
    }
}

impl ContactRecord {
    fn new(contact: &Contact, names: &Names) -> Self {
        Self {
            start: instant(contact.start),
            resolved: contact.resolved.map(instant),
            touchpoint: names.touchpoints.name(contact.touchpoint).copied(),
            issue: names.issues.name(contact.issue).copied(),
            resolver: names.agents.name(contact.resolver).copied(),
            owner: names.agents.name(contact.owner).copied(),
            channel: names.channels.name(contact.channel.into()).cloned(),
            language: names.languages.name(contact.language.into()).cloned(),
            segment: names.tags.name(contact.segment.into()).cloned(),
            direction: contact.direction,
            several_channels: contact.several_channels,
        }
    }

    fn contact(&self, names: &mut Names) -> Result<Contact, crate::history::TooMany> {
        Ok(Contact {
            start: self.start.timestamp_micros(),
            resolved: self.resolved.map(|resolved| resolved.timestamp_micros()),
            touchpoint: self.touchpoint.as_ref().map_or(0, |it| names.touchpoints.add(it)),
            issue: self.issue.as_ref().map_or(0, |it| names.issues.add(it)),
            resolver: self.resolver.as_ref().map_or(0, |it| names.agents.add(it)),
            owner: self.owner.as_ref().map_or(0, |it| names.agents.add(it)),
            channel: self.channel.as_ref().map_or(Ok(0), |it| names.channel(it))?,
            language: self.language.as_ref().map_or(Ok(0), |it| names.language(it))?,
            segment: self.segment.as_ref().map_or(Ok(0), |it| names.tag(it))?,
            direction: self.direction,
            several_channels: self.several_channels,
        })
    }
}

pub(crate) fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}
