//! What follows from a command: events, or a reason why not.

mod handover;
mod promise;
mod receive;
mod timeout;

use crate::state::Conversations;
use crate::{
    Actor, Answer, Command, Conversation, Event, EventBody, Message, Rejected, Relation, Status,
};
use chrono::{DateTime, SubsecRound, Utc};
use kontak_content::Written;
use kontak_types::{ConversationId, MessageId};

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
    /// closed), otherwise O(1).
    pub fn decide(
        &self,
        actor: &Actor,
        command: Command,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Rejected> {
        let now = now.trunc_subsecs(6);
        let bodies = match command {
            Command::Receive(inbound) => self.receive(*inbound),
            Command::Say { leg, message } => self.say(leg, *message)?,
            Command::Relate(relation) => self.relate(*relation)?,
            Command::SetPolicy(policy) => vec![EventBody::PolicySet(policy)],
            Command::SetStatus { conversation, to } => self.set_status(conversation, to, now)?,
            Command::Assign { conversation, to } => {
                let known = self.known(conversation)?;
                if known.agent == to {
                    Vec::new()
                } else {
                    vec![EventBody::Assigned { conversation, to }]
                }
            }
            Command::SetTopic { conversation, topic } => {
                let known = self.known(conversation)?;
                if known.topic.as_ref() == Some(&topic) {
                    Vec::new()
                } else {
                    vec![EventBody::TopicSet { conversation, topic }]
                }
            }
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
        };
        Ok(bodies.into_iter().map(|body| Event::new(now, actor.clone(), body)).collect())
    }

    fn known(&self, id: ConversationId) -> Result<&Conversation, Rejected> {
        self.conversation(id).ok_or(Rejected::NoConversation(id))
    }

    fn say(&self, leg: crate::LegId, mut message: Message) -> Result<Vec<EventBody>, Rejected> {
        message.at = message.at.trunc_subsecs(6);
        if self.leg(leg).is_none() {
            return Err(Rejected::NoLeg(leg));
        }
        if !message.author.is_ours() {
            return Err(Rejected::NotOurs);
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

    fn record_answer(
        &self,
        conversation: ConversationId,
        question: Box<str>,
        answer: Written,
        message: MessageId,
    ) -> Result<Vec<EventBody>, Rejected> {
        let known = self.known(conversation)?;
        let said = self.message(message).ok_or(Rejected::NoMessage(message))?.said;
        Ok(match known.already_answered(&question) {
            Some(before) if before.message == message => Vec::new(),
            Some(_) => vec![EventBody::Retold { conversation, question, message }],
            None => {
                let answer = Answer { question, answer, message, at: said.at, retold: 0 };
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
