//! Conversations that are let go of whole: no number changes, and nothing is lost.

use crate::world::*;
use chrono::{DateTime, TimeDelta, Utc};
use kontak_metrics::*;
use kontak_types::ConversationId;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn day(day: i64) -> DateTime<Utc> {
    base() + TimeDelta::days(day)
}

type Elsewhere = BTreeMap<ConversationId, Vec<Event>>;

/// Lets go of those of a mask.
fn evict(metrics: &mut Metrics, which: u8, elsewhere: &mut Elsewhere) {
    for number in (0..6).filter(|number| which & (1 << number) != 0) {
        if let Some(events) = metrics.evict(conversation(number)) {
            elsewhere.insert(conversation(number), events);
        }
    }
}

fn bring_all_back(metrics: &mut Metrics, elsewhere: &mut Elsewhere) {
    for (conversation, events) in std::mem::take(elsewhere) {
        metrics.bring_back(conversation, &events).unwrap();
    }
}

/// The same engine, from what it wrote.
fn restart(metrics: &mut Metrics) -> Metrics {
    let snapshot = metrics.snapshot();
    let bytes = postcard::to_allocvec(&snapshot).unwrap();
    assert_eq!(postcard::to_allocvec(&metrics.snapshot_view()).unwrap(), bytes);
    let json = serde_json::to_string(&snapshot).unwrap();
    assert_eq!(serde_json::to_string(&metrics.snapshot_view()).unwrap(), json);
    assert_eq!(serde_json::from_str::<Snapshot>(&json).unwrap(), snapshot);
    let mut again = Metrics::restore(postcard::from_bytes(&bytes).unwrap()).unwrap();
    assert_eq!(again.snapshot(), snapshot);
    again
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn numbers_are_those_of_an_engine_that_lets_go_of_nothing(
        first in records(),
        then in records(),
        said in sayings(),
        said_later in sayings(),
        which in prop::collection::vec(any::<u8>(), 3),
        is_restarted in any::<bool>(),
        erased in prop::option::of(0_u8..4),
    ) {
        let (mut metrics, mut elsewhere) = (engine(), Elsewhere::new());
        ingest(&mut metrics, &first);
        identify(&mut metrics, &said);
        metrics.advance(day(8));
        evict(&mut metrics, which[0], &mut elsewhere);
        if is_restarted {
            metrics = restart(&mut metrics);
        }
        identify(&mut metrics, &said_later);
        metrics.advance(day(16));
        let then: Vec<Event> = then.into_iter().map(|event| { let revision = event.revision + 7; event.revised(revision) }).collect();
        let (away, here): (Vec<Event>, Vec<Event>) =
            then.iter().cloned().partition(|event| elsewhere.contains_key(&event.conversation));
        ingest(&mut metrics, &here);
        if let Some(erased) = erased {
            metrics.erase(touchpoint(erased));
        }
        evict(&mut metrics, which[1], &mut elsewhere);
        metrics.advance(day(25));
        let sayings = [said, said_later].concat();
        let plain = |events: &[Event]| {
            let mut plain = engine();
            ingest(&mut plain, events);
            identify(&mut plain, &sayings);
            if let Some(erased) = erased {
                plain.erase(touchpoint(erased));
            }
            plain.advance(day(25));
            plain
        };
        let known = [first.clone(), here].concat();
        prop_assert_eq!(metrics.cells(), plain(&known).cells());

        for event in &away {
            prop_assert_eq!(metrics.ingest(event).unwrap(), Ingested::NeedsHistory);
        }
        prop_assert_eq!(metrics.cells(), plain(&known).cells(), "they are held back");
        if is_restarted {
            metrics = restart(&mut metrics);
        }
        bring_all_back(&mut metrics, &mut elsewhere);
        prop_assert_eq!((metrics.evicted(), metrics.needs_history().count()), (0, 0));
        prop_assert_eq!(state(&mut metrics), state(&mut plain(&[first, then].concat())));
    }

    #[test]
    fn shards_are_put_together_whatever_is_away(
        events in records(),
        said in sayings(),
        which in any::<u8>(),
    ) {
        // A conversation is whole in one of them.
        let (one, other): (Vec<Event>, Vec<Event>) =
            events.iter().cloned().partition(|event| event.conversation.as_uuid().as_u128() % 2 == 0);
        let (mut shards, mut elsewhere) = ([engine(), engine()], Elsewhere::new());
        for (shard, events) in shards.iter_mut().zip([one, other]) {
            ingest(shard, &events);
            shard.advance(day(20));
            evict(shard, which, &mut elsewhere);
        }
        let [mut metrics, other] = shards;
        metrics.merge(other).unwrap();
        identify(&mut metrics, &said);
        metrics.advance(day(25));
        let mut plain = clean(&events, &said, day(25));
        prop_assert_eq!(metrics.cells(), plain.cells());
        bring_all_back(&mut metrics, &mut elsewhere);
        prop_assert_eq!(state(&mut metrics), state(&mut plain));
    }
}

fn message(record: u128, of: u8, minute: i64) -> Event {
    let kind = EventKind::Started {
        channel: "webchat".into(),
        direction: Direction::Inbound,
        by: kontak_types::ActorKind::Customer,
        touchpoint: Some(touchpoint(1)),
        language: None,
        segment: None,
    };
    let id = EventId::new(uuid::Uuid::from_u128(record));
    Event::new(conversation(of), id, base() + TimeDelta::minutes(minute), kind)
}

#[test]
fn what_is_read_from_facts_says_that_some_are_away() {
    let mut metrics = engine();
    ingest(&mut metrics, &[message(1, 1, 0), message(2, 2, 3_000)]);
    let events = metrics.evict(conversation(1)).unwrap();
    assert_eq!(metrics.evict(conversation(1)), None, "once");
    assert!(metrics.is_evicted(conversation(1)) && !metrics.is_evicted(conversation(2)));
    let view = metrics.settle();
    let (name, every) = ("kontak.conversations", Filter::all());
    let odd = |from: i64, until: i64| {
        let at = |minute| base() + TimeDelta::minutes(minute);
        Window::new(at(from), at(until)).unwrap()
    };
    let count = |window| view.summary(name, &window, &every).map(|it| it.values.count());
    assert_eq!(count(view.all_time()), Ok(2), "from cells");
    assert_eq!(count(odd(-1, 1)), Err(QueryError::Evicted(1)));
    assert_eq!(count(odd(2_999, 3_001)), Ok(1), "none of this window is away");
    assert_eq!(view.explain(conversation(1), name), Err(QueryError::Evicted(1)));
    assert!(view.explain(conversation(2), name).unwrap().is_some());
    assert_eq!(view.customers(name, &view.all_time(), &every), Err(QueryError::Evicted(1)));
    let cursor = view.report(name, &view.all_time(), &every).unwrap().cursor;
    assert_eq!(view.page(&cursor, 10), Err(QueryError::Evicted(1)));
    let error = view.oldest_open("kontak.first_response", &every).unwrap_err().to_string();
    assert_eq!(
        error,
        "this is read from facts, and 1 conversations of the window are evicted: bring them back first"
    );
    let away: Vec<_> = metrics.evicted_in(&odd(-1, 1)).collect();
    assert_eq!(away, [conversation(1)]);
    assert_eq!(metrics.evicted_in(&odd(5, 9)).count(), 0);

    let other = [message(1, 1, 0).revised(1)];
    let of_other = Err(BringBackError::OtherEvents(conversation(1)));
    assert_eq!(metrics.bring_back(conversation(1), &other), of_other);
    assert_eq!(metrics.bring_back(conversation(1), &[]), of_other);
    metrics.bring_back(conversation(1), &events).unwrap();
    let here = Err(BringBackError::NotEvicted(conversation(1)));
    assert_eq!(metrics.bring_back(conversation(1), &events), here);
    assert_eq!(metrics.settle().page(&cursor, 10).unwrap().conversations.len(), 2);
}

#[test]
fn what_waits_is_not_let_go_of() {
    let mut metrics = engine();
    let id = EventId::new(uuid::Uuid::from_u128(9));
    let waits = EventKind::Enqueued { queue: queue(0) };
    let waits = Event::new(conversation(1), id, base(), waits);
    ingest(&mut metrics, &[message(1, 1, 0), waits]);
    assert_eq!(metrics.evict(conversation(1)), None, "it waits in a queue");
    assert_eq!(metrics.evict(conversation(5)), None, "nobody knows it");
    let of_nobody = Event::new(conversation(3), id, base(), EventKind::HandedOff);
    ingest(&mut metrics, &[of_nobody]);
    assert_eq!(metrics.evict(conversation(3)), None, "it is nobody's");
}

#[test]
fn whoever_may_come_back_leaves_only_what_depends_on_it_open() {
    let mut metrics = Metrics::new(Catalog::of([Preset::Kontak]).unwrap(), Grid::usual()).unwrap();
    let event = |record: u128, minute, kind| {
        let id = EventId::new(uuid::Uuid::from_u128(record));
        Event::new(conversation(1), id, base() + TimeDelta::minutes(minute), kind)
    };
    let (by, agent) = (kontak_types::ActorKind::Agent, Some(agent(1)));
    let (audience, origin) = (Audience::Public, Origin::Composed);
    let answer = EventKind::Message { by, agent, audience, origin };
    let resolved = EventKind::Resolved { by, agent };
    let asked =
        EventKind::Message { by: kontak_types::ActorKind::Customer, agent: None, audience, origin };
    let events = [message(1, 1, 0), event(2, 0, asked), event(3, 5, answer), event(4, 6, resolved)];
    ingest(&mut metrics, &events);
    metrics.advance(day(1));
    assert!(metrics.evict(conversation(1)).is_some());
    let (every, depends) = (Filter::all(), "kontak.first_contact_resolution");
    let oldest = |view: View<'_>, name: &str| view.oldest_open(name, &every);
    assert_eq!(oldest(metrics.settle(), "kontak.first_response"), Ok(None));
    assert_eq!(oldest(metrics.settle(), depends), Err(QueryError::Evicted(1)));
    metrics.advance(day(40));
    assert_eq!(oldest(metrics.settle(), depends), Ok(None), "they did not come back");
}
