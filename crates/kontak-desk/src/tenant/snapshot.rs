//! The whole tenant as data, and back.

use super::Tenant;
use super::measure::Stays;
use super::reach::Reaches;
use super::unattended::Departures;
use crate::{Settings, SettingsError};
use kontak_conversation::Conversations;
use kontak_identity::{IdentityGraph, TenantKey};
use kontak_metrics::Metrics;
use kontak_routing::Engine;
use kontak_types::{ConversationId, TouchpointId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use thiserror::Error;

/// All that the records so far have led to: one cut through all engines, without the conversations
/// that are [evicted](Tenant::evict), which are as they were when they were. Holds personal data.
#[derive(Clone, Serialize, Deserialize)]
pub struct Snapshot {
    version: u16,
    applied: u64,
    identity: kontak_identity::Snapshot,
    conversations: kontak_conversation::Snapshot,
    routing: kontak_routing::Snapshot,
    metrics: kontak_metrics::Snapshot,
    reaches: Reaches,
    stays: Stays,
    departures: Departures,
    unreadable: BTreeMap<ConversationId, BTreeSet<TouchpointId>>,
}

/// A [`Snapshot`], field by field.
#[derive(Serialize)]
struct SnapshotView<'a, C, M> {
    version: u16,
    applied: u64,
    identity: kontak_identity::Snapshot,
    conversations: C,
    routing: kontak_routing::Snapshot,
    metrics: M,
    reaches: &'a Reaches,
    stays: &'a Stays,
    departures: &'a Departures,
    unreadable: &'a BTreeMap<ConversationId, BTreeSet<TouchpointId>>,
}

const VERSION: u16 = 3;

/// Why a snapshot cannot be restored. The journal can be replayed from its beginning instead.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// Another release wrote it.
    #[error("the snapshot has version {found}; this release reads version {VERSION}")]
    Version {
        /// Its version.
        found: u16,
    },
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The part of identity.
    #[error("identity: {0}")]
    Identity(#[from] kontak_identity::RestoreError),
    /// The part of conversation.
    #[error("conversation: {0}")]
    Conversation(#[from] kontak_conversation::RestoreError),
    /// The part of routing.
    #[error("routing: {0}")]
    Routing(#[from] kontak_routing::RestoreError),
    /// The part of metrics.
    #[error("metrics: {0}")]
    Metrics(#[from] kontak_metrics::RestoreError),
}

impl Tenant {
    /// The whole state as data.
    pub fn snapshot(&mut self) -> Snapshot {
        Snapshot {
            version: VERSION,
            applied: self.applied,
            identity: self.identity.snapshot(),
            conversations: self.conversations.snapshot(),
            routing: self.routing.snapshot(),
            metrics: self.metrics.snapshot(),
            reaches: self.reaches.clone(),
            stays: self.stays.clone(),
            departures: self.departures.clone(),
            unreadable: self.unreadable.clone(),
        }
    }

    /// What [`snapshot`](Self::snapshot) gives, made as it is serialized: to the same bytes, without a second
    /// copy of all in memory.
    pub fn snapshot_view(&mut self) -> impl Serialize + '_ {
        SnapshotView {
            version: VERSION,
            applied: self.applied,
            identity: self.identity.snapshot(),
            conversations: self.conversations.snapshot_view(),
            routing: self.routing.snapshot(),
            metrics: self.metrics.snapshot_view(),
            reaches: &self.reaches,
            stays: &self.stays,
            departures: &self.departures,
            unreadable: &self.unreadable,
        }
    }

    /// The tenant as it was. The rules in force are those of the snapshot; routes, quiet hours and
    /// the like come from the settings.
    ///
    /// # Errors
    /// Where a part of it cannot be restored.
    pub fn restore(
        settings: Settings,
        secret: [u8; 16],
        snapshot: Snapshot,
    ) -> Result<Self, RestoreError> {
        settings.check()?;
        if snapshot.version != VERSION {
            return Err(RestoreError::Version { found: snapshot.version });
        }
        Ok(Self {
            settings,
            secret,
            identity: IdentityGraph::restore(TenantKey::new(secret), &snapshot.identity)?,
            conversations: Conversations::restore(snapshot.conversations)?,
            routing: Engine::restore(snapshot.routing)?,
            metrics: Metrics::restore(snapshot.metrics)?,
            reaches: snapshot.reaches,
            stays: snapshot.stays,
            departures: snapshot.departures,
            unreadable: snapshot.unreadable,
            unfollowed: VecDeque::new(),
            applied: snapshot.applied,
        })
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("applied", &self.applied).finish_non_exhaustive()
    }
}
