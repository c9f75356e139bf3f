//! What is due when. Every timer follows from a contact, an agent or a queue, and is void when that
//! says otherwise by then: nobody has to take it back.

use super::Engine;
use super::instant::Micros;
use super::item::{AgentIndex, ItemIndex, QueueIndex, State};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

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

/// What was set, whether or not it still is: the first one is.
#[derive(Clone, Debug, Default)]
pub(super) struct Timers {
    heap: BinaryHeap<Reverse<(Micros, Timer)>>,
    /// How many there were when those that are void were thrown out last.
    kept: usize,
}

impl Timers {
    pub(super) fn first(&self) -> Option<Micros> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }
}

/// Void timers are thrown out when there are more of them than others, and than these.
const FEW: usize = 1_024;

impl Engine {
    pub(super) fn set_timer(&mut self, at: Option<Micros>, timer: Timer) {
        if let Some(at) = at {
            self.timers.heap.push(Reverse((at, timer)));
        }
    }

    /// Whether what a timer is for still wants it.
    fn is_set(&self, at: Micros, timer: Timer) -> bool {
        let seat = |agent: AgentIndex| &self.seats[agent as usize];
        let item = |item: ItemIndex| self.items[item as usize].as_ref();
        let of = match timer {
            Timer::Lease(agent) => seat(agent).lease,
            Timer::Shift(agent) => seat(agent).shift_change,
            Timer::Return(agent) => seat(agent).returns_at,
            Timer::Damper(agent) => seat(agent).damped_until,
            Timer::Hours(queue) => self.queues.get(queue as usize).and_then(|of| of.hours_at),
            Timer::Batch(queue) => self.queues.get(queue as usize).and_then(|of| of.batch_at),
            Timer::State(of) => item(of).and_then(|item| item.state.ends()),
            Timer::Next(of) => item(of).and_then(|item| item.next),
            Timer::Bar(of, agent) => {
                let bar =
                    item(of).and_then(|item| item.barred().iter().find(|bar| bar.agent == agent));
                bar.and_then(|bar| bar.until)
            }
        };
        of == Some(at)
    }

    /// Leaves a timer that is real at the front.
    pub(super) fn settle_timers(&mut self) {
        while let Some(Reverse((at, timer))) = self.timers.heap.peek().copied()
            && !self.is_set(at, timer)
        {
            self.timers.heap.pop();
        }
        if self.timers.heap.len() > 2 * self.timers.kept + FEW {
            let mut all = std::mem::take(&mut self.timers.heap).into_vec();
            all.retain(|Reverse((at, timer))| self.is_set(*at, *timer));
            all.sort_unstable();
            all.dedup();
            self.timers = Timers { kept: all.len(), heap: all.into() };
        }
    }

    /// Takes out the next one that is due.
    fn due(&mut self) -> Option<(Micros, Timer)> {
        while let Some(first) = self.timers.heap.peek().copied()
            && first.0.0 <= self.now
        {
            // The same may have been set several times.
            while self.timers.heap.peek() == Some(&first) {
                self.timers.heap.pop();
            }
            let Reverse((at, timer)) = first;
            if self.is_set(at, timer) {
                return Some((at, timer));
            }
        }
        None
    }

    /// Does what is due, in the order of its time. Whether there was anything.
    ///
    /// Who is there is settled first: where several things are due because somebody looks late,
    /// nothing is given to an agent whose lease or shift is over by now.
    pub(super) fn fire(&mut self) -> bool {
        let mut any = false;
        if self.timers.first().is_some_and(|at| at <= self.now) {
            let due: Vec<(Micros, Timer)> = std::iter::from_fn(|| self.due()).collect();
            let (duty, rest): (Vec<_>, Vec<_>) =
                due.into_iter().partition(|(_, timer)| timer.is_of_duty());
            self.timers.heap.extend(rest.into_iter().map(Reverse));
            for (at, timer) in duty {
                if self.is_set(at, timer) {
                    self.go_off(timer);
                }
            }
        }
        while let Some((_, timer)) = self.due() {
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
