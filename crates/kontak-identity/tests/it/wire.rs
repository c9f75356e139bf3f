//! What is stored or sent comes back from JSON and from postcard, under names that do not change.

use crate::world::{
    KEY, Seen, SeenValue, World, config, day, facts, histories, observation, observations, policies,
};
use kontak_identity::{
    Change, EvidenceView, IdentifierClass, IdentityGraph, Observation, Policy, Position,
    Retraction, Snapshot, Verification, Withheld, WithheldReason,
};
use kontak_types::{TouchpointId, uuid::Uuid};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

fn comes_back<T: Serialize + DeserializeOwned + PartialEq>(value: &T) -> bool {
    let json = serde_json::to_string(value).unwrap();
    let binary = postcard::to_allocvec(value).unwrap();
    serde_json::from_str::<T>(&json).unwrap() == *value
        && postcard::from_bytes::<T>(&binary).unwrap() == *value
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn observations_come_back(seen in observations(), id in any::<u128>()) {
        prop_assert!(comes_back::<Observation>(&observation(&seen, TouchpointId::new(Uuid::from_u128(id)))));
    }

    #[test]
    fn policies_come_back(policy in policies()) {
        prop_assert!(comes_back::<Policy>(&policy));
    }

    #[test]
    fn what_a_graph_says_comes_back((policy, history) in histories(30)) {
        let mut world = World::new(&policy);
        for (op, _) in &history {
            world.apply(op)?;
        }
        let view = world.graph.settle();
        prop_assert!(view.changes(Position::default()).all(|(at, change)| comes_back(&at) && comes_back(&change)));
        prop_assert!(view.withheld().all(|edge| comes_back::<Withheld>(&edge)));
        for touchpoint in view.touchpoints() {
            prop_assert!(comes_back(&view.touchpoint_key(touchpoint)));
            let evidence = view.evidence(touchpoint);
            prop_assert!(evidence.iter().all(comes_back::<EvidenceView>));
            prop_assert!(evidence.iter().all(|one| comes_back(&Retraction::new(one.id, one.revision))));
        }
        prop_assert!(comes_back::<Snapshot>(&world.graph.snapshot()));
    }

    #[test]
    fn changes_name_handles_only(policy in policies(), facts in facts(1..20)) {
        let mut world = World::new(&policy);
        world.apply_all(&facts)?;
        let _ = world.graph.settle();
        let changes: Vec<(Position, Change)> = world.graph.changes(Position::default()).collect();
        let json = serde_json::to_string(&changes).unwrap();
        prop_assert!(!json.contains("628") && !json.contains('@') && !json.contains("Siti"), "{}", json);
    }
}

fn sample() -> Observation {
    let values = vec![
        SeenValue { value: 0, weaker: Some(1), class: IdentifierClass::FixedLine },
        SeenValue { value: 4, weaker: None, class: IdentifierClass::Personal },
    ];
    let seen = Seen {
        touchpoint: 0,
        values,
        source: 0,
        record: 0,
        revision: 2,
        day: 3,
        until: None,
        verification: Verification::PlatformAttested,
        name: Some(0),
    };
    observation(&seen, TouchpointId::new(Uuid::from_u128(1)))
}

/// One line per value, so that a renamed field shows as one changed line.
fn lines<T: Serialize>(values: impl IntoIterator<Item = T>) -> String {
    values.into_iter().map(|value| serde_json::to_string(&value).unwrap() + "\n").collect()
}

#[test]
fn the_names_of_an_observation_are_frozen() {
    let mut seen = sample();
    seen.until = Some(day(9));
    insta::assert_snapshot!(serde_json::to_string_pretty(&seen).unwrap(), @r#"
    {
      "id": "00000000-0000-0000-0000-000000000001",
      "touchpoint": {
        "channel": "whatsapp",
        "scope": "jakarta",
        "id": "0"
      },
      "source": "crm",
      "record": "1",
      "revision": 2,
      "seen_at": "2024-10-07T00:00:00Z",
      "until": "2024-10-13T00:00:00Z",
      "verification": "platform_attested",
      "name": "Siti Rahayu",
      "identifiers": [
        {
          "value": {
            "phone": "+62811000"
          },
          "weaker": {
            "phone": "+62811001"
          },
          "class": "fixed_line",
          "data_version": "1"
        },
        {
          "value": {
            "email": "siti@surat.id"
          },
          "weaker": null,
          "class": "personal",
          "data_version": "1"
        }
      ]
    }
    "#);
}

#[test]
fn the_names_of_a_policy_are_frozen() {
    let mut policy = Policy::default();
    policy.blocked.truncate(1);
    insta::assert_snapshot!(serde_json::to_string_pretty(&policy).unwrap(), @r#"
    {
      "touchpoints_per_customer": 200,
      "phone": {
        "holders": 30,
        "people": 8,
        "per_customer": 10,
        "validity_days": 548
      },
      "email": {
        "holders": 30,
        "people": 8,
        "per_customer": 10,
        "validity_days": null
      },
      "trust": [
        "one_time_code",
        "platform_attested",
        "signed",
        "agent_confirmed",
        "claimed"
      ],
      "never_join": [
        "toll_free",
        "shared_cost",
        "premium_rate",
        "call_centre",
        "machine",
        "role_mailbox",
        "disposable_mailbox"
      ],
      "blocked": [
        "+*00000000"
      ],
      "compare_names": true,
      "majority": 10
    }
    "#);
}

#[test]
fn the_names_of_changes_are_frozen() {
    let mut graph = IdentityGraph::new(KEY, Policy::default()).unwrap();
    let _ = graph.observe(&sample()).unwrap();
    let view = graph.settle();
    let touchpoint = view.touchpoint(&sample().touchpoint).unwrap();
    let identifier = view.evidence(touchpoint)[0].identifier;
    let reason = WithheldReason::MustNotLink;
    let changes = [
        Change::Founded { touchpoint },
        Change::Joined { touchpoint, customer: touchpoint },
        Change::Merged { from: touchpoint, into: touchpoint },
        Change::Split { from: touchpoint, customer: touchpoint, members: vec![touchpoint] },
        Change::Withheld { touchpoint, identifier, reason },
        Change::Admitted { touchpoint, identifier },
        Change::Quarantined { identifier, holders: 31 },
        Change::Released { identifier },
        Change::Renamed { from: touchpoint, to: touchpoint },
        Change::Erased { touchpoint },
    ];
    insta::assert_snapshot!(lines(changes), @r#"
    {"founded":{"touchpoint":0}}
    {"joined":{"touchpoint":0,"customer":0}}
    {"merged":{"from":0,"into":0}}
    {"split":{"from":0,"customer":0,"members":[0]}}
    {"withheld":{"touchpoint":0,"identifier":0,"reason":"must_not_link"}}
    {"admitted":{"touchpoint":0,"identifier":0}}
    {"quarantined":{"identifier":0,"holders":31}}
    {"released":{"identifier":0}}
    {"renamed":{"from":0,"to":0}}
    {"erased":{"touchpoint":0}}
    "#);
}

#[test]
fn the_names_of_reasons_are_frozen() {
    let reasons = [
        WithheldReason::TooManyTouchpoints,
        WithheldReason::TooManyIdentifiers,
        WithheldReason::MustNotLink,
        WithheldReason::NamesDiffer,
        WithheldReason::NameUnclear,
        WithheldReason::Quarantined,
        WithheldReason::Blocked,
        WithheldReason::NeverPersonal,
    ];
    insta::assert_snapshot!(lines(reasons), @r#"
    "too_many_touchpoints"
    "too_many_identifiers"
    "must_not_link"
    "names_differ"
    "name_unclear"
    "quarantined"
    "blocked"
    "never_personal"
    "#);
}

#[test]
fn the_names_of_evidence_and_of_a_retraction_are_frozen() {
    let mut graph = IdentityGraph::new(KEY, Policy::default()).unwrap();
    let _ = graph.observe(&sample()).unwrap();
    let view = graph.settle();
    let evidence = view.evidence(view.touchpoint(&sample().touchpoint).unwrap());
    insta::assert_snapshot!(serde_json::to_string_pretty(&evidence[0]).unwrap(), @r#"
    {
      "id": "7fb4c1f5d4f1cfd7c459daae6b737d7b",
      "touchpoint": 0,
      "identifier": 0,
      "source": "crm",
      "record": "1",
      "revision": 2,
      "first_seen": "2024-10-07T00:00:00Z",
      "last_seen": "2024-10-07T00:00:00Z",
      "until": null,
      "verification": "platform_attested",
      "class": "fixed_line",
      "weaker": false,
      "data_version": "1",
      "name": "Siti Rahayu",
      "withheld": null
    }
    "#);
    let retraction = Retraction::new(evidence[0].id, evidence[0].revision);
    insta::assert_snapshot!(
        serde_json::to_string(&retraction).unwrap(),
        @r#"{"evidence":"7fb4c1f5d4f1cfd7c459daae6b737d7b","revision":2}"#
    );
}

#[test]
fn an_unknown_key_of_a_policy_is_named() {
    let error = serde_json::from_str::<Policy>(r#"{"phone": {"holder": 3}}"#).unwrap_err();
    assert!(error.to_string().contains("holder"), "{error}");
}
