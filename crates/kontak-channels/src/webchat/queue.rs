//! What goes to one visitor, numbered and kept until they have it.

use kontak_channel::ProviderId;
use kontak_channel::chrono::{DateTime, Utc};
use std::collections::VecDeque;
use thiserror::Error;

/// The numbered frames for one visitor, over all of their connections.
///
/// What was acknowledged stays as long as there is room, so that a second tab that was away has it
/// too. What was not acknowledged is never dropped: a full queue refuses what comes next.
///
/// ```
/// use kontak_channel::chrono::DateTime;
/// use kontak_channels::webchat::Queue;
///
/// let mut queue = Queue::new(2);
/// let now = DateTime::UNIX_EPOCH;
/// assert_eq!(queue.push(None, "one".into(), now), Ok(1));
/// assert_eq!(queue.push(None, "two".into(), now), Ok(2));
/// assert!(queue.push(None, "three".into(), now).is_err());
/// queue.acknowledge(1);
/// assert_eq!(queue.push(None, "three".into(), now), Ok(3));
///
/// let after_one: Vec<_> = queue.after(1).map(|queued| queued.frame.as_str()).collect();
/// assert_eq!(after_one, ["two", "three"]);
/// assert_eq!(queue.missed(0), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Queue {
    capacity: usize,
    kept: VecDeque<Queued>,
    last: u64,
    acknowledged: u64,
}

/// One frame that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Queued {
    /// Its number, counted from 1 without a gap.
    pub seq: u64,
    /// What it is called.
    pub id: Option<ProviderId>,
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// What is written.
    pub frame: String,
}

/// The visitor has not acknowledged anything for so long that no more is kept for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{capacity} frames wait already for a visitor who acknowledges none")]
#[non_exhaustive]
pub struct QueueFull {
    /// How many are kept.
    pub capacity: usize,
}

impl Queue {
    /// Keeps so many frames; at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), kept: VecDeque::new(), last: 0, acknowledged: 0 }
    }

    /// Takes a frame and gives its number. One that is called as one that is kept gets the number of
    /// that one, and is not taken again.
    ///
    /// # Errors
    /// Where the queue is full of what was not acknowledged.
    pub fn push(
        &mut self,
        id: Option<ProviderId>,
        frame: String,
        at: DateTime<Utc>,
    ) -> Result<u64, QueueFull> {
        if let Some(same) = self.kept.iter().find(|kept| id.is_some() && kept.id == id) {
            return Ok(same.seq);
        }
        if self.kept.len() >= self.capacity {
            let oldest = self.kept.front().map_or(0, |oldest| oldest.seq);
            if oldest > self.acknowledged {
                return Err(QueueFull { capacity: self.capacity });
            }
            self.kept.pop_front();
        }
        self.last += 1;
        self.kept.push_back(Queued { seq: self.last, id, at, frame });
        Ok(self.last)
    }

    /// Everything up to this number has arrived. Numbers that were never given out are passed over.
    pub fn acknowledge(&mut self, seq: u64) {
        if seq <= self.last {
            self.acknowledged = self.acknowledged.max(seq);
        }
    }

    /// What comes after this number, as far as it is kept.
    pub fn after(&self, seq: u64) -> impl Iterator<Item = &Queued> {
        self.kept.iter().filter(move |kept| kept.seq > seq)
    }

    /// How many frames after this number are kept no more.
    #[must_use]
    pub fn missed(&self, seq: u64) -> u64 {
        let oldest = self.kept.front().map_or(self.last + 1, |oldest| oldest.seq);
        oldest.saturating_sub(seq.min(self.last) + 1)
    }

    /// The number that was given out last.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Whether the visitor has everything.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.acknowledged == self.last
    }
}
