//! What is stored comes back from JSON and from postcard, under names that do not change.

use crate::steps::histories;
use kontak_conversation::{Conversations, Event, StatusKind};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};

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

/// One event of every kind, as the first version of the form writes it: what was written once is
/// read for ever.
const FIRST: &str = include_str!("../data/journal/v1.jsonl");

#[test]
fn what_was_written_once_is_read_for_ever() {
    let mut state = Conversations::new();
    for line in FIRST.lines() {
        let event: Event = serde_json::from_str(line).unwrap();
        let written = serde_json::to_value(&event).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(line).unwrap());
        state.apply(&event);
    }
}

#[test]
fn the_names_of_events_are_frozen() {
    insta::assert_snapshot!(kinds(&read()).into_iter().collect::<Vec<_>>().join("\n"), @r"
    answered
    assigned
    case_closed
    case_joined
    case_left
    case_opened
    conversation_opened
    conversation_split
    conversation_unsplit
    conversations_merged
    conversations_unmerged
    customers_merged
    customers_parted
    episode_began
    handover_accepted
    handover_declined
    handover_offered
    labelled
    leg_opened
    legal_hold_placed
    legal_hold_released
    linked
    message_placed
    message_redacted
    message_said
    participant_joined
    participant_left
    policy_set
    preference_stated
    priority_set
    promise_broken
    promise_kept
    promise_renegotiated
    promise_withdrawn
    promised
    relation_seen
    retention_ended
    retold
    review_asked
    reviewed
    sla_breached
    sla_cleared
    status_changed
    touchpoints_erased
    unlinked
    ");
}

fn read() -> Vec<Event> {
    FIRST.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn kinds(events: &[Event]) -> BTreeSet<String> {
    let body = |event| serde_json::to_value(event).unwrap()["body"].take();
    let first = |body: serde_json::Value| body.as_object().unwrap().keys().next().unwrap().clone();
    events.iter().map(body).map(first).collect()
}

/// Writes the sample: once for every version of the form.
#[test]
#[ignore = "writes a file that is committed"]
fn a_sample_of_every_event_for_another_version() {
    let mut runner = TestRunner::deterministic();
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    for _ in 0..20_000 {
        for event in histories().new_tree(&mut runner).unwrap().current() {
            let kind = kinds(std::slice::from_ref(&event)).pop_first().unwrap();
            let line = serde_json::to_string(&event).unwrap();
            let kept = lines.entry(kind).or_insert_with(|| line.clone());
            // The longest holds the most that there is to read.
            if line.len() > kept.len() && line.len() < 2_000 {
                *kept = line;
            }
        }
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/journal");
    std::fs::create_dir_all(folder).unwrap();
    let text = lines.into_values().map(|line| line + "\n").collect::<String>();
    std::fs::write(format!("{folder}/v1.jsonl"), text).unwrap();
}
