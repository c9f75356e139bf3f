//! Names on the wire, frozen.

use kontak_conversation::label::{
    Confidence, Dimension, Interaction, Label, LabelName, LabelNameError, LabelPolicy, LabelSource,
    Labelling, LanguageRange, Proposal, Rule, RuleSet, SetAside, SetAsideReason, Style, TermCounts,
    TermReader, TextSpan, WordList,
};
use kontak_types::{AgentId, uuid::Uuid};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// The JSON of a value, after both formats gave the value back.
fn json<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> String {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value);
    let bytes = postcard::to_allocvec(value).unwrap();
    assert_eq!(&postcard::from_bytes::<T>(&bytes).unwrap(), value);
    json
}

fn sources() -> [LabelSource; 3] {
    [
        LabelSource::Agent(AgentId::new(Uuid::from_u128(7))),
        LabelSource::Rule {
            rule: "topic.price".parse().unwrap(),
            set: "kontak.retail/id".parse().unwrap(),
            version: 1,
        },
        LabelSource::Model {
            model: "PhoBERT-base".parse().unwrap(),
            version: "2025-11".parse().unwrap(),
        },
    ]
}

#[test]
fn labels() {
    insta::assert_snapshot!(json(&Label::topic("order_status").unwrap()), @r#"{"topic":"order_status"}"#);
    insta::assert_snapshot!(json(&Label::intent("track_order").unwrap()), @r#"{"intent":"track_order"}"#);
    let states: Vec<Label> = Interaction::ALL.iter().map(|&it| it.into()).collect();
    insta::assert_snapshot!(json(&states), @r#"[{"interaction":"wants_to_buy"},{"interaction":"asks_for_guidance"},{"interaction":"only_engages"},{"interaction":"complains"}]"#);
    let styles: Vec<Label> = Style::ALL.iter().map(|&it| it.into()).collect();
    insta::assert_snapshot!(json(&styles), @r#"[{"style":"formal"},{"style":"casual"},{"style":"careful"}]"#);
    insta::assert_snapshot!(json(&Dimension::ALL.to_vec()), @r#"["topic","intent","interaction","style"]"#);
    for label in states.iter().chain(&styles) {
        let name = serde_json::to_string(label.name()).unwrap();
        assert!(json(label).contains(&name), "one name for people and wire: {name}");
    }
}

#[test]
fn sources_and_proposals() {
    insta::assert_snapshot!(json(&sources().to_vec()), @r#"[{"agent":"00000000-0000-0000-0000-000000000007"},{"rule":{"rule":"topic.price","set":"kontak.retail/id","version":1}},{"model":{"model":"PhoBERT-base","version":"2025-11"}}]"#);
    let [.., model] = sources();
    let proposal = Proposal::new(Style::Casual.into(), model, Confidence::new(0.85).unwrap())
        .with_spans(vec![TextSpan::new(0..3)]);
    insta::assert_snapshot!(json(&proposal), @r#"{"label":{"style":"casual"},"source":{"model":{"model":"PhoBERT-base","version":"2025-11"}},"confidence":0.85,"spans":[{"start":0,"end":3}]}"#);
    for step in 0..=10_000 {
        json(&Confidence::new(f64::from(step) / 10_000.0).unwrap());
    }
}

#[test]
fn decisions() {
    let [agent, ..] = sources();
    let labelling =
        Labelling::new(Style::Formal.into(), agent, "2026-03-01T10:00:00.000001Z".parse().unwrap());
    insta::assert_snapshot!(json(&labelling), @r#"{"label":{"style":"formal"},"source":{"agent":"00000000-0000-0000-0000-000000000007"},"at":1772359200000001}"#);
    let policy = LabelPolicy::with_machine_over_agent([Dimension::Style]);
    insta::assert_snapshot!(json(&policy), @r#"{"machine_over_agent":["style"]}"#);
    let error = serde_json::from_str::<LabelPolicy>(r#"{"machine_over_agents":[]}"#).unwrap_err();
    assert!(error.to_string().contains("unknown field `machine_over_agents`"), "{error}");
    let reasons = [SetAsideReason::Replaced { by: 2 }, SetAsideReason::AgentDecided { agent: 1 }];
    insta::assert_snapshot!(json(&reasons.to_vec()), @r#"[{"replaced":{"by":2}},{"agent_decided":{"agent":1}}]"#);
    let aside: Vec<SetAside> = Vec::new();
    json(&aside);
}

#[test]
fn rule_sets_and_word_lists() {
    let rule = Rule::new(
        "price".parse().unwrap(),
        Label::topic("price").unwrap(),
        Confidence::new(0.8).unwrap(),
        vec!["how much".to_owned()],
    );
    let set = RuleSet::new("acme".parse().unwrap(), 2, "en".parse().unwrap(), vec![rule]);
    insta::assert_snapshot!(json(&set), @r#"{"id":"acme","version":2,"language":"en","rules":[{"id":"price","label":{"topic":"price"},"weight":0.8,"language":null,"patterns":["how much"],"unless":[]}]}"#);
    insta::assert_snapshot!(json(&LanguageRange::Any), @r#""*""#);
    for list in WordList::starters() {
        json(&list);
    }
}

#[test]
fn term_counts() {
    let mut counts = TermCounts::new(2.try_into().unwrap());
    let terms = TermReader::new([]).read("alpha bravo charlie delta", None);
    counts.add(&Style::Casual.into(), "2026-03-01".parse().unwrap(), &terms);
    // Which words are kept is part of the form: it must never change.
    insta::assert_snapshot!(json(&counts), @r#"{"limit":2,"cells":[{"label":{"style":"casual"},"day":"2026-03-01","texts":1,"terms":{"bravo":1,"charlie":1},"others":2,"horizon":"delta"}]}"#);
}

#[test]
fn names_are_checked() {
    for (name, error) in [
        ("", LabelNameError::Empty),
        (&"a".repeat(65), LabelNameError::TooLong { bytes: 65 }),
        ("price list", LabelNameError::Character { at: 5, expected: "a-z, 0-9 or one of _ - . /" }),
        ("giá", LabelNameError::Character { at: 2, expected: "a-z, 0-9 or one of _ - . /" }),
    ] {
        assert_eq!(LabelName::new(name), Err(error), "{name}");
    }
    assert!(serde_json::from_str::<Label>(r#"{"topic":"Price"}"#).is_err());
}
