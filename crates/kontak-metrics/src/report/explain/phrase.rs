//! Sentences from phrase tables. A new language is one file and one line in [`PHRASES`].

use super::{ExplainedFact, Explanation};
use crate::InteractionState;
use crate::fact::Reason;
use kontak_types::{PhraseTables, Phrases};

const PHRASES: PhraseTables = PhraseTables::new(
    include_str!("phrases/en.txt"),
    &[("id", include_str!("phrases/id.txt")), ("vi", include_str!("phrases/vi.txt"))],
);

pub(super) fn text(explanation: &Explanation, language: &str) -> String {
    let phrases = PHRASES.named(language);
    let words = [
        ("definition", explanation.definition.to_string()),
        ("version", explanation.version.to_string()),
    ];
    if explanation.facts.is_empty() {
        return phrases.fill("says_nothing", &words);
    }
    let facts = explanation.facts.iter();
    let sentences = facts.map(|fact| sentence(phrases, fact, &words, explanation.is_duration));
    sentences.collect::<Vec<_>>().join("\n")
}

fn sentence(
    phrases: Phrases,
    fact: &ExplainedFact,
    words: &[(&str, String)],
    is_duration: bool,
) -> String {
    let value = match is_duration {
        true => phrases.fill("seconds", &[("seconds", (fact.value as f64 / 1e6).to_string())]),
        false => fact.value.to_string(),
    };
    let rule = fact.rule.as_ref().map_or_else(String::new, ToString::to_string);
    let number = match fact.reason {
        Reason::Rule(rule) => u32::from(rule) + 1,
        _ => 0,
    };
    let state = fact
        .reason
        .state()
        .map_or_else(String::new, |state| phrases.get(state_key(state)).to_owned());
    let reason = [("rule", rule), ("number", number.to_string()), ("state", state)];
    let reason = phrases.fill(fact.reason.name(), &reason);
    let mut all = words.to_vec();
    all.extend([
        ("value", value),
        ("reason", reason),
        ("placed", fact.placed_at.format("%Y-%m-%d %H:%M:%S UTC").to_string()),
    ]);
    phrases.fill(fact.outcome.name(), &all)
}

fn state_key(state: InteractionState) -> &'static str {
    match state {
        InteractionState::Unanswered => "state_unanswered",
        InteractionState::Bot => "state_bot",
        InteractionState::WaitingAgent => "state_waiting_agent",
        InteractionState::Agent => "state_agent",
        InteractionState::Transferred => "state_transferred",
        InteractionState::OnHold => "state_on_hold",
        InteractionState::WaitingCustomer => "state_waiting_customer",
        InteractionState::Resolved => "state_resolved",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_phrase_in_every_language() {
        let reasons = [
            Reason::Rule(0),
            Reason::NoRule,
            Reason::Measured,
            Reason::StillWaiting,
            Reason::NotAnswered,
            Reason::ResolvedWithoutAnswer,
            Reason::GaveUp,
            Reason::OpenedByAgent,
            Reason::NoCustomerMessage,
            Reason::NotResolved,
            Reason::ResolvedByOther,
            Reason::Happened,
            Reason::DidNotHappen,
            Reason::UnknownCustomer,
            Reason::CameBack,
            Reason::DidNotComeBack,
            Reason::MayComeBack,
            Reason::IsReturn,
            Reason::IsNoReturn,
            Reason::SeveralChannels,
            Reason::SeveralTouches,
            Reason::OneTouch,
            Reason::Said,
            Reason::SurveyAnswered,
            Reason::SurveyUnanswered,
            Reason::Bought(InteractionState::Bot),
            Reason::DidNotBuy(InteractionState::Bot),
            Reason::MayBuy(InteractionState::Bot),
        ];
        assert_eq!(PHRASES.differences(), Vec::<String>::new());
        for reason in reasons {
            let json = serde_json::to_string(&reason).unwrap();
            assert!(json.contains(&format!("\"{}\"", reason.name())), "{json}");
        }
        let needed = reasons.map(Reason::name);
        for key in
            needed.into_iter().chain(["value", "open", "excluded", "says_nothing", "seconds"])
        {
            assert!(PHRASES.english().find(key).is_some(), "{key}");
        }
        for state in InteractionState::ALL {
            assert!(PHRASES.english().find(state_key(state)).is_some(), "{state}");
        }
    }
}
