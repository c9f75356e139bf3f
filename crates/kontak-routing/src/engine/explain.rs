//! Answers about one contact.

use super::Engine;
use super::instant::instant;
use super::item::{AgentIndex, State};
use super::rules::WhyNot;
use crate::{Answer, Change, Explanation};
use kontak_types::WorkItemId;

impl Engine {
    /// Why a contact is with this agent and with nobody else, or why it still waits, for how long,
    /// and what would change that. `None` where there is no such contact, or it is over.
    ///
    /// Complexity: O(agents + contacts).
    #[must_use]
    pub fn explain(&self, item: WorkItemId) -> Option<Explanation> {
        let index = self.find_item(item)?;
        let of = self.item(index);
        let holder = match of.state {
            State::Parked { agent } => Some(agent),
            other => other.holder(),
        };
        let why = match of.state {
            State::Offered { why, .. }
            | State::Active { why, .. }
            | State::Interrupted { why, .. } => Some(why),
            _ => None,
        };
        let hold = match of.state {
            State::Held { hold, .. } => Some(hold),
            _ => None,
        };
        let others: Vec<(AgentIndex, WhyNot)> = (0..self.seats.len() as AgentIndex)
            .filter(|agent| Some(*agent) != holder && !self.seat(*agent).removed)
            .map(|agent| (agent, self.why_not(index, agent).unwrap_or(WhyNot::Nothing)))
            .collect();
        let answer = match holder {
            Some(agent) => Answer::With { agent: self.seat(agent).agent.id, why },
            None => Answer::Waits {
                position: self.position_of(index),
                estimate: self.estimate(index),
                hold,
            },
        };
        let changes = match holder {
            Some(_) => Vec::new(),
            None => self.changes(index, &others),
        };
        let named = |(agent, why): (AgentIndex, WhyNot)| (self.seat(agent).agent.id, why);
        Some(Explanation {
            item,
            queue: self.queue(of.queue).id,
            queue_name: self.queues[of.queue as usize].name.clone(),
            state: of.state.kind(),
            answer,
            others: others.into_iter().map(named).collect(),
            changes,
        })
    }

    fn changes(&self, index: u32, others: &[(AgentIndex, WhyNot)]) -> Vec<Change> {
        let item = self.item(index);
        let mut timed = Vec::new();
        if let State::Held { hold, until } = item.state {
            timed.push((until, Change::HoldEnds { hold, at: instant(until) }));
        }
        if let Some(next) = item.next {
            timed.push((next, Change::NextStep { at: instant(next) }));
        }
        timed.sort_by_key(|(at, _)| *at);
        let mut changes: Vec<Change> = timed.into_iter().map(|(_, change)| change).collect();
        let asked = self.asked(item.queue, item.own, item.step);
        let able = |agent: AgentIndex| {
            let of = &self.seat(agent).agent;
            asked.is_met_by(of)
                && of.channels.get(self.market.channel(item.shape)).is_some_and(|most| *most > 0)
                && !item.bars(agent)
        };
        let (mut here, mut away) = (0, 0);
        for (agent, _) in others.iter().filter(|(agent, _)| able(*agent)) {
            match self.seat(*agent).is_on_duty() {
                true => here += 1,
                false => away += 1,
            }
        }
        match (here, away) {
            (0, 0) => changes.push(Change::NobodyAble),
            (0, able) => changes.push(Change::AgentComes { able }),
            (able, _) => changes.push(Change::AgentFrees { able }),
        }
        changes
    }
}
