//! No order, no repetition and no detour plays a part.

use crate::world::*;
use chrono::TimeDelta;
use kontak_metrics::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn now() -> chrono::DateTime<chrono::Utc> {
    base() + TimeDelta::days(25)
}

/// The events, each at least once, in another order.
fn redelivered() -> impl Strategy<Value = (Vec<Event>, Vec<Event>)> {
    records().prop_flat_map(|events| {
        let again = prop::collection::vec(prop::sample::select(events.clone()), 0..20);
        let delivered = again.prop_map({
            let events = events.clone();
            move |again| [events.clone(), again].concat()
        });
        (Just(events), delivered.prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn late_doubled_and_corrected_events_leave_no_trace(
        (events, delivered) in redelivered(),
        said in sayings(),
        settle_every in 1_usize..20,
    ) {
        let mut metrics = engine();
        for (place, event) in delivered.iter().enumerate() {
            ingest(&mut metrics, [event]);
            if place % settle_every == 0 {
                metrics.settle();
            }
        }
        identify(&mut metrics, &said);
        metrics.advance(now());
        prop_assert_eq!(state(&mut metrics), state(&mut clean(&events, &said, now())));
    }

    #[test]
    fn shards_merge_in_any_order(
        (events, delivered) in redelivered(),
        said in sayings(),
        cut in prop::collection::vec(0_usize..4, 200),
        order in Just(vec![0, 1, 2, 3]).prop_shuffle(),
    ) {
        let mut shards: Vec<Metrics> = (0..4).map(|_| engine()).collect();
        for (event, shard) in delivered.iter().zip(&cut) {
            ingest(&mut shards[*shard], [event]);
        }
        for (saying, shard) in said.iter().zip(&cut) {
            identify(&mut shards[*shard], &[*saying]);
        }
        let mut merged = engine();
        merged.advance(now());
        for shard in order {
            shards[shard].settle();
            merged.merge(shards[shard].clone()).unwrap();
        }
        prop_assert_eq!(state(&mut merged), state(&mut clean(&events, &said, now())));
    }

    #[test]
    fn live_is_historical_at_the_watermark(events in records(), said in sayings(), step in 1_i64..5_000) {
        let mut live = engine();
        let mut in_time = newest(&events);
        in_time.sort_by_key(|event| event.at);
        identify(&mut live, &said);
        let mut watermark = base();
        let mut seen = Vec::new();
        for event in in_time {
            while event.at >= watermark {
                live.advance(watermark);
                // What the dashboard shows now is what a report of the same events says later.
                let mut historical = clean(&seen, &said, watermark);
                let catalog = live.catalog().clone();
                let view = live.settle();
                let then = historical.settle();
                for definition in catalog.definitions() {
                    let (id, all) = (definition.id.as_str(), view.all_time());
                    let ask = |view: View<'_>| view.report(id, &all, &Filter::all());
                    prop_assert_eq!(ask(view), ask(then));
                }
                let supervision = view.supervision("kontak.offered", None).unwrap();
                prop_assert_eq!(&supervision, &then.supervision("kontak.offered", None).unwrap());
                let all = (view.all_time(), Filter::all());
                let open = view.report("kontak.offered", &all.0, &all.1).unwrap().open;
                prop_assert_eq!(supervision.waiting, open.get());
                prop_assert_eq!(supervision.oldest, view.oldest_open("kontak.offered", &all.1).unwrap());
                watermark += TimeDelta::minutes(step + 2_000);
            }
            ingest(&mut live, [&event]);
            seen.push(event);
        }
        live.advance(now());
        prop_assert_eq!(state(&mut live), state(&mut clean(&events, &said, now())));
    }

    #[test]
    fn merge_unmerge_and_merge_again_is_the_last_word(events in records(), said in sayings()) {
        let mut metrics = engine();
        ingest(&mut metrics, &events);
        metrics.advance(now());
        for saying in &said {
            identify(&mut metrics, &[*saying]);
            metrics.settle();
        }
        let mut last: BTreeMap<u8, (u64, u8)> = BTreeMap::new();
        for (of, whose, revision) in &said {
            let word = last.entry(*of).or_insert((*revision, *whose));
            *word = (*word).max((*revision, *whose));
        }
        let last: Vec<(u8, u8, u64)> =
            last.into_iter().map(|(of, (revision, whose))| (of, whose, revision)).collect();
        prop_assert_eq!(state(&mut metrics), state(&mut clean(&events, &last, now())));
    }

    #[test]
    fn retractions_and_assertions_are_the_facts(events in records(), said in sayings()) {
        let mut metrics = engine();
        let mut told = Vec::new();
        let mut follow = |change| match change {
            Change::Asserted(conversation, fact) => told.push((conversation, fact)),
            Change::Retracted(conversation, fact) => {
                let held = told.iter().position(|it| *it == (conversation, fact.clone()));
                told.swap_remove(held.expect("only what was asserted is retracted"));
            }
            other => panic!("{other:?}"),
        };
        for event in &events {
            ingest(&mut metrics, [event]);
            metrics.settle_with(&mut follow);
        }
        identify(&mut metrics, &said);
        metrics.advance(now());
        metrics.settle_with(&mut follow);
        let mut facts: Vec<_> = metrics
            .conversations()
            .flat_map(|record| {
                let facts = record.facts.into_iter().chain(record.joined);
                facts.map(move |fact| (record.id, fact)).collect::<Vec<_>>()
            })
            .collect();
        facts.sort();
        told.sort();
        prop_assert_eq!(told, facts);
    }
}
