//! From a match to work in hand, and back.

use super::Engine;
use super::instant::instant;
use super::item::{AgentIndex, ItemIndex, State};
use super::seat::TURN;
use super::timer::Timer;
use crate::centre::seconds;
use crate::{Choice, Decision, Presence, Refusal, Token, Withdrawal};
use kontak_types::WorkItemId;

impl Engine {
    /// Gives a contact that waits to an agent who has room for it: offers it, or assigns it at once.
    pub(super) fn give(&mut self, index: ItemIndex, agent: AgentIndex, why: Choice) {
        self.unqueue(index);
        self.take_on(index, agent);
        let queue = self.item(index).queue;
        match self.queue(queue).offer.timeout_seconds {
            Some(timeout) => {
                let token = Token(self.next_token);
                self.next_token += 1;
                let expires = self.now + seconds(timeout);
                self.item_mut(index).state = State::Offered { agent, token, expires, why };
                self.set_timer(Some(expires), Timer::State(index));
                let decision = Decision::Offer {
                    item: self.item(index).id,
                    agent: self.seat(agent).agent.id,
                    token,
                    expires: instant(expires),
                    why,
                };
                self.decisions.push(decision);
            }
            None => self.begin(index, agent, why),
        }
        self.damp(agent);
    }

    /// Its cost is the agent's from now on; what makes way for it does.
    pub(super) fn take_on(&mut self, index: ItemIndex, agent: AgentIndex) {
        let shape = self.item(index).shape;
        let channel = self.market.cost(shape);
        self.item_mut(index).cost = channel;
        let seat = self.seat_mut(agent);
        seat.load.add(shape, channel);
        seat.work.push(index);
        seat.virtual_time += TURN / u64::from(seat.agent.weight.max(1));
        if !channel.interruptible {
            self.interrupt_work(agent);
        }
    }

    /// The agent has it.
    pub(super) fn begin(&mut self, index: ItemIndex, agent: AgentIndex, why: Choice) {
        self.item_mut(index).state = State::Active { agent, why };
        self.release_giver(index);
        self.item_mut(index).had_by(agent);
        if let Some(rare) = &mut self.item_mut(index).rare {
            // They call now.
            rare.not_before = None;
        }
        let (item, arrived, queue) = {
            let item = self.item(index);
            (item.id, item.arrived, item.queue)
        };
        let now = self.now;
        self.seat_mut(agent).served += 1;
        self.queues[queue as usize].serve(now, now - arrived);
        self.decisions.push(Decision::Assigned { item, agent: self.seat(agent).agent.id, why });
    }

    /// Somebody who has just come on duty gets the next one only after a while.
    fn damp(&mut self, agent: AgentIndex) {
        let Some(damper) = self.centre.presence.damper else { return };
        let seat = &self.seats[agent as usize];
        let fresh =
            seat.on_duty_since.is_some_and(|since| self.now < since + seconds(damper.for_seconds));
        if fresh && seat.damped_until.is_none() && damper.gap_seconds > 0 {
            let until = self.now + seconds(damper.gap_seconds);
            self.seat_mut(agent).damped_until = Some(until);
            self.set_timer(Some(until), Timer::Damper(agent));
        }
    }

    /// What can be interrupted makes way until the rest fits.
    pub(super) fn interrupt_work(&mut self, agent: AgentIndex) {
        let work = self.seat(agent).work.clone();
        for index in work.into_iter().rev() {
            let load = &self.seat(agent).load;
            if load.soft == 0
                || load.exclusive == 0 && load.used() <= self.seat(agent).agent.capacity
            {
                break;
            }
            if !self.is_kept(index) || !self.item(index).cost.interruptible {
                continue;
            }
            let item = self.item(index);
            match item.state {
                State::Active { agent: holder, why } if holder == agent => {
                    let (id, cost) = (item.id, item.cost);
                    self.item_mut(index).state = State::Interrupted { agent, why };
                    self.seat_mut(agent).load.interrupt(cost);
                    let agent = self.seat(agent).agent.id;
                    self.decisions.push(Decision::Interrupted { item: id, agent });
                }
                State::Offered { .. } => self.withdraw(index, Withdrawal::Revised),
                State::WrapUp { .. } => self.end(index, None),
                _ => {}
            }
        }
    }

    /// What was interrupted goes on as soon as it fits, before anything new.
    pub(super) fn resume_work(&mut self, agent: AgentIndex) {
        let seat = &self.seats[agent as usize];
        // All that is soft and in hand counts in `soft`; what does not was interrupted.
        if seat.load.exclusive > 0 || seat.work.is_empty() {
            return;
        }
        for at in 0..self.seats[agent as usize].work.len() {
            let index = self.seats[agent as usize].work[at];
            let item = self.item(index);
            let State::Interrupted { why, .. } = item.state else { continue };
            let (id, cost) = (item.id, item.cost);
            let seat = &self.seats[agent as usize];
            if seat.load.has_room(seat.agent.capacity, cost) {
                self.item_mut(index).state = State::Active { agent, why };
                self.seat_mut(agent).load.resume(cost);
                let agent = self.seat(agent).agent.id;
                self.decisions.push(Decision::Resumed { item: id, agent });
            }
        }
    }

    /// It is no longer the agent's: their capacity is free again.
    pub(super) fn let_go(&mut self, index: ItemIndex, agent: AgentIndex) {
        let item = self.item(index);
        let (shape, cost) = (item.shape, item.cost);
        let interrupted = matches!(item.state, State::Interrupted { .. });
        self.stir_agent(agent);
        let now = self.now;
        let seat = self.seat_mut(agent);
        if interrupted {
            // Its units went when it was interrupted.
            seat.load.resume(cost);
        }
        seat.load.remove(shape, cost);
        seat.work.retain(|other| *other != index);
        seat.idle_since = now;
    }

    /// Whoever handed it on and stayed is free.
    pub(super) fn release_giver(&mut self, index: ItemIndex) {
        let Some(giver) = self.item(index).giver() else { return };
        self.item_mut(index).rare().giver = None;
        let (shape, cost) = self.item(index).shape_and_cost();
        self.stir_agent(giver);
        let now = self.now;
        let seat = self.seat_mut(giver);
        seat.load.remove(shape, cost);
        seat.work.retain(|other| *other != index);
        seat.idle_since = now;
        let (item, agent) = (self.item(index).id, self.seat(giver).agent.id);
        self.decisions.push(Decision::Released { item, agent });
    }

    /// An offer is over; the contact waits again in its old place.
    pub(super) fn withdraw(&mut self, index: ItemIndex, why: Withdrawal) {
        self.take_back(index, why);
        self.wait(index);
    }

    /// An offer is over; what becomes of the contact is for the caller to say.
    pub(super) fn take_back(&mut self, index: ItemIndex, why: Withdrawal) {
        let State::Offered { agent, token, .. } = self.item(index).state else { return };
        let decision = Decision::Withdrawn {
            item: self.item(index).id,
            agent: self.seat(agent).agent.id,
            token,
            why,
        };
        self.decisions.push(decision);
        self.let_go(index, agent);
    }

    fn remember_declined(&mut self, index: ItemIndex, agent: AgentIndex) {
        let remember = self.queue(self.item(index).queue).offer.remember_declined_seconds;
        let until = self.now + seconds(remember.max(1));
        self.bar(index, agent, Some(until));
    }

    /// Nobody answered the offer.
    pub(super) fn miss(&mut self, index: ItemIndex) {
        let State::Offered { agent, .. } = self.item(index).state else { return };
        self.seat_mut(agent).missed += 1;
        // Before they count as gone: it is this offer that they missed.
        self.take_back(index, Withdrawal::TimedOut);
        if self.seat(agent).missed >= self.centre.presence.missed_offers.max(1) {
            self.change_presence(agent, Presence::NotResponding);
            let agent = self.seat(agent).agent.id;
            let presence = Presence::NotResponding;
            self.decisions.push(Decision::PresenceSet { agent, presence });
        } else {
            self.remember_declined(index, agent);
        }
        self.wait(index);
    }

    fn offered(&self, id: WorkItemId, given: Token) -> Result<(ItemIndex, AgentIndex), Refusal> {
        let index = self.find_item(id).ok_or(Refusal::StaleOffer)?;
        match self.item(index).state {
            State::Offered { agent, token, .. } if token == given => Ok((index, agent)),
            _ => Err(Refusal::StaleOffer),
        }
    }

    pub(super) fn accept(&mut self, id: WorkItemId, token: Token) -> Result<(), Refusal> {
        let (index, agent) = self.offered(id, token)?;
        self.seat_mut(agent).missed = 0;
        self.begin(index, agent, Choice::Accepted);
        Ok(())
    }

    pub(super) fn decline(&mut self, id: WorkItemId, token: Token) -> Result<(), Refusal> {
        let (index, agent) = self.offered(id, token)?;
        self.seat_mut(agent).missed = 0;
        self.take_back(index, Withdrawal::Declined);
        self.remember_declined(index, agent);
        self.wait(index);
        Ok(())
    }
}
