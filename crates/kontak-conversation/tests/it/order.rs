//! Facts come late, twice and shuffled; around the same decisions they make the same state.

use crate::steps::{histories, replay};
use kontak_conversation::{Conversations, Event, EventBody, Snapshot};
use proptest::collection::vec;
use proptest::prelude::*;

fn is_fact(event: &Event) -> bool {
    matches!(event.body, EventBody::MessageSaid(_) | EventBody::RelationSeen(_))
}

/// The facts at other places, some of them twice; the decisions in their order.
fn shuffled(events: &[Event], places: &[(u16, bool)]) -> Vec<Event> {
    let mut order: Vec<(u32, &Event)> = Vec::new();
    for (nth, (event, (place, twice))) in events.iter().zip(places.iter().cycle()).enumerate() {
        if is_fact(event) {
            order.push((u32::from(*place) * 64 / 1_000, event));
            if *twice {
                order.push((u32::from(place.wrapping_mul(7)) % 64, event));
            }
        } else {
            order.push((64 * nth as u32 / events.len() as u32, event));
        }
    }
    // Stable: decisions, whose places rise, stay in their order.
    order.sort_by_key(|(place, _)| *place);
    order.into_iter().map(|(_, event)| event.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_500))]

    #[test]
    fn facts_in_any_order_make_the_same_state(
        events in histories(),
        places in vec((0..1_000_u16, any::<bool>()), 1..80),
    ) {
        let straight = replay(&events).snapshot();
        for turn in 0..4 {
            let mut places = places.clone();
            let length = places.len();
            places.rotate_left(turn * 13 % length);
            prop_assert_eq!(&replay(&shuffled(&events, &places)).snapshot(), &straight);
        }
    }

    #[test]
    fn a_snapshot_and_the_tail_are_the_whole_log(events in histories(), cut in 0.0..1.0_f64) {
        let cut = (events.len() as f64 * cut) as usize;
        let whole = replay(&events).snapshot();
        let mut resumed = Conversations::restore(replay(&events[..cut]).snapshot()).unwrap();
        for event in &events[cut..] {
            resumed.apply(event);
        }
        let bytes = |snapshot: &Snapshot| postcard::to_allocvec(snapshot).unwrap();
        prop_assert_eq!(bytes(&resumed.snapshot()), bytes(&whole));
    }
}
