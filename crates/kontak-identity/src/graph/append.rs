//! Facts in: one piece of evidence at a time, wherever it comes from.

use super::record::{Evidence, Marks, Mode, NONE, TIME_END};
use super::split::{end_after, end_of, names_of};
use super::store::{Extension, Full};
use super::{IdentityGraph, Store};
use crate::handle::{IdentifierHandle, NameHandle, RecordHandle, SourceHandle, TouchpointHandle};
use crate::identifier::{IdentifierClass, IdentifierRef, IdentifierValue};
use crate::name::{NameMatch, PersonName};
use crate::observation::{Observation, Verification};
use crate::tenant_key::EvidenceId;
use chrono::{DateTime, Utc};
use kontak_address::{LineKey, PhoneNumber};
use kontak_types::{ChannelKind, TouchpointId, TouchpointKey};

/// One piece of evidence in handles: the door for loads where each name, number and key is looked
/// up once by the caller. [`Observation`] is the same in words.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Assertion {
    /// The account.
    pub touchpoint: TouchpointHandle,
    /// The value that it used.
    pub identifier: IdentifierHandle,
    /// Who says so.
    pub source: SourceHandle,
    /// The source's record.
    pub record: RecordHandle,
    /// When it was seen.
    pub seen_at: DateTime<Utc>,
    /// When it ceased, where the source says so.
    pub until: Option<DateTime<Utc>>,
    /// Which writing of the record this is.
    pub revision: u32,
    /// How the source knows.
    pub verification: Verification,
    /// What is known of the value.
    pub class: IdentifierClass,
    /// Whether the value is the weaker form of what was seen.
    pub weaker: bool,
    /// The name on the record.
    pub name: Option<NameHandle>,
}

impl Assertion {
    /// A claimed, personal value, first revision, without a name.
    #[must_use]
    pub fn new(
        touchpoint: TouchpointHandle,
        identifier: IdentifierHandle,
        source: SourceHandle,
        record: RecordHandle,
        seen_at: DateTime<Utc>,
    ) -> Self {
        Self {
            touchpoint,
            identifier,
            source,
            record,
            seen_at,
            until: None,
            revision: 0,
            verification: Verification::Claimed,
            class: IdentifierClass::Personal,
            weaker: false,
            name: None,
        }
    }
}

/// What became of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It is live.
    Recorded,
    /// It was known, and says more now: an earlier or later sighting, a better verification.
    Updated,
    /// It was known.
    Known,
    /// A later revision of the record is known.
    Outdated,
    /// It was retracted, and comes without a new revision.
    Retracted,
    /// It has ended already.
    Ended,
    /// The touchpoint was erased after this was seen.
    Erased,
}

/// Why a fact was not taken. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObserveError {
    /// The id belongs to another touchpoint.
    #[error("touchpoint id {id} was given to another account before; make a new one")]
    IdTaken {
        /// The id.
        id: TouchpointId,
    },
    /// A time cannot be kept.
    #[error("`{field}` is outside of the years 1970 to 2111")]
    TimeOutOfRange {
        /// Which time.
        field: &'static str,
    },
    /// A handle does not come from this graph, or its touchpoint was erased.
    #[error("the {what} handle is not one of this graph")]
    UnknownHandle {
        /// Of what.
        what: &'static str,
    },
    /// A phone value of no digits, or of more than fifteen.
    #[error("a phone value has 1 to 15 digits")]
    NotAPhone,
    /// A text is longer than 8 MiB.
    #[error("`{field}` is longer than 8 MiB")]
    TooLong {
        /// Which text.
        field: &'static str,
    },
    /// The graph holds as many as it can.
    #[error("the graph is full: it holds at most {most} {what}")]
    Full {
        /// Of what.
        what: &'static str,
        /// How many.
        most: u64,
    },
}

impl ObserveError {
    fn full(full: &Full, field: &'static str) -> Self {
        match full {
            Full::Text => Self::TooLong { field },
            Full::Records => Self::Full { what: field, most: 1 << 28 },
            Full::Sources => Self::Full { what: "sources", most: 1 << 15 },
        }
    }
}

/// How many assertions of a load are looked ahead.
const BLOCK: usize = 64;

pub(super) fn micros(time: DateTime<Utc>, field: &'static str) -> Result<u64, ObserveError> {
    u64::try_from(time.timestamp_micros())
        .ok()
        .filter(|micros| *micros < TIME_END)
        .ok_or(ObserveError::TimeOutOfRange { field })
}

/// What one more piece of evidence says of its value.
#[derive(Clone, Copy)]
struct Gain {
    touchpoint: u32,
    value: u32,
    start: u64,
    end: u64,
    class: IdentifierClass,
    /// Whether the touchpoint had no evidence of the value.
    is_new_edge: bool,
}

impl IdentityGraph {
    /// Records one observation.
    ///
    /// The same observation again changes nothing. Returns what became of it: of its identifiers,
    /// the one that changed most.
    ///
    /// # Errors
    /// If it cannot be kept; then nothing has changed.
    ///
    /// Complexity: O(members of the smaller customer) where it merges two, otherwise O(1) look-ups.
    pub fn observe(&mut self, observation: &Observation) -> Result<Outcome, ObserveError> {
        if let Some(until) = observation.until {
            micros(until, "until")?;
        }
        for identifier in &observation.identifiers {
            for value in [Some(&identifier.value), identifier.weaker.as_ref()].into_iter().flatten()
            {
                check_value(value.as_ref())?;
            }
        }
        let key = &observation.touchpoint;
        let key = (&key.channel, &*key.scope, &*key.id);
        let known = self.store.touchpoints.len();
        let Some(touchpoint) = self.record_touchpoint(observation.id, key, observation.seen_at)?
        else {
            return Ok(Outcome::Erased);
        };
        let is_new = self.store.touchpoints.len() > known;
        let source = self.source(&observation.source)?;
        let record = self.record(observation.record.as_str())?;
        let name = observation.name.as_deref().map(|name| self.name(name)).transpose()?;
        self.position += 1;
        let mut outcome = is_new.then_some(Outcome::Recorded);
        for identifier in &observation.identifiers {
            let weaker = identifier.weaker.iter().map(|value| (value, true));
            for (value, weaker) in std::iter::once((&identifier.value, false)).chain(weaker) {
                let assertion = Assertion {
                    touchpoint,
                    identifier: self.identifier(value)?,
                    source,
                    record,
                    seen_at: observation.seen_at,
                    until: observation.until,
                    revision: observation.revision,
                    verification: observation.verification,
                    class: identifier.class,
                    weaker,
                    name,
                };
                let one = self.append(&assertion, true)?;
                outcome = Some(
                    outcome.map_or(one, |all| if (one as u8) < all as u8 { one } else { all }),
                );
            }
        }
        self.finish_call();
        Ok(outcome.unwrap_or(Outcome::Known))
    }

    /// Records many pieces of evidence as one call; much faster than one by one where there are
    /// about as many as the graph holds already.
    ///
    /// # Errors
    /// If a handle is not one of this graph or a time cannot be kept. All are checked before the
    /// first is recorded: then nothing has changed.
    ///
    /// Complexity: O(n) random accesses for a load of n.
    pub fn assert(&mut self, assertions: &[Assertion]) -> Result<(), ObserveError> {
        for assertion in assertions {
            self.check(assertion)?;
        }
        self.position += 1;
        let in_bulk = assertions.len() >= 64.max(self.store.evidence.len());
        self.store.evidence.reserve(assertions.len().saturating_sub(self.store.free.len()));
        for block in assertions.chunks(BLOCK) {
            self.touch(block);
            for assertion in block {
                let _ = self.append(assertion, !in_bulk)?;
            }
        }
        if in_bulk {
            self.rebuild();
        }
        self.finish_call();
        Ok(())
    }

    /// Reads the records that a block will change, so that their cache misses overlap.
    #[inline]
    fn touch(&self, block: &[Assertion]) {
        if block.len() > 1 {
            let store = &self.store;
            let read = block.iter().fold(0, |read, assertion| {
                read ^ store.values[assertion.identifier.index()].evidence
                    ^ store.touchpoints[assertion.touchpoint.index()].evidence
            });
            std::hint::black_box(read);
        }
    }

    fn check(&self, assertion: &Assertion) -> Result<(), ObserveError> {
        micros(assertion.seen_at, "seen_at")?;
        if let Some(until) = assertion.until {
            micros(until, "until")?;
        }
        let store = &self.store;
        let was_erased = !self.erased.is_empty();
        let what = if assertion.touchpoint.index() >= store.touchpoints.len()
            || (was_erased && store.is_erased(assertion.touchpoint.0))
        {
            "touchpoint"
        } else if assertion.identifier.index() >= store.values.len()
            || (was_erased && store.is_forgotten(assertion.identifier.0))
        {
            "identifier"
        } else if assertion.source.index() >= store.sources.len() {
            "source"
        } else if assertion.name.is_some_and(|name| name.index() >= store.names.len()) {
            "name"
        } else {
            return Ok(());
        };
        Err(ObserveError::UnknownHandle { what })
    }

    /// The handle of an account, recorded under `id` if it is new. `None` if the account was erased
    /// after it was seen.
    ///
    /// # Errors
    /// If `id` was given to another account, or the time cannot be kept.
    pub fn touchpoint(
        &mut self,
        id: TouchpointId,
        key: &TouchpointKey,
        seen_at: DateTime<Utc>,
    ) -> Result<Option<TouchpointHandle>, ObserveError> {
        self.touchpoint_in(id, (&key.channel, &key.scope, &key.id), seen_at)
    }

    /// Like [`touchpoint`](Self::touchpoint), from borrowed parts: channel, scope, account id.
    ///
    /// # Errors
    /// If `id` was given to another account, or the time cannot be kept.
    pub fn touchpoint_in(
        &mut self,
        id: TouchpointId,
        key: (&ChannelKind, &str, &str),
        seen_at: DateTime<Utc>,
    ) -> Result<Option<TouchpointHandle>, ObserveError> {
        let known = self.store.touchpoints.len();
        let touchpoint = self.record_touchpoint(id, key, seen_at)?;
        self.position += u64::from(self.store.touchpoints.len() > known);
        Ok(touchpoint)
    }

    fn record_touchpoint(
        &mut self,
        id: TouchpointId,
        (channel, scope, account_id): (&ChannelKind, &str, &str),
        seen_at: DateTime<Utc>,
    ) -> Result<Option<TouchpointHandle>, ObserveError> {
        let seen = micros(seen_at, "seen_at")?;
        if self.is_erased_at((channel, scope, account_id), seen) {
            return Ok(None);
        }
        let full = |full| ObserveError::full(&full, "touchpoints");
        let account = self.store.account(channel, scope).map_err(full)?;
        if let Some(index) = self.store.find_touchpoint(account, account_id) {
            return Ok(Some(TouchpointHandle(index)));
        }
        if self.store.find_id(id).is_some() {
            return Err(ObserveError::IdTaken { id });
        }
        self.store
            .add_touchpoint(account, account_id, id)
            .map_err(full)
            .map(TouchpointHandle)
            .map(Some)
    }

    /// The handle of a value.
    ///
    /// # Errors
    /// If it is no value, or the graph is full.
    pub fn identifier(
        &mut self,
        value: &IdentifierValue,
    ) -> Result<IdentifierHandle, ObserveError> {
        self.identifier_ref(value.as_ref())
    }

    /// The handle of a phone number.
    ///
    /// # Errors
    /// If the graph is full.
    pub fn phone(&mut self, number: PhoneNumber) -> Result<IdentifierHandle, ObserveError> {
        self.identifier_ref(IdentifierRef::Phone(number.digits()))
    }

    /// The handle of a line: what two writings of a number agree on, so weaker evidence.
    ///
    /// # Errors
    /// If the graph is full.
    pub fn line(&mut self, line: LineKey) -> Result<IdentifierHandle, ObserveError> {
        self.identifier_ref(IdentifierRef::Phone(line.digits()))
    }

    /// The handle of a mailbox, by its exact or canonical key.
    ///
    /// # Errors
    /// If the key is too long, or the graph is full.
    pub fn email(&mut self, key: &str) -> Result<IdentifierHandle, ObserveError> {
        self.identifier_ref(IdentifierRef::Email(key))
    }

    fn identifier_ref(
        &mut self,
        value: IdentifierRef<'_>,
    ) -> Result<IdentifierHandle, ObserveError> {
        if let Some(index) = self.store.find_value(value) {
            return Ok(IdentifierHandle(index));
        }
        check_value(value)?;
        let barred = self.rules.blocked_by(value).is_some();
        let full = |full| ObserveError::full(&full, "identifiers");
        self.store.add_value(value, barred).map_err(full).map(IdentifierHandle)
    }

    /// The handle of a source.
    ///
    /// # Errors
    /// If there are 32,768 sources already.
    pub fn source(&mut self, name: &str) -> Result<SourceHandle, ObserveError> {
        self.store
            .source(name)
            .map_err(|full| ObserveError::full(&full, "source"))
            .map(SourceHandle)
    }

    /// The handle of a source's record id.
    ///
    /// # Errors
    /// If it is too long.
    pub fn record(&mut self, id: &str) -> Result<RecordHandle, ObserveError> {
        let word =
            self.store.texts.insert(id).map_err(|_| ObserveError::TooLong { field: "record" })?;
        Ok(RecordHandle(word))
    }

    /// The handle of a name, as it is written.
    ///
    /// # Errors
    /// If it is too long, or the graph is full.
    pub fn name(&mut self, name: &str) -> Result<NameHandle, ObserveError> {
        self.store.name(name).map_err(|full| ObserveError::full(&full, "name")).map(NameHandle)
    }

    /// Appends one checked assertion. With `join`, customers follow at once; otherwise the caller
    /// rebuilds.
    pub(super) fn append(
        &mut self,
        assertion: &Assertion,
        join: bool,
    ) -> Result<Outcome, ObserveError> {
        let (touchpoint, value) = (assertion.touchpoint.0, assertion.identifier.0);
        let seen = micros(assertion.seen_at, "seen_at")?;
        let until = assertion.until.map(|until| micros(until, "until")).transpose()?;
        let extension = Extension { revision: assertion.revision, until };
        if !self.erased.is_empty() && self.was_erased_at(touchpoint, seen) {
            return Ok(Outcome::Erased);
        }
        if !self.tombstones.is_empty() {
            let id = self.id_of(assertion);
            if self.tombstones.get(&id).is_some_and(|buried| assertion.revision <= *buried) {
                return Ok(Outcome::Retracted);
            }
        }
        let mut is_new_edge = true;
        let mut known = None;
        for (index, evidence) in self.store.of_touchpoint(touchpoint) {
            if evidence.value == value {
                is_new_edge = false;
                if evidence.source() == assertion.source.0
                    && self.same_record(evidence.record, assertion.record.0)
                {
                    known = Some(index);
                    break;
                }
            }
        }
        if let Some(index) = known {
            return Ok(self.update(index, assertion, seen, extension));
        }
        if until.is_some_and(|until| until <= self.clock) {
            let id = self.id_of(assertion);
            self.bury(id, assertion.revision);
            return Ok(Outcome::Ended);
        }
        let marks = Marks {
            source: assertion.source.0,
            verification: assertion.verification,
            class: assertion.class,
            weaker: assertion.weaker,
            extended: extension.revision > 0 || until.is_some(),
        };
        let evidence = Evidence::new(touchpoint, value, assertion.record.0, (seen, seen), marks);
        let index = self.link(evidence, extension)?;
        let is_new_name = assertion.name.is_some_and(|name| self.set_name(index, name.0));
        let validity = self.rules.validity(self.store.values[value as usize].kind());
        let end = end_after(until, seen, validity);
        self.gained(
            Gain { touchpoint, value, start: seen, end, class: assertion.class, is_new_edge },
            join,
        );
        if is_new_name && self.store.evidence[index as usize].next_of_touchpoint != NONE {
            self.names_changed(touchpoint, join);
        }
        Ok(Outcome::Recorded)
    }

    fn id_of(&self, assertion: &Assertion) -> EvidenceId {
        let record = self.store.record_ref(assertion.record.0);
        self.store.id_of(assertion.source.0, record, assertion.touchpoint.0, assertion.identifier.0)
    }

    fn same_record(&self, word: u64, other: u64) -> bool {
        word == other
            || matches!(
                (self.store.record_ref(word), self.store.record_ref(other)),
                (crate::tenant_key::RecordRef::Text(a), crate::tenant_key::RecordRef::Text(b)) if a == b
            )
    }

    pub(super) fn bury(&mut self, id: EvidenceId, revision: u32) {
        let buried = self.tombstones.entry(id).or_insert(revision);
        *buried = revision.max(*buried);
    }

    pub(super) fn link(
        &mut self,
        mut evidence: Evidence,
        extension: Extension,
    ) -> Result<u32, ObserveError> {
        let store = &mut self.store;
        let index = match store.free.last() {
            Some(index) => *index,
            None => {
                u32::try_from(store.evidence.len()).ok().filter(|index| *index < NONE).ok_or_else(
                    || ObserveError::Full { what: "pieces of evidence", most: NONE.into() },
                )?
            }
        };
        let touchpoint = &mut store.touchpoints[evidence.touchpoint as usize];
        let value = &mut store.values[evidence.value as usize];
        evidence.next_of_touchpoint = std::mem::replace(&mut touchpoint.evidence, index);
        evidence.next_of_value = std::mem::replace(&mut value.evidence, index);
        if evidence.extended() {
            store.extensions.insert(index, extension);
            if let Some(until) = extension.until {
                self.deadlines.insert((until, index));
            }
        }
        if store.free.pop().is_some() {
            store.evidence[index as usize] = evidence;
            if let Some(name) = store.name_of.get_mut(index as usize) {
                *name = NONE;
            }
        } else {
            store.evidence.push(evidence);
        }
        Ok(index)
    }

    /// Whether the touchpoint did not have the name before.
    pub(super) fn set_name(&mut self, evidence: u32, name: u32) -> bool {
        let store = &mut self.store;
        let touchpoint = store.evidence[evidence as usize].touchpoint;
        let is_new = !store
            .of_touchpoint(touchpoint)
            .any(|(index, _)| store.name_of.get(index as usize) == Some(&name));
        if store.name_of.len() <= evidence as usize {
            store.name_of.resize(evidence as usize + 1, NONE);
        }
        store.name_of[evidence as usize] = name;
        is_new
    }

    /// Every value that the touchpoint shares must be judged by its names anew.
    pub(super) fn names_changed(&mut self, touchpoint: u32, join: bool) {
        let shared: Vec<u32> = self
            .store
            .of_touchpoint(touchpoint)
            .map(|(_, evidence)| evidence.value)
            .filter(|value| {
                let value = &self.store.values[*value as usize];
                value.holders() > 1 && matches!(value.mode(), Mode::Simple | Mode::Split)
            })
            .collect();
        for value in shared {
            if !join || !self.agree_at_once(value, touchpoint) {
                self.mark_dirty(value);
            }
        }
    }

    /// The same evidence once more. Two writings of one revision become one that says what both
    /// say, so their order plays no part; a higher revision replaces.
    fn update(&mut self, index: u32, assertion: &Assertion, seen: u64, new: Extension) -> Outcome {
        let old = self.store.extension(index);
        let evidence = self.store.evidence[index as usize];
        let name = assertion.name.map_or(NONE, |name| name.0);
        let old_name = self.store.name_of.get(index as usize).copied().unwrap_or(NONE);
        let (seen, extension, marks, name) = if new.revision < old.revision {
            return Outcome::Outdated;
        } else if new.revision > old.revision {
            let marks = Marks {
                source: assertion.source.0,
                verification: assertion.verification,
                class: assertion.class,
                weaker: assertion.weaker,
                extended: true,
            };
            ((seen, seen), new, marks, name)
        } else {
            let until = match (old.until, new.until) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            let marks = Marks {
                source: assertion.source.0,
                verification: evidence.verification().min(assertion.verification),
                class: evidence.class().max(assertion.class),
                weaker: evidence.weaker() && assertion.weaker,
                extended: old.revision > 0 || until.is_some(),
            };
            let seen = (evidence.first().min(seen), evidence.last().max(seen));
            (seen, Extension { until, ..old }, marks, self.agreed_name(old_name, name))
        };
        let is_same = seen == (evidence.first(), evidence.last())
            && marks == evidence.marks()
            && extension == old
            && name == old_name;
        if is_same {
            return Outcome::Known;
        }
        if extension.until.is_some_and(|until| until <= self.clock) {
            let id = self.store.evidence_id(index);
            self.withdraw(index, false);
            self.bury(id, extension.revision);
            return Outcome::Ended;
        }
        if let Some(until) = old.until {
            self.deadlines.remove(&(until, index));
        }
        if let Some(until) = extension.until {
            self.deadlines.insert((until, index));
        }
        if marks.extended {
            self.store.extensions.insert(index, extension);
        }
        self.store.evidence[index as usize].set(seen, marks);
        if name != old_name {
            let _ = self.set_name(index, name);
            self.names_changed(evidence.touchpoint, true);
        }
        self.changed(index, &evidence, old);
        Outcome::Updated
    }

    /// Of two names that one revision was delivered with: any fixed choice does.
    fn agreed_name(&self, a: u32, b: u32) -> u32 {
        if a == NONE || (b != NONE && self.store.name_text(b) < self.store.name_text(a)) {
            b
        } else {
            a
        }
    }

    /// Evidence that was live says something else now.
    fn changed(&mut self, index: u32, before: &Evidence, extension: Extension) {
        let now = self.store.evidence[index as usize];
        let value = self.store.values[now.value as usize];
        let validity = self.rules.validity(value.kind());
        let end = end_of(&self.store, index, now.last(), validity);
        let only_grew = extension == self.store.extension(index)
            && now.first() <= before.first()
            && now.last() >= before.last()
            && now.class() == before.class();
        match value.mode() {
            Mode::Simple | Mode::Quarantined if only_grew => {
                let value = &mut self.store.values[now.value as usize];
                value.start = value.start.min(now.first());
                value.end = value.end.max(end);
            }
            _ => self.mark_dirty(now.value),
        }
        // Its place in the order of rank may be another.
        if let Some(contest) = self.store.touchpoints[now.touchpoint as usize].state.contest() {
            self.mark_contest(contest);
        }
    }

    /// A value has one more piece of evidence.
    fn gained(&mut self, gain: Gain, join: bool) {
        let Gain { touchpoint, value, start, end, class, is_new_edge } = gain;
        let record = &mut self.store.values[value as usize];
        let holders = record.holders() + u32::from(is_new_edge);
        record.set_holders(holders);
        let (kind, mode) = (record.kind(), record.mode());
        if record.is_dirty() || mode == Mode::Barred {
            return;
        }
        let overlaps = !is_new_edge || holders == 1 || (start < record.end && record.start < end);
        if overlaps && mode != Mode::Split {
            record.start = record.start.min(start);
            record.end = record.end.max(end);
        }
        // More evidence of an edge may give it another place in the order of rank.
        if !is_new_edge
            && join
            && let Some(contest) = self.store.touchpoints[touchpoint as usize].state.contest()
        {
            self.mark_contest(contest);
        }
        if !self.rules.class_joins(class) {
            self.mark_dirty(value);
            return;
        }
        match mode {
            Mode::Simple if holders == 1 => {
                if is_new_edge && join {
                    self.count_value(touchpoint, kind);
                }
            }
            Mode::Simple if overlaps && holders <= self.rules.kind(kind).holders => {
                if !is_new_edge {
                    return;
                }
                // A load judges every such value once, at its end.
                let agree = if join {
                    self.agree_at_once(value, touchpoint)
                } else {
                    !self.compares_names()
                };
                if agree {
                    if join && let Some(other) = self.other_holder(value, touchpoint) {
                        self.join(touchpoint, other);
                    }
                } else {
                    self.mark_dirty(value);
                }
            }
            Mode::Quarantined if overlaps => {}
            _ => self.mark_dirty(value),
        }
    }

    fn other_holder(&self, value: u32, touchpoint: u32) -> Option<u32> {
        self.store
            .of_value(value)
            .map(|(_, evidence)| evidence.touchpoint)
            .find(|holder| *holder != touchpoint)
    }

    fn compares_names(&self) -> bool {
        self.rules.policy.compare_names && !self.store.name_of.is_empty()
    }

    /// Whether the names of all other holders agree with this one's for certain; if not, the value
    /// is judged in full.
    fn agree_at_once(&self, value: u32, touchpoint: u32) -> bool {
        if !self.compares_names() {
            return true;
        }
        if self.store.values[value as usize].mode() != Mode::Simple {
            return false;
        }
        let own = names_of(&self.store, touchpoint);
        let mut parsed: Option<Vec<PersonName>> = None;
        self.store.of_value(value).filter(|(_, evidence)| evidence.touchpoint != touchpoint).all(
            |(_, evidence)| {
                let names = names_of(&self.store, evidence.touchpoint);
                if names == own {
                    return true;
                }
                let own = parsed.get_or_insert_with(|| parse_all(&self.store, &own));
                let others = parse_all(&self.store, &names);
                if own.is_empty() || others.is_empty() {
                    return true;
                }
                own.iter().any(|name| {
                    others.iter().any(|other| {
                        matches!(name.compare(other), NameMatch::Same | NameMatch::Compatible)
                    })
                })
            },
        )
    }

    /// Counts a value to the cluster of its first holder.
    fn count_value(&mut self, touchpoint: u32, kind: crate::IdentifierKind) {
        let record = self.store.touchpoints[touchpoint as usize];
        if let Some(contest) = record.state.contest() {
            self.mark_contest(contest);
            return;
        }
        let founder = record.founder as usize;
        let state = self.store.touchpoints[founder].state.with_value(kind);
        self.store.touchpoints[founder].state = state;
        if self.is_over(state) {
            self.contest(record.founder);
        }
    }
}

fn parse_all(store: &Store, names: &[u32]) -> Vec<PersonName> {
    names.iter().filter_map(|name| PersonName::parse(store.name_text(*name))).collect()
}

fn check_value(value: IdentifierRef<'_>) -> Result<(), ObserveError> {
    match value {
        IdentifierRef::Phone(digits) if digits == 0 || digits >= 1_000_000_000_000_000 => {
            Err(ObserveError::NotAPhone)
        }
        IdentifierRef::Email(key) if key.len() >= 1 << 16 => {
            Err(ObserveError::TooLong { field: "email" })
        }
        _ => Ok(()),
    }
}
