use super::Metrics;
use super::shelf::Kept;
use crate::cells::{Dimension, GridCells, MOST_DIMENSIONS, Place};
use crate::fact::Fact;
use crate::fold::{Contact, Journey};
use crate::history::{Intern, Names, Stored};
use kontak_types::ConversationId;
use std::hash::Hash;

/// Two engines that cannot be put together. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// They compute something else, or keep other cells.
    #[error("the engines differ in their catalogs, grids or downscaling")]
    Different,
    /// Together they have more different names than an engine has room for.
    #[error("more than 65,534 different names of a kind together")]
    TooManyNames,
    /// Both have a part of a conversation, and one of them has let go of its events.
    #[error(
        "conversation {0} is in both, and sealed or evicted in one: supply its history or bring it back first"
    )]
    NeedsHistory(ConversationId),
}

impl Metrics {
    /// Takes in all that another shard of the same tenant has. The shards may have parts of the same conversations;
    /// the result is what one engine would be that had seen it all.
    ///
    /// # Errors
    ///
    /// They do not compute the same, or a conversation that both have is sealed in one of them.
    pub fn merge(&mut self, mut other: Self) -> Result<(), MergeError> {
        let grids =
            |metrics: &Self| metrics.grids.iter().map(|it| it.grid.clone()).collect::<Vec<_>>();
        if self.compiled.catalog != other.compiled.catalog
            || grids(self) != grids(&other)
            || self.downscaling != other.downscaling
        {
            return Err(MergeError::Different);
        }
        if !self.names.has_room_for(&other.names) {
            return Err(MergeError::TooManyNames);
        }
        let shared = |record: &&crate::history::Record| self.places.contains_key(&record.id);
        for record in other.records.iter().filter(shared) {
            let mine = &self.records[self.places[&record.id] as usize];
            if mine.sealed.is_some() || record.sealed.is_some() {
                return Err(MergeError::NeedsHistory(record.id));
            }
        }
        let away = self.shelf.all().find(|kept| other.holds(kept.id));
        let away = away.or_else(|| other.shelf.all().find(|kept| self.holds(kept.id)));
        if let Some(kept) = away {
            return Err(MergeError::NeedsHistory(kept.id));
        }
        other.let_go_of_joined();
        let shared: Vec<u32> = (0..other.records.len() as u32)
            .filter(|place| self.places.contains_key(&other.records[*place as usize].id))
            .collect();
        for place in shared {
            other.let_go_of_facts(place);
        }
        other.grids.iter_mut().for_each(GridCells::flush);
        if let Some(now) = other.now {
            self.advance(super::snapshot::instant(now));
        }
        self.coarsen();
        self.take_cells(&other);
        self.take_records(&other);
        for said in other.said() {
            self.identify(said.touchpoint, said.customer, said.revision);
        }
        let erased: Vec<_> = other.people.erased(&other.names).collect();
        erased.into_iter().for_each(|touchpoint| self.erase(touchpoint));
        self.too_late += other.too_late;
        self.duplicates += other.duplicates;
        for (conversation, events) in &other.withheld {
            let events: Vec<Stored> =
                events.iter().map(|event| self.moved(event, *conversation, &other)).collect();
            self.withheld.entry(*conversation).or_default().extend(events);
        }
        Ok(())
    }

    /// Whether it is here, or what stays of it.
    fn holds(&self, id: ConversationId) -> bool {
        self.places.contains_key(&id) || self.shelf.holds(id)
    }

    /// What depends on other contacts of a customer is worked out again once all contacts are here.
    fn let_go_of_joined(&mut self) {
        for kept in self.shelf.all() {
            for fact in &kept.joined {
                let grids = self.grids.iter_mut();
                grids.for_each(|grid| grid.retract(fact, &kept.contact, &kept.labels));
            }
        }
        for record in &mut self.records {
            for fact in std::mem::take(&mut record.joined) {
                let grids = self.grids.iter_mut();
                grids.for_each(|grid| grid.retract(&fact, &record.contact, &record.labels));
            }
        }
    }

    fn let_go_of_facts(&mut self, place: u32) {
        let record = &mut self.records[place as usize];
        for fact in std::mem::take(&mut record.facts) {
            let grids = self.grids.iter_mut();
            grids.for_each(|grid| grid.retract(&fact, &record.contact, &record.labels));
        }
    }

    fn take_cells(&mut self, other: &Self) {
        let names = Moves::new(&mut self.names, &other.names);
        for (mine, theirs) in self.grids.iter_mut().zip(&other.grids) {
            let dimensions = theirs.grid.dimensions();
            theirs.each(|place, summary| {
                let mut values = [0; MOST_DIMENSIONS];
                for (at, dimension) in dimensions.iter().enumerate() {
                    values[at] = names.value(*dimension, place.values[at]);
                }
                mine.add(Place { values, ..place }, &summary);
            });
        }
    }

    fn take_records(&mut self, other: &Self) {
        let names = Moves::new(&mut self.names, &other.names);
        for record in &other.records {
            let events: Vec<Stored> =
                record.events.iter().map(|event| self.moved(event, record.id, other)).collect();
            if let Some(place) = self.places.get(&record.id).copied() {
                self.records[place as usize].events.extend(events);
                self.mark(place);
                continue;
            }
            let place = self.new_record(record.id);
            let contact = self.moved_contact(record.contact, &names, other);
            let journey = names.journey(other.journeys.get(record.journey));
            let journey = self.journeys.replace(0, &journey);
            let facts = record.facts.iter().map(|fact| Fact {
                channel: names.value(Dimension::Channel, fact.channel.into()) as u16,
                queue: names.value(Dimension::Queue, fact.queue),
                agent: names.value(Dimension::Agent, fact.agent),
                ..*fact
            });
            let mut facts: Vec<Fact> = facts.collect();
            facts.sort_unstable();
            let labels = names.labels(&record.labels);
            let mine = &mut self.records[place as usize];
            (mine.events, mine.facts, mine.labels) = (events, facts.into(), labels);
            (mine.contact, mine.sealed, mine.journey) = (contact, record.sealed, journey);
            if record.dirty {
                self.mark(place);
            }
            self.belongs(place);
        }
        for kept in other.shelf.all() {
            let contact = self.moved_contact(kept.contact, &names, other);
            let labels = names.labels(&kept.labels);
            self.people.know(contact.touchpoint, &self.names);
            let journey = names.journey(&kept.journey);
            // What was said of it beside others is let go of.
            let (joined, deadline) = (Box::default(), None);
            self.shelf.put(Kept { contact, labels, journey, joined, deadline, ..kept });
        }
    }

    fn moved_contact(&mut self, contact: Contact, names: &Moves, other: &Self) -> Contact {
        let (mine, theirs) = (&mut self.names, &other.names);
        Contact {
            touchpoint: moved(&mut mine.touchpoints, &theirs.touchpoints, contact.touchpoint),
            issue: moved(&mut mine.issues, &theirs.issues, contact.issue),
            resolver: names.value(Dimension::Agent, contact.resolver),
            owner: names.value(Dimension::Agent, contact.owner),
            channel: names.value(Dimension::Channel, contact.channel.into()) as u16,
            language: names.value(Dimension::Language, contact.language.into()) as u16,
            segment: names.value(Dimension::Segment, contact.segment.into()) as u16,
            ..contact
        }
    }

    fn moved(&mut self, event: &Stored, conversation: ConversationId, other: &Self) -> Stored {
        self.store(&event.event(conversation, &other.names))
            .expect("the other engine has taken it, and names were moved")
    }
}

/// What the numbers of another engine's names are here.
struct Moves {
    channels: Vec<u32>,
    queues: Vec<u32>,
    agents: Vec<u32>,
    languages: Vec<u32>,
    tags: Vec<u32>,
}

impl Moves {
    fn new(mine: &mut Names, theirs: &Names) -> Self {
        Self {
            channels: moves(&mut mine.channels, &theirs.channels),
            queues: moves(&mut mine.queues, &theirs.queues),
            agents: moves(&mut mine.agents, &theirs.agents),
            languages: moves(&mut mine.languages, &theirs.languages),
            tags: moves(&mut mine.tags, &theirs.tags),
        }
    }

    fn journey(&self, journey: &Journey) -> Journey {
        let mut journey = journey.clone();
        for step in &mut journey.steps {
            step.agent = self.value(Dimension::Agent, step.agent);
            step.queue = self.value(Dimension::Queue, step.queue);
            step.channel = self.value(Dimension::Channel, step.channel.into()) as u16;
        }
        journey
    }

    fn labels(&self, labels: &[u16]) -> Box<[u16]> {
        let labels = labels.iter();
        let mut labels: Vec<u16> =
            labels.map(|label| self.value(Dimension::Label, (*label).into()) as u16).collect();
        labels.sort_unstable();
        labels.into()
    }

    fn value(&self, dimension: Dimension, place: u32) -> u32 {
        let moves = match dimension {
            Dimension::Channel => &self.channels,
            Dimension::Queue => &self.queues,
            Dimension::Agent => &self.agents,
            Dimension::Language => &self.languages,
            Dimension::Segment | Dimension::Label => &self.tags,
            Dimension::State | Dimension::Team => return place,
        };
        moves.get(place as usize).copied().unwrap_or(0)
    }
}

fn moves<T: Clone + Eq + Hash>(mine: &mut Intern<T>, theirs: &Intern<T>) -> Vec<u32> {
    (0..=theirs.len() as u32).map(|place| moved(mine, theirs, place)).collect()
}

fn moved<T: Clone + Eq + Hash>(mine: &mut Intern<T>, theirs: &Intern<T>, place: u32) -> u32 {
    theirs.name(place).map_or(0, |name| mine.add(name))
}
