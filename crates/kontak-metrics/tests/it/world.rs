//! Histories to try the engine on, small enough that everything meets everything.

use chrono::{DateTime, TimeDelta, Utc};
use kontak_metrics::*;
use kontak_types::{
    ActorKind, AgentId, CommitmentId, ConversationId, CustomerId, QueueId, TouchpointId,
};
use proptest::prelude::*;
use uuid::Uuid;

pub(crate) fn base() -> DateTime<Utc> {
    "2026-03-20T00:00:00Z".parse().unwrap()
}

pub(crate) fn touchpoint(number: u8) -> TouchpointId {
    TouchpointId::new(Uuid::from_u128(0x400 + u128::from(number)))
}

pub(crate) fn customer(number: u8) -> CustomerId {
    CustomerId::new(Uuid::from_u128(0x500 + u128::from(number)))
}

pub(crate) fn agent(number: u8) -> AgentId {
    AgentId::new(Uuid::from_u128(0x100 + u128::from(number % 3)))
}

pub(crate) fn queue(number: u8) -> QueueId {
    QueueId::new(Uuid::from_u128(0x200 + u128::from(number % 2)))
}

pub(crate) fn conversation(number: u8) -> ConversationId {
    ConversationId::new(Uuid::from_u128(0x300 + u128::from(number)))
}

/// Every kind of event, of few agents, queues and customers.
pub(crate) fn kind() -> impl Strategy<Value = EventKind> {
    (0_u8..34, 0_u8..6, 0_u8..6).prop_map(|(kind, a, b)| {
        let channel = ["voice", "webchat", "email"][usize::from(a % 3)].into();
        let end = QueueEnd::ALL[usize::from(b % 5)];
        let by = if a % 2 == 0 { ActorKind::Agent } else { ActorKind::Bot };
        let survey = [SurveyKind::Csat, SurveyKind::Nps][usize::from(a % 2)];
        match kind {
            0..=3 => EventKind::Started {
                channel,
                direction: if b == 5 { Direction::Outbound } else { Direction::Inbound },
                by: if b == 5 { ActorKind::Agent } else { ActorKind::Customer },
                touchpoint: (b > 0).then(|| touchpoint(b % 4)),
                language: (b > 2).then(|| "id".parse().unwrap()),
                segment: (a > 3).then(|| "vip".parse().unwrap()),
            },
            4 => EventKind::ChannelChanged { channel },
            5..=7 => EventKind::Message {
                by: ActorKind::Customer,
                agent: None,
                audience: Audience::Public,
                origin: Origin::Composed,
            },
            8..=10 => EventKind::Message {
                by,
                agent: (by == ActorKind::Agent).then(|| agent(b)),
                audience: if b == 4 { Audience::Internal } else { Audience::Public },
                origin: if b == 3 { Origin::Automatic } else { Origin::Composed },
            },
            11 => EventKind::Enqueued { queue: queue(a) },
            12 | 13 => {
                EventKind::Dequeued { queue: queue(a), end, agent: (b == 0).then(|| agent(a)) }
            }
            14 => EventKind::Offered { agent: agent(a) },
            15 => EventKind::Declined { agent: agent(a) },
            16 => EventKind::Assigned { agent: agent(a) },
            17 => EventKind::Unassigned,
            18 => EventKind::Connected { agent: agent(a) },
            19 => EventKind::Held { agent: agent(a) },
            20 => EventKind::Disconnected { agent: agent(a) },
            21 => EventKind::WrappedUp { agent: agent(a) },
            22 => EventKind::HandedOff,
            23 => EventKind::StatusSet {
                status: [Status::Open, Status::WaitingCustomer, Status::OnHold][usize::from(a % 3)],
            },
            24 | 25 => {
                EventKind::Resolved { by, agent: (by == ActorKind::Agent).then(|| agent(b)) }
            }
            26 => EventKind::Reopened { by: ActorKind::Customer },
            27 => EventKind::Labelled {
                label: ["refund", "late"][usize::from(a % 2)].parse().unwrap(),
            },
            28 => EventKind::SurveySent { survey },
            29 => EventKind::SurveyAnswered { survey, score: b, agent: None },
            30 | 31 => EventKind::Converted { amount: u64::from(a) * 10 + u64::from(b) },
            32 => EventKind::Transferred {
                from: None,
                to: (a > 2).then(|| agent(a)),
                context: if b > 3 { Context::Lost } else { Context::Carried },
            },
            _ => EventKind::Promise {
                commitment: CommitmentId::new(Uuid::from_u128(b.into())),
                outcome: [PromiseOutcome::Made, PromiseOutcome::Kept][usize::from(a % 2)],
            },
        }
    })
}

/// Records, each with its revisions; of a conversation each, within three weeks.
pub(crate) fn records() -> impl Strategy<Value = Vec<Event>> {
    let revisions = prop::collection::vec((0_i64..30_000, kind(), 0_u32..2), 1..3);
    prop::collection::vec((0_u8..6, revisions), 1..60).prop_map(|records| {
        let mut events = Vec::new();
        for (record, (of, revisions)) in (1_u128..).zip(records) {
            for (revision, (minute, kind, order)) in (0..).zip(revisions) {
                let at = base() + TimeDelta::minutes(minute);
                let kind =
                    if revision == 1 && minute % 5 == 0 { EventKind::Withdrawn } else { kind };
                let event =
                    Event::new(conversation(of), EventId::new(Uuid::from_u128(record)), at, kind);
                events.push(Event { order, ..event }.revised(revision));
            }
        }
        events
    })
}

/// What is said of customers: merges and un-merges.
pub(crate) fn sayings() -> impl Strategy<Value = Vec<(u8, u8, u64)>> {
    prop::collection::vec((0_u8..4, 0_u8..3, 0_u64..6), 0..12)
}

/// Only the last revision of each record.
pub(crate) fn newest(events: &[Event]) -> Vec<Event> {
    let is_newest = |event: &&Event| {
        !events.iter().any(|other| {
            (other.conversation, other.id) == (event.conversation, event.id)
                && other.revision > event.revision
        })
    };
    events.iter().filter(is_newest).cloned().collect()
}

/// Everything that the crate has a preset for, and cells for every dimension.
pub(crate) fn engine() -> Metrics {
    let presets =
        [Preset::Kontak, Preset::Zendesk, Preset::Chatwoot, Preset::AmazonConnect, Preset::Sales];
    let definitions: Vec<Definition> = presets.into_iter().flat_map(Preset::definitions).collect();
    let every =
        Definition::new("test.every_owner".parse().unwrap(), Measure::Transferred, Show::Share);
    let split = Definition::new("test.split".parse().unwrap(), Measure::Conversations, Show::Count);
    let own = ConversionRule::new(Seconds::days(2)).under(WhichState::Each);
    let own =
        Definition::new("test.bought".parse().unwrap(), Measure::Conversion(own), Show::Share);
    let more = [own, every.credited(Attribution::EveryOwner), split.credited(Attribution::Split)];
    let definitions = [definitions, more.into()].concat();
    let catalog = Catalog::new(definitions, Default::default()).unwrap();
    use Dimension::*;
    let mut grids = Grid::usual();
    grids.push(Grid::new(&[Label], 1_440).unwrap());
    grids.push(Grid::new(&[Channel, Queue, Agent, Segment], 30).unwrap());
    grids.push(Grid::new(&[Channel, State], 60).unwrap());
    let old = Downscaling::new([(Seconds::days(6), 60), (Seconds::days(15), 1_440)]).unwrap();
    Metrics::new(catalog, grids).unwrap().with_downscaling(old)
}

pub(crate) fn ingest<'a>(metrics: &mut Metrics, events: impl IntoIterator<Item = &'a Event>) {
    for event in events {
        assert_eq!(metrics.ingest(event), Ok(Ingested::Taken));
    }
}

pub(crate) fn identify(metrics: &mut Metrics, sayings: &[(u8, u8, u64)]) {
    for (of, whose, revision) in sayings {
        metrics.identify(touchpoint(*of), customer(*whose), *revision);
    }
}

/// All of an engine that can be told apart.
pub(crate) type State = (Snapshot, Vec<CellRecord>);

pub(crate) fn state(metrics: &mut Metrics) -> State {
    (metrics.snapshot(), metrics.cells())
}

/// The engine that saw the events once, in order, and nothing else.
pub(crate) fn clean(events: &[Event], sayings: &[(u8, u8, u64)], now: DateTime<Utc>) -> Metrics {
    let mut metrics = engine();
    let mut events = newest(events);
    events.sort_by_key(|event| event.at);
    ingest(&mut metrics, &events);
    identify(&mut metrics, sayings);
    metrics.advance(now);
    metrics
}
