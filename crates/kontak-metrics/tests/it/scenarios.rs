//! What must be so, and why.

use crate::world::*;
use chrono::TimeDelta;
use kontak_metrics::*;
use kontak_types::ActorKind;
use uuid::Uuid;

fn event(of: u8, record: u128, minute: i64, kind: EventKind) -> Event {
    let at = base() + TimeDelta::minutes(minute);
    Event::new(conversation(of), EventId::new(Uuid::from_u128(record)), at, kind)
}

fn started(by: u8) -> EventKind {
    EventKind::Started {
        channel: "voice".into(),
        direction: Direction::Inbound,
        by: ActorKind::Customer,
        touchpoint: Some(touchpoint(by)),
        language: None,
        segment: None,
    }
}

fn resolved() -> EventKind {
    EventKind::Resolved { by: ActorKind::Agent, agent: Some(agent(1)) }
}

const DAY: i64 = 24 * 60;

/// Two calls of two accounts, two days apart.
fn two_calls() -> Metrics {
    let mut metrics = engine();
    let events = [
        event(1, 1, 0, started(1)),
        event(1, 2, 10, resolved()),
        event(2, 3, 2 * DAY, started(2)),
        event(2, 4, 2 * DAY + 10, resolved()),
    ];
    ingest(&mut metrics, &events);
    metrics.advance(base() + TimeDelta::days(30));
    metrics
}

fn first_contact(metrics: &mut Metrics) -> (u64, u64, u64) {
    let view = metrics.settle();
    let report =
        view.report("kontak.first_contact_resolution", &view.all_time(), &Filter::all()).unwrap();
    let Statistic::Share { successes, of, .. } = report.statistic else { panic!("{report:?}") };
    (successes.get(), of.get(), report.excluded.get())
}

/// Who came back is known only once it is known who is who, and not any more once that is taken back.
#[test]
fn a_merge_of_customers_corrects_first_contact_resolution_and_an_unmerge_restores_it() {
    let mut metrics = two_calls();
    assert_eq!(first_contact(&mut metrics), (2, 2, 0));
    metrics.identify(touchpoint(2), customer(1), 5);
    metrics.identify(touchpoint(1), customer(1), 5);
    assert_eq!(
        first_contact(&mut metrics),
        (0, 1, 1),
        "the second call is the return of the first"
    );
    metrics.identify(touchpoint(2), customer(2), 9);
    assert_eq!(first_contact(&mut metrics), (2, 2, 0));
    metrics.identify(touchpoint(2), customer(1), 7);
    assert_eq!(first_contact(&mut metrics), (2, 2, 0), "an older saying that comes late");
}

/// Sealed conversations take part: what they need to is kept.
#[test]
fn a_merge_reaches_sealed_conversations() {
    let mut metrics = two_calls();
    assert_eq!(metrics.seal(base() + TimeDelta::days(20)), 2);
    metrics.identify(touchpoint(1), customer(1), 1);
    metrics.identify(touchpoint(2), customer(1), 1);
    assert_eq!(first_contact(&mut metrics), (0, 1, 1));
    assert_eq!(metrics.needs_history().count(), 0);
}

/// The numbers stay; whose they are is forgotten.
#[test]
fn an_erased_account_is_nobodys() {
    let mut metrics = two_calls();
    metrics.identify(touchpoint(1), customer(1), 1);
    metrics.erase(touchpoint(1));
    assert_eq!(first_contact(&mut metrics), (1, 1, 1));
    let view = metrics.settle();
    assert_eq!(view.customer_of(touchpoint(1)), None);
    let conversations =
        view.report("kontak.conversations", &view.all_time(), &Filter::all()).unwrap();
    assert_eq!(conversations.n.get(), 2);
}

/// Nobody can know on the sixth day; time alone decides on the seventh.
#[test]
fn a_contact_is_open_until_its_window_is_over() {
    let mut metrics = engine();
    ingest(&mut metrics, &[event(1, 1, 0, started(1)), event(1, 2, 10, resolved())]);
    metrics.advance(base() + TimeDelta::days(6));
    assert_eq!(first_contact(&mut metrics), (0, 0, 0));
    let deadline = metrics.next_deadline().unwrap();
    assert_eq!(deadline, base() + TimeDelta::days(7) + TimeDelta::minutes(10));
    metrics.advance(deadline);
    assert_eq!(
        first_contact(&mut metrics),
        (0, 0, 0),
        "the customer may come at that very instant"
    );
    metrics.advance(deadline + TimeDelta::microseconds(1));
    assert_eq!(first_contact(&mut metrics), (1, 1, 0));
}

/// Two texts under one revision are a fault of the source; all engines must take the same one.
#[test]
fn a_disputed_revision_is_settled_the_same_in_any_order() {
    let texts = [
        event(1, 1, 0, started(1)),
        event(1, 2, 10, resolved()),
        event(1, 2, 20, resolved()),
        event(1, 2, 15, EventKind::HandedOff),
    ];
    let mut forwards = engine();
    ingest(&mut forwards, &texts);
    let mut backwards = engine();
    ingest(&mut backwards, texts.iter().rev());
    assert_eq!(state(&mut forwards), state(&mut backwards));
}

#[test]
fn an_explanation_names_the_line_of_the_table() {
    let mut metrics = engine();
    let end = QueueEnd::Abandoned;
    let events = [
        event(1, 1, 0, started(1)),
        event(1, 2, 0, EventKind::Enqueued { queue: queue(0) }),
        event(1, 3, 2, EventKind::Dequeued { queue: queue(0), end, agent: None }),
    ];
    ingest(&mut metrics, &events);
    let view = metrics.settle();
    let explain = |id: &str| view.explain(conversation(1), id).unwrap().unwrap();
    let explanation = explain("kontak.service_level");
    insta::assert_snapshot!(
        explanation,
        @"kontak.service_level (version 1): counts with 0, on 2026-03-20 00:00:00 UTC: line 4 of its table fits (Abandoned: Failure)."
    );
    insta::assert_snapshot!(
        explanation.text(&"id".parse().unwrap()),
        @"kontak.service_level (versi 1): dihitung dengan nilai 0, pada 2026-03-20 00:00:00 UTC: baris 4 pada tabelnya cocok (Abandoned: Failure)."
    );
    insta::assert_snapshot!(
        explain("kontak.time_to_abandon").text(&"vi".parse().unwrap()),
        @"kontak.time_to_abandon (phiên bản 1): được tính với giá trị 120 giây, lúc 2026-03-20 00:02:00 UTC: đo từ lúc bắt đầu đến lúc kết thúc."
    );
    insta::assert_snapshot!(
        explain("kontak.nps"),
        @"kontak.nps (version 1): this conversation has nothing that it measures."
    );
    assert!(view.explain(conversation(9), "kontak.nps").unwrap().is_none());
}

#[test]
fn what_waits_is_told_with_its_age() {
    let mut metrics = engine();
    ingest(
        &mut metrics,
        &[
            event(1, 1, 5, EventKind::Enqueued { queue: queue(0) }),
            event(2, 2, 3, EventKind::Enqueued { queue: queue(1) }),
        ],
    );
    let view = metrics.settle();
    let oldest = |filter: &Filter| view.oldest_open("kontak.offered", filter).unwrap();
    assert_eq!(oldest(&Filter::all()), Some(base() + TimeDelta::minutes(3)));
    let first = Filter::all().on(DimensionValue::Queue(queue(0)));
    assert_eq!(oldest(&first), Some(base() + TimeDelta::minutes(5)));
    assert_eq!(view.oldest_open("kontak.csat", &Filter::all()), Ok(None));
    let found = view.reconcile(&view.all_time(), &Filter::all()).unwrap();
    assert_eq!(
        found.cohort.last().map(|it| (it.kind, it.count.get())),
        Some((ResidualKind::StillWaiting, 2))
    );
    // Who has waited longest may come last.
    ingest(&mut metrics, &[event(3, 3, 1, EventKind::Enqueued { queue: queue(0) })]);
    let seen = metrics.settle().supervision("kontak.offered", None).unwrap();
    let first = seen.queues.iter().find(|it| it.queue == Some(queue(0))).unwrap();
    assert_eq!((first.waiting, first.oldest), (2, base() + TimeDelta::minutes(1)));
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    let mut metrics = engine();
    let view = metrics.settle();
    let report = view.report("kontak.csat", &view.all_time(), &Filter::all()).unwrap();
    let mut table = CsvTable::new();
    for part in ["=1+1", "+62", "@sum", "\"a\", b", "-"] {
        table.push(part, &report);
    }
    let text = table.to_string();
    let first = text.lines().skip(1).map(|line| line.split(",kontak").next().unwrap());
    assert_eq!(first.collect::<Vec<_>>(), ["'=1+1", "'+62", "'@sum", "\"\"\"a\"\", b\"", "-"]);
}

#[test]
fn leaving_one_queue_ends_no_wait_in_another() {
    let mut metrics = engine();
    let enqueued = |number| EventKind::Enqueued { queue: queue(number) };
    let left = EventKind::Dequeued { queue: queue(1), end: QueueEnd::Abandoned, agent: None };
    let events = [event(1, 1, 0, enqueued(0)), event(1, 2, 5, enqueued(1)), event(1, 3, 6, left)];
    ingest(&mut metrics, &events);
    let view = metrics.settle();
    let abandoned = |number| {
        let filter = Filter::all().on(DimensionValue::Queue(queue(number)));
        let report = view.report("kontak.offered", &view.all_time(), &filter).unwrap();
        (report.n.get(), report.open.get())
    };
    assert_eq!((abandoned(0), abandoned(1)), ((0, 1), (1, 0)));
    let why = view.explain(conversation(1), "kontak.service_level").unwrap().unwrap().to_string();
    assert!(why.contains("it is still going on"), "{why}");
}

#[test]
fn who_comes_back_after_the_time_has_not_come_back() {
    let within = Seconds::days(7);
    let returned = Measure::RepeatContact { within, about: About::Anything };
    let definition = Definition::new("returned".parse().unwrap(), returned, Show::Share);
    let catalog = Catalog::new(vec![definition], Default::default()).unwrap();
    let returns_after = |minutes: i64| {
        let mut metrics = Metrics::new(catalog.clone(), Vec::new()).unwrap();
        ingest(&mut metrics, &[event(1, 1, 0, started(1)), event(2, 2, minutes, started(1))]);
        let view = metrics.settle();
        view.summary("returned", &view.all_time(), &Filter::all()).unwrap().values.sum()
    };
    let week = 7 * 1_440;
    assert_eq!([1, week, week + 1].map(returns_after), [1, 1, 0]);
}

#[test]
fn a_supervisor_sees_who_waits_and_who_could_serve() {
    let mut metrics = engine();
    let started_on = |channel: &str| EventKind::Started {
        channel: channel.into(),
        direction: Direction::Inbound,
        by: ActorKind::Customer,
        touchpoint: None,
        language: None,
        segment: None,
    };
    let end = QueueEnd::Answered;
    ingest(
        &mut metrics,
        &[
            event(1, 1, 0, started_on("voice")),
            event(1, 2, 1, EventKind::Enqueued { queue: queue(0) }),
            event(2, 3, 2, started_on("voice")),
            event(2, 4, 2, EventKind::Enqueued { queue: queue(0) }),
            event(3, 5, 3, started_on("email")),
            event(3, 6, 3, EventKind::Enqueued { queue: queue(1) }),
            event(1, 7, 5, EventKind::Dequeued { queue: queue(0), end, agent: Some(agent(0)) }),
        ],
    );
    let mut workforce = Workforce::new(TimeShare::presets()).unwrap();
    for (record, (who, kind)) in (20..).zip([
        (0, AgentEventKind::State(AgentState::OnContact)),
        (0, AgentEventKind::Load { used: 1, capacity: 3 }),
        (1, AgentEventKind::State(AgentState::Break)),
        (2, AgentEventKind::State(AgentState::Offline)),
    ]) {
        let id = EventId::new(Uuid::from_u128(record));
        let _ = workforce.ingest(&AgentEvent::new(agent(who), id, base(), kind)).unwrap();
    }
    let now = base() + TimeDelta::minutes(10);
    metrics.advance(now);
    workforce.advance(now);
    let seen = metrics.settle().supervision("kontak.offered", Some(workforce.settle())).unwrap();
    let json = serde_json::to_value(&seen).unwrap();
    assert_eq!(serde_json::from_value::<Supervision>(json.clone()).unwrap(), seen);
    let bytes = postcard::to_allocvec(&seen).unwrap();
    assert_eq!(postcard::from_bytes::<Supervision>(&bytes).unwrap(), seen);
    let of_queue = |number: u8, channel: &str, minute: u32| {
        serde_json::json!({
            "queue": queue(number), "channel": channel, "waiting": 1,
            "oldest": format!("2026-03-20T00:{minute:02}:00Z"),
        })
    };
    assert_eq!(
        json["queues"],
        serde_json::json!([of_queue(0, "voice", 2), of_queue(1, "email", 3)])
    );
    assert_eq!((&json["waiting"], &json["oldest"]), (&2.into(), &"2026-03-20T00:02:00Z".into()));
    assert_eq!(json["states"], serde_json::json!({"on_contact": 1, "break": 1}));
    assert_eq!(
        json["agents"][0],
        serde_json::json!({"agent": agent(0), "state": "on_contact", "used": 1, "capacity": 3})
    );
}

#[test]
fn a_number_of_few_is_left_out_and_cannot_be_worked_out() {
    let mut metrics = engine();
    let came = [("voice", 9), ("webchat", 4), ("email", 2), ("sms", 7)];
    let channels = came.iter().flat_map(|(on, count)| (0..*count).map(move |_| *on));
    for (number, on) in (0_u8..).zip(channels) {
        let kind = EventKind::Started {
            channel: on.into(),
            direction: Direction::Inbound,
            by: ActorKind::Customer,
            touchpoint: None,
            language: None,
            segment: None,
        };
        ingest(&mut metrics, &[event(number, number.into(), 0, kind)]);
    }
    let view = metrics.settle();
    let all = (view.all_time(), Filter::all());
    let rows = view.by(Dimension::Channel, "kontak.conversations", &all.0, &all.1).unwrap();
    let left = |least| {
        let rows = rows.clone().without_few(least);
        let names = rows.rows.iter().map(|row| row.value.to_string()).collect::<Vec<_>>();
        (names.join(" "), rows.left_out, rows.total.n.get())
    };
    assert_eq!(left(2), ("sms voice email webchat".into(), 0, 22));
    assert_eq!(left(3), ("sms voice".into(), 2, 22), "one alone would be 22 less the others");
    assert_eq!(left(5), ("sms voice".into(), 2, 22));
    assert_eq!(left(8), ("voice".into(), 3, 22));
    assert_eq!(left(10), (String::new(), 4, 22));
}

#[test]
fn numbers_go_out_as_open_metrics() {
    let mut metrics = two_calls();
    let catalog = metrics.catalog().clone();
    let view = metrics.settle();
    let mut text = OpenMetrics::new();
    for id in ["kontak.first_resolution", "kontak.first_contact_resolution"] {
        let summary = view.summary(id, &view.all_time(), &Filter::all()).unwrap();
        text.push(catalog.get(id).unwrap(), &[("shop", "a \"b\"")], &summary);
    }
    insta::assert_snapshot!(text, @r##"
    # TYPE kontak_first_contact_resolution_open gauge
    kontak_first_contact_resolution_open{shop="a \"b\""} 0
    # TYPE kontak_first_contact_resolution_ratio gauge
    kontak_first_contact_resolution_ratio{shop="a \"b\""} 1
    # TYPE kontak_first_resolution_open gauge
    kontak_first_resolution_open{shop="a \"b\""} 0
    # TYPE kontak_first_resolution_seconds histogram
    # UNIT kontak_first_resolution_seconds seconds
    kontak_first_resolution_seconds_bucket{shop="a \"b\"",le="759.250124"} 2
    kontak_first_resolution_seconds_bucket{shop="a \"b\"",le="+Inf"} 2
    kontak_first_resolution_seconds_sum{shop="a \"b\""} 1200
    kontak_first_resolution_seconds_count{shop="a \"b\""} 2
    # EOF
    "##);
}

#[test]
fn grids_and_windows_that_make_no_sense_are_refused() {
    assert_eq!(Grid::new(&[], 50), Err(GridError::Minutes(50)));
    assert_eq!(Grid::new(&[Dimension::Agent, Dimension::Agent], 15), Err(GridError::Dimensions));
    let (a, b) = (base(), base() + TimeDelta::days(1));
    assert!(Window::new(b, a).is_err());
    assert_eq!(Window::new(a, a).map(|window| window.contains(a)), Ok(false));
    assert!("Metrics".parse::<Preset>().is_err());
    let mut metrics = engine();
    let year = Event {
        at: "1850-01-01T00:00:00Z".parse().unwrap(),
        ..event(1, 1, 0, EventKind::HandedOff)
    };
    assert_eq!(metrics.ingest(&year), Err(IngestError::Year(1850)));
}
