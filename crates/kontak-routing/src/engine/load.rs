//! What an agent has in hand, and whether one more fits.

use crate::Channel;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// The number of a channel; a bit of the word that says what an agent can take.
pub(super) type Shape = u8;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Load {
    /// Units that nothing interrupts.
    pub(super) hard: u32,
    /// How many contacts have them.
    pub(super) hard_count: u32,
    /// Units of work that makes way.
    pub(super) soft: u32,
    pub(super) exclusive: u32,
    /// By channel, interrupted work included.
    pub(super) counts: SmallVec<[u16; 8]>,
}

impl Load {
    pub(super) fn is_empty(&self) -> bool {
        self.counts.iter().all(|count| *count == 0)
    }

    pub(super) fn used(&self) -> u32 {
        self.hard + self.soft
    }

    pub(super) fn count(&self, shape: Shape) -> u16 {
        self.counts.get(usize::from(shape)).copied().unwrap_or(0)
    }

    /// Whether one more fits, the cap of its channel apart.
    pub(super) fn has_room(&self, capacity: u32, cost: Channel) -> bool {
        if self.exclusive > 0 {
            return false;
        }
        let taken = match (cost.interruptible, cost.exclusive) {
            (true, _) => self.hard + self.soft,
            (false, true) if self.hard_count > 0 => return false,
            (false, _) => self.hard,
        };
        taken.saturating_add(cost.units) <= capacity
    }

    pub(super) fn add(&mut self, shape: Shape, cost: Channel) {
        let at = usize::from(shape);
        if self.counts.len() <= at {
            self.counts.resize(at + 1, 0);
        }
        self.counts[at] += 1;
        if cost.interruptible {
            self.soft += cost.units;
        } else {
            self.hard += cost.units;
            self.hard_count += 1;
            self.exclusive += u32::from(cost.exclusive);
        }
    }

    pub(super) fn remove(&mut self, shape: Shape, cost: Channel) {
        self.counts[usize::from(shape)] -= 1;
        if cost.interruptible {
            self.soft -= cost.units;
        } else {
            self.hard -= cost.units;
            self.hard_count -= 1;
            self.exclusive -= u32::from(cost.exclusive);
        }
    }

    /// Its units go; its place on the channel stays.
    pub(super) fn interrupt(&mut self, cost: Channel) {
        self.soft -= cost.units;
    }

    pub(super) fn resume(&mut self, cost: Channel) {
        self.soft += cost.units;
    }
}
