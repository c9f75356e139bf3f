use super::shelf::Kept;
use super::{Metrics, NewError};
use crate::cells::{MOST_DIMENSIONS, Place};
use crate::fact::{Fact, Outcome, Reason, Share};
use crate::fold::{Contact, Journey, Step};
use crate::history::{Digest, Names, Record, Stored};
use crate::{
    Catalog, DimensionValue, Direction, Downscaling, Event, Grid, InteractionState, IssueId,
    Seconds, Summary, Tag, View,
};
use chrono::{DateTime, Utc};
use kontak_types::{
    AgentId, ChannelKind, ConversationId, CustomerId, Language, QueueId, TouchpointId,
};
use serde::ser::SerializeStruct as _;
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
    /// What stays of conversations that are evicted, by id.
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

/// A snapshot that is none of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// It is of a later version.
    #[error("a snapshot of version {0}; expected 1 or 2")]
    Version(u32),
    /// It is damaged.
    #[error("conversation {0} of the snapshot {1}")]
    Damaged(usize, &'static str),
    /// A cell of it is of no grid, or of a definition that is not in the catalog.
    #[error("a cell of the snapshot is of no grid or no definition of it")]
    Cell,
    /// Its engine cannot be made.
    #[error(transparent)]
    New(#[from] NewError),
}

const VERSION: u32 = 2;

const NAMES: &str = "has an event or a name that an engine cannot hold";

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
            evicted: self.evicted_records(&self.shelved()).collect(),
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

    /// By id, and whose.
    fn shelved(&self) -> Vec<(ConversationId, u32)> {
        let mut shelved: Vec<_> =
            self.shelf.all().map(|kept| (kept.id, kept.contact.touchpoint)).collect();
        shelved.sort_unstable();
        shelved
    }

    fn evicted_records<'a>(
        &'a self,
        shelved: &'a [(ConversationId, u32)],
    ) -> impl ExactSizeIterator<Item = EvictedRecord> + 'a {
        shelved.iter().map(|(id, touchpoint)| {
            let kept = self.shelf.of(*touchpoint).find(|kept| kept.id == *id);
            self.evicted_record(kept.expect("it is on the shelf"))
        })
    }

    fn evicted_record(&self, kept: Kept) -> EvictedRecord {
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

    fn records_in_order(&self) -> impl ExactSizeIterator<Item = ConversationRecord> {
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

    /// The engine that a snapshot was made of.
    ///
    /// # Errors
    ///
    /// The snapshot is of another version, or damaged.
    pub fn restore(snapshot: Snapshot) -> Result<Self, RestoreError> {
        if !(1..=VERSION).contains(&snapshot.version) {
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
        let has_cells = !snapshot.evicted.is_empty();
        for (at, record) in snapshot.conversations.into_iter().enumerate() {
            let restored = metrics.restore_record(record, has_cells);
            restored.map_err(|what| RestoreError::Damaged(at, what))?;
        }
        for (at, record) in snapshot.evicted.into_iter().enumerate() {
            metrics.restore_evicted(record).map_err(|what| RestoreError::Damaged(at, what))?;
        }
        for cell in snapshot.cells {
            metrics.restore_cell(cell).ok_or(RestoreError::Cell)?;
        }
        metrics.settle();
        Ok(metrics)
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

    /// Where cells come with it, its facts are in them already.
    fn restore_record(
        &mut self,
        record: ConversationRecord,
        has_cells: bool,
    ) -> Result<(), &'static str> {
        let place = self.new_record(record.id);
        let events = self.stored(&record.events)?;
        let sealed = match record.sealed {
            Some((count, sum)) => {
                Some(Digest { count, sum: sum.parse().map_err(|_| "has no digest of its events")? })
            }
            None if has_cells => None,
            None => {
                self.records[place as usize].events = events;
                self.mark(place);
                return Ok(());
            }
        };
        let contact = record.contact.contact(&mut self.names).map_err(|_| NAMES)?;
        let journey = record.contact.journey(&mut self.names).map_err(|_| NAMES)?;
        let journey = self.journeys.replace(0, &journey);
        let labels = self.labels(&record.labels)?;
        let facts = self.facts(&record.facts)?;
        let joined = if has_cells { self.facts(&record.joined)? } else { Box::default() };
        if !has_cells {
            for fact in &facts {
                self.grids.iter_mut().for_each(|grid| grid.assert(fact, &contact, &labels));
            }
        }
        let events = match sealed {
            Some(_) if !events.is_empty() => {
                self.withheld.insert(record.id, events);
                Vec::new()
            }
            _ => events,
        };
        let held = &mut self.records[place as usize];
        *held = Record {
            events,
            facts,
            joined,
            contact,
            journey,
            labels,
            sealed,
            ..Record::new(record.id)
        };
        self.belongs(place);
        Ok(())
    }

    fn restore_evicted(&mut self, record: EvictedRecord) -> Result<(), &'static str> {
        let late = self.stored(&record.late)?;
        if !late.is_empty() {
            self.withheld.insert(record.id, late);
        }
        let (count, sum) = record.sealed;
        let sum = sum.parse().map_err(|_| "has no digest of its events")?;
        let (first, last) = record.span;
        let contact = record.contact.contact(&mut self.names).map_err(|_| NAMES)?;
        let journey = record.contact.journey(&mut self.names).map_err(|_| NAMES)?;
        let kept = Kept {
            id: record.id,
            contact,
            journey,
            labels: self.labels(&record.labels)?,
            joined: self.facts(&record.joined)?,
            deadline: None,
            span: (first.timestamp_micros(), last.timestamp_micros()),
            is_open: record.is_open,
            digest: Digest { count, sum },
        };
        self.people.know(kept.contact.touchpoint, &self.names);
        self.shelf.put(kept);
        Ok(())
    }

    fn restore_cell(&mut self, cell: CellRecord) -> Option<()> {
        let definitions = self.compiled.catalog.definitions().len();
        let grid = self.grids.get(usize::from(cell.grid))?.grid.clone();
        if usize::from(cell.measure) >= definitions || cell.values.len() != grid.dimensions().len()
        {
            return None;
        }
        let mut values = [0; MOST_DIMENSIONS];
        for ((place, value), dimension) in
            values.iter_mut().zip(&cell.values).zip(grid.dimensions())
        {
            *place = dimension.place(value, &mut self.names)?;
        }
        let cells = &mut self.grids[usize::from(cell.grid)];
        let bucket = cell.at.timestamp_micros().div_euclid(grid.micros());
        let bucket = i32::try_from(bucket).ok()?;
        cells.add(Place { measure: cell.measure, bucket, values }, &cell.summary);
        Some(())
    }

    fn stored(&mut self, events: &[Event]) -> Result<Vec<Stored>, &'static str> {
        events.iter().map(|event| self.store(event).map_err(|_| NAMES)).collect()
    }

    fn labels(&mut self, labels: &[Tag]) -> Result<Box<[u16]>, &'static str> {
        let labels = labels.iter().map(|label| self.names.tag(label).map_err(|_| NAMES));
        let mut labels: Vec<u16> = labels.collect::<Result<_, _>>()?;
        labels.sort_unstable();
        Ok(labels.into())
    }

    fn facts(&mut self, records: &[FactRecord]) -> Result<Box<[Fact]>, &'static str> {
        let mut facts = Vec::with_capacity(records.len());
        for fact in records {
            if usize::from(fact.measure) >= self.catalog().definitions().len() {
                return Err("has a fact of a definition that is not in the catalog");
            }
            facts.push(fact.fact(&mut self.names).map_err(|_| NAMES)?);
        }
        facts.sort_unstable();
        Ok(facts.into())
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
        written.serialize_field("conversations", &Each(|| metrics.records_in_order()))?;
        written.serialize_field("said", &metrics.said_in_order())?;
        written.serialize_field("erased", &metrics.erased_in_order())?;
        let shelved = metrics.shelved();
        written.serialize_field("evicted", &Each(|| metrics.evicted_records(&shelved)))?;
        written.serialize_field("cells", &metrics.cells_to_keep())?;
        written.end()
    }
}

struct Each<F>(F);

impl<F: Fn() -> I, I: ExactSizeIterator<Item: Serialize>> Serialize for Each<F> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
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

    fn journey(&self, names: &mut Names) -> Result<Journey, crate::history::TooMany> {
        let steps = self.steps.iter().map(|step| step.step(names)).collect::<Result<_, _>>()?;
        let purchases = self.purchases.iter();
        let purchases = purchases.map(|(at, amount)| (at.timestamp_micros(), *amount)).collect();
        Ok(Journey { steps, purchases })
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

    fn step(&self, names: &mut Names) -> Result<Step, crate::history::TooMany> {
        Ok(Step {
            at: self.at.timestamp_micros(),
            state: self.state,
            agent: self.agent.as_ref().map_or(0, |agent| names.agents.add(agent)),
            queue: self.queue.as_ref().map_or(0, |queue| names.queues.add(queue)),
            channel: self.channel.as_ref().map_or(Ok(0), |channel| names.channel(channel))?,
        })
    }
}

pub(crate) fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}
