//! Calls and chats of a week, every event of which can be made by itself: nothing but numbers is kept, however many
//! there are.

use chrono::DateTime;
use kontak_examples::Random;
use kontak_metrics::{Audience, Direction, Event, EventId, EventKind, Origin, QueueEnd};
use kontak_types::{ActorKind, AgentId, ChannelKind, ConversationId, QueueId, TouchpointId};
use uuid::Uuid;

/// How many records a conversation has.
pub(crate) const PER_CONVERSATION: u32 = 8;

const CHANNELS: [&str; 12] = [
    "voice",
    "whatsapp",
    "webchat",
    "email",
    "instagram",
    "messenger",
    "telegram",
    "line",
    "zalo",
    "sms",
    "in_app",
    "store",
];
const AGENTS: u32 = 200;
const QUEUES: u32 = 20;

/// Monday, 2026-03-02, in seconds.
const WEEK_BEGINS: i64 = 1_772_409_600;
const WEEK: u32 = 7 * 86_400;

/// The week of a seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) seed: u64,
    pub(crate) records: u32,
}

/// One delivery: a record in one revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Delivery(u32);

impl Delivery {
    pub(crate) fn of(record: u32, revision: u32) -> Self {
        Self(record * 2 + revision)
    }

    pub(crate) fn record(self) -> u32 {
        self.0 / 2
    }

    pub(crate) fn revision(self) -> u32 {
        self.0 % 2
    }
}

impl Load {
    /// Whether a record is corrected: one in a hundred.
    pub(crate) fn is_corrected(self, record: u32) -> bool {
        Random::of_item(self.seed ^ 0x00c0_ffee, record.into()).below(100) == 0
    }

    /// Every record once, as it is in the end, in order.
    pub(crate) fn clean(self) -> impl Iterator<Item = Delivery> {
        (0..self.records)
            .map(move |record| Delivery::of(record, u32::from(self.is_corrected(record))))
    }

    /// All revisions, one record in ten twice, shuffled: corrections may come before what they correct.
    pub(crate) fn abused(self) -> Vec<Delivery> {
        let mut random = Random::new(self.seed);
        let corrected = (0..self.records).filter(|record| self.is_corrected(*record));
        let mut all: Vec<Delivery> =
            (0..self.records).map(|record| Delivery::of(record, 0)).collect();
        all.extend(corrected.map(|record| Delivery::of(record, 1)));
        let again = all.len();
        all.extend((0..self.records / 10).map(|_| Delivery::of(random.below(self.records), 0)));
        debug_assert!(all.len() >= again);
        random.shuffle(&mut all);
        all
    }

    /// The event of a delivery.
    pub(crate) fn event(self, delivery: Delivery) -> Event {
        let conversation = delivery.record() / PER_CONVERSATION;
        let mut random = Random::of_item(self.seed, conversation.into());
        let start = (WEEK_BEGINS + i64::from(random.below(WEEK))) * 1_000_000;
        // The product of two draws: some channels are busier than others.
        let channel = (random.below(12) * random.below(13) / 12) as usize;
        let (queue, agent) = (random.below(QUEUES), random.below(AGENTS));
        let (wait, answer, talk) = (random.wait(45.0), random.wait(30.0), random.wait(240.0));
        let abandons = random.chance(0.06);
        let touchpoint = random.below(self.records / PER_CONVERSATION / 3 + 1);
        let agent = AgentId::new(id(1, agent));
        let queue = QueueId::new(id(2, queue));
        let (answered, replied) = (start + wait, start + wait + answer);
        let ended = answered + talk.max(answer);
        let message = |by, agent| EventKind::Message {
            by,
            agent,
            audience: Audience::Public,
            origin: Origin::Composed,
        };
        let (at, kind) = match delivery.record() % PER_CONVERSATION {
            0 => (
                start,
                EventKind::Started {
                    channel: ChannelKind::from(CHANNELS[channel]),
                    direction: Direction::Inbound,
                    by: ActorKind::Customer,
                    touchpoint: Some(TouchpointId::new(id(4, touchpoint))),
                    language: None,
                    segment: None,
                },
            ),
            1 => (start + 1, message(ActorKind::Customer, None)),
            2 => (start + 2, EventKind::Enqueued { queue }),
            3 => {
                let end = if abandons { QueueEnd::Abandoned } else { QueueEnd::Answered };
                (answered, EventKind::Dequeued { queue, end, agent: (!abandons).then_some(agent) })
            }
            4 => (answered + 1, EventKind::Connected { agent }),
            5 => (replied + 2, message(ActorKind::Agent, Some(agent))),
            6 => (ended + 3, EventKind::Disconnected { agent }),
            _ => (ended + 4, EventKind::Resolved { by: ActorKind::Agent, agent: Some(agent) }),
        };
        // A correction moves the record by some seconds.
        let moved =
            i64::from(delivery.revision()) * (1 + i64::from(delivery.record() % 5)) * 1_000_003;
        let at = DateTime::from_timestamp_micros(at + moved).expect("a time of 2026");
        let record = EventId::new(id(9, delivery.record()));
        let conversation = ConversationId::new(id(3, conversation));
        Event::new(conversation, record, at, kind).revised(delivery.revision())
    }
}

fn id(kind: u128, number: u32) -> Uuid {
    Uuid::from_u128((kind << 64) | u128::from(number))
}
