//! A flat contact, as a telephone system or a help desk exports it, and the events that it stands for.

use chrono::{DateTime, TimeDelta, Utc};
use kontak_metrics::{
    Audience, Direction, Event, EventId, EventKind, Origin, QueueEnd, SurveyKind,
};
use kontak_types::uuid::Uuid;
use kontak_types::{ActorKind, AgentId, ChannelKind, ConversationId, QueueId, TouchpointId};
use std::collections::BTreeMap;

/// One row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contact {
    pub(crate) id: String,
    pub(crate) customer: String,
    pub(crate) channel: String,
    pub(crate) queue: String,
    pub(crate) agent: String,
    pub(crate) arrived: DateTime<Utc>,
    pub(crate) answered: Option<DateTime<Utc>>,
    pub(crate) ended: Option<DateTime<Utc>>,
    pub(crate) wrap_up: Option<TimeDelta>,
    pub(crate) outcome: Option<QueueEnd>,
    pub(crate) resolved: Option<bool>,
    pub(crate) csat: Option<u8>,
    pub(crate) nps: Option<u8>,
}

/// The names of a table, as the ids that the engine takes. A name stays here; only its number goes in.
#[derive(Debug, Default)]
pub(crate) struct Names {
    numbers: BTreeMap<(Kind, String), u32>,
    names: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Agent,
    Queue,
    Contact,
    Customer,
}

impl Names {
    pub(crate) fn name(&self, id: &Uuid) -> Option<&str> {
        self.names.get(id.as_u128() as usize).map(String::as_str)
    }

    fn id(&mut self, kind: Kind, name: &str) -> Uuid {
        let next = self.names.len() as u32;
        let number = *self.numbers.entry((kind, name.to_owned())).or_insert(next);
        if number == next {
            self.names.push(name.to_owned());
        }
        Uuid::from_u128(number.into())
    }

    fn agent(&mut self, name: &str) -> Option<AgentId> {
        (!name.is_empty()).then(|| AgentId::new(self.id(Kind::Agent, name)))
    }
}

impl Contact {
    /// What it stands for. A row that is there twice is one contact: its events have the same ids, and the later row
    /// corrects the earlier.
    pub(crate) fn events(&self, row: u32, names: &mut Names) -> Vec<Event> {
        let conversation = names.id(Kind::Contact, &self.id);
        let agent = names.agent(&self.agent);
        let touchpoint = (!self.customer.is_empty())
            .then(|| TouchpointId::new(names.id(Kind::Customer, &self.customer)));
        let queue =
            (!self.queue.is_empty()).then(|| QueueId::new(names.id(Kind::Queue, &self.queue)));
        let mut events = Vec::new();
        let mut say = |record: u128, at: DateTime<Utc>, kind: EventKind| {
            let id = EventId::new(Uuid::from_u128(conversation.as_u128() << 8 | record));
            let event = Event::new(ConversationId::new(conversation), id, at, kind);
            events.push(Event { order: record as u32, ..event }.revised(row));
        };
        let public = |by, agent| EventKind::Message {
            by,
            agent,
            audience: Audience::Public,
            origin: Origin::Composed,
        };
        let channel = if self.channel.is_empty() { "unknown" } else { &self.channel };
        say(
            0,
            self.arrived,
            EventKind::Started {
                channel: ChannelKind::from(channel),
                direction: Direction::Inbound,
                by: ActorKind::Customer,
                touchpoint,
                language: None,
                segment: None,
            },
        );
        say(1, self.arrived, public(ActorKind::Customer, None));
        if let Some(queue) = queue {
            say(2, self.arrived, EventKind::Enqueued { queue });
            let end = self.outcome.or_else(|| self.answered.map(|_| QueueEnd::Answered));
            let left = if end == Some(QueueEnd::Answered) { self.answered } else { self.ended };
            if let (Some(end), Some(left)) = (end, left) {
                say(3, left, EventKind::Dequeued { queue, end, agent });
            }
        }
        if let (Some(answered), Some(agent)) = (self.answered, agent) {
            say(4, answered, EventKind::Connected { agent });
            say(5, answered, public(ActorKind::Agent, Some(agent)));
            if let Some(ended) = self.ended {
                say(6, ended, EventKind::Disconnected { agent });
                if let Some(wrapped) = self.wrap_up {
                    say(7, ended + wrapped, EventKind::WrappedUp { agent });
                }
            }
        }
        if let (Some(true), Some(ended)) = (self.resolved, self.ended) {
            say(8, ended, EventKind::Resolved { by: ActorKind::Agent, agent });
        }
        let ended = self.ended.unwrap_or(self.arrived);
        for (record, survey, score) in
            [(9, SurveyKind::Csat, self.csat), (11, SurveyKind::Nps, self.nps)]
        {
            if let Some(score) = score {
                say(record, ended, EventKind::SurveyAnswered { survey, score, agent });
            }
        }
        events
    }
}
