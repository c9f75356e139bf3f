//! A load: many pieces of evidence at once, linked column by column. Customers are formed
//! afterwards.

use super::IdentityGraph;
use super::append::Gain;
use super::batch::{Batch, Piece};
use super::observe::ObserveError;
use super::record::{Evidence, NONE, Span};
use super::split::end_after;
use super::store::Store;
use crate::identifier::IdentifierKind;
use std::hint::black_box;

/// How many pieces of evidence are looked ahead.
const BLOCK: usize = 64;

/// From here on all customers are formed anew at once, if this is a quarter of what the graph holds:
/// one by one, a piece of evidence takes more than four times as long.
const LEAST_IN_BULK: usize = 64;

impl IdentityGraph {
    /// Records a batch as one call: the fastest way into the graph where there is a quarter as much
    /// as it holds already.
    ///
    /// # Errors
    /// If a handle is not one of this graph. All are checked before the first is recorded: then
    /// nothing has changed.
    ///
    /// Complexity: O(n) random accesses for a batch of n.
    pub fn load(&mut self, batch: Batch) -> Result<(), ObserveError> {
        self.check_batch(&batch)?;
        if self.store.evidence.len() + batch.len() >= NONE as usize {
            return Err(ObserveError::Full { what: "pieces of evidence", most: NONE.into() });
        }
        self.position += 1;
        if batch.len() >= LEAST_IN_BULK.max(self.store.evidence.len() / 4) {
            self.load_in_bulk(batch)?;
            self.rebuild();
        } else {
            self.load_piecewise(&batch)?;
        }
        self.finish_call();
        Ok(())
    }

    fn load_piecewise(&mut self, batch: &Batch) -> Result<(), ObserveError> {
        self.store.reserve_evidence(batch.len().saturating_sub(self.store.free.len()));
        let mut pieces = batch.pieces();
        let mut block: Vec<Piece> = Vec::with_capacity(BLOCK.min(batch.len()));
        loop {
            block.clear();
            block.extend(pieces.by_ref().take(BLOCK));
            if block.is_empty() {
                return Ok(());
            }
            self.touch(block.iter().map(|piece| (piece.touchpoint, piece.value)));
            for piece in &block {
                let _ = self.append(piece, true)?;
            }
        }
    }

    /// Reads the records that a block will change, so that their cache misses overlap.
    #[inline]
    fn touch(&self, block: impl Iterator<Item = (u32, u32)>) {
        let store = &self.store;
        black_box(block.fold(0, |read, (touchpoint, value)| {
            read ^ store.values[value as usize].evidence
                ^ store.touchpoints[touchpoint as usize].evidence
        }));
    }

    /// Appends a batch, without joining anybody.
    ///
    /// What may replace or end another piece waits until the plain ones are in; their order says
    /// nothing.
    fn load_in_bulk(&mut self, batch: Batch) -> Result<(), ObserveError> {
        let Batch { mut evidence, facts, names, others, .. } = batch;
        let from = self.store.evidence.len();
        if from == 0 {
            evidence.shrink_to_fit();
            self.store.evidence = evidence;
        } else {
            self.store.evidence.append(&mut evidence);
        }
        self.store.facts.append(facts);
        self.link_from(from, &names);
        for piece in others {
            let _ = self.append(&piece, false)?;
        }
        Ok(())
    }

    /// Links the evidence from a place on to its touchpoints and values. What was known already
    /// leaves its place to the next.
    fn link_from(&mut self, from: usize, names: &[u32]) {
        let to = self.store.evidence.len();
        let is_virgin = self.erased.is_empty() && self.tombstones.is_empty();
        let mut limits = Limits::of(self);
        let mut kept = from;
        for start in (from..to).step_by(BLOCK) {
            let block = start..to.min(start + BLOCK);
            let evidence = self.store.evidence[block.clone()].iter();
            self.touch(evidence.map(|evidence| (evidence.touchpoint, evidence.value)));
            for place in block {
                let name = names.get(place - from).copied().unwrap_or(NONE);
                if is_virgin && name == NONE && self.store.link_plain(place, kept, &limits) {
                    kept += 1;
                } else {
                    kept += usize::from(self.link_one(place, kept, name));
                    limits = Limits::of(self);
                }
            }
        }
        self.store.evidence.truncate(kept);
        self.store.facts.truncate(kept);
    }

    /// Whether a piece was retracted before it came, or its touchpoint erased after it was seen.
    fn is_refused(&self, place: u32) -> bool {
        let Evidence { touchpoint, .. } = self.store.evidence[place as usize];
        !self.erased.is_empty() && self.was_erased_at(touchpoint, self.store.facts.first(place))
            || !self.tombstones.is_empty()
                && self.tombstones.contains_key(&self.store.evidence_id(place))
    }

    /// Links a piece whatever it says. False where it is no piece more.
    fn link_one(&mut self, place: usize, kept: usize, name: u32) -> bool {
        if self.is_refused(place as u32) {
            self.store.facts.forget_extension(place as u32);
            return false;
        }
        let (known, is_held) = self.repeats(place as u32);
        if let Some(known) = known {
            let fact = self.store.facts.get(place as u32);
            let _ = self.update(known, fact, name);
            self.store.facts.forget_extension(place as u32);
            return false;
        }
        let store = &mut self.store;
        store.link(place, kept);
        let index = kept as u32;
        let Evidence { touchpoint, value, next_of_touchpoint, .. } = store.evidence[kept];
        let (seen, class) = (store.facts.first(index), store.facts.origin(index).class);
        let validity = self.rules.validity(store.values[value as usize].kind());
        let span = Span::new(seen, end_after(None, seen, validity));
        let is_new_name = name != NONE && self.set_name(index, name);
        let is_new_edge = !is_held;
        self.gained(Gain { touchpoint, value, span, class, is_new_edge }, false);
        if is_new_name && next_of_touchpoint != NONE {
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

/// How far a value may grow without a closer look, by kind.
struct Limits {
    /// In µs; the most stands for no end.
    validity: [u64; 2],
    holders: [u32; 2],
    compares_names: bool,
    joins: u32,
}

impl Limits {
    fn of(graph: &IdentityGraph) -> Self {
        let (kinds, rules) = ([IdentifierKind::Phone, IdentifierKind::Email], &graph.rules);
        Self {
            validity: kinds.map(|kind| rules.validity(kind).unwrap_or(u64::MAX)),
            holders: kinds.map(|kind| rules.holders_at_once(kind)),
            compares_names: graph.compares_names(),
            joins: rules.classes_that_join(),
        }
    }
}

impl Store {
    /// Puts a piece at the head of its lists. Moves it to an earlier place.
    #[inline]
    fn link(&mut self, place: usize, kept: usize) {
        self.facts.shift(place, kept);
        let Evidence { touchpoint, value, .. } = self.evidence[place];
        let of_touchpoint = &mut self.touchpoints[touchpoint as usize].evidence;
        let of_value = &mut self.values[value as usize];
        of_value.anchor = if of_value.anchor == NONE { touchpoint } else { of_value.anchor };
        self.evidence[kept] = Evidence {
            touchpoint,
            value,
            next_of_touchpoint: std::mem::replace(of_touchpoint, kept as u32),
            next_of_value: std::mem::replace(&mut of_value.evidence, kept as u32),
        };
    }

    /// Links a piece of a value that its touchpoint did not have, where nothing must be judged for
    /// it. False, and nothing is done, where that is not certain.
    #[inline]
    fn link_plain(&mut self, place: usize, kept: usize, limits: &Limits) -> bool {
        let Evidence { touchpoint, value, .. } = self.evidence[place];
        let mut held = self.touchpoints[touchpoint as usize].evidence;
        while held != NONE {
            let other = &self.evidence[held as usize];
            if other.value == value {
                return false;
            }
            held = other.next_of_touchpoint;
        }
        let (seen, class) = (self.facts.first(place as u32), self.facts.origin(place as u32).class);
        let of_value = &mut self.values[value as usize];
        let kind = of_value.kind() as usize;
        let span = Span::new(seen, seen.saturating_add(limits.validity[kind]).max(seen + 1));
        let grows = limits.joins & 1 << class as u32 != 0
            && of_value.grow(span, limits.holders[kind], limits.compares_names);
        if grows {
            self.link(place, kept);
        }
        grows
    }
}
