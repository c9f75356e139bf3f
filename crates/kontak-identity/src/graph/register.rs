//! Observations in words: their accounts, values, sources and names become handles.

use super::IdentityGraph;
use super::intern::check_value;
use super::observe::{Assertion, ObserveError, Outcome, micros};
use crate::handle::{NameHandle, TouchpointHandle};
use crate::observation::Observation;

/// How many observations are looked ahead.
const BLOCK: usize = 64;

/// Where the words of one observation are found.
struct Hashes {
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
        let mut assertions = Vec::with_capacity(2 * observation.identifiers.len());
        let registered = self.register_words(std::slice::from_ref(observation), &mut assertions);
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
        for assertion in &assertions {
            let one = self.append(assertion, true)?;
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
    /// Much faster than one by one: cache misses overlap, and where there are about as many as the
    /// graph holds already, all customers are formed at once.
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
        let mut assertions = Vec::with_capacity(2 * observations.len());
        let registered = self.register_words(observations, &mut assertions);
        if let Err(error) = self.assert(&assertions) {
            return registered
                .into_iter()
                .map(|one| one.and_then(|_| Err(error.clone())))
                .collect();
        }
        registered
    }

    /// Registers the words of observations and adds what they say to `assertions`, for one
    /// [`assert`](Self::assert) of many such blocks. What became of each touchpoint, in their
    /// order: `None` for one that was erased after it was seen.
    pub fn register(
        &mut self,
        observations: &[Observation],
        assertions: &mut Vec<Assertion>,
    ) -> Vec<Result<Option<TouchpointHandle>, ObserveError>> {
        let known = self.store.touchpoints.len();
        let registered = self.register_words(observations, assertions);
        self.position += u64::from(self.store.touchpoints.len() > known);
        registered
    }

    fn register_words(
        &mut self,
        observations: &[Observation],
        assertions: &mut Vec<Assertion>,
    ) -> Vec<Result<Option<TouchpointHandle>, ObserveError>> {
        let mut registered = Vec::with_capacity(observations.len());
        let mut hashes: Vec<Result<Hashes, ObserveError>> = Vec::with_capacity(BLOCK);
        let mut values: Vec<u64> = Vec::with_capacity(2 * BLOCK);
        for block in observations.chunks(BLOCK) {
            hashes.clear();
            values.clear();
            for observation in block {
                hashes.push(self.look_up(observation, &mut values));
            }
            if block.len() > 1 {
                self.touch_words(&hashes, &values);
            }
            let mut values = values.iter().copied();
            for (observation, hashes) in block.iter().zip(hashes.drain(..)) {
                registered.push(hashes.and_then(|hashes| {
                    self.register_one(observation, &hashes, &mut values, assertions)
                }));
            }
        }
        registered
    }

    /// Checks an observation, and hashes its words. One that is refused adds no hash of a value.
    fn look_up(
        &mut self,
        observation: &Observation,
        values: &mut Vec<u64>,
    ) -> Result<Hashes, ObserveError> {
        micros(observation.seen_at, "seen_at")?;
        if let Some(until) = observation.until {
            micros(until, "until")?;
        }
        for (_, value, _) in observation.values() {
            check_value(value.as_ref())?;
        }
        let key = &observation.touchpoint;
        let account = self.store.account(&key.channel, &key.scope);
        let account = account.map_err(|full| ObserveError::full(&full, "touchpoints"))?;
        values.extend(
            observation.values().map(|(_, value, _)| self.store.hash_value(value.as_ref())),
        );
        Ok(Hashes {
            account,
            touchpoint: self.store.hash_touchpoint(account, &key.id, observation.id),
            name: observation.name.as_deref().map(|name| self.store.hash_name(name)),
        })
    }

    /// Reads what a block will look up, so that its cache misses overlap.
    fn touch_words(&self, hashes: &[Result<Hashes, ObserveError>], values: &[u64]) {
        let store = &self.store;
        let mut read = 0;
        for hashes in hashes.iter().flatten() {
            read ^= store.touch_touchpoint(hashes.touchpoint);
            read ^= hashes.name.map_or(0, |hash| store.touch_name(hash));
        }
        for hash in values {
            read ^= store.touch_value(*hash);
        }
        std::hint::black_box(read);
    }

    fn register_one(
        &mut self,
        observation: &Observation,
        hashes: &Hashes,
        values: &mut impl Iterator<Item = u64>,
        assertions: &mut Vec<Assertion>,
    ) -> Result<Option<TouchpointHandle>, ObserveError> {
        // Whatever becomes of this one, the next one's hashes come after its own.
        let values: Vec<u64> = values.take(observation.values().count()).collect();
        let key = &observation.touchpoint;
        let seen = micros(observation.seen_at, "seen_at")?;
        if self.is_erased_at((&key.channel, &key.scope, &key.id), seen) {
            return Ok(None);
        }
        let touchpoint = self.enter(hashes.account, &key.id, observation.id, hashes.touchpoint)?;
        let source = self.source(&observation.source)?;
        let record = self.record(observation.record.as_str())?;
        let name = match (&observation.name, hashes.name) {
            (Some(name), Some(hash)) => {
                let index = self.store.enter_name(name, hash);
                Some(NameHandle(index.map_err(|full| ObserveError::full(&full, "name"))?))
            }
            _ => None,
        };
        for ((identifier, value, weaker), hash) in observation.values().zip(values) {
            assertions.push(Assertion {
                touchpoint,
                identifier: self.enter_value(value.as_ref(), hash)?,
                source,
                record,
                seen_at: observation.seen_at,
                until: observation.until,
                revision: observation.revision,
                verification: observation.verification,
                class: identifier.class,
                weaker,
                data_version: self.data_version(&identifier.data_version)?,
                name,
            });
        }
        Ok(Some(touchpoint))
    }
}
