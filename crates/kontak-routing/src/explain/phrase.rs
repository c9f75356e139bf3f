//! Sentences from phrase tables. A new language is one file and one line in [`PHRASES`].

use super::{Answer, Change, Explanation};
use crate::engine::WhyNot;
use crate::{Choice, Hold, Presence, Tie};
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

    pub(super) fn explanation(self, of: &Explanation) -> String {
        let queue = ("queue", of.queue_name.clone());
        let mut sentences = Vec::new();
        match &of.answer {
            Answer::With { why, .. } => {
                sentences.push(self.0.fill("with", &[queue]));
                sentences.extend(why.map(|why| self.0.get(choice(why)).to_owned()));
            }
            Answer::Waits { position, estimate, hold } => {
                let words = [queue, ("position", position.to_string())];
                sentences.push(self.0.fill("waits", &words));
                sentences.extend(hold.map(|hold| self.0.get(held(hold)).to_owned()));
                sentences.extend(estimate.map(|estimate| {
                    let seconds = |of: std::time::Duration| of.as_secs().to_string();
                    let words = [
                        ("mean", seconds(estimate.mean)),
                        ("least", seconds(estimate.least)),
                        ("most", seconds(estimate.most)),
                    ];
                    self.0.fill("estimate", &words)
                }));
            }
        }
        let counts = of.by_rule();
        if !counts.is_empty() && !of.changes.contains(&Change::NobodyAble) {
            let listed: Vec<String> = counts
                .into_iter()
                .map(|(rule, count)| format!("{} ({count})", self.0.get(rule)))
                .collect();
            sentences.push(self.0.fill("others", &[("list", listed.join("; "))]));
        }
        sentences.extend(of.changes.iter().map(|change| self.change(*change)));
        sentences.join(" ")
    }

    fn change(self, change: Change) -> String {
        match change {
            Change::HoldEnds { at, .. } => self.0.fill("hold_ends", &[("time", time(at))]),
            Change::NextStep { at } => self.0.fill("next_step", &[("time", time(at))]),
            Change::AgentFrees { able } => {
                self.0.fill("agent_frees", &[("able", able.to_string())])
            }
            Change::AgentComes { able } => {
                self.0.fill("agent_comes", &[("able", able.to_string())])
            }
            Change::NobodyAble => self.0.get("nobody_able").to_owned(),
        }
    }
}

fn choice(why: Choice) -> &'static str {
    match why {
        Choice::BestAgent => "best_agent",
        Choice::MostUrgent => "most_urgent",
        Choice::Continuity(Tie::LastAgent) => "last_agent",
        Choice::Continuity(Tie::AccountOwner) => "account_owner",
        Choice::Continuity(Tie::Household) => "household",
        Choice::Named => "named",
        Choice::Accepted => "accepted",
        Choice::Batch => "batch",
        Choice::Supervisor(_) => "supervisor",
        Choice::Unparked => "unparked",
    }
}

fn held(hold: Hold) -> &'static str {
    match hold {
        Hold::ForAgent(_) => "held_for_agent",
        Hold::BatchWindow => "held_batch",
        Hold::Bot => "held_bot",
        Hold::Closed => "held_closed",
        Hold::WouldNotFinish => "held_would_not_finish",
        Hold::CallBack => "held_call_back",
        Hold::Damper => "held_damper",
    }
}

pub(super) fn rule(why: &WhyNot) -> &'static str {
    match why {
        WhyNot::Presence(Presence::Break) => "on_break",
        WhyNot::Presence(Presence::NotResponding) => "not_responding",
        WhyNot::Presence(_) => "offline",
        WhyNot::LeaseLapsed => "lease_lapsed",
        WhyNot::OffShift => "off_shift",
        WhyNot::Channel => "channel",
        WhyNot::Requirement(_) => "requirement",
        WhyNot::PreviousOwner => "previous_owner",
        WhyNot::Declined { .. } => "declined",
        WhyNot::Damper { .. } => "damper",
        WhyNot::ShiftEnds { .. } => "shift_ends",
        WhyNot::ChannelFull { .. } => "channel_full",
        WhyNot::Exclusive => "exclusive",
        WhyNot::Capacity { .. } => "capacity",
        WhyNot::Held(_) => "held",
        WhyNot::Taken => "came_after",
        WhyNot::Nothing => "could_have_it",
    }
}

/// One form that all readers read the same way.
fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Requirement;
    use kontak_types::{AgentId, uuid::Uuid};

    #[test]
    fn every_language_says_what_english_says_with_the_same_words_to_fill() {
        assert_eq!(PHRASES.differences(), Vec::<String>::new());
    }

    #[test]
    fn every_reason_has_its_phrase() {
        let (agent, at) = (AgentId::new(Uuid::nil()), DateTime::UNIX_EPOCH);
        let choices = [
            Choice::BestAgent,
            Choice::MostUrgent,
            Choice::Continuity(Tie::LastAgent),
            Choice::Continuity(Tie::AccountOwner),
            Choice::Continuity(Tie::Household),
            Choice::Named,
            Choice::Accepted,
            Choice::Batch,
            Choice::Supervisor(agent),
            Choice::Unparked,
        ];
        let holds = [
            Hold::ForAgent(agent),
            Hold::BatchWindow,
            Hold::Bot,
            Hold::Closed,
            Hold::WouldNotFinish,
            Hold::CallBack,
            Hold::Damper,
        ];
        let rules = [
            WhyNot::Presence(Presence::Break),
            WhyNot::Presence(Presence::NotResponding),
            WhyNot::Presence(Presence::Offline),
            WhyNot::LeaseLapsed,
            WhyNot::OffShift,
            WhyNot::Channel,
            WhyNot::Requirement(Requirement::Nobody),
            WhyNot::PreviousOwner,
            WhyNot::Declined { until: at },
            WhyNot::Damper { until: at },
            WhyNot::ShiftEnds { at },
            WhyNot::ChannelFull { most: 1 },
            WhyNot::Exclusive,
            WhyNot::Capacity { left: 0, needed: 1 },
            WhyNot::Held(Hold::Bot),
            WhyNot::Taken,
            WhyNot::Nothing,
        ];
        let keys = choices
            .into_iter()
            .map(choice)
            .chain(holds.into_iter().map(held))
            .chain(rules.iter().map(rule));
        for key in keys {
            assert!(PHRASES.english().find(key).is_some(), "{key}");
        }
    }
}
