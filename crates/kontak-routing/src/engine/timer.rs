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
    pub(super) fn fire(&mut self) -> bool {
        let mut any = false;
        while let Some((at, timer)) = self.timers.first().copied()
            && at <= self.now
        {
            self.timers.pop_first();
            any = true;
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
        any
    }
}
