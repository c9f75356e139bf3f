//! The engine of one tenant.

mod evict;
mod merge;
mod people;
mod seal;
mod settle;
mod shelf;
mod snapshot;

use crate::cells::GridCells;
use crate::definition::Compiled;
use crate::fact::{Fact, Reason};
use crate::fold::{Contact, Credit, Fold, Journeys};
use crate::history::{Names, Record, Stored, TooMany};
use crate::{Catalog, Downscaling, Event, Grid, Seconds};
use chrono::{DateTime, Utc};
use hashbrown::HashMap;
use kontak_types::{ConversationId, CustomerId, TouchpointId};
use people::People;
use shelf::Shelf;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

pub(crate) use evict::AboutKept;
pub use evict::BringBackError;
pub use merge::MergeError;
pub use seal::{HistoryError, Supplied};
pub use settle::Change;
pub(crate) use snapshot::instant;
pub use snapshot::{
    CellRecord, ConversationRecord, EvictedRecord, FactRecord, RestoreError, Said, Snapshot,
};

/// The metrics of one tenant: events in, numbers out.
///
/// It has no clock and does no I/O. Events are taken in with [`ingest`](Self::ingest), in any order and as often as
/// they come; [`settle`](Self::settle) brings the numbers up to them and gives a [`View`](crate::View) to ask. The
/// numbers are a function of the set of events, of what was said of customers, and of the last
/// [`advance`](Self::advance): nothing else, and no order, plays a part.
///
/// ```
/// use kontak_metrics::{Catalog, Event, EventId, EventKind, Grid, Ingested, Metrics, Preset, QueueEnd};
/// use kontak_types::{ConversationId, QueueId};
/// use uuid::Uuid;
///
/// let mut metrics = Metrics::new(Catalog::of([Preset::Kontak])?, Grid::usual())?;
/// let (call, queue) = (ConversationId::new(Uuid::from_u128(1)), QueueId::new(Uuid::from_u128(2)));
/// let left = EventKind::Dequeued { queue, end: QueueEnd::Answered, agent: None };
/// let left = Event::new(call, EventId::new(Uuid::from_u128(11)), "2026-03-02T09:00:12Z".parse()?, left);
/// let came = EventKind::Enqueued { queue };
/// let came = Event::new(call, EventId::new(Uuid::from_u128(10)), "2026-03-02T09:00:00Z".parse()?, came);
/// for event in [&left, &came, &left] {
///     assert_eq!(metrics.ingest(event)?, Ingested::Taken);
/// }
/// let view = metrics.settle();
/// let waited = view.summary("kontak.speed_of_answer", &view.all_time(), &Default::default())?;
/// assert_eq!((waited.values.count(), waited.values.sum()), (1, 12_000_000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Metrics {
    pub(crate) names: Names,
    pub(crate) compiled: Compiled,
    pub(crate) records: Vec<Record>,
    pub(crate) places: HashMap<ConversationId, u32>,
    pub(crate) grids: Vec<GridCells>,
    pub(crate) now: Option<i64>,
    /// Late events of sealed conversations, until their history is supplied.
    pub(crate) withheld: BTreeMap<ConversationId, Vec<Stored>>,
    pub(crate) too_late: u64,
    horizon: Option<Seconds>,
    downscaling: Downscaling,
    /// The conversations that wait in a queue.
    pub(crate) waiting: BTreeSet<u32>,
    people: People,
    /// What stays of those that are evicted.
    pub(crate) shelf: Shelf,
    dirty: Vec<u32>,
    /// Contacts of nobody known, to be looked at when settling.
    nobodys: Vec<u32>,
    /// When time alone may change what a contact says.
    deadlines: BinaryHeap<Reverse<Due>>,
    duplicates: u64,
    fold: Fold,
    /// Facts of one contact after another.
    joined: Vec<Fact>,
    /// The contacts of one customer after another: where they are, and themselves.
    beside: (Vec<u32>, Vec<Contact>),
    /// Where their journeys are, and what is credited to them.
    credits: (Vec<u32>, Vec<Credit>),
    journeys: Journeys,
}

/// Whose contacts are looked at again, and when; of a contact of nobody known, where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: i64,
    touchpoint: u32,
    place: u32,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Ingested {
    /// It is taken into account at the next [`Metrics::settle`].
    Taken,
    /// Its conversation is sealed or evicted. The event is held back, and the numbers stay as they are, until
    /// [`Metrics::supply`] brings the history of the conversation, or [`Metrics::bring_back`] itself.
    NeedsHistory,
    /// It is older than the horizon and its conversation is sealed or unknown. It is counted.
    TooLate,
}

/// An event that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// There are more different names than an engine has room for.
    #[error("more than 65,534 different {0}")]
    TooMany(&'static str),
    /// It happened at no time that can be counted.
    #[error("an event of the year {0}; expected 1900 to 9999")]
    Year(i32),
}

/// An engine that cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NewError {
    /// More grids than are of use.
    #[error("{0} grids; at most 16")]
    Grids(usize),
}

const MOST_GRIDS: usize = 16;

/// 1900-01-01 and 10000-01-01 in microseconds.
const YEARS: (i64, i64) = (-2_208_988_800_000_000, 253_402_300_800_000_000);

/// Whether a conversation waits in a queue, or at an agent.
fn waits(facts: &[Fact]) -> bool {
    facts.iter().any(|fact| fact.reason == Reason::StillWaiting)
}

pub(crate) fn check_year(at: DateTime<Utc>) -> Result<(), IngestError> {
    match (YEARS.0..YEARS.1).contains(&at.timestamp_micros()) {
        true => Ok(()),
        false => Err(IngestError::Year(chrono::Datelike::year(&at))),
    }
}

impl Metrics {
    /// An empty engine that computes `catalog` and keeps `grids`.
    ///
    /// # Errors
    ///
    /// There are more than 16 grids.
    pub fn new(catalog: Catalog, grids: Vec<Grid>) -> Result<Self, NewError> {
        if grids.len() > MOST_GRIDS {
            return Err(NewError::Grids(grids.len()));
        }
        let mut names = Names::default();
        Ok(Self {
            compiled: Compiled::new(catalog, &mut names),
            names,
            records: Vec::new(),
            places: HashMap::default(),
            grids: grids.into_iter().map(GridCells::new).collect(),
            now: None,
            withheld: BTreeMap::new(),
            too_late: 0,
            horizon: None,
            downscaling: Downscaling::default(),
            waiting: BTreeSet::new(),
            people: People::default(),
            shelf: Shelf::default(),
            dirty: Vec::new(),
            nobodys: Vec::new(),
            deadlines: BinaryHeap::new(),
            duplicates: 0,
            fold: Fold::default(),
            joined: Vec::new(),
            beside: Default::default(),
            credits: Default::default(),
            journeys: Journeys::default(),
        })
    }

    /// Counts events as too late that are older than this before [`advance`](Self::advance)'s `now`, where their
    /// conversation is sealed or unknown. Without it none is.
    #[must_use]
    pub fn with_horizon(mut self, horizon: Seconds) -> Self {
        self.horizon = Some(horizon);
        self
    }

    /// Puts cells together that are older than [`advance`](Self::advance)'s `now` by an age, when settling. Without it
    /// none are. A window that ends within a wide cell is answered from the facts, slower.
    #[must_use]
    pub fn with_downscaling(mut self, downscaling: Downscaling) -> Self {
        self.downscaling = downscaling;
        self
    }

    /// Takes an event in. What it changes shows after the next [`settle`](Self::settle).
    ///
    /// # Errors
    ///
    /// It is of no year that can be counted, or brings one name too many. Nothing has changed then.
    #[inline]
    pub fn ingest(&mut self, event: &Event) -> Result<Ingested, IngestError> {
        let stored = self.store(event)?;
        let known = self.places.get(&event.conversation).copied();
        let sealed = match known {
            Some(place) => self.records[place as usize].sealed.is_some(),
            None => self.shelf.holds(event.conversation),
        };
        if (sealed || known.is_none()) && self.is_too_late(stored.at) {
            self.too_late += 1;
            return Ok(Ingested::TooLate);
        }
        if sealed {
            self.withheld.entry(event.conversation).or_default().push(stored);
            return Ok(Ingested::NeedsHistory);
        }
        let place = known.unwrap_or_else(|| self.new_record(event.conversation));
        self.records[place as usize].events.push(stored);
        self.mark(place);
        Ok(Ingested::Taken)
    }

    /// Says to which customer a touchpoint belongs. Of several sayings the one of the highest revision counts: the
    /// position of the identity graph's change stream is one. A merge says it of every touchpoint that moved, and so
    /// does an un-merge.
    ///
    /// Until it is said, a touchpoint is a customer of its own: `CustomerId::from(touchpoint)`.
    pub fn identify(&mut self, touchpoint: TouchpointId, customer: CustomerId, revision: u64) {
        let touchpoint = self.names.touchpoints.add(&touchpoint);
        self.people.say(touchpoint, customer, revision, &self.names);
    }

    /// Forgets whose the conversations of a touchpoint are, and those to come. They still count, but as nobody's:
    /// what needs a customer leaves them out.
    pub fn erase(&mut self, touchpoint: TouchpointId) {
        let touchpoint = self.names.touchpoints.add(&touchpoint);
        self.people.erase(touchpoint, &self.names);
    }

    /// Says what time it is. Time never goes back: an earlier one changes nothing.
    pub fn advance(&mut self, now: DateTime<Utc>) {
        let now = now.timestamp_micros();
        if self.now.is_some_and(|before| before >= now) {
            return;
        }
        self.now = Some(now);
        while let Some(&Reverse(due)) = self.deadlines.peek() {
            if due.at >= now {
                break;
            }
            self.deadlines.pop();
            match due.touchpoint {
                0 if (due.place as usize) < self.records.len() => self.nobodys.push(due.place),
                0 => {}
                touchpoint => self.people.touch(touchpoint),
            }
        }
    }

    /// When time alone will change a number next: the time in which a customer may come back ends.
    #[must_use]
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        self.deadlines.peek().and_then(|Reverse(due)| DateTime::from_timestamp_micros(due.at))
    }

    /// What it computes.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.compiled.catalog
    }

    pub(crate) fn customer_of(&self, touchpoint: TouchpointId) -> Option<CustomerId> {
        self.people.customer_of(self.names.touchpoints.find(&touchpoint)?)
    }

    pub(crate) fn customer_number(&self, touchpoint: u32) -> Option<u32> {
        self.people.number_of(touchpoint)
    }

    /// How many events said nothing new, redeliveries and outdated revisions, of those that are settled. It tells of
    /// the delivery, not of the contact centre, and is no part of the state.
    #[must_use]
    pub fn duplicates(&self) -> u64 {
        self.duplicates
    }

    fn store(&mut self, event: &Event) -> Result<Stored, IngestError> {
        let stored = Stored::new(event, &mut self.names)
            .map_err(|TooMany(what)| IngestError::TooMany(what))?;
        check_year(event.at)?;
        Ok(stored)
    }

    fn is_too_late(&self, at: i64) -> bool {
        let limit = self.horizon.zip(self.now).map(|(horizon, now)| now - horizon.micros());
        limit.is_some_and(|limit| at < limit)
    }

    fn new_record(&mut self, conversation: ConversationId) -> u32 {
        let place = self.records.len() as u32;
        self.records.push(Record::new(conversation));
        self.places.insert(conversation, place);
        place
    }

    /// A record that came with its facts finds its customer, and its place among those who wait.
    fn belongs(&mut self, place: u32) {
        let record = &mut self.records[place as usize];
        record.waits = waits(&record.facts);
        if record.waits {
            self.waiting.insert(place);
        }
        match self.records[place as usize].contact.touchpoint {
            0 => self.nobodys.push(place),
            touchpoint => self.people.add(touchpoint, place, &self.names),
        }
    }

    fn mark(&mut self, place: u32) {
        let record = &mut self.records[place as usize];
        if !record.dirty {
            record.dirty = true;
            self.dirty.push(place);
        }
    }
}
