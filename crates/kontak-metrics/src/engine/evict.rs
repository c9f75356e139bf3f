use super::shelf::Kept;
use super::{Due, Metrics};
use crate::Event;
use crate::fact::{Fact, Outcome};
use crate::fold::{Journey, Journeys};
use crate::history::{Record, Stored, canonical, digest};
use crate::{IngestError, Window};
use kontak_types::ConversationId;
use std::cmp::Reverse;

/// Why a conversation is not brought back. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BringBackError {
    /// It is here already, or was never evicted.
    #[error("the conversation {0} is not evicted")]
    NotEvicted(ConversationId),
    /// These are not the events that [`Metrics::evict`] gave.
    #[error("not what was evicted of the conversation {0}")]
    OtherEvents(ConversationId),
    /// An event cannot be taken.
    #[error(transparent)]
    Event(#[from] IngestError),
}

impl Metrics {
    /// Lets go of a conversation, and gives its events to the caller to keep: its numbers stay, and it still counts
    /// as a contact of its customer. What stays of it is packed. It is no event: what is evicted and what is
    /// not are the same numbers.
    ///
    /// Nothing where it still waits in a queue, is nobody's, is not known, or its events are let go of already.
    ///
    /// An event that comes for it is held back until [`bring_back`](Self::bring_back), as one for a sealed
    /// conversation is, and listed by [`needs_history`](Self::needs_history). A question that is read from facts and is
    /// about it has no answer until then: [`QueryError::Evicted`](crate::QueryError::Evicted).
    ///
    /// ```
    /// use kontak_metrics::*;
    /// # use kontak_types::{ActorKind, ConversationId, TouchpointId, uuid::Uuid};
    /// # let (chat, phone) = (ConversationId::new(Uuid::from_u128(1)), TouchpointId::new(Uuid::from_u128(2)));
    /// # let mut metrics = Metrics::new(Catalog::of([Preset::Kontak])?, Grid::usual())?;
    /// # let started = EventKind::Started { channel: "webchat".into(), direction: Direction::Inbound,
    /// #     by: ActorKind::Customer, touchpoint: Some(phone), language: None, segment: None };
    /// # let started = Event::new(chat, EventId::new(Uuid::from_u128(3)), "2026-03-02T09:00:00Z".parse()?, started);
    /// # assert_eq!(metrics.ingest(&started)?, Ingested::Taken);
    /// let events = metrics.evict(chat).ok_or("it still waits")?;
    /// let view = metrics.settle();
    /// let (all, every) = (view.all_time(), Filter::all());
    /// assert_eq!(view.summary("kontak.conversations", &all, &every)?.values.count(), 1);
    /// assert_eq!(view.customers("kontak.conversations", &all, &every), Err(QueryError::Evicted(1)));
    ///
    /// metrics.bring_back(chat, &events)?;
    /// let view = metrics.settle();
    /// assert_eq!(view.customers("kontak.conversations", &all, &every)?.customers.get(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn evict(&mut self, conversation: ConversationId) -> Option<Vec<Event>> {
        let place = *self.places.get(&conversation)?;
        self.settle();
        let record = &self.records[place as usize];
        let touchpoint = record.contact.touchpoint;
        if record.sealed.is_some() || record.waits || touchpoint == 0 {
            return None;
        }
        let Self { records, people, places, shelf, journeys, .. } = self;
        people.part_with(touchpoint, place);
        places.remove(&conversation);
        let record = records.swap_remove(place as usize);
        let moved = records.len() as u32;
        if let Some(other) = records.get(place as usize) {
            places.insert(other.id, place);
            people.moved(other.contact.touchpoint, moved, place);
            if self.waiting.remove(&moved) {
                self.waiting.insert(place);
            }
            if let (0, Some(at)) = (other.contact.touchpoint, other.deadline) {
                self.deadlines.push(Reverse(Due { at, touchpoint: 0, place }));
            }
        }
        // Where many leave at once their room is given back.
        if records.len() < records.capacity() / 4 {
            records.shrink_to(records.len() * 2);
            places.shrink_to(records.len() * 2);
        }
        let events = record.events.iter();
        let events = events.map(|event| event.event(conversation, &self.names)).collect();
        shelf.put(Kept::of(record, journeys));
        Some(events)
    }

    /// Takes a conversation back. It is as if it had never been away.
    ///
    /// # Errors
    ///
    /// It is not evicted, or these are not the events that were given when it was.
    pub fn bring_back(
        &mut self,
        conversation: ConversationId,
        events: &[Event],
    ) -> Result<(), BringBackError> {
        let kept = self.shelf.get(conversation);
        let kept = kept.ok_or(BringBackError::NotEvicted(conversation))?;
        let stored: Result<Vec<Stored>, _> = events.iter().map(|event| self.store(event)).collect();
        let mut stored = stored?;
        canonical(&mut stored, &self.names);
        let is_of_it = events.iter().all(|event| event.conversation == conversation);
        if !is_of_it || digest(&stored) != kept.digest {
            return Err(BringBackError::OtherEvents(conversation));
        }
        self.shelf.take(conversation);
        let facts = self.fold.fold(&stored, &self.compiled).facts.into();
        let late = self.withheld.remove(&conversation).unwrap_or_default();
        let is_changed = !late.is_empty();
        stored.extend(late);
        let place = self.new_record(conversation);
        let record = &mut self.records[place as usize];
        let touchpoint = kept.contact.touchpoint;
        *record = Record { events: stored, facts, ..kept.record(&mut self.journeys) };
        self.people.take_back(touchpoint, place);
        if is_changed {
            self.mark(place);
        }
        Ok(())
    }

    /// Whether a conversation is [evicted](Self::evict).
    #[must_use]
    pub fn is_evicted(&self, conversation: ConversationId) -> bool {
        self.shelf.holds(conversation)
    }

    /// How many are evicted.
    #[must_use]
    pub fn evicted(&self) -> usize {
        self.shelf.len()
    }

    /// Those that are evicted and say something of a window: to be brought back before a question that is read from
    /// facts. It looks at all that are evicted.
    pub fn evicted_in(&self, window: &Window) -> impl Iterator<Item = ConversationId> {
        let window = window.micros();
        let is_in = move |kept: &Kept| kept.is_in(None, window);
        self.shelf.all().filter(is_in).map(|kept| kept.id)
    }
}

/// What of an evicted conversation a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AboutKept {
    /// The facts that are its own.
    Own,
    /// Those of one measure that depends on other contacts.
    Joined(u16),
}

impl Kept {
    fn of(record: Record, journeys: &mut Journeys) -> Self {
        let journey = journeys.get(record.journey).clone();
        let _ = journeys.replace(record.journey, &Journey::default());
        let start = record.contact.start;
        let times = record.facts.iter().map(|fact| fact.at);
        let span = times.fold((start, start), |(first, last), at| (first.min(at), last.max(at)));
        Self {
            id: record.id,
            contact: record.contact,
            journey,
            span,
            is_open: record.facts.iter().any(|fact| fact.outcome == Outcome::Open),
            digest: digest(&record.events),
            deadline: record.deadline,
            labels: record.labels,
            joined: record.joined,
        }
    }

    /// All that is known of it without its events.
    pub(super) fn record(self, journeys: &mut Journeys) -> Record {
        Record {
            journey: journeys.replace(0, &self.journey),
            joined: self.joined,
            contact: self.contact,
            deadline: self.deadline,
            labels: self.labels,
            ..Record::new(self.id)
        }
    }

    /// Whether it may say something of a window: about one measure that depends on other contacts, about those that
    /// do not, or about any.
    pub(crate) fn is_in(&self, about: Option<AboutKept>, (from, until): (i64, i64)) -> bool {
        let is_in = |fact: &Fact| from <= fact.at && fact.at < until;
        let own = self.span.0 < until && from <= self.span.1;
        match about {
            Some(AboutKept::Own) => own,
            Some(AboutKept::Joined(measure)) => self.joined_of(measure).any(is_in),
            None => own || self.joined.iter().any(is_in),
        }
    }

    /// Whether something of it may be open.
    pub(crate) fn has_open(&self, about: AboutKept) -> bool {
        match about {
            AboutKept::Own => self.is_open,
            AboutKept::Joined(measure) => {
                self.joined_of(measure).any(|fact| fact.outcome == Outcome::Open)
            }
        }
    }

    fn joined_of(&self, measure: u16) -> impl Iterator<Item = &Fact> {
        self.joined.iter().filter(move |fact| fact.measure == measure)
    }
}
