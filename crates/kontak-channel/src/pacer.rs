use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// How many messages an account may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rate {
    /// How many per second on the long run; at least 1.
    pub per_second: u32,
    /// How many at once after a silence; at least 1.
    pub burst: u32,
}

impl Rate {
    /// So many per second, and so many at once.
    #[must_use]
    pub fn new(per_second: u32, burst: u32) -> Self {
        Self { per_second: per_second.max(1), burst: burst.max(1) }
    }
}

/// What goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Urgency {
    /// Somebody waits for it: an answer.
    Interactive,
    /// Nobody waits for it: a campaign, a reminder.
    Bulk,
}

/// Lets messages out at a rate, answers before campaigns.
///
/// The generic cell rate algorithm, with time as an argument. A provider that says "too much" stops
/// it until [`hold_until`](Self::hold_until).
///
/// ```
/// use kontak_channel::chrono::{DateTime, TimeDelta};
/// use kontak_channel::{Pacer, Rate, Urgency};
///
/// let mut pacer = Pacer::new(Rate::new(10, 1));
/// let now = DateTime::UNIX_EPOCH;
/// pacer.push(Urgency::Bulk, "campaign");
/// pacer.push(Urgency::Interactive, "answer");
/// assert_eq!(pacer.next(now), Some("answer"));
/// assert_eq!(pacer.next(now), None);
/// let then = pacer.next_deadline().ok_or("something waits")?;
/// assert_eq!(then, now + TimeDelta::milliseconds(100));
/// assert_eq!(pacer.next(then), Some("campaign"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pacer<T> {
    interval: TimeDelta,
    tolerance: TimeDelta,
    /// When the next message would be due if all came evenly.
    due: DateTime<Utc>,
    held_until: DateTime<Utc>,
    interactive: VecDeque<T>,
    bulk: VecDeque<T>,
}

impl<T> Pacer<T> {
    /// At this rate, with nothing waiting.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        let interval = TimeDelta::nanoseconds(1_000_000_000 / i64::from(rate.per_second.max(1)));
        let more = i32::try_from(rate.burst.max(1) - 1).unwrap_or(i32::MAX);
        Self {
            interval,
            tolerance: interval * more,
            due: DateTime::<Utc>::MIN_UTC,
            held_until: DateTime::<Utc>::MIN_UTC,
            interactive: VecDeque::new(),
            bulk: VecDeque::new(),
        }
    }

    /// Puts a message behind those of its urgency.
    pub fn push(&mut self, urgency: Urgency, message: T) {
        match urgency {
            Urgency::Interactive => self.interactive.push_back(message),
            Urgency::Bulk => self.bulk.push_back(message),
        }
    }

    /// The next message, if one may go now.
    pub fn next(&mut self, now: DateTime<Utc>) -> Option<T> {
        if self.next_deadline()? > now {
            return None;
        }
        self.due = self.due.max(now) + self.interval;
        self.interactive.pop_front().or_else(|| self.bulk.pop_front())
    }

    /// When the next message may go; nothing where none waits. It may be in the past.
    #[must_use]
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        if self.is_empty() {
            return None;
        }
        let due = self.due.checked_sub_signed(self.tolerance).unwrap_or(DateTime::<Utc>::MIN_UTC);
        Some(due.max(self.held_until))
    }

    /// Nothing goes before then: the provider said so.
    pub fn hold_until(&mut self, until: DateTime<Utc>) {
        self.held_until = self.held_until.max(until);
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.interactive.len() + self.bulk.len()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
