//! A contact centre, small and the same every time.

use kontak_metrics::chrono::{DateTime, TimeDelta, Utc};
use kontak_metrics::uuid::Uuid;
use kontak_metrics::*;
use kontak_types::{ActorKind, AgentId, ConversationId, QueueId};

pub(crate) fn agent(number: u32) -> AgentId {
    AgentId::new(Uuid::from_u128(0x100 + u128::from(number % 3)))
}

pub(crate) fn engine() -> Metrics {
    let mut definitions: Vec<Definition> =
        [Preset::Kontak, Preset::Genesys].into_iter().flat_map(Preset::definitions).collect();
    let split = Definition::new("test.split".parse().unwrap(), Measure::Conversations, Show::Count);
    definitions.push(split.credited(Attribution::Split));
    let catalog = Catalog::new(definitions, Default::default()).unwrap();
    let mut grids = Grid::usual();
    grids.push(Grid::new(&[Dimension::Label], 1_440).unwrap());
    Metrics::new(catalog, grids).unwrap()
}

/// Contacts, one every `every` minutes, whose waits double and come back to nothing.
pub(crate) fn contacts(metrics: &mut Metrics, from: DateTime<Utc>, every: i64, count: u32) {
    for number in 0..count {
        contact(metrics, number, from + TimeDelta::minutes(every * i64::from(number)));
    }
}

fn contact(metrics: &mut Metrics, number: u32, at: DateTime<Utc>) {
    let conversation = ConversationId::new(Uuid::from_u128(0x1_0000 + u128::from(number)));
    let queue = QueueId::new(Uuid::from_u128(0x200 + u128::from(number % 2)));
    let agent_id = agent(number);
    let wait = TimeDelta::microseconds((i64::from(number % 40) * 1_700_001).pow(2) / 1_000_000);
    let answered = at + wait;
    let ended = answered + TimeDelta::seconds(60 + i64::from(number % 7) * 13);
    let started = EventKind::Started {
        channel: ["voice", "webchat", "email"][number as usize % 3].into(),
        direction: Direction::Inbound,
        by: ActorKind::Customer,
        touchpoint: None,
        language: number.is_multiple_of(2).then(|| "vi".parse().unwrap()),
        segment: None,
    };
    let said = |by, agent| EventKind::Message {
        by,
        agent,
        audience: Audience::Public,
        origin: Origin::Composed,
    };
    let mut events = vec![
        (at, started),
        (at, said(ActorKind::Customer, None)),
        (at, EventKind::Enqueued { queue }),
        (at, EventKind::Labelled { label: "refund".parse().unwrap() }),
    ];
    if number.is_multiple_of(3) {
        events.push((at, EventKind::Labelled { label: "late".parse().unwrap() }));
    }
    if number % 11 == 5 {
        let end = QueueEnd::Abandoned;
        events.push((answered, EventKind::Dequeued { queue, end, agent: None }));
    } else if number % 11 != 6 {
        let (end, agent_id) = (QueueEnd::Answered, Some(agent_id));
        events.extend([
            (answered, EventKind::Dequeued { queue, end, agent: agent_id }),
            (answered, EventKind::Assigned { agent: agent(number) }),
            (answered, EventKind::Connected { agent: agent(number) }),
            (answered, said(ActorKind::Agent, agent_id)),
            (ended, EventKind::Disconnected { agent: agent(number) }),
            (ended, EventKind::Assigned { agent: agent(number + 1) }),
            (ended, EventKind::Resolved { by: ActorKind::Agent, agent: agent_id }),
            (ended, EventKind::SurveySent { survey: SurveyKind::Csat }),
        ]);
        if number.is_multiple_of(2) {
            let score = 1 + (number % 5) as u8;
            let survey = SurveyKind::Csat;
            events.push((ended, EventKind::SurveyAnswered { survey, score, agent: None }));
        }
    }
    for (place, (at, kind)) in (0_u32..).zip(events) {
        let id = EventId::new(Uuid::from_u128(u128::from(number) << 8 | u128::from(place)));
        let event = Event::new(conversation, id, at, kind);
        let _ = metrics.ingest(&Event { order: place, ..event }).unwrap();
    }
}
