use super::{EnvelopeKind, ProviderId};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// By what two deliveries of the same thing are known: our account, the kind of thing, the
/// provider's id, and the version where one id stands for several things. `sent`, `delivered` and
/// `read` of one message carry one id, and so do a message and its edits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DedupeKey {
    /// Our name of the account.
    pub account: Box<str>,
    /// What kind of thing.
    pub kind: EnvelopeKind,
    /// The provider's id of it.
    pub id: ProviderId,
    /// Status or edit; empty where the id says it all.
    pub version: Box<str>,
}

impl DedupeKey {
    /// A thing that the id alone tells apart.
    pub fn new(account: impl Into<Box<str>>, kind: EnvelopeKind, id: ProviderId) -> Self {
        Self { account: account.into(), kind, id, version: "".into() }
    }

    /// With the status or edit that this is.
    #[must_use]
    pub fn with_version(self, version: impl Into<Box<str>>) -> Self {
        Self { version: version.into(), ..self }
    }
}

/// The keys seen in the last so many hours, in the memory of one process.
///
/// Where a store is at hand its unique index does this better: it is one for all processes and
/// survives them. Keep keys for longer than the provider goes on trying; Meta tries for days.
///
/// ```
/// use kontak_channel::chrono::{DateTime, TimeDelta};
/// use kontak_channel::{DedupeKey, DedupeMemory, EnvelopeKind, ProviderId};
///
/// let mut seen = DedupeMemory::new(TimeDelta::days(7));
/// let key = DedupeKey::new("shop", EnvelopeKind::Receipt, ProviderId::new("wamid.1")?);
/// let now = DateTime::UNIX_EPOCH;
/// assert!(seen.insert(key.clone().with_version("sent"), now));
/// assert!(seen.insert(key.clone().with_version("read"), now));
/// assert!(!seen.insert(key.clone().with_version("sent"), now + TimeDelta::days(6)));
/// assert!(seen.insert(key.with_version("sent"), now + TimeDelta::days(14)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct DedupeMemory {
    retention: TimeDelta,
    seen: BTreeMap<DedupeKey, DateTime<Utc>>,
    by_age: BTreeSet<(DateTime<Utc>, DedupeKey)>,
}

impl DedupeMemory {
    /// Keeps keys for so long after they were last seen.
    #[must_use]
    pub fn new(retention: TimeDelta) -> Self {
        Self { retention, seen: BTreeMap::new(), by_age: BTreeSet::new() }
    }

    /// Whether the key is seen for the first time. O(log n), and forgets what is too old.
    pub fn insert(&mut self, key: DedupeKey, now: DateTime<Utc>) -> bool {
        while let Some((last, _)) = self.by_age.first()
            && now.signed_duration_since(*last) > self.retention
            && let Some((_, old)) = self.by_age.pop_first()
        {
            self.seen.remove(&old);
        }
        let before = self.seen.insert(key.clone(), now);
        if let Some(before) = before {
            self.by_age.remove(&(before, key.clone()));
        }
        self.by_age.insert((now, key));
        before.is_none()
    }

    /// How many keys are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }
}
