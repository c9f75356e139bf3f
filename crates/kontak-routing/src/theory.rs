//! What queueing theory says of a queue, in closed form: to plan with, and to hold the engine
//! against.
//!
//! Arrivals are Poisson, services exponential, and everybody can serve everybody.

/// Erlang's B: the share that finds all of `agents` busy and is turned away, at `erlangs` offered.
///
/// ```
/// let blocked = kontak_routing::theory::erlang_b(2, 1.0);
/// assert!((blocked - 0.2).abs() < 1e-12);
/// ```
#[must_use]
pub fn erlang_b(agents: u32, erlangs: f64) -> f64 {
    (1..=agents).fold(1.0, |b, k| erlangs * b / (f64::from(k) + erlangs * b))
}

/// Erlang's C: the share that has to wait, where everybody waits as long as it takes. 1 where there
/// are too few agents for the load.
#[must_use]
pub fn erlang_c(agents: u32, erlangs: f64) -> f64 {
    let n = f64::from(agents);
    if erlangs >= n {
        return 1.0;
    }
    let b = erlang_b(agents, erlangs);
    n * b / (n - erlangs * (1.0 - b))
}

/// A queue whose customers wait as long as it takes (M/M/n). Rates are per second.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "these are the parameters of the model")]
pub struct ErlangC {
    /// How many serve.
    pub agents: u32,
    /// Arrivals a second.
    pub arrivals: f64,
    /// How long a service takes on average, in seconds.
    pub service: f64,
}

impl ErlangC {
    /// The share that has to wait.
    #[must_use]
    pub fn waits(&self) -> f64 {
        erlang_c(self.agents, self.arrivals * self.service)
    }

    /// By how much a second more could be served than arrive.
    fn spare(&self) -> f64 {
        f64::from(self.agents) / self.service - self.arrivals
    }

    /// The mean wait of all, in seconds.
    #[must_use]
    pub fn mean_wait(&self) -> f64 {
        self.waits() / self.spare()
    }

    /// The share that is served within this many seconds.
    #[must_use]
    pub fn service_level(&self, seconds: f64) -> f64 {
        1.0 - self.waits() * (-self.spare() * seconds).exp()
    }

    /// The mean waits of classes with strict priority, the highest first, which bring these shares
    /// of the arrivals. Nobody is interrupted (Cobham 1954).
    #[must_use]
    pub fn priority_waits(&self, shares: &[f64]) -> Vec<f64> {
        let load = self.arrivals * self.service / f64::from(self.agents);
        let residual = self.waits() * self.service / f64::from(self.agents);
        let mut before = 0.0;
        shares
            .iter()
            .map(|share| {
                let upto = before + share * load;
                let wait = residual / ((1.0 - before) * (1.0 - upto));
                before = upto;
                wait
            })
            .collect()
    }

    /// The mean waits of two classes, of which the first ages `ratio` times as fast and brings this
    /// share (Kleinrock 1964).
    #[must_use]
    pub fn ageing_waits(&self, share: f64, ratio: f64) -> (f64, f64) {
        let load = self.arrivals * self.service / f64::from(self.agents);
        let residual = self.waits() * self.service / f64::from(self.agents);
        let slow = residual / (1.0 - load) / (1.0 - share * load * (1.0 - 1.0 / ratio));
        // Both together wait as everybody does first come, first served.
        let fast = (self.mean_wait() - (1.0 - share) * slow) / share;
        (fast, slow)
    }
}

/// A queue whose customers give up after an exponential time (Erlang A, M/M/n+M).
#[derive(Clone, Debug, PartialEq)]
pub struct ErlangA {
    agents: u32,
    arrivals: f64,
    service: f64,
    patience: f64,
    /// The probability of each number in the system.
    states: Vec<f64>,
}

impl ErlangA {
    /// `arrivals` a second, mean `service` and mean `patience` in seconds.
    #[must_use]
    pub fn new(agents: u32, arrivals: f64, service: f64, patience: f64) -> Self {
        let n = f64::from(agents);
        let mut states = vec![1.0];
        let mut total = 1.0;
        for k in 1_u32.. {
            let k = f64::from(k);
            let leaving = k.min(n) / service + (k - n).max(0.0) / patience;
            let next = states[states.len() - 1] * arrivals / leaving;
            if k > n && next < total * 1e-17 {
                break;
            }
            total += next;
            states.push(next);
        }
        states.iter_mut().for_each(|state| *state /= total);
        Self { agents, arrivals, service, patience, states }
    }

    fn waiting(&self) -> impl Iterator<Item = (usize, f64)> {
        self.states[self.agents as usize..].iter().copied().enumerate()
    }

    /// The share that has to wait.
    #[must_use]
    pub fn waits(&self) -> f64 {
        self.waiting().map(|(_, p)| p).sum()
    }

    fn mean_queue(&self) -> f64 {
        self.waiting().map(|(behind, p)| behind as f64 * p).sum()
    }

    /// The share that gives up.
    #[must_use]
    pub fn abandons(&self) -> f64 {
        self.mean_queue() / self.patience / self.arrivals
    }

    /// The mean wait of all, those that give up among them, in seconds.
    #[must_use]
    pub fn mean_wait(&self) -> f64 {
        self.mean_queue() / self.arrivals
    }

    /// The share of the agents' time that is spent on customers.
    #[must_use]
    pub fn occupancy(&self) -> f64 {
        self.arrivals * (1.0 - self.abandons()) * self.service / f64::from(self.agents)
    }

    /// The share of all that is served within this many seconds.
    ///
    /// Who comes as number `j` of the queue moves up when somebody before them is served or gives
    /// up. The chain of their place is made discrete at its highest rate (uniformisation).
    #[must_use]
    pub fn service_level(&self, seconds: f64) -> f64 {
        let (serving, giving_up) = (f64::from(self.agents) / self.service, 1.0 / self.patience);
        let most = self.states.len() - self.agents as usize;
        let rate = serving + giving_up * most as f64;
        let mut places: Vec<f64> = self.waiting().map(|(_, p)| p).collect();
        let mut served: f64 = self.states[..self.agents as usize].iter().sum();
        let mean = rate * seconds;
        let steps = (mean + 12.0 * mean.sqrt() + 50.0) as usize;
        let mut log_weight = -mean;
        // P(served by step k) weighted with the Poisson probability of k steps until then.
        let at_once = served;
        let mut total = at_once * log_weight.exp();
        let mut weights = log_weight.exp();
        for step in 1..=steps {
            let mut next = vec![0.0; places.len()];
            for (ahead, p) in places.iter().enumerate() {
                let up = (serving + giving_up * ahead as f64) / rate;
                match ahead {
                    0 => served += p * up,
                    _ => next[ahead - 1] += p * up,
                }
                next[ahead] += p * (1.0 - up - giving_up / rate);
            }
            places = next;
            log_weight += (mean / step as f64).ln();
            total += served * log_weight.exp();
            weights += log_weight.exp();
        }
        total + served * (1.0 - weights).max(0.0)
    }
}
