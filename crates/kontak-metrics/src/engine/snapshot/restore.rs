//! An engine again, from what was written of it.

use super::super::shelf::Kept;
use super::super::{Metrics, NewError};
use super::CellRecord;
use super::{
    ContactRecord, ConversationRecord, EvictedRecord, FactRecord, Snapshot, StepRecord, VERSION,
};
use crate::Event;
use crate::Tag;
use crate::cells::{MOST_DIMENSIONS, Place};
use crate::fact::Fact;
use crate::fold::{Contact, Journey, Step};
use crate::history::{Digest, Names, Record, Stored, TooMany};

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

const NAMES: &str = "has an event or a name that an engine cannot hold";

impl Metrics {
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
        for cell in &snapshot.cells {
            metrics.restore_cell(cell).ok_or(RestoreError::Cell)?;
        }
        metrics.settle();
        Ok(metrics)
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

    fn restore_cell(&mut self, cell: &CellRecord) -> Option<()> {
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

impl FactRecord {
    fn fact(&self, names: &mut Names) -> Result<Fact, TooMany> {
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
    fn contact(&self, names: &mut Names) -> Result<Contact, TooMany> {
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

    fn journey(&self, names: &mut Names) -> Result<Journey, TooMany> {
        let steps = self.steps.iter().map(|step| step.step(names)).collect::<Result<_, _>>()?;
        let purchases = self.purchases.iter();
        let purchases = purchases.map(|(at, amount)| (at.timestamp_micros(), *amount)).collect();
        Ok(Journey { steps, purchases })
    }
}

impl StepRecord {
    fn step(&self, names: &mut Names) -> Result<Step, TooMany> {
        Ok(Step {
            at: self.at.timestamp_micros(),
            state: self.state,
            agent: self.agent.as_ref().map_or(0, |agent| names.agents.add(agent)),
            queue: self.queue.as_ref().map_or(0, |queue| names.queues.add(queue)),
            channel: self.channel.as_ref().map_or(Ok(0), |channel| names.channel(channel))?,
        })
    }
}
