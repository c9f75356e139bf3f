//! Pages of a journey put together are the whole of it, in order.

use crate::steps::worlds;
use crate::world::World;
use kontak_conversation::chrono::TimeDelta;
use kontak_conversation::{Conversation, JourneyFilter, StepKind};
use kontak_types::CustomerId;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn pages_are_the_whole(world in worlds(), limit in 1..7_usize) {
        let filter = JourneyFilter::default();
        for customer in 1..4 {
            let customer = CustomerId::from(crate::world::touchpoint(customer, 0));
            let whole = world.journey(customer, &filter, None, usize::MAX);
            prop_assert!(whole.is_sorted());
            let mut paged = Vec::new();
            loop {
                let page = world.journey(customer, &filter, paged.last().copied(), limit);
                if page.is_empty() {
                    break;
                }
                prop_assert!(page.len() <= limit);
                paged.extend(page);
            }
            prop_assert_eq!(&paged, &whole);
            let messages = whole.iter().filter(|step| matches!(step.kind, StepKind::Message(_)));
            let said: usize =
                world.of_customer(customer).map(Conversation::message_count).sum();
            prop_assert_eq!(messages.count(), said);
        }
    }
}

/// A page costs what is on it, at 100,000 events as at 1,000; with slack for a busy machine.
#[expect(clippy::disallowed_methods, reason = "it measures")]
#[test]
fn a_page_of_a_long_journey_costs_what_a_page_of_a_short_one_does() {
    let cost = |events: usize| {
        let mut world = World::new();
        // Said, and placed.
        for _ in 0..events / 2 {
            world.now += TimeDelta::minutes(1);
            let _ = world.hears(1, 0, "whatsapp");
            world.events.clear();
        }
        let customer = CustomerId::from(crate::world::touchpoint(1, 0));
        let filter = JourneyFilter::default();
        let whole = world.state.journey(customer, &filter, None, usize::MAX);
        let middle = whole[whole.len() / 2];
        // The least of many: others may have been on the processor in between.
        let once = |_| {
            let start = std::time::Instant::now();
            let page = world.state.journey(customer, &filter, Some(middle), 50);
            assert_eq!(page.len(), 50);
            start.elapsed()
        };
        (0..200).map(once).min().unwrap()
    };
    let (short, long) = (cost(1_000), cost(100_000));
    assert!(long < short * 10, "{long:?} against {short:?}");
}
