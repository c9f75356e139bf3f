//! How long a clock ran: open hours, less pauses.

use super::timeline::Timeline;
use crate::Status;
use crate::definition::{Compiled, CompiledHours, ScheduleRule};
use chrono::DateTime;
use std::collections::BTreeSet;

/// A clock of one definition over one conversation.
#[derive(Clone, Copy)]
pub(super) struct Clock<'a> {
    pub(super) compiled: &'a Compiled,
    pub(super) timeline: &'a Timeline,
    pub(super) hours: CompiledHours,
    pub(super) pauses: &'a BTreeSet<Status>,
    /// Whether it stands still between a resolution and the reopening.
    pub(super) stops_while_resolved: bool,
}

impl Clock<'_> {
    /// Microseconds that it ran between two instants.
    pub(super) fn ran(&self, from: i64, until: i64) -> u64 {
        if until <= from {
            return 0;
        }
        if self.pauses.is_empty() && !self.stops_while_resolved {
            return self.open(from, until);
        }
        let mut ran = self.open(from, until);
        let mut standing = self.standing();
        standing.sort_unstable();
        let mut done = from;
        for (start, end) in standing {
            let (start, end) = (start.max(done), end.min(until));
            if start < end {
                ran = ran.saturating_sub(self.open(start, end));
                done = end;
            }
        }
        ran
    }

    /// The stretches in which it stands still; they may overlap.
    fn standing(&self) -> Vec<(i64, i64)> {
        let statuses = &self.timeline.statuses;
        let ends = statuses.iter().skip(1).map(|(at, _)| *at).chain([i64::MAX]);
        let paused =
            statuses.iter().zip(ends).filter(|((_, status), _)| self.pauses.contains(status));
        let mut standing: Vec<(i64, i64)> = paused.map(|((at, _), end)| (*at, end)).collect();
        if self.stops_while_resolved {
            let episodes = self.timeline.episodes.windows(2);
            let closed = episodes.filter_map(|pair| Some((pair[0].resolved?.at, pair[1].from)));
            standing.extend(closed);
        }
        standing
    }

    fn open(&self, from: i64, until: i64) -> u64 {
        match self.hours {
            CompiledHours::Always => (until - from) as u64,
            CompiledHours::Calendar(tag) => self.by_calendar(tag, from, until),
            CompiledHours::Scheduled(ScheduleRule::WholeSpan) => {
                self.by_calendar(self.schedule_at(until), from, until)
            }
            CompiledHours::Scheduled(ScheduleRule::EachPart) => {
                let changes = self.timeline.schedules.iter().map(|(at, _)| *at);
                let inside = changes.filter(|at| (from + 1..until).contains(at));
                let mut ran = 0;
                let mut start = from;
                for end in inside.chain([until]) {
                    ran += self.by_calendar(self.schedule_at(end), start, end);
                    start = end;
                }
                ran
            }
        }
    }

    /// The schedule in force just before `at`; 0 where none was set yet.
    fn schedule_at(&self, at: i64) -> u16 {
        let schedules = &self.timeline.schedules;
        let before = schedules.partition_point(|(set, _)| *set < at);
        before.checked_sub(1).map_or(0, |place| schedules[place].1)
    }

    fn by_calendar(&self, tag: u16, from: i64, until: i64) -> u64 {
        let instant = |micros| DateTime::from_timestamp_micros(micros).unwrap_or_default();
        match self.compiled.calendar(tag) {
            Some(calendar) => {
                calendar.open_time_between(instant(from), instant(until)).as_micros() as u64
            }
            None => (until - from) as u64,
        }
    }
}
