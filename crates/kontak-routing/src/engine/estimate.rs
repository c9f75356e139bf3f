//! How long a contact will still wait.

use super::Engine;
use super::item::ItemIndex;
use super::stats::duration;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long it will still wait, as far as the last starts of its queue tell.
///
/// With `k` contacts to go and a mean time `g` from one start to the next, the wait is the sum of
/// `k` such times: `k g`, and, where starts come at random, with a standard deviation of `g √k`. The
/// interval is that of about 95 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Estimate {
    /// On average.
    pub mean: Duration,
    /// Rarely less.
    pub least: Duration,
    /// Rarely more.
    pub most: Duration,
}

/// Before so many starts there is nothing to tell from.
const STARTS: u64 = 10;

impl Engine {
    /// Its place among those that wait in its queue, from 1.
    pub(crate) fn position_of(&self, index: ItemIndex) -> usize {
        let (own, queue) = (self.head(index), self.item(index).queue);
        let before = |(other, item): (usize, &Option<super::item::Item>)| {
            item.as_ref().is_some_and(|item| item.queue == queue && item.state.waits())
                && other as ItemIndex != index
                && self.head(other as ItemIndex).is_before(&own, self.now)
        };
        1 + self.items.iter().enumerate().filter(|(at, item)| before((*at, item))).count()
    }

    pub(crate) fn estimate(&self, index: ItemIndex) -> Option<Estimate> {
        let queue = &self.queues[self.item(index).queue as usize];
        if queue.served < STARTS {
            return None;
        }
        let places = self.position_of(index) as f64;
        let gap = queue.mean_gap as f64;
        let (mean, spread) = (places * gap, 1.96 * places.sqrt() * gap);
        let at = |micros: f64| duration(micros as i64);
        Some(Estimate { mean: at(mean), least: at(mean - spread), most: at(mean + spread) })
    }
}
