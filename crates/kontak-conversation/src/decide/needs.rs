//! Which conversations have to be here before something is done.

use crate::rearrange::{Customers, Moved, SplitBy};
use crate::state::{Conversations, Held, Share};
use crate::{Command, Event, EventBody, Inbound, LegId, Message, NativeId, Policy, Rejected};
use chrono::{DateTime, Utc};
use kontak_types::uuid::Uuid;
use kontak_types::{ConversationId, CustomerId, MessageId, TouchpointId};
use std::collections::BTreeSet;

/// Those that are named so far.
struct Needs<'a> {
    state: &'a Conversations,
    named: BTreeSet<ConversationId>,
}

impl Conversations {
    /// The evicted conversations that a command has to do with: bring them back first, and ask
    /// again, for another may show then. [`decide`](Self::decide) refuses it until there is none.
    ///
    /// Rarely one is named in vain: all that is kept of an id in an evicted conversation is four
    /// bytes.
    #[must_use]
    pub fn needs(&self, command: &Command) -> Vec<ConversationId> {
        self.needed(|needs| needs.command(command))
    }

    /// The evicted conversations that an event changes: bring them back before it is
    /// [applied](Self::apply).
    #[must_use]
    pub fn needs_to_apply(&self, event: &Event) -> Vec<ConversationId> {
        self.needed(|needs| needs.body(&event.body))
    }

    /// The evicted conversations of which something is due by `now`: bring them back before
    /// [`handle_timeout`](Self::handle_timeout).
    #[must_use]
    pub fn needs_at(&self, now: DateTime<Utc>) -> Vec<ConversationId> {
        self.needed(|needs| {
            needs.named.extend(self.evicted_due(now));
        })
    }

    /// The evicted conversations that may hold this message.
    #[must_use]
    pub fn needs_of_message(&self, message: MessageId) -> Vec<ConversationId> {
        self.needed(|needs| needs.id(message.as_uuid()))
    }

    /// The evicted conversations that may hold what a channel calls so.
    #[must_use]
    pub fn needs_of_native(&self, native: NativeId) -> Vec<ConversationId> {
        self.needed(|needs| needs.id(native.as_uuid()))
    }

    /// The evicted conversations that [`to_part`](Self::to_part) has to look into.
    #[must_use]
    pub fn needs_to_part(
        &self,
        customer: CustomerId,
        touchpoints: &[TouchpointId],
    ) -> Vec<ConversationId> {
        self.needed(|needs| needs.parting(customer, touchpoints))
    }

    fn needed(&self, name: impl FnOnce(&mut Needs<'_>)) -> Vec<ConversationId> {
        if self.shelf.is_empty() {
            return Vec::new();
        }
        let mut needs = Needs { state: self, named: BTreeSet::new() };
        name(&mut needs);
        needs.named.into_iter().collect()
    }

    pub(super) fn all_here(&self, command: &Command) -> Result<(), Rejected> {
        match self.needs(command).first() {
            Some(conversation) => Err(Rejected::Evicted(*conversation)),
            None => Ok(()),
        }
    }
}

impl Needs<'_> {
    fn conversation(&mut self, id: ConversationId) {
        if self.state.shelf.has(id) {
            self.named.insert(id);
        }
    }

    fn id(&mut self, id: &Uuid) {
        self.named.extend(self.state.shelf.holding(id));
    }

    fn message(&mut self, message: Option<MessageId>) {
        message.iter().for_each(|message| self.id(message.as_uuid()));
    }

    fn legs(&mut self, legs: &[LegId]) {
        legs.iter().for_each(|leg| self.id(leg.as_uuid()));
    }

    fn messages<'a>(&mut self, messages: impl IntoIterator<Item = &'a MessageId>) {
        messages.into_iter().for_each(|message| self.id(message.as_uuid()));
    }

    fn all(&mut self) {
        self.named.extend(self.state.shelf.stubs().map(|stub| stub.id));
    }

    fn about(&mut self, touchpoints: &BTreeSet<TouchpointId>) {
        self.named.extend(self.state.evicted_about(touchpoints));
    }

    fn command(&mut self, command: &Command) {
        match command {
            Command::Receive(inbound) => self.inbound(inbound),
            Command::Say { leg, message } => {
                self.legs(&[*leg]);
                self.said(message);
            }
            Command::Relate(relation) => self.id(relation.target.as_uuid()),
            Command::SetPolicy(policy) => self.policy(policy),
            Command::SetStatus { conversation, .. }
            | Command::Assign { conversation, .. }
            | Command::Label { conversation, .. }
            | Command::SetPriority { conversation, .. }
            | Command::LetIn { conversation, .. }
            | Command::Leave { conversation, .. }
            | Command::JoinCase { conversation, .. }
            | Command::LeaveCase { conversation, .. }
            | Command::Review(conversation)
            | Command::PlaceLegalHold { conversation, .. }
            | Command::ReleaseLegalHold { conversation, .. } => self.conversation(*conversation),
            Command::Link { one, other, .. } => {
                self.conversation(*one);
                self.conversation(*other);
            }
            Command::Unlink { .. } | Command::OpenCase { .. } | Command::CloseCase(_) => {}
            Command::StatePreference { message, .. } => self.message(*message),
            Command::Merge { from, into } => {
                self.conversation(*from);
                self.conversation(*into);
            }
            Command::Unmerge(from) => self.undoing(*from),
            Command::Split { conversation, new, by } => {
                self.conversation(*conversation);
                self.conversation(*new);
                match by {
                    SplitBy::Legs(legs) => self.legs(legs),
                    SplitBy::From { message, new_leg } => {
                        self.message(Some(*message));
                        self.legs(&[*new_leg]);
                    }
                }
            }
            Command::Unsplit(part) => self.undoing(*part),
            Command::MergeCustomers { .. } => {}
            Command::PartCustomers { from, touchpoints, new, .. } => {
                self.parting(*from, touchpoints);
                new.iter().for_each(|(_, new)| self.conversation(*new));
            }
            Command::Redact(message) => self.message(Some(*message)),
            Command::EraseTouchpoint(touchpoint) => self.about(&[*touchpoint].into()),
            Command::EraseCustomer(customer) => {
                self.named.extend(self.state.evicted_of(*customer));
                self.about(&self.state.touchpoints_of(*customer));
            }
            Command::Promise { commitment, conversation, message, .. } => {
                self.conversation(*conversation);
                self.id(commitment.as_uuid());
                self.message(*message);
            }
            Command::KeepPromise(commitment)
            | Command::RenegotiatePromise { commitment, .. }
            | Command::WithdrawPromise(commitment) => self.id(commitment.as_uuid()),
            Command::OfferHandover { handover, conversation, .. } => {
                self.conversation(*conversation);
                self.id(handover.as_uuid());
            }
            Command::AcceptHandover { handover, .. } | Command::DeclineHandover(handover) => {
                self.id(handover.as_uuid());
            }
            Command::RecordAnswer { conversation, message, .. } => {
                self.conversation(*conversation);
                self.message(Some(*message));
            }
        }
    }

    fn said(&mut self, message: &Message) {
        self.message(Some(message.id));
        message.native.iter().for_each(|native| self.id(native.as_uuid()));
    }

    /// What it refers to, and where it goes: that shows once all that it refers to is here.
    fn inbound(&mut self, inbound: &Inbound) {
        self.said(&inbound.message);
        let named = inbound.message.answers.iter().chain(&inbound.references);
        named.chain(&inbound.thread).for_each(|native| self.id(native.as_uuid()));
        inbound.token.iter().for_each(|id| self.conversation(self.state.home(*id)));
        self.conversation(inbound.new_conversation);
        self.legs(&[inbound.new_leg]);
        if self.named.is_empty() {
            let placement = self.state.place(inbound);
            placement.conversation.iter().for_each(|id| self.conversation(*id));
        }
    }

    /// Other rules may judge anew what was judged before. For how long something is kept is known
    /// of what is evicted, too.
    fn policy(&mut self, policy: &Policy) {
        let known = &self.state.policy;
        if (&known.sla, &known.labels) != (&policy.sla, &policy.labels) {
            self.all();
        }
    }

    fn undoing(&mut self, id: ConversationId) {
        self.conversation(id);
        let Some(known) = self.state.conversation(id) else { return };
        if let Some(absorbed) = known.absorbed() {
            self.conversation(absorbed.into);
            absorbed.moved.iter().for_each(|moved| self.moved(moved));
        }
        if let Some(parted) = known.parted() {
            self.conversation(parted.from);
            self.moved(&parted.moved);
            // The leg that it goes back to may be in a third one by now.
            parted.were.iter().for_each(|(_, leg)| self.legs(&[*leg]));
        }
    }

    fn moved(&mut self, moved: &Moved) {
        self.legs(&moved.legs);
        for (message, leg) in &moved.messages {
            self.message(Some(*message));
            self.legs(&[*leg]);
        }
        moved.commitments.iter().for_each(|id| self.id(id.as_uuid()));
        moved.handovers.iter().for_each(|id| self.id(id.as_uuid()));
    }

    fn parting(&mut self, from: CustomerId, touchpoints: &[TouchpointId]) {
        for held in self.state.all_held_by(from) {
            match held {
                Held::Evicted(stub) if stub.share_of(touchpoints) == Share::Some => {
                    self.conversation(stub.id);
                }
                Held::Here(known) => {
                    // It goes with what was in it.
                    let moved = known.absorbed().and_then(|absorbed| absorbed.moved.as_ref());
                    moved.iter().for_each(|moved| self.legs(&moved.legs));
                }
                Held::Evicted(_) => {}
            }
        }
    }

    fn body(&mut self, body: &EventBody) {
        match body {
            EventBody::MessageSaid(message) => self.said(message),
            EventBody::RelationSeen(relation) => self.id(relation.target.as_uuid()),
            EventBody::PolicySet(policy) => self.policy(policy),
            EventBody::LegOpened(leg) => {
                self.conversation(leg.conversation);
                self.legs(&[leg.id]);
            }
            EventBody::MessagePlaced { message, leg, .. } => {
                self.message(Some(*message));
                self.legs(&[*leg]);
            }
            EventBody::ConversationOpened { conversation, .. }
            | EventBody::StatusChanged { conversation, .. }
            | EventBody::EpisodeBegan { conversation, .. }
            | EventBody::Assigned { conversation, .. }
            | EventBody::Labelled { conversation, .. }
            | EventBody::Retold { conversation, .. }
            | EventBody::PrioritySet { conversation, .. }
            | EventBody::ParticipantJoined { conversation, .. }
            | EventBody::ParticipantLeft { conversation, .. }
            | EventBody::CaseJoined { conversation, .. }
            | EventBody::CaseLeft { conversation, .. }
            | EventBody::SlaBreached { conversation, .. }
            | EventBody::SlaCleared { conversation, .. }
            | EventBody::ReviewAsked { conversation, .. }
            | EventBody::Reviewed { conversation }
            | EventBody::LegalHoldPlaced { conversation, .. }
            | EventBody::LegalHoldReleased { conversation, .. }
            | EventBody::Answered { conversation, .. } => self.conversation(*conversation),
            EventBody::Promised { commitment, conversation, message, .. } => {
                self.conversation(*conversation);
                self.id(commitment.as_uuid());
                self.message(*message);
            }
            EventBody::PromiseKept { commitment }
            | EventBody::PromiseBroken { commitment, .. }
            | EventBody::PromiseRenegotiated { commitment, .. }
            | EventBody::PromiseWithdrawn { commitment } => self.id(commitment.as_uuid()),
            EventBody::HandoverOffered { handover, conversation, .. } => {
                self.conversation(*conversation);
                self.id(handover.as_uuid());
            }
            EventBody::HandoverAccepted { handover, .. }
            | EventBody::HandoverDeclined { handover } => self.id(handover.as_uuid()),
            EventBody::Linked { .. }
            | EventBody::Unlinked { .. }
            | EventBody::CaseOpened { .. }
            | EventBody::CaseClosed { .. }
            | EventBody::PreferenceStated { .. } => {}
            EventBody::ConversationsMerged { from, into, moved }
            | EventBody::ConversationsUnmerged { from, into, moved }
            | EventBody::ConversationSplit { from, into, moved }
            | EventBody::ConversationUnsplit { from, into, moved } => {
                self.conversation(*from);
                self.conversation(*into);
                self.moved(moved);
            }
            // What stays behind says whose a conversation is.
            EventBody::CustomersMerged(Customers { .. })
            | EventBody::CustomersParted(Customers { .. }) => {}
            EventBody::MessageRedacted { message } => self.message(Some(*message)),
            EventBody::TouchpointsErased { touchpoints, messages, conversations } => {
                self.about(&touchpoints.iter().copied().collect());
                self.messages(messages);
                conversations.iter().for_each(|id| self.conversation(*id));
            }
            EventBody::RetentionEnded { conversation, messages, .. } => {
                self.conversation(*conversation);
                self.messages(messages);
            }
        }
    }
}
