//! The whole state as data, and back.

use super::record::Record;
use super::{Conversation, Conversations, Deadline};
use crate::relation::Changes;
use crate::{Commitment, CommitmentState, Handover, Leg, LegId, NativeId, Policy, Status};
use kontak_types::{ConversationId, CustomerId, MessageId};
use serde::{Deserialize, Serialize};

/// Everything that the events so far have led to. Equal states have equal snapshots, byte for byte.
/// Holds personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    version: u16,
    policy: Policy,
    conversations: Vec<Conversation>,
    legs: Vec<Leg>,
    messages: Vec<(MessageId, Record)>,
    threads: Vec<(NativeId, Vec<LegId>)>,
    customers: Vec<(CustomerId, Vec<ConversationId>)>,
    commitments: Vec<Commitment>,
    handovers: Vec<Handover>,
    waiting: Vec<(NativeId, Changes)>,
}

const VERSION: u16 = 1;

fn sorted<K: Ord, T>(rows: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut rows: Vec<T> = rows.collect();
    rows.sort_unstable_by_key(key);
    rows
}

impl Conversations {
    /// The whole state as data.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            version: VERSION,
            policy: self.policy.clone(),
            conversations: sorted(self.conversations.values().cloned(), |one| one.id),
            legs: sorted(self.legs.values().cloned(), |leg| leg.id),
            messages: sorted(
                self.messages.iter().map(|(id, record)| (*id, record.clone())),
                |(id, _)| *id,
            ),
            threads: sorted(
                self.by_thread.iter().map(|(thread, legs)| (*thread, legs.clone())),
                |(thread, _)| *thread,
            ),
            customers: sorted(
                self.by_customer.iter().map(|(customer, ids)| (*customer, ids.clone())),
                |(customer, _)| *customer,
            ),
            commitments: self.commitments.values().cloned().collect(),
            handovers: self.handovers.values().cloned().collect(),
            waiting: self
                .waiting
                .iter()
                .map(|(native, changes)| (*native, changes.clone()))
                .collect(),
        }
    }

    /// The state that a snapshot was taken of.
    ///
    /// # Errors
    /// If a later release wrote it: then it is given back.
    pub fn restore(snapshot: Snapshot) -> Result<Self, RestoreError> {
        if snapshot.version != VERSION {
            return Err(RestoreError { found: snapshot.version });
        }
        let mut state = Self {
            policy: snapshot.policy,
            conversations: snapshot.conversations.into_iter().map(|one| (one.id, one)).collect(),
            legs: snapshot.legs.into_iter().map(|leg| (leg.id, leg)).collect(),
            messages: snapshot.messages.into_iter().collect(),
            by_thread: snapshot.threads.into_iter().collect(),
            by_customer: snapshot.customers.into_iter().collect(),
            commitments: snapshot.commitments.into_iter().map(|one| (one.id, one)).collect(),
            handovers: snapshot.handovers.into_iter().map(|one| (one.id, one)).collect(),
            waiting: snapshot.waiting.into_iter().collect(),
            ..Self::default()
        };
        for (id, record) in &state.messages {
            if let Some(native) = record.said.as_ref().and_then(|said| said.native) {
                state.by_native.insert(native, *id);
            }
        }
        for promise in state.commitments.values() {
            if promise.state == CommitmentState::Open {
                state.deadlines.insert((promise.due, Deadline::Commitment(promise.id)));
            }
        }
        for conversation in state.conversations.values() {
            if let Status::Snoozed { until } = conversation.status {
                state.deadlines.insert((until, Deadline::Snooze(conversation.id)));
            }
        }
        Ok(state)
    }
}

/// A later release wrote the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the snapshot has version {found}; this release reads version {VERSION}")]
pub struct RestoreError {
    found: u16,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("version", &self.version)
            .field("conversations", &self.conversations.len())
            .field("messages", &self.messages.len())
            .finish_non_exhaustive()
    }
}
