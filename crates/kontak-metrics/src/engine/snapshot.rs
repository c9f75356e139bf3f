mod restore;

pub use restore::RestoreError;

use super::Metrics;
use super::shelf::Kept;
use crate::fact::{Fact, Outcome, Reason, Share};
use crate::fold::{Contact, Journey, Step};
use crate::history::{Names, Record};
use crate::{
    Catalog, DimensionValue, Direction, Downscaling, Event, Grid, InteractionState, IssueId,
    Seconds, Summary, Tag, View,
};
use chrono::{DateTime, Utc};
use kontak_types::{
    AgentId, ChannelKind, ConversationId, CustomerId, Language, QueueId, TouchpointId,
};
use serde::ser::{SerializeSeq as _, SerializeStruct as _};
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
    /// What stays of conversations that are evicted, by account and id.
    #[serde(default)]
    pub evicted: Vec<EvictedRecord>,
    /// The cells of all grids where a conversation is evicted; otherwise they follow from the conversations.
    #[serde(default)]
    pub cells: Vec<CellRecord>,
}

/// What stays of an evicted conversation, in a [`Snapshot`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EvictedRecord {
    /// Which.
    pub id: ConversationId,
    /// Its labels.
    pub labels: Vec<Tag>,
    contact: ContactRecord,
    joined: Vec<FactRecord>,
    span: (DateTime<Utc>, DateTime<Utc>),
    is_open: bool,
    sealed: (u32, String),
    /// Late events that are held back.
    late: Vec<Event>,
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
    #[serde(default)]
    steps: Vec<StepRecord>,
    #[serde(default)]
    purchases: Vec<(DateTime<Utc>, u64)>,
}

/// Where a conversation stood from an instant on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepRecord {
    at: DateTime<Utc>,
    state: InteractionState,
    agent: Option<AgentId>,
    queue: Option<QueueId>,
    channel: Option<ChannelKind>,
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

const VERSION: u32 = 2;

impl Metrics {
    /// All of it.
    pub fn snapshot(&mut self) -> Snapshot {
        self.settle();
        Snapshot {
            version: VERSION,
            catalog: self.compiled.catalog.clone(),
            grids: self.grids.iter().map(|cells| cells.grid.clone()).collect(),
            downscaling: self.downscaling.clone(),
            horizon: self.horizon,
            now: self.now.map(instant),
            too_late: self.too_late,
            conversations: self.conversations().collect(),
            said: self.said_in_order(),
            erased: self.erased_in_order(),
            evicted: self.evicted_records().collect(),
            cells: self.cells_to_keep(),
        }
    }

    /// What [`snapshot`](Self::snapshot) gives, made record by record as it is serialized: to the same bytes, without a
    /// second copy of all in memory.
    ///
    /// ```
    /// # use kontak_metrics::{Catalog, Grid, Metrics, Preset};
    /// let mut metrics = Metrics::new(Catalog::of([Preset::Kontak])?, Grid::usual())?;
    /// let whole = serde_json::to_string(&metrics.snapshot())?;
    /// assert_eq!(serde_json::to_string(&metrics.snapshot_view())?, whole);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn snapshot_view(&mut self) -> impl Serialize + '_ {
        self.settle();
        SnapshotView(self)
    }

    fn said_in_order(&self) -> Vec<Said> {
        let mut said: Vec<Said> = self.said().collect();
        said.sort_unstable();
        said
    }

    fn erased_in_order(&self) -> Vec<TouchpointId> {
        let mut erased: Vec<TouchpointId> = self.people.erased(&self.names).collect();
        erased.sort_unstable();
        erased
    }

    fn cells_to_keep(&self) -> Vec<CellRecord> {
        if self.shelf.len() == 0 { Vec::new() } else { self.all_cells() }
    }

    fn evicted_records(&self) -> impl Iterator<Item = EvictedRecord> {
        let accounts = self.shelf.accounts();
        let mut accounts: Vec<(Option<&TouchpointId>, u32)> =
            accounts.map(|number| (self.names.touchpoints.name(number), number)).collect();
        accounts.sort_unstable();
        let kept = accounts.into_iter().flat_map(|(_, number)| self.shelf.of(number));
        kept.map(|kept| self.evicted_record(&kept))
    }

    fn evicted_record(&self, kept: &Kept) -> EvictedRecord {
        EvictedRecord {
            id: kept.id,
            labels: self.label_names(&kept.labels),
            contact: ContactRecord::new(&kept.contact, &kept.journey, &self.names),
            joined: self.fact_records(&kept.joined),
            span: (instant(kept.span.0), instant(kept.span.1)),
            is_open: kept.is_open,
            sealed: (kept.digest.count, kept.digest.sum.to_string()),
            late: self.late(kept.id),
        }
    }

    fn fact_records(&self, facts: &[Fact]) -> Vec<FactRecord> {
        let records = facts.iter().map(|fact| FactRecord::new(fact, &self.names));
        let mut records: Vec<FactRecord> = records.collect();
        records.sort_unstable();
        records
    }

    fn label_names(&self, labels: &[u16]) -> Vec<Tag> {
        let tag = |label: &u16| self.names.tags.name((*label).into()).cloned();
        let mut labels: Vec<Tag> = labels.iter().filter_map(tag).collect();
        labels.sort_unstable();
        labels
    }

    /// The events that are held back, each once.
    fn late(&self, id: ConversationId) -> Vec<Event> {
        let held = self.withheld.get(&id).map_or(&[][..], Vec::as_slice);
        let mut late: Vec<Event> = held.iter().map(|event| event.event(id, &self.names)).collect();
        late.sort_unstable();
        late.dedup();
        late
    }

    /// The conversations, settled, by id; one after another, where a whole [`Snapshot`] would be large.
    pub fn conversations(&mut self) -> impl Iterator<Item = ConversationRecord> {
        self.settle();
        self.records_in_order()
    }

    fn records_in_order(&self) -> impl Iterator<Item = ConversationRecord> {
        let mut order: Vec<&Record> = self.records.iter().collect();
        order.sort_unstable_by_key(|record| record.id);
        order.into_iter().map(|record| self.record(record))
    }

    /// The cells of all grids: by grid, then by measure, time and name. They follow from the conversations; here to be
    /// compared, or sent on.
    pub fn cells(&mut self) -> Vec<CellRecord> {
        self.settle();
        self.all_cells()
    }

    fn all_cells(&self) -> Vec<CellRecord> {
        let view = View::new(self);
        (0..self.grids.len()).flat_map(|grid| view.cells(grid)).collect()
    }

    pub(super) fn said(&self) -> impl Iterator<Item = Said> {
        let said = self.people.said(&self.names);
        said.map(|(touchpoint, customer, revision)| Said { touchpoint, customer, revision })
    }

    fn record(&self, record: &Record) -> ConversationRecord {
        let events = match record.sealed {
            Some(_) => self.late(record.id),
            None => {
                let events = record.events.iter();
                events.map(|event| event.event(record.id, &self.names)).collect()
            }
        };
        ConversationRecord {
            id: record.id,
            events,
            facts: self.fact_records(&record.facts),
            joined: self.fact_records(&record.joined),
            labels: self.label_names(&record.labels),
            contact: ContactRecord::new(
                &record.contact,
                self.journeys.get(record.journey),
                &self.names,
            ),
            sealed: record.sealed.map(|digest| (digest.count, digest.sum.to_string())),
        }
    }
}

/// A [`Snapshot`] that is made as it is written.
struct SnapshotView<'a>(&'a Metrics);

impl Serialize for SnapshotView<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(metrics) = self;
        let mut written = serializer.serialize_struct("Snapshot", 12)?;
        written.serialize_field("version", &VERSION)?;
        written.serialize_field("catalog", &metrics.compiled.catalog)?;
        let grids: Vec<&Grid> = metrics.grids.iter().map(|cells| &cells.grid).collect();
        written.serialize_field("grids", &grids)?;
        written.serialize_field("downscaling", &metrics.downscaling)?;
        written.serialize_field("horizon", &metrics.horizon)?;
        written.serialize_field("now", &metrics.now.map(instant))?;
        written.serialize_field("too_late", &metrics.too_late)?;
        written.serialize_field(
            "conversations",
            &Each(metrics.records.len(), || metrics.records_in_order()),
        )?;
        written.serialize_field("said", &metrics.said_in_order())?;
        written.serialize_field("erased", &metrics.erased_in_order())?;
        let evicted = Each(metrics.shelf.len(), || metrics.evicted_records());
        written.serialize_field("evicted", &evicted)?;
        written.serialize_field("cells", &metrics.cells_to_keep())?;
        written.end()
    }
}

/// So many of them, one after another.
struct Each<F>(usize, F);

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for Each<F> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut written = serializer.serialize_seq(Some(self.0))?;
        for one in (self.1)() {
            written.serialize_element(&one)?;
        }
        written.end()
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
}

impl ContactRecord {
    fn new(contact: &Contact, journey: &Journey, names: &Names) -> Self {
        let Journey { steps, purchases } = journey;
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
            steps: steps.iter().map(|step| StepRecord::new(step, names)).collect(),
            purchases: purchases.iter().map(|(at, amount)| (instant(*at), *amount)).collect(),
        }
    }
}

impl StepRecord {
    fn new(step: &Step, names: &Names) -> Self {
        Self {
            at: instant(step.at),
            state: step.state,
            agent: names.agents.name(step.agent).copied(),
            queue: names.queues.name(step.queue).copied(),
            channel: names.channels.name(step.channel.into()).cloned(),
        }
    }
}

pub(crate) fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}
