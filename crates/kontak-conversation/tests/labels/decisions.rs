//! Which label counts, and what several proposals come to.

use kontak_conversation::label::{
    Confidence, Dimension, Interaction, Label, LabelPolicy, LabelSource, Labelling, Proposal,
    SetAside, SetAsideReason, Style, TextSpan, combine, standing,
};
use kontak_types::{AgentId, uuid::Uuid};
use proptest::prelude::*;

fn agent(id: u128) -> LabelSource {
    LabelSource::Agent(AgentId::new(Uuid::from_u128(id)))
}

fn rule(set: &str, version: u32) -> LabelSource {
    LabelSource::Rule { rule: "r".parse().unwrap(), set: set.parse().unwrap(), version }
}

fn model(id: &str) -> LabelSource {
    LabelSource::Model { model: id.parse().unwrap(), version: "1".parse().unwrap() }
}

fn given(label: impl Into<Label>, source: LabelSource) -> Labelling {
    Labelling::new(label.into(), source, "2026-03-01T10:00:00Z".parse().unwrap())
}

#[test]
fn a_later_label_replaces_and_a_person_outlasts_machines() {
    let log = [
        given(Interaction::OnlyEngages, rule("a", 1)),
        given(Style::Casual, model("m")),
        given(Interaction::AsksForGuidance, model("m")),
        given(Interaction::Complains, agent(1)),
        given(Interaction::OnlyEngages, rule("a", 1)),
        given(Interaction::WantsToBuy, agent(2)),
    ];
    let policy = LabelPolicy::default();
    let state = standing(&log, Dimension::Interaction, &policy).unwrap();
    assert_eq!((state.position, &state.labelling.label), (5, &Interaction::WantsToBuy.into()));
    let reasons: Vec<_> = state.set_aside.iter().map(|it| (it.position, it.reason)).collect();
    assert_eq!(
        reasons,
        [
            (0, SetAsideReason::Replaced { by: 2 }),
            (2, SetAsideReason::Replaced { by: 3 }),
            (3, SetAsideReason::Replaced { by: 5 }),
            (4, SetAsideReason::AgentDecided { agent: 3 }),
        ]
    );
    assert_eq!(standing(&log, Dimension::Style, &policy).unwrap().position, 1);
    assert_eq!(standing(&log, Dimension::Topic, &policy), None);

    let yielding = LabelPolicy::with_machine_over_agent([Dimension::Interaction]);
    assert_eq!(standing(&log[..5], Dimension::Interaction, &yielding).unwrap().position, 4);
    assert_eq!(standing(&log[..5], Dimension::Interaction, &policy).unwrap().position, 3);
}

#[test]
fn a_clock_set_back_undoes_no_correction() {
    let mut log = [given(Style::Formal, agent(1)), given(Style::Careful, agent(1))];
    log[1].at = "2020-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(standing(&log, Dimension::Style, &LabelPolicy::default()).unwrap().position, 1);
}

#[test]
fn reasons_speak_three_languages() {
    let reason = SetAsideReason::AgentDecided { agent: 0 };
    insta::assert_snapshot!(reason, @"a person had already decided, and a rule or a model does not replace that");
    insta::assert_snapshot!(reason.text(&"id-ID".parse().unwrap()), @"sudah diputuskan oleh petugas, dan aturan atau model tidak menggantikannya");
    insta::assert_snapshot!(reason.text(&"vi".parse().unwrap()), @"nhân viên đã quyết định, và quy tắc hoặc mô hình không thay thế quyết định đó");
    assert_eq!(reason.text(&"th".parse().unwrap()), reason.to_string());
}

fn proposal(name: &str, source: LabelSource, confidence: f64) -> Proposal {
    Proposal::new(Label::topic(name).unwrap(), source, Confidence::new(confidence).unwrap())
}

#[test]
fn voices_add_up_and_echoes_do_not() {
    let combined = combine([
        proposal("price", rule("a", 1), 0.5),
        proposal("price", rule("a", 2), 0.6),
        proposal("price", model("m"), 0.5),
        proposal("stock", model("m"), 0.9),
        Proposal::new(Style::Casual.into(), model("m"), Confidence::CERTAIN),
    ]);
    let summary: Vec<_> = combined
        .iter()
        .map(|it| format!("{} {} {}", it.label, it.confidence, it.because.len()))
        .collect();
    assert_eq!(summary, ["topic:stock 0.9 1", "topic:price 0.8 3", "style:casual 1 1"]);
    assert_eq!(combined[1].because[0].confidence, Confidence::new(0.6).unwrap());
    assert_eq!(combine([]), []);
}

#[test]
fn a_confidence_is_from_0_to_1() {
    for wrong in [-0.01, 1.01, f64::NAN, f64::INFINITY] {
        assert!(Confidence::new(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Confidence::new(0.300_04).unwrap(), Confidence::new(0.3).unwrap());
}

fn proposals() -> impl Strategy<Value = Vec<Proposal>> {
    let source = prop_oneof![
        (0..3_u128).prop_map(agent),
        (0..3_u32).prop_map(|version| rule("a", version)),
        Just(rule("b", 1)),
        (0..4_u32).prop_map(|it| model(&format!("m{it}"))),
    ];
    let one = (0..3_u8, source, 0..=100_u32, 0..3_usize).prop_map(|(name, source, percent, at)| {
        proposal(&format!("t{name}"), source, f64::from(percent) / 100.0)
            .with_spans(vec![TextSpan::new(at..at + 1)])
    });
    proptest::collection::vec(one, 0..24)
}

proptest! {
    #[test]
    fn the_order_of_proposals_does_not_matter(
        (straight, shuffled) in proposals().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle()))
    ) {
        let combined = combine(straight);
        for it in &combined {
            let surest = it.because.iter().map(|it| it.confidence).max();
            prop_assert!(Some(it.confidence) >= surest);
        }
        prop_assert_eq!(combined, combine(shuffled));
    }

    #[test]
    fn every_label_of_the_dimension_counts_or_says_why_not(
        log in proptest::collection::vec((0..4_usize, 0..4_u32), 0..20), yields in any::<bool>()
    ) {
        let log: Vec<_> = log
            .into_iter()
            .map(|(state, source)| {
                let source = if source == 0 { agent(1) } else { rule("a", source) };
                given(Interaction::ALL[state], source)
            })
            .collect();
        let policy = LabelPolicy::with_machine_over_agent(yields.then_some(Dimension::Interaction));
        let Some(state) = standing(&log, Dimension::Interaction, &policy) else {
            prop_assert!(log.is_empty());
            return Ok(());
        };
        let mut places: Vec<_> = state.set_aside.iter().map(|it: &SetAside| it.position).collect();
        places.push(state.position);
        places.sort_unstable();
        prop_assert_eq!(places, (0..log.len()).collect::<Vec<_>>());
        let last_agent = log.iter().rposition(|it| it.source.is_agent());
        let expected = if yields { None } else { last_agent };
        prop_assert_eq!(state.position, expected.unwrap_or(log.len() - 1));
    }
}
