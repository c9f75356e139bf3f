//! What agents, supervisors and programs do, one method each. All else is [`Desk::step`].

use super::forget::Forget;
use super::{Desk, DeskError, Order};
use crate::{Accounts, ActionError, Step, Tenant, Touched, Unattended};
use chrono::{DateTime, Utc};
use kontak_content::{Content, InternalNote, Written};
use kontak_conversation::{Actor, Command, HandoverKind, HandoverTarget, LegId};
use kontak_metrics::EventKind;
use kontak_routing::{Agent, Presence, Token};
use kontak_types::{AgentId, CommitmentId, ConversationId, CustomerId, Language, MessageId};
use tokio::sync::oneshot;

impl Desk {
    async fn attempt<T, F>(&self, act: F) -> Result<T, DeskError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tenant, &Accounts, &mut Step<'_>) -> Result<T, ActionError> + Send + 'static,
    {
        Ok(self.step(act).await??)
    }

    /// With a conversation, wherever it is.
    async fn attempt_in<T, F>(&self, id: ConversationId, act: F) -> Result<T, DeskError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tenant, &Accounts, &mut Step<'_>) -> Result<T, ActionError> + Send + 'static,
    {
        let act = move |tenant: &mut Tenant, accounts: &Accounts, step: &mut Step<'_>| match tenant
            .is_unreadable(id)
        {
            true => Err(ActionError::Unreadable(id)),
            false => act(tenant, accounts, step),
        };
        Ok(self.step_with(vec![Touched::Conversation(id)], act).await??)
    }

    /// An agent is there, and can do this.
    ///
    /// # Errors
    /// Where it was not stored.
    pub async fn sign_in(&self, agent: Agent) -> Result<(), DeskError> {
        let id = agent.id;
        self.attempt(move |tenant, _, step| {
            tenant.set_agent(agent, step);
            tenant.set_presence(id, Presence::Available, step)
        })
        .await
    }

    /// An agent comes, pauses or goes.
    ///
    /// # Errors
    /// There is no such agent.
    pub async fn set_presence(&self, agent: AgentId, presence: Presence) -> Result<(), DeskError> {
        self.attempt(move |tenant, _, step| tenant.set_presence(agent, presence, step)).await
    }

    /// A sign of life of an agent: without them nothing is offered to them after a while.
    ///
    /// # Errors
    /// There is no such agent.
    pub async fn heartbeat(&self, agent: AgentId) -> Result<(), DeskError> {
        self.attempt(move |tenant, _, step| tenant.heartbeat(agent, step)).await
    }

    /// An agent's client is gone: what was offered to them is withdrawn, and what they have in hand waits
    /// again, in its old place.
    ///
    /// # Errors
    /// There is no such agent.
    pub async fn agent_crashed(&self, agent: AgentId) -> Result<(), DeskError> {
        self.attempt(move |tenant, _, step| tenant.agent_crashed(agent, step)).await
    }

    /// An agent works here no longer. What they have in hand waits again, in its old place; what waits
    /// for a customer goes to whoever is free when the customer is back.
    ///
    /// # Errors
    /// There is no such agent.
    pub async fn remove_agent(&self, agent: AgentId) -> Result<(), DeskError> {
        self.attempt(move |tenant, _, step| tenant.remove_agent(agent, step)).await
    }

    /// An agent takes what was offered.
    ///
    /// # Errors
    /// The offer is over, or is somebody else's.
    pub async fn accept(
        &self,
        agent: AgentId,
        conversation: ConversationId,
        token: Token,
    ) -> Result<(), DeskError> {
        let offer = (conversation, token);
        self.attempt(move |tenant, _, step| tenant.answer_offer(agent, offer, true, step)).await
    }

    /// An agent does not take what was offered.
    ///
    /// # Errors
    /// The offer is over, or is somebody else's.
    pub async fn decline(
        &self,
        agent: AgentId,
        conversation: ConversationId,
        token: Token,
    ) -> Result<(), DeskError> {
        let offer = (conversation, token);
        self.attempt(move |tenant, _, step| tenant.answer_offer(agent, offer, false, step)).await
    }

    /// Says something to the customer, where they last wrote. It goes out after this returns.
    ///
    /// # Errors
    /// Where it cannot be said there, or not now, and why.
    pub async fn reply(
        &self,
        actor: Actor,
        conversation: ConversationId,
        content: Content,
    ) -> Result<MessageId, DeskError> {
        self.reply_on(actor, conversation, None, content).await
    }

    /// Says something on a leg of one's choice.
    ///
    /// # Errors
    /// Where it cannot be said there, or not now, and why.
    pub async fn reply_on(
        &self,
        actor: Actor,
        conversation: ConversationId,
        leg: Option<LegId>,
        content: Content,
    ) -> Result<MessageId, DeskError> {
        self.attempt_in(conversation, move |tenant, accounts, step| {
            tenant.reply(&actor, (conversation, leg), content, accounts, step)
        })
        .await
    }

    /// Says something in the language of the customer, through the translation of the builder.
    ///
    /// # Errors
    /// Where it cannot be said, and why.
    pub async fn reply_in(
        &self,
        actor: Actor,
        conversation: ConversationId,
        content: Content,
        language: &Language,
    ) -> Result<MessageId, DeskError> {
        let content = match &self.inner.translation {
            Some(translation) => translation.translate(&content, language).await,
            None => content,
        };
        self.reply(actor, conversation, content).await
    }

    /// Says something unasked, within the hours of the settings.
    ///
    /// # Errors
    /// Where it must not be said, or cannot.
    pub async fn follow_up(
        &self,
        actor: Actor,
        conversation: ConversationId,
        content: Content,
    ) -> Result<MessageId, DeskError> {
        self.attempt_in(conversation, move |tenant, accounts, step| {
            tenant.follow_up(&actor, conversation, content, accounts, step)
        })
        .await
    }

    /// Leaves a note for colleagues.
    ///
    /// # Errors
    /// There is no such conversation.
    pub async fn note(
        &self,
        actor: Actor,
        conversation: ConversationId,
        note: InternalNote,
    ) -> Result<MessageId, DeskError> {
        self.attempt_in(conversation, move |tenant, _, step| {
            tenant.note(&actor, conversation, note, step)
        })
        .await
    }

    /// The matter is done.
    ///
    /// # Errors
    /// It was done before, or cannot be.
    pub async fn resolve(
        &self,
        actor: Actor,
        conversation: ConversationId,
    ) -> Result<(), DeskError> {
        self.attempt_in(conversation, move |tenant, _, step| {
            tenant.resolve(&actor, conversation, step)
        })
        .await
    }

    /// Hands a conversation on, with what the customer wants in one's own words.
    ///
    /// # Errors
    /// It was handed on too often, would go back to who had it, or is not in hand.
    pub async fn transfer(
        &self,
        actor: Actor,
        conversation: ConversationId,
        to: (HandoverTarget, HandoverKind),
        wants: Option<Written>,
    ) -> Result<(), DeskError> {
        self.attempt_in(conversation, move |tenant, _, step| {
            tenant.transfer(&actor, conversation, to, wants, step)
        })
        .await
    }

    /// Promises something by a time.
    ///
    /// # Errors
    /// There is no such conversation, or the time has passed.
    pub async fn promise(
        &self,
        actor: Actor,
        conversation: ConversationId,
        what: Written,
        due: DateTime<Utc>,
    ) -> Result<CommitmentId, DeskError> {
        self.attempt_in(conversation, move |tenant, _, step| {
            tenant.promise(&actor, conversation, (what, due), step)
        })
        .await
    }

    /// A supervisor gives a conversation to an agent, or an agent takes it: one that waits, and one that
    /// [nobody is asked](Self::unattended) to look at.
    ///
    /// # Errors
    /// There is no such agent, somebody else has it, it is over, or no route leads to a queue for it.
    pub async fn assign(
        &self,
        supervisor: AgentId,
        conversation: ConversationId,
        agent: AgentId,
    ) -> Result<(), DeskError> {
        self.attempt_in(conversation, move |tenant, _, step| {
            tenant.assign_by(supervisor, conversation, agent, step)
        })
        .await
    }

    /// The conversations that wait for us and that nobody is asked to look at, the longest first: calls
    /// that were abandoned, what was turned away, what no route fits. [`Notice::Unattended`](crate::Notice::Unattended) tells of
    /// each when it comes to that.
    ///
    /// # Errors
    /// Where this process does not own the tenant.
    pub async fn unattended(&self) -> Result<Vec<Unattended>, DeskError> {
        self.step(|tenant, _, _| tenant.unattended()).await
    }

    /// A customer gave up waiting: they closed the chat, they left the counter. Of who hangs up the
    /// channel tells.
    ///
    /// # Errors
    /// The conversation does not wait for anybody.
    pub async fn abandoned(&self, conversation: ConversationId) -> Result<(), DeskError> {
        self.attempt_in(conversation, move |tenant, _, step| tenant.abandoned(conversation, step))
            .await
    }

    /// The customer is to be called back, and not before that time. Who waits keeps their place, and may
    /// hang up; what [nobody is asked](Self::unattended) to look at waits again.
    ///
    /// # Errors
    /// Somebody has the conversation in hand, it is over, or no route leads to a queue for it.
    pub async fn call_back(
        &self,
        conversation: ConversationId,
        not_before: Option<DateTime<Utc>>,
    ) -> Result<(), DeskError> {
        self.attempt_in(conversation, move |tenant, _, step| {
            tenant.call_back(conversation, not_before, step)
        })
        .await
    }

    /// Anything else that can be done with a conversation: labels, links, holds, promises kept.
    ///
    /// # Errors
    /// The conversation does not allow it.
    pub async fn command(&self, actor: Actor, command: Command) -> Result<(), DeskError> {
        let touched = vec![Touched::Command(Box::new(command.clone()))];
        let done =
            self.step_with(touched, move |tenant, _, step| tenant.command(&actor, command, step));
        Ok(done.await??)
    }

    /// Tells metrics what nothing else knows: a survey's answer, a purchase.
    ///
    /// # Errors
    /// Where it was not stored.
    pub async fn measured(
        &self,
        conversation: ConversationId,
        kind: EventKind,
    ) -> Result<(), DeskError> {
        let touched = vec![Touched::Conversation(conversation)];
        self.step_with(touched, move |tenant, _, step| tenant.measured(conversation, kind, step))
            .await
    }

    /// Somebody found out whether an ambiguous message went out.
    ///
    /// # Errors
    /// Where it was not stored.
    pub async fn reconcile(&self, message: MessageId, went_out: bool) -> Result<(), DeskError> {
        let touched = vec![Touched::Message(message)];
        self.step_with(touched, move |tenant, _, step| tenant.reconcile(message, went_out, step))
            .await
    }

    /// Forgets a customer, here and in the store: journal, inbox, outbox and snapshot. Counts and
    /// times stay. Returns when it is done.
    ///
    /// # Errors
    /// Nobody is known under this id, or a legal hold stands against it.
    pub async fn erase_customer(
        &self,
        actor: Actor,
        customer: CustomerId,
    ) -> Result<(), DeskError> {
        let touched = vec![Touched::Customer(customer)];
        let erased = self.step_with(touched, move |tenant, _, step| {
            tenant.erase_customer(&actor, customer, step)
        });
        let _ = erased.await??;
        let (done, finished) = oneshot::channel();
        self.order(Order::Forget(Forget { done })).await?;
        finished.await.map_err(|_| DeskError::NotStored)?
    }
}
