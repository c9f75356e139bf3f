//! The engine once more, as naively as it can be said: it keeps every fact it was ever told and
//! concludes everything anew from the live ones whenever it is asked. Sets and loops only; it shares
//! the comparison of two names with the engine and nothing else.

mod judgement;
mod partition;

use kontak_identity::chrono::{DateTime, Utc};
use kontak_identity::{
    EvidenceId, IdentifierClass, IdentifierValue, Observation, Policy, RecordId, Retraction,
    Verification,
};
use kontak_types::{TouchpointId, TouchpointKey};
use std::collections::{BTreeMap, BTreeSet};

/// What one record says of one value of one touchpoint; also what all records of one evidence id
/// say together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) id: EvidenceId,
    pub(crate) touchpoint: TouchpointKey,
    pub(crate) value: IdentifierValue,
    pub(crate) source: String,
    pub(crate) record: RecordId,
    pub(crate) revision: u32,
    pub(crate) first: DateTime<Utc>,
    pub(crate) last: DateTime<Utc>,
    pub(crate) until: Option<DateTime<Utc>>,
    pub(crate) verification: Verification,
    pub(crate) class: IdentifierClass,
    pub(crate) weaker: bool,
    pub(crate) name: Option<String>,
}

impl Fact {
    /// One fact per identifier, and one more for the weaker value that it stands for. The ids are
    /// keyed hashes, which only the engine can make: `id_of` asks it.
    pub(crate) fn all_of(
        observation: &Observation,
        mut id_of: impl FnMut(&Observation, &IdentifierValue) -> EvidenceId,
    ) -> Vec<Self> {
        let mut facts = Vec::new();
        for identifier in &observation.identifiers {
            let weaker = identifier.weaker.iter().map(|value| (value, true));
            for (value, weaker) in [(&identifier.value, false)].into_iter().chain(weaker) {
                facts.push(Self {
                    id: id_of(observation, value),
                    touchpoint: observation.touchpoint.clone(),
                    value: value.clone(),
                    source: observation.source.clone(),
                    record: observation.record.clone(),
                    revision: observation.revision,
                    first: observation.seen_at,
                    last: observation.seen_at,
                    until: observation.until,
                    verification: observation.verification,
                    class: identifier.class,
                    weaker,
                    name: observation.name.clone(),
                });
            }
        }
        facts
    }

    /// What two records of one evidence id and one revision say together.
    fn joined(self, other: &Self) -> Self {
        assert_eq!((self.id, self.revision), (other.id, other.revision));
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            until: earlier(self.until, other.until),
            verification: self.verification.min(other.verification),
            class: self.class.max(other.class),
            weaker: self.weaker && other.weaker,
            name: earlier(self.name.clone(), other.name.clone()),
            ..self
        }
    }
}

/// The smaller of those that are given.
fn earlier<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    a.into_iter().chain(b).min()
}

/// A touchpoint in the order of recording; without its key once it is erased.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: TouchpointId,
    pub(crate) key: Option<TouchpointKey>,
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) policy: Policy,
    pub(crate) accounts: Vec<Account>,
    facts: Vec<Fact>,
    tombstones: BTreeMap<EvidenceId, u32>,
    forbidden: BTreeSet<BTreeSet<TouchpointId>>,
    erased: BTreeMap<TouchpointKey, DateTime<Utc>>,
    clock: DateTime<Utc>,
}

impl Model {
    pub(crate) fn new(policy: Policy) -> Self {
        Self {
            policy,
            accounts: Vec::new(),
            facts: Vec::new(),
            tombstones: BTreeMap::new(),
            forbidden: BTreeSet::new(),
            erased: BTreeMap::new(),
            clock: DateTime::UNIX_EPOCH,
        }
    }

    /// Records an account if it is new. False if it was erased after it was seen.
    pub(crate) fn touchpoint(
        &mut self,
        id: TouchpointId,
        key: &TouchpointKey,
        seen_at: DateTime<Utc>,
    ) -> bool {
        if self.id_of(key).is_some() {
            return !self.refuses(key, seen_at);
        }
        if self.refuses(key, seen_at) {
            return false;
        }
        self.accounts.push(Account { id, key: Some(key.clone()) });
        true
    }

    fn refuses(&self, key: &TouchpointKey, seen_at: DateTime<Utc>) -> bool {
        self.erased.get(key).is_some_and(|erased_at| seen_at <= *erased_at)
    }

    /// False if the account was erased after it was seen.
    pub(crate) fn observe(&mut self, observation: &Observation, facts: Vec<Fact>) -> bool {
        if !self.touchpoint(observation.id, &observation.touchpoint, observation.seen_at) {
            return false;
        }
        self.facts.extend(facts);
        self.bury_what_ended();
        true
    }

    pub(crate) fn retract(&mut self, retraction: Retraction) {
        let buried = self.tombstones.entry(retraction.evidence).or_insert(retraction.revision);
        *buried = retraction.revision.max(*buried);
    }

    pub(crate) fn retract_all(&mut self, which: impl Fn(&Fact) -> bool) -> Vec<Retraction> {
        let retractions: Vec<Retraction> = self
            .live()
            .iter()
            .filter(|fact| which(fact))
            .map(|fact| Retraction::new(fact.id, fact.revision))
            .collect();
        for retraction in &retractions {
            self.retract(*retraction);
        }
        retractions
    }

    /// How much ended.
    pub(crate) fn expire(&mut self, now: DateTime<Utc>) -> usize {
        let before = self.live().len();
        self.clock = self.clock.max(now);
        self.bury_what_ended();
        before - self.live().len()
    }

    /// When the next explicit end comes.
    pub(crate) fn next_deadline(&self) -> Option<DateTime<Utc>> {
        self.live().iter().filter_map(|fact| fact.until).min()
    }

    fn bury_what_ended(&mut self) {
        for fact in self.standing() {
            if fact.until.is_some_and(|until| until <= self.clock) {
                self.retract(Retraction::new(fact.id, fact.revision));
            }
        }
    }

    /// False if one of the two is not recorded, or they are the same.
    pub(crate) fn forbid(&mut self, a: TouchpointId, b: TouchpointId) -> bool {
        let is_pair = a != b && self.knows(a) && self.knows(b);
        if is_pair {
            self.forbidden.insert(BTreeSet::from([a, b]));
        }
        is_pair
    }

    pub(crate) fn allow(&mut self, a: TouchpointId, b: TouchpointId) -> bool {
        self.forbidden.remove(&BTreeSet::from([a, b]));
        a != b && self.knows(a) && self.knows(b)
    }

    /// False if it is not recorded.
    pub(crate) fn erase(&mut self, id: TouchpointId, now: DateTime<Utc>) -> bool {
        let Some(account) = self.accounts.iter_mut().find(|account| account.id == id) else {
            return false;
        };
        let Some(key) = account.key.take() else { return false };
        self.facts.retain(|fact| fact.touchpoint != key);
        self.forbidden.retain(|pair| !pair.contains(&id));
        let erased_at = self.erased.entry(key).or_insert(now);
        *erased_at = now.max(*erased_at);
        true
    }

    pub(crate) fn knows(&self, id: TouchpointId) -> bool {
        self.accounts.iter().any(|account| account.id == id && account.key.is_some())
    }

    pub(crate) fn id_of(&self, key: &TouchpointKey) -> Option<TouchpointId> {
        self.accounts
            .iter()
            .find(|account| account.key.as_ref() == Some(key))
            .map(|account| account.id)
    }

    pub(crate) fn recorded(&self) -> impl Iterator<Item = (TouchpointId, &TouchpointKey)> {
        self.accounts.iter().filter_map(|account| Some((account.id, account.key.as_ref()?)))
    }

    /// Everything that was ever said and not erased.
    pub(crate) fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Per evidence id, what its highest revision says, unless a tombstone covers it.
    fn standing(&self) -> Vec<Fact> {
        let mut standing: BTreeMap<EvidenceId, Fact> = BTreeMap::new();
        for fact in &self.facts {
            let said = match standing.remove(&fact.id) {
                None => fact.clone(),
                Some(said) if said.revision < fact.revision => fact.clone(),
                Some(said) if said.revision > fact.revision => said,
                Some(said) => said.joined(fact),
            };
            standing.insert(fact.id, said);
        }
        standing.retain(|id, fact| {
            self.tombstones.get(id).is_none_or(|buried| fact.revision > *buried)
        });
        standing.into_values().collect()
    }

    pub(crate) fn live(&self) -> Vec<Fact> {
        self.standing()
            .into_iter()
            .filter(|fact| fact.until.is_none_or(|until| until > self.clock))
            .collect()
    }
}
