use super::clock::Clock;
use super::timeline::{Episode, Message};
use super::{Draft, Subject};
use crate::definition::{AgentOpened, AutomaticReply, ClockStart, ResponseClock, WhichResponse};
use crate::fact::Reason;
use crate::{Audience, Direction, Origin, QueueEnd, Status};
use kontak_types::ActorKind;
use std::collections::BTreeSet;

impl Subject<'_> {
    pub(super) fn response(&mut self, clock: &ResponseClock) {
        match clock.which {
            WhichResponse::Each => self.every_response(clock),
            WhichResponse::First => self.first_response(clock, None),
            WhichResponse::FirstOfEpisode => {
                for episode in 0..self.timeline.episodes.len() {
                    self.first_response(clock, Some(episode));
                }
            }
        }
    }

    /// Of one episode, or of the conversation.
    fn first_response(&mut self, clock: &ResponseClock, only: Option<usize>) {
        let timeline = self.timeline;
        let place = only.unwrap_or(0);
        let episode = &timeline.episodes[place];
        let is_within =
            |message: &&Message| only.is_none_or(|only| message.episode as usize == only);
        let opened_by_agent = place == 0
            && (timeline.direction == Some(Direction::Outbound)
                || matches!(timeline.opened_by, Some(ActorKind::Agent | ActorKind::Supervisor)));
        let passed_over = match clock.agent_opened {
            AgentOpened::Excluded if opened_by_agent => {
                let draft = Draft::excluded(Reason::OpenedByAgent);
                let draft = draft.over(episode.from, episode.from).on(timeline.first_channel());
                return self.say(draft);
            }
            AgentOpened::SecondMessage if opened_by_agent => 1,
            _ => 0,
        };
        let start = match self.start(clock.start, place) {
            Ok(start) => start,
            Err(missing) => {
                let draft = missing.over(episode.from, episode.from).on(timeline.first_channel());
                return self.say(draft);
            }
        };
        let mut answers = timeline.messages.iter().filter(is_within);
        let is_answer = |message: &&Message| message.at >= start && clock.takes(message);
        let draft = match answers.by_ref().filter(is_answer).nth(passed_over) {
            Some(answer) => {
                let waited = self.clock(&clock.pauses).ran(start, answer.at);
                let draft = Draft::value(waited, Reason::Measured).over(start, answer.at);
                draft.on(answer.channel).by(answer.agent, answer.owner)
            }
            None => {
                // A later episode goes on waiting, unless each is looked at by itself.
                let last = if only.is_some() { Some(episode) } else { timeline.episodes.last() };
                let resolved = last.is_some_and(|episode| episode.resolved.is_some());
                let draft = self.unanswered(start, resolved);
                draft.over(start, start).on(timeline.first_channel()).by(0, timeline.last_owner())
            }
        };
        self.say(draft);
    }

    fn every_response(&mut self, clock: &ResponseClock) {
        let timeline = self.timeline;
        let mut waiting: Option<&Message> = None;
        for message in &timeline.messages {
            // A resolution ends the wait for an answer that never came.
            if let Some(asked) = waiting.filter(|asked| asked.episode < message.episode) {
                let draft = Draft::excluded(Reason::ResolvedWithoutAnswer);
                self.say(draft.over(asked.at, asked.at).on(asked.channel).by(0, asked.owner));
                waiting = None;
            }
            if message.is_from_customer() {
                waiting.get_or_insert(message);
            } else if clock.takes(message)
                && let Some(asked) = waiting.take()
            {
                let waited = self.clock(&clock.pauses).ran(asked.at, message.at);
                let draft = Draft::value(waited, Reason::Measured).over(asked.at, message.at);
                self.say(draft.on(message.channel).by(message.agent, message.owner));
            }
        }
        if let Some(asked) = waiting {
            let episode = timeline.episodes[asked.episode as usize];
            let draft = self.unanswered(asked.at, episode.resolved.is_some());
            self.say(draft.over(asked.at, asked.at).on(asked.channel).by(0, asked.owner));
        }
    }

    /// A wait without an answer: it is over where it was resolved, or the customer left the queue; else it lasts.
    fn unanswered(&self, since: i64, resolved: bool) -> Draft {
        let gave_up = self.timeline.visits.last().and_then(|visit| visit.left);
        let gave_up =
            gave_up.is_some_and(|left| left.end == QueueEnd::Abandoned && left.at >= since);
        match (resolved, gave_up) {
            (true, _) => Draft::excluded(Reason::ResolvedWithoutAnswer),
            (false, true) => Draft::excluded(Reason::GaveUp),
            (false, false) => Draft::open(Reason::NotAnswered),
        }
    }

    /// Where a clock starts in an episode, or why it cannot.
    pub(super) fn start(&self, start: ClockStart, place: usize) -> Result<i64, Draft> {
        let timeline = self.timeline;
        let episode: &Episode = &timeline.episodes[place];
        let mut messages = timeline.messages.iter().filter(|it| it.episode as usize == place);
        match start {
            ClockStart::Created => Ok(timeline.created),
            ClockStart::Episode => Ok(episode.from),
            ClockStart::HandOff => Ok(episode.handed_off.unwrap_or(episode.from)),
            ClockStart::FirstCustomerMessage => messages
                .find(|message| message.is_from_customer())
                .map(|message| message.at)
                .ok_or_else(|| Draft::excluded(Reason::NoCustomerMessage)),
            ClockStart::Assigned => {
                episode.assigned.ok_or_else(|| Draft::open(Reason::StillWaiting))
            }
            ClockStart::FirstAnswer => messages
                .find(|message| message.is_from_agent())
                .map(|message| message.at)
                .ok_or_else(|| Draft::excluded(Reason::NotAnswered)),
        }
    }

    pub(super) fn clock<'b>(&'b self, pauses: &'b BTreeSet<Status>) -> Clock<'b> {
        Clock {
            compiled: self.compiled,
            timeline: self.timeline,
            hours: self.compiled.hours[usize::from(self.measure)],
            pauses,
            stops_while_resolved: false,
        }
    }
}

impl ResponseClock {
    /// Whether a message is an answer.
    fn takes(&self, message: &Message) -> bool {
        message.audience == Audience::Public
            && self.answered_by.contains(&message.by)
            && (message.origin == Origin::Composed || self.automatic == AutomaticReply::IsAnswer)
    }
}
