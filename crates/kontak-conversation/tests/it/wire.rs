//! What is stored comes back from JSON and from postcard, under names that do not change.

use crate::steps::histories;
use kontak_conversation::{Event, StatusKind};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn events_come_back(world in histories()) {
        for event in &world {
            let json = serde_json::to_string(event).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Event>(&json).unwrap(), event);
            let binary = postcard::to_allocvec(event).unwrap();
            prop_assert_eq!(&postcard::from_bytes::<Event>(&binary).unwrap(), event);
        }
    }
}

#[test]
fn names_are_frozen() {
    let names: Vec<String> =
        StatusKind::ALL.iter().map(|kind| serde_json::to_string(kind).unwrap()).collect();
    assert_eq!(
        names.join(" "),
        r#""new" "open" "waiting_for_customer" "on_hold" "snoozed" "resolved" "closed""#
    );
}
