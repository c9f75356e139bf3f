use super::{IngestError, Metrics};
use crate::Event;
use crate::history::{Digest, canonical, digest};
use chrono::{DateTime, Utc};
use kontak_types::ConversationId;

/// What became of a supplied history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Supplied {
    /// The late events said nothing new; the conversation stays sealed.
    Unchanged,
    /// The conversation is open again, with all its events, and is folded at the next [`Metrics::settle`].
    Reopened,
}

/// A history that cannot be used. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// There is no such conversation, it is open and needs none, or it is evicted and is brought back.
    #[error("the conversation is not sealed")]
    NotSealed,
    /// An event is of another conversation.
    #[error("event {0} of the history is of another conversation")]
    OtherConversation(usize),
    /// There are fewer records than were sealed.
    #[error("a history of {found} records; {sealed} were sealed")]
    Incomplete {
        /// How many were supplied, the late ones included.
        found: u32,
        /// How many there must be at least.
        sealed: u32,
    },
    /// An event cannot be taken.
    #[error(transparent)]
    Event(#[from] IngestError),
}

impl Metrics {
    /// Lets go of the events of conversations in which nothing has happened since `idle_since`. Their facts stay; an
    /// event that comes for one later is held back until [`supply`](Self::supply). Returns how many were sealed.
    pub fn seal(&mut self, idle_since: DateTime<Utc>) -> u64 {
        let limit = idle_since.timestamp_micros();
        self.settle();
        let mut sealed = 0;
        for record in &mut self.records {
            let idle = record.events.last().is_some_and(|event| event.at < limit);
            if record.sealed.is_none() && idle {
                record.sealed = Some(digest(&record.events));
                record.events = Vec::new();
                sealed += 1;
            }
        }
        self.grids.iter_mut().for_each(crate::cells::GridCells::shrink);
        sealed
    }

    /// The conversations for which events are held back: they are sealed, or [evicted](Self::evict).
    pub fn needs_history(&self) -> impl Iterator<Item = ConversationId> {
        self.withheld.keys().copied()
    }

    /// Brings all events that the journal holds of a sealed conversation, with or without the late ones. They are put
    /// together, and it is as if it had never been sealed.
    ///
    /// # Errors
    ///
    /// The conversation is not sealed, or the history is not all of it.
    pub fn supply<'a>(
        &mut self,
        conversation: ConversationId,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Result<Supplied, HistoryError> {
        let place = self.places.get(&conversation).copied().ok_or(HistoryError::NotSealed)?;
        let sealed = self.records[place as usize].sealed.ok_or(HistoryError::NotSealed)?;
        let mut all = self.withheld.get(&conversation).cloned().unwrap_or_default();
        for (at, event) in events.into_iter().enumerate() {
            if event.conversation != conversation {
                return Err(HistoryError::OtherConversation(at));
            }
            all.push(self.store(event)?);
        }
        canonical(&mut all, &self.names);
        let found = digest(&all);
        if found.count < sealed.count {
            return Err(HistoryError::Incomplete { found: found.count, sealed: sealed.count });
        }
        self.withheld.remove(&conversation);
        if found == sealed {
            return Ok(Supplied::Unchanged);
        }
        let record = &mut self.records[place as usize];
        record.events = all;
        record.sealed = None::<Digest>;
        self.mark(place);
        Ok(Supplied::Reopened)
    }
}
