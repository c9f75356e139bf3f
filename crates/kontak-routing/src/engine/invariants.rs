//! What must hold after every input, checked without the index.

use super::Engine;
use super::item::{AgentIndex, ItemIndex, State};
use super::load::Load;
use crate::Hold;
use kontak_types::{AgentId, WorkItemId};

/// Something that must never be so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// Somebody is free and may have it, and still it waits.
    #[error("{item} waits while {agent} is free and may have it")]
    IdleWhileWaiting {
        /// Which contact.
        item: WorkItemId,
        /// Who.
        agent: AgentId,
    },
    /// It is offered to somebody who is not on duty.
    #[error("{item} is offered to {agent}, who is not on duty")]
    OfferedOffDuty {
        /// Which contact.
        item: WorkItemId,
        /// To whom.
        agent: AgentId,
    },
    /// Its time is over.
    #[error("the offer or hold of {item} is over, and still there")]
    PastDeadline {
        /// Which contact.
        item: WorkItemId,
    },
    /// What an agent has in hand is not what was counted.
    #[error("what {agent} has in hand is not what was counted")]
    LoadDiffers {
        /// Who.
        agent: AgentId,
    },
    /// Two have it, or somebody has it twice.
    #[error("{item} is in hand {times} times")]
    InHand {
        /// Which contact.
        item: WorkItemId,
        /// How often.
        times: usize,
    },
}

impl Engine {
    /// Everything that must hold after every input, looked at one by one and without the index.
    /// Empty, unless there is a bug.
    ///
    /// Complexity: O(agents with room × contacts that wait).
    #[must_use]
    pub fn invariants(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        let mut in_hand = vec![0_usize; self.items.len()];
        for (index, seat) in self.seats.iter().enumerate() {
            let agent = seat.agent.id;
            let mut load = Load::default();
            for item in &seat.work {
                let own = self.item(*item).state.holder() == Some(index as AgentIndex);
                in_hand[*item as usize] += usize::from(own);
                let item = self.item(*item);
                load.add(item.shape, item.cost);
                if own && matches!(item.state, State::Interrupted { .. }) {
                    load.interrupt(item.cost);
                }
            }
            load.counts.resize(seat.load.counts.len().max(load.counts.len()), 0);
            let mut counted = seat.load.clone();
            counted.counts.resize(load.counts.len(), 0);
            if load != counted {
                found.push(Violation::LoadDiffers { agent });
            }
            if seat.is_available() {
                self.check_idle(index as AgentIndex, &mut found);
            }
        }
        for (index, item) in self.items.iter().enumerate() {
            let Some(item) = item else { continue };
            let id = item.id;
            if let State::Offered { agent, .. } = item.state
                && !self.seat(agent).is_on_duty()
            {
                let agent = self.seat(agent).agent.id;
                found.push(Violation::OfferedOffDuty { item: id, agent });
            }
            let due = item.state.ends();
            if due.is_some_and(|due| due <= self.now) {
                found.push(Violation::PastDeadline { item: id });
            }
            let times = usize::from(item.state.holder().is_some());
            if in_hand[index] != times {
                found.push(Violation::InHand { item: id, times: in_hand[index] });
            }
        }
        found
    }

    fn check_idle(&self, agent: AgentIndex, found: &mut Vec<Violation>) {
        for (index, item) in self.items.iter().enumerate() {
            let Some(item) = item else { continue };
            let candidate = match item.state {
                State::Waiting => self.serves_now(item.queue),
                State::Held { hold: Hold::ForAgent(id), .. } => id == self.seat(agent).agent.id,
                _ => false,
            };
            if candidate && self.why_not(index as ItemIndex, agent).is_none() {
                found.push(Violation::IdleWhileWaiting {
                    item: item.id,
                    agent: self.seat(agent).agent.id,
                });
            }
        }
    }
}
