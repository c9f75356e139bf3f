//! Answers from cells are the answers of facts.

use crate::world::*;
use chrono::TimeDelta;
use kontak_metrics::calendar::Tz;
use kontak_metrics::*;
use kontak_types::{ActorKind, ConversationId};
use proptest::prelude::*;
use uuid::Uuid;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cells_and_facts_agree(events in records(), said in sayings(), from in 0_i64..400, length in 0_i64..2_000) {
        let now = base() + TimeDelta::days(25);
        let mut with_cells = clean(&events, &said, now);
        let mut without = Metrics::new(with_cells.catalog().clone(), Vec::new()).unwrap();
        ingest(&mut without, &events);
        identify(&mut without, &said);
        without.advance(now);
        let from = base() + TimeDelta::minutes(from * 15);
        let window = Window::new(from, from + TimeDelta::minutes(length * 15)).unwrap();
        let catalog = with_cells.catalog().clone();
        let (cells, facts) = (with_cells.settle(), without.settle());
        use Dimension::*;
        let filters = [
            Filter::all(),
            Filter::all().on(DimensionValue::Channel("voice".into())),
            Filter::all().on(DimensionValue::Agent(agent(1))),
            Filter::all().on(DimensionValue::Label("refund".parse().unwrap())),
            Filter::all().on(DimensionValue::State(InteractionState::Agent)),
            Filter::all().on(DimensionValue::None(Queue)).on(DimensionValue::Channel("email".into())),
        ];
        for definition in catalog.definitions() {
            let id = definition.id.as_str();
            for filter in &filters {
                let ask = |view: View<'_>| view.report(id, &window, filter);
                prop_assert_eq!(ask(cells), ask(facts), "{} {:?}", id, filter);
            }
            for dimension in [Channel, Queue, Agent, Language, Segment, State] {
                let ask = |view: View<'_>| view.by(dimension, id, &window, &filters[0]);
                prop_assert_eq!(ask(cells), ask(facts));
                match ask(cells) {
                    Ok(breakdown) if definition.attribution == Attribution::Split => {
                        let credit = |report: &Report| report.statistic.headline().unwrap();
                        let sum: f64 = breakdown.rows.iter().map(|row| credit(&row.report)).sum();
                        prop_assert!((sum - credit(&breakdown.total)).abs() < 1e-9);
                        prop_assert_eq!(credit(&breakdown.total), breakdown.total.n.get() as f64);
                    }
                    Ok(breakdown) => {
                        let sum: Count = breakdown.rows.iter().map(|row| row.report.n).sum();
                        prop_assert_eq!(sum, breakdown.total.n);
                    }
                    Err(_) => {}
                }
            }
            for dimension in [Label, Agent, State] {
                let ask = |view: View<'_>| view.overlapping(dimension, id, &window, &filters[0]);
                prop_assert_eq!(ask(cells), ask(facts));
            }
            for filter in &filters {
                for zone in [Tz::Europe__Berlin, Tz::Asia__Kathmandu] {
                    let ask = |view: View<'_>| view.by_hour_of_week(zone, id, &window, filter).unwrap();
                    prop_assert_eq!(ask(cells), ask(facts));
                }
            }
            let days = cells.by_day(Tz::Europe__Berlin, id, &window, &filters[0]).unwrap();
            let n: u64 = days.iter().map(|(_, day)| day.values.count()).sum();
            prop_assert_eq!(n, cells.summary(id, &window, &filters[0]).unwrap().values.count());
        }
        prop_assert!(cells.reconcile(&window, &filters[0]).unwrap().holds());
    }

    #[test]
    fn an_answer_that_was_kept_is_the_answer_of_the_facts(
        events in records(),
        said in sayings(),
        asked in prop::collection::vec((0_i64..1_000, 0_i64..1_500, prop::sample::select(vec![15, 60, 1_440])), 1..4),
        steps in 1_usize..6,
    ) {
        let now = base() + TimeDelta::days(25);
        let (mut kept, other) = (engine(), engine());
        let mut without = Metrics::new(kept.catalog().clone(), Vec::new()).unwrap();
        identify(&mut kept, &said);
        identify(&mut without, &said);
        let catalog = kept.catalog().clone();
        for (step, events) in events.chunks(events.len().div_ceil(steps)).enumerate() {
            if step % 2 == 0 {
                ingest(&mut kept, events);
            } else {
                let mut shard = other.clone();
                ingest(&mut shard, events);
                kept.merge(shard).unwrap();
            }
            ingest(&mut without, events);
            kept.advance(now);
            without.advance(now);
            let (kept, facts) = (kept.settle(), without.settle());
            for (from, length, minutes) in &asked {
                let from = base() + TimeDelta::minutes(from * 15 / minutes * minutes);
                let until = from + TimeDelta::minutes(length * 15 / minutes * minutes);
                let window = Window::new(from, until).unwrap();
                for definition in catalog.definitions() {
                    let id = definition.id.as_str();
                    for filter in [Filter::all(), Filter::all().on(DimensionValue::Agent(agent(1)))] {
                        let ask = |view: View<'_>| view.report(id, &window, &filter);
                        prop_assert_eq!(ask(kept), ask(facts), "{}", id);
                    }
                    for dimension in [Dimension::Channel, Dimension::Agent, Dimension::Label] {
                        let ask = |view: View<'_>| view.overlapping(dimension, id, &window, &Filter::all());
                        prop_assert_eq!(ask(kept), ask(facts), "{}", id);
                    }
                }
            }
        }
    }

    #[test]
    fn a_cursor_finds_what_is_behind_a_number(events in records(), limit in 1_usize..4) {
        let mut metrics = clean(&events, &[], base() + TimeDelta::days(25));
        let view = metrics.settle();
        for id in ["kontak.offered", "kontak.next_response", "kontak.csat"] {
            let report = view.report(id, &view.all_time(), &Filter::all()).unwrap();
            let behinds = [(Behind::Values, report.n), (Behind::Open, report.open), (Behind::Excluded, report.excluded)];
            for (behind, count) in behinds {
                let mut found = Vec::new();
                let mut cursor = Some(report.cursor.behind(behind));
                while let Some(here) = cursor {
                    let page = view.page(&here, limit).unwrap();
                    prop_assert!(page.conversations.len() <= limit);
                    found.extend(page.conversations);
                    cursor = page.next;
                }
                prop_assert!(found.is_sorted());
                let outcome = match behind {
                    Behind::Values => Outcome::Value,
                    Behind::Open => Outcome::Open,
                    _ => Outcome::Excluded,
                };
                let explained = found.iter().map(|conversation| {
                    let explanation = view.explain(*conversation, id).unwrap().unwrap();
                    explanation.facts.iter().filter(|fact| fact.outcome == outcome).count() as u64
                });
                prop_assert_eq!(explained.sum::<u64>(), count.get(), "{} {:?}", id, behind);
                let cursor = report.cursor.behind(behind);
                let facts: Vec<_> = view.facts(&cursor).unwrap().collect();
                let mut told = Vec::new();
                for conversation in &found {
                    let explanation = view.explain(*conversation, id).unwrap().unwrap();
                    let of = explanation.facts.into_iter().filter(|fact| fact.outcome == outcome);
                    told.extend(of.map(|fact| (*conversation, fact)));
                }
                prop_assert_eq!(&facts, &told, "{} {:?}", id, behind);
                let first = view.page(&cursor, limit).unwrap();
                if let (Some(next), Some(last)) = (first.next, first.conversations.last()) {
                    let rest = facts.into_iter().filter(|(conversation, _)| conversation > last);
                    prop_assert!(view.facts(&next).unwrap().eq(rest));
                }
            }
        }
    }

    #[test]
    fn a_view_has_the_cells_of_each_grid(events in records()) {
        let mut metrics = clean(&events, &[], base() + TimeDelta::days(25));
        let all = metrics.cells();
        let view = metrics.settle();
        let by_grid = (0..view.grids().len()).flat_map(|grid| view.cells(grid));
        prop_assert!(by_grid.eq(all.iter().cloned()));
        for (grid, kept) in view.grids().enumerate() {
            for cell in all.iter().filter(|cell| usize::from(cell.grid) == grid) {
                let minutes = view.cell_minutes(grid, cell.at).unwrap();
                prop_assert!(minutes >= kept.minutes() && minutes.is_multiple_of(kept.minutes()));
                prop_assert_eq!(cell.at.timestamp() % (i64::from(minutes) * 60), 0);
                prop_assert_eq!(cell.values.len(), kept.dimensions().len());
            }
        }
        prop_assert!(view.cells(99).is_empty() && view.cell_minutes(99, base()).is_none());
    }
}

#[test]
fn a_value_finds_its_cell_among_few_and_among_many() {
    let mut cells = Cells::new(60).unwrap();
    let week = Window::new(base(), base() + TimeDelta::days(7)).unwrap();
    for round in 1..=3_u64 {
        for place in 0..100_u32 {
            // Hours with few cells, and hours with many.
            let at = base() + TimeDelta::hours(i64::from((place + 1).ilog2()));
            cells.insert(at, [place, place % 3, 0, 0], round);
        }
        assert_eq!(cells.len(), 100, "no cell twice");
    }
    for place in 0..100 {
        let sum = cells.sum(&week, |values| values[0] == place);
        assert_eq!((sum.values.count(), sum.values.sum()), (3, 6));
    }
}

#[test]
fn parts_of_something_that_overlaps_have_no_total() {
    let mut metrics = engine();
    let view = metrics.settle();
    let error = view.by(Dimension::Label, "kontak.csat", &view.all_time(), &Filter::all());
    assert!(matches!(error, Err(QueryError::Overlaps(_, Dimension::Label))));
    let error = view.by(Dimension::Agent, "test.every_owner", &view.all_time(), &Filter::all());
    assert!(matches!(error, Err(QueryError::Overlaps(_, Dimension::Agent))));
}

#[test]
fn an_empty_engine_has_empty_numbers() {
    let mut metrics = engine();
    let catalog = metrics.catalog().clone();
    let view = metrics.settle();
    for definition in catalog.definitions() {
        let report = view.report(definition.id.as_str(), &view.all_time(), &Filter::all()).unwrap();
        assert_eq!((report.n.get(), report.statistic.interval()), (0, None), "{}", definition.id);
    }
    assert!(view.reconcile(&view.all_time(), &Filter::all()).unwrap().holds());
    let error = view.report("kontak.nothing", &view.all_time(), &Filter::all()).unwrap_err();
    assert_eq!(error.to_string(), "there is no definition `kontak.nothing` in the catalog");
}

#[test]
fn old_cells_are_wide_and_say_the_same() {
    let mut narrow = Metrics::new(Catalog::of([Preset::Kontak]).unwrap(), Grid::usual()).unwrap();
    let tiers = [(Seconds::days(2), 60), (Seconds::days(9), 1_440)];
    let mut wide = narrow.clone().with_downscaling(Downscaling::new(tiers).unwrap());
    let kind = EventKind::Enqueued { queue: queue(1) };
    for minute in (0..20 * 1_440).step_by(7) {
        let (at, id) = (base() + TimeDelta::minutes(minute), Uuid::from_u128(minute as u128));
        let event = Event::new(ConversationId::new(id), EventId::new(id), at, kind.clone());
        ingest(&mut narrow, [&event]);
        ingest(&mut wide, [&event]);
    }
    for metrics in [&mut narrow, &mut wide] {
        metrics.advance(base() + TimeDelta::days(20));
    }
    let (cells, fewer) = (narrow.cells().len(), wide.cells().len());
    assert!(fewer * 3 < cells, "{fewer} of {cells}");
    let (narrow, wide) = (narrow.settle(), wide.settle());
    let midnight = base().date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    const HOUR: i64 = 60;
    const DAY: i64 = 24 * HOUR;
    for (from, length, minutes) in [
        (0, DAY, Some(1_440)),
        (0, 9 * HOUR, None),
        (12 * DAY + 5 * HOUR, 3 * HOUR, Some(60)),
        (19 * DAY + 15, 15, Some(15)),
    ] {
        let from = midnight + TimeDelta::minutes(from);
        let window = Window::new(from, from + TimeDelta::minutes(length)).unwrap();
        let (id, all) = ("kontak.offered", Filter::all());
        assert_eq!(wide.resolution(id, &window, &all), Ok(minutes));
        assert_eq!(wide.report(id, &window, &all), narrow.report(id, &window, &all));
    }
}

#[test]
fn credit_is_split_in_equal_parts() {
    let define = |id: &str, measure, show| {
        Definition::new(id.parse().unwrap(), measure, show).credited(Attribution::Split)
    };
    let definitions = vec![
        define("resolved", Measure::Resolutions, Show::Count),
        define("cost", Measure::Cost, Show::Amount),
        define("converted", Measure::Converted, Show::Share),
    ];
    let mut metrics =
        Metrics::new(Catalog::new(definitions, Default::default()).unwrap(), Grid::usual())
            .unwrap();
    // Three agents had the first, one of them the second too.
    let kinds = [
        (0, EventKind::Assigned { agent: agent(1) }),
        (0, EventKind::Assigned { agent: agent(2) }),
        (0, EventKind::Assigned { agent: agent(1) }),
        (0, EventKind::Assigned { agent: agent(3) }),
        (0, EventKind::Cost { amount: 300 }),
        (0, EventKind::Resolved { by: ActorKind::Agent, agent: Some(agent(3)) }),
        (1, EventKind::Assigned { agent: agent(1) }),
        (1, EventKind::Converted { amount: 1 }),
        (1, EventKind::Resolved { by: ActorKind::Agent, agent: Some(agent(1)) }),
    ];
    for (minute, (of, kind)) in (0..).zip(kinds) {
        let (at, id) = (base() + TimeDelta::minutes(minute), Uuid::from_u128(minute as u128));
        ingest(&mut metrics, [&Event::new(conversation(of), EventId::new(id), at, kind)]);
    }
    let view = metrics.settle();
    let ask = |id: &str| {
        let of = |agent| Filter::all().on(DimensionValue::Agent(agent));
        let filters = [of(agent(1)), of(agent(2)), of(agent(3)), Filter::all()];
        let ask = |filter| view.report(id, &view.all_time(), &filter).unwrap();
        filters.map(|filter| ask(filter).statistic.headline().unwrap())
    };
    let third = 1.0 / 3.0;
    assert_eq!(ask("resolved"), [1.0 + third, third, third, 2.0]);
    assert_eq!(ask("cost"), [100.0, 100.0, 100.0, 300.0]);
    // One whole and a third of another: three quarters of that bought.
    assert_eq!(ask("converted"), [0.75, 0.0, 0.0, 0.5]);
}

#[test]
fn what_overlaps_is_not_ranked() {
    let mut metrics = Metrics::new(Catalog::of([Preset::Kontak]).unwrap(), Grid::usual()).unwrap();
    // Of a hundred each: ten, fifty, twelve; of three: all.
    let mut number = 0;
    for (channel, of, retold) in [("a", 100, 10), ("b", 100, 50), ("c", 100, 12), ("d", 3, 3)] {
        for place in 0..of {
            let started = EventKind::Started {
                channel: channel.into(),
                direction: Direction::Inbound,
                by: ActorKind::Customer,
                touchpoint: None,
                language: None,
                segment: None,
            };
            number += 1;
            let id = Uuid::from_u128(number);
            let event = |at, kind| {
                let record = EventId::new(Uuid::from_u128(at));
                Event::new(ConversationId::new(id), record, base(), kind)
            };
            ingest(&mut metrics, [&event(1, started)]);
            if place < retold {
                ingest(&mut metrics, [&event(2, EventKind::Retold)]);
            }
        }
    }
    let view = metrics.settle();
    let by = |id| view.by(Dimension::Channel, id, &view.all_time(), &Filter::all()).unwrap();
    let retold = by("kontak.retold");
    let [a, b, c, d, beyond] = [0, 1, 2, 3, 4];
    for (one, other, is_ranked) in [
        (a, b, true),
        (b, c, true),
        (a, c, false),
        (b, d, false),
        (a, d, true),
        (a, a, false),
        (a, beyond, false),
    ] {
        assert_eq!(retold.is_ranked(one, other), is_ranked, "{one} {other}");
        assert_eq!(retold.is_ranked(other, one), is_ranked, "{other} {one}");
    }
    assert!(!by("kontak.conversations").is_ranked(a, b), "a count has no interval");
    // Ends that meet have a value in common.
    let share = |successes, of| Interval::of_share(successes, of).unwrap();
    let (low, high) = (share(0, 20), share(20, 20));
    assert!(low.overlaps(&low) && !low.overlaps(&high) && !high.overlaps(&low));
    let mut touching = high;
    touching.low = low.high;
    assert!(low.overlaps(&touching) && touching.overlaps(&low));
}
