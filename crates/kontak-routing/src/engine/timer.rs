//! What is due when. Every entry follows from a contact, an agent or a queue and is taken out when
//! that changes, so that the first one is always real.

use super::Engine;
use super::instant::Micros;
use super::item::{AgentIndex, ItemIndex, QueueIndex, State};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Timer {
    /// A lease ends.
    Lease(AgentIndex),
    /// A shift begins or ends.
    Shift(AgentIndex),
    /// What somebody has goes back.
    Return(AgentIndex),
    /// A damper ends.
    Damper(AgentIndex),
    /// A queue opens or closes.
    Hours(QueueIndex),
    /// A batch is full of time.
    Batch(QueueIndex),
    /// An offer, a hold or a wrap-up ends.
    State(ItemIndex),
    /// A step, a promotion or an overflow is due.
    Next(ItemIndex),
    /// Somebody may have it again.
    Bar(ItemIndex, AgentIndex),
}

impl Engine {
    pub(super) fn set_timer(&mut self, at: Option<Micros>, timer: Timer) {
        if let Some(at) = at {
            self.timers.insert((at, timer));
        }
    }

    pub(super) fn clear_timer(&mut self, at: Option<Micros>, timer: Timer) {
        if let Some(at) = at {
            self.timers.remove(&(at, timer));
        }
    }

    /// Does what is due, in the order of its time. Whether there was anything.
    ///
    /// Who is there is settled first: where several things are due because somebody looks late,
    /// nothing is given to an agent whose lease or shift is over by now.
    pub(super) fn fire(&mut self) -> bool {
        let mut any = false;
        let is_due = |first: Option<&(Micros, Timer)>, now| first.is_some_and(|(at, _)| *at <= now);
        if is_due(self.timers.first(), self.now) {
            let due = self.timers.iter().take_while(|(at, _)| *at <= self.now).copied();
            let duty: Vec<(Micros, Timer)> = due.filter(|(_, timer)| timer.is_of_duty()).collect();
            for (at, timer) in duty {
                if self.timers.remove(&(at, timer)) {
                    self.go_off(timer);
                }
            }
        }
        while let Some((at, timer)) = self.timers.first().copied()
            && at <= self.now
        {
            self.timers.pop_first();
            any = true;
            self.go_off(timer);
        }
        any || !self.stirred_agents.is_empty()
    }

    fn go_off(&mut self, timer: Timer) {
        match timer {
            Timer::Lease(agent) => self.lapse(agent),
            Timer::Shift(agent) => self.change_shift(agent),
            Timer::Return(agent) => {
                self.seat_mut(agent).returns_at = None;
                self.return_work(agent);
            }
            Timer::Damper(agent) => {
                self.seat_mut(agent).damped_until = None;
                self.stir_agent(agent);
            }
            Timer::Hours(queue) => self.change_hours(queue),
            Timer::Batch(queue) => self.run_batch(queue),
            Timer::State(item) => match self.item(item).state {
                State::Offered { .. } => self.miss(item),
                State::Held { hold, .. } => self.release(item, hold),
                State::WrapUp { .. } => self.end(item, None),
                _ => {}
            },
            Timer::Next(item) => self.advance(item),
            Timer::Bar(item, agent) => self.unbar(item, agent),
        }
    }
}

impl Timer {
    fn is_of_duty(self) -> bool {
        matches!(self, Self::Lease(_) | Self::Shift(_))
    }
}
