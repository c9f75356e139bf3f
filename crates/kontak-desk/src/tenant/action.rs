//! What agents, supervisors, bots and the integrator's own programs do.

use super::route::item;
use super::{IdentityRecord, Record, Step, Tenant};
use crate::{Accounts, SettingsError};
use chrono::{DateTime, Utc};
use kontak_channel::PlanError;
use kontak_content::{Content, Written};
use kontak_conversation::{
    Actor, Command, EventBody, HandoverKind, HandoverTarget, LegId, Message, Rejected, Status,
};
use kontak_identity::{EraseError, Observation, Retraction};
use kontak_metrics::{EventId, EventKind};
use kontak_routing::{Agent, Input, Presence, Refusal, Token, TransferMode, TransferTarget};
use kontak_types::{
    AgentId, CommitmentId, ConversationId, CustomerId, HandoverId, MessageId, TouchpointId,
    TouchpointKey,
};
use thiserror::Error;

/// Why something was not done. Then nothing has changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ActionError {
    /// The conversation does not allow it.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// Routing does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It cannot be said on that channel, or not now.
    #[error("it cannot be said on {channel}: {source}")]
    Plan {
        /// The channel.
        channel: String,
        /// Why.
        source: PlanError,
    },
    /// Somebody else was offered it, or nobody.
    #[error("it is not offered to this agent")]
    NotOffered,
    /// Who has a conversation is decided in routing.
    #[error("who has a conversation is decided in routing: assign it there")]
    ByRouting,
    /// What is stored of the conversation is lost or damaged.
    #[error(
        "what is stored of the conversation {0} cannot be read; a start from the journal brings it back"
    )]
    Unreadable(ConversationId),
    /// No route leads to a queue for the conversation.
    #[error("no route leads to a queue for the conversation")]
    NotRouted,
    /// The conversation has no leg to answer on.
    #[error("the conversation has no account of the customer to answer to")]
    NoLeg,
    /// No account of ours reaches that of the customer.
    #[error("no account on {channel} is set up that reaches the customer")]
    NoAccount {
        /// The channel.
        channel: String,
    },
    /// The customer wants no such messages.
    #[error("the customer wants no such messages on {channel}")]
    OptedOut {
        /// The channel.
        channel: String,
    },
    /// We do not write by ourselves at this hour.
    #[error("nothing is sent unasked before {until}")]
    QuietHours {
        /// When it may be sent.
        until: DateTime<Utc>,
    },
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Nobody is known under this id.
    #[error(transparent)]
    Erase(#[from] EraseError),
}

impl Tenant {
    /// An agent is new, or can do something else from now on.
    pub fn set_agent(&mut self, agent: Agent, step: &mut Step<'_>) {
        // There is nothing in it that routing could refuse.
        let _ = self.tell_routing(Input::SetAgent(Box::new(agent)), step);
    }

    /// An agent comes, pauses or goes.
    ///
    /// # Errors
    /// There is no such agent.
    pub fn set_presence(
        &mut self,
        agent: AgentId,
        presence: Presence,
        step: &mut Step<'_>,
    ) -> Result<(), ActionError> {
        Ok(self.tell_routing(Input::SetPresence { agent, presence }, step)?)
    }

    /// A sign of life of an agent.
    ///
    /// # Errors
    /// There is no such agent.
    pub fn heartbeat(&mut self, agent: AgentId, step: &mut Step<'_>) -> Result<(), ActionError> {
        Ok(self.tell_routing(Input::Heartbeat { agent }, step)?)
    }

    /// An agent's client is gone: what was offered to them is withdrawn, and what they have in hand waits
    /// again, in its old place. What waits for a customer stays theirs, and so do they: they may come
    /// back. Who only goes offline keeps what they have for a while.
    ///
    /// # Errors
    /// There is no such agent.
    pub fn agent_crashed(
        &mut self,
        agent: AgentId,
        step: &mut Step<'_>,
    ) -> Result<(), ActionError> {
        Ok(self.tell_routing(Input::Crash { agent }, step)?)
    }

    /// An agent works here no longer: nothing is offered to them, and what they have in hand waits again,
    /// in its old place. What waits for a customer goes to whoever is free when the customer is back.
    ///
    /// # Errors
    /// There is no such agent.
    pub fn remove_agent(&mut self, agent: AgentId, step: &mut Step<'_>) -> Result<(), ActionError> {
        self.tell_routing(Input::RemoveAgent(agent), step)?;
        // A call that is over is in nobody's hands, and was theirs to finish.
        let theirs = self.conversations.active().filter(|known| {
            known.agent == Some(agent)
                && matches!(known.status, Status::New | Status::Open)
                && self.routing.find(item(known.id)).is_none()
        });
        let mut theirs: Vec<_> = theirs.map(|known| (known.since, known.id)).collect();
        theirs.sort_unstable();
        for (_, conversation) in theirs {
            self.wait_for_agent(conversation, step);
        }
        Ok(())
    }

    /// An agent takes what was offered, or does not.
    ///
    /// # Errors
    /// The offer is over, or is somebody else's.
    pub fn answer_offer(
        &mut self,
        agent: AgentId,
        (conversation, token): (ConversationId, Token),
        accepts: bool,
        step: &mut Step<'_>,
    ) -> Result<(), ActionError> {
        let item = item(conversation);
        if self.routing.find(item).is_none_or(|at| at.agent != Some(agent)) {
            return Err(ActionError::NotOffered);
        }
        let input = match accepts {
            true => Input::Accept { item, token },
            false => Input::Decline { item, token },
        };
        Ok(self.tell_routing(input, step)?)
    }

    /// Says something to the customer, on this leg or on the one they last wrote on. Returns the
    /// message.
    ///
    /// # Errors
    /// Where it cannot be said there, or not now, and why.
    pub fn reply(
        &mut self,
        actor: &Actor,
        (conversation, leg): (ConversationId, Option<LegId>),
        content: Content,
        accounts: &Accounts,
        step: &mut Step<'_>,
    ) -> Result<MessageId, ActionError> {
        let conversation = self.conversations.home(conversation);
        let leg = leg.map_or_else(|| self.leg_to_answer(conversation), Ok)?;
        if self.conversations.leg(leg).is_none_or(|leg| leg.conversation != conversation) {
            return Err(ActionError::NoLeg);
        }
        let id = MessageId::new(step.id());
        let key = self.key_of_leg(leg).ok_or(ActionError::NoLeg)?;
        let sends = self.plan_sends(actor, (leg, key), id, &content, accounts, step)?;
        let mut message = Message::new(id, actor.clone(), step.now, content);
        message.native = Some(self.own_native(id));
        self.decide(actor, Command::Say { leg, message: Box::new(message) }, step)?;
        step.work.sends.extend(sends);
        if matches!(actor, Actor::Agent(_)) {
            self.wait_for_customer(actor, conversation, step);
        }
        Ok(id)
    }

    /// The agent has answered: the customer is to act, and meanwhile it costs no capacity.
    fn wait_for_customer(
        &mut self,
        actor: &Actor,
        conversation: ConversationId,
        step: &mut Step<'_>,
    ) {
        let known = self.conversations.conversation(conversation);
        let waits = known.is_some_and(|known| known.status.may_become(Status::WaitingForCustomer));
        if waits {
            let to = Status::WaitingForCustomer;
            let _ = self.decide(actor, Command::SetStatus { conversation, to }, step);
        }
        self.park(conversation, step);
    }

    /// Says something unasked: that a promise will be late, how the repair went. Only where the
    /// customer has not refused such messages, within the hours of the settings, and within the
    /// channel's window.
    ///
    /// # Errors
    /// Where it must not be said, or cannot.
    pub fn follow_up(
        &mut self,
        actor: &Actor,
        conversation: ConversationId,
        content: Content,
        accounts: &Accounts,
        step: &mut Step<'_>,
    ) -> Result<MessageId, ActionError> {
        if let Some(hours) = &self.settings.proactive_hours
            && !hours.is_open(step.now)
        {
            let until = hours.next_change(step.now).unwrap_or(DateTime::<Utc>::MAX_UTC);
            return Err(ActionError::QuietHours { until });
        }
        let home = self.conversations.home(conversation);
        let leg = self.leg_to_answer(home)?;
        let touchpoint =
            self.conversations.leg(leg).map(|leg| (leg.touchpoint, leg.channel.clone()));
        if let Some((touchpoint, channel)) = touchpoint
            && let Some(reach) = self.reaches.of(touchpoint)
            && reach.refuses(kontak_channel::ConsentScope::Marketing)
        {
            return Err(ActionError::OptedOut { channel: channel.to_string() });
        }
        self.reply(actor, (home, Some(leg)), content, accounts, step)
    }

    /// A note for colleagues.
    ///
    /// # Errors
    /// There is no such conversation.
    pub fn note(
        &mut self,
        actor: &Actor,
        conversation: ConversationId,
        note: kontak_content::InternalNote,
        step: &mut Step<'_>,
    ) -> Result<MessageId, ActionError> {
        let leg = self.leg_to_answer(self.conversations.home(conversation))?;
        let id = MessageId::new(step.id());
        let content = Content::from(kontak_content::Part::InternalNote(note));
        let message = Box::new(Message::new(id, actor.clone(), step.now, content));
        self.decide(actor, Command::Say { leg, message }, step)?;
        Ok(id)
    }

    /// The matter is done.
    ///
    /// # Errors
    /// It was done before, or cannot be.
    pub fn resolve(
        &mut self,
        actor: &Actor,
        conversation: ConversationId,
        step: &mut Step<'_>,
    ) -> Result<(), ActionError> {
        let to = Status::Resolved;
        self.decide(actor, Command::SetStatus { conversation, to }, step)?;
        self.let_go(conversation, step);
        Ok(())
    }

    /// Hands a conversation on, with what the next one should know.
    ///
    /// # Errors
    /// It was handed on too often, would go back to who had it, or is not in hand.
    pub fn transfer(
        &mut self,
        actor: &Actor,
        conversation: ConversationId,
        (to, kind): (HandoverTarget, HandoverKind),
        wants: Option<Written>,
        step: &mut Step<'_>,
    ) -> Result<(), ActionError> {
        let at = self.look(conversation, step).map(|at| at.state);
        let handover = HandoverId::new(step.id());
        let offer = Command::OfferHandover { handover, conversation, to, kind, wants };
        // What routing refuses is not to be recorded of the conversation, and the other way round.
        let events = self.conversations.decide(actor, offer, step.now)?;
        let target = match to {
            HandoverTarget::Agent(agent) => TransferTarget::Agent(agent),
            HandoverTarget::Queue(queue) => TransferTarget::Queue(queue),
            _ => return Err(ActionError::NotOffered),
        };
        let mode = match kind {
            HandoverKind::Warm => TransferMode::Warm,
            HandoverKind::Consult => {
                TransferMode::Consult { with: kontak_types::WorkItemId::new(step.id()) }
            }
            _ => TransferMode::Cold,
        };
        let item = item(conversation);
        if at != Some(kontak_routing::ItemState::Active) {
            return Err(match at {
                Some(state) => Refusal::State(state).into(),
                None => Refusal::NoItem.into(),
            });
        }
        self.record_events(events, step);
        let input = Input::Transfer { item, to: target, mode, may_return: false };
        if let Err(refusal) = self.tell_routing(input, step) {
            // The offer is taken back: nobody will ever answer it.
            let _ = self.decide(actor, Command::DeclineHandover(handover), step);
            return Err(refusal.into());
        }
        Ok(())
    }

    /// A bot is through with a conversation: people go on.
    pub fn bot_done(&mut self, conversation: ConversationId, step: &mut Step<'_>) {
        // Refused where no bot was first, and then there is nothing to do.
        let held = self.look(conversation, step).and_then(|at| at.hold);
        if held == Some(kontak_routing::Hold::Bot) {
            let _ = self.tell_routing(Input::BotDone { item: item(conversation) }, step);
        }
    }

    /// A supervisor gives a conversation to an agent, or an agent takes it, whatever the rules say.
    ///
    /// # Errors
    /// There is no such agent, somebody else has it, it is over, or no route leads to a queue for it.
    pub fn assign_by(
        &mut self,
        supervisor: AgentId,
        conversation: ConversationId,
        agent: AgentId,
        step: &mut Step<'_>,
    ) -> Result<(), ActionError> {
        let conversation = self.conversations.home(conversation);
        let (item, by) = (item(conversation), supervisor);
        let input = match self.look(conversation, step) {
            Some(_) => Input::Assign { item, agent, by },
            None => {
                let work = self.contact_of_active(conversation, step.now)?;
                Input::Give { work: Box::new(work), agent, by }
            }
        };
        Ok(self.tell_routing(input, step)?)
    }

    /// Promises something. Returns the promise.
    ///
    /// # Errors
    /// There is no such conversation, or the time has passed.
    pub fn promise(
        &mut self,
        actor: &Actor,
        conversation: ConversationId,
        (what, due): (Written, DateTime<Utc>),
        step: &mut Step<'_>,
    ) -> Result<CommitmentId, ActionError> {
        let commitment = CommitmentId::new(step.id());
        let promise = Command::Promise { commitment, conversation, what, due, message: None };
        self.decide(actor, promise, step)?;
        Ok(commitment)
    }

    /// Anything else that can be done with a conversation: labels, links, cases, holds, answers,
    /// promises kept. Where it goes to another status or becomes one with another, whoever has it
    /// is told; who has it is changed by methods of their own.
    ///
    /// # Errors
    /// The conversation does not allow it, or it would [give](Self::assign_by) it to somebody.
    pub fn command(
        &mut self,
        actor: &Actor,
        command: Command,
        step: &mut Step<'_>,
    ) -> Result<(), ActionError> {
        if matches!(command, Command::Assign { .. }) {
            return Err(ActionError::ByRouting);
        }
        let events = self.conversations.decide(actor, command, step.now);
        let events = events.map_err(|rejected| match rejected {
            Rejected::NoConversation(id) if self.is_unreadable(id) => ActionError::Unreadable(id),
            other => other.into(),
        })?;
        let moved: Vec<_> = events.iter().flat_map(|event| stands_elsewhere(&event.body)).collect();
        self.record_events(events, step);
        for conversation in moved {
            self.follow_status(conversation, step);
        }
        Ok(())
    }

    /// Tells metrics what nothing else here knows: a survey's answer, a purchase, a cost.
    pub fn measured(&mut self, conversation: ConversationId, kind: EventKind, step: &mut Step<'_>) {
        let event =
            kontak_metrics::Event::new(conversation, EventId::new(step.id()), step.now, kind);
        let _ = self.keep(Record::Metrics(Box::new(event)), step);
    }

    /// Another system knows who somebody is: the customer list, the till, the web shop.
    pub fn enrich(&mut self, observation: Observation, step: &mut Step<'_>) {
        self.observe(observation, step);
    }

    /// Takes evidence back: whoever it alone held together is two again, in all engines at once.
    pub fn retract(&mut self, retractions: Vec<Retraction>, step: &mut Step<'_>) {
        self.change_identity(IdentityRecord::Retracted(retractions), step);
    }

    /// Two accounts are never one customer's; or may be, after all.
    pub fn forbid(
        &mut self,
        (a, b): (TouchpointId, TouchpointId),
        forbidden: bool,
        step: &mut Step<'_>,
    ) {
        let record = match forbidden {
            true => IdentityRecord::Forbidden(a, b),
            false => IdentityRecord::Allowed(a, b),
        };
        self.change_identity(record, step);
    }

    /// Forgets a customer: who they are, what they said and was said to them. Counts stay. Returns
    /// the accounts, of which the store has to forget the same.
    ///
    /// # Errors
    /// Nobody is known under this id, or a legal hold stands against it.
    pub fn erase_customer(
        &mut self,
        actor: &Actor,
        customer: CustomerId,
        step: &mut Step<'_>,
    ) -> Result<Vec<TouchpointId>, ActionError> {
        let members = self.members(customer).ok_or(EraseError::UnknownCustomer { id: customer })?;
        let erase = Command::EraseCustomer(customer);
        let events = self.conversations.decide(actor, erase, step.now)?;
        let emptied = events.iter().flat_map(|event| match &event.body {
            EventBody::TouchpointsErased { conversations, .. } => conversations.clone(),
            _ => Vec::new(),
        });
        let emptied: Vec<_> = emptied.collect();
        self.record_events(events, step);
        // There is nobody left to answer.
        for conversation in emptied {
            self.let_go(conversation, step);
        }
        for touchpoint in &members {
            let tombstone = self.identity.tombstone(*touchpoint);
            let record =
                IdentityRecord::Erased { touchpoint: *touchpoint, at: step.now, tombstone };
            self.change_identity(record, step);
        }
        Ok(members)
    }

    /// The accounts of a customer, as their channels name them.
    pub fn keys(&mut self, customer: CustomerId) -> Vec<TouchpointKey> {
        let view = self.identity.settle();
        let kontak_identity::Resolved::Customer(customer) = view.resolve(customer) else {
            return Vec::new();
        };
        let members = customer.members().into_iter();
        members.filter_map(|member| view.touchpoint_key(member)).collect()
    }

    pub(super) fn members(&mut self, customer: CustomerId) -> Option<Vec<TouchpointId>> {
        let view = self.identity.settle();
        let kontak_identity::Resolved::Customer(customer) = view.resolve(customer) else {
            return None;
        };
        let members = customer.members().into_iter();
        Some(members.filter_map(|member| view.touchpoint_id(member)).collect())
    }

    /// The leg that the customer last wrote on; else the last one.
    fn leg_to_answer(&self, conversation: ConversationId) -> Result<LegId, ActionError> {
        let mut said = self.conversations.messages(conversation).rev();
        let heard = said.find(|message| matches!(message.said.author, Actor::Customer(_)));
        let leg = heard.and_then(|message| Some(message.place?.0));
        leg.or_else(|| self.conversations.legs(conversation).last().map(|leg| leg.id))
            .ok_or(ActionError::NoLeg)
    }
}

/// The conversations that stand elsewhere after this, or hold something else.
pub(super) fn stands_elsewhere(body: &EventBody) -> Vec<ConversationId> {
    match body {
        EventBody::StatusChanged { conversation, .. } => vec![*conversation],
        EventBody::ConversationsMerged { from, into, .. }
        | EventBody::ConversationsUnmerged { from, into, .. }
        | EventBody::ConversationSplit { from, into, .. }
        | EventBody::ConversationUnsplit { from, into, .. } => vec![*from, *into],
        _ => Vec::new(),
    }
}
