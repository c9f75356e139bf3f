//! Contacts that come, change and go without having been served.

use super::Engine;
use super::instant::micros;
use super::item::{Item, ItemIndex, Rare, State};
use super::queueing::Stage;
use crate::{Channel, Decision, Hold, ItemState, Leaving, Refusal, Withdrawal, WorkItem};
use chrono::{DateTime, Utc};
use kontak_types::WorkItemId;

impl Engine {
    pub(super) fn arrive(&mut self, work: WorkItem) -> Result<(), Refusal> {
        if self.find_item(work.id).is_some() {
            return Err(Refusal::Duplicate);
        }
        let index = self.create(work, None)?;
        let queue = self.item(index).queue;
        self.queues[queue as usize].arrived += 1;
        if self.must_overflow(index) {
            self.overflow_full(index);
        } else {
            self.go_on(index, Stage::Bot);
        }
        Ok(())
    }

    /// A contact of this queue that does not wait yet.
    pub(super) fn create(
        &mut self,
        work: WorkItem,
        rare: Option<Box<Rare>>,
    ) -> Result<ItemIndex, Refusal> {
        let queue = *self.queue_of.get(&work.queue).ok_or(Refusal::NoQueue)?;
        let shape = self.market.shape(&work.channel).ok_or(Refusal::TooManyChannels)?;
        let arrived = work.waiting_since.map_or(self.now, micros).min(self.now);
        let anchor = self.queue(queue).anchor(arrived, work.due.map(micros));
        let id = work.id;
        let own = self.market.requirements.number(&work.requirement);
        let mut item = Item {
            id,
            own,
            priority: work.priority,
            queue,
            seq: self.next_seq,
            arrived,
            queued: self.now,
            anchor,
            class: 0,
            shape,
            step: 0,
            promoted: false,
            state: State::Waiting,
            next: None,
            cost: Channel::default(),
            owner: None,
            rare,
        };
        item.describe(work, own);
        let index = match self.vacant.pop() {
            Some(index) => {
                self.items[index as usize] = Some(item);
                index
            }
            None => {
                self.items.push(Some(item));
                self.items.len() as ItemIndex - 1
            }
        };
        match self.class_of(index) {
            Ok(class) => self.item_mut(index).class = class,
            Err(_) => {
                self.items[index as usize] = None;
                self.vacant.push(index);
                return Err(Refusal::TooComplex);
            }
        }
        self.next_seq += 1;
        self.item_of.insert(id, index, &self.items);
        Ok(index)
    }

    /// The contact is over and out of every list but these.
    pub(super) fn forget(&mut self, index: ItemIndex) {
        let Some(item) = self.items[index as usize].take() else { return };
        self.item_of.remove(item.id, index);
        self.vacant.push(index);
        // What was asked about it is of no use any more; what it asked about goes on.
        let consult = item.rare.as_ref().and_then(|rare| rare.consult);
        if let Some(consult) = consult.and_then(|id| self.find_item(id)) {
            self.end(consult, Some(Leaving::FlowOut));
        }
    }

    pub(super) fn revise(&mut self, work: WorkItem) -> Result<(), Refusal> {
        let index = self.item_index(work.id)?;
        let queue = *self.queue_of.get(&work.queue).ok_or(Refusal::NoQueue)?;
        work.requirement.check().map_err(|_| Refusal::TooComplex)?;
        let state = self.item(index).state;
        let shape = self.market.shape(&work.channel).ok_or(Refusal::TooManyChannels)?;
        match state {
            State::Waiting | State::Held { .. } => self.unqueue(index),
            // An offer stands for what the agent was shown: it is made anew.
            State::Offered { .. } => self.take_back(index, Withdrawal::Revised),
            other => return Err(Refusal::State(other.kind())),
        }
        let moved = self.item(index).queue != queue;
        let (before, giver) = (self.item(index).shape_and_cost(), self.item(index).giver());
        let cost = self.centre.channel(&work.channel);
        let own = self.market.requirements.number(&work.requirement);
        let item = self.item_mut(index);
        item.shape = shape;
        item.cost = cost;
        item.describe(work, own);
        if let Some(giver) = giver {
            // Whoever stays with it is as busy with what it is now.
            self.stir_agent(giver);
            let load = &mut self.seat_mut(giver).load;
            load.remove(before.0, before.1);
            load.add(shape, cost);
        }
        if moved {
            self.enter(index, queue);
        } else {
            let (arrived, due) = (self.item(index).arrived, self.item(index).due());
            let anchor = self.queue(queue).anchor(arrived, due);
            self.item_mut(index).anchor = anchor;
        }
        match state {
            State::Held { hold: Hold::Bot, until } => self.hold(index, Hold::Bot, until),
            _ => self.go_on(index, Stage::Hours),
        }
        Ok(())
    }

    pub(super) fn bot_done(&mut self, id: WorkItemId) -> Result<(), Refusal> {
        let index = self.item_index(id)?;
        match self.item(index).state {
            State::Held { hold: Hold::Bot, .. } => {
                self.release(index, Hold::Bot);
                Ok(())
            }
            other => Err(Refusal::State(other.kind())),
        }
    }

    pub(super) fn leave(&mut self, id: WorkItemId, how: Leaving) -> Result<(), Refusal> {
        let index = self.item_index(id)?;
        let state = self.item(index).state;
        match state.kind() {
            ItemState::Waiting | ItemState::Held | ItemState::Offered => {
                let queue = self.item(index).queue;
                if how == Leaving::Abandoned {
                    self.queues[queue as usize].abandoned += 1;
                }
                self.end(index, Some(how));
                Ok(())
            }
            ItemState::Parked => {
                self.end(index, Some(how));
                Ok(())
            }
            other => Err(Refusal::State(other)),
        }
    }

    /// The contact is over, wherever it stands.
    pub(super) fn end(&mut self, index: ItemIndex, how: Option<Leaving>) {
        let state = self.item(index).state;
        let mut agent = None;
        match state {
            State::Waiting | State::Held { .. } => self.unqueue(index),
            State::Offered { .. } => self.take_back(index, Withdrawal::ItemGone),
            State::WrapUp { agent: holder, .. } => {
                self.let_go(index, holder);
                agent = Some(holder);
            }
            State::Active { agent: holder, .. } | State::Interrupted { agent: holder, .. } => {
                self.let_go(index, holder);
                agent = Some(holder);
            }
            State::Parked { agent: holder } => agent = Some(holder),
        }
        self.release_giver(index);
        let item = self.item(index).id;
        let agent = agent.map(|agent| self.seat(agent).agent.id);
        self.decisions.push(Decision::Ended { item, agent, how });
        self.forget(index);
    }

    pub(super) fn call_back(
        &mut self,
        id: WorkItemId,
        not_before: Option<DateTime<Utc>>,
    ) -> Result<(), Refusal> {
        let index = self.item_index(id)?;
        match self.item(index).state {
            State::Waiting | State::Held { .. } => self.unqueue(index),
            State::Offered { .. } => self.take_back(index, Withdrawal::Revised),
            other => return Err(Refusal::State(other.kind())),
        }
        self.item_mut(index).rare().not_before = Some(not_before.map_or(self.now, micros));
        self.go_on(index, Stage::Hours);
        Ok(())
    }
}
