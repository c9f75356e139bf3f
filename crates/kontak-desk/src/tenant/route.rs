//! Who answers: contacts in routing are the conversations that somebody has to look at, and share
//! their ids.

use super::measure::conversation;
use super::{Notice, Record, Step, Tenant};
use crate::Route;
use chrono::{DateTime, Utc};
use kontak_conversation::label::Dimension;
use kontak_conversation::{
    Actor, Command, Handover, HandoverState, HandoverTarget, Priority, Status,
};
use kontak_routing::{
    Choice, Decision, Entry, Input, ItemState, Leaving, Preference, Refusal, Requirement, Tie,
    Where, WorkItem,
};
use kontak_types::{AgentId, ConversationId, HandoverId, WorkItemId};

/// The contact of a conversation.
pub(super) fn item(conversation: ConversationId) -> WorkItemId {
    WorkItemId::new(*conversation.as_uuid())
}

impl Tenant {
    /// Tells routing something, and carries out what it decides.
    pub(super) fn tell_routing(
        &mut self,
        input: Input,
        step: &mut Step<'_>,
    ) -> Result<(), Refusal> {
        let now = self.routing.now().map_or(step.now, |last| step.now.max(last));
        let entry = Entry::new(self.routing.position(), now, input);
        let following = self.keep(Record::Routing(Box::new(entry)), step);
        let mut outcome = Ok(());
        for decision in following.decisions {
            match decision {
                Decision::Refused(refusal) => outcome = Err(refusal),
                decision => self.carry_out(&decision, step),
            }
        }
        outcome
    }

    /// Where the contact of a conversation stands. What is due is done first, as routing would before
    /// it takes an input: else it stood elsewhere by then.
    pub(super) fn look(
        &mut self,
        conversation: ConversationId,
        step: &mut Step<'_>,
    ) -> Option<Where> {
        if self.routing.next_deadline().is_some_and(|due| due <= step.now) {
            // Time is never refused.
            let _ = self.tell_routing(Input::Timeout, step);
        }
        self.routing.find(item(conversation))
    }

    fn carry_out(&mut self, decision: &Decision, step: &mut Step<'_>) {
        match *decision {
            Decision::Offer { item, agent, token, expires, .. } => {
                let conversation = conversation(item);
                step.work.notices.push(Notice::Offered { agent, conversation, token, expires });
            }
            Decision::Withdrawn { item, agent, .. } => {
                step.work
                    .notices
                    .push(Notice::Withdrawn { agent, conversation: conversation(item) });
            }
            Decision::Assigned { item, agent, why } => {
                self.assign(conversation(item), Some(agent), why, step);
            }
            Decision::Returned { item, .. } => {
                self.assign(conversation(item), None, Choice::BestAgent, step);
            }
            Decision::TurnedAway { item, .. } => {
                let conversation = conversation(item);
                step.work.notices.push(Notice::TurnedAway { conversation });
                // Nobody will take it by itself any more, and who handed it on has let go of it.
                self.decline_handovers(conversation, step);
                self.assign(conversation, None, Choice::BestAgent, step);
                self.notice_unattended(conversation, step);
            }
            _ => {}
        }
    }

    pub(super) fn assign(
        &mut self,
        conversation: ConversationId,
        agent: Option<AgentId>,
        why: Choice,
        step: &mut Step<'_>,
    ) {
        let Some(known) = self.conversations.conversation(conversation) else { return };
        if known.agent == agent {
            return;
        }
        let actor = match why {
            Choice::Supervisor(by) => Actor::Supervisor(by),
            _ => Actor::System,
        };
        // A handover that waits is taken, with its brief; else the conversation is just given.
        let taken = agent.and_then(|by| Some((self.handover_for(conversation, by)?, by)));
        if agent.is_some() && taken.is_none() {
            self.decline_handovers(conversation, step);
        }
        let command = match taken {
            Some((handover, by)) => Command::AcceptHandover { handover, by },
            None => Command::Assign { conversation, to: agent },
        };
        // Refused only where the conversation is closed or gone into another one meanwhile.
        if self.decide(&actor, command, step).is_ok() {
            step.work.notices.push(Notice::Assigned { conversation, agent });
        }
    }

    fn handover_for(&self, conversation: ConversationId, agent: AgentId) -> Option<HandoverId> {
        let mut open = self.open_handovers(conversation).filter(|handover| match handover.to {
            HandoverTarget::Queue(_) => true,
            target => target.admits(agent),
        });
        open.next().map(|handover| handover.id)
    }

    fn open_handovers(&self, conversation: ConversationId) -> impl Iterator<Item = &Handover> {
        let known = self.conversations.conversation(conversation);
        let handovers = known.into_iter().flat_map(|known| known.handovers().iter().rev());
        let handovers = handovers.filter_map(|id| self.conversations.handover(*id));
        handovers.filter(|handover| handover.state == HandoverState::Offered)
    }

    /// Nobody will take what was handed over any more: it may be handed over anew.
    fn decline_handovers(&mut self, conversation: ConversationId, step: &mut Step<'_>) {
        let open: Vec<_> = self.open_handovers(conversation).map(|handover| handover.id).collect();
        for handover in open {
            // It is open: there is nothing to refuse.
            let _ = self.decide(&Actor::System, Command::DeclineHandover(handover), step);
        }
    }

    /// A conversation stands elsewhere, or holds something else: whoever has it is told.
    pub(super) fn follow_status(&mut self, conversation: ConversationId, step: &mut Step<'_>) {
        let Some(known) = self.conversations.conversation(conversation) else { return };
        let status = match self.conversations.home(conversation) == conversation {
            true => known.status,
            false => Status::Closed,
        };
        match status {
            Status::New | Status::Open => self.wait_for_agent(conversation, step),
            status if status.is_active() => self.park(conversation, step),
            _ => self.let_go(conversation, step),
        }
    }

    /// What waits is nobody's, unless it is handed over: who does that has it until it is taken.
    pub(super) fn give_up_where_it_waits(
        &mut self,
        conversation: ConversationId,
        step: &mut Step<'_>,
    ) {
        let at = self.look(conversation, step);
        if at.is_some_and(|at| waits(at.state))
            && self.open_handovers(conversation).next().is_none()
        {
            self.assign(conversation, None, Choice::BestAgent, step);
        }
    }

    /// Nobody of ours has to do anything for now: it costs no capacity. A call does.
    pub(super) fn park(&mut self, conversation: ConversationId, step: &mut Step<'_>) {
        let id = item(conversation);
        let at = self.look(conversation, step).map(|at| at.state);
        if at == Some(ItemState::Active) && !self.is_call(id) {
            let _ = self.tell_routing(Input::Park { item: id }, step);
        }
    }

    /// Whether a contact takes somebody whole, from beginning to end.
    pub(super) fn is_call(&self, item: WorkItemId) -> bool {
        let contact = self.routing.work_item(item);
        contact.is_some_and(|it| self.routing.centre().channel(&it.channel).exclusive)
    }

    /// A conversation needs somebody: it waits in its queue, or goes back to who has it.
    pub(super) fn wait_for_agent(&mut self, conversation: ConversationId, step: &mut Step<'_>) {
        let id = item(conversation);
        match self.look(conversation, step).map(|at| at.state) {
            Some(ItemState::Parked) => {
                let _ = self.tell_routing(Input::Unpark { item: id }, step);
                self.give_up_where_it_waits(conversation, step);
            }
            Some(ItemState::WrapUp) => {
                let _ = self.tell_routing(Input::WrapUpDone { item: id }, step);
                self.arrive(conversation, step);
            }
            Some(_) => {}
            None => self.arrive(conversation, step),
        }
    }

    fn arrive(&mut self, conversation: ConversationId, step: &mut Step<'_>) {
        let Some(contact) = self.contact(conversation, step.now) else {
            return self.notice_unattended(conversation, step);
        };
        // Whoever had it before is who it is given to first, and not who has it.
        self.assign(conversation, None, Choice::BestAgent, step);
        let _ = self.tell_routing(Input::Arrive(Box::new(contact)), step);
    }

    /// The first route that fits a conversation.
    pub(super) fn route_of(&self, id: ConversationId) -> Option<&Route> {
        let known = self.conversations.conversation(id)?;
        let leg = self.conversations.legs(id).last()?;
        let reach = self.reaches.of(leg.touchpoint);
        let account = reach.and_then(|reach| reach.account.as_deref()).unwrap_or_default();
        let topic = known.label(Dimension::Topic, &self.conversations.policy().labels);
        let topic = topic.map(|standing| standing.labelling.label.name());
        self.settings.route(&leg.channel, account, topic)
    }

    pub(super) fn contact(&self, id: ConversationId, now: DateTime<Utc>) -> Option<WorkItem> {
        let known = self.conversations.conversation(id)?;
        let leg = self.conversations.legs(id).last()?;
        let policy = self.conversations.policy();
        let route = self.route_of(id)?;
        let priority = route.priority.saturating_add(match known.priority() {
            Priority::Low => -1,
            Priority::High => 1,
            Priority::Urgent => 2,
            _ => 0,
        });
        let queue = self.routing.centre().queues.get(&route.queue)?.id;
        let mut contact =
            WorkItem::new(item(id), queue, leg.channel.as_str()).with_priority(priority);
        contact.due = policy.sla.next_deadline(&self.conversations, id, now);
        if route.by_language {
            let languages = self.conversations.brief(id, None)?.languages;
            contact.requirement =
                languages.into_iter().next().map_or(Requirement::Anyone, Requirement::language);
        }
        let last = self.conversations.last_agent(known.customer);
        contact.preferred.extend(last.map(|agent| Preference::new(agent, Tie::LastAgent, 1)));
        Some(contact)
    }

    /// Nobody has to look at a conversation any more.
    pub(super) fn let_go(&mut self, conversation: ConversationId, step: &mut Step<'_>) {
        self.decline_handovers(conversation, step);
        let id = item(conversation);
        let input = match self.look(conversation, step).map(|at| at.state) {
            None | Some(ItemState::WrapUp) => return,
            Some(state) if waits(state) => Input::Leave { item: id, how: Leaving::FlowOut },
            Some(_) => Input::Complete { item: id },
        };
        let _ = self.tell_routing(input, step);
    }
}

/// Whether nobody has it yet.
pub(super) fn waits(state: ItemState) -> bool {
    matches!(state, ItemState::Waiting | ItemState::Held | ItemState::Offered)
}
