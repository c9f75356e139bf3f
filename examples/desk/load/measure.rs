//! What is measured, and how it is told.

use std::time::Duration;

#[derive(Default)]
pub(crate) struct Latencies {
    /// From the call to the durable answer to the provider.
    pub(crate) acknowledged: Vec<Duration>,
    /// From the call to the message recognised, placed, routed and durable.
    pub(crate) routed: Vec<Duration>,
}

impl Latencies {
    pub(crate) fn add(&mut self, other: Self) {
        self.acknowledged.extend(other.acknowledged);
        self.routed.extend(other.routed);
    }
}

pub(crate) fn quantiles(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: f64| {
        let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    };
    format!("p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms", at(0.5), at(0.99), at(1.0))
}

/// CPU seconds of this process, all threads.
pub(crate) fn cpu_seconds() -> f64 {
    cpu_time::ProcessTime::try_now().map_or(0.0, |time| time.as_duration().as_secs_f64())
}

/// Memory of this process that is in RAM, where the system tells.
pub(crate) fn resident_mib() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<f64>().ok());
    pages.unwrap_or_default() * 4_096.0 / f64::from(1 << 20)
}
