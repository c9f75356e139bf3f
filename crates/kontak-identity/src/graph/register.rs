//! Observations in words: their accounts, values, sources and names become handles.

use super::batch::{Batch, Piece};
use super::fact::{Extension, Fact, Origin};
use super::intern::check_value;
use super::observe::{ObserveError, Outcome, micros};
use super::text::Texts;
use super::{IdentityGraph, NONE};
use crate::handle::TouchpointHandle;
use crate::observation::Observation;
use crate::packed::{PackedObservations, PackedRow};

/// How many observations are looked ahead.
const BLOCK: usize = 64;

/// Where the words of one observation are found, and its times.
struct Hashes {
    seen: u64,
    until: Option<u64>,
    account: u32,
    touchpoint: (u64, u64),
    name: Option<u64>,
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
        let known = self.store.touchpoints.len();
        let mut pieces = Vec::with_capacity(2 * observation.identifiers.len());
        let packed = PackedObservations::from_iter([observation]);
        let registered = self.register_words(&packed, &mut |piece| pieces.push(piece));
        let Some(Ok(Some(_))) = registered.first() else {
            return registered
                .into_iter()
                .next()
                .map_or(Ok(Outcome::Known), |refused| refused.map(|_| Outcome::Erased));
        };
        self.position += 1;
        let is_new = self.store.touchpoints.len() > known;
        let mut outcome = if is_new { Outcome::Recorded } else { Outcome::Known };
        let mut first = !is_new;
        for piece in &pieces {
            let one = self.append(piece, true)?;
            if std::mem::take(&mut first) || (one as u8) < outcome as u8 {
                outcome = one;
            }
        }
        self.finish_call();
        Ok(outcome)
    }

    /// Records many observations as one call; what became of each touchpoint, in their order. One
    /// that cannot be kept loses none of the others.
    ///
    /// Much faster than one by one: cache misses overlap, and where there are a quarter as many as
    /// the graph holds already, all customers are formed at once.
    ///
    /// ```
    /// use kontak_identity::{IdentityGraph, Observation, Policy, TenantKey};
    ///
    /// let mut graph = IdentityGraph::new(TenantKey::new([7; 16]), Policy::default())?;
    /// let observations: Vec<Observation> = Vec::new();
    /// for result in graph.observe_all(&observations) {
    ///     result?;
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn observe_all(
        &mut self,
        observations: &[Observation],
    ) -> Vec<Result<Option<TouchpointHandle>, ObserveError>> {
        let packed = PackedObservations::from_iter(observations);
        let mut batch = self.batch();
        let registered = self.register_words(&packed, &mut |piece| batch.put(piece));
        if let Err(error) = self.load(batch) {
            return registered
                .into_iter()
                .map(|one| one.and_then(|_| Err(error.clone())))
                .collect();
        }
        registered
    }

    /// Registers the words of observations and adds what they say to a batch, for one
    /// [`load`](Self::load) of many such blocks. What became of each touchpoint, in their order:
    /// `None` for one that was erased after it was seen.
    pub fn register(
        &mut self,
        observations: &[Observation],
        batch: &mut Batch,
    ) -> Vec<Result<Option<TouchpointHandle>, ObserveError>> {
        self.register_packed(&PackedObservations::from_iter(observations), batch)
    }

    /// Like [`register`](Self::register), from packed words.
    pub fn register_packed(
        &mut self,
        observations: &PackedObservations,
        batch: &mut Batch,
    ) -> Vec<Result<Option<TouchpointHandle>, ObserveError>> {
        let known = self.store.touchpoints.len();
        let registered = self.register_words(observations, &mut |piece| batch.put(piece));
        self.position += u64::from(self.store.touchpoints.len() > known);
        registered
    }

    fn register_words(
        &mut self,
        observations: &PackedObservations,
        put: &mut impl FnMut(Piece),
    ) -> Vec<Result<Option<TouchpointHandle>, ObserveError>> {
        let mut registered = Vec::with_capacity(observations.len());
        let block = BLOCK.min(observations.len());
        let mut hashes: Vec<Result<Hashes, ObserveError>> = Vec::with_capacity(block);
        let mut values: Vec<u64> = Vec::with_capacity(2 * block);
        let (mut likely, mut words) = (Vec::new(), Vec::new());
        for block in observations.rows.chunks(BLOCK) {
            hashes.clear();
            values.clear();
            for row in block {
                hashes.push(self.look_up(observations, row, &mut values));
            }
            if block.len() > 1 {
                self.touch_words(&hashes, &values, (&mut likely, &mut words));
            }
            let mut values = &values[..];
            for (row, hashes) in block.iter().zip(hashes.drain(..)) {
                registered.push(hashes.and_then(|hashes| {
                    // Whatever becomes of this one, the next one's hashes come after its own.
                    let (own, others) = values.split_at(observations.values(row).len());
                    values = others;
                    self.register_one(observations, row, &hashes, own, put)
                }));
            }
        }
        registered
    }

    /// Checks an observation, and hashes its words. One that is refused adds no hash of a value.
    #[inline]
    fn look_up(
        &mut self,
        observations: &PackedObservations,
        row: &PackedRow,
        hashes: &mut Vec<u64>,
    ) -> Result<Hashes, ObserveError> {
        let seen = micros(row.seen_at, "seen_at")?;
        let until = row.until.map(|until| micros(until, "until")).transpose()?;
        let values = observations.values(row);
        for value in values {
            check_value(observations.value(value))?;
        }
        let account = self.store.account(&row.channel, observations.scope(row));
        let account = account.map_err(|full| ObserveError::full(&full, "touchpoints"))?;
        let store = &self.store;
        hashes.extend(values.iter().map(|value| store.hash_value(observations.value(value))));
        Ok(Hashes {
            seen,
            until,
            account,
            touchpoint: store.hash_touchpoint(account, observations.account(row), row.id),
            name: observations.name(row).map(|name| store.hash_name(name)),
        })
    }

    /// Reads what a block will look up, one kind after the other, so that the cache misses of each
    /// overlap.
    fn touch_words(
        &self,
        hashes: &[Result<Hashes, ObserveError>],
        values: &[u64],
        (likely, words): (&mut Vec<u32>, &mut Vec<u64>),
    ) {
        let store = &self.store;
        let known = || hashes.iter().flatten();
        let names = || known().filter_map(|hashes| hashes.name);
        let mut lines = 0;
        for hashes in known() {
            lines ^= store.touch_touchpoint(hashes.touchpoint);
        }
        for hash in values {
            lines ^= store.touch_value(*hash);
        }
        for hash in names() {
            lines ^= store.touch_name(hash);
        }
        // Listed first: what is read in a loop that does nothing else is read at once.
        let mut records = 0;
        likely.clear();
        likely.extend(values.iter().filter_map(|hash| store.likely_value(*hash)));
        for value in likely.iter() {
            records ^= store.value_word(*value);
        }
        let mut texts = 0;
        words.clear();
        let of_values = likely.iter().map(|value| store.value_word(*value));
        words.extend(of_values.filter(|word| !Texts::is_number(*word)));
        for word in words.iter() {
            texts ^= store.touch_email(*word);
        }
        likely.clear();
        likely.extend(names().filter_map(|hash| store.likely_name(hash)));
        for name in likely.iter() {
            records ^= store.name_word(*name);
        }
        words.clear();
        words.extend(likely.iter().map(|name| store.name_word(*name)));
        for word in words.iter() {
            texts ^= store.touch_text(*word);
        }
        for hashes in known() {
            records ^= store.touch_key(hashes.touchpoint);
        }
        std::hint::black_box((lines, records, texts));
    }

    #[inline]
    fn register_one(
        &mut self,
        observations: &PackedObservations,
        row: &PackedRow,
        hashes: &Hashes,
        values: &[u64],
        put: &mut impl FnMut(Piece),
    ) -> Result<Option<TouchpointHandle>, ObserveError> {
        let (scope, account) = (observations.scope(row), observations.account(row));
        if self.is_erased_at((&row.channel, scope, account), hashes.seen) {
            return Ok(None);
        }
        let touchpoint = self.enter(hashes.account, account, row.id, hashes.touchpoint)?;
        let source = self.source(observations.source(row))?.0;
        let record = self.record(observations.record(row))?.0;
        let name = match (observations.name(row), hashes.name) {
            (Some(name), Some(hash)) => {
                let index = self.store.enter_name(name, hash);
                index.map_err(|full| ObserveError::full(&full, "name"))?
            }
            _ => NONE,
        };
        for (value, hash) in observations.values(row).iter().zip(values) {
            put(Piece {
                touchpoint: touchpoint.0,
                value: self.enter_value(observations.value(value), *hash)?.0,
                fact: Fact {
                    record,
                    seen: (hashes.seen, hashes.seen),
                    origin: Origin {
                        source,
                        verification: row.verification,
                        class: value.class,
                        weaker: value.weaker,
                        data_version: self.data_version(&value.data_version)?.0,
                    },
                    extension: Extension { revision: row.revision, until: hashes.until },
                },
                name,
            });
        }
        Ok(Some(touchpoint))
    }
}
