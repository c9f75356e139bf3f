//! Agents who come, pause, go, fall silent, and learn.

use super::Engine;
use super::instant::{instant, micros};
use super::item::{AgentIndex, State};
use super::seat::Seat;
use super::timer::Timer;
use crate::centre::seconds;
use crate::{Agent, Decision, Presence, Refusal, Withdrawal};
use kontak_types::AgentId;

impl Engine {
    pub(super) fn set_agent(&mut self, agent: Agent) {
        let now = self.now;
        let mut before = None;
        let index = match self.seat_of.get(&agent.id).copied() {
            Some(index) => {
                self.stir_agent(index);
                let seat = &self.seats[index as usize];
                self.market.count_on_duty(seat.index.profile, -i32::from(seat.is_on_duty()));
                before = Some(seat.index.profile);
                let seat = self.seat_mut(index);
                seat.agent = agent;
                seat.removed = false;
                index
            }
            None => {
                let index = self.seats.len() as AgentIndex;
                self.seat_of.insert(agent.id, index);
                self.seats.push(Seat::new(agent, now));
                index
            }
        };
        self.set_caps(index);
        let seat = &mut self.seats[index as usize];
        seat.index.profile = self.market.join(&seat.agent);
        self.market.count_on_duty(seat.index.profile, i32::from(seat.is_on_duty()));
        if let Some(before) = before {
            self.market.quit(before);
        }
        self.with_duty(index, |_| {});
    }

    pub(super) fn remove_agent(&mut self, id: AgentId) -> Result<(), Refusal> {
        let index = self.agent_index(id)?;
        self.change_presence(index, Presence::Offline);
        self.return_work(index);
        let seat = self.seat_mut(index);
        seat.removed = true;
        (seat.returns_at, seat.shift_change, seat.lease) = (None, None, None);
        Ok(())
    }

    pub(super) fn set_presence(&mut self, id: AgentId, presence: Presence) -> Result<(), Refusal> {
        let index = self.agent_index(id)?;
        self.seat_mut(index).missed = 0;
        self.renew_lease(index, presence != Presence::Offline);
        self.change_presence(index, presence);
        Ok(())
    }

    pub(super) fn heartbeat(&mut self, id: AgentId) -> Result<(), Refusal> {
        let index = self.agent_index(id)?;
        let seat = self.seat(index);
        let (lapsed, presence) = (seat.lapsed, seat.presence);
        if presence == Presence::Offline {
            return Ok(());
        }
        self.renew_lease(index, true);
        if lapsed {
            self.change_presence(index, presence);
            self.decisions.push(Decision::PresenceSet { agent: id, presence });
        }
        Ok(())
    }

    fn renew_lease(&mut self, index: AgentIndex, present: bool) {
        let lasts = self.centre.presence.lease_seconds.filter(|_| present);
        let until = lasts.map(|lasts| self.now + seconds(lasts));
        self.seat_mut(index).lease = until;
        self.set_timer(until, Timer::Lease(index));
    }

    /// No sign of life for too long.
    pub(super) fn lapse(&mut self, index: AgentIndex) {
        self.seat_mut(index).lease = None;
        self.with_duty(index, |seat| seat.lapsed = true);
        let agent = self.seat(index).agent.id;
        self.decisions.push(Decision::PresenceSet { agent, presence: Presence::Offline });
    }

    pub(super) fn change_presence(&mut self, index: AgentIndex, presence: Presence) {
        self.with_duty(index, |seat| {
            seat.presence = presence;
            seat.lapsed = false;
        });
    }

    pub(super) fn change_shift(&mut self, index: AgentIndex) {
        self.with_duty(index, |_| {});
    }

    /// Changes what decides whether somebody is on duty, and does what follows.
    fn with_duty(&mut self, index: AgentIndex, change: impl FnOnce(&mut Seat)) {
        self.stir_agent(index);
        let before = self.seat(index).is_on_duty();
        change(self.seat_mut(index));
        self.set_shift(index);
        let after = self.seat(index).is_on_duty();
        if before != after {
            let profile = self.seat(index).index.profile;
            self.market.count_on_duty(profile, if after { 1 } else { -1 });
            let now = self.now;
            let others = self.lowest_virtual_time(index);
            let seat = self.seat_mut(index);
            seat.on_duty_since = after.then_some(now);
            if after {
                seat.idle_since = now;
                // Level with the others: who was away is owed nothing.
                seat.virtual_time = seat.virtual_time.max(others);
            }
            seat.damped_until = None;
        }
        if !after {
            self.withdraw_offers(index);
        }
        self.set_return(index);
    }

    fn lowest_virtual_time(&self, but: AgentIndex) -> u64 {
        let others = self
            .seats
            .iter()
            .enumerate()
            .filter(|(index, seat)| *index != but as usize && seat.is_on_duty());
        others.map(|(_, seat)| seat.virtual_time).min().unwrap_or(0)
    }

    fn withdraw_offers(&mut self, index: AgentIndex) {
        for item in self.seat(index).work.clone() {
            if self.is_kept(item)
                && matches!(self.item(item).state, State::Offered { agent, .. } if agent == index)
            {
                self.withdraw(item, Withdrawal::AgentGone);
            }
        }
    }

    /// What somebody has goes back a while after they have gone.
    fn set_return(&mut self, index: AgentIndex) {
        let seat = self.seat(index);
        let gone = seat.presence == Presence::Offline || seat.lapsed;
        let before = seat.returns_at;
        if gone == before.is_some() && (!gone || !seat.work.is_empty()) {
            return;
        }
        let keep = seconds(self.centre.presence.keep_work_seconds);
        let at = (gone && !self.seat(index).work.is_empty()).then_some(self.now + keep);
        self.seat_mut(index).returns_at = at;
        self.set_timer(at, Timer::Return(index));
    }

    pub(super) fn crash(&mut self, id: AgentId) -> Result<(), Refusal> {
        let index = self.agent_index(id)?;
        self.renew_lease(index, false);
        self.change_presence(index, Presence::Offline);
        self.return_work(index);
        Ok(())
    }

    /// All that somebody has goes back to where it waited.
    pub(super) fn return_work(&mut self, index: AgentIndex) {
        self.seat_mut(index).returns_at = None;
        let agent = self.seat(index).agent.id;
        for item in self.seat(index).work.clone() {
            if !self.is_kept(item) {
                continue;
            }
            match self.item(item).state {
                State::Active { agent: holder, .. } | State::Interrupted { agent: holder, .. }
                    if holder == index =>
                {
                    self.let_go(item, index);
                    let id = self.item(item).id;
                    self.decisions.push(Decision::Returned { item: id, agent });
                    self.wait(item);
                }
                State::Offered { agent: holder, .. } if holder == index => {
                    self.withdraw(item, Withdrawal::AgentGone);
                }
                State::WrapUp { .. } => self.end(item, None),
                // They had handed it on and stayed with it.
                _ if self.item(item).giver() == Some(index) => self.release_giver(item),
                _ => {}
            }
        }
        // What waited for them by name need not any longer.
        for item in self.seat(index).directed.clone() {
            if self.is_kept(item)
                && let State::Held { hold, .. } = self.item(item).state
            {
                self.release(item, hold);
            }
        }
    }

    /// Whether their shift is on, and when that changes.
    pub(super) fn set_shift(&mut self, index: AgentIndex) {
        let before = self.seat(index).shift_change;
        let seat = &self.seats[index as usize];
        let calendar = seat.agent.shift.as_ref().and_then(|name| self.centre.calendars.get(name));
        let at = instant(self.now.max(0));
        let (open, change, close) = match calendar {
            None => (true, None, None),
            Some(calendar) => (
                calendar.is_open(at),
                calendar.next_change(at).map(micros),
                calendar.next_close(at).map(micros),
            ),
        };
        let seat = self.seat_mut(index);
        seat.shift_open = open;
        seat.shift_change = change;
        seat.shift_close = close;
        if change != before {
            self.set_timer(change, Timer::Shift(index));
        }
    }
}
