//! What is so of an agent at an instant, and the quarters of an hour that it adds up to.

use super::{AgentEvent, AgentEventKind, AgentState};
use crate::Seconds;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) const QUARTER: i64 = 900_000_000;

/// What holds now, and until when where nothing else is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Steps {
    state: Step<AgentState>,
    plan: Step<AgentState>,
    /// Used, and offered.
    load: Step<(u16, u16)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step<T> {
    now: T,
    until: DateTime<Utc>,
}

impl<T: Default> Default for Step<T> {
    fn default() -> Self {
        Self { now: T::default(), until: DateTime::UNIX_EPOCH }
    }
}

impl<T: Copy + Default> Step<T> {
    fn of(now: T, event: &AgentEvent, longest: Seconds) -> Self {
        let longest = TimeDelta::seconds(longest.0.into());
        Self { now, until: event.at.checked_add_signed(longest).unwrap_or(event.at) }
    }

    /// After its time it is as if nothing had been said.
    fn at(&self, instant: i64) -> T {
        if instant < self.until.timestamp_micros() { self.now } else { T::default() }
    }

    /// When that changes by itself; never, if it has.
    fn ends(&self, after: i64) -> i64 {
        let until = self.until.timestamp_micros();
        if until > after { until } else { i64::MAX }
    }
}

impl Steps {
    pub(super) fn take(&mut self, event: &AgentEvent, longest: Seconds) {
        match event.kind {
            AgentEventKind::State(state) => self.state = Step::of(state, event, longest),
            AgentEventKind::Plan(plan) => self.plan = Step::of(plan, event, longest),
            AgentEventKind::Load { used, capacity } => {
                self.load = Step::of((used, capacity), event, longest);
            }
            AgentEventKind::Withdrawn => {}
        }
    }

    pub(super) fn state(&self, at: i64) -> AgentState {
        self.state.at(at)
    }

    pub(super) fn load(&self, at: i64) -> (u16, u16) {
        self.load.at(at)
    }

    /// Adds the time from one instant to another, in which nothing is said.
    pub(super) fn add_to(&self, quarters: &mut Quarters, from: i64, until: i64) {
        let mut at = from;
        while at < until {
            let end =
                until.min(self.state.ends(at)).min(self.plan.ends(at)).min(self.load.ends(at));
            let (state, planned) = (self.state.at(at), self.plan.at(at));
            if (state, planned) == Default::default() {
                at = end;
                continue;
            }
            let quarter = at.div_euclid(QUARTER);
            let end = end.min((quarter + 1) * QUARTER);
            let (used, capacity) = self.load.at(at);
            let time = (end - at) as u64;
            let pieces = quarters.entry(quarter as i32).or_default();
            let place = pieces.iter().position(|it| (it.state, it.planned) == (state, planned));
            let place = place.unwrap_or_else(|| {
                let place = pieces.partition_point(|it| (it.state, it.planned) < (state, planned));
                pieces.insert(place, Piece { state, planned, time: 0, used: 0, offered: 0 });
                place
            });
            pieces[place].time += time;
            pieces[place].used += time * u64::from(used);
            pieces[place].offered += time * u64::from(capacity);
            at = end;
        }
    }
}

/// By quarter of an hour since 1970: the time, by state and plan.
pub(super) type Quarters = BTreeMap<i32, Vec<Piece>>;

/// Time in microseconds, and times units of capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Piece {
    pub(super) state: AgentState,
    pub(super) planned: AgentState,
    pub(super) time: u64,
    pub(super) used: u64,
    pub(super) offered: u64,
}
