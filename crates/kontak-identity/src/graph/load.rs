//! A load: many assertions at once, appended column by column. Customers are formed afterwards.

use super::IdentityGraph;
use super::append::Gain;
use super::fact::{Extension, Fact, Origin};
use super::observe::{Assertion, ObserveError, micros};
use super::record::{Evidence, NONE, Span};
use super::split::end_after;
use std::hint::black_box;

/// How many pieces of evidence are looked ahead.
const BLOCK: usize = 64;

impl IdentityGraph {
    /// Checks and appends a load, without joining anybody.
    ///
    /// What is said goes into the columns in one pass, which ends where a check fails, and is taken
    /// out again. Only then is it linked to what is there. A piece that may replace or end another
    /// waits until the plain ones are in; their order says nothing.
    pub(super) fn load(&mut self, assertions: &[Assertion]) -> Result<(), ObserveError> {
        let before = self.store.evidence.len();
        if before + assertions.len() >= NONE as usize {
            return Err(ObserveError::Full { what: "pieces of evidence", most: NONE.into() });
        }
        self.store.reserve_evidence(assertions.len());
        let is_virgin = self.erased.is_empty() && self.tombstones.is_empty();
        let mut names: Vec<u32> = Vec::new();
        let mut later: Vec<&Assertion> = Vec::new();
        for assertion in assertions {
            let seen = match self.check(assertion) {
                Ok(seen) => seen,
                Err(error) => {
                    self.store.evidence.truncate(before);
                    self.store.facts.truncate(before);
                    return Err(error);
                }
            };
            if !is_virgin || !self.enter_plain(assertion, seen) {
                later.push(assertion);
            } else if let Some(name) = assertion.name {
                names.resize(self.store.evidence.len() - 1 - before, NONE);
                names.push(name.0);
            }
        }
        self.position += 1;
        self.link_from(before, &names);
        for assertion in later {
            let _ = self.append(assertion, false)?;
        }
        Ok(())
    }

    /// Writes what a checked assertion says behind the columns. False where it needs more than its
    /// place there.
    #[inline]
    fn enter_plain(&mut self, assertion: &Assertion, seen: u64) -> bool {
        let is_plain = assertion.until.is_none()
            && assertion.revision == 0
            && self.store.facts.push(assertion.record.0, seen, Origin::of(assertion));
        if is_plain {
            self.store.evidence.push(Evidence {
                touchpoint: assertion.touchpoint.0,
                value: assertion.identifier.0,
                next_of_touchpoint: NONE,
                next_of_value: NONE,
            });
        }
        is_plain
    }

    /// Links the evidence from a place on to its touchpoints and values. What was known already
    /// leaves its place to the next.
    fn link_from(&mut self, from: usize, names: &[u32]) {
        let to = self.store.evidence.len();
        let mut kept = from;
        for start in (from..to).step_by(BLOCK) {
            let block = start..to.min(start + BLOCK);
            let store = &self.store;
            // Their cache misses overlap where nothing else hangs on them.
            black_box(store.evidence[block.clone()].iter().fold(0, |read, evidence| {
                read ^ store.values[evidence.value as usize].evidence
                    ^ store.touchpoints[evidence.touchpoint as usize].evidence
            }));
            for place in block {
                let name = names.get(place - from).copied().unwrap_or(NONE);
                kept += usize::from(self.link_one(place, kept, name));
            }
        }
        self.store.evidence.truncate(kept);
        self.store.facts.truncate(kept);
    }

    #[inline]
    fn link_one(&mut self, place: usize, kept: usize, name: u32) -> bool {
        let store = &mut self.store;
        let Evidence { touchpoint, value, .. } = store.evidence[place];
        let newest = store.touchpoints[touchpoint as usize].evidence;
        let mut is_new_edge = true;
        if newest != NONE {
            let (is_known, is_held) = self.repeats(place as u32);
            if let Some(known) = is_known {
                let fact = self.store.facts.get(place as u32);
                let _ = self.update(known, fact, name);
                return false;
            }
            is_new_edge = !is_held;
        }
        let store = &mut self.store;
        store.facts.shift(place, kept);
        let index = kept as u32;
        store.touchpoints[touchpoint as usize].evidence = index;
        let of_value = &mut store.values[value as usize];
        if of_value.anchor == NONE {
            of_value.anchor = touchpoint;
        }
        let next_of_value = std::mem::replace(&mut of_value.evidence, index);
        let validity = self.rules.validity(of_value.kind());
        store.evidence[kept] =
            Evidence { touchpoint, value, next_of_touchpoint: newest, next_of_value };
        let (seen, class) = (store.facts.first(index), store.facts.origin(index).class);
        let span = Span::new(seen, end_after(None, seen, validity));
        let is_new_name = name != NONE && self.set_name(index, name);
        self.gained(Gain { touchpoint, value, span, class, is_new_edge }, false);
        if is_new_name && newest != NONE {
            self.names_changed(touchpoint, false);
        }
        true
    }

    /// The piece of evidence that this one repeats, and whether its touchpoint holds its value.
    fn repeats(&self, place: u32) -> (Option<u32>, bool) {
        let Evidence { touchpoint, value, .. } = self.store.evidence[place as usize];
        let source = self.store.facts.origin(place).source;
        let record = self.store.facts.record(place);
        self.known_evidence(touchpoint, value, source, record)
    }

    /// The live evidence with these words, and whether the touchpoint holds the value at all.
    pub(super) fn known_evidence(
        &self,
        touchpoint: u32,
        value: u32,
        source: u16,
        record: u64,
    ) -> (Option<u32>, bool) {
        let mut is_held = false;
        for (index, evidence) in self.store.of_touchpoint(touchpoint) {
            if evidence.value == value {
                is_held = true;
                if self.same_record(self.store.facts.record(index), record)
                    && self.store.facts.origin(index).source == source
                {
                    return (Some(index), true);
                }
            }
        }
        (None, is_held)
    }
}

impl Origin {
    pub(super) fn of(assertion: &Assertion) -> Self {
        Self {
            source: assertion.source.0,
            verification: assertion.verification,
            class: assertion.class,
            weaker: assertion.weaker,
            data_version: assertion.data_version.0,
        }
    }
}

impl Fact {
    pub(super) fn of(assertion: &Assertion) -> Result<Self, ObserveError> {
        let seen = micros(assertion.seen_at, "seen_at")?;
        let until = assertion.until.map(|until| micros(until, "until")).transpose()?;
        Ok(Self {
            record: assertion.record.0,
            seen: (seen, seen),
            origin: Origin::of(assertion),
            extension: Extension { revision: assertion.revision, until },
        })
    }
}
