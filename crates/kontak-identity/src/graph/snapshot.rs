//! The whole state as data, and back.

use super::fact::{Extension, Fact, MOST_SOURCES, Origin, TIME_END};
use super::moves::Held;
use super::record::{Evidence, NONE};
use super::store::Entered;
use super::{IdentityGraph, Log};
use crate::identifier::{IdentifierClass, IdentifierValue};
use crate::observation::Verification;
use crate::policy::{Policy, PolicyError};
use crate::tenant_key::{EvidenceId, RecordRef, TenantKey};
use kontak_types::{ChannelKind, TouchpointId};
use serde::{Deserialize, Serialize};
use std::hash::Hasher;

const VERSION: u16 = 1;
/// No graph lives to see as many calls.
const MOST_CALLS: u64 = 1 << 60;

/// Everything a graph knows, except the tenant's key: facts, decisions and the log of changes.
///
/// Two graphs that were given the same calls in the same order have equal snapshots, byte for
/// byte. Holds personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    version: u16,
    /// Proves that a restore uses the same key.
    key_check: u32,
    policy: Policy,
    clock: u64,
    position: u64,
    accounts: Vec<(ChannelKind, String)>,
    sources: Vec<String>,
    data_versions: Vec<String>,
    /// Nothing for a forgotten name or value, so that handles keep their place.
    names: Vec<Option<String>>,
    identifiers: Vec<Option<IdentifierValue>>,
    touchpoints: Vec<TouchpointRow>,
    evidence: Vec<EvidenceRow>,
    tombstones: Vec<(EvidenceId, u32)>,
    erased: Vec<(String, u64)>,
    forbidden: Vec<(u32, u32)>,
    changes: Vec<(u32, u32)>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TouchpointRow {
    id: TouchpointId,
    /// Nothing for an erased touchpoint.
    key: Option<(u32, String)>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct EvidenceRow {
    touchpoint: u32,
    identifier: u32,
    source: u16,
    record: String,
    revision: u32,
    first: u64,
    last: u64,
    until: Option<u64>,
    verification: Verification,
    class: IdentifierClass,
    weaker: bool,
    data_version: u16,
    name: Option<u32>,
}

/// Why a snapshot cannot be restored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// A later release wrote it.
    #[error("the snapshot has version {found}; this release reads version {VERSION}")]
    Version {
        /// Its version.
        found: u16,
    },
    /// It was taken under another tenant's key.
    #[error("the snapshot was taken under another tenant key")]
    WrongKey,
    /// Its policy cannot be followed.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// A row points to nothing, or says what cannot be.
    #[error("{table} row {row} of the snapshot is damaged: {what}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// The row, from 0.
        row: usize,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl IdentityGraph {
    /// The whole state as data. Settles first.
    pub fn snapshot(&mut self) -> Snapshot {
        self.log_new();
        self.review_dirty();
        let store = &self.store;
        let mut evidence: Vec<EvidenceRow> = (0..store.touchpoints.len() as u32)
            .flat_map(|touchpoint| store.of_touchpoint(touchpoint))
            .map(|(index, evidence)| self.row(index, evidence))
            .collect();
        evidence.sort_unstable();
        let mut tombstones: Vec<(EvidenceId, u32)> =
            self.tombstones.iter().map(|(id, up_to)| (*id, *up_to)).collect();
        tombstones.sort_unstable();
        let mut erased: Vec<(String, u64)> =
            self.erased.iter().map(|(hash, at)| (format!("{hash:032x}"), *at)).collect();
        erased.sort_unstable();
        Snapshot {
            version: VERSION,
            key_check: key_check(&store.key),
            policy: self.rules.policy.clone(),
            clock: self.clock,
            position: self.position,
            accounts: store
                .accounts
                .iter()
                .map(|account| (account.channel.clone(), account.scope.clone().into_string()))
                .collect(),
            sources: store.sources.iter().map(|source| source.clone().into_string()).collect(),
            data_versions: store
                .data_versions
                .iter()
                .map(|version| version.clone().into_string())
                .collect(),
            names: (0..store.names.len() as u32)
                .map(|name| store.known_name(name).map(str::to_owned))
                .collect(),
            identifiers: (0..store.values.len() as u32)
                .map(|value| {
                    (!store.is_forgotten(value)).then(|| store.value_ref(value).to_value())
                })
                .collect(),
            touchpoints: (0..store.touchpoints.len())
                .map(|index| TouchpointRow {
                    id: store.ids[index],
                    key: store
                        .key_of(index as u32)
                        .map(|(_, _, id)| (store.accounts_of[index], id)),
                })
                .collect(),
            evidence,
            tombstones,
            erased,
            forbidden: self.forbidden.iter().copied().collect(),
            changes: self.log.entries().to_vec(),
        }
    }

    fn row(&self, index: u32, evidence: &Evidence) -> EvidenceRow {
        let Fact { record, seen: (first, last), origin, extension } = self.store.facts.get(index);
        let name = self.store.name_of.get(index as usize).copied().filter(|name| *name != NONE);
        EvidenceRow {
            touchpoint: evidence.touchpoint,
            identifier: evidence.value,
            source: origin.source,
            record: match self.store.record_ref(record) {
                RecordRef::Number(number) => number.to_string(),
                RecordRef::Text(text) => text.to_owned(),
            },
            revision: extension.revision,
            first,
            last,
            until: extension.until,
            verification: origin.verification,
            class: origin.class,
            weaker: origin.weaker,
            data_version: origin.data_version,
            name,
        }
    }

    /// The graph that a snapshot was taken of.
    ///
    /// # Errors
    /// If the key is another, or the snapshot is damaged: restoring never panics.
    ///
    /// Complexity: O(n) like a load, and it reads no names or numbers anew.
    pub fn restore(key: TenantKey, snapshot: &Snapshot) -> Result<Self, RestoreError> {
        if snapshot.version != VERSION {
            return Err(RestoreError::Version { found: snapshot.version });
        }
        if snapshot.key_check != key_check(&key) {
            return Err(RestoreError::WrongKey);
        }
        let mut graph = Self::new(key, snapshot.policy.clone())?;
        graph.reserve(
            snapshot.touchpoints.len(),
            snapshot.identifiers.len(),
            snapshot.evidence.len(),
        );
        graph.restore_tables(snapshot)?;
        for (row, evidence) in snapshot.evidence.iter().enumerate() {
            graph.restore_evidence(evidence).ok_or_else(|| {
                damaged("evidence", row, "it points to nothing, or ends before it begins")
            })?;
        }
        for (row, (a, b)) in snapshot.forbidden.iter().enumerate() {
            let known = (*a as usize) < snapshot.touchpoints.len()
                && (*b as usize) < snapshot.touchpoints.len();
            if !known || a == b || !snapshot.forbidden.contains(&(*b, *a)) {
                return Err(damaged("forbidden", row, "it is no pair of two touchpoints"));
            }
        }
        graph.forbidden = snapshot.forbidden.iter().copied().collect();
        graph.tombstones = {
            let mut tombstones = graph.tombstones;
            tombstones.extend(snapshot.tombstones.iter().copied());
            tombstones
        };
        for (row, (hash, at)) in snapshot.erased.iter().enumerate() {
            let hash = u128::from_str_radix(hash, 16)
                .map_err(|_| damaged("erased", row, "it is no hash"))?;
            graph.erased.insert(hash, *at);
        }
        let is_kept = snapshot.clock < TIME_END && snapshot.position < MOST_CALLS;
        let (true, Some(log)) = (
            is_kept,
            Log::from_entries(
                snapshot.changes.clone(),
                snapshot.touchpoints.len(),
                snapshot.identifiers.len(),
            ),
        ) else {
            return Err(damaged(
                "changes",
                0,
                "an entry, the clock or the position points to nothing",
            ));
        };
        graph.clock = snapshot.clock;
        graph.position = snapshot.position;
        graph.log = log;
        graph.logged = snapshot.touchpoints.len() as u32;
        graph.block_values();
        graph.judge_all();
        graph.form_all(&mut Held::default());
        Ok(graph)
    }

    fn restore_tables(&mut self, snapshot: &Snapshot) -> Result<(), RestoreError> {
        let store = &mut self.store;
        for (row, (channel, scope)) in snapshot.accounts.iter().enumerate() {
            let index = store
                .account(channel, scope)
                .map_err(|_| damaged("accounts", row, "there are too many"))?;
            if index as usize != row {
                return Err(damaged("accounts", row, "it stands there twice"));
            }
        }
        for (row, source) in snapshot.sources.iter().enumerate() {
            let index =
                store.source(source).map_err(|_| damaged("sources", row, "there are too many"))?;
            if index as usize != row {
                return Err(damaged("sources", row, "it stands there twice"));
            }
        }
        for (row, version) in snapshot.data_versions.iter().enumerate() {
            if store.data_version(version).ok().map(usize::from) != Some(row) {
                return Err(damaged("data_versions", row, "it stands there twice"));
            }
        }
        for (row, name) in snapshot.names.iter().enumerate() {
            store
                .restore_name(name.as_deref())
                .ok_or_else(|| damaged("names", row, "it stands there twice, or is too long"))?;
        }
        for (row, value) in snapshot.identifiers.iter().enumerate() {
            let index = match value {
                Some(value) => {
                    let hash = store.hash_value(value.as_ref());
                    store.enter_value(value.as_ref(), hash, || false)
                }
                None => store.add_forgotten_value(),
            };
            if index.ok() != Some(row as u32) {
                return Err(damaged("identifiers", row, "it stands there twice, or is no value"));
            }
        }
        for (row, touchpoint) in snapshot.touchpoints.iter().enumerate() {
            let error =
                || damaged("touchpoints", row, "it stands there twice, or points to nothing");
            match &touchpoint.key {
                Some((account, id)) => {
                    if *account as usize >= store.accounts.len() {
                        return Err(error());
                    }
                    let hashes = store.hash_touchpoint(*account, id, touchpoint.id);
                    let entered = store.enter_touchpoint(*account, id, touchpoint.id, hashes);
                    if !matches!(entered, Ok(Entered::New(_))) {
                        return Err(error());
                    }
                }
                None if store.find_id(touchpoint.id).is_some() => return Err(error()),
                None => store.add_erased_touchpoint(touchpoint.id).map_err(|_| error())?,
            }
        }
        Ok(())
    }

    fn restore_evidence(&mut self, row: &EvidenceRow) -> Option<()> {
        let store = &mut self.store;
        let is_known = (row.touchpoint as usize) < store.touchpoints.len()
            && !store.is_erased(row.touchpoint)
            && (row.identifier as usize) < store.values.len()
            && !store.is_forgotten(row.identifier)
            && (row.source as usize) < store.sources.len().min(MOST_SOURCES)
            && (row.data_version as usize) < store.data_versions.len()
            && row.name.is_none_or(|name| (name as usize) < store.names.len());
        if !is_known
            || row.first > row.last
            || row.last >= TIME_END
            || row.until.is_some_and(|until| until >= TIME_END)
        {
            return None;
        }
        let fact = Fact {
            record: store.texts.insert(&row.record).ok()?,
            seen: (row.first, row.last),
            origin: Origin {
                source: row.source,
                verification: row.verification,
                class: row.class,
                weaker: row.weaker,
                data_version: row.data_version,
            },
            extension: Extension { revision: row.revision, until: row.until },
        };
        let index = self.link(row.touchpoint, row.identifier, &fact).ok()?;
        if let Some(name) = row.name {
            let _ = self.set_name(index, name);
        }
        Some(())
    }
}

fn damaged(table: &'static str, row: usize, what: &'static str) -> RestoreError {
    RestoreError::Damaged { table, row, what }
}

fn key_check(key: &TenantKey) -> u32 {
    let mut hasher = key.table_hasher();
    hasher.write(b"kontak-identity snapshot");
    hasher.finish() as u32
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("version", &self.version)
            .field("position", &self.position)
            .field("touchpoints", &self.touchpoints.len())
            .field("identifiers", &self.identifiers.len())
            .field("evidence", &self.evidence.len())
            .finish_non_exhaustive()
    }
}
