//! What came in: who it is, where it belongs, and that somebody looks at it.

use super::people::Known;
use super::route::waits;
use super::{Notice, ReachRecord, Record, Step, Tenant};
use chrono::{DateTime, Utc};
use kontak_channel::{
    CallEvent, CallStage, Envelope, EnvelopeBody, InboundMessage, MessageAuthor, MessageChange,
    Receipt, ReceiptStatus, Sender, choice_in_reply,
};
use kontak_content::{Call, CallDirection, CallTimeline, Content, Part, Recording};
use kontak_conversation::{
    Actor, Command, Delivery, DeliveryStatus, Inbound, LegId, Message, MessageView, Relation,
};
use kontak_identity::Verification;
use kontak_routing::{Input, Leaving};
use kontak_types::{ChannelKind, ConversationId, Language, MessageId};

/// Who sent something, as the first half of taking it in has found.
#[derive(Clone, Copy, Debug)]
pub struct Met(pub(super) Option<Known>);

pub(super) fn source(account: &str, sender: &Sender) -> String {
    format!("{}/{account}", sender.touchpoint.channel)
}

/// A provider whose clock is ahead has not told us the future.
pub(super) fn at(envelope: &Envelope, now: DateTime<Utc>) -> DateTime<Utc> {
    envelope.at().min(now)
}

/// Where and when something came in.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) account: &'a str,
    pub(super) source: &'a str,
    pub(super) at: DateTime<Utc>,
}

impl Tenant {
    /// Takes in something that came through the account of ours of this name. The same again
    /// changes nothing. `language` is that of the words, where somebody knows it.
    ///
    /// Nothing is refused: what is of no use here is passed over, and the inbox has it.
    pub fn receive(
        &mut self,
        account: &str,
        envelope: &Envelope,
        language: Option<&Language>,
        step: &mut Step<'_>,
    ) {
        let met = self.meet(account, envelope, step);
        self.take_in((account, envelope), met, language, step);
    }

    /// The first half of [`receive`](Self::receive): who it is, and what follows from that for
    /// customers. Where conversations are evicted, each half has needs of its own.
    pub fn meet(&mut self, account: &str, envelope: &Envelope, step: &mut Step<'_>) -> Met {
        let at = at(envelope, step.now);
        Met(envelope.sender.as_ref().and_then(|sender| {
            let evidence = (&*source(account, sender), verification(&sender.touchpoint.channel));
            self.recognise(sender, evidence, at, step)
        }))
    }

    /// The other half of [`receive`](Self::receive).
    pub fn take_in(
        &mut self,
        (account, envelope): (&str, &Envelope),
        met: Met,
        language: Option<&Language>,
        step: &mut Step<'_>,
    ) {
        debug_assert!(self.needed_to_take_in((account, envelope), met, step.now).is_empty());
        let at = at(envelope, step.now);
        let Some(sender) = &envelope.sender else {
            if let EnvelopeBody::Receipt(receipt) = &envelope.body {
                self.receipt(account, receipt, at, None, step);
            }
            return;
        };
        let source = source(account, sender);
        let origin = Origin { account, source: &source, at };
        let Some(known) = met.0 else { return };
        match &envelope.body {
            EnvelopeBody::Message(message) => {
                self.message(origin, known, message, language, step);
            }
            EnvelopeBody::Change(change) => self.change(origin, known, change, step),
            EnvelopeBody::Receipt(receipt) => {
                self.receipt(account, receipt, at, Some(known), step);
            }
            EnvelopeBody::Call(call) => self.call(origin, known, call, step),
            EnvelopeBody::Presence(presence) => {
                let (touchpoint, presence) = (known.touchpoint, *presence);
                step.work.notices.push(Notice::Presence { touchpoint, presence });
            }
            EnvelopeBody::Consent(consent) => {
                let touchpoint = known.touchpoint;
                let (scope, granted) = (consent.scope, consent.granted);
                let consent = ReachRecord::Consent { touchpoint, scope, granted, at };
                let _ = self.keep(Record::Reach(consent), step);
            }
            _ => {}
        }
    }

    fn message(
        &mut self,
        origin: Origin<'_>,
        known: Known,
        said: &InboundMessage,
        language: Option<&Language>,
        step: &mut Step<'_>,
    ) {
        let native = self.native(origin.account, said.id.as_str());
        let author = match said.author {
            MessageAuthor::Customer => Actor::Customer(known.touchpoint),
            _ => Actor::System,
        };
        let id = MessageId::new(step.id());
        let content = self.with_choice(known, &said.content);
        let mut message = Message::new(id, author, origin.at, content);
        message.native = Some(native);
        message.language = language.cloned();
        if said.author != MessageAuthor::Customer {
            // An out-of-office reply opens nothing, and nobody has to answer it; what we wrote
            // elsewhere goes where we write.
            let Some(leg) = self.open_leg(known) else { return };
            let first = said.references.first();
            message.answers =
                first.map(|id| self.reaches.named(self.native(origin.account, id.as_str())));
            let say = Command::Say { leg, message: Box::new(message) };
            let _ = self.decide(&Actor::System, say, step);
            return;
        }
        let new = (ConversationId::new(step.id()), LegId::new(step.id()));
        let channel = self.channel_of(known, origin);
        let mut inbound = Inbound::new(message, (known.customer, known.touchpoint), channel, new);
        inbound.also = self.others(known);
        self.refer(origin.account, said, &mut inbound);
        if !self.place(inbound, known, step) {
            return;
        }
        let heard = ReachRecord::Heard {
            touchpoint: known.touchpoint,
            account: origin.account.into(),
            message: Some(said.id.clone()),
            thread: said.thread.clone(),
        };
        let _ = self.keep(Record::Reach(heard), step);
        if let Some(conversation) = self.conversation_of(id) {
            self.wait_for_agent(conversation, step);
        }
    }

    /// A message of the customer finds its conversation. Says whether it was new.
    fn place(&mut self, inbound: Inbound, known: Known, step: &mut Step<'_>) -> bool {
        let (id, opens) = (inbound.message.id, inbound.new_conversation);
        let receive = Command::Receive(Box::new(inbound));
        // Refused only for an account that was erased, of which nothing is kept.
        let actor = Actor::Customer(known.touchpoint);
        if self.decide(&actor, receive, step).is_err() {
            return false;
        }
        let Some(conversation) = self.conversation_of(id) else { return false };
        if conversation == opens {
            step.work.notices.push(Notice::Opened { conversation, customer: known.customer });
        }
        let agent = self.conversations.conversation(conversation).and_then(|it| it.agent);
        step.work.notices.push(Notice::Said { conversation, message: id, agent });
        true
    }

    pub(super) fn conversation_of(&self, message: MessageId) -> Option<ConversationId> {
        let (leg, _) = self.conversations.message(message)?.place?;
        Some(self.conversations.leg(leg)?.conversation)
    }

    /// The leg of an account in a conversation that is not over.
    fn open_leg(&self, known: Known) -> Option<LegId> {
        let open = self.conversations.of_customer(known.customer);
        let legs = open
            .filter(|it| it.status.is_active())
            .flat_map(|it| self.conversations.legs(it.id))
            .filter(|leg| leg.touchpoint == known.touchpoint);
        legs.last().map(|leg| leg.id)
    }

    pub(super) fn channel_of(&mut self, known: Known, origin: Origin<'_>) -> ChannelKind {
        let view = self.identity.settle();
        let handle = view.touchpoint_by_id(known.touchpoint);
        let key = handle.and_then(|handle| view.touchpoint_key(handle));
        key.map_or_else(|| origin.source.into(), |key| key.channel)
    }

    /// A number or a label that answers the last offer is that choice.
    fn with_choice(&self, known: Known, content: &Content) -> Content {
        let [Part::Text(text)] = &*content.parts else { return content.clone() };
        let offer = self.open_leg(known).and_then(|leg| {
            let conversation = self.conversations.leg(leg)?.conversation;
            let mut ours = self.conversations.messages(conversation).rev();
            let last = ours.find(|message| message.said.author.is_ours())?;
            last.content()?.parts.iter().find_map(|part| match part {
                Part::ChoiceOffered(offer) => Some(offer),
                _ => None,
            })
        });
        let made = offer.and_then(|offer| choice_in_reply(offer, &text.plain_text()));
        made.map_or_else(
            || content.clone(),
            |made| content.clone().with_part(Part::ChoiceMade(made)),
        )
    }

    fn change(
        &mut self,
        origin: Origin<'_>,
        known: Known,
        change: &MessageChange,
        step: &mut Step<'_>,
    ) {
        let target = self.reaches.named(self.native(origin.account, change.target().as_str()));
        let by = Actor::Customer(known.touchpoint);
        let change = match change {
            MessageChange::Edited { content, .. } => {
                kontak_conversation::MessageChange::Edited(content.clone())
            }
            MessageChange::Deleted { .. } => kontak_conversation::MessageChange::Deleted,
            MessageChange::Reacted { emoji, .. } => kontak_conversation::MessageChange::Reacted {
                by: by.clone(),
                emoji: emoji.as_ref().map(|emoji| emoji.as_str().into()),
            },
            _ => return,
        };
        let relation = Command::Relate(Box::new(Relation::new(target, origin.at, change)));
        let _ = self.decide(&by, relation, step);
    }

    fn receipt(
        &mut self,
        account: &str,
        receipt: &Receipt,
        at: DateTime<Utc>,
        known: Option<Known>,
        step: &mut Step<'_>,
    ) {
        let status = match receipt.status {
            ReceiptStatus::Sent => DeliveryStatus::Sent,
            ReceiptStatus::Failed => DeliveryStatus::Failed,
            ReceiptStatus::Delivered => DeliveryStatus::Delivered,
            ReceiptStatus::Read => DeliveryStatus::Read,
            _ => return,
        };
        let mut targets = match (&receipt.target, known) {
            (Some(target), _) => {
                vec![self.reaches.named(self.native(account, target.as_str()))]
            }
            (None, Some(known)) => self.ours_until(known, at),
            (None, None) => Vec::new(),
        };
        // Some providers tell what we had written on a message: the key under which it was sent.
        if let Some((message, part)) = keyed(receipt) {
            self.reconcile_part((message, Some(part)), status != DeliveryStatus::Failed, step);
            // It may be told before the request is answered, and so before its name is known.
            if part == 0 && self.conversations.message(message).is_some() {
                targets.push(self.own_native(message));
            }
        }
        for target in targets {
            let change = kontak_conversation::MessageChange::Delivered(Delivery::new(0, status));
            let relate = Command::Relate(Box::new(Relation::new(target, at, change)));
            let _ = self.decide(&Actor::System, relate, step);
        }
    }

    /// What we said to an account until then and what it has not read yet, newest first.
    fn ours_until(&self, known: Known, at: DateTime<Utc>) -> Vec<kontak_conversation::NativeId> {
        let state = &self.conversations;
        let conversations: Vec<_> = state.of_customer(known.customer).map(|it| it.id).collect();
        let ours = conversations.into_iter().rev().flat_map(|id| self.ours_to(known, id, at));
        ours.take_while(|message| {
            message.delivery().is_none_or(|one| one.status < DeliveryStatus::Read)
        })
        .filter_map(|message| message.said.native)
        .collect()
    }

    /// What we said to an account in a conversation until then, newest first.
    pub(super) fn ours_to(
        &self,
        known: Known,
        conversation: ConversationId,
        at: DateTime<Utc>,
    ) -> impl Iterator<Item = MessageView<'_>> {
        let state = &self.conversations;
        let to_them = state.messages(conversation).rev().filter(move |message| {
            let leg = message.place.and_then(|(leg, _)| state.leg(leg));
            leg.is_some_and(|leg| leg.touchpoint == known.touchpoint)
        });
        to_them.filter(move |message| message.said.author.is_ours() && message.said.at <= at)
    }

    /// A call is one message, which is told in other words as the call goes on.
    fn call(&mut self, origin: Origin<'_>, known: Known, event: &CallEvent, step: &mut Step<'_>) {
        let native = self.native(origin.account, event.call.as_str());
        let said = self.conversations.message_named(native);
        let call = said.and_then(|message| {
            message.content()?.parts.iter().find_map(|part| match part {
                Part::Call(call) => Some((message.said.id, (**call).clone())),
                _ => None,
            })
        });
        let is_new = call.is_none();
        let was_over = call.as_ref().is_some_and(|(_, call)| call.timeline.ended.is_some());
        let (id, call) = call.unwrap_or_else(|| {
            let began = match &event.stage {
                CallStage::Ended { started: Some(started), .. } => *started,
                _ => origin.at,
            };
            (MessageId::new(step.id()), Call::new(CallTimeline::new(event.direction, began)))
        });
        let told = goes_on(call.clone(), &event.stage, origin.at);
        let says_nothing = told == call;
        let call = told;
        let content = Content::from(Part::Call(Box::new(call.clone())));
        if is_new {
            let author = Actor::Customer(known.touchpoint);
            let mut message = Message::new(id, author, call.timeline.started, content);
            message.native = Some(native);
            let new = (ConversationId::new(step.id()), LegId::new(step.id()));
            let channel = self.channel_of(known, origin);
            let mut inbound =
                Inbound::new(message, (known.customer, known.touchpoint), channel, new);
            inbound.also = self.others(known);
            if !self.place(inbound, known, step) {
                return;
            }
            let touchpoint = known.touchpoint;
            let account = origin.account.into();
            let heard = ReachRecord::Heard { touchpoint, account, message: None, thread: None };
            let _ = self.keep(Record::Reach(heard), step);
        } else if !says_nothing {
            let change = kontak_conversation::MessageChange::Edited(content);
            let relate = Command::Relate(Box::new(Relation::new(native, origin.at, change)));
            let _ = self.decide(&Actor::System, relate, step);
        }
        let Some(conversation) = self.conversation_of(id) else { return };
        // What is told of a call that is over concerns nobody who waits by now.
        if event.direction == CallDirection::Inbound && !was_over {
            self.call_waits(conversation, &call, is_new, step);
        }
    }

    /// Somebody has to take it; who hangs up before, gave up.
    fn call_waits(
        &mut self,
        conversation: ConversationId,
        call: &Call,
        is_new: bool,
        step: &mut Step<'_>,
    ) {
        if call.timeline.ended.is_none() {
            if is_new {
                self.wait_for_agent(conversation, step);
            }
            return;
        }
        let item = super::route::item(conversation);
        let asks = self.waits_for_answer(conversation);
        if asks && !self.is_call(item) {
            // Whoever has it, or will, has a message to answer.
            return;
        }
        let at = self.look(conversation, step);
        let served = at.is_some_and(|at| !waits(at.state));
        // Who is to be called back hangs up, and keeps their place.
        if at.is_some_and(|at| at.call_back) && !served {
            return;
        }
        let before = self.routing.work_item(item).and_then(|contact| contact.waiting_since);
        let input = match served {
            true => Input::Complete { item },
            false => Input::Leave { item, how: Leaving::Abandoned },
        };
        if at.is_some() {
            let _ = self.tell_routing(input, step);
        }
        if asks {
            self.wait_for_agent(conversation, step);
        } else {
            let began = call.timeline.started;
            let since = before.map_or(began, |before| before.min(began));
            self.was_given_up(conversation, (call, since), step);
        }
    }

    /// Whether the customer has written what nobody has answered.
    fn waits_for_answer(&self, conversation: ConversationId) -> bool {
        let said = self.conversations.messages(conversation).rev();
        let mut spoken = said.filter(|message| {
            let parts = &message.said.content.parts;
            let is_call = parts.iter().any(|part| part.call_timeline().is_some());
            let by_people = matches!(
                message.said.author,
                Actor::Customer(_) | Actor::Agent(_) | Actor::Supervisor(_)
            );
            by_people && !is_call && !message.said.content.is_note()
        });
        let last = spoken.next();
        last.is_some_and(|last| matches!(last.said.author, Actor::Customer(_)))
    }
}

/// The message and the part of it that a receipt names by the key under which it was sent.
pub(super) fn keyed(receipt: &Receipt) -> Option<(MessageId, u32)> {
    let (message, part) = receipt.note.as_ref()?.as_str().split_once('/')?;
    message.parse().ok().zip(part.parse().ok())
}

/// How a channel knows whose number it tells: platforms and networks see to it themselves; a till, a
/// marketplace, a shop's own site or app says what the business or a partner has on record.
fn verification(channel: &ChannelKind) -> Verification {
    use ChannelKind as Kind;
    match channel {
        Kind::WebChat | Kind::InApp | Kind::Web | Kind::Store | Kind::Custom(_) => {
            Verification::Signed
        }
        _ => Verification::PlatformAttested,
    }
}

fn goes_on(mut call: Call, stage: &CallStage, at: DateTime<Utc>) -> Call {
    match stage {
        CallStage::Answered => call.timeline = call.timeline.with_answered(at),
        CallStage::Ended { outcome, seconds, .. } => {
            if call.timeline.answered.is_none()
                && let Some(seconds) = seconds.filter(|seconds| *seconds > 0)
            {
                let answered = at - chrono::TimeDelta::seconds(seconds.into());
                call.timeline = call.timeline.with_answered(answered);
            }
            call.timeline = call.timeline.with_ended(at, outcome.clone());
        }
        CallStage::Recorded(media) => call = call.with_recording(Recording::new((**media).clone())),
        _ => {}
    }
    call
}
