//! From the set of a conversation's events to its facts: a pure function.

mod clock;
mod contact;
mod conversation;
mod conversion;
mod handling;
mod journey;
mod queue;
mod resolution;
mod response;
mod survey;
mod timeline;

use crate::definition::{Attribution, Compiled, Definition, Measure, Placement};
use crate::fact::{Fact, Outcome, Reason, Share};
use crate::history::Stored;
use timeline::Timeline;

pub(crate) use contact::{Beside, Contact, join};
pub(crate) use conversion::{Credit, credit};
pub(crate) use journey::{Journey, Journeys, Step};

/// Folds one conversation after another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fold {
    timeline: Timeline,
    journey: Journey,
    facts: Vec<Fact>,
}

impl Fold {
    /// The facts of `events`, which are in canonical order; those that depend on other contacts of the customer
    /// are not among them.
    pub(crate) fn fold(&mut self, events: &[Stored], compiled: &Compiled) -> Folded<'_> {
        self.facts.clear();
        self.timeline.read(events);
        if compiled.follows_journeys {
            self.journey.read(events);
        }
        if !self.timeline.episodes.is_empty() {
            for (measure, definition) in compiled.definitions() {
                let direction = definition.population.direction;
                if direction.is_some_and(|wanted| self.timeline.direction != Some(wanted)) {
                    continue;
                }
                let mut subject = Subject {
                    compiled,
                    definition,
                    measure,
                    timeline: &self.timeline,
                    facts: &mut self.facts,
                };
                subject.measure();
            }
        }
        self.facts.sort_unstable();
        Folded {
            facts: &self.facts,
            contact: Contact::of(&self.timeline),
            labels: &self.timeline.labels,
            journey: &self.journey,
        }
    }
}

/// What came of a conversation.
#[derive(Debug)]
pub(crate) struct Folded<'a> {
    pub(crate) facts: &'a [Fact],
    pub(crate) contact: Contact,
    pub(crate) labels: &'a [u16],
    /// Empty where no definition asks for it.
    pub(crate) journey: &'a Journey,
}

/// One conversation as one definition sees it.
struct Subject<'a> {
    compiled: &'a Compiled,
    definition: &'a Definition,
    measure: u16,
    timeline: &'a Timeline,
    facts: &'a mut Vec<Fact>,
}

/// A fact before it is known whose it is and where it belongs.
#[derive(Clone, Copy)]
struct Draft {
    outcome: Outcome,
    reason: Reason,
    value: u64,
    start: i64,
    end: i64,
    channel: u16,
    queue: u32,
    actor: u32,
    owner: u32,
}

impl Draft {
    fn value(value: u64, reason: Reason) -> Self {
        let outcome = Outcome::Value;
        Self { outcome, reason, value, start: 0, end: 0, channel: 0, queue: 0, actor: 0, owner: 0 }
    }

    fn happened(happened: bool) -> Self {
        let reason = if happened { Reason::Happened } else { Reason::DidNotHappen };
        Self::value(u64::from(happened), reason)
    }

    fn open(reason: Reason) -> Self {
        Self { outcome: Outcome::Open, ..Self::value(0, reason) }
    }

    fn excluded(reason: Reason) -> Self {
        Self { outcome: Outcome::Excluded, ..Self::value(0, reason) }
    }

    fn over(self, start: i64, end: i64) -> Self {
        Self { start, end, ..self }
    }

    fn on(self, channel: u16) -> Self {
        Self { channel, ..self }
    }

    fn by(self, actor: u32, owner: u32) -> Self {
        Self { actor, owner, ..self }
    }
}

impl Subject<'_> {
    fn measure(&mut self) {
        match &self.definition.measure {
            Measure::QueueShare { rules } => self.queue_share(rules),
            Measure::QueueTime { ends } => self.queue_time(ends),
            Measure::QueueOutcome => self.queue_outcome(),
            Measure::Offers { ends } => self.offers(ends),
            Measure::Response(clock) => self.response(clock),
            Measure::Resolution(clock) => self.resolution(clock),
            Measure::StatusTime { statuses } => self.status_time(statuses),
            Measure::Reopened => self.reopened(),
            Measure::Resolutions => self.resolutions(),
            Measure::OneTouch(rule) => self.one_touch(rule),
            Measure::Survey { survey } => self.survey(*survey),
            Measure::SurveyReturned { survey } => self.survey_returned(*survey),
            Measure::Handling { parts } => self.handling(parts),
            Measure::Transferred => self.transferred(),
            Measure::PingPong { most_owners } => self.ping_pong(*most_owners),
            Measure::Retold => self.retold(),
            Measure::Contained => self.contained(),
            Measure::Promises { outcome } => self.promises(*outcome),
            Measure::Converted => self.converted(),
            Measure::Cost => self.cost(),
            Measure::Conversations => self.conversations(),
            // They need the other contacts of the customer: see `join`.
            Measure::FirstContact(_)
            | Measure::RepeatContact { .. }
            | Measure::Conversion(_)
            | Measure::ConversionValue(_) => {}
        }
    }

    fn say(&mut self, draft: Draft) {
        if !self.compiled.is_about(self.measure, draft.channel) {
            return;
        }
        let timeline = self.timeline;
        let at = match (self.definition.placement, draft.outcome) {
            (Placement::ConversationStart, _) => timeline.created,
            (Placement::End, Outcome::Value) => draft.end,
            // What has no end yet, or none that counts, is where it began.
            _ => draft.start,
        };
        let fact = Fact {
            measure: self.measure,
            outcome: draft.outcome,
            share: Share::WHOLE,
            reason: draft.reason,
            channel: draft.channel,
            queue: draft.queue,
            agent: draft.actor,
            at,
            value: draft.value,
        };
        match self.definition.attribution {
            Attribution::Actor => self.facts.push(fact),
            Attribution::OwnerThen => self.facts.push(Fact { agent: draft.owner, ..fact }),
            Attribution::LastOwner => {
                self.facts.push(Fact { agent: timeline.last_owner(), ..fact });
            }
            Attribution::EveryOwner => {
                let owners = self.timeline.every_owner();
                self.facts.push(Fact { agent: owners.first().copied().unwrap_or(0), ..fact });
                let share = Share::FURTHER_AGENT;
                let further = owners.into_iter().skip(1);
                self.facts.extend(further.map(|agent| Fact { agent, share, ..fact }));
            }
            Attribution::Split => {
                let mut owners = self.timeline.every_owner();
                owners.truncate(Share::MOST);
                if owners.is_empty() {
                    owners.push(draft.actor);
                }
                let share = Share::one_of(owners.len());
                let facts = owners.into_iter().map(|agent| Fact { agent, share, ..fact });
                self.facts.extend(facts);
            }
        }
    }
}
