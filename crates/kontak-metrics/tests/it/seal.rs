//! Sealed conversations: memory is given back, and nothing is lost.

use crate::world::*;
use chrono::TimeDelta;
use kontak_metrics::*;
use proptest::prelude::*;

fn now() -> chrono::DateTime<chrono::Utc> {
    base() + TimeDelta::days(25)
}

/// Of a conversation, and of its customer.
type Facts = (Vec<FactRecord>, Vec<FactRecord>);

/// What is told of facts, without what is sealed.
fn facts(metrics: &mut Metrics) -> (Vec<Facts>, Vec<CellRecord>) {
    let records = metrics.conversations().map(|record| (record.facts, record.joined)).collect();
    (records, metrics.cells())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_late_event_waits_for_the_history_and_then_counts(
        events in records(),
        late in records(),
        said in sayings(),
        with_late in any::<bool>(),
    ) {
        // Other records than the first ones, or corrections of them.
        let late: Vec<Event> = late.into_iter().map(|event| { let revision = event.revision + 7; event.revised(revision) }).collect();
        let all = [events.clone(), late.clone()].concat();
        let mut metrics = engine();
        ingest(&mut metrics, &events);
        identify(&mut metrics, &said);
        metrics.advance(now());
        let before = facts(&mut metrics);
        metrics.seal(now());
        prop_assert_eq!(&facts(&mut metrics), &before, "sealing changes no number");
        for event in &late {
            let _ = metrics.ingest(event).unwrap();
        }
        let restored = Metrics::restore(metrics.snapshot()).unwrap();
        for mut metrics in [metrics, restored] {
            let waiting: Vec<_> = metrics.needs_history().collect();
            for conversation in waiting {
                let history = if with_late { &all } else { &events };
                let history = history.iter().filter(|event| event.conversation == conversation);
                metrics.supply(conversation, history).unwrap();
            }
            prop_assert_eq!(metrics.needs_history().count(), 0);
            prop_assert_eq!(facts(&mut metrics), facts(&mut clean(&all, &said, now())));
        }
    }

    #[test]
    fn a_snapshot_is_the_engine(events in records(), said in sayings(), seal in any::<bool>()) {
        let mut metrics = engine();
        ingest(&mut metrics, &events);
        identify(&mut metrics, &said);
        metrics.advance(now());
        metrics.erase(touchpoint(2));
        if seal {
            metrics.seal(base() + TimeDelta::days(10));
        }
        let state = state(&mut metrics);
        let json = serde_json::to_string(&state.0).unwrap();
        let from_json: Snapshot = serde_json::from_str(&json).unwrap();
        let bytes = postcard::to_allocvec(&state.0).unwrap();
        let from_bytes: Snapshot = postcard::from_bytes(&bytes).unwrap();
        for snapshot in [from_json, from_bytes] {
            prop_assert_eq!(&snapshot, &state.0);
            let mut restored = Metrics::restore(snapshot).unwrap();
            prop_assert_eq!(&crate::world::state(&mut restored), &state);
        }
    }
}

#[test]
fn what_is_beyond_the_horizon_is_counted() {
    let mut metrics = engine().with_horizon(Seconds::days(10));
    let at = |days| base() + TimeDelta::days(days);
    let event = |record: u128, conversation_of, days| {
        let id = EventId::new(uuid::Uuid::from_u128(record));
        Event::new(conversation(conversation_of), id, at(days), EventKind::HandedOff)
    };
    ingest(&mut metrics, &[event(1, 1, 0)]);
    metrics.advance(at(20));
    assert_eq!(metrics.ingest(&event(2, 1, 1)), Ok(Ingested::Taken), "it is open still");
    metrics.seal(at(20));
    assert_eq!(metrics.ingest(&event(3, 1, 2)), Ok(Ingested::TooLate));
    assert_eq!(metrics.ingest(&event(4, 2, 3)), Ok(Ingested::TooLate), "nobody knows it");
    assert_eq!(metrics.ingest(&event(5, 1, 15)), Ok(Ingested::NeedsHistory));
    let report = metrics.settle().report("kontak.conversations", &metrics_window(), &Filter::all());
    let completeness = report.unwrap().completeness;
    assert_eq!((completeness.too_late, completeness.need_history), (2, 1));

    assert_eq!(metrics.supply(conversation(1), [&event(1, 1, 0)]), Ok(Supplied::Reopened));
    assert_eq!(metrics.supply(conversation(1), []), Err(HistoryError::NotSealed));
}

#[test]
fn only_what_is_idle_is_sealed() {
    let mut metrics = engine();
    let event = |record: u128, of, day| {
        let id = EventId::new(uuid::Uuid::from_u128(record));
        Event::new(conversation(of), id, base() + TimeDelta::days(day), EventKind::HandedOff)
    };
    ingest(&mut metrics, &[event(1, 1, 0), event(2, 1, 9), event(3, 2, 3), event(4, 3, 10)]);
    assert_eq!(metrics.seal(base() + TimeDelta::days(9)), 1);
    assert_eq!(metrics.seal(base() + TimeDelta::days(9)), 0, "once");
    assert_eq!(metrics.ingest(&event(5, 1, 1)), Ok(Ingested::Taken));
    assert_eq!(metrics.ingest(&event(6, 2, 9)), Ok(Ingested::NeedsHistory));
}

fn metrics_window() -> Window {
    Window::new(base(), base() + TimeDelta::days(40)).unwrap()
}

#[test]
fn a_history_with_holes_is_refused() {
    let mut metrics = engine();
    let event = |record: u128, of| {
        Event::new(
            conversation(of),
            EventId::new(uuid::Uuid::from_u128(record)),
            base(),
            EventKind::HandedOff,
        )
    };
    ingest(&mut metrics, &[event(1, 1), event(2, 1), event(3, 1)]);
    metrics.seal(now());
    assert_eq!(metrics.ingest(&event(4, 1)), Ok(Ingested::NeedsHistory));
    let error = metrics.supply(conversation(1), [&event(1, 1)]).unwrap_err();
    assert_eq!(error.to_string(), "a history of 2 records; 3 were sealed");
    let error = metrics.supply(conversation(1), [&event(1, 2)]).unwrap_err();
    assert_eq!(error, HistoryError::OtherConversation(0));
    assert_eq!(metrics.needs_history().count(), 1, "what is held back stays");

    // A redelivery of what was sealed says nothing new.
    assert_eq!(metrics.ingest(&event(2, 1)), Ok(Ingested::NeedsHistory));
    let all = [event(1, 1), event(2, 1), event(3, 1), event(4, 1)];
    assert_eq!(metrics.supply(conversation(1), &all), Ok(Supplied::Reopened));
    metrics.seal(now());
    assert_eq!(metrics.ingest(&event(4, 1)), Ok(Ingested::NeedsHistory));
    assert_eq!(metrics.supply(conversation(1), &all), Ok(Supplied::Unchanged));
}
