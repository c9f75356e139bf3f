//! Assigning what came within a window together, at the least cost over all.

use super::Engine;
use super::item::{AgentIndex, ItemIndex, QueueIndex, State};
use crate::{Choice, Hold};
use pathfinding::kuhn_munkres::kuhn_munkres_min;
use pathfinding::matrix::Matrix;
use std::collections::BTreeSet;

/// What a pair costs that cannot be: more than any number of pairs that can.
const IMPOSSIBLE: i64 = 1 << 40;

/// What a contact costs with somebody who does not know the matter.
const STRANGER: i64 = 1 << 20;

/// So many on a side at most; the method takes the cube of it.
const MOST: usize = 256;

impl Engine {
    /// The window of a queue is over.
    ///
    /// A pair costs what the agent could do beyond this: the sum of their levels, so that the
    /// versatile stay free; and less with somebody who knows the matter, by their score.
    pub(super) fn run_batch(&mut self, queue: QueueIndex) {
        self.queues[queue as usize].batch_at = None;
        let mut items = self.gathered(queue);
        items.sort_by_key(|index| self.item(*index).seq);
        for index in &items {
            if self.is_kept(*index) {
                self.unqueue(*index);
                self.wait(*index);
            }
        }
        // Where the queue is shut by now, they went elsewhere.
        items.retain(|index| self.waits_in_pool(*index));
        items.truncate(MOST);
        for (item, agent) in self.least_cost(&items) {
            // Giving one can end another.
            if self.waits_in_pool(item) {
                self.unplace(agent);
                let now = self.now;
                self.seat_mut(agent).account(now);
                self.give(item, agent, Choice::Batch);
                self.stirred_agents.push(agent);
            }
        }
    }

    fn gathered(&self, queue: QueueIndex) -> Vec<ItemIndex> {
        let mut gathered = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            let held = item.as_ref().is_some_and(|item| {
                item.queue == queue
                    && matches!(item.state, State::Held { hold: Hold::BatchWindow, .. })
            });
            if held {
                gathered.push(index as ItemIndex);
            }
        }
        gathered
    }

    fn least_cost(&self, items: &[ItemIndex]) -> Vec<(ItemIndex, AgentIndex)> {
        let able: Vec<Vec<AgentIndex>> = items
            .iter()
            .map(|index| {
                let free = self.market.all_free(self.item(*index).class).into_iter();
                let item = self.item(*index);
                free.filter(|agent| !item.bars(*agent) && self.finishes(*index, *agent)).collect()
            })
            .collect();
        let mut agents: BTreeSet<AgentIndex> = able.iter().flatten().copied().collect();
        while agents.len() > MOST {
            agents.pop_last();
        }
        let agents: Vec<AgentIndex> = agents.into_iter().collect();
        if agents.is_empty() {
            return Vec::new();
        }
        let cost = |row: usize, column: usize| {
            let agent = agents[column];
            if !able[row].contains(&agent) {
                return IMPOSSIBLE;
            }
            let of = &self.seat(agent).agent;
            let levels: i64 = of.skills.values().map(|level| i64::from(level.value())).sum();
            let preferred = self.item(items[row]).preferred();
            let known = preferred.iter().find(|preference| preference.agent == of.id);
            levels + known.map_or(STRANGER, |known| i64::from(u16::MAX - known.score))
        };
        let (rows, columns) = (items.len(), agents.len());
        let pairs: Vec<(usize, usize)> = if rows <= columns {
            let matrix = Matrix::from_fn(rows, columns, |(row, column)| cost(row, column));
            kuhn_munkres_min(&matrix).1.into_iter().enumerate().collect()
        } else {
            let matrix = Matrix::from_fn(columns, rows, |(column, row)| cost(row, column));
            let columns = kuhn_munkres_min(&matrix).1.into_iter().enumerate();
            columns.map(|(column, row)| (row, column)).collect()
        };
        let possible = |(row, column): &(usize, usize)| cost(*row, *column) < IMPOSSIBLE;
        let mut pairs: Vec<(ItemIndex, AgentIndex)> = pairs
            .into_iter()
            .filter(possible)
            .map(|(row, column)| (items[row], agents[column]))
            .collect();
        pairs.sort_unstable();
        pairs
    }
}
