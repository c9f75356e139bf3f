use super::{
    Audience, Context, Direction, IssueId, Origin, PromiseOutcome, QueueEnd, Status, SurveyKind,
};
use crate::Tag;
use kontak_types::{
    ActorKind, AgentId, ChannelKind, CommitmentId, Language, QueueId, TouchpointId,
};
use serde::{Deserialize, Serialize};

/// What happened. Bring those that are known: what is missing switches off the metrics that need it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum EventKind {
    /// The conversation began. Of several, the earliest counts.
    Started {
        /// On which channel.
        channel: ChannelKind,
        /// Who came to whom.
        direction: Direction,
        /// Who opened it: an agent may open one for a customer who calls.
        by: ActorKind,
        /// The customer's account; joined to a customer by
        /// [`Metrics::identify`](crate::Metrics::identify).
        touchpoint: Option<TouchpointId>,
        /// In which language.
        language: Option<Language>,
        /// A segment of customers, as the business cuts them.
        segment: Option<Tag>,
    },
    /// It went on, on another channel.
    ChannelChanged {
        /// Which.
        channel: ChannelKind,
    },
    /// Something was said.
    Message {
        /// By whom.
        by: ActorKind,
        /// Which agent, if it was one.
        agent: Option<AgentId>,
        /// Who can see it.
        audience: Audience,
        /// How it came to be.
        origin: Origin,
    },
    /// It began to wait.
    Enqueued {
        /// In which queue.
        queue: QueueId,
    },
    /// It no longer waits there.
    Dequeued {
        /// In which queue it waited.
        queue: QueueId,
        /// How that ended.
        end: QueueEnd,
        /// Who answered.
        agent: Option<AgentId>,
    },
    /// It rang at an agent.
    Offered {
        /// At whom.
        agent: AgentId,
    },
    /// The agent took it.
    Accepted {
        /// Who.
        agent: AgentId,
    },
    /// The agent refused.
    Declined {
        /// Who.
        agent: AgentId,
    },
    /// It rang out.
    RangOut {
        /// At whom.
        agent: AgentId,
    },
    /// It is now this agent's.
    Assigned {
        /// Whose.
        agent: AgentId,
    },
    /// It is nobody's.
    Unassigned,
    /// Customer and agent talk, or the agent works on it.
    Connected {
        /// Who.
        agent: AgentId,
    },
    /// The agent put the customer on hold.
    Held {
        /// Who.
        agent: AgentId,
    },
    /// The hold is over.
    Resumed {
        /// Who.
        agent: AgentId,
    },
    /// They no longer talk; after-call work begins.
    Disconnected {
        /// Who.
        agent: AgentId,
    },
    /// After-call work is done.
    WrappedUp {
        /// Who.
        agent: AgentId,
    },
    /// A bot gave it to people.
    HandedOff,
    /// It went from hand to hand.
    Transferred {
        /// From whom.
        from: Option<AgentId>,
        /// To whom, where it was not to a queue.
        to: Option<AgentId>,
        /// Whether what was known went along.
        context: Context,
    },
    /// The customer had to say again what had been said, or who they are.
    Retold,
    /// It waits for somebody else now.
    StatusSet {
        /// For whom.
        status: Status,
    },
    /// It is resolved.
    Resolved {
        /// By whom.
        by: ActorKind,
        /// Which agent, if it was one.
        agent: Option<AgentId>,
    },
    /// It is not resolved after all.
    Reopened {
        /// By whom.
        by: ActorKind,
    },
    /// It has a label.
    Labelled {
        /// Which.
        label: Tag,
    },
    /// It is about a matter that other conversations may be about.
    AboutIssue {
        /// Which.
        issue: IssueId,
    },
    /// From now on its business hours are these.
    ScheduleSet {
        /// The calendar's name in the [`Catalog`](crate::Catalog).
        calendar: Tag,
    },
    /// A survey went out.
    SurveySent {
        /// What it asks.
        survey: SurveyKind,
    },
    /// The customer answered one.
    SurveyAnswered {
        /// What it asks.
        survey: SurveyKind,
        /// The answer, on the survey's own scale.
        score: u8,
        /// The agent whom the customer rated, where it is known.
        agent: Option<AgentId>,
    },
    /// A promise was made, kept or broken.
    Promise {
        /// Which.
        commitment: CommitmentId,
        /// What became of it.
        outcome: PromiseOutcome,
    },
    /// The customer bought.
    Converted {
        /// For how much, in the smallest unit of the business's currency.
        amount: u64,
    },
    /// It cost the business something.
    Cost {
        /// How much, in the smallest unit of the business's currency.
        amount: u64,
    },
    /// The record says nothing any more.
    Withdrawn,
}
