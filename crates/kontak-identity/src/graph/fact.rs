//! What each piece of evidence says, apart from the lists that the engine walks.

use super::hash::{Keyed, KeyedMap};
use crate::identifier::IdentifierClass;
use crate::observation::Verification;
use crate::tenant_key::TenantKey;
use hashbrown::{HashMap, HashTable};
use std::hint::black_box;

/// The most sources that there may be.
pub(crate) const MOST_SOURCES: usize = 1 << 15;
/// The first instant that cannot be kept, in µs after 1970: the year 2112.
pub(crate) const TIME_END: u64 = 1 << 52;

/// What one piece of evidence says, beside whom it ties to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    /// The source's record id: a number, or where its text lies.
    pub(crate) record: u64,
    /// The first and the last sighting, µs after 1970.
    pub(crate) seen: (u64, u64),
    pub(crate) origin: Origin,
    pub(crate) extension: Extension,
}

/// Who says it, and how that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) source: u16,
    pub(crate) verification: Verification,
    pub(crate) class: IdentifierClass,
    pub(crate) weaker: bool,
    /// The tables that normalised the value.
    pub(crate) data_version: u16,
}

impl Origin {
    const LATEST: u32 = 4;

    /// All of it as one word.
    fn word(self) -> u64 {
        let marks = (self.verification as u64) << 16 | (self.class as u64) << 24;
        let data = u64::from(self.weaker) << 32 | u64::from(self.data_version) << 40;
        u64::from(self.source) | marks | data
    }

    /// Sources are named by the integrator, so no key is needed.
    fn hash(self) -> u64 {
        self.word().wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// What only some evidence has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extension {
    pub(crate) revision: u32,
    /// µs after 1970.
    pub(crate) until: Option<u64>,
}

impl Extension {
    pub(super) const NONE: Self = Self { revision: 0, until: None };
}

/// Sixteen bytes a piece of evidence, and what only some have beside them.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    statements: Vec<Statement>,
    /// The last sighting where it is not the first; as long as the last piece that has one.
    last: Vec<u64>,
    /// Few, each kept once.
    origins: Vec<Origin>,
    by_origin: HashTable<u32>,
    /// The origins that came last, by some bits of their hash, each with its number: most often
    /// those of what comes next.
    latest: [(u64, u32); 1 << Origin::LATEST],
    /// Origins that do not fit into a statement.
    far: KeyedMap<u32, u32>,
    extensions: KeyedMap<u32, Extension>,
}

impl Facts {
    pub(crate) fn new(key: TenantKey) -> Self {
        Self {
            statements: Vec::new(),
            last: Vec::new(),
            origins: Vec::new(),
            by_origin: HashTable::new(),
            latest: [(u64::MAX, 0); 1 << Origin::LATEST],
            far: HashMap::with_hasher(Keyed(key)),
            extensions: HashMap::with_hasher(Keyed(key)),
        }
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        self.statements.reserve(more);
    }

    pub(crate) fn get(&self, evidence: u32) -> Fact {
        Fact {
            record: self.record(evidence),
            seen: (self.first(evidence), self.last(evidence)),
            origin: self.origin(evidence),
            extension: self.extension(evidence),
        }
    }

    pub(crate) fn record(&self, evidence: u32) -> u64 {
        self.statements[evidence as usize].record
    }

    /// Reads what is said by some pieces, so that their cache misses overlap.
    pub(crate) fn touch<'a>(&self, evidence: impl Iterator<Item = &'a u32>) {
        black_box(evidence.fold(0, |read, index| read ^ self.statements[*index as usize].bits));
    }

    pub(crate) fn first(&self, evidence: u32) -> u64 {
        self.statements[evidence as usize].first()
    }

    pub(crate) fn last(&self, evidence: u32) -> u64 {
        let first = self.first(evidence);
        self.last.get(evidence as usize).map_or(first, |last| first.max(*last))
    }

    pub(crate) fn origin(&self, evidence: u32) -> Origin {
        let origin = match self.statements[evidence as usize].origin() {
            Statement::FAR => self.far.get(&evidence).copied().unwrap_or_default(),
            origin => origin,
        };
        self.origins[origin as usize]
    }

    pub(crate) fn extension(&self, evidence: u32) -> Extension {
        if self.statements[evidence as usize].extended() {
            self.extensions.get(&evidence).copied().unwrap_or(Extension::NONE)
        } else {
            Extension::NONE
        }
    }

    /// Sets what is said by a piece that is there, or by the one after the last.
    #[inline]
    pub(crate) fn set(&mut self, evidence: u32, fact: &Fact) {
        let at = evidence as usize;
        let origin = self.number_of(fact.origin);
        let extended = fact.extension != Extension::NONE;
        let (first, last) = fact.seen;
        let statement = Statement::new(fact.record, first, origin, extended);
        match self.statements.get_mut(at) {
            Some(old) => *old = statement,
            None => self.statements.push(statement),
        }
        if origin >= Statement::FAR {
            self.far.insert(evidence, origin);
        }
        if extended {
            self.extensions.insert(evidence, fact.extension);
        }
        if last > first && self.last.len() <= at {
            self.last.resize(at + 1, 0);
        }
        if let Some(kept) = self.last.get_mut(at) {
            *kept = last;
        }
    }

    /// Appends what a piece says that was seen once, in its first revision. False, and nothing is
    /// appended, where it does not fit into a statement.
    #[inline]
    pub(crate) fn push(&mut self, record: u64, seen: u64, origin: Origin) -> bool {
        let origin = self.number_of(origin);
        let fits = origin < Statement::FAR;
        if fits {
            self.statements.push(Statement::new(record, seen, origin, false));
        }
        fits
    }

    /// Every origin that a piece has or had.
    pub(super) fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// Appends what the pieces of a batch say, all of which were [`push`](Self::push)ed.
    pub(super) fn append(&mut self, batch: Self) {
        let Self { statements, origins, by_origin, latest, .. } = batch;
        if self.statements.is_empty() {
            self.statements = statements;
            (self.origins, self.by_origin, self.latest) = (origins, by_origin, latest);
            return;
        }
        let numbers: Vec<u32> = origins.into_iter().map(|origin| self.number_of(origin)).collect();
        self.statements.reserve(statements.len());
        for statement in statements {
            let origin = numbers[statement.origin() as usize];
            if origin >= Statement::FAR {
                self.far.insert(self.statements.len() as u32, origin);
            }
            self.statements.push(Statement::new(
                statement.record,
                statement.first(),
                origin,
                false,
            ));
        }
    }

    /// Moves what was appended by [`append`](Self::append) to an earlier place after all others.
    #[inline]
    pub(super) fn shift(&mut self, from: usize, to: usize) {
        if from != to {
            self.statements[to] = self.statements[from];
            if let Some(origin) = self.far.remove(&(from as u32)) {
                self.far.insert(to as u32, origin);
            }
        }
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.statements.truncate(len);
    }

    #[inline]
    fn number_of(&mut self, origin: Origin) -> u32 {
        let place = (origin.hash() >> (64 - Origin::LATEST)) as usize;
        let (word, number) = self.latest[place];
        if word == origin.word() {
            return number;
        }
        let number = self.number_in_table(origin);
        self.latest[place] = (origin.word(), number);
        number
    }

    fn number_in_table(&mut self, origin: Origin) -> u32 {
        let Self { origins, by_origin, .. } = self;
        let next = origins.len() as u32;
        let entry = by_origin.entry(
            origin.hash(),
            |number| origins[*number as usize] == origin,
            |number| origins[*number as usize].hash(),
        );
        let number = *entry.or_insert(next).get();
        if number == next {
            origins.push(origin);
        }
        number
    }

    /// Forgets what does not fit into a statement.
    pub(crate) fn forget_extension(&mut self, evidence: u32) {
        self.extensions.remove(&evidence);
        self.far.remove(&evidence);
    }
}

/// The time of the first sighting in the upper 52 bits; below them whether it is extended, and the
/// number of its origin.
#[derive(Clone, Copy, Debug)]
struct Statement {
    record: u64,
    bits: u64,
}

impl Statement {
    const ORIGIN: u32 = 11;
    const EXTENDED: u64 = 1 << Self::ORIGIN;
    const TIME: u32 = Self::ORIGIN + 1;
    /// Stands for every origin with this number or a higher one.
    const FAR: u32 = (1 << Self::ORIGIN) - 1;

    fn new(record: u64, first: u64, origin: u32, extended: bool) -> Self {
        let extended = if extended { Self::EXTENDED } else { 0 };
        Self { record, bits: first << Self::TIME | extended | u64::from(origin.min(Self::FAR)) }
    }

    fn first(self) -> u64 {
        self.bits >> Self::TIME
    }

    fn origin(self) -> u32 {
        self.bits as u32 & Self::FAR
    }

    fn extended(self) -> bool {
        self.bits & Self::EXTENDED != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_as_small_as_the_figures_say() {
        assert_eq!(size_of::<Statement>(), 16);
    }

    #[test]
    fn facts_come_back_as_they_were_set() {
        let mut facts = Facts::new(TenantKey::new([7; 16]));
        let fact = |index: u32| Fact {
            record: u64::from(index) << 40,
            seen: (TIME_END - 2, TIME_END - 2 + u64::from(index.is_multiple_of(5))),
            origin: Origin {
                source: (index % MOST_SOURCES as u32) as u16,
                verification: Verification::ALL[index as usize % Verification::ALL.len()],
                class: IdentifierClass::Personal,
                weaker: index.is_multiple_of(2),
                data_version: (index % 3) as u16,
            },
            extension: Extension {
                revision: index % 3,
                until: index.is_multiple_of(7).then_some(u64::from(index)),
            },
        };
        for index in 0..10_000 {
            facts.set(index, &fact(index));
        }
        // Others take their place.
        for index in (0..10_000).step_by(11) {
            facts.forget_extension(index);
            facts.set(index, &fact(index + 1));
        }
        for index in 0..10_000 {
            let expected = if index % 11 == 0 { fact(index + 1) } else { fact(index) };
            assert_eq!(facts.get(index), expected);
        }
    }
}
