//! What metrics are told of what the other engines recorded. A pure function of the records, so that
//! it need not be recorded again.

use chrono::{DateTime, Utc};
use kontak_conversation::{Actor, Conversations, EventBody, Leg, MessageView, Status};
use kontak_metrics::{
    Audience, Context, Direction, Event, EventId, EventKind, Origin, PromiseOutcome, QueueEnd,
};
use kontak_routing::{Choice, Decision, Engine, Entry, Input, Leaving, TransferTarget, Withdrawal};
use kontak_types::uuid::Uuid;
use kontak_types::{ActorKind, AgentId, ConversationId, QueueId, WorkItemId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An event that has no number yet.
pub(super) struct Measured {
    conversation: ConversationId,
    at: DateTime<Utc>,
    kind: EventKind,
    /// What it can be corrected by.
    named: Option<Uuid>,
    corrects: bool,
}

impl Measured {
    fn new(conversation: ConversationId, at: DateTime<Utc>, kind: EventKind) -> Self {
        Self { conversation, at, kind, named: None, corrects: false }
    }

    fn named(self, named: Uuid) -> Self {
        Self { named: Some(named), ..self }
    }

    /// Number `place` of what record number `record` led to.
    pub(super) fn numbered(self, record: u64, place: usize) -> Event {
        let numbered = || Uuid::from_u128(u128::from(record) << 32 | place as u128);
        let id = EventId::new(self.named.unwrap_or_else(numbered));
        Event {
            order: record as u32,
            revision: if self.corrects { record as u32 } else { 0 },
            ..Event::new(self.conversation, id, self.at, self.kind)
        }
    }
}

/// Legs went from one conversation to another: what was counted there counts here. Seen from after
/// the event was applied.
pub(super) fn of_move(state: &Conversations, event: &kontak_conversation::Event) -> Vec<Measured> {
    let (from, into, moved) = match &event.body {
        EventBody::ConversationsMerged { from, into, moved }
        | EventBody::ConversationSplit { from, into, moved } => (*from, *into, moved),
        EventBody::ConversationsUnmerged { from, into, moved }
        | EventBody::ConversationUnsplit { from, into, moved } => (*into, *from, moved),
        _ => return Vec::new(),
    };
    let mut measured = vec![begins(state, from, event.at), begins(state, into, event.at)];
    for message in state.messages(into) {
        let is_moved = message.place.is_some_and(|(leg, _)| moved.legs.contains(&leg))
            || moved.messages.iter().any(|(id, _)| *id == message.said.id);
        if let (true, Some(said)) = (is_moved, of_message(into, &message)) {
            let gone = Measured::new(from, said.at, EventKind::Withdrawn);
            measured.push(gone.named(*message.said.id.as_uuid()));
            measured.push(said);
        }
    }
    for one in &mut measured {
        one.corrects = true;
    }
    measured
}

/// How a conversation began, as it stands; where nothing is in it, it did not.
fn begins(state: &Conversations, id: ConversationId, now: DateTime<Utc>) -> Measured {
    let first = state.messages(id).find(|message| !message.said.content.is_note());
    let leg = first.and_then(|message| state.leg(message.place?.0));
    let begun = first.zip(leg).and_then(|(message, leg)| {
        let by = message.said.author.kind()?;
        Some((message.said.at, started(leg, by)))
    });
    let (at, kind) = begun.unwrap_or((now, EventKind::Withdrawn));
    Measured::new(id, at, kind).named(*id.as_uuid())
}

fn started(leg: &Leg, by: ActorKind) -> EventKind {
    EventKind::Started {
        channel: leg.channel.clone(),
        direction: match by {
            ActorKind::Customer => Direction::Inbound,
            _ => Direction::Outbound,
        },
        by,
        touchpoint: Some(leg.touchpoint),
        language: None,
        segment: None,
    }
}

fn of_message(conversation: ConversationId, message: &MessageView<'_>) -> Option<Measured> {
    let author = message.said.author;
    let kind = EventKind::Message {
        by: author.kind()?,
        agent: agent(author),
        audience: match message.said.content.is_note() {
            true => Audience::Internal,
            false => Audience::Public,
        },
        origin: match author {
            Actor::System => Origin::Automatic,
            _ => Origin::Composed,
        },
    };
    let measured = Measured::new(conversation, message.said.at, kind);
    Some(measured.named(*message.said.id.as_uuid()))
}

/// What a conversation's event means, seen from before it is applied.
pub(super) fn of_event(state: &Conversations, event: &kontak_conversation::Event) -> Vec<Measured> {
    let by = event.actor.kind().unwrap_or(ActorKind::System);
    let agent = agent(&event.actor);
    let measured = match &event.body {
        EventBody::LegOpened(leg) => {
            let known = state.conversation(leg.conversation);
            let at = known.map_or(event.at, |known| known.opened_at);
            let id = leg.conversation;
            if state.legs(id).len() == 0 {
                return vec![Measured::new(id, at, started(leg, by)).named(*id.as_uuid())];
            }
            Some((id, event.at, EventKind::ChannelChanged { channel: leg.channel.clone() }))
        }
        EventBody::MessagePlaced { message, leg, .. } => {
            let message = state.message(*message);
            let conversation = state.leg(*leg).map(|leg| leg.conversation);
            let said = message.zip(conversation);
            return said
                .and_then(|(message, conversation)| of_message(conversation, &message))
                .into_iter()
                .collect();
        }
        EventBody::StatusChanged { conversation, from, to, since } => {
            use kontak_metrics::Status as Waits;
            let kind = match (from, to) {
                (_, Status::Resolved) => Some(EventKind::Resolved { by, agent }),
                (Status::Resolved, Status::Open) => Some(EventKind::Reopened { by }),
                (_, Status::WaitingForCustomer) => {
                    Some(EventKind::StatusSet { status: Waits::WaitingCustomer })
                }
                (_, Status::OnHold | Status::Snoozed { .. }) => {
                    Some(EventKind::StatusSet { status: Waits::OnHold })
                }
                (_, Status::Open) => Some(EventKind::StatusSet { status: Waits::Open }),
                _ => None,
            };
            kind.map(|kind| (*conversation, *since, kind))
        }
        EventBody::Assigned { conversation, to } => {
            let kind = to.map_or(EventKind::Unassigned, |agent| EventKind::Assigned { agent });
            Some((*conversation, event.at, kind))
        }
        EventBody::HandoverAccepted { handover, by } => state
            .handover(*handover)
            .map(|known| (known.conversation, event.at, EventKind::Assigned { agent: *by })),
        EventBody::Labelled { conversation, labelling } => {
            let label = labelling.label.name().parse().ok();
            label.map(|label| (*conversation, event.at, EventKind::Labelled { label }))
        }
        EventBody::Retold { conversation, .. } => {
            Some((*conversation, event.at, EventKind::Retold))
        }
        EventBody::Promised { commitment, conversation, .. } => {
            let kind =
                EventKind::Promise { commitment: *commitment, outcome: PromiseOutcome::Made };
            Some((*conversation, event.at, kind))
        }
        EventBody::PromiseKept { commitment } => {
            let known = state.commitment(*commitment);
            let in_time = known
                .filter(|known| matches!(known.state, kontak_conversation::CommitmentState::Open));
            let outcome = PromiseOutcome::Kept;
            in_time.map(|known| {
                let kind = EventKind::Promise { commitment: *commitment, outcome };
                (known.conversation, event.at, kind)
            })
        }
        EventBody::PromiseBroken { commitment, due } => {
            let outcome = PromiseOutcome::Broken;
            state.commitment(*commitment).map(|known| {
                let kind = EventKind::Promise { commitment: *commitment, outcome };
                (known.conversation, *due, kind)
            })
        }
        _ => None,
    };
    measured
        .into_iter()
        .map(|(conversation, at, kind)| Measured::new(conversation, at, kind))
        .collect()
}

fn agent(actor: &Actor) -> Option<AgentId> {
    match actor {
        Actor::Agent(agent) | Actor::Supervisor(agent) => Some(*agent),
        _ => None,
    }
}

/// The conversation that a contact is about: they share their id.
pub(super) fn conversation(item: WorkItemId) -> ConversationId {
    ConversationId::new(*item.as_uuid())
}

/// Where contacts stand, as far as metrics count it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stays(BTreeMap<WorkItemId, Stay>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Stay {
    waits_in: Option<QueueId>,
    with: Option<AgentId>,
    wraps_up: Option<AgentId>,
}

impl Stays {
    /// What an input to routing and its decisions mean; `engine` has taken it.
    pub(super) fn of_routing(
        &mut self,
        engine: &Engine,
        entry: &Entry,
        decisions: &[Decision],
    ) -> Vec<Measured> {
        let mut out = Vec::new();
        // What was due before is done first, and decided first.
        let refused = decisions.iter().any(|it| matches!(it, Decision::Refused(_)));
        if !refused {
            self.input(engine, entry, &mut out);
        }
        let is_transfer = matches!(entry.input, Input::Transfer { .. });
        for decision in decisions {
            if !(is_transfer && matches!(decision, Decision::Moved { .. })) {
                self.decision(engine, entry.now, decision, &mut out);
            }
        }
        if let (Input::Unpark { item }, false) = (&entry.input, refused) {
            let stay = self.0.get(item).copied().unwrap_or_default();
            if let (None, Some(work)) = (stay.with, engine.work_item(*item)) {
                self.waits(*item, work.queue, entry.now, &mut out);
            }
        }
        out
    }

    fn input(&mut self, engine: &Engine, entry: &Entry, out: &mut Vec<Measured>) {
        let now = entry.now;
        match &entry.input {
            Input::Arrive(work) => self.waits(work.id, work.queue, now, out),
            Input::BotDone { item } => {
                out.push(Measured::new(conversation(*item), now, EventKind::HandedOff));
            }
            Input::Park { item } => self.leaves_agent(*item, now, out),
            Input::CallBack { item, .. } => self.ends(*item, QueueEnd::CalledBack, None, now, out),
            Input::Transfer { item, to, .. } => {
                let from = self.0.get(item).and_then(|stay| stay.with);
                let to = match to {
                    TransferTarget::Agent(agent) => Some(*agent),
                    _ => None,
                };
                self.leaves_agent(*item, now, out);
                let kind = EventKind::Transferred { from, to, context: Context::Carried };
                out.push(Measured::new(conversation(*item), now, kind));
                if let Some(work) = engine.work_item(*item) {
                    self.waits(*item, work.queue, now, out);
                }
            }
            _ => {}
        }
    }

    fn decision(
        &mut self,
        engine: &Engine,
        now: DateTime<Utc>,
        decision: &Decision,
        out: &mut Vec<Measured>,
    ) {
        let mut push = |item: &WorkItemId, kind| {
            out.push(Measured::new(conversation(*item), now, kind));
        };
        match decision {
            Decision::Offer { item, agent, .. } => {
                push(item, EventKind::Offered { agent: *agent });
            }
            Decision::Withdrawn { item, agent, why: Withdrawal::TimedOut, .. } => {
                push(item, EventKind::RangOut { agent: *agent });
            }
            Decision::Withdrawn { item, agent, why: Withdrawal::Declined, .. } => {
                push(item, EventKind::Declined { agent: *agent });
            }
            Decision::Assigned { item, agent, why } => {
                if *why == Choice::Accepted {
                    push(item, EventKind::Accepted { agent: *agent });
                }
                self.ends(*item, QueueEnd::Answered, Some(*agent), now, out);
                self.leaves_agent(*item, now, out);
                self.0.entry(*item).or_default().with = Some(*agent);
                let kind = EventKind::Connected { agent: *agent };
                out.push(Measured::new(conversation(*item), now, kind));
            }
            // Who is to be called back waits in no queue any more, wherever that is.
            Decision::Moved { item, to, .. }
                if self.0.get(item).is_some_and(|stay| stay.waits_in.is_some()) =>
            {
                self.ends(*item, QueueEnd::FlowedOut, None, now, out);
                self.waits(*item, *to, now, out);
            }
            Decision::TurnedAway { item, .. } => {
                self.ends(*item, QueueEnd::FlowedOut, None, now, out);
                self.0.remove(item);
            }
            Decision::Returned { item, .. } => {
                self.leaves_agent(*item, now, out);
                if let Some(work) = engine.work_item(*item) {
                    self.waits(*item, work.queue, now, out);
                }
            }
            Decision::WrapUp { item, agent, .. } => {
                self.leaves_agent(*item, now, out);
                self.0.entry(*item).or_default().wraps_up = Some(*agent);
            }
            Decision::Ended { item, how, .. } => {
                let end = match how {
                    Some(Leaving::Abandoned) => QueueEnd::Abandoned,
                    _ => QueueEnd::FlowedOut,
                };
                self.ends(*item, end, None, now, out);
                let stay = self.0.get(item).copied().unwrap_or_default();
                self.leaves_agent(*item, now, out);
                if let Some(agent) = stay.wraps_up.or(stay.with) {
                    let kind = EventKind::WrappedUp { agent };
                    out.push(Measured::new(conversation(*item), now, kind));
                }
                self.0.remove(item);
            }
            _ => {}
        }
    }

    fn waits(
        &mut self,
        item: WorkItemId,
        queue: QueueId,
        now: DateTime<Utc>,
        out: &mut Vec<Measured>,
    ) {
        self.0.entry(item).or_default().waits_in = Some(queue);
        out.push(Measured::new(conversation(item), now, EventKind::Enqueued { queue }));
    }

    fn ends(
        &mut self,
        item: WorkItemId,
        end: QueueEnd,
        agent: Option<AgentId>,
        now: DateTime<Utc>,
        out: &mut Vec<Measured>,
    ) {
        let Some(queue) = self.0.get_mut(&item).and_then(|stay| stay.waits_in.take()) else {
            return;
        };
        let kind = EventKind::Dequeued { queue, end, agent };
        out.push(Measured::new(conversation(item), now, kind));
    }

    fn leaves_agent(&mut self, item: WorkItemId, now: DateTime<Utc>, out: &mut Vec<Measured>) {
        let Some(agent) = self.0.get_mut(&item).and_then(|stay| stay.with.take()) else { return };
        let kind = EventKind::Disconnected { agent };
        out.push(Measured::new(conversation(item), now, kind));
    }
}
