//! Agents' time: what they do, what they could do, and what they are planned for.

mod agent;
mod event;
mod seal;
mod share;
mod snapshot;
mod steps;
mod view;

use crate::{IngestError, Ingested, Seconds};
use agent::Agent;
use chrono::{DateTime, Utc};
use kontak_types::AgentId;
use std::collections::BTreeMap;

pub use event::{AgentEvent, AgentEventKind, AgentState};
pub use seal::AgentHistoryError;
pub use share::{Term, TimeOf, TimeShare};
pub use snapshot::{AgentRecord, WorkforceMergeError, WorkforceRestoreError, WorkforceSnapshot};
pub use view::{
    AgentNow, AgentRow, TeamRow, TeamTimeBreakdown, TimeBreakdown, TimeReport, WorkedTime,
    WorkforceError, WorkforceView,
};

/// The time of one tenant's agents: events in, occupancy, utilisation, shrinkage and adherence out.
///
/// As in [`Metrics`](crate::Metrics), what counts is the set of events and the last [`advance`](Self::advance), not
/// the order: time is added up to the watermark, so what is shown live is what a report says of that instant later.
/// A state, a plan or a load holds until the next one, though not for longer than
/// [a day](Self::with_longest): who forgot to log out is not available for weeks.
///
/// ```
/// use kontak_metrics::{AgentEvent, AgentEventKind, AgentState, EventId, TimeShare, Window, Workforce};
/// use kontak_types::AgentId;
/// use uuid::Uuid;
///
/// let mut workforce = Workforce::new(TimeShare::presets())?;
/// let agent = AgentId::new(Uuid::from_u128(1));
/// for (record, at, state) in [
///     (1, "2026-03-02T09:00:00Z", AgentState::Available),
///     (3, "2026-03-02T09:50:00Z", AgentState::Break),
///     (2, "2026-03-02T09:10:00Z", AgentState::OnContact), // late
/// ] {
///     let id = EventId::new(Uuid::from_u128(record));
///     let _ = workforce.ingest(&AgentEvent::new(agent, id, at.parse()?, AgentEventKind::State(state)))?;
/// }
/// workforce.advance("2026-03-02T10:00:00Z".parse()?);
/// let hour = Window::new("2026-03-02T09:00:00Z".parse()?, "2026-03-02T10:00:00Z".parse()?)?;
/// let view = workforce.settle();
/// assert_eq!(view.report("kontak.occupancy", &hour)?.share, Some(0.8)); // 40 of 50 minutes
/// assert_eq!(view.report("kontak.shrinkage", &hour)?.share, Some(1.0 / 6.0)); // 10 of 60
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Workforce {
    shares: Vec<TimeShare>,
    agents: BTreeMap<AgentId, Agent>,
    now: Option<DateTime<Utc>>,
    longest: Seconds,
    horizon: Option<Seconds>,
    too_late: u64,
    duplicates: u64,
}

/// Definitions that do not go together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("share `{id}` version {version} stands there twice")]
#[non_exhaustive]
pub struct TwoShares {
    /// Its name.
    pub id: crate::Tag,
    /// Its version.
    pub version: u32,
}

impl Workforce {
    /// An empty one that computes these shares.
    ///
    /// # Errors
    ///
    /// Two of them have one name and version.
    pub fn new(shares: Vec<TimeShare>) -> Result<Self, TwoShares> {
        for (place, TimeShare { id, version, .. }) in shares.iter().enumerate() {
            if shares[..place].iter().any(|it| it.id == *id && it.version == *version) {
                return Err(TwoShares { id: id.clone(), version: *version });
            }
        }
        Ok(Self {
            shares,
            agents: BTreeMap::new(),
            now: None,
            longest: Seconds::days(1),
            horizon: None,
            too_late: 0,
            duplicates: 0,
        })
    }

    /// For how long at most a state, a plan or a load holds that nothing follows.
    #[must_use]
    pub fn with_longest(mut self, longest: Seconds) -> Self {
        self.longest = longest;
        self.agents.values_mut().for_each(|agent| agent.dirty = true);
        self
    }

    /// Counts events as too late that are older than this before [`advance`](Self::advance)'s `now`, where the time
    /// of their agent is sealed. Without it none is.
    #[must_use]
    pub fn with_horizon(mut self, horizon: Seconds) -> Self {
        self.horizon = Some(horizon);
        self
    }

    /// Takes an event in. What it changes shows after the next [`settle`](Self::settle).
    ///
    /// # Errors
    ///
    /// It is of no year that can be counted.
    pub fn ingest(&mut self, event: &AgentEvent) -> Result<Ingested, IngestError> {
        crate::engine::check_year(event.at)?;
        let limit = self.horizon.zip(self.now).map(|(horizon, now)| horizon.before(now));
        let agent = self.agents.entry(event.agent).or_default();
        if !agent.needs_history_for(event) {
            agent.events.push(*event);
            agent.dirty = true;
            return Ok(Ingested::Taken);
        }
        if limit.is_some_and(|limit| event.at < limit) {
            self.too_late += 1;
            return Ok(Ingested::TooLate);
        }
        agent.withheld.push(*event);
        Ok(Ingested::NeedsHistory)
    }

    /// Says what time it is: up to when time is added up. It never goes back: an earlier one changes nothing.
    pub fn advance(&mut self, now: DateTime<Utc>) {
        self.now = self.now.max(Some(now));
    }

    /// Brings all numbers up to what was taken in and to the last [`advance`](Self::advance), and gives a view to ask.
    ///
    /// Complexity: the agents, and the open events of those of whom something came.
    pub fn settle(&mut self) -> WorkforceView<'_> {
        if let Some(now) = self.now {
            let (now, longest) = (now.timestamp_micros(), self.longest);
            let agents = self.agents.values_mut();
            self.duplicates += agents.map(|agent| agent.settle(now, longest)).sum::<u64>();
        }
        WorkforceView::new(self)
    }

    /// What it computes.
    #[must_use]
    pub fn shares(&self) -> &[TimeShare] {
        &self.shares
    }

    /// How many events said nothing new, of those that are settled; no part of the state.
    #[must_use]
    pub fn duplicates(&self) -> u64 {
        self.duplicates
    }
}
