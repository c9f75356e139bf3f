//! The events of a conversation, read once: stays in queues, episodes, messages, owners.

use crate::definition::OfferEnd;
use crate::history::{Stored, Word};
use crate::{Audience, Context, Direction, Origin, PromiseOutcome, QueueEnd, Status, SurveyKind};
use kontak_types::ActorKind;

/// What the definitions look at. One is used for conversation after conversation, so that nothing is allocated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timeline {
    pub(crate) created: i64,
    pub(crate) direction: Option<Direction>,
    pub(crate) opened_by: Option<ActorKind>,
    pub(crate) touchpoint: u32,
    pub(crate) language: u16,
    pub(crate) segment: u16,
    pub(crate) issue: u32,
    pub(crate) retold: Option<i64>,
    pub(crate) converted: Option<i64>,
    pub(crate) bot_spoke: bool,
    pub(crate) channels: Vec<(i64, u16)>,
    pub(crate) visits: Vec<Visit>,
    pub(crate) episodes: Vec<Episode>,
    pub(crate) messages: Vec<Message>,
    pub(crate) statuses: Vec<(i64, Status)>,
    pub(crate) schedules: Vec<(i64, u16)>,
    pub(crate) owners: Vec<(i64, u32)>,
    pub(crate) offers: Vec<Offer>,
    pub(crate) handlings: Vec<Handling>,
    pub(crate) surveys: Vec<Survey>,
    pub(crate) transfers: Vec<(i64, u32)>,
    pub(crate) promises: Vec<(i64, u32, PromiseOutcome)>,
    pub(crate) costs: Vec<(i64, u64)>,
    pub(crate) labels: Vec<u16>,
}

/// A stay in a queue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visit {
    pub(crate) queue: u32,
    pub(crate) channel: u16,
    pub(crate) owner: u32,
    pub(crate) from: i64,
    pub(crate) left: Option<Left>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Left {
    pub(crate) at: i64,
    pub(crate) end: QueueEnd,
    pub(crate) agent: u32,
}

/// From the beginning, or a reopening, to a resolution.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Episode {
    pub(crate) from: i64,
    pub(crate) handed_off: Option<i64>,
    pub(crate) assigned: Option<i64>,
    pub(crate) resolved: Option<Resolved>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolved {
    pub(crate) at: i64,
    pub(crate) by: ActorKind,
    pub(crate) agent: u32,
    pub(crate) owner: u32,
    pub(crate) channel: u16,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Message {
    pub(crate) at: i64,
    pub(crate) by: ActorKind,
    pub(crate) audience: Audience,
    pub(crate) origin: Origin,
    pub(crate) agent: u32,
    pub(crate) owner: u32,
    pub(crate) channel: u16,
    pub(crate) episode: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    pub(crate) agent: u32,
    pub(crate) channel: u16,
    pub(crate) from: i64,
    pub(crate) ended: Option<(i64, OfferEnd)>,
}

/// An agent at work on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handling {
    pub(crate) agent: u32,
    pub(crate) owner: u32,
    pub(crate) channel: u16,
    pub(crate) from: i64,
    pub(crate) held: u64,
    pub(crate) held_since: Option<i64>,
    pub(crate) until: Option<i64>,
    pub(crate) wrapped: Option<i64>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Survey {
    pub(crate) kind: SurveyKind,
    pub(crate) sent: Option<i64>,
    pub(crate) answer: Option<Answer>,
    pub(crate) channel: u16,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    pub(crate) at: i64,
    pub(crate) score: u8,
    /// Whom the customer rated; else who answered last before the survey.
    pub(crate) agent: u32,
    pub(crate) owner: u32,
}

impl Timeline {
    /// Reads `events`, which are in the order of time.
    pub(crate) fn read(&mut self, events: &[Stored]) {
        self.clear();
        let live = || events.iter().filter(|event| event.word != Word::Withdrawn);
        let Some(first) = live().next() else { return };
        // A beginning that is missing, or comes after what it began, must not make clocks run backwards.
        let started = live().find(|event| matches!(event.word, Word::Started { .. }));
        self.created = started.map_or(first.at, |event| event.at);
        if let Some(Stored { word: Word::Started { channel, .. }, .. }) = started {
            self.channels.push((self.created, *channel));
        }
        self.episodes.push(Episode {
            from: self.created,
            handed_off: None,
            assigned: None,
            resolved: None,
        });
        for event in live() {
            self.take(event.at, event.word, started.is_some_and(|started| started.id == event.id));
        }
        self.labels.sort_unstable();
        self.labels.dedup();
    }

    fn take(&mut self, at: i64, word: Word, is_start: bool) {
        let (owner, channel) = (self.owner(), self.channel());
        match word {
            Word::Started { touchpoint, language, segment, direction, by, .. } if is_start => {
                (self.touchpoint, self.language, self.segment) = (touchpoint, language, segment);
                (self.direction, self.opened_by) = (Some(direction), Some(by));
            }
            Word::Started { .. } | Word::Withdrawn => {}
            Word::ChannelChanged { channel } => self.channels.push((at, channel)),
            Word::Message { by, audience, origin, agent } => {
                let episode = self.episodes.len() as u32 - 1;
                self.bot_spoke |= by == ActorKind::Bot && audience == Audience::Public;
                self.messages.push(Message {
                    at,
                    by,
                    audience,
                    origin,
                    agent,
                    owner,
                    channel,
                    episode,
                });
            }
            Word::Enqueued { queue } => {
                self.visits.push(Visit { queue, channel, owner, from: at, left: None });
            }
            Word::Dequeued { queue, end, agent } => {
                let waits = |visit: &&mut Visit| visit.queue == queue && visit.left.is_none();
                if let Some(visit) = self.visits.iter_mut().find(waits) {
                    visit.left = Some(Left { at, end, agent });
                }
            }
            Word::Offered { agent } => {
                self.end_offers(at, None, OfferEnd::Gone);
                self.offers.push(Offer { agent, channel, from: at, ended: None });
            }
            Word::Accepted { agent } => self.end_offers(at, Some(agent), OfferEnd::Accepted),
            Word::Declined { agent } => self.end_offers(at, Some(agent), OfferEnd::Declined),
            Word::RangOut { agent } => self.end_offers(at, Some(agent), OfferEnd::RangOut),
            Word::Assigned { agent } => {
                self.owners.push((at, agent));
                if let Some(episode) = self.episodes.last_mut() {
                    episode.assigned.get_or_insert(at);
                }
            }
            Word::Unassigned => self.owners.push((at, 0)),
            Word::Connected { agent } => {
                self.end_offers(at, Some(agent), OfferEnd::Accepted);
                self.handlings.push(Handling {
                    agent,
                    owner,
                    channel,
                    from: at,
                    held: 0,
                    held_since: None,
                    until: None,
                    wrapped: None,
                });
            }
            Word::Held { agent } => {
                if let Some(handling) = self.talking(agent) {
                    handling.held_since.get_or_insert(at);
                }
            }
            Word::Resumed { agent } => {
                if let Some(handling) = self.talking(agent) {
                    handling.end_hold(at);
                }
            }
            Word::Disconnected { agent } => {
                if let Some(handling) = self.talking(agent) {
                    handling.end_hold(at);
                    handling.until = Some(at);
                }
            }
            Word::WrappedUp { agent } => {
                let of = |it: &&mut Handling| {
                    it.agent == agent && it.until.is_some() && it.wrapped.is_none()
                };
                if let Some(handling) = self.handlings.iter_mut().find(of) {
                    handling.wrapped = Some(at);
                }
            }
            Word::HandedOff => {
                if let Some(episode) = self.episodes.last_mut() {
                    episode.handed_off.get_or_insert(at);
                }
            }
            Word::Transferred { from, context, .. } => {
                self.transfers.push((at, if from == 0 { owner } else { from }));
                if context == Context::Lost {
                    self.retold.get_or_insert(at);
                }
            }
            Word::Retold => {
                self.retold.get_or_insert(at);
            }
            Word::StatusSet { status } => self.statuses.push((at, status)),
            Word::Resolved { by, agent } => {
                if let Some(episode) = self.episodes.last_mut() {
                    episode.resolved.get_or_insert(Resolved { at, by, agent, owner, channel });
                }
            }
            Word::Reopened { .. } => {
                if self.episodes.last().is_some_and(|episode| episode.resolved.is_some()) {
                    self.episodes.push(Episode {
                        from: at,
                        handed_off: None,
                        assigned: None,
                        resolved: None,
                    });
                    self.statuses.push((at, Status::Open));
                }
            }
            Word::Labelled { label } => self.labels.push(label),
            Word::AboutIssue { issue } => self.issue = issue,
            Word::ScheduleSet { calendar } => self.schedules.push((at, calendar)),
            Word::SurveySent { survey } => {
                self.surveys.push(Survey { kind: survey, sent: Some(at), answer: None, channel });
            }
            Word::SurveyAnswered { survey, score, agent } => self.answer(at, survey, score, agent),
            Word::Promise { commitment, outcome } => self.promises.push((at, commitment, outcome)),
            Word::Converted { .. } => {
                self.converted.get_or_insert(at);
            }
            Word::Cost { amount } => self.costs.push((at, amount)),
        }
    }

    fn answer(&mut self, at: i64, kind: SurveyKind, score: u8, agent: u32) {
        let (owner, channel) = (self.owner(), self.channel());
        let place = self.surveys.iter().rposition(|survey| survey.kind == kind);
        let place = place.unwrap_or_else(|| {
            self.surveys.push(Survey { kind, sent: None, answer: None, channel });
            self.surveys.len() - 1
        });
        let asked = self.surveys[place].sent.unwrap_or(at);
        let replied = |message: &&Message| message.is_from_agent() && message.at <= asked;
        let replier = self.messages.iter().rev().find(replied);
        // Tickets are unassigned when they are resolved, and a survey goes out after that.
        let owner =
            self.owners.iter().rev().find(|(_, owner)| *owner != 0).map_or(owner, |it| it.1);
        let agent = match (agent, replier) {
            (0, Some(message)) if message.agent != 0 => message.agent,
            (0, _) => self.handlings.last().map_or(owner, |handling| handling.agent),
            (agent, _) => agent,
        };
        self.surveys[place].answer = Some(Answer { at, score, agent, owner });
    }

    fn end_offers(&mut self, at: i64, agent: Option<u32>, end: OfferEnd) {
        let open = self.offers.iter_mut().filter(|offer| offer.ended.is_none());
        for offer in open.filter(|offer| agent.is_none_or(|agent| agent == offer.agent)) {
            offer.ended = Some((at, end));
        }
    }

    fn talking(&mut self, agent: u32) -> Option<&mut Handling> {
        self.handlings.iter_mut().find(|it| it.agent == agent && it.until.is_none())
    }

    fn owner(&self) -> u32 {
        self.owners.last().map_or(0, |(_, owner)| *owner)
    }

    /// The channel that it is on now.
    fn channel(&self) -> u16 {
        self.channels.last().map_or(0, |(_, channel)| *channel)
    }

    /// The channel that it began on.
    pub(crate) fn first_channel(&self) -> u16 {
        self.channels.first().map_or(0, |(_, channel)| *channel)
    }

    pub(crate) fn last_owner(&self) -> u32 {
        self.owners.iter().rev().find(|(_, owner)| *owner != 0).map_or(0, |(_, owner)| *owner)
    }

    /// Everybody who owned it, each once, in order.
    pub(crate) fn every_owner(&self) -> Vec<u32> {
        let mut owners = Vec::new();
        for (_, owner) in self.owners.iter().filter(|(_, owner)| *owner != 0) {
            if !owners.contains(owner) {
                owners.push(*owner);
            }
        }
        owners
    }

    /// The last resolution, if it is resolved now.
    pub(crate) fn resolved_now(&self) -> Option<Resolved> {
        self.episodes.last()?.resolved
    }

    fn clear(&mut self) {
        let Self { channels, visits, episodes, messages, statuses, schedules, owners, .. } = self;
        channels.clear();
        visits.clear();
        episodes.clear();
        messages.clear();
        statuses.clear();
        schedules.clear();
        owners.clear();
        let Self { offers, handlings, surveys, transfers, promises, costs, labels, .. } = self;
        offers.clear();
        handlings.clear();
        surveys.clear();
        transfers.clear();
        promises.clear();
        costs.clear();
        labels.clear();
        self.created = 0;
        (self.direction, self.opened_by) = (None, None);
        (self.touchpoint, self.language, self.segment, self.issue) = (0, 0, 0, 0);
        (self.retold, self.converted, self.bot_spoke) = (None, None, false);
    }
}

impl Message {
    /// A person of the business, to the customer.
    pub(crate) fn is_from_agent(&self) -> bool {
        matches!(self.by, ActorKind::Agent | ActorKind::Supervisor)
            && self.audience == Audience::Public
    }

    pub(crate) fn is_from_customer(&self) -> bool {
        self.by == ActorKind::Customer && self.audience == Audience::Public
    }
}

impl Handling {
    fn end_hold(&mut self, at: i64) {
        if let Some(since) = self.held_since.take() {
            self.held += at.saturating_sub(since).max(0) as u64;
        }
    }
}
