//! Random days of a shop: what customers, channels, agents and time do, in any order.

use crate::world::{World, phone, sender};
use kontak_channel::chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::content::{CallDirection, CallOutcome, Content, InternalNote, Text, Written};
use kontak_channel::{
    CallEvent, CallStage, Consent, ConsentScope, DedupeKey, Envelope, EnvelopeBody, InboundMessage,
    MessageChange, ProviderId, Receipt, ReceiptStatus, Sender,
};
use kontak_conversation::{Actor, Command, HandoverKind, HandoverTarget, Status};
use kontak_desk::{Notice, SendReport, Sending, Touched};
use kontak_identity::{Resolved, Retraction};
use kontak_routing::{Agent, Presence, Token};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, CommitmentId, ConversationId, TouchpointId, TouchpointKey};
use proptest::prelude::*;

pub(crate) const SETTINGS: &str = "
    routes = [{ account = 'till', queue = 'counter' }, { queue = 'care' }]
    [centre.queues.care]
    offer.timeout_seconds = 40
    offer.remember_declined_seconds = 90
    [centre.queues.counter]
    wrap_up_seconds = 120
    continuity.wait_seconds = 60
    continuity.wait_absent_seconds = 30
    [centre.presence]
    lease_seconds = 5400
    keep_work_seconds = 300
    missed_offers = 2
    [[conversation.sla.targets]]
    id = 'answer'
    measure = 'first_response'
    within = '15m'
    [[conversation.sla.targets]]
    id = 'done'
    measure = 'resolution'
    within = '8h'
";

/// Account of ours, account of theirs, phone, e-mail, name.
type Person =
    (&'static str, &'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>);

const PEOPLE: [Person; 8] = [
    ("whatsapp", "budi", Some("+6281290435517"), None, Some("Budi Santoso")),
    ("till", "77", Some("+6281290435517"), None, None),
    ("mail", "budi", None, Some("budi.santoso@example.org"), Some("Budi Santoso")),
    ("whatsapp", "siti", Some("+6281290435518"), Some("budi.santoso@example.org"), None),
    ("till", "78", Some("+6281290435518"), None, None),
    ("mail", "rini", None, Some("rini@example.org"), Some("Rini")),
    ("whatsapp", "nobody", None, None, None),
    ("till", "79", Some("+6281290435517"), Some("rini@example.org"), None),
];

#[derive(Clone, Debug)]
pub(crate) enum Act {
    Say { who: usize, late: bool },
    Again(usize),
    Change { nth: usize, how: u8, early: bool },
    Report { nth: usize, how: u8 },
    Receipt { nth: usize, status: ReceiptStatus, early: bool },
    ReadAll { who: usize },
    Call { who: usize },
    CallGoesOn { nth: usize, answered: bool },
    Consent { who: usize, all: bool, granted: bool },
    Here { agent: u128 },
    Gone { agent: u128, presence: Presence },
    Lost { agent: u128, for_good: bool },
    Abandon { nth: usize },
    CallBack { nth: usize, minutes: i64 },
    Give { nth: usize, agent: u128 },
    Answer { nth: usize, accepts: bool },
    Reply { nth: usize, agent: u128, bot: bool },
    FollowUp { nth: usize },
    Note { nth: usize },
    Transfer { nth: usize, to: u8, warm: bool },
    Promise { nth: usize, minutes: i64 },
    Keep { nth: usize },
    Resolve { nth: usize },
    Rest { nth: usize, minutes: i64 },
    Pass { minutes: i64 },
    Retract { who: usize },
    Forbid { a: usize, b: usize, forbidden: bool },
    Erase { who: usize },
}

pub(crate) fn acts(most: usize) -> impl Strategy<Value = Vec<Act>> {
    proptest::collection::vec(act(), 1..most)
}

fn act() -> impl Strategy<Value = Act> {
    let nth = || 0..64_usize;
    let who = || 0..PEOPLE.len();
    let agent = || 1..4_u128;
    let status = prop::sample::select(vec![
        ReceiptStatus::Sent,
        ReceiptStatus::Failed,
        ReceiptStatus::Delivered,
        ReceiptStatus::Read,
    ]);
    let absent = prop::sample::select(vec![Presence::Break, Presence::Offline]);
    prop_oneof![
        20 => (who(), prop::bool::weighted(0.1)).prop_map(|(who, late)| Act::Say { who, late }),
        4 => nth().prop_map(Act::Again),
        4 => (nth(), 0..3_u8, prop::bool::weighted(0.2)).prop_map(|(nth, how, early)| Act::Change { nth, how, early }),
        8 => (nth(), 0..4_u8).prop_map(|(nth, how)| Act::Report { nth, how }),
        6 => (nth(), status, any::<bool>()).prop_map(|(nth, status, early)| Act::Receipt { nth, status, early }),
        1 => who().prop_map(|who| Act::ReadAll { who }),
        4 => who().prop_map(|who| Act::Call { who }),
        6 => (nth(), any::<bool>()).prop_map(|(nth, answered)| Act::CallGoesOn { nth, answered }),
        1 => (who(), any::<bool>(), any::<bool>()).prop_map(|(who, all, granted)| Act::Consent { who, all, granted }),
        8 => agent().prop_map(|agent| Act::Here { agent }),
        4 => (agent(), absent).prop_map(|(agent, presence)| Act::Gone { agent, presence }),
        2 => (agent(), any::<bool>()).prop_map(|(agent, for_good)| Act::Lost { agent, for_good }),
        1 => nth().prop_map(|nth| Act::Abandon { nth }),
        3 => (nth(), 0..90_i64).prop_map(|(nth, minutes)| Act::CallBack { nth, minutes }),
        3 => (nth(), agent()).prop_map(|(nth, agent)| Act::Give { nth, agent }),
        14 => (nth(), prop::bool::weighted(0.7)).prop_map(|(nth, accepts)| Act::Answer { nth, accepts }),
        12 => (nth(), agent(), prop::bool::weighted(0.1)).prop_map(|(nth, agent, bot)| Act::Reply { nth, agent, bot }),
        2 => nth().prop_map(|nth| Act::FollowUp { nth }),
        2 => nth().prop_map(|nth| Act::Note { nth }),
        6 => (nth(), 0..5_u8, any::<bool>()).prop_map(|(nth, to, warm)| Act::Transfer { nth, to, warm }),
        3 => (nth(), 1..300_i64).prop_map(|(nth, minutes)| Act::Promise { nth, minutes }),
        2 => nth().prop_map(|nth| Act::Keep { nth }),
        8 => nth().prop_map(|nth| Act::Resolve { nth }),
        2 => (nth(), 0..200_i64).prop_map(|(nth, minutes)| Act::Rest { nth, minutes }),
        12 => prop_oneof![3 => 1..5_i64, 2 => 5..200_i64, 1 => 1_000..9_000_i64]
            .prop_map(|minutes| Act::Pass { minutes }),
        3 => who().prop_map(|who| Act::Retract { who }),
        2 => (who(), who(), any::<bool>()).prop_map(|(a, b, forbidden)| Act::Forbid { a, b, forbidden }),
        1 => who().prop_map(|who| Act::Erase { who }),
    ]
}

/// A world in which a history happens.
pub(crate) struct Player {
    pub(crate) world: World,
    /// What came in, and through which account.
    pub(crate) inbound: Vec<(&'static str, Envelope)>,
    /// What people say here.
    word: &'static str,
    messages: u32,
    calls: Vec<(usize, ProviderId)>,
    promises: Vec<CommitmentId>,
    sent: Vec<Sending>,
    reported: usize,
}

fn pick<T: Clone>(all: &[T], nth: usize) -> Option<T> {
    (!all.is_empty()).then(|| all[nth % all.len()].clone())
}

fn agent_id(number: u128) -> AgentId {
    AgentId::new(Uuid::from_u128(1 << 100 | number))
}

pub(crate) fn person(who: usize) -> (&'static str, Sender) {
    let (account, id, number, email, name) = PEOPLE[who];
    let mut who = sender(account, id);
    who.phone = number.map(phone);
    who.email = email.map(|email| email.parse().unwrap());
    who.display_name = name.map(|name| Written::new(name).unwrap());
    (account, who)
}

impl Player {
    pub(crate) fn new(world: World, word: &'static str) -> Self {
        Self {
            world,
            inbound: Vec::new(),
            word,
            messages: 0,
            calls: Vec::new(),
            promises: Vec::new(),
            sent: Vec::new(),
            reported: 0,
        }
    }

    /// Every conversation that there ever was.
    pub(crate) fn conversations(&self) -> Vec<ConversationId> {
        self.world.all_conversations()
    }

    /// One that is still open, where there is one.
    fn open(&mut self, nth: usize) -> Option<ConversationId> {
        let state = self.world.tenant.conversations();
        let is_open = |id: &ConversationId| {
            state.conversation(*id).is_some_and(|known| known.status.is_active())
                && state.home(*id) == *id
        };
        let open: Vec<_> = self.conversations().into_iter().filter(is_open).collect();
        let open = pick(&open, nth).or_else(|| pick(&self.conversations(), nth))?;
        self.world.touch(&Touched::Conversation(open));
        Some(open)
    }

    fn holder(&self, conversation: ConversationId) -> Option<AgentId> {
        self.world.tenant.conversations().conversation(conversation)?.agent
    }

    pub(crate) fn touchpoint(&mut self, who: usize) -> Option<TouchpointId> {
        let (account, id, ..) = PEOPLE[who];
        let view = self.world.tenant.identity();
        view.touchpoint_id(view.touchpoint(&TouchpointKey::new("memory", account, id))?)
    }

    fn comes(&mut self, who: usize, key: &str, body: impl Into<EnvelopeBody>, at: DateTime<Utc>) {
        let (account, sender) = person(who);
        let body = body.into();
        let key = DedupeKey::new(account, body.kind(), ProviderId::new(key).unwrap());
        let envelope =
            Envelope::new(key, self.world.now, body).with_sender(sender).with_occurred(at);
        self.world.receive(account, &envelope);
        self.inbound.push((account, envelope));
    }

    fn words(&self, number: u32) -> Content {
        Content::plain(format!("{} {number}", self.word)).unwrap()
    }

    /// Lets time pass, doing what comes due when it does.
    pub(crate) fn pass(&mut self, until: DateTime<Utc>) {
        for _ in 0..10_000 {
            let due = self.world.tenant.next_deadline().filter(|due| *due <= until);
            let Some(due) = due else {
                self.world.now = self.world.now.max(until);
                return;
            };
            self.world.now = self.world.now.max(due);
            let now = self.world.now;
            self.world.fetch(|tenant| tenant.needed_at(now));
            self.world.step_now(|tenant, _, step| tenant.handle_timeout(step));
            let next = self.world.tenant.next_deadline();
            assert!(next.is_none_or(|next| next > self.world.now), "busy: {next:?}");
        }
        panic!("too much comes due");
    }

    /// What came in comes once more, at the same instant.
    pub(crate) fn again(&mut self, nth: usize) {
        let (account, envelope) = self.inbound[nth].clone();
        self.world.receive_now(account, &envelope);
    }

    pub(crate) fn play(&mut self, act: &Act) {
        self.pass(self.world.now + TimeDelta::seconds(1));
        self.act(act);
        let last = self.world.now;
        self.pass(last);
        self.sent.append(&mut self.world.work.sends);
    }

    fn act(&mut self, act: &Act) -> Option<()> {
        let now = self.world.now;
        match *act {
            Act::Say { who, late } => {
                self.messages += 1;
                let id = self.messages.to_string();
                let at = if late { now - TimeDelta::minutes(20) } else { now };
                let words = self.words(self.messages);
                let message = InboundMessage::new(ProviderId::new(&*id).unwrap(), words);
                self.comes(who, &id, message, at);
            }
            Act::Again(nth) => {
                let (account, envelope) = pick(&self.inbound, nth)?;
                self.world.receive(account, &envelope);
            }
            Act::Change { nth, how, early } => {
                let said: Vec<_> = self
                    .inbound
                    .iter()
                    .filter(|(_, it)| matches!(it.body, EnvelopeBody::Message(_)))
                    .cloned()
                    .collect();
                let (mut account, envelope) = pick(&said, nth)?;
                let mut sender = envelope.sender.clone()?;
                let mut target = envelope.dedupe.id.clone();
                if early {
                    // Of the message that somebody is about to write.
                    (account, sender) = person(nth % PEOPLE.len());
                    target = ProviderId::new((self.messages + 1).to_string()).unwrap();
                }
                let change = match how {
                    0 => MessageChange::Edited { target, content: self.words(900) },
                    1 => MessageChange::Deleted { target },
                    _ => MessageChange::Reacted {
                        target,
                        emoji: Some(Written::new("👍").unwrap()),
                    },
                };
                let who = PEOPLE
                    .iter()
                    .position(|(known, id, ..)| *known == account && *id == sender.touchpoint.id)?;
                let key = format!("change {}", self.inbound.len());
                self.comes(who, &key, change, now);
            }
            Act::Report { nth, how } => {
                let sending = self.sent.get(self.reported)?.clone();
                self.reported += 1;
                let report = match (how, nth % 4) {
                    (3, 0) => SendReport::unsent(&sending, false, "the address is gone"),
                    (3, _) => SendReport::unsent(&sending, true, "no answer"),
                    _ => SendReport::sent(&sending, vec![self.provider_id(self.reported - 1)]),
                };
                self.world.touch(&Touched::Message(sending.id.message));
                self.world.step(|tenant, _, step| tenant.report(&report, step));
            }
            Act::Receipt { nth, status, early } => {
                let until = if early { self.sent.len() } else { self.reported };
                let place = pick(&(0..until).collect::<Vec<_>>(), nth)?;
                let sending = self.sent[place].clone();
                let mut receipt = Receipt::new(self.provider_id(place), status);
                if nth % 5 == 0 {
                    receipt.note = Some(Written::new(sending.outbound.key.as_str()).unwrap());
                }
                let key = DedupeKey::new(
                    &*sending.account,
                    kontak_channel::EnvelopeKind::Receipt,
                    self.provider_id(place),
                );
                let envelope = Envelope::new(key.with_version(format!("{status:?}")), now, receipt);
                let account = PEOPLE.iter().find(|(name, ..)| *name == &*sending.account)?.0;
                self.world.receive(account, &envelope);
                self.inbound.push((account, envelope));
            }
            Act::ReadAll { who } => {
                let key = format!("read {}", self.inbound.len());
                self.comes(who, &key, Receipt::of_all(ReceiptStatus::Read), now);
            }
            Act::Call { who } => {
                let call = ProviderId::new(format!("call {}", self.calls.len())).unwrap();
                self.calls.push((who, call.clone()));
                let event =
                    CallEvent::new(call.clone(), CallDirection::Inbound, CallStage::Started);
                self.comes(who, call.as_str(), event, now);
            }
            Act::CallGoesOn { nth, answered } => {
                let (who, call) = pick(&self.calls, nth)?;
                let stage = match answered {
                    true => CallStage::Answered,
                    false => CallStage::Ended {
                        outcome: CallOutcome::HungUp,
                        started: None,
                        seconds: None,
                    },
                };
                let key = format!("stage {}", self.inbound.len());
                self.comes(who, &key, CallEvent::new(call, CallDirection::Inbound, stage), now);
            }
            Act::Consent { who, all, granted } => {
                let scope = if all { ConsentScope::Everything } else { ConsentScope::Marketing };
                let consent =
                    if granted { Consent::granted(scope) } else { Consent::withdrawn(scope) };
                let key = format!("consent {}", self.inbound.len());
                self.comes(who, &key, consent, now);
            }
            Act::Here { agent } => {
                let agent =
                    Agent::new(agent_id(agent)).with_channel("memory", 2).with_capacity(200);
                self.world.step(|tenant, _, step| {
                    let id = agent.id;
                    tenant.set_agent(agent, step);
                    tenant.set_presence(id, Presence::Available, step).unwrap();
                });
            }
            Act::Gone { agent, presence } => {
                let agent = agent_id(agent);
                let _ =
                    self.world.step(|tenant, _, step| tenant.set_presence(agent, presence, step));
            }
            Act::Lost { agent, for_good } => {
                let agent = agent_id(agent);
                let _ = self.world.step(|tenant, _, step| match for_good {
                    true => tenant.remove_agent(agent, step),
                    false => tenant.agent_crashed(agent, step),
                });
            }
            Act::Abandon { nth } => {
                let conversation = self.open(nth)?;
                let _ = self.world.step(|tenant, _, step| tenant.abandoned(conversation, step));
            }
            Act::CallBack { nth, minutes } => {
                let conversation = self.open(nth)?;
                let not_before = (minutes > 30).then(|| now + TimeDelta::minutes(minutes));
                let _ = self
                    .world
                    .step(|tenant, _, step| tenant.call_back(conversation, not_before, step));
            }
            Act::Give { nth, agent } => {
                let conversation = self.open(nth)?;
                let (by, agent) = (agent_id(99), agent_id(agent));
                let _ = self
                    .world
                    .step(|tenant, _, step| tenant.assign_by(by, conversation, agent, step));
            }
            Act::Answer { nth, accepts } => {
                let offers: Vec<(AgentId, ConversationId, Token)> = self
                    .world
                    .work
                    .notices
                    .iter()
                    .filter_map(|notice| match notice {
                        Notice::Offered { agent, conversation, token, .. } => {
                            Some((*agent, *conversation, *token))
                        }
                        _ => None,
                    })
                    .collect();
                // The last ones are open, if any is.
                let (agent, conversation, token) =
                    pick(&offers[offers.len().saturating_sub(3)..], nth)?;
                let offer = (conversation, token);
                let _ = self
                    .world
                    .step(|tenant, _, step| tenant.answer_offer(agent, offer, accepts, step));
            }
            Act::Reply { nth, agent, bot } => {
                let conversation = self.open(nth)?;
                let agent = self.holder(conversation).unwrap_or_else(|| agent_id(agent));
                let actor = if bot { Actor::Bot("bot".into()) } else { Actor::Agent(agent) };
                let words = self.words(500);
                let _ = self.world.step(|tenant, accounts, step| {
                    tenant.reply(&actor, (conversation, None), words, accounts, step)
                });
            }
            Act::FollowUp { nth } => {
                let conversation = self.open(nth)?;
                let words = self.words(600);
                let _ = self.world.step(|tenant, accounts, step| {
                    tenant.follow_up(&Actor::System, conversation, words, accounts, step)
                });
            }
            Act::Note { nth } => {
                let conversation = self.open(nth)?;
                let note = InternalNote::new(Text::plain(format!("{} note", self.word)).unwrap());
                let actor = Actor::Agent(agent_id(1));
                let _ = self
                    .world
                    .step(|tenant, _, step| tenant.note(&actor, conversation, note, step));
            }
            Act::Transfer { nth, to, warm } => {
                let conversation = self.open(nth)?;
                let from = self.holder(conversation)?;
                let queues = &self.world.tenant.routing().centre().queues;
                let to = match to {
                    0 => HandoverTarget::Queue(queues["care"].id),
                    1 => HandoverTarget::Queue(queues["counter"].id),
                    agent => HandoverTarget::Agent(agent_id(u128::from(agent) - 1)),
                };
                let kind = if warm { HandoverKind::Warm } else { HandoverKind::Cold };
                let wants = Written::new(format!("{} wants", self.word)).unwrap();
                let _ = self.world.step(|tenant, _, step| {
                    tenant.transfer(
                        &Actor::Agent(from),
                        conversation,
                        (to, kind),
                        Some(wants),
                        step,
                    )
                });
            }
            Act::Promise { nth, minutes } => {
                let conversation = self.open(nth)?;
                let what = Written::new(format!("{} promise", self.word)).unwrap();
                let due = now + TimeDelta::minutes(minutes);
                let actor = Actor::Agent(agent_id(1));
                let promised = self.world.step(|tenant, _, step| {
                    tenant.promise(&actor, conversation, (what, due), step)
                });
                self.promises.extend(promised);
            }
            Act::Keep { nth } => {
                let promise = pick(&self.promises, nth)?;
                let actor = Actor::Agent(agent_id(1));
                let keep = Command::KeepPromise(promise);
                self.world.touch(&Touched::Command(Box::new(keep.clone())));
                let _ = self.world.step(|tenant, _, step| tenant.command(&actor, keep, step));
            }
            Act::Resolve { nth } => {
                let conversation = self.open(nth)?;
                let agent = self.holder(conversation).unwrap_or_else(|| agent_id(1));
                let actor = Actor::Agent(agent);
                let _ =
                    self.world.step(|tenant, _, step| tenant.resolve(&actor, conversation, step));
            }
            Act::Rest { nth, minutes } => {
                let conversation = self.open(nth)?;
                let actor = Actor::Agent(agent_id(1));
                let to = match minutes % 3 {
                    0 => Status::OnHold,
                    1 => Status::Open,
                    _ => Status::Snoozed { until: now + TimeDelta::minutes(minutes) },
                };
                let command = Command::SetStatus { conversation, to };
                let _ = self.world.step(|tenant, _, step| tenant.command(&actor, command, step));
            }
            Act::Pass { minutes } => self.pass(now + TimeDelta::minutes(minutes)),
            Act::Retract { who } => {
                let (account, id, ..) = PEOPLE[who];
                let view = self.world.tenant.identity();
                let handle = view.touchpoint(&TouchpointKey::new("memory", account, id))?;
                let evidence = view.evidence(handle);
                let retractions: Vec<_> =
                    evidence.iter().map(|it| Retraction::new(it.id, it.revision)).collect();
                self.world.step(|tenant, _, step| tenant.retract(retractions, step));
            }
            Act::Forbid { a, b, forbidden } => {
                let pair = (self.touchpoint(a)?, self.touchpoint(b)?);
                self.world.step(|tenant, _, step| tenant.forbid(pair, forbidden, step));
            }
            Act::Erase { who } => {
                let touchpoint = self.touchpoint(who)?;
                let view = self.world.tenant.identity();
                let Resolved::Customer(customer) = view.resolve(touchpoint) else { return None };
                let customer = customer.id();
                self.world.touch(&Touched::Customer(customer));
                self.world
                    .step(|tenant, _, step| tenant.erase_customer(&Actor::System, customer, step))
                    .unwrap();
            }
        }
        Some(())
    }

    fn provider_id(&self, place: usize) -> ProviderId {
        ProviderId::new(format!("{} sent {place}", self.word)).unwrap()
    }
}
