//! How many agents a load needs.

/// A queue with random arrivals, random handling times and nobody who gives up, after Erlang (1917): formula C.
///
/// ```
/// use kontak_metrics::ErlangC;
///
/// // 100 calls in half an hour, three minutes each.
/// let queue = ErlangC::new(100.0 / 1_800.0, 180.0).ok_or("no load")?;
/// let agents = queue.agents_for(0.80, 20.0).ok_or("too many")?;
/// assert_eq!(agents, 14);
/// assert!((queue.service_level(agents, 20.0) - 0.888_35).abs() < 1e-5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErlangC {
    traffic: f64,
    handle_time: f64,
}

/// Beyond this the formula is of no use, and the loop long.
const MOST_AGENTS: u32 = 10_000;

impl ErlangC {
    /// `per_second` arrivals, each of which takes `handle_time` seconds. `None` unless both are positive numbers.
    #[must_use]
    pub fn new(per_second: f64, handle_time: f64) -> Option<Self> {
        let traffic = per_second * handle_time;
        (per_second > 0.0 && handle_time > 0.0 && traffic.is_finite())
            .then_some(Self { traffic, handle_time })
    }

    /// The load, in Erlang: how many agents are at work on average.
    #[must_use]
    pub fn traffic(&self) -> f64 {
        self.traffic
    }

    /// How likely one has to wait; 1 where the agents cannot cope.
    #[must_use]
    pub fn wait_probability(&self, agents: u32) -> f64 {
        let agents_at_all = f64::from(agents);
        if agents_at_all <= self.traffic {
            return 1.0;
        }
        // Formula B by its recursion, which no factorial overflows, and C from B.
        let blocked = (1..=agents).fold(1.0, |blocked, n| {
            self.traffic * blocked / (f64::from(n) + self.traffic * blocked)
        });
        blocked / (1.0 - (self.traffic / agents_at_all) * (1.0 - blocked))
    }

    /// The share answered within `seconds`.
    #[must_use]
    pub fn service_level(&self, agents: u32, seconds: f64) -> f64 {
        let spare = f64::from(agents) - self.traffic;
        if spare <= 0.0 {
            return 0.0;
        }
        1.0 - self.wait_probability(agents) * (-spare * seconds / self.handle_time).exp()
    }

    /// The share of their time in which agents are at work.
    #[must_use]
    pub fn occupancy(&self, agents: u32) -> f64 {
        (self.traffic / f64::from(agents)).min(1.0)
    }

    /// The fewest agents that answer the share `goal` within `seconds`; `None` above 10,000.
    #[must_use]
    pub fn agents_for(&self, goal: f64, seconds: f64) -> Option<u32> {
        let least = (self.traffic.ceil() as u32).max(1);
        (least..=MOST_AGENTS).find(|agents| self.service_level(*agents, seconds) >= goal)
    }
}
