//! Letting go of conversations that rest, and taking them back.

use super::pack::Packed;
use super::rows::Slot;
use super::snapshot::Record;
use super::stub::{Held, Stub};
use super::{Conversation, Conversations, Deadline};
use crate::label::{Dimension, Label};
use crate::relation::Changes;
use crate::retention::Classes;
use crate::{Actor, Commitment, CommitmentState, DataClass, Handover, Leg, NativeId, Status};
use chrono::{DateTime, Utc};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A conversation that was [evicted](Conversations::evict), whole: to be kept elsewhere, and
/// [brought back](Conversations::bring_back) before anything is done with it. Holds personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evicted {
    version: u16,
    conversation: Conversation,
    legs: Vec<(u32, Leg)>,
    messages: Vec<(MessageId, Record)>,
    commitments: Vec<Commitment>,
    handovers: Vec<Handover>,
}

const VERSION: u16 = 1;

/// Why a conversation is not brought back. Then nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BringBackError {
    /// It is here already, or was never evicted.
    #[error("the conversation {0} is not evicted")]
    NotEvicted(ConversationId),
    /// A later release wrote it.
    #[error("the conversation has version {found}; this release reads version {VERSION}")]
    Version {
        /// Its version.
        found: u16,
    },
}

impl Evicted {
    /// Which conversation.
    #[must_use]
    pub const fn id(&self) -> ConversationId {
        self.conversation.id
    }

    /// Whom it is about.
    #[must_use]
    pub fn touchpoints(&self) -> BTreeSet<TouchpointId> {
        let reacted = self.messages.iter().flat_map(|(_, record)| record.reacted());
        self.legs.iter().map(|(_, leg)| leg.touchpoint).chain(reacted).collect()
    }

    /// All ids in it by which it may be asked for.
    fn ids(&self) -> impl Iterator<Item = &Uuid> {
        let legs = self.legs.iter().flat_map(|(_, leg)| {
            std::iter::once(leg.id.as_uuid()).chain(leg.thread.as_ref().map(NativeId::as_uuid))
        });
        let messages = self.messages.iter().flat_map(|(id, record)| {
            std::iter::once(id.as_uuid()).chain(record.native().map(NativeId::as_uuid))
        });
        let commitments = self.commitments.iter().map(|one| one.id.as_uuid());
        let handovers = self.handovers.iter().map(|one| one.id.as_uuid());
        legs.chain(messages).chain(commitments).chain(handovers)
    }
}

impl std::fmt::Debug for Evicted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evicted")
            .field("id", &self.id())
            .field("messages", &self.messages.len())
            .finish_non_exhaustive()
    }
}

impl Conversations {
    /// Lets go of a conversation that rests, whole. What stays behind is small: whose it is, what a
    /// message is placed by, and four bytes of each id in it. Views no longer show it.
    ///
    /// Nothing where it does not rest: unless it is resolved or closed, of nothing promised in it
    /// the time is still to come, no service level can still be missed, and it was not merged into
    /// another.
    ///
    /// It is no event: what is evicted and what is not is the same state. Ask
    /// [`needs`](Self::needs) before a command, [`needs_to_apply`](Self::needs_to_apply) before an
    /// event of a journal, and [`needs_at`](Self::needs_at) before
    /// [`handle_timeout`](Self::handle_timeout), and bring back what they name.
    ///
    /// ```
    /// # use kontak_content::Content;
    /// # use kontak_conversation::chrono::DateTime;
    /// # use kontak_conversation::{Actor, Command, Conversations, Inbound, LegId, Message, Status};
    /// # use kontak_types::{ConversationId, CustomerId, MessageId, TouchpointId, uuid::Uuid};
    /// # let (mut state, now, id) = (Conversations::new(), DateTime::UNIX_EPOCH, Uuid::from_u128(1));
    /// # let (touchpoint, conversation) = (TouchpointId::new(id), ConversationId::new(id));
    /// # let actor = Actor::Customer(touchpoint);
    /// # let message = Message::new(MessageId::new(id), actor.clone(), now, Content::plain("AC rusak")?);
    /// # let new = (conversation, LegId::new(id));
    /// # let inbound = Inbound::new(message, (CustomerId::new(id), touchpoint), "whatsapp", new);
    /// # let resolve = Command::SetStatus { conversation, to: Status::Resolved };
    /// # for command in [Command::Receive(Box::new(inbound)), resolve] {
    /// #     for event in state.decide(&actor, command, now)? {
    /// #         state.apply(&event);
    /// #     }
    /// # }
    /// let evicted = state.evict(conversation).ok_or("it does not rest")?;
    /// assert_eq!(state.conversation(conversation), None);
    /// let close = Command::SetStatus { conversation, to: Status::Closed };
    /// assert_eq!(state.needs(&close), [conversation]);
    /// state.bring_back(evicted)?;
    /// assert!(state.needs(&close).is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn evict(&mut self, id: ConversationId) -> Option<Evicted> {
        let known = self.conversation(id).filter(|known| self.rests(known))?;
        let (stub, customer) = (self.stub_of(known), known.customer);
        let legs = known.legs.to_vec();
        let mut slots: Vec<Slot> = known.messages.to_vec();
        slots.extend(self.messages.unsaid_on(&legs));
        let mut messages: Vec<(MessageId, Record)> =
            slots.iter().map(|slot| (self.messages.record(*slot).id, self.record(*slot))).collect();
        messages.sort_unstable_by_key(|(id, _)| *id);
        let conversation = known.without_slots();
        for slot in slots {
            self.messages.remove(slot);
        }
        let evicted = Evicted {
            version: VERSION,
            legs: legs.into_iter().filter_map(|slot| self.take_leg(slot)).collect(),
            messages,
            commitments: take_all(&mut self.commitments, &conversation.commitments),
            handovers: take_all(&mut self.handovers, &conversation.handovers),
            conversation,
        };
        if let Some(slot) = self.conversations.slot(&id) {
            self.left_from(customer, slot);
            self.conversations.remove(slot);
        }
        self.plan(Deadline::Retention(id), None);
        self.change_shelf(&[customer], |shelf| shelf.put(&stub, evicted.ids()));
        Some(evicted)
    }

    /// Takes a conversation back. It is as if it had never been away.
    ///
    /// # Errors
    /// Where it is not evicted, or a later release wrote it.
    pub fn bring_back(&mut self, evicted: Evicted) -> Result<(), BringBackError> {
        let id = evicted.id();
        if evicted.version != VERSION {
            return Err(BringBackError::Version { found: evicted.version });
        }
        // Whose it is may have changed meanwhile.
        let customer = self.shelf.customer_of(id).ok_or(BringBackError::NotEvicted(id))?;
        self.change_shelf(&[customer], |shelf| shelf.take(id, evicted.ids()));
        let Evicted { conversation, legs, messages, commitments, handovers, .. } = evicted;
        let slot = self.conversations.insert(Conversation { customer, ..conversation });
        self.opened_for(customer, slot);
        self.closed_for(customer);
        for (nth, leg) in legs {
            self.seat(leg, nth);
        }
        self.commitments.extend(commitments.into_iter().map(|one| (one.id, one)));
        self.handovers.extend(handovers.into_iter().map(|one| (one.id, one)));
        for (id, record) in messages {
            self.take(id, record);
        }
        self.reschedule(id);
        Ok(())
    }

    /// Forgets a conversation that is [evicted](Self::evict) and cannot be brought back any more: it is
    /// as if it had never been. Returns whom it was about; nothing where it is not evicted. Whoever keeps
    /// the events has it still.
    pub fn give_up(&mut self, id: ConversationId) -> Option<BTreeSet<TouchpointId>> {
        let customer = self.shelf.customer_of(id)?;
        let stub = self.change_shelf(&[customer], |shelf| shelf.give_up(id))?;
        let legs = stub.legs.iter().map(|(touchpoint, _)| *touchpoint);
        Some(legs.chain(stub.reacted.iter().copied()).collect())
    }

    /// Whether it is [evicted](Self::evict).
    #[must_use]
    pub fn is_evicted(&self, id: ConversationId) -> bool {
        self.shelf.has(id)
    }

    /// How many are evicted.
    #[must_use]
    pub fn evicted(&self) -> usize {
        self.shelf.len()
    }

    /// Those of a customer that are evicted, in the order in which they began.
    pub fn evicted_of(
        &self,
        customer: CustomerId,
    ) -> impl DoubleEndedIterator<Item = ConversationId> {
        let all: Vec<ConversationId> = self.shelf.of(customer).map(Packed::id).collect();
        all.into_iter()
    }

    /// All conversations of a customer, those that are evicted as well, in the order in which they
    /// began; without those that were merged into another one.
    #[must_use]
    pub fn ids_of(&self, customer: CustomerId) -> Vec<ConversationId> {
        let here = self.of_customer(customer).map(Held::Here);
        let mut all: Vec<_> = here
            .chain(self.shelf.of(customer).map(Packed::read).map(Held::Evicted))
            .map(|held| held.began())
            .collect();
        all.sort_unstable();
        all.into_iter().map(|(_, id)| id).collect()
    }

    /// Those about one of these accounts that are evicted.
    #[must_use]
    pub fn evicted_about(&self, touchpoints: &BTreeSet<TouchpointId>) -> Vec<ConversationId> {
        let about = self.shelf.stubs().filter(|stub| stub.is_about(touchpoints));
        about.map(|stub| stub.id).collect()
    }

    /// Those that can be evicted and in which nothing has happened since then.
    ///
    /// Complexity: O(conversations that are here).
    pub fn resting_since(&self, then: DateTime<Utc>) -> impl Iterator<Item = ConversationId> {
        let idle = move |known: &&Conversation| {
            known.since <= then && known.last_message.is_none_or(|last| last <= then)
        };
        let known = self.conversations.rows().iter().map(|(_, known)| known);
        known.filter(idle).filter(|known| self.rests(known)).map(|known| known.id)
    }

    /// Who had a conversation of this customer last, of those that are here and those that are not.
    #[must_use]
    pub fn last_agent(&self, customer: CustomerId) -> Option<AgentId> {
        let here = self.of_customer(customer).filter_map(|it| Some((it.since, it.agent?)));
        let away =
            self.shelf.of(customer).map(Packed::read).filter_map(|it| Some((it.since, it.agent?)));
        here.chain(away).max().map(|(_, agent)| agent)
    }

    fn rests(&self, known: &Conversation) -> bool {
        !known.status.is_active()
            && known.absorbed().is_none()
            && self.commitments(known.id).all(|it| it.state != CommitmentState::Open)
            && !self.is_planned(Deadline::Sla(known.id))
    }

    fn stub_of(&self, known: &Conversation) -> Stub {
        let legs: Vec<&Leg> = self.legs(known.id).collect();
        let messages = known.messages.iter().filter_map(|slot| self.messages.changes(*slot));
        let reacted: BTreeSet<TouchpointId> = messages
            .flat_map(Changes::reactors)
            .filter(|one| legs.iter().all(|leg| leg.touchpoint != *one))
            .collect();
        let classes = DataClass::ALL.into_iter().filter(|class| self.keeps(known, *class));
        let topic = known.label(Dimension::Topic, &self.policy.labels);
        Stub {
            id: known.id,
            customer: known.customer,
            opened_at: known.opened_at,
            since: known.since,
            last_message: known.last_message,
            agent: known.agent,
            is_closed: known.status == Status::Closed,
            is_held: !known.matters().is_empty(),
            keeps: classes.map(Classes::one).fold(Classes::NONE, Classes::union),
            topic: topic.map(|standing| Label::name(&standing.labelling.label).into()),
            legs: legs.iter().map(|leg| (leg.touchpoint, leg.channel.clone())).collect(),
            reacted: reacted.into_iter().collect(),
        }
    }

    fn take_leg(&mut self, slot: Slot) -> Option<(u32, Leg)> {
        let row = self.legs.remove(slot)?;
        if let Some(thread) = row.leg.thread
            && self.threads.get(&thread) == Some(&slot)
        {
            self.threads.remove(&thread);
        }
        Some((row.nth, row.leg))
    }

    /// All conversations of a customer, here or not, in the order in which they began.
    pub(crate) fn all_held_by(&self, customer: CustomerId) -> Vec<Held<'_>> {
        let here = self.all_of_customer(customer).map(Held::Here);
        let mut all: Vec<Held<'_>> =
            here.chain(self.shelf.of(customer).map(Packed::read).map(Held::Evicted)).collect();
        all.sort_by_key(Held::began);
        all
    }
}

fn take_all<K: Ord + Copy, V>(from: &mut BTreeMap<K, V>, ids: &[K]) -> Vec<V> {
    ids.iter().filter_map(|id| from.remove(id)).collect()
}

impl Record {
    fn reacted(&self) -> impl Iterator<Item = TouchpointId> {
        self.changes.iter().flat_map(|changes| changes.reactors())
    }

    fn native(&self) -> Option<&NativeId> {
        self.said.as_ref()?.native.as_ref()
    }
}

impl Changes {
    /// The customers among those who reacted.
    pub(crate) fn reactors(&self) -> impl Iterator<Item = TouchpointId> {
        self.all_reactors().filter_map(|actor| match actor {
            Actor::Customer(touchpoint) => Some(*touchpoint),
            _ => None,
        })
    }
}
