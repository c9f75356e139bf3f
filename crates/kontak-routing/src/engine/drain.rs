//! Assigning all that can be assigned.
//!
//! Before an input nobody eligible waits while somebody eligible is free. So a pair that can be made
//! after it has an agent in it who was stirred, or a contact that was: only these are looked at.

use super::Engine;
use super::instant::Micros;
use super::item::{AgentIndex, ItemIndex, State};
use super::market::{Head, Seeker};
use crate::{Choice, Hold, Strategy};
use kontak_types::{AgentId, WorkItemId};
use std::collections::VecDeque;

impl Engine {
    /// Something about an agent is other than it was: they look for work again.
    pub(super) fn stir_agent(&mut self, index: AgentIndex) {
        self.unplace(index);
        let now = self.now;
        self.seat_mut(index).account(now);
        self.stirred_agents.push(index);
    }

    pub(super) fn drain(&mut self) {
        while !self.stirred_agents.is_empty() || !self.stirred_items.is_empty() {
            self.drain_agents();
            self.drain_items();
        }
    }

    /// Each takes one in turn, who was idle for longest first.
    fn drain_agents(&mut self) {
        if self.stirred_agents.is_empty() {
            return;
        }
        let mut agents = std::mem::take(&mut self.stirred_agents);
        if agents.len() > 1 {
            agents.sort_unstable_by_key(|index| {
                self.seat(*index).ranks(*index)[Strategy::LongestIdle as usize]
            });
            agents.dedup();
        }
        let mut turns: VecDeque<AgentIndex> = agents.into();
        while let Some(agent) = turns.pop_front() {
            self.unplace(agent);
            self.resume_work(agent);
            let found = self.most_urgent(agent);
            #[cfg(test)]
            self.audit_most_urgent(agent, found);
            match found {
                Some((item, why)) => {
                    self.give(item, agent, why);
                    turns.push_back(agent);
                }
                None => self.place(agent),
            }
        }
    }

    fn drain_items(&mut self) {
        if self.stirred_items.is_empty() {
            return;
        }
        let now = self.now;
        let mut items = std::mem::take(&mut self.stirred_items);
        items.retain(|index| self.waits_in_pool(*index));
        if items.len() > 1 {
            items.sort_unstable();
            items.dedup();
            items.sort_by(|a, b| {
                let (a, b) = (self.head(*a), self.head(*b));
                if a.is_before(&b, now) {
                    std::cmp::Ordering::Less
                } else {
                    std::cmp::Ordering::Greater
                }
            });
        }
        for item in items {
            // Giving one can end another: what made way for it, and what was asked about that.
            if !self.waits_in_pool(item) {
                continue;
            }
            let found = self.best_free(item);
            #[cfg(test)]
            self.audit_best_free(item, found);
            if let Some(agent) = found {
                self.unplace(agent);
                self.seat_mut(agent).account(now);
                self.give(item, agent, Choice::BestAgent);
                // Giving may have stirred them, to be looked at next.
                if !self.stirred_agents.contains(&agent) {
                    self.place(agent);
                }
            }
        }
    }

    pub(super) fn head(&self, index: ItemIndex) -> Head {
        let item = self.item(index);
        let (anchor, seq) = item.place();
        let lane = match item.promoted {
            true => crate::centre::Lane::promoted(),
            false => self.queue(item.queue).lane(item.priority),
        };
        Head { lane, anchor, seq }
    }

    /// What this agent would take next, had they room for one more on every channel. What waits for
    /// them by name is not looked at.
    #[must_use]
    pub fn next_for(&mut self, agent: AgentId) -> Option<WorkItemId> {
        let agent = self.agent_index(agent).ok()?;
        let (_, item) = self.most_urgent_for_all_room(agent)?;
        Some(self.item(item).id)
    }

    fn most_urgent_for_all_room(&mut self, agent: AgentIndex) -> Option<(Head, ItemIndex)> {
        let profile = self.seat(agent).index.profile;
        let seeker = Seeker { agent, profile, fits: u64::MAX, closes: None };
        let items = &self.items;
        let barred =
            |index: ItemIndex| items[index as usize].as_ref().is_some_and(|item| item.bars(agent));
        self.market.most_urgent(&seeker, self.now, barred)
    }

    /// Finds what this agent would take next, had they room, takes it out of the index and puts it
    /// behind all others of its kind: what a pick and an arrival cost the index, for benchmarks.
    #[doc(hidden)]
    pub fn rehearse(&mut self, agent: AgentId) -> Option<WorkItemId> {
        let agent = self.agent_index(agent).ok()?;
        let (_, item) = self.most_urgent_for_all_room(agent)?;
        self.delist(item);
        let seq = self.next_seq;
        self.next_seq += 1;
        let last = self.now + seq as Micros;
        let of = self.item_mut(item);
        (of.anchor, of.seq) = (last, seq);
        self.enlist(item);
        Some(self.item(item).id)
    }

    /// What this agent takes next, if anything.
    pub(super) fn most_urgent(&mut self, agent: AgentIndex) -> Option<(ItemIndex, Choice)> {
        let fits = self.fits(agent);
        if fits == 0 {
            return None;
        }
        let now = self.now;
        let seat = &self.seats[agent as usize];
        let seeker = Seeker { agent, profile: seat.index.profile, fits, closes: seat.shift_close };
        let items = &self.items;
        let barred = |index: ItemIndex| {
            items[index as usize].as_ref().is_some_and(|item| item.bars(seeker.agent))
        };
        let pooled = self.market.most_urgent(&seeker, now, barred);
        let mut best = pooled.map(|(head, item)| (head, item, Choice::MostUrgent));
        for index in &self.seats[agent as usize].directed {
            let fitting = fits >> self.item(*index).shape & 1 == 1;
            let head = self.head(*index);
            if fitting
                && self.finishes(*index, agent)
                && best.as_ref().is_none_or(|(best, ..)| head.is_before(best, now))
            {
                best = Some((head, *index, self.named(*index, agent)));
            }
        }
        best.map(|(_, item, why)| (item, why))
    }

    /// Why a contact that waits for this agent is theirs.
    pub(super) fn named(&self, index: ItemIndex, agent: AgentIndex) -> Choice {
        let item = self.item(index);
        if item.rare.as_ref().is_some_and(|rare| rare.by_name) {
            return Choice::Named;
        }
        let id = self.seat(agent).agent.id;
        let preferred = item.preferred().iter().find(|preference| preference.agent == id);
        preferred.map_or(Choice::Named, |preference| Choice::Continuity(preference.tie))
    }

    pub(super) fn best_free(&self, index: ItemIndex) -> Option<AgentIndex> {
        let item = self.item(index);
        let strategy = self.queue(item.queue).strategy;
        let allowed = |agent| !item.bars(agent) && self.finishes(index, agent);
        self.market.best_free(item.class, strategy, allowed)
    }

    /// Whether it would be done before the agent's shift ends, where that matters.
    pub(super) fn finishes(&self, index: ItemIndex, agent: AgentIndex) -> bool {
        let rules = self.queue(self.item(index).queue);
        let takes = crate::centre::seconds(rules.expected_seconds);
        !rules.finish_before_close
            || self.seat(agent).shift_close.is_none_or(|closes| self.now + takes <= closes)
    }

    /// Takes a contact out of the wait, whatever it waits as.
    pub(super) fn unqueue(&mut self, index: ItemIndex) {
        let state = self.item(index).state;
        match state {
            State::Waiting => self.delist(index),
            State::Held { hold, .. } => {
                if let Hold::ForAgent(agent) = hold
                    && let Some(agent) = self.seat_of.get(&agent).copied()
                {
                    self.seat_mut(agent).directed.retain(|other| *other != index);
                }
            }
            _ => return,
        }
        self.item_mut(index).next = None;
        let queue = self.item(index).queue;
        self.queues[queue as usize].waiting -= 1;
    }
}
