//! Sentences from phrase tables. A new language is one file and one line in [`PHRASES`].

use super::{Account, Apart, Explanation, Step, Verdict};
use crate::identifier::IdentifierValue;
use crate::observation::Verification;
use crate::{EvidenceView, IdentifierKind, WithheldReason};
use chrono::{DateTime, Utc};
use kontak_types::{Language, PhraseTables, Phrases};

const PHRASES: PhraseTables = PhraseTables::new(
    include_str!("phrases/en.txt"),
    &[("id", include_str!("phrases/id.txt")), ("vi", include_str!("phrases/vi.txt"))],
);

/// The sentences of one language.
#[derive(Clone, Copy)]
pub(super) struct Sentences(Phrases);

impl Sentences {
    pub(super) fn english() -> Self {
        Self(PHRASES.english())
    }

    pub(super) fn of(language: &Language) -> Self {
        Self(PHRASES.of(language))
    }

    pub(super) fn withheld(self, reason: WithheldReason) -> &'static str {
        self.0.get(match reason {
            WithheldReason::TooManyTouchpoints => "too_many_touchpoints",
            WithheldReason::TooManyIdentifiers => "too_many_identifiers",
            WithheldReason::MustNotLink => "must_not_link_reason",
            WithheldReason::NamesDiffer => "names_differ",
            WithheldReason::NameUnclear => "name_unclear",
            WithheldReason::Quarantined => "quarantined_reason",
            WithheldReason::Blocked => "blocked",
            WithheldReason::NeverPersonal => "never_personal",
        })
    }

    fn verification(self, verification: Verification) -> String {
        let key = match verification {
            Verification::OneTimeCode => "one_time_code",
            Verification::PlatformAttested => "platform_attested",
            Verification::Signed => "signed",
            Verification::AgentConfirmed => "agent_confirmed",
            Verification::Claimed => "claimed",
        };
        self.0.get(key).to_owned()
    }

    fn value(self, value: &IdentifierValue) -> String {
        let key = match value.kind() {
            IdentifierKind::Phone => "value_phone",
            IdentifierKind::Email => "value_email",
        };
        self.0.fill(key, &[("masked", value.masked())])
    }

    fn account(self, account: &Account) -> String {
        let tail: String =
            account.key.id.chars().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect();
        self.0.fill(
            "account",
            &[("channel", account.key.channel.to_string()), ("masked", format!("…{tail}"))],
        )
    }

    pub(super) fn explanation(self, explanation: &Explanation) -> String {
        let (a, b) = (self.account(&explanation.a), self.account(&explanation.b));
        let sentences = match &explanation.verdict {
            Verdict::SameTouchpoint => vec![self.0.get("same_touchpoint").to_owned()],
            Verdict::OneCustomer { path, weakest } => {
                let mut sentences = vec![self.0.fill("one_customer", &[("a", a), ("b", b)])];
                sentences.extend(path.iter().map(|step| self.step(step)));
                sentences.extend(path.get(*weakest).map(|step| self.weakest(step)));
                sentences
            }
            Verdict::NotOne { because } => {
                let mut sentences =
                    vec![self.0.fill("not_one", &[("a", a.clone()), ("b", b.clone())])];
                if because.is_empty() {
                    sentences.push(self.0.get("nothing_shared").to_owned());
                }
                sentences.extend(because.iter().map(|apart| self.apart(apart, &a, &b)));
                sentences
            }
        };
        let sentences: Vec<String> =
            sentences.iter().map(|sentence| capitalised(sentence)).collect();
        sentences.join(" ")
    }

    fn step(self, step: &Step) -> String {
        self.0.fill(
            "step",
            &[
                ("from", self.account(&step.from)),
                ("to", self.account(&step.to)),
                ("value", self.value(&step.value)),
                ("from_how", self.verification(step.from_evidence.verification)),
                ("from_source", step.from_evidence.source.clone()),
                ("from_date", date(step.from_evidence.first_seen)),
                ("to_how", self.verification(step.to_evidence.verification)),
                ("to_source", step.to_evidence.source.clone()),
                ("to_date", date(step.to_evidence.first_seen)),
            ],
        )
    }

    fn weakest(self, step: &Step) -> String {
        let strength =
            |evidence: &EvidenceView| (evidence.verification, evidence.weaker, evidence.first_seen);
        let (account, evidence) = if strength(&step.from_evidence) > strength(&step.to_evidence) {
            (&step.from, &step.from_evidence)
        } else {
            (&step.to, &step.to_evidence)
        };
        self.0.fill(
            "weakest",
            &[
                ("account", self.account(account)),
                ("value", self.value(&step.value)),
                ("how", self.verification(evidence.verification)),
            ],
        )
    }

    fn apart(self, apart: &Apart, a: &str, b: &str) -> String {
        match apart {
            Apart::MustNotLink => self.0.get("must_not_link").to_owned(),
            Apart::NotAtTheSameTime { value, until, from, first_is_earlier } => {
                let (earlier, later) = if *first_is_earlier { (a, b) } else { (b, a) };
                let words = [
                    ("value", self.value(value)),
                    ("earlier", earlier.to_owned()),
                    ("later", later.to_owned()),
                    ("until", date(*until)),
                    ("from", date(*from)),
                ];
                self.0.fill("not_at_the_same_time", &words)
            }
            Apart::Withheld { value, reason, holders } => {
                let reason = match reason {
                    WithheldReason::Quarantined => {
                        self.0.fill("quarantined", &[("holders", holders.to_string())])
                    }
                    other => self.withheld(*other).to_owned(),
                };
                self.0.fill("withheld", &[("value", self.value(value)), ("reason", reason)])
            }
        }
    }
}

/// One form that all readers read the same way.
fn date(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d").to_string()
}

fn capitalised(sentence: &str) -> String {
    let mut rest = sentence.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_what_english_says_with_the_same_words_to_fill() {
        assert_eq!(PHRASES.differences(), Vec::<String>::new());
    }

    #[test]
    fn every_reason_and_every_verification_has_its_phrase_in_every_language() {
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
        for (language, phrases) in PHRASES.languages() {
            let phrases = Sentences(phrases);
            for reason in reasons {
                assert!(phrases.withheld(reason).ends_with('.'), "{language}: {reason:?}");
            }
            for verification in Verification::ALL {
                assert!(
                    phrases.verification(verification).contains(' '),
                    "{language}: {verification:?}"
                );
            }
        }
    }
}
