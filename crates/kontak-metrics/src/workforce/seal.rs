use super::agent::{canonical, digest};
use super::steps::QUARTER;
use super::{AgentEvent, Workforce};
use crate::{IngestError, Supplied};
use chrono::{DateTime, Utc};
use kontak_types::AgentId;

/// A history that cannot be used. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AgentHistoryError {
    /// There is no such agent, or nothing of theirs is sealed.
    #[error("nothing of the agent is sealed")]
    NotSealed,
    /// An event is of another agent.
    #[error("event {0} of the history is of another agent")]
    OtherAgent(usize),
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

impl Workforce {
    /// Lets go of the events before an instant, or before the watermark where that is earlier; their time stays added
    /// up. A later event of before then, or a correction of what may have been let go, is held back until
    /// [`supply`](Self::supply). Returns of how many agents something was sealed.
    pub fn seal(&mut self, before: DateTime<Utc>) -> u64 {
        let Some(now) = self.now else { return 0 };
        self.settle();
        let limit = before.min(now).timestamp_micros().div_euclid(QUARTER) * QUARTER;
        let longest = self.longest;
        self.agents.values_mut().map(|agent| u64::from(agent.seal(limit, longest))).sum()
    }

    /// The agents for whom events are held back.
    pub fn needs_history(&self) -> impl Iterator<Item = AgentId> {
        self.agents.iter().filter(|(_, agent)| !agent.withheld.is_empty()).map(|(id, _)| *id)
    }

    /// Brings all events that the journal holds of an agent, with or without the late ones. It is as if nothing of
    /// theirs had been sealed.
    ///
    /// # Errors
    ///
    /// Nothing of the agent is sealed, or the history is not all of it.
    pub fn supply<'a>(
        &mut self,
        of: AgentId,
        events: impl IntoIterator<Item = &'a AgentEvent>,
    ) -> Result<Supplied, AgentHistoryError> {
        let agent = self.agents.get_mut(&of).ok_or(AgentHistoryError::NotSealed)?;
        let sealed = agent.sealed.ok_or(AgentHistoryError::NotSealed)?.digest;
        canonical(&mut agent.events);
        let open = digest(&agent.events);
        let mut all = [agent.withheld.as_slice(), &agent.events].concat();
        for (at, event) in events.into_iter().enumerate() {
            if event.agent != of {
                return Err(AgentHistoryError::OtherAgent(at));
            }
            crate::engine::check_year(event.at)?;
            all.push(*event);
        }
        canonical(&mut all);
        let found = digest(&all);
        if found.count < sealed.count + open.count {
            let found = found.count.saturating_sub(open.count);
            return Err(AgentHistoryError::Incomplete { found, sealed: sealed.count });
        }
        agent.withheld = Vec::new();
        if found == sealed.and(open) {
            return Ok(Supplied::Unchanged);
        }
        (agent.events, agent.sealed, agent.dirty) = (all, None, true);
        Ok(Supplied::Reopened)
    }
}
