//! A small shop: three customers, two accounts each, one clock moved by hand.

use kontak_content::{Content, Written};
use kontak_conversation::chrono::{DateTime, TimeDelta, Utc};
use kontak_conversation::{
    Actor, Command, Conversations, Event, EventBody, Inbound, LegId, Message, NativeId, Rejected,
};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use std::collections::BTreeMap;

pub(crate) const SECRET: [u8; 16] = *b"sixteen secret b";

pub(crate) fn uuid(space: u128, number: u128) -> Uuid {
    Uuid::from_u128(space << 64 | number)
}

pub(crate) fn agent(number: u128) -> AgentId {
    AgentId::new(uuid(9, number))
}

pub(crate) fn touchpoint(customer: u128, account: u128) -> TouchpointId {
    TouchpointId::new(uuid(1, customer * 10 + account))
}

/// A word that only this account writes.
pub(crate) fn canary(from: TouchpointId) -> String {
    format!("canary{}x", from.as_uuid().as_u128() & 0xffff)
}

pub(crate) fn native(number: u64) -> NativeId {
    NativeId::new(&SECRET, "shop", &number.to_string())
}

pub(crate) fn words(text: &str) -> Written {
    Written::new(text).unwrap()
}

/// What somebody asked for; nothing where time passed.
pub(crate) type Asked = Option<(Actor, Command)>;

/// What happened so far, and the clock.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) state: Conversations,
    pub(crate) events: Vec<Event>,
    /// What was asked for and when.
    pub(crate) asked: Vec<(DateTime<Utc>, Asked)>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) next: u128,
    /// Whose account it is now, where that changed.
    pub(crate) owners: BTreeMap<TouchpointId, CustomerId>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            state: Conversations::new(),
            events: Vec::new(),
            asked: Vec::new(),
            now: "2026-03-02T02:00:00Z".parse().unwrap(),
            next: 1,
            owners: BTreeMap::new(),
        }
    }

    pub(crate) fn fresh(&mut self) -> u128 {
        self.next += 1;
        self.next
    }

    pub(crate) fn pass(&mut self, hours: i64) {
        self.now += TimeDelta::hours(hours);
    }

    pub(crate) fn run(&mut self, actor: &Actor, command: Command) -> Result<Vec<Event>, Rejected> {
        self.asked.push((self.now, Some((actor.clone(), command.clone()))));
        let events = self.state.decide(actor, command, self.now)?;
        self.take(&events);
        Ok(events)
    }

    pub(crate) fn wake(&mut self) -> Vec<Event> {
        self.asked.push((self.now, None));
        let events = self.state.handle_timeout(self.now);
        self.take(&events);
        events
    }

    pub(crate) fn take(&mut self, events: &[Event]) {
        for event in events {
            self.state.apply(event);
        }
        self.events.extend_from_slice(events);
    }

    /// Whose account it is.
    pub(crate) fn owner(&self, of: TouchpointId) -> CustomerId {
        let first = TouchpointId::new(uuid(1, (of.as_uuid().as_u128() & 0xffff) / 10 * 10));
        self.owners.get(&of).copied().unwrap_or_else(|| CustomerId::from(first))
    }

    /// A message of a customer, not yet received.
    pub(crate) fn inbound(&mut self, customer: u128, account: u128, channel: &str) -> Inbound {
        let number = self.fresh();
        let from = touchpoint(customer, account);
        let mut message = Message::new(
            MessageId::new(uuid(3, number)),
            Actor::Customer(from),
            self.now,
            Content::plain(format!("message {number} {}", canary(from))).unwrap(),
        );
        message.native = Some(native(number as u64));
        Inbound::new(
            message,
            (self.owner(from), from),
            channel,
            (ConversationId::new(uuid(2, number)), LegId::new(uuid(4, number))),
        )
    }

    pub(crate) fn receive(&mut self, inbound: &Inbound) -> (ConversationId, MessageId) {
        let actor = Actor::Customer(inbound.touchpoint);
        let _ = self.run(&actor, Command::Receive(Box::new(inbound.clone()))).unwrap();
        let (leg, _) = self.state.message(inbound.message.id).unwrap().place.unwrap();
        (self.state.leg(leg).unwrap().conversation, inbound.message.id)
    }

    /// As [`receive`](Self::receive), of somebody who may have been erased.
    pub(crate) fn try_receive(&mut self, inbound: &Inbound) -> Result<Vec<Event>, Rejected> {
        let actor = Actor::Customer(inbound.touchpoint);
        self.run(&actor, Command::Receive(Box::new(inbound.clone())))
    }

    /// All conversations, in the order in which they were opened.
    pub(crate) fn conversations(&self) -> Vec<ConversationId> {
        let opened = self.events.iter().filter_map(|event| match &event.body {
            EventBody::ConversationOpened { conversation, .. } => Some(*conversation),
            _ => None,
        });
        opened.filter(|id| self.state.conversation(*id).is_some()).collect()
    }

    /// A customer writes.
    pub(crate) fn hears(&mut self, customer: u128, account: u128, channel: &str) -> ConversationId {
        let inbound = self.inbound(customer, account, channel);
        self.receive(&inbound).0
    }
}
