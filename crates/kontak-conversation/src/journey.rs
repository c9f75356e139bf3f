//! Everything that a customer did, and that was done for them, over all conversations and channels.

use crate::state::{Conversations, Slot};
use crate::{
    Actor, CommitmentId, CommitmentState, Conversation, HandoverId, HandoverState, Status,
};
use chrono::{DateTime, Utc};
use kontak_types::{ChannelKind, ConversationId, CustomerId, MessageId};
use serde::{Deserialize, Serialize};
use std::collections::BinaryHeap;

/// One step of a journey. Ordered by time; of one instant, by conversation and by what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Step {
    /// When.
    pub at: DateTime<Utc>,
    /// In which conversation.
    pub conversation: ConversationId,
    /// What.
    pub kind: StepKind,
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepKind {
    /// The conversation stands there from now on.
    Status {
        /// Which change of the conversation's status this is; where it began is 0.
        nth: u32,
        /// Where it stands.
        status: Status,
    },
    /// Somebody said something.
    Message(MessageId),
    /// Something was promised.
    Promised(CommitmentId),
    /// A promise was kept, perhaps late.
    Kept(CommitmentId),
    /// A promise came due and was not kept.
    Broken(CommitmentId),
    /// A promise was taken back.
    Withdrawn(CommitmentId),
    /// It was offered to somebody else.
    Offered(HandoverId),
    /// Somebody else took it.
    Accepted(HandoverId),
    /// Nobody took it.
    Declined(HandoverId),
    /// A service level was missed.
    Breached {
        /// Which of the conversation's [`breaches`](Conversation::breaches) this is.
        nth: u32,
    },
}

/// Which steps of a journey are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct JourneyFilter {
    /// Only what was said by the customer or by others; nothing for all.
    pub only_messages: bool,
    /// Only messages on these channels; none for all.
    pub channels: Vec<ChannelKind>,
    /// Only messages that the customer wrote.
    pub by_customer: bool,
}

impl Conversations {
    /// A page of a customer's journey: the first `limit` steps after `after`, oldest first. The last
    /// of a page is where the next begins.
    ///
    /// ```
    /// use kontak_conversation::{Conversations, JourneyFilter};
    /// use kontak_types::{CustomerId, uuid::Uuid};
    ///
    /// let state = Conversations::new();
    /// let customer = CustomerId::new(Uuid::nil());
    /// let mut last = None;
    /// loop {
    ///     let page = state.journey(customer, &JourneyFilter::default(), last, 50);
    ///     let Some(step) = page.last() else { break };
    ///     last = Some(*step);
    /// }
    /// ```
    ///
    /// Complexity: O(c + p log p) for c conversations of the customer and the steps p of those
    /// that overlap the page, of each at most `limit`.
    #[must_use]
    pub fn journey(
        &self,
        customer: CustomerId,
        filter: &JourneyFilter,
        after: Option<Step>,
        limit: usize,
    ) -> Vec<Step> {
        let mut page: BinaryHeap<Step> = BinaryHeap::new();
        if limit == 0 {
            return Vec::new();
        }
        for conversation in self.of_customer(customer) {
            for source in self.steps(conversation, filter, after) {
                for step in source {
                    if after.is_some_and(|after| step <= after) {
                        continue;
                    }
                    let is_full = page.len() == limit;
                    if is_full && page.peek().is_some_and(|last| step > *last) {
                        // Messages are in order: what follows is later still.
                        if matches!(step.kind, StepKind::Message(_)) {
                            break;
                        }
                        continue;
                    }
                    page.push(step);
                    if is_full {
                        let _ = page.pop();
                    }
                }
            }
        }
        page.into_sorted_vec()
    }

    /// The steps of a conversation from the time of `after` on. Messages are found by search, and
    /// the rest are few.
    fn steps<'a>(
        &'a self,
        conversation: &'a Conversation,
        filter: &'a JourneyFilter,
        after: Option<Step>,
    ) -> [Box<dyn Iterator<Item = Step> + 'a>; 2] {
        let step = |at, kind| Step { at, conversation: conversation.id, kind };
        let record = |slot: &Slot| self.messages.record(*slot);
        let from = after.map_or(0, |after| {
            conversation.messages.partition_point(|slot| record(slot).at() < after.at)
        });
        let messages = conversation.messages[from..]
            .iter()
            .filter(|slot| self.passes(**slot, filter))
            .map(record)
            .map(move |record| step(record.at(), StepKind::Message(record.id)));
        if filter.only_messages || filter.by_customer || !filter.channels.is_empty() {
            return [Box::new(messages), Box::new(std::iter::empty())];
        }
        let statuses = (0..)
            .zip(conversation.history())
            .map(move |(nth, (at, status))| step(at, StepKind::Status { nth, status }));
        let promises = self.commitments(conversation.id).flat_map(move |promise| {
            let made = step(promise.made_at, StepKind::Promised(promise.id));
            let (first, second) = match promise.state {
                CommitmentState::Open => (None, None),
                CommitmentState::Kept { at } => (Some(step(at, StepKind::Kept(promise.id))), None),
                CommitmentState::Withdrawn { at } => {
                    (Some(step(at, StepKind::Withdrawn(promise.id))), None)
                }
                CommitmentState::Broken { at, kept } => (
                    Some(step(at, StepKind::Broken(promise.id))),
                    kept.map(|at| step(at, StepKind::Kept(promise.id))),
                ),
            };
            [Some(made), first, second].into_iter().flatten()
        });
        let handovers = conversation.handovers.iter().filter_map(|id| self.handover(*id));
        let handovers = handovers.flat_map(move |handover| {
            let ended = match handover.state {
                HandoverState::Offered => None,
                HandoverState::Accepted { at, .. } => {
                    Some(step(at, StepKind::Accepted(handover.id)))
                }
                HandoverState::Declined { at, .. } => {
                    Some(step(at, StepKind::Declined(handover.id)))
                }
            };
            [Some(step(handover.offered_at, StepKind::Offered(handover.id))), ended]
                .into_iter()
                .flatten()
        });
        let breaches = (0..)
            .zip(conversation.breaches())
            .map(move |(nth, breach)| step(breach.due, StepKind::Breached { nth }));
        [Box::new(messages), Box::new(statuses.chain(promises).chain(handovers).chain(breaches))]
    }

    fn passes(&self, message: Slot, filter: &JourneyFilter) -> bool {
        let Some(message) = self.view(message) else { return false };
        let leg = message.place.and_then(|(leg, _)| self.leg(leg));
        (!filter.by_customer || matches!(message.said.author, Actor::Customer(_)))
            && (filter.channels.is_empty()
                || leg.is_some_and(|leg| filter.channels.contains(&leg.channel)))
    }
}
