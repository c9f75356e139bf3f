//! Events as lines: `<second> [c<conversation>] <what> <words>`, conversation 1 if none is named.

use super::runner::{agent_id, conversation_id, queue_id, touchpoint_id};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_metrics::{
    AgentEvent, AgentEventKind, AgentState, Audience, Context, Direction, Event, EventId,
    EventKind, IssueId, Origin, PromiseOutcome, QueueEnd, Status, SurveyKind,
};
use kontak_types::{ActorKind, AgentId, CommitmentId};
use uuid::Uuid;

/// Events in the making.
#[derive(Debug)]
pub(crate) struct Script {
    base: DateTime<Utc>,
    /// Those made so far.
    pub(crate) events: Vec<Event>,
}

const BULK: u32 = 1_000_000;

impl Script {
    /// None yet.
    pub(crate) fn new(base: DateTime<Utc>) -> Self {
        Self { base, events: Vec::new() }
    }

    /// Adds what a line says. `= <record>` at its end names the record that it corrects, by its place from 1;
    /// `withdraw <record>` takes one back.
    pub(crate) fn line(&mut self, line: &str) -> Result<(), String> {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        let corrected = match words[..] {
            [.., "=", record] => {
                words.truncate(words.len() - 2);
                Some(record.parse::<u32>().map_err(|_| "no record")?)
            }
            _ => None,
        };
        let second: f64 = words.first().and_then(|word| word.parse().ok()).ok_or("no second")?;
        let mut rest = &words[1..];
        let mut conversation = 1;
        if let Some(number) = rest.first().and_then(|word| word.strip_prefix('c')?.parse().ok()) {
            conversation = number;
            rest = &rest[1..];
        }
        let (kind, corrected) = match rest {
            ["withdraw", record] => (EventKind::Withdrawn, Some(number(record)?)),
            rest => (kind(rest)?, corrected),
        };
        let record = corrected.unwrap_or(self.events.len() as u32 + 1);
        let revision =
            self.events.iter().filter(|event| event.id == event_id(record)).count() as u32;
        self.push(conversation, record, second, kind, revision);
        Ok(())
    }

    /// Adds a stay in queue 1, in a conversation of its own.
    pub(crate) fn stay(&mut self, wait: f64, end: QueueEnd) {
        let conversation = BULK + self.events.len() as u32;
        let queue = queue_id(1);
        let next = self.events.len() as u32 + BULK;
        self.push(conversation, next, 0.0, EventKind::Enqueued { queue }, 0);
        let agent = (end == QueueEnd::Answered).then(|| agent_id(1));
        self.push(conversation, next + 1, wait, EventKind::Dequeued { queue, end, agent }, 0);
    }

    /// Adds an answer to every survey, in a conversation of its own.
    pub(crate) fn score(&mut self, score: u8) {
        let conversation = BULK + self.events.len() as u32;
        for survey in [SurveyKind::Csat, SurveyKind::Nps, SurveyKind::Ces, SurveyKind::FirstContact]
        {
            let next = self.events.len() as u32 + BULK;
            let answered = EventKind::SurveyAnswered { survey, score, agent: None };
            self.push(conversation, next, 0.0, answered, 0);
        }
    }

    fn push(
        &mut self,
        conversation: u32,
        record: u32,
        second: f64,
        kind: EventKind,
        revision: u32,
    ) {
        let at = self.base + TimeDelta::microseconds((second * 1e6).round() as i64);
        let event = Event::new(conversation_id(conversation), event_id(record), at, kind);
        self.events.push(event.revised(revision));
    }
}

/// What a line says of an agent.
pub(crate) fn time(base: DateTime<Utc>, record: u32, line: &str) -> Result<AgentEvent, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [second, agent, what @ ..] = &words[..] else {
        return Err("no second, or no agent".into());
    };
    let agent = who(agent.strip_prefix('a').ok_or("no agent")?)?;
    let state = |word: &str| {
        let text = serde_json::Value::String(word.replace('-', "_"));
        serde_json::from_value::<AgentState>(text).map_err(|_| format!("no state {word}"))
    };
    let kind = match what {
        ["load", used, capacity] => {
            let units = |word: &str| word.parse().map_err(|_| "no units");
            AgentEventKind::Load { used: units(used)?, capacity: units(capacity)? }
        }
        ["plan", planned] => AgentEventKind::Plan(state(planned)?),
        [word] => AgentEventKind::State(state(word)?),
        other => return Err(format!("what is {other:?}?")),
    };
    let second: i64 = second.parse().map_err(|_| "no second")?;
    Ok(AgentEvent::new(agent, event_id(record), base + TimeDelta::seconds(second), kind))
}

fn event_id(record: u32) -> EventId {
    EventId::new(Uuid::from_u128(u128::from(record)))
}

fn kind(words: &[&str]) -> Result<EventKind, String> {
    Ok(match words {
        ["started", channel, rest @ ..] => {
            let value = |key: &str| rest.iter().find_map(|word| word.strip_prefix(key)).map(number);
            EventKind::Started {
                channel: (*channel).into(),
                direction: if rest.contains(&"outbound") {
                    Direction::Outbound
                } else {
                    Direction::Inbound
                },
                by: if rest.contains(&"by-agent") { ActorKind::Agent } else { ActorKind::Customer },
                touchpoint: value("touchpoint:").transpose()?.map(touchpoint_id),
                language: None,
                segment: None,
            }
        }
        ["channel", channel] => EventKind::ChannelChanged { channel: (*channel).into() },
        ["customer"] => message(ActorKind::Customer, None, Audience::Public, Origin::Composed),
        ["bot"] => message(ActorKind::Bot, None, Audience::Public, Origin::Composed),
        ["auto"] => message(ActorKind::System, None, Audience::Public, Origin::Automatic),
        ["auto-agent", agent] => {
            message(ActorKind::Agent, Some(who(agent)?), Audience::Public, Origin::Automatic)
        }
        ["agent", agent] => {
            message(ActorKind::Agent, Some(who(agent)?), Audience::Public, Origin::Composed)
        }
        ["note", agent] => {
            message(ActorKind::Agent, Some(who(agent)?), Audience::Internal, Origin::Composed)
        }
        ["queued", queue] => EventKind::Enqueued { queue: queue_id(number(queue)?) },
        ["left", queue, end, agent @ ..] => EventKind::Dequeued {
            queue: queue_id(number(queue)?),
            end: match *end {
                "answered" => QueueEnd::Answered,
                "abandoned" => QueueEnd::Abandoned,
                "called-back" => QueueEnd::CalledBack,
                "flowed-out" => QueueEnd::FlowedOut,
                "transferred" => QueueEnd::Transferred,
                other => return Err(format!("no end {other}")),
            },
            agent: agent.first().map(|agent| who(agent)).transpose()?,
        },
        ["offered", agent] => EventKind::Offered { agent: who(agent)? },
        ["accepted", agent] => EventKind::Accepted { agent: who(agent)? },
        ["declined", agent] => EventKind::Declined { agent: who(agent)? },
        ["rang-out", agent] => EventKind::RangOut { agent: who(agent)? },
        ["assigned", agent] => EventKind::Assigned { agent: who(agent)? },
        ["unassigned"] => EventKind::Unassigned,
        ["connected", agent] => EventKind::Connected { agent: who(agent)? },
        ["held", agent] => EventKind::Held { agent: who(agent)? },
        ["resumed", agent] => EventKind::Resumed { agent: who(agent)? },
        ["disconnected", agent] => EventKind::Disconnected { agent: who(agent)? },
        ["wrapped-up", agent] => EventKind::WrappedUp { agent: who(agent)? },
        ["handed-off"] => EventKind::HandedOff,
        ["transferred", from, to, context] => EventKind::Transferred {
            from: Some(who(from)?),
            to: Some(who(to)?),
            context: if *context == "lost" { Context::Lost } else { Context::Carried },
        },
        ["retold"] => EventKind::Retold,
        ["open"] => EventKind::StatusSet { status: Status::Open },
        ["pending"] => EventKind::StatusSet { status: Status::WaitingCustomer },
        ["on-hold"] => EventKind::StatusSet { status: Status::OnHold },
        ["resolved", "bot"] => EventKind::Resolved { by: ActorKind::Bot, agent: None },
        ["resolved", agent] => {
            EventKind::Resolved { by: ActorKind::Agent, agent: Some(who(agent)?) }
        }
        ["reopened"] => EventKind::Reopened { by: ActorKind::Customer },
        ["labelled", label] => {
            EventKind::Labelled { label: label.parse().map_err(|_| "no label")? }
        }
        ["issue", issue] => {
            EventKind::AboutIssue { issue: IssueId::new(Uuid::from_u128(number(issue)?.into())) }
        }
        ["schedule", calendar] => {
            EventKind::ScheduleSet { calendar: calendar.parse().map_err(|_| "no calendar")? }
        }
        ["survey", survey] => EventKind::SurveySent { survey: survey_kind(survey)? },
        ["scored", survey, score, agent @ ..] => EventKind::SurveyAnswered {
            survey: survey_kind(survey)?,
            score: score.parse().map_err(|_| "no score")?,
            agent: agent.first().map(|agent| who(agent)).transpose()?,
        },
        ["promise", commitment, outcome] => EventKind::Promise {
            commitment: CommitmentId::new(Uuid::from_u128(number(commitment)?.into())),
            outcome: match *outcome {
                "made" => PromiseOutcome::Made,
                "kept" => PromiseOutcome::Kept,
                "broken" => PromiseOutcome::Broken,
                other => return Err(format!("no outcome {other}")),
            },
        },
        ["converted", amount] => EventKind::Converted { amount: number(amount)?.into() },
        ["cost", amount] => EventKind::Cost { amount: number(amount)?.into() },
        other => return Err(format!("what is {other:?}?")),
    })
}

fn message(by: ActorKind, agent: Option<AgentId>, audience: Audience, origin: Origin) -> EventKind {
    EventKind::Message { by, agent, audience, origin }
}

fn survey_kind(word: &str) -> Result<SurveyKind, String> {
    Ok(match word {
        "csat" => SurveyKind::Csat,
        "nps" => SurveyKind::Nps,
        "ces" => SurveyKind::Ces,
        "first-contact" => SurveyKind::FirstContact,
        other => return Err(format!("no survey {other}")),
    })
}

fn who(word: &str) -> Result<AgentId, String> {
    number(word).map(agent_id)
}

fn number(word: impl AsRef<str>) -> Result<u32, String> {
    word.as_ref().parse().map_err(|_| format!("`{}` is no number", word.as_ref()))
}
