//! What an agent does with a contact that is theirs.

use super::Engine;
use super::instant::instant;
use super::item::State;
use super::queueing::Stage;
use super::timer::Timer;
use crate::centre::seconds;
use crate::{Choice, Decision, Refusal, Withdrawal, WorkItem};
use kontak_types::{AgentId, WorkItemId};

impl Engine {
    pub(super) fn complete(&mut self, id: WorkItemId) -> Result<(), Refusal> {
        let index = self.item_index(id)?;
        let (agent, interrupted) = match self.item(index).state {
            State::Active { agent, .. } => (agent, false),
            State::Interrupted { agent, .. } => (agent, true),
            State::Parked { .. } => {
                self.end(index, None);
                return Ok(());
            }
            other => return Err(Refusal::State(other.kind())),
        };
        let wrap_up = self.queue(self.item(index).queue).wrap_up_seconds;
        if wrap_up == 0 || interrupted || self.item(index).giver().is_some() {
            self.end(index, None);
            return Ok(());
        }
        let until = self.now + seconds(wrap_up);
        self.item_mut(index).state = State::WrapUp { agent, until };
        self.set_timer(Some(until), Timer::State(index));
        let agent = self.seat(agent).agent.id;
        self.decisions.push(Decision::WrapUp { item: id, agent, until: instant(until) });
        Ok(())
    }

    pub(super) fn wrap_up_done(&mut self, id: WorkItemId) -> Result<(), Refusal> {
        let index = self.item_index(id)?;
        match self.item(index).state {
            State::WrapUp { .. } => {
                self.end(index, None);
                Ok(())
            }
            other => Err(Refusal::State(other.kind())),
        }
    }

    pub(super) fn park(&mut self, id: WorkItemId) -> Result<(), Refusal> {
        let index = self.item_index(id)?;
        match self.item(index).state {
            State::Active { agent, .. } | State::Interrupted { agent, .. } => {
                self.let_go(index, agent);
                self.item_mut(index).state = State::Parked { agent };
                Ok(())
            }
            other => Err(Refusal::State(other.kind())),
        }
    }

    pub(super) fn unpark(&mut self, id: WorkItemId) -> Result<(), Refusal> {
        let index = self.item_index(id)?;
        let State::Parked { agent } = self.item(index).state else {
            return Err(Refusal::State(self.item(index).state.kind()));
        };
        let rules = self.queue(self.item(index).queue).continuity;
        let seat = self.seat(agent);
        let wait = match seat.is_on_duty() {
            true => rules.wait_seconds,
            false => rules.wait_absent_seconds,
        };
        let free = self.fits(agent) >> self.item(index).shape & 1 == 1;
        self.item_mut(index).queued = self.now;
        if free {
            // It was accepted when it came: nobody is asked again.
            self.unplace(agent);
            let now = self.now;
            self.seat_mut(agent).account(now);
            self.take_on(index, agent);
            self.item_mut(index).state = State::Active { agent, why: Choice::Unparked };
            let agent_id = self.seat(agent).agent.id;
            let why = Choice::Unparked;
            self.decisions.push(Decision::Assigned { item: id, agent: agent_id, why });
            self.stirred_agents.push(agent);
        } else if wait > 0 && !self.seat(agent).removed {
            self.hold_for(index, agent, seconds(wait));
        } else {
            self.go_on(index, Stage::Hours);
        }
        Ok(())
    }

    /// A supervisor's word goes over capacity, requirement and presence; not over a contact that
    /// somebody is busy with.
    pub(super) fn assign(
        &mut self,
        id: WorkItemId,
        agent: AgentId,
        by: AgentId,
    ) -> Result<(), Refusal> {
        let index = self.item_index(id)?;
        let agent = self.agent_index(agent)?;
        match self.item(index).state {
            State::Waiting | State::Held { .. } => self.unqueue(index),
            State::Offered { .. } => self.take_back(index, Withdrawal::Overridden),
            State::Parked { .. } => {}
            other => return Err(Refusal::State(other.kind())),
        }
        // It may go back to the giver who has stayed: not twice in their hands.
        self.release_giver(index);
        self.stir_agent(agent);
        self.take_on(index, agent);
        self.begin(index, agent, Choice::Supervisor(by));
        Ok(())
    }

    /// As [`assign`](Self::assign), for a contact that waits nowhere: nobody else is asked meanwhile.
    pub(super) fn put_in_hand(
        &mut self,
        work: WorkItem,
        agent: AgentId,
        by: AgentId,
    ) -> Result<(), Refusal> {
        if self.find_item(work.id).is_some() {
            return Err(Refusal::Duplicate);
        }
        let agent = self.agent_index(agent)?;
        let index = self.create(work, None)?;
        let queue = self.item(index).queue;
        self.queues[queue as usize].arrived += 1;
        self.stir_agent(agent);
        self.take_on(index, agent);
        self.begin(index, agent, Choice::Supervisor(by));
        Ok(())
    }
}
