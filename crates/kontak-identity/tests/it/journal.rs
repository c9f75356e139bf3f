//! A journal that a release wrote replays to what that release concluded, in every later one.
//!
//! For a new release: `cargo test -p kontak-identity --test it -- --ignored writes_a_journal`, then
//! commit the two files under its number. Old ones are never written again.

use crate::world::KEY;
use kontak_address::{EmailAddress, Origin, PhoneParser};
use kontak_identity::chrono::{DateTime, Duration, Utc};
use kontak_identity::{
    Change, Identifier, IdentityGraph, Observation, Policy, Position, Retraction, Verification,
};
use kontak_types::{ChannelKind, TouchpointId, TouchpointKey, uuid::Uuid};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::path::PathBuf;

/// One call, as an integrator keeps it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Call {
    Observe(Observation),
    Retract(Vec<Retraction>),
    Forbid(TouchpointId, TouchpointId),
    Expire(DateTime<Utc>),
    Erase(TouchpointId, DateTime<Utc>),
    SetPolicy(Policy),
}

fn replay(calls: &[Call]) -> IdentityGraph {
    let mut graph = IdentityGraph::new(KEY, Policy::default()).unwrap();
    for call in calls {
        apply(&mut graph, call);
    }
    graph
}

fn apply(graph: &mut IdentityGraph, call: &Call) {
    match call {
        Call::Observe(observation) => {
            let _ = graph.observe(observation).unwrap();
        }
        Call::Retract(retractions) => graph.retract(retractions),
        Call::Forbid(a, b) => {
            let _ = graph.forbid(*a, *b);
        }
        Call::Expire(now) => {
            let _ = graph.expire(*now).unwrap();
        }
        Call::Erase(touchpoint, now) => {
            let _ = graph.erase(*touchpoint, *now);
        }
        Call::SetPolicy(policy) => graph.set_policy(policy.clone()).unwrap(),
    }
    let _ = graph.settle();
}

/// Who is whose account, and every change on the way there.
fn result(graph: &mut IdentityGraph) -> String {
    let mut text = String::new();
    let view = graph.settle();
    for touchpoint in view.touchpoints() {
        let customer = view.customer_of(touchpoint).unwrap().id();
        writeln!(text, "{} {customer}", view.touchpoint_id(touchpoint).unwrap()).unwrap();
    }
    let changes: Vec<(Position, Change)> = graph.changes(Position::default()).collect();
    for change in changes {
        writeln!(text, "{}", serde_json::to_string(&change).unwrap()).unwrap();
    }
    text
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/journal")
}

#[test]
fn every_journal_replays_to_its_result() {
    let mut journals = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            let text = std::fs::read_to_string(&path).unwrap();
            let calls: Vec<Call> =
                text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let expected = std::fs::read_to_string(path.with_extension("result")).unwrap();
            // Not assert_eq: two long texts side by side help nobody.
            let found = result(&mut replay(&calls));
            let differs = found.lines().zip(expected.lines()).find(|(now, then)| now != then);
            assert!(found == expected, "{}: first difference {differs:?}", path.display());
            journals += 1;
        }
    }
    assert!(journals > 0, "no journal in {}", folder().display());
}

#[test]
#[ignore = "writes the journal of a release, once"]
fn writes_a_journal() {
    let name = folder().join(env!("CARGO_PKG_VERSION")).with_extension("0.jsonl");
    assert!(!name.exists(), "{} is written already", name.display());
    let calls = history();
    let lines: String =
        calls.iter().map(|call| serde_json::to_string(call).unwrap() + "\n").collect();
    std::fs::create_dir_all(folder()).unwrap();
    std::fs::write(&name, lines).unwrap();
    std::fs::write(name.with_extension("result"), result(&mut replay(&calls))).unwrap();
}

/// Sixty people, some of whom share, move on, come back and are forgotten.
fn history() -> Vec<Call> {
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    let mut below = |bound: u32| random.next_u32() % bound;
    let phones = PhoneParser::new(Origin::International);
    let first = ["Siti", "Budi", "Agus", "Dewi", "Nguyễn Văn An", "Trần Thị Mai"];
    let last = ["Rahayu", "Santoso", "Wijaya", "Lestari", "", ""];
    let mut graph = IdentityGraph::new(KEY, Policy::default()).unwrap();
    let mut calls: Vec<Call> = Vec::new();
    for number in 0..400_u32 {
        let person = below(60);
        let at = DateTime::UNIX_EPOCH
            + Duration::days(20_000 + i64::from(below(900)))
            + Duration::microseconds(i64::from(number));
        let touchpoint = TouchpointKey::new(
            [ChannelKind::WhatsApp, ChannelKind::Email, ChannelKind::Store][below(3) as usize]
                .clone(),
            "jakarta",
            format!("account {person}-{}", below(5)),
        );
        let id = TouchpointId::new(Uuid::from_u128(u128::from(number) + 1));
        let mut observation = Observation::new(
            id,
            touchpoint,
            ["crm", "pos"][below(2) as usize],
            number.to_string(),
            at,
        )
        .with_verification([Verification::Claimed, Verification::OneTimeCode][below(2) as usize]);
        let who = (person % 6) as usize;
        if below(4) > 0 {
            observation = observation.with_name(format!("{} {}", first[who], last[who]).trim());
        }
        // Neighbours share a number, and one in nine records has somebody else's.
        let whose = if below(9) == 0 { below(60) } else { person };
        let phone = phones.parse(&format!("62812904355{:02}", whose / 2)).unwrap();
        let mailbox: EmailAddress =
            format!("person.{whose}+{}@gmail.com", below(2)).parse().unwrap();
        if below(3) > 0 {
            observation = observation.with_identifier(Identifier::from(&phone));
        }
        if below(2) > 0 {
            observation = observation.with_identifier(Identifier::from(&mailbox));
        }
        if below(20) == 0 {
            observation = observation.with_until(at + Duration::days(100));
        }
        calls.push(Call::Observe(observation));
        apply(&mut graph, &calls[calls.len() - 1]);
        let known: Vec<_> = graph.settle().touchpoints().collect();
        let some = |below: &mut dyn FnMut(u32) -> u32| known[below(known.len() as u32) as usize];
        let call = match below(40) {
            0 | 1 => {
                let evidence = {
                    let one = some(&mut below);
                    graph.settle().evidence(one)
                };
                let one = evidence.first();
                one.map(|one| Call::Retract(vec![Retraction::new(one.id, one.revision)]))
            }
            2 => {
                let (a, b) = (some(&mut below), some(&mut below));
                let view = graph.settle();
                view.touchpoint_id(a).zip(view.touchpoint_id(b)).map(|(a, b)| Call::Forbid(a, b))
            }
            3 => Some(Call::Expire(at)),
            4 => {
                let one = some(&mut below);
                graph.settle().touchpoint_id(one).map(|one| Call::Erase(one, at))
            }
            5 => {
                let mut policy = Policy::default();
                policy.touchpoints_per_customer = 4 + below(10) as u16;
                Some(Call::SetPolicy(policy))
            }
            _ => None,
        };
        if let Some(call) = call {
            apply(&mut graph, &call);
            calls.push(call);
        }
    }
    calls
}
