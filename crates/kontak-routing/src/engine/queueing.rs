//! The stages of a wait: the bot, opening hours, a call back, who knows the matter, the batch, the
//! pool; and what changes while it lasts.

use super::Engine;
use super::instant::{Micros, instant};
use super::item::{AgentIndex, ItemIndex, QueueIndex, State};
use super::timer::Timer;
use crate::centre::seconds;
use crate::{Closed, Decision, Hold, TurnedAway};

/// Where a contact goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Bot,
    Hours,
    CallBack,
    ForAgent,
    Batch,
    Pool,
}

/// Whether a queue serves, and until when not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    Open,
    Shut { hold: Hold, until: Option<Micros> },
}

impl Engine {
    /// The contact waits: from this stage on.
    pub(super) fn go_on(&mut self, index: ItemIndex, from: Stage) {
        let queue = self.item(index).queue;
        if from <= Stage::Bot
            && let Some(bot) = self.queue(queue).bot_seconds
        {
            return self.hold(index, Hold::Bot, self.now + seconds(bot));
        }
        if from <= Stage::Hours
            && let Opening::Shut { hold, until } = self.queues[queue as usize].opening
        {
            return self.shut_out(index, hold, until);
        }
        let not_before = self.item(index).rare.as_ref().and_then(|rare| rare.not_before);
        if from <= Stage::CallBack
            && let Some(not_before) = not_before.filter(|at| *at > self.now)
        {
            return self.hold(index, Hold::CallBack, not_before);
        }
        if from <= Stage::ForAgent && self.wait_for_known(index) {
            return;
        }
        if from <= Stage::Batch
            && let Some(window) = self.queue(queue).batch_millis
        {
            let queue_record = &mut self.queues[queue as usize];
            let until = match queue_record.batch_at {
                Some(until) => until,
                None => {
                    let until = self.now + i64::from(window) * 1_000;
                    queue_record.batch_at = Some(until);
                    self.set_timer(Some(until), Timer::Batch(queue));
                    until
                }
            };
            return self.hold(index, Hold::BatchWindow, until);
        }
        self.wait(index);
    }

    /// Into the pool, in its place.
    pub(super) fn wait(&mut self, index: ItemIndex) {
        let queue = self.item(index).queue;
        if let Opening::Shut { hold, until } = self.queues[queue as usize].opening {
            return self.shut_out(index, hold, until);
        }
        self.queues[queue as usize].waiting += 1;
        self.take_steps(index);
        self.reclass(index);
        self.item_mut(index).state = State::Waiting;
        self.enlist(index);
        self.schedule(index);
        self.stirred_items.push(index);
    }

    pub(super) fn reclass(&mut self, index: ItemIndex) {
        // A step only ever makes a requirement simpler or adds a checked one; where that branches
        // too often all the same, the contact stays as strict as it was.
        if let Ok(class) = self.class_of(index) {
            self.item_mut(index).class = class;
        }
    }

    pub(super) fn hold(&mut self, index: ItemIndex, hold: Hold, until: Micros) {
        let item = self.item_mut(index);
        item.state = State::Held { hold, until };
        let (id, queue) = (item.id, item.queue);
        self.queues[queue as usize].waiting += 1;
        self.set_timer(Some(until), Timer::State(index));
        self.take_steps(index);
        self.schedule(index);
        self.decisions.push(Decision::Held { item: id, hold, until: instant(until) });
    }

    /// A hold has come to its deadline.
    pub(super) fn release(&mut self, index: ItemIndex, hold: Hold) {
        self.unqueue(index);
        let stage = match hold {
            Hold::Bot | Hold::Closed | Hold::WouldNotFinish => Stage::Hours,
            Hold::CallBack => Stage::ForAgent,
            Hold::ForAgent(_) => Stage::Batch,
            Hold::BatchWindow | Hold::Damper => Stage::Pool,
        };
        if hold == Hold::Bot {
            // Being with the bot was no wait for an agent.
            self.item_mut(index).queued = self.now;
        }
        self.go_on(index, stage);
    }

    fn shut_out(&mut self, index: ItemIndex, hold: Hold, until: Option<Micros>) {
        let queue = self.item(index).queue;
        let rules = self.queue(queue);
        match (rules.when_closed, &rules.overflow, until) {
            (Closed::Overflow, Some(overflow), _) => {
                let to = self.queue_named(&overflow.to);
                self.move_to(index, to);
            }
            (Closed::Wait | Closed::Overflow, _, Some(until)) => self.hold(index, hold, until),
            // It will never open again.
            _ => self.turn_away(index, TurnedAway::Closed),
        }
    }

    pub(super) fn queue_named(&self, name: &str) -> QueueIndex {
        let id = self.centre.queues[name].id;
        self.queue_of[&id]
    }

    /// To another queue, as soon as it came.
    pub(super) fn move_to(&mut self, index: ItemIndex, to: QueueIndex) {
        let (from, item) = (self.item(index).queue, self.item(index).id);
        self.decisions.push(Decision::Moved {
            item,
            from: self.queue(from).id,
            to: self.queue(to).id,
        });
        self.enter(index, to);
        self.reclass(index);
        if self.must_overflow(index) {
            return self.overflow_full(index);
        }
        self.go_on(index, Stage::Hours);
    }

    /// It is of this queue from now on; its arrival stays.
    pub(super) fn enter(&mut self, index: ItemIndex, queue: QueueIndex) {
        let now = self.now;
        let (arrived, due) = {
            let item = self.item_mut(index);
            item.queue = queue;
            item.queued = now;
            item.step = 0;
            item.promoted = false;
            (item.arrived, item.due())
        };
        let anchor = self.queue(queue).anchor(arrived, due);
        self.item_mut(index).anchor = anchor;
    }

    pub(super) fn is_full(&self, queue: QueueIndex) -> bool {
        let most = self.queue(queue).most_waiting;
        most.is_some_and(|most| self.queues[queue as usize].waiting >= most)
    }

    /// Whether it would have to wait where no more may.
    pub(super) fn must_overflow(&self, index: ItemIndex) -> bool {
        self.is_full(self.item(index).queue) && self.best_free(index).is_none()
    }

    pub(super) fn overflow_full(&mut self, index: ItemIndex) {
        let queue = self.item(index).queue;
        match &self.queue(queue).overflow {
            Some(overflow) => {
                let to = self.queue_named(&overflow.to);
                self.move_to(index, to);
            }
            None => self.turn_away(index, TurnedAway::Full),
        }
    }

    fn turn_away(&mut self, index: ItemIndex, why: TurnedAway) {
        let queue = self.item(index).queue;
        self.queues[queue as usize].turned_away += 1;
        self.decisions.push(Decision::TurnedAway { item: self.item(index).id, why });
        self.forget(index);
    }

    /// Whether it waits for somebody who knows the matter, or is theirs already.
    fn wait_for_known(&mut self, index: ItemIndex) -> bool {
        let mut preferred = self.item(index).preferred().to_vec();
        if preferred.is_empty() {
            return false;
        }
        preferred.sort_by_key(|one| (std::cmp::Reverse(one.score), one.tie));
        self.reclass(index);
        let rules = self.queue(self.item(index).queue).continuity;
        for preference in preferred {
            let Ok(agent) = self.agent_index(preference.agent) else { continue };
            let able = self.market.serves(self.seat(agent).index.profile, self.item(index).class);
            if !able || self.item(index).bars(agent) {
                continue;
            }
            let on_duty = self.seat(agent).is_on_duty();
            let wait = if on_duty { rules.wait_seconds } else { rules.wait_absent_seconds };
            let free =
                self.fits(agent) >> self.item(index).shape & 1 == 1 && self.finishes(index, agent);
            if free || wait > 0 {
                self.hold_for(index, agent, seconds(wait));
                return true;
            }
        }
        false
    }

    /// Theirs if they have room, and held for them if not. Somebody wants it to be them: that they
    /// declined it once counts no more.
    pub(super) fn hold_for(&mut self, index: ItemIndex, agent: AgentIndex, wait: Micros) {
        if self.item(index).bars(agent) {
            self.item_mut(index).rare().barred.retain(|bar| bar.agent != agent);
        }
        let id = self.seat(agent).agent.id;
        self.hold(index, Hold::ForAgent(id), self.now + wait);
        self.seat_mut(agent).directed.push(index);
        let free =
            self.fits(agent) >> self.item(index).shape & 1 == 1 && self.finishes(index, agent);
        if free {
            // Nothing was held after all.
            self.decisions.pop();
            self.unplace(agent);
            let now = self.now;
            self.seat_mut(agent).account(now);
            let why = self.named(index, agent);
            self.give(index, agent, why);
            self.stirred_agents.push(agent);
        }
    }

    /// When something changes by waiting.
    pub(super) fn schedule(&mut self, index: ItemIndex) {
        let item = self.item(index);
        let rules = self.queue(item.queue);
        let step = rules.steps.get(usize::from(item.step));
        let step = step.map(|step| item.queued + seconds(step.after_seconds));
        let promotion = rules.promote_after_seconds.filter(|_| !item.promoted);
        let promotion = promotion.map(|after| item.arrived + seconds(after));
        let overflow = rules.overflow.as_ref().and_then(|overflow| overflow.after_seconds);
        let overflow = overflow
            .filter(|_| item.state == State::Waiting)
            .map(|after| item.queued + seconds(after))
            .filter(|at| *at > self.now);
        let next = [step, promotion, overflow].into_iter().flatten().min();
        self.item_mut(index).next = next;
        self.set_timer(next, Timer::Next(index));
    }

    /// A step, a promotion or an overflow is due.
    pub(super) fn advance(&mut self, index: ItemIndex) {
        self.item_mut(index).next = None;
        let item = self.item(index);
        let rules = self.queue(item.queue);
        if item.state == State::Waiting
            && let Some(overflow) = &rules.overflow
            && let Some(after) = overflow.after_seconds
            && item.queued + seconds(after) <= self.now
        {
            let to = self.queue_named(&overflow.to);
            if !self.is_full(to) {
                self.unqueue(index);
                return self.move_to(index, to);
            }
        }
        if item.state == State::Waiting {
            self.delist(index);
            self.take_steps(index);
            self.reclass(index);
            self.enlist(index);
            self.stirred_items.push(index);
        } else {
            self.take_steps(index);
        }
        self.schedule(index);
    }

    /// Promotion and all steps whose time has come, or that need not wait because nobody on duty
    /// could serve it as it is.
    pub(super) fn take_steps(&mut self, index: ItemIndex) {
        let item = self.item(index);
        let (queue, id) = (item.queue, item.id);
        let promote = self.queue(queue).promote_after_seconds;
        if !item.promoted && promote.is_some_and(|after| item.arrived + seconds(after) <= self.now)
        {
            self.item_mut(index).promoted = true;
            self.decisions.push(Decision::Promoted { item: id });
        }
        loop {
            let item = self.item(index);
            let queued = item.queued;
            let Some(step) = self.queue(queue).steps.get(usize::from(item.step)) else { return };
            let due = queued + seconds(step.after_seconds) <= self.now;
            let at_once = step.at_once_if_nobody;
            if !due {
                if !at_once {
                    return;
                }
                self.reclass(index);
                if self.market.is_staffed(self.item(index).class) {
                    return;
                }
            }
            let item = self.item_mut(index);
            item.step += 1;
            let step = item.step;
            self.decisions.push(Decision::Relaxed { item: id, step });
        }
    }

    /// A queue opens or closes.
    pub(super) fn change_hours(&mut self, queue: QueueIndex) {
        self.set_hours(queue);
        if let Opening::Shut { hold, until } = self.queues[queue as usize].opening {
            let waiting = self.waiting_in(queue);
            for index in waiting {
                if self.waits_in_pool(index) {
                    self.unqueue(index);
                    self.shut_out(index, hold, until);
                }
            }
        }
    }

    fn waiting_in(&self, queue: QueueIndex) -> Vec<ItemIndex> {
        let waits = |(index, item): (usize, &Option<super::item::Item>)| {
            let item = item.as_ref()?;
            (item.queue == queue && item.state == State::Waiting)
                .then_some((item.seq, index as ItemIndex))
        };
        let mut waiting: Vec<_> = self.items.iter().enumerate().filter_map(waits).collect();
        waiting.sort_unstable();
        waiting.into_iter().map(|(_, index)| index).collect()
    }

    /// Whether a queue serves from now on, and when that changes.
    pub(super) fn set_hours(&mut self, queue: QueueIndex) {
        let rules = self.queue(queue);
        let (opening, next) = match rules.hours.as_ref().map(|name| &self.centre.calendars[name]) {
            None => (Opening::Open, None),
            Some(calendar) => {
                let at = instant(self.now.max(0));
                let takes = match rules.finish_before_close {
                    true => seconds(rules.expected_seconds),
                    false => 0,
                };
                let closes = calendar.next_close(at).map(super::instant::micros);
                let opens = calendar.next_open(at).map(super::instant::micros);
                match (calendar.is_open(at), closes) {
                    (false, _) => (Opening::Shut { hold: Hold::Closed, until: opens }, opens),
                    (true, Some(closes)) if self.now + takes > closes => {
                        (Opening::Shut { hold: Hold::WouldNotFinish, until: opens }, Some(closes))
                    }
                    // At the last instant at which it would be finished it is still begun.
                    (true, Some(closes)) if takes > 0 => (Opening::Open, Some(closes - takes + 1)),
                    (true, Some(closes)) => (Opening::Open, Some(closes)),
                    (true, None) => (Opening::Open, None),
                }
            }
        };
        let record = &mut self.queues[queue as usize];
        record.opening = opening;
        record.hours_at = next;
        self.set_timer(next, Timer::Hours(queue));
    }
}
