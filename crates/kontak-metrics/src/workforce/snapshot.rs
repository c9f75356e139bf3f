use super::agent::{Agent, Sealed, canonical};
use super::steps::{Piece, QUARTER, Quarters, Steps};
use super::{AgentEvent, TimeShare, TwoShares, Workforce};
use crate::Seconds;
use crate::engine::instant;
use crate::history::Digest;
use chrono::{DateTime, Utc};
use kontak_types::AgentId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All of a [`Workforce`], in one form for one state: whatever order it came about in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WorkforceSnapshot {
    /// The version of this form.
    pub version: u32,
    /// What is computed.
    pub shares: Vec<TimeShare>,
    /// For how long a state holds that nothing follows.
    pub longest: Seconds,
    /// What is too late.
    pub horizon: Option<Seconds>,
    /// The last time that was told.
    pub now: Option<DateTime<Utc>>,
    /// Events that came too late.
    pub too_late: u64,
    /// By id.
    pub agents: Vec<AgentRecord>,
}

/// An agent in a [`WorkforceSnapshot`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AgentRecord {
    /// Which.
    pub id: AgentId,
    /// The events that are not sealed, by time.
    pub events: Vec<AgentEvent>,
    /// Late events that are held back.
    pub withheld: Vec<AgentEvent>,
    sealed: Option<SealedRecord>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedRecord {
    until: DateTime<Utc>,
    steps: Steps,
    count: u32,
    sum: String,
    quarters: Vec<(DateTime<Utc>, Vec<Piece>)>,
}

/// A snapshot that is none of this version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkforceRestoreError {
    /// It is of a later version.
    #[error("a snapshot of version {0}; expected 1")]
    Version(u32),
    /// It is damaged.
    #[error("agent {0} of the snapshot has no digest of its events")]
    Damaged(usize),
    /// Its definitions do not go together.
    #[error(transparent)]
    Shares(#[from] TwoShares),
}

/// Two that cannot be put together. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkforceMergeError {
    /// They compute something else.
    #[error("they differ in their shares, or in how long a state holds")]
    Different,
    /// Both have events of an agent, and one of them has let go of some.
    #[error("agent {0} is in both, and sealed in one: supply the history first")]
    NeedsHistory(AgentId),
}

const VERSION: u32 = 1;

impl Workforce {
    /// All of it.
    pub fn snapshot(&mut self) -> WorkforceSnapshot {
        self.settle();
        let agents = self.agents.iter().map(|(id, agent)| AgentRecord::new(*id, agent));
        WorkforceSnapshot {
            version: VERSION,
            shares: self.shares.clone(),
            longest: self.longest,
            horizon: self.horizon,
            now: self.now,
            too_late: self.too_late,
            agents: agents.collect(),
        }
    }

    /// What a snapshot was made of.
    ///
    /// # Errors
    ///
    /// The snapshot is of another version, or damaged.
    pub fn restore(snapshot: WorkforceSnapshot) -> Result<Self, WorkforceRestoreError> {
        if snapshot.version != VERSION {
            return Err(WorkforceRestoreError::Version(snapshot.version));
        }
        let mut agents = BTreeMap::new();
        for (at, record) in snapshot.agents.into_iter().enumerate() {
            let id = record.id;
            let agent = record.agent().ok_or(WorkforceRestoreError::Damaged(at))?;
            agents.insert(id, agent);
        }
        let workforce = Self::new(snapshot.shares)?;
        Ok(Self {
            agents,
            now: snapshot.now,
            longest: snapshot.longest,
            horizon: snapshot.horizon,
            too_late: snapshot.too_late,
            ..workforce
        })
    }

    /// Takes in all that another shard of the same tenant has, whoever's events are where.
    ///
    /// # Errors
    ///
    /// They do not compute the same, or an agent that both have is sealed in one of them.
    pub fn merge(&mut self, other: Self) -> Result<(), WorkforceMergeError> {
        if (&self.shares, self.longest) != (&other.shares, other.longest) {
            return Err(WorkforceMergeError::Different);
        }
        for (id, theirs) in &other.agents {
            let mine = self.agents.get(id).and_then(|mine| mine.sealed);
            if self.agents.contains_key(id) && (mine.is_some() || theirs.sealed.is_some()) {
                return Err(WorkforceMergeError::NeedsHistory(*id));
            }
        }
        for (id, theirs) in other.agents {
            match self.agents.get_mut(&id) {
                Some(mine) => {
                    mine.events.extend(theirs.events);
                    mine.dirty = true;
                }
                None => {
                    self.agents.insert(id, theirs);
                }
            }
        }
        self.now = self.now.max(other.now);
        self.too_late += other.too_late;
        self.duplicates += other.duplicates;
        Ok(())
    }
}

impl AgentRecord {
    fn new(id: AgentId, agent: &Agent) -> Self {
        let sorted = |events: &[AgentEvent]| {
            let mut events = events.to_vec();
            canonical(&mut events);
            events
        };
        let sealed = agent.sealed.map(|sealed| SealedRecord {
            until: instant(sealed.until),
            steps: sealed.steps,
            count: sealed.digest.count,
            sum: sealed.digest.sum.to_string(),
            quarters: (agent.quarters.range(..quarter(sealed.until)))
                .map(|(quarter, pieces)| (instant(i64::from(*quarter) * QUARTER), pieces.clone()))
                .collect(),
        });
        Self { id, events: sorted(&agent.events), withheld: sorted(&agent.withheld), sealed }
    }

    fn agent(self) -> Option<Agent> {
        let mut quarters = Quarters::new();
        let mut sealed = None;
        if let Some(record) = self.sealed {
            let digest = Digest { count: record.count, sum: record.sum.parse().ok()? };
            let until = record.until.timestamp_micros();
            sealed = Some(Sealed { until, steps: record.steps, digest });
            let by_quarter = record.quarters.into_iter();
            quarters.extend(by_quarter.map(|(at, it)| (quarter(at.timestamp_micros()), it)));
        }
        let (events, withheld) = (self.events, self.withheld);
        Some(Agent { events, withheld, sealed, quarters, dirty: true, ..Agent::default() })
    }
}

fn quarter(at: i64) -> i32 {
    at.div_euclid(QUARTER) as i32
}
