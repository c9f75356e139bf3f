//! What follows from a command: events, or a reason why not.

mod annotate;
mod customers;
mod erase;
mod handover;
mod needs;
mod promise;
mod rearrange;
mod receive;
mod timeout;

use crate::state::Conversations;
use crate::{
    Actor, Answer, Command, Conversation, Event, EventBody, Message, Rejected, Relation, Said,
    Status,
};
use chrono::{DateTime, SubsecRound, Utc};
use kontak_content::Written;
use kontak_types::{AgentId, ConversationId, MessageId};

impl Conversations {
    /// What a command brings about. Nothing changes until the events are
    /// [applied](Self::apply): append them to the journal first.
    ///
    /// A command that has been done already (the same message once more) brings about nothing.
    ///
    /// # Errors
    /// Why it cannot be done. Then nothing happens.
    ///
    /// Times are kept to the microsecond.
    ///
    /// Complexity: for a message O(conversations of the customer since the first that is not
    /// closed, and of them those that are [evicted](Self::evict)), otherwise O(1).
    pub fn decide(
        &self,
        actor: &Actor,
        command: Command,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Rejected> {
        let now = now.trunc_subsecs(6);
        self.all_here(&command)?;
        let bodies = match command {
            Command::Receive(inbound) => self.receive(*inbound, now)?,
            Command::Say { leg, message } => self.say(leg, *message)?,
            Command::Relate(relation) => self.relate(*relation)?,
            Command::SetPolicy(policy) => {
                policy.sla.check().map_err(Rejected::Sla)?;
                vec![EventBody::PolicySet(policy)]
            }
            Command::SetStatus { conversation, to } => self.set_status(conversation, to, now)?,
            Command::Assign { conversation, to } => self.assign(conversation, to)?,
            Command::Promise { commitment, conversation, what, due, message } => {
                self.promise(actor, (commitment, conversation), what, (due, now), message)?
            }
            Command::KeepPromise(commitment) => self.keep(commitment)?,
            Command::RenegotiatePromise { commitment, due } => {
                self.renegotiate(commitment, due, now)?
            }
            Command::WithdrawPromise(commitment) => self.withdraw(commitment)?,
            Command::OfferHandover { handover, conversation, to, kind, wants } => {
                self.offer((handover, conversation), to, kind, wants)?
            }
            Command::AcceptHandover { handover, by } => self.accept(handover, by)?,
            Command::DeclineHandover(handover) => self.decline(handover)?,
            Command::RecordAnswer { conversation, question, answer, message } => {
                self.record_answer(conversation, question, answer, message)?
            }
            Command::Label { conversation, label, source } => {
                self.label(conversation, label, source, now)?
            }
            Command::SetPriority { conversation, priority } => {
                self.set_priority(conversation, priority)?
            }
            Command::LetIn { conversation, who } => self.let_in(conversation, who)?,
            Command::Leave { conversation, who } => self.leave(conversation, who)?,
            Command::Link { one, other, kind } => self.link((one, other), kind)?,
            Command::Unlink { one, other, kind } => self.unlink((one, other), kind),
            Command::OpenCase { case, title } => self.open_case(case, title)?,
            Command::CloseCase(case) => self.close_case(case)?,
            Command::JoinCase { case, conversation } => self.join_case(case, conversation)?,
            Command::LeaveCase { case, conversation } => self.leave_case(case, conversation)?,
            Command::StatePreference { touchpoint, preference, message } => {
                self.prefer(touchpoint, preference, message)?
            }
            Command::Merge { from, into } => self.merge(from, into)?,
            Command::Unmerge(from) => self.unmerge(from)?,
            Command::Split { conversation, new, by } => self.split(conversation, new, by, now)?,
            Command::Unsplit(part) => self.unsplit(part)?,
            Command::MergeCustomers { from, into } => self.merge_customers(from, into),
            Command::PartCustomers { from, into, touchpoints, new } => {
                self.part_customers((from, into), touchpoints, &new, now)?
            }
            Command::Review(conversation) => self.reviewed(conversation)?,
            Command::PlaceLegalHold { conversation, matter } => self.hold(conversation, matter)?,
            Command::ReleaseLegalHold { conversation, matter } => {
                self.release(conversation, matter)?
            }
            Command::Redact(message) => self.redact(message)?,
            Command::EraseTouchpoint(touchpoint) => self.erase_touchpoint(touchpoint)?,
            Command::EraseCustomer(customer) => self.erase_customer(customer)?,
        };
        Ok(bodies.into_iter().map(|body| Event::new(now, actor.clone(), body)).collect())
    }

    /// A conversation in which something can be done.
    fn known(&self, id: ConversationId) -> Result<&Conversation, Rejected> {
        let known = self.conversation(id).ok_or(Rejected::NoConversation(id))?;
        match known.absorbed() {
            Some(absorbed) => Err(Rejected::Absorbed { into: self.home(absorbed.into) }),
            None => Ok(known),
        }
    }

    fn say(&self, leg: crate::LegId, mut message: Message) -> Result<Vec<EventBody>, Rejected> {
        message.at = message.at.trunc_subsecs(6);
        let home = self.leg(leg).ok_or(Rejected::NoLeg(leg))?.conversation;
        self.known(home)?;
        match &message.author {
            Actor::External(_) if !self.is_in(home, &message.author) => {
                return Err(Rejected::NotLetIn);
            }
            Actor::Customer(_) => return Err(Rejected::NotOurs),
            _ => {}
        }
        if self.message(message.id).is_some() {
            return Ok(Vec::new());
        }
        let id = message.id;
        let place = EventBody::MessagePlaced { message: id, leg, reason: None };
        Ok(vec![EventBody::MessageSaid(message), place])
    }

    fn relate(&self, relation: Relation) -> Result<Vec<EventBody>, Rejected> {
        let most = self.policy.waiting_messages;
        let waits = self.messages.named(relation.target).is_none();
        if waits
            && self.waiting.len() >= most as usize
            && !self.waiting.contains_key(&relation.target)
        {
            return Err(Rejected::TooManyWaiting { most });
        }
        Ok(vec![EventBody::RelationSeen(relation)])
    }

    fn set_status(
        &self,
        conversation: ConversationId,
        to: Status,
        now: DateTime<Utc>,
    ) -> Result<Vec<EventBody>, Rejected> {
        let known = self.known(conversation)?;
        let from = known.status;
        if from == to {
            return Ok(Vec::new());
        }
        if let Status::Snoozed { until } = to
            && until <= now
        {
            return Err(Rejected::Past { field: "until" });
        }
        if !from.may_become(to) {
            return Err(Rejected::Transition { from: from.kind(), to: to.kind() });
        }
        Ok(changes_of_status(known, to, now))
    }

    /// A message of a conversation that the customer has seen, or wrote.
    fn said_in(
        &self,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Said<'_>, Rejected> {
        let view = self.message(message).filter(|_| self.home_of(message) == Some(conversation));
        let said = view.ok_or(Rejected::NoMessage(message))?.said;
        if said.content.is_note() { Err(Rejected::Note(message)) } else { Ok(said) }
    }

    fn assign(
        &self,
        conversation: ConversationId,
        to: Option<AgentId>,
    ) -> Result<Vec<EventBody>, Rejected> {
        let has_it = self.known(conversation)?.agent == to;
        Ok(if has_it { Vec::new() } else { vec![EventBody::Assigned { conversation, to }] })
    }

    fn record_answer(
        &self,
        conversation: ConversationId,
        question: Box<str>,
        answer: Written,
        message: MessageId,
    ) -> Result<Vec<EventBody>, Rejected> {
        let known = self.known(conversation)?;
        let said = self.said_in(conversation, message)?;
        Ok(match known.already_answered(&question) {
            Some(before) if before.message == message => Vec::new(),
            Some(_) => vec![EventBody::Retold { conversation, question, message }],
            None => {
                let (answer, at) = (Some(answer), said.at);
                let answer = Answer { question, answer, message, at, retold: 0 };
                vec![EventBody::Answered { conversation, answer }]
            }
        })
    }
}

/// A change of status; opening what was done begins another episode. A message may have been said
/// before the last change and come after it: nothing begins before what it follows.
fn changes_of_status(known: &Conversation, to: Status, since: DateTime<Utc>) -> Vec<EventBody> {
    let (conversation, from) = (known.id, known.status);
    let since = since.max(known.since);
    let mut bodies = vec![EventBody::StatusChanged { conversation, from, to, since }];
    if !from.is_active() && to.is_active() {
        let episode = known.episode + 1;
        bodies.push(EventBody::EpisodeBegan { conversation, episode, since });
    }
    bodies
}
