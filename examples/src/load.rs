//! Calls and chats of a week, every event of which can be made by itself: nothing but numbers is kept, however many
//! there are. What metrics are abused with, and measured with.

use crate::{Random, shuffle, wait};
use anyhow::Context as _;
use chrono::DateTime;
use kontak_metrics::{
    Attribution, Audience, Catalog, Definition, Direction, Event, EventId, EventKind,
    FirstContactRule, HandlingPart, Measure, Origin, Placement, Preset, QueueEnd, ResolutionClock,
    ResponseClock, Seconds, Show,
};
use kontak_types::{ActorKind, AgentId, ChannelKind, ConversationId, QueueId, TouchpointId};
use uuid::Uuid;

/// How many records a conversation has.
pub const PER_CONVERSATION: u32 = 8;

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
pub struct Load {
    /// Of which everything follows.
    pub seed: u64,
    /// How many records: [`PER_CONVERSATION`] of each conversation.
    pub records: u32,
}

/// One delivery: a record in one revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery(u32);

impl Delivery {
    /// A record in a revision.
    #[must_use]
    pub fn of(record: u32, revision: u32) -> Self {
        Self(record * 2 + revision)
    }

    /// Which record.
    #[must_use]
    pub fn record(self) -> u32 {
        self.0 / 2
    }

    /// In which revision, 0 or 1.
    #[must_use]
    pub fn revision(self) -> u32 {
        self.0 % 2
    }
}

impl Load {
    /// Whether a record is corrected: one in a hundred.
    #[must_use]
    pub fn is_corrected(self, record: u32) -> bool {
        Random::stream(self.seed ^ 0x00c0_ffee, record.into()).below(100) == 0
    }

    /// Every record once, as it is in the end, conversation by conversation.
    pub fn clean(self) -> impl Iterator<Item = Delivery> {
        (0..self.records)
            .map(move |record| Delivery::of(record, u32::from(self.is_corrected(record))))
    }

    /// The clean events as they come in live: in the order of time, many conversations at once.
    #[must_use]
    pub fn live(self) -> Vec<Event> {
        let mut events: Vec<Event> = self.clean().map(|delivery| self.event(delivery)).collect();
        events.sort_by_key(|event| event.at);
        events
    }

    /// All revisions, one record in ten twice, shuffled: corrections may come before what they correct.
    #[must_use]
    pub fn abused(self) -> Vec<Delivery> {
        let mut random = Random::new(self.seed);
        let corrected = (0..self.records).filter(|record| self.is_corrected(*record));
        let mut all: Vec<Delivery> =
            (0..self.records).map(|record| Delivery::of(record, 0)).collect();
        all.extend(corrected.map(|record| Delivery::of(record, 1)));
        all.extend((0..self.records / 10).map(|_| Delivery::of(random.below(self.records), 0)));
        shuffle(&mut random, &mut all);
        all
    }

    /// The event of a delivery.
    #[must_use]
    pub fn event(self, delivery: Delivery) -> Event {
        let conversation = delivery.record() / PER_CONVERSATION;
        let mut random = Random::stream(self.seed, conversation.into());
        let start = (WEEK_BEGINS + i64::from(random.below(WEEK))) * 1_000_000;
        // The product of two draws: some channels are busier than others.
        let channel = (random.below(12) * random.below(13) / 12) as usize;
        let (queue, agent) = (random.below(QUEUES), random.below(AGENTS));
        let (wait, answer, talk) =
            (wait(&mut random, 45.0), wait(&mut random, 30.0), wait(&mut random, 240.0));
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

/// Eight facts a conversation.
///
/// # Errors
///
/// None: the definitions are right.
pub fn catalog() -> anyhow::Result<Catalog> {
    let define = |id: &str, measure, show| anyhow::Ok(Definition::new(id.parse()?, measure, show));
    let kontak = Preset::Kontak.definitions();
    let preset = |id: &str| {
        kontak.iter().find(|it| it.id.as_str() == id).cloned().context("no such definition")
    };
    let parts = [HandlingPart::Talk, HandlingPart::Hold].into();
    let returned = Measure::FirstContact(FirstContactRule::new(Seconds::days(1)));
    let definitions = vec![
        define("wait", Measure::QueueTime { ends: [QueueEnd::Answered].into() }, Show::Duration)?,
        define("first_response", Measure::Response(ResponseClock::default()), Show::Duration)?,
        define("resolution", Measure::Resolution(ResolutionClock::default()), Show::Duration)?,
        define("handle_time", Measure::Handling { parts }, Show::Duration)?,
        preset("kontak.service_level")?,
        preset("kontak.abandonment")?,
        preset("kontak.next_response")?.credited(Attribution::Actor),
        define("first_contact", returned, Show::Share)?.placed(Placement::Start),
    ];
    Ok(Catalog::new(definitions, Default::default())?)
}

fn id(kind: u128, number: u32) -> Uuid {
    Uuid::from_u128((kind << 64) | u128::from(number))
}
