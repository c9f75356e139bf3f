use super::{Names, TooMany};
use crate::{
    Audience, Context, Direction, Event, EventId, EventKind, Origin, PromiseOutcome, QueueEnd,
    Status, SurveyKind,
};
use chrono::DateTime;
use kontak_types::{ActorKind, ConversationId};

/// An event in 48 bytes: its names are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) id: EventId,
    pub(crate) at: i64,
    pub(crate) order: u32,
    pub(crate) revision: u32,
    pub(crate) word: Word,
}

/// An [`EventKind`], its names interned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Started {
        channel: u16,
        language: u16,
        segment: u16,
        direction: Direction,
        by: ActorKind,
        touchpoint: u32,
    },
    ChannelChanged {
        channel: u16,
    },
    Message {
        by: ActorKind,
        audience: Audience,
        origin: Origin,
        agent: u32,
    },
    Enqueued {
        queue: u32,
    },
    Dequeued {
        queue: u32,
        end: QueueEnd,
        agent: u32,
    },
    Offered {
        agent: u32,
    },
    Accepted {
        agent: u32,
    },
    Declined {
        agent: u32,
    },
    RangOut {
        agent: u32,
    },
    Assigned {
        agent: u32,
    },
    Unassigned,
    Connected {
        agent: u32,
    },
    Held {
        agent: u32,
    },
    Resumed {
        agent: u32,
    },
    Disconnected {
        agent: u32,
    },
    WrappedUp {
        agent: u32,
    },
    HandedOff,
    Transferred {
        from: u32,
        to: u32,
        context: Context,
    },
    Retold,
    StatusSet {
        status: Status,
    },
    Resolved {
        by: ActorKind,
        agent: u32,
    },
    Reopened {
        by: ActorKind,
    },
    Labelled {
        label: u16,
    },
    AboutIssue {
        issue: u32,
    },
    ScheduleSet {
        calendar: u16,
    },
    SurveySent {
        survey: SurveyKind,
    },
    SurveyAnswered {
        survey: SurveyKind,
        score: u8,
        agent: u32,
    },
    Promise {
        commitment: u32,
        outcome: PromiseOutcome,
    },
    Converted {
        amount: u64,
    },
    Cost {
        amount: u64,
    },
    Withdrawn,
}

impl Stored {
    #[inline]
    pub(crate) fn new(event: &Event, names: &mut Names) -> Result<Self, TooMany> {
        Ok(Self {
            id: event.id,
            at: event.at.timestamp_micros(),
            order: event.order,
            revision: event.revision,
            word: Word::new(&event.kind, names)?,
        })
    }

    pub(crate) fn event(&self, conversation: ConversationId, names: &Names) -> Event {
        Event {
            conversation,
            id: self.id,
            revision: self.revision,
            at: DateTime::from_timestamp_micros(self.at).unwrap_or_default(),
            order: self.order,
            kind: self.word.kind(names),
        }
    }
}

impl Word {
    fn new(kind: &EventKind, names: &mut Names) -> Result<Self, TooMany> {
        use EventKind as K;
        let agent = |names: &mut Names, agent: &Option<_>| {
            agent.as_ref().map_or(0, |agent| names.agents.add(agent))
        };
        Ok(match kind {
            K::Started { channel, direction, by, touchpoint, language, segment } => Self::Started {
                channel: names.channel(channel)?,
                language: language.as_ref().map_or(Ok(0), |it| names.language(it))?,
                segment: segment.as_ref().map_or(Ok(0), |it| names.tag(it))?,
                direction: *direction,
                by: *by,
                touchpoint: touchpoint.as_ref().map_or(0, |it| names.touchpoints.add(it)),
            },
            K::ChannelChanged { channel } => {
                Self::ChannelChanged { channel: names.channel(channel)? }
            }
            K::Message { by, agent: who, audience, origin } => Self::Message {
                by: *by,
                audience: *audience,
                origin: *origin,
                agent: agent(names, who),
            },
            K::Enqueued { queue } => Self::Enqueued { queue: names.queues.add(queue) },
            K::Dequeued { queue, end, agent: who } => Self::Dequeued {
                queue: names.queues.add(queue),
                end: *end,
                agent: agent(names, who),
            },
            K::Offered { agent } => Self::Offered { agent: names.agents.add(agent) },
            K::Accepted { agent } => Self::Accepted { agent: names.agents.add(agent) },
            K::Declined { agent } => Self::Declined { agent: names.agents.add(agent) },
            K::RangOut { agent } => Self::RangOut { agent: names.agents.add(agent) },
            K::Assigned { agent } => Self::Assigned { agent: names.agents.add(agent) },
            K::Unassigned => Self::Unassigned,
            K::Connected { agent } => Self::Connected { agent: names.agents.add(agent) },
            K::Held { agent } => Self::Held { agent: names.agents.add(agent) },
            K::Resumed { agent } => Self::Resumed { agent: names.agents.add(agent) },
            K::Disconnected { agent } => Self::Disconnected { agent: names.agents.add(agent) },
            K::WrappedUp { agent } => Self::WrappedUp { agent: names.agents.add(agent) },
            K::HandedOff => Self::HandedOff,
            K::Transferred { from, to, context } => Self::Transferred {
                from: agent(names, from),
                to: agent(names, to),
                context: *context,
            },
            K::Retold => Self::Retold,
            K::StatusSet { status } => Self::StatusSet { status: *status },
            K::Resolved { by, agent: who } => Self::Resolved { by: *by, agent: agent(names, who) },
            K::Reopened { by } => Self::Reopened { by: *by },
            K::Labelled { label } => Self::Labelled { label: names.tag(label)? },
            K::AboutIssue { issue } => Self::AboutIssue { issue: names.issues.add(issue) },
            K::ScheduleSet { calendar } => Self::ScheduleSet { calendar: names.tag(calendar)? },
            K::SurveySent { survey } => Self::SurveySent { survey: *survey },
            K::SurveyAnswered { survey, score, agent: who } => {
                Self::SurveyAnswered { survey: *survey, score: *score, agent: agent(names, who) }
            }
            K::Promise { commitment, outcome } => {
                Self::Promise { commitment: names.commitments.add(commitment), outcome: *outcome }
            }
            K::Converted { amount } => Self::Converted { amount: *amount },
            K::Cost { amount } => Self::Cost { amount: *amount },
            K::Withdrawn => Self::Withdrawn,
        })
    }

    fn kind(self, names: &Names) -> EventKind {
        use EventKind as K;
        let some = |agent| names.agents.name(agent).copied();
        let agent = |agent| some(agent).expect("an interned agent has its id");
        let queue = |queue| *names.queues.name(queue).expect("an interned queue has its id");
        let channel = |channel: u16| {
            names.channels.name(channel.into()).expect("an interned channel has its name").clone()
        };
        let tag = |tag: u16| names.tags.name(tag.into()).cloned();
        match self {
            Self::Started { channel: on, language, segment, direction, by, touchpoint } => {
                K::Started {
                    channel: channel(on),
                    direction,
                    by,
                    touchpoint: names.touchpoints.name(touchpoint).copied(),
                    language: names.languages.name(language.into()).cloned(),
                    segment: tag(segment),
                }
            }
            Self::ChannelChanged { channel: on } => K::ChannelChanged { channel: channel(on) },
            Self::Message { by, audience, origin, agent: who } => {
                K::Message { by, agent: some(who), audience, origin }
            }
            Self::Enqueued { queue: of } => K::Enqueued { queue: queue(of) },
            Self::Dequeued { queue: of, end, agent: who } => {
                K::Dequeued { queue: queue(of), end, agent: some(who) }
            }
            Self::Offered { agent: who } => K::Offered { agent: agent(who) },
            Self::Accepted { agent: who } => K::Accepted { agent: agent(who) },
            Self::Declined { agent: who } => K::Declined { agent: agent(who) },
            Self::RangOut { agent: who } => K::RangOut { agent: agent(who) },
            Self::Assigned { agent: who } => K::Assigned { agent: agent(who) },
            Self::Unassigned => K::Unassigned,
            Self::Connected { agent: who } => K::Connected { agent: agent(who) },
            Self::Held { agent: who } => K::Held { agent: agent(who) },
            Self::Resumed { agent: who } => K::Resumed { agent: agent(who) },
            Self::Disconnected { agent: who } => K::Disconnected { agent: agent(who) },
            Self::WrappedUp { agent: who } => K::WrappedUp { agent: agent(who) },
            Self::HandedOff => K::HandedOff,
            Self::Transferred { from, to, context } => {
                K::Transferred { from: some(from), to: some(to), context }
            }
            Self::Retold => K::Retold,
            Self::StatusSet { status } => K::StatusSet { status },
            Self::Resolved { by, agent: who } => K::Resolved { by, agent: some(who) },
            Self::Reopened { by } => K::Reopened { by },
            Self::Labelled { label } => {
                K::Labelled { label: tag(label).expect("an interned label has its name") }
            }
            Self::AboutIssue { issue } => K::AboutIssue {
                issue: *names.issues.name(issue).expect("an interned issue has its id"),
            },
            Self::ScheduleSet { calendar } => K::ScheduleSet {
                calendar: tag(calendar).expect("an interned calendar has its name"),
            },
            Self::SurveySent { survey } => K::SurveySent { survey },
            Self::SurveyAnswered { survey, score, agent: who } => {
                K::SurveyAnswered { survey, score, agent: some(who) }
            }
            Self::Promise { commitment, outcome } => K::Promise {
                commitment: *names
                    .commitments
                    .name(commitment)
                    .expect("an interned commitment has its id"),
                outcome,
            },
            Self::Converted { amount } => K::Converted { amount },
            Self::Cost { amount } => K::Cost { amount },
            Self::Withdrawn => K::Withdrawn,
        }
    }

    /// Of events of one instant without an order of their source, causes before effects.
    pub(crate) fn rank(self) -> u8 {
        match self {
            Self::Started { .. } => 0,
            Self::AboutIssue { .. } | Self::Labelled { .. } | Self::ScheduleSet { .. } => 1,
            Self::Reopened { .. } | Self::ChannelChanged { .. } => 2,
            Self::Message { by: ActorKind::Customer, .. } => 3,
            Self::HandedOff | Self::Transferred { .. } | Self::Retold => 4,
            Self::Enqueued { .. } => 5,
            Self::Offered { .. } => 6,
            Self::Accepted { .. } | Self::Declined { .. } | Self::RangOut { .. } => 7,
            Self::Dequeued { .. } => 8,
            Self::Unassigned => 9,
            Self::Assigned { .. } => 10,
            Self::Connected { .. } => 11,
            Self::Held { .. } => 12,
            Self::Resumed { .. } => 13,
            Self::Message { .. } => 14,
            Self::StatusSet { .. } => 15,
            Self::Disconnected { .. } => 16,
            Self::WrappedUp { .. } => 17,
            Self::Promise { .. } | Self::Converted { .. } | Self::Cost { .. } => 18,
            Self::Resolved { .. } => 19,
            Self::SurveySent { .. } => 20,
            Self::SurveyAnswered { .. } => 21,
            Self::Withdrawn => 22,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_event_is_48_bytes() {
        assert_eq!((size_of::<Word>(), size_of::<Stored>()), (16, 48));
    }
}
