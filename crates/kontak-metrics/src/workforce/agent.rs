use super::AgentEvent;
use super::steps::{QUARTER, Quarters, Steps};
use crate::Seconds;
use crate::history::Digest;

/// All that is kept of an agent.
#[derive(Clone, Debug, Default)]
pub(super) struct Agent {
    /// Those that are not sealed. What has arrived since the last settlement stands at the end.
    pub(super) events: Vec<AgentEvent>,
    pub(super) sealed: Option<Sealed>,
    pub(super) quarters: Quarters,
    /// Late events of what is sealed.
    pub(super) withheld: Vec<AgentEvent>,
    pub(super) dirty: bool,
    /// How far the time is added up, how many events went into it, and what holds then.
    pub(super) reached: Reached,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reached {
    at: i64,
    events: usize,
    steps: Steps,
}

/// What was let go: all before an instant that begins a quarter of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) until: i64,
    pub(super) steps: Steps,
    pub(super) digest: Digest,
}

impl Agent {
    /// Whether an event cannot be taken without the history: it is of sealed time, or corrects what may be.
    pub(super) fn needs_history_for(&self, event: &AgentEvent) -> bool {
        let Some(sealed) = &self.sealed else { return false };
        event.at.timestamp_micros() < sealed.until
            || event.revision > 0 && self.events.iter().all(|held| held.id != event.id)
    }

    /// Adds up to `now`. Returns how many events said nothing new.
    pub(super) fn settle(&mut self, now: i64, longest: Seconds) -> u64 {
        let mut duplicates = 0;
        if std::mem::take(&mut self.dirty) {
            duplicates = canonical(&mut self.events);
            self.reached = match self.sealed {
                Some(sealed) => {
                    self.quarters.split_off(&(sealed.until.div_euclid(QUARTER) as i32));
                    Reached { at: sealed.until, events: 0, steps: sealed.steps }
                }
                None => {
                    self.quarters.clear();
                    let first = self.events.first().map_or(now, |it| it.at.timestamp_micros());
                    Reached { at: first, events: 0, steps: Steps::default() }
                }
            };
        }
        let Reached { at, events, steps } = &mut self.reached;
        while let Some(event) = self.events.get(*events) {
            let next = event.at.timestamp_micros();
            if next > now {
                break;
            }
            steps.add_to(&mut self.quarters, *at, next);
            steps.take(event, longest);
            (*at, *events) = (next, *events + 1);
        }
        if *at < now {
            steps.add_to(&mut self.quarters, *at, now);
            *at = now;
        }
        duplicates
    }

    /// Lets go of what is before `limit`; the agent is settled. Whether there was something.
    pub(super) fn seal(&mut self, limit: i64, longest: Seconds) -> bool {
        let events = self.events.partition_point(|event| event.at.timestamp_micros() < limit);
        let before = self.sealed.unwrap_or_else(|| Sealed {
            until: i64::MIN,
            steps: Steps::default(),
            digest: Digest::default(),
        });
        if events == 0 || limit <= before.until {
            return false;
        }
        let mut steps = before.steps;
        let gone = self.events.drain(..events);
        let digest = gone.fold(before.digest, |digest, event| {
            steps.take(&event, longest);
            digest.with(event.id, event.revision)
        });
        self.sealed = Some(Sealed { until: limit, steps, digest });
        self.reached.events -= events.min(self.reached.events);
        self.events.shrink_to_fit();
        true
    }

    /// What holds at the instant that is reached.
    pub(super) fn steps(&self) -> &Steps {
        &self.reached.steps
    }
}

/// Each record once, its highest revision, in the order of time. Of two texts of one revision the greater speaks, so
/// that it is the same one everywhere.
pub(super) fn canonical(events: &mut Vec<AgentEvent>) -> u64 {
    let before = events.len();
    events.sort_unstable_by(|a, b| {
        a.id.cmp(&b.id).then(b.revision.cmp(&a.revision)).then_with(|| b.cmp(a))
    });
    events.dedup_by(|later, first| later.id == first.id);
    events.sort_unstable_by_key(|event| (event.at, event.order, event.id));
    (before - events.len()) as u64
}

pub(super) fn digest(events: &[AgentEvent]) -> Digest {
    events.iter().fold(Digest::default(), |digest, event| digest.with(event.id, event.revision))
}
