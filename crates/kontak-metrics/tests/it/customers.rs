//! Different customers, against sets of a test's own.

use crate::world::*;
use chrono::TimeDelta;
use kontak_metrics::*;
use kontak_types::{ActorKind, CustomerId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const CHANNELS: [&str; 3] = ["voice", "webchat", "email"];

/// A conversation: of which account, on which day, on which channel and whether on another one later, about what.
type Came = (u8, i64, u8, bool, u8);

fn came() -> impl Strategy<Value = Vec<Came>> {
    prop::collection::vec((0_u8..5, 0_i64..20, 0_u8..3, any::<bool>(), 0_u8..3), 0..30)
}

fn events(came: &[Came]) -> Vec<Event> {
    let mut events = Vec::new();
    for (number, (of, day, channel, moves, issue)) in (0_u8..).zip(came) {
        let kinds = [
            Some(EventKind::Started {
                channel: CHANNELS[usize::from(*channel)].into(),
                direction: Direction::Inbound,
                by: ActorKind::Customer,
                touchpoint: (*of > 0).then(|| touchpoint(*of)),
                language: None,
                segment: None,
            }),
            moves.then(|| EventKind::ChannelChanged { channel: "sms".into() }),
            (*issue > 0).then(|| EventKind::AboutIssue {
                issue: IssueId::new(Uuid::from_u128((*issue).into())),
            }),
        ];
        for (place, kind) in (0_u128..).zip(kinds) {
            let id = EventId::new(Uuid::from_u128(u128::from(number) * 4 + place));
            let at = base() + TimeDelta::days(*day) + TimeDelta::minutes(place as i64);
            events.extend(kind.map(|kind| Event::new(conversation(number), id, at, kind)));
        }
    }
    events
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn customers_are_counted_as_sets_count_them(came in came(), said in sayings(), erased in 1_u8..9, cut in 0_i64..20) {
        let mut metrics = engine();
        ingest(&mut metrics, &events(&came));
        metrics.settle();
        identify(&mut metrics, &said);
        metrics.erase(touchpoint(erased));
        metrics.advance(base() + TimeDelta::days(25));
        let view = metrics.settle();
        let days = |from, until| Window::new(base() + TimeDelta::days(from), base() + TimeDelta::days(until)).unwrap();

        let mut whose: BTreeMap<u8, (u64, CustomerId)> = BTreeMap::new();
        for (of, customer_of, revision) in &said {
            let word = (*revision, customer(*customer_of));
            let held = whose.entry(*of).or_insert(word);
            *held = (*held).max(word);
        }
        let customer_of = |of: u8| {
            let known = of > 0 && of != erased;
            known.then(|| whose.get(&of).map_or_else(|| CustomerId::from(touchpoint(of)), |word| word.1))
        };
        let customers = |from, until| -> BTreeSet<CustomerId> {
            came.iter().filter(|it| (from..until).contains(&it.1)).filter_map(|it| customer_of(it.0)).collect()
        };
        let found = view.customers("kontak.conversations", &days(0, cut), &Filter::all()).unwrap();
        prop_assert_eq!(found.customers.get(), customers(0, cut).len() as u64);
        let nobodys = came.iter().filter(|it| it.1 < cut && customer_of(it.0).is_none()).count();
        prop_assert_eq!(found.of_nobody, nobodys as u64);

        let retention = view.retention("kontak.conversations", &days(0, cut), &days(cut, 20), &Filter::all()).unwrap();
        let stayed = customers(0, cut).intersection(&customers(cut, 20)).count();
        prop_assert_eq!((retention.before.get(), retention.stayed.get()), (customers(0, cut).len() as u64, stayed as u64));

        let usage = view.channel_usage("kontak.conversations", &view.all_time(), &Filter::all()).unwrap();
        let modelled = |key: &dyn Fn(u8, &Came) -> Option<Uuid>| {
            let mut used: BTreeMap<Uuid, (BTreeSet<u8>, bool)> = BTreeMap::new();
            for (number, it) in (0_u8..).zip(&came) {
                let Some(key) = key(number, it) else { continue };
                let used = used.entry(key).or_default();
                used.0.insert(it.2);
                used.1 |= it.3;
            }
            let several = used.values().filter(|used| used.1 || used.0.len() > 1).count();
            let on = |channel| used.values().filter(|used| used.0.contains(&channel)).count();
            let mut channels: Vec<_> = (0..3).map(|channel| (Some(CHANNELS[usize::from(channel)].into()), on(channel) as u64)).collect();
            channels.retain(|(_, count)| *count > 0);
            channels.sort();
            (used.len() as u64, several as u64, channels)
        };
        let told = |usage: &Usage| {
            let channels = usage.channels.iter().map(|it| (it.channel.clone(), it.count.get()));
            (usage.of.get(), usage.several.get(), channels.collect::<Vec<_>>())
        };
        prop_assert_eq!(told(&usage.of_contacts), modelled(&|number, _| Some(Uuid::from_u128(number.into()))));
        prop_assert_eq!(told(&usage.of_customers), modelled(&|_, it| customer_of(it.0).map(|it| *it.as_uuid())));
        prop_assert_eq!(told(&usage.of_issues), modelled(&|_, it| (it.4 > 0).then(|| Uuid::from_u128(it.4.into()))));
        let bytes = postcard::to_allocvec(&(&usage, &retention, &found)).unwrap();
        prop_assert_eq!(postcard::from_bytes::<(ChannelUsage, Retention, Customers)>(&bytes).unwrap(), (usage, retention, found));
    }
}

#[cfg(feature = "sketch")]
#[test]
fn sketches_of_customers_merge_in_any_order_and_are_near() {
    let sketch = |numbers: std::ops::Range<u128>| {
        let mut metrics = Metrics::new(Catalog::of([Preset::Kontak]).unwrap(), Vec::new()).unwrap();
        for number in numbers {
            let kind = EventKind::Started {
                channel: "voice".into(),
                direction: Direction::Inbound,
                by: ActorKind::Customer,
                touchpoint: Some(kontak_types::TouchpointId::new(Uuid::from_u128(number))),
                language: None,
                segment: None,
            };
            let conversation = kontak_types::ConversationId::new(Uuid::from_u128(number));
            let id = EventId::new(Uuid::from_u128(1));
            ingest(&mut metrics, &[Event::new(conversation, id, base(), kind)]);
        }
        let view = metrics.settle();
        view.customer_sketch("kontak.conversations", &view.all_time(), &Filter::all()).unwrap()
    };
    let parts = [sketch(0..9_000), sketch(6_000..14_000), sketch(14_000..14_020)];
    let merged = |order: [usize; 3]| {
        let mut all = parts[order[0]].clone();
        all.merge(&parts[order[1]]);
        all.merge(&CustomerSketch::from_bytes(&parts[order[2]].to_bytes()).unwrap());
        all
    };
    let all = merged([0, 1, 2]);
    for order in [[2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        assert_eq!(merged(order).estimate(), all.estimate());
        assert_eq!(merged(order).interval(), all.interval());
    }
    assert!((all.estimate() / 14_020.0 - 1.0).abs() < 0.05, "{all:?}");
    assert!(
        all.interval().low <= 14_020.0 && 14_020.0 <= all.interval().high,
        "{:?}",
        all.interval()
    );
    assert!(CustomerSketch::from_bytes(b"not a sketch").is_err());
}
