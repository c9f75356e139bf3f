use super::clock::Clock;
use super::{Draft, Subject};
use crate::Status;
use crate::definition::{ClosedTime, OneTouchRule, ResolutionClock, WhichResolution};
use crate::fact::Reason;
use crate::fold::timeline::Resolved;
use std::collections::BTreeSet;

impl Subject<'_> {
    pub(super) fn resolution(&mut self, clock: &ResolutionClock) {
        let episodes = &self.timeline.episodes;
        let counted = |place: usize| {
            let resolved = episodes[place].resolved?;
            clock.resolved_by.contains(&resolved.by).then_some(place)
        };
        let last = episodes.len() - 1;
        match clock.which {
            WhichResolution::First => match (0..=last).find_map(counted) {
                Some(place) => self.resolved_in(clock, place),
                None => self.not_resolved(last),
            },
            WhichResolution::Last => match counted(last) {
                Some(place) => self.resolved_in(clock, place),
                None => self.not_resolved(last),
            },
            WhichResolution::Each => {
                for place in 0..=last {
                    if counted(place).is_some() {
                        self.resolved_in(clock, place);
                    } else {
                        self.not_resolved(place);
                    }
                }
            }
        }
    }

    fn resolved_in(&mut self, clock: &ResolutionClock, place: usize) {
        let Some(resolved) = self.timeline.episodes[place].resolved else { return };
        let draft = match self.start(clock.start, place) {
            Ok(start) => {
                let paused = clock.closed_time == ClosedTime::Paused;
                let timer = Clock { stops_while_resolved: paused, ..self.clock(&clock.pauses) };
                let ran = timer.ran(start, resolved.at);
                Draft::value(ran, Reason::Measured).over(start, resolved.at)
            }
            Err(missing) => missing.over(resolved.at, resolved.at),
        };
        self.say(draft.on(resolved.channel).by(resolved.agent, resolved.owner));
    }

    fn not_resolved(&mut self, place: usize) {
        let episode = &self.timeline.episodes[place];
        let draft = match episode.resolved {
            Some(_) => Draft::excluded(Reason::ResolvedByOther),
            None => Draft::open(Reason::NotResolved),
        };
        let draft = draft.over(episode.from, episode.from).on(self.timeline.first_channel());
        self.say(draft.by(0, self.timeline.last_owner()));
    }

    pub(super) fn status_time(&mut self, statuses: &BTreeSet<Status>) {
        let timeline = self.timeline;
        let Some(resolved) = timeline.resolved_now() else {
            return self.not_resolved(timeline.episodes.len() - 1);
        };
        // It is open until something else is said, and not while it is taken for resolved.
        let mut changes = vec![(timeline.created, Status::Open)];
        changes.extend(timeline.statuses.iter().map(|(at, status)| (*at, *status)));
        let ends = changes.iter().skip(1).map(|(at, _)| *at).chain([resolved.at]);
        let nothing = BTreeSet::new();
        let timer = Clock { stops_while_resolved: true, ..self.clock(&nothing) };
        let counted = changes.iter().zip(ends).filter(|((_, status), _)| statuses.contains(status));
        let ran = counted.map(|((from, _), until)| timer.ran(*from, until.min(resolved.at))).sum();
        let draft = Draft::value(ran, Reason::Measured).over(timeline.created, resolved.at);
        self.say(draft.on(resolved.channel).by(resolved.agent, resolved.owner));
    }

    pub(super) fn reopened(&mut self) {
        let Some(first) = self.timeline.episodes[0].resolved else { return };
        let draft = Draft::happened(self.timeline.episodes.len() > 1);
        self.say_of_resolution(draft, first);
    }

    pub(super) fn resolutions(&mut self) {
        let timeline = self.timeline;
        for resolved in timeline.episodes.iter().filter_map(|episode| episode.resolved) {
            self.say_of_resolution(Draft::value(1, Reason::Happened), resolved);
        }
    }

    pub(super) fn one_touch(&mut self, rule: &OneTouchRule) {
        let timeline = self.timeline;
        let Some(resolved) = timeline.resolved_now() else {
            return self.not_resolved(timeline.episodes.len() - 1);
        };
        let answers = timeline.messages.iter().filter(|message| message.is_from_agent());
        let mut agents: Vec<u32> = answers.clone().map(|message| message.agent).collect();
        agents.sort_unstable();
        agents.dedup();
        let answers = answers.count() as u32;
        let one_touch = (rule.least_answers..=rule.most_answers).contains(&answers)
            && timeline.episodes.len() as u32 - 1 <= rule.most_reopenings
            && agents.len() as u32 <= rule.most_agents
            && !timeline.statuses.iter().any(|(_, status)| rule.never.contains(status));
        let reason = if one_touch { Reason::OneTouch } else { Reason::SeveralTouches };
        self.say_of_resolution(Draft::value(u64::from(one_touch), reason), resolved);
    }

    fn say_of_resolution(&mut self, draft: Draft, resolved: Resolved) {
        let draft = draft.over(self.timeline.created, resolved.at).on(resolved.channel);
        self.say(draft.by(resolved.agent, resolved.owner));
    }
}
