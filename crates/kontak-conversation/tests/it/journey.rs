//! Pages of a journey put together are the whole of it, in order.

use crate::steps::worlds;
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
