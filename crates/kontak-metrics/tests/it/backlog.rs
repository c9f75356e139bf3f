//! What is open and how old it is, against the facts that are written out.

use crate::world::*;
use chrono::TimeDelta;
use kontak_metrics::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_open_has_the_age_that_its_facts_say(events in records(), minutes in 0_i64..40_000, cycle in 1_u32..1_000_000) {
        let now = base() + TimeDelta::minutes(minutes);
        let mut metrics = clean(&events, &[], now);
        let written: Vec<ConversationRecord> = metrics.conversations().collect();
        let catalog = metrics.catalog().clone();
        let view = metrics.settle();
        for (measure, definition) in catalog.definitions().iter().enumerate() {
            if matches!(definition.attribution, Attribution::EveryOwner | Attribution::Split)
                || matches!(&definition.measure, Measure::Conversion(rule) if rule.under == WhichState::Each)
            {
                continue;
            }
            let facts = written.iter().flat_map(|record| record.facts.iter().chain(&record.joined));
            let open = facts.filter(|fact| usize::from(fact.measure) == measure && fact.outcome == Outcome::Open);
            let began: Vec<_> = open.map(|fact| fact.at).collect();
            let ages: Vec<i64> = began.iter().map(|at| (now - *at).num_seconds().max(0)).collect();
            let late: Vec<i64> = ages.iter().map(|age| age - i64::from(cycle)).filter(|late| *late > 0).collect();

            let id = definition.id.as_str();
            let backlog = view.backlog(id, Seconds(cycle), &Filter::all()).unwrap().unwrap();
            prop_assert_eq!(backlog.open, view.report(id, &view.all_time(), &Filter::all()).unwrap().open);
            prop_assert_eq!((backlog.open.get(), backlog.late.get()), (ages.len() as u64, late.len() as u64));
            prop_assert_eq!(backlog.oldest, began.iter().min().copied());
            prop_assert_eq!(backlog.oldest, view.oldest_open(id, &Filter::all()).unwrap());
            let mean = |of: &[i64]| (!of.is_empty()).then(|| of.iter().sum::<i64>() as f64 / of.len() as f64);
            let is_near = |found: Option<f64>, expected: Option<f64>| match (found, expected) {
                (Some(found), Some(expected)) => (found - expected).abs() <= 1e-9 * expected.abs(),
                (found, expected) => found == expected,
            };
            prop_assert!(is_near(backlog.age.headline(), mean(&ages)));
            let cycles = mean(&late).map(|late| late / f64::from(cycle));
            prop_assert!(is_near(backlog.cycles_late, cycles), "{:?} {:?}", backlog.cycles_late, cycles);
            let page = view.page(&backlog.cursor, 100).unwrap();
            prop_assert_eq!(page.conversations.is_empty(), ages.is_empty());
        }
    }
}

#[test]
fn before_time_was_told_nothing_has_an_age() {
    let mut metrics = engine();
    let view = metrics.settle();
    assert_eq!(view.backlog("kontak.offered", Seconds::days(1), &Filter::all()), Ok(None));
}
