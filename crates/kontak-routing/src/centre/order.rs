use super::{Centre, Queue};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::time::Duration;

/// Who is next within a priority.
///
/// One calculus for all of it: a contact grows more *urgent* with time, by `slope` for each second
/// since its *anchor*. Head starts and deadlines move the anchor, ageing sets the slope, and costs
/// make priorities of their own. Anchor, slope and priority do not change while it waits, so that
/// nothing is ever sorted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Order {
    /// Who arrived first, as if they had come this much earlier.
    Arrival {
        /// Seconds of head start before queues without one. 0 is plain first come, first served.
        head_start_seconds: u32,
    },
    /// Who has waited longest, seconds counted this many times (Kleinrock's linear ageing).
    Ageing {
        /// What a second counts; plain arrival counts 1.
        slope: u32,
    },
    /// Whose deadline is first. Against other orders, a contact at its deadline is as urgent as one
    /// that has just arrived.
    Deadline {
        /// Deadlines further from the arrival than this count as this, as does having none.
        horizon_seconds: u32,
    },
    /// Whose waiting costs most for the time it takes to serve them (the cµ rule): before all with a
    /// smaller ratio. Strict, as priorities are.
    Cost {
        /// What an hour of waiting costs, in any unit that all queues share.
        per_hour: u32,
    },
}

impl Default for Order {
    fn default() -> Self {
        Self::Arrival { head_start_seconds: 0 }
    }
}

/// How many who come later may be served before one who waits: a bound on when they arrive.
///
/// Somebody who arrives `later` than a contact that waits may go first only where
/// [`allows`](Self::allows) says so. It binds where both ask for the same agent and no hold or
/// continuity speaks for one of them.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Overtaking {
    /// Those of a higher priority or cost: if they arrive within this time; `None` is for ever.
    pub higher: Option<Duration>,
    /// Those of the same priority: if they arrive within this time...
    pub same: Duration,
    /// ... and within this share of the wait, beyond.
    pub share_of_wait: f64,
}

impl Overtaking {
    /// Whether somebody of the same priority who arrived `later` may go before one who has waited
    /// for `wait`.
    #[must_use]
    pub fn allows(&self, later: Duration, wait: Duration) -> bool {
        later.as_secs_f64() <= self.same.as_secs_f64() + self.share_of_wait * wait.as_secs_f64()
    }
}

/// Before all that come later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Lane {
    /// The promoted, then priorities, then costs.
    pub(crate) tier: Reverse<(bool, i32, u32)>,
    pub(crate) slope: u32,
}

impl Lane {
    pub(crate) fn promoted() -> Self {
        Self { tier: Reverse((true, 0, 0)), slope: 1 }
    }
}

pub(crate) const SECOND: i64 = 1_000_000;

pub(crate) fn seconds(count: u32) -> i64 {
    i64::from(count) * SECOND
}

impl Queue {
    pub(crate) fn lane(&self, priority: i32) -> Lane {
        let priority = self.priority.saturating_add(priority);
        let (index, slope) = match self.order {
            Order::Arrival { .. } | Order::Deadline { .. } => (0, 1),
            Order::Ageing { slope } => (0, slope.max(1)),
            Order::Cost { per_hour } => {
                let index = u64::from(per_hour) * 3_600 / u64::from(self.expected_seconds.max(1));
                (u32::try_from(index).unwrap_or(u32::MAX), 1)
            }
        };
        Lane { tier: Reverse((false, priority, index)), slope }
    }

    /// From when on it grows urgent.
    pub(crate) fn anchor(&self, arrived: i64, due: Option<i64>) -> i64 {
        match self.order {
            Order::Arrival { head_start_seconds } => arrived - seconds(head_start_seconds),
            Order::Ageing { .. } | Order::Cost { .. } => arrived,
            Order::Deadline { horizon_seconds } => {
                let last = arrived + seconds(horizon_seconds);
                due.map_or(last, |due| due.clamp(arrived, last))
            }
        }
    }

    /// How much earlier than the arrival the anchor can lie: from, to.
    fn head_start(&self) -> (i64, i64) {
        match self.order {
            Order::Arrival { head_start_seconds } => {
                (seconds(head_start_seconds), seconds(head_start_seconds))
            }
            Order::Ageing { .. } | Order::Cost { .. } => (0, 0),
            Order::Deadline { horizon_seconds } => (-seconds(horizon_seconds), 0),
        }
    }
}

impl Centre {
    /// The stated bound for contacts of this queue; `None` where there is no such queue.
    ///
    /// With anchors at most `H` before the arrival elsewhere, at least `h` here, and slopes `B`
    /// elsewhere and `b` here, somebody who comes `d` later is more urgent after a wait `w` only if
    /// `B (w - d + H) >= b (w + h)`, so `d <= H - h b/B + (1 - b/B) w`.
    #[must_use]
    pub fn overtaking(&self, queue: &str) -> Option<Overtaking> {
        let this = self.queues.get(queue)?;
        let slope = |queue: &Queue| f64::from(queue.lane(0).slope);
        let own = (this.head_start().0 as f64 / SECOND as f64, slope(this));
        let mut same: f64 = 0.0;
        let mut share: f64 = 0.0;
        for other in self.queues.values() {
            let theirs = (other.head_start().1 as f64 / SECOND as f64, slope(other));
            let ratio = own.1 / theirs.1;
            same = same.max(theirs.0 - own.0 * ratio);
            share = share.max(1.0 - ratio);
        }
        let higher =
            this.promote_after_seconds.map(|seconds| Duration::from_secs(u64::from(seconds)));
        Some(Overtaking { higher, same: Duration::from_secs_f64(same), share_of_wait: share })
    }
}
