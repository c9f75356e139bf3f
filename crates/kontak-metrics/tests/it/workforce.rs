//! Agents' time, against a model that looks at every minute by itself.

use crate::world::{agent, base};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_metrics::*;
use proptest::prelude::*;
use uuid::Uuid;

const MINUTES: i64 = 4_000;

fn at(minute: i64) -> DateTime<Utc> {
    base() + TimeDelta::minutes(minute)
}

fn kind() -> impl Strategy<Value = AgentEventKind> {
    let state = || prop::sample::select(AgentState::ALL.to_vec());
    prop_oneof![
        4 => state().prop_map(AgentEventKind::State),
        2 => state().prop_map(AgentEventKind::Plan),
        2 => (0_u16..4, 0_u16..4).prop_map(|(used, capacity)| AgentEventKind::Load { used, capacity }),
        1 => Just(AgentEventKind::Withdrawn),
    ]
}

fn records() -> impl Strategy<Value = Vec<AgentEvent>> {
    let revisions = prop::collection::vec((0_i64..MINUTES, kind(), 0_u32..2), 1..3);
    prop::collection::vec((0_u8..3, revisions), 1..40).prop_map(|records| {
        let mut events = Vec::new();
        for (record, (of, revisions)) in (1_u128..).zip(records) {
            for (revision, (minute, kind, order)) in (0..).zip(revisions) {
                let id = EventId::new(Uuid::from_u128(record));
                let event = AgentEvent::new(agent(of), id, at(minute), kind);
                events.push(AgentEvent { order, ..event }.revised(revision));
            }
        }
        events
    })
}

fn redelivered() -> impl Strategy<Value = (Vec<AgentEvent>, Vec<AgentEvent>)> {
    records().prop_flat_map(|events| {
        let again = prop::collection::vec(prop::sample::select(events.clone()), 0..20);
        let first = events.clone();
        let all = again.prop_map(move |again| [first.clone(), again].concat());
        (Just(events), all.prop_shuffle())
    })
}

fn workforce() -> Workforce {
    Workforce::new(TimeShare::presets()).unwrap().with_longest(Seconds(9 * 3_600))
}

fn ingest(workforce: &mut Workforce, events: &[AgentEvent]) {
    for event in events {
        assert_eq!(workforce.ingest(event), Ok(Ingested::Taken));
    }
}

fn clean(events: &[AgentEvent], now: DateTime<Utc>) -> Workforce {
    let mut workforce = workforce();
    let newest = |event: &&AgentEvent| {
        !events
            .iter()
            .any(|it| (it.agent, it.id) == (event.agent, event.id) && it.revision > event.revision)
    };
    let mut events: Vec<AgentEvent> = events.iter().filter(newest).copied().collect();
    events.sort_by_key(|event| event.at);
    ingest(&mut workforce, &events);
    workforce.advance(now);
    workforce
}

/// All that can be told apart: what is kept, and every number of every quarter of an hour.
fn state(workforce: &mut Workforce) -> (WorkforceSnapshot, Vec<WorkedTime>, Vec<AgentNow>) {
    let snapshot = workforce.snapshot();
    (snapshot, worked(workforce), workforce.settle().now().collect())
}

fn worked(workforce: &mut Workforce) -> Vec<WorkedTime> {
    let window = Window::new(at(-60), at(8_055)).unwrap();
    let view = workforce.settle();
    let explain = |who| view.explain(agent(who), "kontak.occupancy", &window).unwrap();
    (0..3).flat_map(explain).collect()
}

/// What holds in a minute, said by nothing but the definition.
fn modelled(events: &[AgentEvent], who: u8, minute: i64) -> (AgentState, AgentState, (u16, u16)) {
    let newest = |event: &&AgentEvent| {
        event.agent == agent(who)
            && !events.iter().any(|it| {
                it.id == event.id && it.agent == event.agent && it.revision > event.revision
            })
    };
    let mut said: Vec<&AgentEvent> = events.iter().filter(newest).collect();
    said.sort_by_key(|event| (event.at, event.order, event.id));
    let (mut state, mut plan, mut load) = Default::default();
    for event in said.into_iter().filter(|event| event.at <= at(minute)) {
        let holds = at(minute) < event.at + TimeDelta::hours(9);
        match event.kind {
            AgentEventKind::State(it) => state = if holds { it } else { AgentState::Offline },
            AgentEventKind::Plan(it) => plan = if holds { it } else { AgentState::Offline },
            AgentEventKind::Load { used, capacity } => {
                load = if holds { (used, capacity) } else { (0, 0) }
            }
            _ => {}
        }
    }
    (state, plan, load)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn time_is_what_a_look_at_every_minute_says(events in records(), from in 0_i64..200, length in 1_i64..120, now in 0_i64..MINUTES) {
        let (first, last) = (from * 15, (from + length) * 15);
        let window = Window::new(at(first), at(last)).unwrap();
        let mut workforce = clean(&events, at(now));
        let view = workforce.settle();
        for share in TimeShare::presets() {
            let (mut above, mut below) = (0_u64, 0_u64);
            for who in 0..3 {
                for minute in first..last.min(now) {
                    let (state, plan, (used, offered)) = modelled(&events, who, minute);
                    if (state, plan) == Default::default() {
                        continue;
                    }
                    let count = |term: &Term| {
                        let holds = (term.states.is_empty() || term.states.contains(&state))
                            && (term.planned.is_empty() || term.planned.contains(&plan))
                            && (!term.as_planned || state.is_as(plan));
                        match term.of {
                            _ if !holds => 0,
                            TimeOf::Agent => 60,
                            TimeOf::UsedCapacity => 60 * u64::from(used),
                            _ => 60 * u64::from(offered),
                        }
                    };
                    above += count(&share.above);
                    below += count(&share.below);
                }
            }
            let report = view.report(share.id.as_str(), &window).unwrap();
            prop_assert_eq!((report.above, report.below), (above as f64, below as f64), "{}", share.id);
            let rows = view.by_agent(share.id.as_str(), &window).unwrap().rows;
            prop_assert_eq!(rows.iter().map(|row| row.report.below).sum::<f64>(), report.below);
        }
    }

    #[test]
    fn late_doubled_and_corrected_events_leave_no_trace((events, delivered) in redelivered(), step in 1_usize..9) {
        let mut workforce = workforce();
        for (place, event) in delivered.iter().enumerate() {
            ingest(&mut workforce, &[*event]);
            if place % step == 0 {
                workforce.advance(at(place as i64 * 50));
                workforce.settle();
            }
        }
        workforce.advance(at(MINUTES));
        prop_assert_eq!(state(&mut workforce), state(&mut clean(&events, at(MINUTES))));
    }

    #[test]
    fn live_is_historical_at_the_watermark(events in records(), step in 1_i64..400) {
        let mut events = events;
        events.retain(|event| event.revision == 0);
        events.sort_by_key(|event| event.at);
        let mut live = workforce();
        let (mut seen, mut now) = (0, 0);
        while now < MINUTES {
            now += step;
            let here = events.partition_point(|event| event.at <= at(now));
            ingest(&mut live, &events[seen..here]);
            seen = here;
            live.advance(at(now));
            prop_assert_eq!(state(&mut live), state(&mut clean(&events[..seen], at(now))));
        }
    }

    #[test]
    fn sealing_on_the_way_changes_no_number(events in records(), step in 100_i64..900) {
        let mut events = events;
        events.retain(|event| event.revision == 0);
        events.sort_by_key(|event| event.at);
        let mut sealed = workforce();
        // Plans are known before, and states when they are so.
        let planned = |event: &&AgentEvent| matches!(event.kind, AgentEventKind::Plan(_));
        let plans: Vec<AgentEvent> = events.iter().filter(planned).copied().collect();
        ingest(&mut sealed, &plans);
        let (mut seen, mut now) = (0, 0);
        while now < MINUTES {
            now += step;
            let here = events.partition_point(|event| event.at <= at(now));
            for event in events[seen..here].iter().filter(|event| !planned(event)) {
                ingest(&mut sealed, &[*event]);
            }
            seen = here;
            sealed.advance(at(now));
            sealed.seal(at(now - step / 2));
            let known: Vec<AgentEvent> = events[..seen].iter().chain(&plans).copied().collect();
            let mut clean = clean(&known, at(now));
            prop_assert_eq!(worked(&mut sealed), worked(&mut clean));
            let doing = |workforce: &mut Workforce| workforce.settle().now().collect::<Vec<_>>();
            prop_assert_eq!(doing(&mut sealed), doing(&mut clean));
        }
    }

    #[test]
    fn shards_merge_in_any_order((events, delivered) in redelivered(), cut in prop::collection::vec(0_usize..3, 100), order in Just(vec![0, 1, 2]).prop_shuffle()) {
        let mut shards: Vec<Workforce> = (0..3).map(|_| workforce()).collect();
        for (event, shard) in delivered.iter().zip(&cut) {
            ingest(&mut shards[*shard], &[*event]);
            shards[*shard].advance(at(MINUTES / 2));
            shards[*shard].settle();
        }
        let mut merged = workforce();
        merged.advance(at(MINUTES));
        for shard in order {
            merged.merge(shards[shard].clone()).unwrap();
        }
        prop_assert_eq!(state(&mut merged), state(&mut clean(&events, at(MINUTES))));
    }

    #[test]
    fn a_late_event_waits_for_the_history_and_then_counts(events in records(), late in records(), before in 0_i64..MINUTES, with_late in any::<bool>()) {
        let late: Vec<AgentEvent> = late.into_iter().map(|event| { let revision = event.revision + 7; event.revised(revision) }).collect();
        let all = [events.clone(), late.clone()].concat();
        let mut sealed = clean(&events, at(MINUTES));
        let before_sealing = worked(&mut sealed);
        sealed.seal(at(before));
        prop_assert_eq!(worked(&mut sealed), before_sealing, "sealing changes no number");
        for event in &late {
            let _ = sealed.ingest(event).unwrap();
        }
        let json = serde_json::to_string(&sealed.snapshot()).unwrap();
        let bytes = postcard::to_allocvec(&sealed.snapshot()).unwrap();
        let from_json = Workforce::restore(serde_json::from_str(&json).unwrap()).unwrap();
        let from_bytes = Workforce::restore(postcard::from_bytes(&bytes).unwrap()).unwrap();
        for mut sealed in [sealed, from_json, from_bytes] {
            let waiting: Vec<_> = sealed.needs_history().collect();
            for agent in waiting {
                let history = if with_late { &all } else { &events };
                let history = history.iter().filter(|event| event.agent == agent);
                sealed.supply(agent, history).unwrap();
            }
            prop_assert_eq!(sealed.needs_history().count(), 0);
            prop_assert_eq!(worked(&mut sealed), worked(&mut clean(&all, at(MINUTES))));
        }
    }
}

#[test]
fn one_of_five_chats_is_busy_by_the_clock_and_not_by_capacity() {
    let mut workforce = Workforce::new(TimeShare::presets()).unwrap();
    let said = [
        (0, AgentEventKind::State(AgentState::OnContact)),
        (0, AgentEventKind::Load { used: 1, capacity: 5 }),
        (0, AgentEventKind::Plan(AgentState::Available)),
        (45, AgentEventKind::State(AgentState::Break)),
        (60, AgentEventKind::State(AgentState::Offline)),
        (75, AgentEventKind::Plan(AgentState::Offline)),
    ];
    for (record, (minute, kind)) in (1..).zip(said) {
        let id = EventId::new(Uuid::from_u128(record));
        ingest(&mut workforce, &[AgentEvent::new(agent(0), id, at(minute), kind)]);
    }
    workforce.advance(at(120));
    let window = Window::new(at(0), at(120)).unwrap();
    let view = workforce.settle();
    let share = |id| view.report(id, &window).unwrap().share.unwrap();
    assert_eq!(share("amazon_connect.occupancy"), 1.0);
    assert_eq!(share("kontak.capacity_occupancy"), 0.2);
    assert_eq!(share("kontak.utilisation"), 0.75);
    assert_eq!(share("kontak.shrinkage"), 0.25);
    assert_eq!(share("kontak.planned_shrinkage"), 0.4, "gone before the shift was over");
    assert_eq!(share("amazon_connect.adherence"), 0.6);
    assert_eq!(share("genesys.conformance"), 0.6);
    let error = view.report("kontak.idleness", &window).unwrap_err();
    assert_eq!(error.to_string(), "there is no share `kontak.idleness`");
    let error = view.report("kontak.occupancy", &Window::new(at(0), at(7)).unwrap()).unwrap_err();
    assert_eq!(error, WorkforceError::NoQuarter(at(7)));
}

#[test]
fn who_forgets_to_log_out_is_there_for_a_day_at_most() {
    let mut workforce = Workforce::new(TimeShare::presets()).unwrap();
    let id = EventId::new(Uuid::from_u128(1));
    let kind = AgentEventKind::State(AgentState::Available);
    ingest(&mut workforce, &[AgentEvent::new(agent(0), id, at(0), kind)]);
    workforce.advance(at(30 * 1_440));
    let window = Window::new(at(0), at(30 * 1_440)).unwrap();
    let view = workforce.settle();
    assert_eq!(view.report("kontak.occupancy", &window).unwrap().below, 86_400.0);
    assert_eq!(view.now().count(), 0);
}

#[test]
fn a_history_with_holes_is_refused() {
    let event = |record: u128, minute| {
        let kind = AgentEventKind::State(AgentState::Available);
        AgentEvent::new(agent(0), EventId::new(Uuid::from_u128(record)), at(minute), kind)
    };
    let mut workforce = workforce().with_horizon(Seconds::days(1));
    ingest(&mut workforce, &[event(1, 0), event(2, 10), event(3, 100)]);
    workforce.advance(at(1_000));
    assert_eq!(workforce.supply(agent(0), []), Err(AgentHistoryError::NotSealed));
    assert_eq!(workforce.seal(at(120)), 1);
    assert_eq!(workforce.ingest(&event(4, 20)), Ok(Ingested::NeedsHistory));
    let error = workforce.supply(agent(0), &[event(1, 0)]).unwrap_err();
    assert_eq!(error, AgentHistoryError::Incomplete { found: 2, sealed: 3 });
}
