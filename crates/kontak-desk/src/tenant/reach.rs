//! How customers can be reached: what they allow, when they last wrote, what an answer refers to.

use super::SendId;
use chrono::{DateTime, Utc};
use kontak_channel::{ConsentScope, Opening, ProviderId, WindowLedger};
use kontak_conversation::NativeId;
use kontak_types::TouchpointId;
use kontak_types::uuid::Uuid;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How many messages of an account an answer names at most, the nearest first.
const REFERENCES: usize = 10;
/// For how many of our messages receipts are expected.
const EXPECTED: usize = 200_000;

/// What was learnt about reaching somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReachRecord {
    /// They wrote or called.
    Heard {
        /// From which account.
        touchpoint: TouchpointId,
        /// Through which account of ours.
        account: Box<str>,
        /// What the channel calls the message; nothing of a call, which no message can answer.
        message: Option<ProviderId>,
        /// The thread that the channel has it in.
        thread: Option<ProviderId>,
    },
    /// Somebody wants no more messages, or wants them again.
    Consent {
        /// Which account.
        touchpoint: TouchpointId,
        /// Of which sort.
        scope: ConsentScope,
        /// Whether they want them.
        granted: bool,
        /// When they said so: what they said last counts, in whatever order it is heard.
        at: DateTime<Utc>,
    },
    /// A channel took a message of ours.
    Sent {
        /// To which account.
        touchpoint: TouchpointId,
        /// Through which account of ours.
        account: Box<str>,
        /// Which request.
        id: SendId,
        /// Its row in the outbox.
        row: Uuid,
        /// What the channel calls it; several where it was sent in several.
        ids: Vec<ProviderId>,
    },
    /// A channel took a message of ours: what is left of [`Sent`](Self::Sent) where whom it went to was
    /// erased.
    Named {
        /// Which request.
        id: SendId,
        /// Its row in the outbox.
        row: Uuid,
        /// What the conversation calls what the channel calls it.
        names: Vec<NativeId>,
    },
    /// A message of ours did not go out, or nobody knows whether it did.
    Unsent {
        /// Which request.
        id: SendId,
        /// Its row in the outbox.
        row: Uuid,
        /// Whether it may have gone out all the same.
        ambiguous: bool,
        /// Why, in the words of the error.
        why: Box<str>,
        /// When.
        at: DateTime<Utc>,
    },
    /// Accounts that were erased are out of the store.
    Forgotten {
        /// Which.
        touchpoints: Vec<TouchpointId>,
    },
    /// Somebody looked it up: it did go out, or did not.
    Reconciled {
        /// Which rows of the outbox.
        rows: Vec<Uuid>,
        /// Whether it did.
        went_out: bool,
    },
}

/// How one account can be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reach {
    /// The account of ours that they last wrote to.
    pub account: Option<Box<str>>,
    /// When they last did what, for the service window.
    pub window: WindowLedger,
    /// What they want no more of.
    pub refused: Vec<ConsentScope>,
    /// When they last said something about what.
    consented: Vec<(ConsentScope, DateTime<Utc>)>,
    /// What the channel calls their last messages and ours, the nearest first.
    pub references: VecDeque<ProviderId>,
    /// The thread that the channel has them in.
    pub thread: Option<ProviderId>,
    /// The record under which they last showed who they are.
    pub shown: Option<Box<str>>,
}

/// All that is known about reaching customers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Reaches {
    by_touchpoint: BTreeMap<TouchpointId, Reach>,
    /// What a channel calls our message, and what the conversation calls it.
    sent: BTreeMap<NativeId, NativeId>,
    /// In the order of sending, so that the oldest are forgotten first.
    order: VecDeque<NativeId>,
    /// Requests of which nobody knows whether they went out, and their rows in the outbox.
    ambiguous: Vec<(SendId, Uuid)>,
    /// Accounts that were erased here, and are still to be taken out of the store.
    to_forget: BTreeSet<TouchpointId>,
}

impl Reaches {
    pub(crate) fn of(&self, touchpoint: TouchpointId) -> Option<&Reach> {
        self.by_touchpoint.get(&touchpoint)
    }

    /// What the conversation calls the message that a channel reports of.
    pub(crate) fn named(&self, native: NativeId) -> NativeId {
        self.sent.get(&native).copied().unwrap_or(native)
    }

    pub(crate) fn ambiguous(&self) -> &[(SendId, Uuid)] {
        &self.ambiguous
    }

    pub(crate) fn opened(&mut self, touchpoint: TouchpointId, opening: Opening, at: DateTime<Utc>) {
        self.by_touchpoint.entry(touchpoint).or_default().window.record(opening, at);
    }

    /// An account showed who it is, in the record of this name.
    pub(crate) fn shown(&mut self, touchpoint: TouchpointId, record: &str) {
        self.by_touchpoint.entry(touchpoint).or_default().shown = Some(record.into());
    }

    pub(crate) fn forget(&mut self, touchpoint: TouchpointId) {
        self.by_touchpoint.remove(&touchpoint);
        self.to_forget.insert(touchpoint);
    }

    pub(crate) fn to_forget(&self) -> impl Iterator<Item = TouchpointId> {
        self.to_forget.iter().copied()
    }

    /// Takes a record in. `native` makes a name of what a channel calls a message, and of our own.
    pub(crate) fn apply(
        &mut self,
        record: &ReachRecord,
        names: &[NativeId],
        ours: Option<NativeId>,
    ) {
        match record {
            ReachRecord::Heard { touchpoint, account, message, thread } => {
                let reach = self.by_touchpoint.entry(*touchpoint).or_default();
                if reach.account.as_ref() != Some(account) {
                    reach.account = Some(account.clone());
                }
                if let Some(message) = message {
                    reach.refer_to(message);
                }
                if thread.is_some() {
                    reach.thread.clone_from(thread);
                }
            }
            ReachRecord::Consent { touchpoint, scope, granted, at } => {
                let reach = self.by_touchpoint.entry(*touchpoint).or_default();
                reach.consent(*scope, *granted, *at);
            }
            ReachRecord::Sent { row, .. } | ReachRecord::Named { row, .. } => {
                self.ambiguous.retain(|(_, one)| one != row);
                if let ReachRecord::Sent { touchpoint, ids, .. } = record
                    && let Some(last) = ids.last()
                {
                    self.by_touchpoint.entry(*touchpoint).or_default().refer_to(last);
                }
                for (name, ours) in names.iter().zip(std::iter::repeat(ours)) {
                    self.sent.extend(ours.map(|ours| (*name, ours)));
                    self.order.push_back(*name);
                }
                while self.order.len() > EXPECTED {
                    let oldest = self.order.pop_front();
                    oldest.and_then(|oldest| self.sent.remove(&oldest));
                }
            }
            ReachRecord::Unsent { id, row, ambiguous, .. } => {
                if *ambiguous && !self.ambiguous.contains(&(*id, *row)) {
                    self.ambiguous.push((*id, *row));
                }
            }
            ReachRecord::Reconciled { rows, .. } => {
                self.ambiguous.retain(|(_, row)| !rows.contains(row));
            }
            ReachRecord::Forgotten { touchpoints } => {
                for touchpoint in touchpoints {
                    self.to_forget.remove(touchpoint);
                }
            }
        }
    }
}

impl Reach {
    fn consent(&mut self, scope: ConsentScope, granted: bool, at: DateTime<Utc>) {
        match self.consented.iter_mut().find(|(known, _)| *known == scope) {
            Some((_, last)) if *last > at => return,
            Some((_, last)) => *last = at,
            None => self.consented.push((scope, at)),
        }
        self.refused.retain(|refused| *refused != scope);
        if !granted {
            self.refused.push(scope);
        }
    }

    fn refer_to(&mut self, message: &ProviderId) {
        self.references.push_front(message.clone());
        self.references.truncate(REFERENCES);
    }

    /// Whether they want no message of this sort.
    #[must_use]
    pub fn refuses(&self, scope: ConsentScope) -> bool {
        self.refused.contains(&ConsentScope::Everything) || self.refused.contains(&scope)
    }
}
