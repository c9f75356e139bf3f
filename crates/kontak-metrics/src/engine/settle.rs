use super::shelf::Kept;
use super::{Due, Metrics, snapshot::FactRecord, waits};
use crate::View;
use crate::cells::GridCells;
use crate::fact::Fact;
use crate::fold::{Beside, Contact, Journey, credit, join};
use crate::history::{Names, canonical};
use kontak_types::ConversationId;
use std::cmp::{Ordering, Reverse};

/// So many are fetched ahead.
const AHEAD: usize = 32;

/// What settling does to the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// It is not so any more.
    Retracted(ConversationId, FactRecord),
    /// It is so now.
    Asserted(ConversationId, FactRecord),
}

impl Metrics {
    /// Brings all numbers up to what was taken in, and gives a view to ask.
    ///
    /// Each conversation that has changed is folded again, once, however many events it got; only facts that differ
    /// are retracted and asserted.
    pub fn settle(&mut self) -> View<'_> {
        self.settle_each(|_, _, _, _| {});
        View::new(self)
    }

    /// As [`settle`](Self::settle), and tells every fact that is retracted or asserted: what a store of
    /// facts outside needs to follow.
    pub fn settle_with(&mut self, mut tell: impl FnMut(Change)) -> View<'_> {
        self.settle_each(|names, conversation, fact, asserted| {
            let record = FactRecord::new(fact, names);
            tell(if asserted {
                Change::Asserted(conversation, record)
            } else {
                Change::Retracted(conversation, record)
            });
        });
        View::new(self)
    }

    fn settle_each(&mut self, mut tell: impl FnMut(&Names, ConversationId, &Fact, bool)) {
        for places in std::mem::take(&mut self.dirty).chunks(AHEAD) {
            self.touch(places.iter());
            places.iter().for_each(|place| self.refold(*place, &mut tell));
        }
        let customers = self.people.take_dirty();
        let nobodys = std::mem::take(&mut self.nobodys);
        if !self.compiled.joined.is_empty() {
            for place in nobodys {
                if self.records[place as usize].contact.touchpoint == 0 {
                    self.rejoin_one(None, 0, place, &mut tell);
                }
            }
            for customers in customers.chunks(AHEAD) {
                let contacts = customers.iter().flat_map(|it| self.people.conversations(*it));
                self.touch(contacts.flat_map(|(_, places)| places));
                customers.iter().for_each(|customer| self.rejoin(*customer, &mut tell));
            }
        }
        self.coarsen();
        self.grids.iter_mut().for_each(GridCells::flush);
    }

    pub(super) fn coarsen(&mut self) {
        if let Some(now) = self.now {
            self.grids.iter_mut().for_each(|grid| grid.coarsen(&self.downscaling, now));
        }
    }

    /// Reads what will be needed of some conversations, which are all over the memory: the machine fetches them
    /// together, and not one after another. What is read says nothing.
    fn touch<'a>(&'a self, places: impl Iterator<Item = &'a u32>) {
        let at = |facts: &[Fact]| facts.first().map_or(0, |fact| fact.at);
        let touched = places.map(|place| {
            let record = &self.records[*place as usize];
            at(&record.facts) ^ at(&record.joined)
        });
        std::hint::black_box(touched.fold(0, i64::wrapping_add));
    }

    fn refold(&mut self, place: u32, tell: &mut impl FnMut(&Names, ConversationId, &Fact, bool)) {
        let Self { records, names, compiled, fold, grids, people, waiting, journeys, .. } = self;
        let record = &mut records[place as usize];
        record.dirty = false;
        self.duplicates += canonical(&mut record.events, names);
        let folded = fold.fold(&record.events, compiled);
        let (before, after) = (record.contact, folded.contact);
        let journey = journeys.replace(record.journey, folded.journey);
        let moves_on = std::mem::replace(&mut record.journey, journey) != journey;
        let moves = (before.language, before.segment) != (after.language, after.segment)
            || *record.labels != *folded.labels;
        let mut cells = Cells { grids, names, conversation: record.id, tell };
        if moves {
            cells.replace(&record.joined, &[], &before, &record.labels);
            cells.replace(&record.facts, &[], &before, &record.labels);
            record.joined = Box::default();
            record.facts = Box::default();
            record.labels = folded.labels.into();
        }
        if *record.facts != *folded.facts {
            cells.replace(&record.facts, folded.facts, &after, &record.labels);
            become_like(&mut record.facts, folded.facts);
        }
        let waits = waits(&record.facts);
        if waits != record.waits {
            record.waits = waits;
            if waits {
                waiting.insert(place)
            } else {
                waiting.remove(&place)
            };
        }
        record.contact = after;
        if before == after && !moves && !moves_on {
            return;
        }
        if before.touchpoint == after.touchpoint {
            people.touch(after.touchpoint);
        } else {
            record.deadline = None;
            people.remove(before.touchpoint, place);
            people.add(after.touchpoint, place, names);
        }
        if after.touchpoint == 0 {
            self.nobodys.push(place);
        }
    }

    /// All contacts of a customer anew.
    fn rejoin(
        &mut self,
        customer: u32,
        tell: &mut impl FnMut(&Names, ConversationId, &Fact, bool),
    ) {
        let away = self.fetch(customer);
        let (mut known, mut contacts) = std::mem::take(&mut self.beside);
        let (mut journeys, mut credits) = std::mem::take(&mut self.credits);
        let mut nobodys = Vec::new();
        for (may_be_told, conversations) in self.people.conversations(customer) {
            if may_be_told { known.extend(conversations) } else { nobodys.extend(conversations) }
        }
        let records = &self.records;
        if known.len() > 1 {
            known.sort_unstable_by_key(|place: &u32| {
                let record = &records[*place as usize];
                (record.contact.start, record.id)
            });
        }
        contacts.extend(known.iter().map(|place| records[*place as usize].contact));
        if self.compiled.follows_journeys {
            journeys.extend(known.iter().map(|place| records[*place as usize].journey));
            credit(&journeys, &self.journeys, &self.compiled, &mut credits);
            journeys.clear();
        }
        for (at, place) in known.drain(..).enumerate() {
            let beside = Beside { contacts: &contacts, credits: &credits };
            self.rejoin_one(Some(beside), at, place, tell);
        }
        contacts.clear();
        self.beside = (known, contacts);
        self.credits = (journeys, credits);
        nobodys.into_iter().for_each(|place| self.rejoin_one(None, 0, place, tell));
        self.put_away(away);
    }

    /// What stays of the customer's evicted conversations, as records at the end of the others, for as long as they are
    /// looked at.
    fn fetch(&mut self, customer: u32) -> Vec<Kept> {
        let mut away = Vec::new();
        if self.shelf.len() > 0 {
            let members = self.people.members(customer).iter().copied();
            away.extend(members.flat_map(|member| self.shelf.of(member)));
            for kept in &away {
                let place = self.records.len() as u32;
                self.people.take_back(kept.contact.touchpoint, place);
                let record = kept.clone().record(&mut self.journeys);
                self.records.push(record);
            }
        }
        away
    }

    fn put_away(&mut self, mut away: Vec<Kept>) {
        let first = self.records.len() - away.len();
        let records = self.records.drain(first..);
        for ((place, kept), record) in (first as u32..).zip(&mut away).zip(records) {
            self.people.part_with(kept.contact.touchpoint, place);
            self.journeys.replace(record.journey, &Journey::default());
            (kept.joined, kept.deadline) = (record.joined, record.deadline);
        }
        let mut away = away.into_iter().peekable();
        while let Some(touchpoint) = away.peek().map(|kept| kept.contact.touchpoint) {
            let of_it =
                std::iter::from_fn(|| away.next_if(|it| it.contact.touchpoint == touchpoint));
            self.shelf.put_all(touchpoint, of_it.collect());
        }
    }

    fn rejoin_one(
        &mut self,
        beside: Option<Beside<'_>>,
        at: usize,
        place: u32,
        tell: &mut impl FnMut(&Names, ConversationId, &Fact, bool),
    ) {
        let Self { records, names, compiled, grids, joined, journeys, .. } = self;
        let record = &mut records[place as usize];
        let contact = record.contact;
        let now = self.now.unwrap_or(i64::MIN);
        let journey = journeys.get(record.journey);
        let deadline = join(beside, at, &contact, journey, compiled, now, joined);
        if let Some(deadline) = deadline.filter(|_| deadline != record.deadline) {
            record.deadline = Some(deadline);
            self.deadlines.push(Reverse(Due {
                at: deadline,
                touchpoint: contact.touchpoint,
                place,
            }));
        }
        if *record.joined != **joined {
            let mut cells = Cells { grids, names, conversation: record.id, tell };
            cells.replace(&record.joined, joined, &contact, &record.labels);
            become_like(&mut record.joined, joined);
        }
    }
}

/// As many facts as before, most of the time.
fn become_like(facts: &mut Box<[Fact]>, new: &[Fact]) {
    if facts.len() == new.len() {
        facts.copy_from_slice(new);
    } else {
        *facts = new.into();
    }
}

struct Cells<'a, F> {
    grids: &'a mut [GridCells],
    names: &'a Names,
    conversation: ConversationId,
    tell: &'a mut F,
}

impl<F: FnMut(&Names, ConversationId, &Fact, bool)> Cells<'_, F> {
    /// Both are sorted.
    fn replace(&mut self, old: &[Fact], new: &[Fact], contact: &Contact, labels: &[u16]) {
        let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (Some(old), Some(new)) => old.cmp(new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return,
            };
            if order == Ordering::Equal {
                old.next();
                new.next();
            } else if order == Ordering::Less {
                if let Some(fact) = old.next() {
                    self.grids.iter_mut().for_each(|grid| grid.retract(fact, contact, labels));
                    (self.tell)(self.names, self.conversation, fact, false);
                }
            } else if let Some(fact) = new.next() {
                self.grids.iter_mut().for_each(|grid| grid.assert(fact, contact, labels));
                (self.tell)(self.names, self.conversation, fact, true);
            }
        }
    }
}
