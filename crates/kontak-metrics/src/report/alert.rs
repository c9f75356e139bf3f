use super::Statistic;
use serde::{Deserialize, Serialize};

/// An alarm for a share that must not fall below a goal, which may be looked at as often as one likes.
///
/// A dashboard looks every minute, and a test that is right in 95 of 100 looks is wrong once within the hour. This one
/// uses a confidence sequence, which holds at all looks together: if the true share is at the goal or above, the chance
/// that it is *ever* raised within a window is 5 % at most. It goes off again only when the share is back
/// above the goal by a margin, so that it does not flicker.
///
/// Feed it one window from its begin: a day, a shift. For the next one take a new alarm.
///
/// ```
/// use kontak_metrics::{Alarm, AlarmChange};
///
/// let mut alarm = Alarm::new(0.80, 0.02, 50);
/// assert_eq!(alarm.look(2, 10), None, "ten say nothing");
/// assert_eq!(alarm.look(90, 160), Some(AlarmChange::Raised));
/// assert_eq!(alarm.look(92, 162), None, "it is raised already");
/// assert_eq!(alarm.look(830, 1_000), Some(AlarmChange::Cleared));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Alarm {
    /// The share that must be held.
    pub goal: f64,
    /// How far above the goal the share must be for the alarm to go off.
    pub margin: f64,
    /// Below so many values it is never raised.
    pub least: u64,
    raised: bool,
}

/// What a look has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AlarmChange {
    /// The share is surely below the goal.
    Raised,
    /// The share is back.
    Cleared,
}

impl Alarm {
    /// An alarm that is off.
    #[must_use]
    pub fn new(goal: f64, margin: f64, least: u64) -> Self {
        Self { goal, margin, least, raised: false }
    }

    /// Whether it is raised.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.raised
    }

    /// Looks at what there is of the window so far.
    pub fn look(&mut self, successes: u64, of: u64) -> Option<AlarmChange> {
        if of == 0 {
            return None;
        }
        let share = successes as f64 / of as f64;
        if self.raised {
            self.raised = share < self.goal + self.margin;
            return (!self.raised).then_some(AlarmChange::Cleared);
        }
        self.raised = of >= self.least && share + reach(of) < self.goal;
        self.raised.then_some(AlarmChange::Raised)
    }

    /// Looks at a report of a share; at another number it does not look.
    pub fn look_at(&mut self, statistic: &Statistic) -> Option<AlarmChange> {
        match statistic {
            Statistic::Share { successes, of, .. } => self.look(successes.get(), of.get()),
            _ => None,
        }
    }
}

/// How far above the share of `n` the true one may be, at every `n` at once, at 95 %: the stitched boundary of Howard,
/// Ramdas, McAuliffe and Sekhon (*Annals of Statistics* 49, 2021, equation 2), halved, as what is 0 or 1 is
/// sub-Gaussian with variance 1/4.
fn reach(n: u64) -> f64 {
    let n = n as f64;
    let iterated = (2.0 * n).ln().max(1.0).ln();
    0.5 * 1.7 * ((iterated + 0.72 * (5.2_f64 / 0.05).ln()) / n).sqrt()
}
