//! A week of a contact centre as it comes in live: in the order of time, many conversations at once.

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use kontak_benches::SplitMix64;
use kontak_metrics::{
    Audience, Catalog, Cells, Definition, Direction, Event, EventId, EventKind, FirstContactRule,
    Grid, HandlingPart, Measure, Metrics, Origin, Preset, QueueEnd, ResolutionClock, ResponseClock,
    Seconds, Show,
};
use kontak_types::uuid::Uuid;
use kontak_types::{ActorKind, AgentId, ChannelKind, ConversationId, QueueId, TouchpointId};

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
const WEEK: i64 = 7 * 86_400 * 1_000_000;

fn monday() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_772_409_600)
}

/// A value with its channel and agent: what is measured already.
#[derive(Clone, Copy)]
pub(crate) struct Value {
    pub(crate) at: DateTime<Utc>,
    pub(crate) place: [u32; 4],
    pub(crate) micros: u64,
}

/// Waits in the order of time, log-normal-like, over 12 channels, 200 agents and 168 hours.
pub(crate) fn values(count: u32) -> Vec<Value> {
    let mut random = SplitMix64::new(7);
    let value = |number: u32| {
        let at = monday() + TimeDelta::microseconds(WEEK / i64::from(count) * i64::from(number));
        let channel = random.below(12) * random.below(13) / 12;
        let place = [channel, random.below(200), 0, 0];
        Value { at, place, micros: wait(&mut random, 45.0) as u64 }
    };
    (0..count).map(value).collect()
}

pub(crate) fn cells(values: &[Value]) -> anyhow::Result<Cells> {
    let mut cells = Cells::new(60)?;
    for value in values {
        cells.insert(value.at, value.place, value.micros);
    }
    Ok(cells)
}

/// Eight facts a conversation.
pub(crate) fn engine(grids: Vec<Grid>) -> anyhow::Result<Metrics> {
    let define = |id: &str, measure, show| anyhow::Ok(Definition::new(id.parse()?, measure, show));
    let kontak = Preset::Kontak.definitions();
    let preset = |id: &str| {
        kontak.iter().find(|it| it.id.as_str() == id).cloned().context("no such definition")
    };
    let parts = [HandlingPart::Talk, HandlingPart::Hold, HandlingPart::WrapUp].into();
    let returned = Measure::FirstContact(FirstContactRule::new(Seconds::days(1)));
    let definitions = vec![
        define("wait", Measure::QueueTime { ends: [QueueEnd::Answered].into() }, Show::Duration)?,
        define("first_response", Measure::Response(ResponseClock::default()), Show::Duration)?,
        define("resolution", Measure::Resolution(ResolutionClock::default()), Show::Duration)?,
        define("handle_time", Measure::Handling { parts }, Show::Duration)?,
        preset("kontak.service_level")?,
        preset("kontak.abandonment")?,
        preset("kontak.next_response")?,
        define("first_contact", returned, Show::Share)?,
    ];
    Ok(Metrics::new(Catalog::new(definitions, Default::default())?, grids)?)
}

/// The life of conversations: eight events each, interleaved by time.
pub(crate) fn events(conversations: u32) -> Vec<Event> {
    let mut events = Vec::with_capacity((conversations * PER_CONVERSATION) as usize);
    for conversation in 0..conversations {
        life(conversation, conversations, &mut events);
    }
    events.sort_by_key(|event| event.at);
    events
}

fn life(conversation: u32, of: u32, events: &mut Vec<Event>) {
    let mut random = SplitMix64::new(u64::from(conversation) + 1);
    let start = WEEK / i64::from(of) * i64::from(conversation);
    let channel = random.below(12) * random.below(13) / 12;
    let agent = AgentId::new(id(1, random.below(200)));
    let queue = QueueId::new(id(2, random.below(20)));
    let wait_for = wait(&mut random, 45.0);
    let answer = wait(&mut random, 30.0);
    let talk = wait(&mut random, 240.0).max(answer);
    let message = |by, agent| EventKind::Message {
        by,
        agent,
        audience: Audience::Public,
        origin: Origin::Composed,
    };
    let answered = start + wait_for;
    let life = [
        (
            start,
            EventKind::Started {
                channel: ChannelKind::from(CHANNELS[channel as usize]),
                direction: Direction::Inbound,
                by: ActorKind::Customer,
                touchpoint: Some(TouchpointId::new(id(4, random.below(of / 3 + 1)))),
                language: None,
                segment: None,
            },
        ),
        (start + 1, message(ActorKind::Customer, None)),
        (start + 2, EventKind::Enqueued { queue }),
        (answered, EventKind::Dequeued { queue, end: QueueEnd::Answered, agent: Some(agent) }),
        (answered + 1, EventKind::Connected { agent }),
        (answered + answer, message(ActorKind::Agent, Some(agent))),
        (answered + talk + 2, EventKind::Disconnected { agent }),
        (answered + talk + 3, EventKind::Resolved { by: ActorKind::Agent, agent: Some(agent) }),
    ];
    for (place, (at, kind)) in (0..).zip(life) {
        let record = EventId::new(id(9, conversation * PER_CONVERSATION + place));
        let at = monday() + TimeDelta::microseconds(at);
        events.push(Event::new(ConversationId::new(id(3, conversation)), record, at, kind));
    }
}

/// A Lomax variable of shape 4 with this median in seconds, in microseconds.
fn wait(random: &mut SplitMix64, median: f64) -> i64 {
    let tail = 1.0 / (1.0 - random.unit()).sqrt().sqrt() - 1.0;
    (median * 1e6 * tail / 0.189_207) as i64 + 1
}

fn id(kind: u128, number: u32) -> Uuid {
    Uuid::from_u128((kind << 64) | u128::from(number))
}
