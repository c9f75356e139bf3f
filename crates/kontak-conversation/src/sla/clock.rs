use super::{Measure, SlaPolicy, Target};
use crate::{Commitment, CommitmentState, Conversation};
use chrono::{DateTime, TimeDelta, Utc};
use kontak_calendar::Calendar;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One clock of one target, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Clock {
    /// The target.
    pub target: String,
    /// What it measures.
    pub measure: Measure,
    /// In which episode of the conversation.
    pub episode: u32,
    /// When it started.
    pub started: DateTime<Utc>,
    /// When it stopped, if it did.
    pub stopped: Option<DateTime<Utc>>,
    /// When its time ran out, or will if nothing pauses it. Nothing where it stands still, or where
    /// the calendar never opens again.
    pub due: Option<DateTime<Utc>>,
    /// When its time ran out before it stopped.
    pub breached: Option<DateTime<Utc>>,
    /// Where it stands.
    pub state: ClockState,
}

/// Where a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClockState {
    /// There is still time.
    Running,
    /// Nothing is expected of us now.
    Paused,
    /// It stopped in time.
    Met,
    /// Its time ran out, whether or not it stopped since.
    Breached,
}

/// When a clock started and stopped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) episode: usize,
    pub(super) start: DateTime<Utc>,
    pub(super) stop: Option<DateTime<Utc>>,
    pub(super) is_first: bool,
    /// For what brings its own time.
    pub(super) due: Option<DateTime<Utc>>,
}

impl Stretch {
    pub(super) fn of_commitment(promise: &Commitment) -> Self {
        let stop = match promise.state {
            CommitmentState::Open => None,
            CommitmentState::Kept { at } | CommitmentState::Withdrawn { at } => Some(at),
            CommitmentState::Broken { kept, .. } => kept,
        };
        Self { episode: 0, start: promise.made_at, stop, is_first: true, due: Some(promise.due) }
    }
}

impl SlaPolicy {
    pub(super) fn clock(
        &self,
        target: &Target,
        conversation: &Conversation,
        stretch: Stretch,
        now: DateTime<Utc>,
    ) -> Clock {
        let calendar = target.calendar.as_ref().and_then(|name| self.calendars.get(name));
        let end = stretch.stop.unwrap_or(now).max(stretch.start);
        let (ran_out, runs_out) = match stretch.due {
            Some(due) => {
                ((due < end || (due == end && stretch.stop.is_none())).then_some(due), Some(due))
            }
            None => run(target, calendar, conversation, (stretch.start, end, stretch.stop)),
        };
        let state = match (ran_out, stretch.stop, runs_out) {
            (Some(_), ..) => ClockState::Breached,
            (None, Some(_), _) => ClockState::Met,
            (None, None, Some(_)) => ClockState::Running,
            (None, None, None) => ClockState::Paused,
        };
        Clock {
            target: target.id.clone(),
            measure: target.measure,
            episode: u32::try_from(stretch.episode).unwrap_or(u32::MAX),
            started: stretch.start,
            stopped: stretch.stop,
            due: ran_out.or(runs_out),
            breached: ran_out,
            state,
        }
    }
}

/// When the time ran out before the end, and else when it will if it goes on running.
fn run(
    target: &Target,
    calendar: Option<&Calendar>,
    conversation: &Conversation,
    (start, end, stop): (DateTime<Utc>, DateTime<Utc>, Option<DateTime<Utc>>),
) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let mut left = target.within.0;
    for (from, to) in conversation.unpaused(start, DateTime::<Utc>::MAX_UTC, &target.pauses) {
        if from > end {
            break;
        }
        let stretch_end = to.min(end);
        let out = after(calendar, from, left);
        // At the very instant at which it stops it is still in time.
        if out.is_some_and(|out| out < stretch_end || (out == stretch_end && stop.is_none())) {
            return (out, out);
        }
        if to > end {
            return (None, out);
        }
        left = left.saturating_sub(between(calendar, from, stretch_end));
    }
    (None, None)
}

fn after(
    calendar: Option<&Calendar>,
    from: DateTime<Utc>,
    time: Duration,
) -> Option<DateTime<Utc>> {
    match calendar {
        Some(calendar) => calendar.add_open_time(from, time),
        None => from.checked_add_signed(TimeDelta::from_std(time).ok()?),
    }
}

fn between(calendar: Option<&Calendar>, from: DateTime<Utc>, to: DateTime<Utc>) -> Duration {
    match calendar {
        Some(calendar) => calendar.open_time_between(from, to),
        None => (to - from).to_std().unwrap_or_default(),
    }
}
