use super::steps::{Piece, QUARTER};
use super::{AgentState, Term, TimeOf, TimeShare, Workforce};
use crate::engine::instant;
use crate::{Completeness, Tag, TeamId, Teams, Window};
use chrono::{DateTime, Utc};
use kontak_types::AgentId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The numbers of a settled [`Workforce`], to be asked for.
#[derive(Clone, Copy, Debug)]
pub struct WorkforceView<'a> {
    workforce: &'a Workforce,
}

/// A question that has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkforceError {
    /// None has that name.
    #[error("there is no share `{0}`")]
    NoShare(String),
    /// Time is added up by quarters of an hour.
    #[error("the window ends at {0}, in the middle of a quarter of an hour")]
    NoQuarter(DateTime<Utc>),
}

/// A share of agents' time, and what it is made of. It is no sample, so there is no interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TimeReport {
    /// Which share.
    pub share_of: Tag,
    /// In which version.
    pub version: u32,
    /// Of which time.
    pub window: Window,
    /// Above the line divided by below it; `None` of none.
    pub share: Option<f64>,
    /// Above the line, in seconds, or seconds times units of capacity.
    pub above: f64,
    /// Below it.
    pub below: f64,
    /// How many agents have time below the line.
    pub agents: u64,
    /// What may still come.
    pub completeness: Completeness,
}

/// A share by agent. Time adds up, so what is below and above the line adds up to the total.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TimeBreakdown {
    /// The agents who have time above or below the line.
    pub rows: Vec<AgentRow>,
    /// All together, made of the rows' times and not of their shares.
    pub total: TimeReport,
}

/// An agent in a [`TimeBreakdown`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentRow {
    /// Who.
    pub agent: AgentId,
    /// The number.
    pub report: TimeReport,
}

/// A share by team.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TeamTimeBreakdown {
    /// The teams that have time above or below the line, those in no team last.
    pub rows: Vec<TeamRow>,
    /// All together, made of the rows' times and not of their shares.
    pub total: TimeReport,
}

/// A team in a [`TeamTimeBreakdown`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TeamRow {
    /// Which; `None` for agents in none.
    pub team: Option<TeamId>,
    /// The number. Who was in two teams is counted among the agents of each.
    pub report: TimeReport,
}

/// What an agent did in a quarter of an hour, and how a share counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WorkedTime {
    /// When the quarter of an hour begins.
    pub at: DateTime<Utc>,
    /// What the agent did.
    pub state: AgentState,
    /// What was planned.
    pub planned: AgentState,
    /// For how long, in microseconds.
    pub micros: u64,
    /// Whether it stands above the line.
    pub above: bool,
    /// Whether it stands below the line.
    pub below: bool,
}

/// What an agent does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentNow {
    /// Who.
    pub agent: AgentId,
    /// What.
    pub state: AgentState,
    /// Units of capacity that are used.
    pub used: u16,
    /// Units of capacity that are offered.
    pub capacity: u16,
}

/// Above the line, below it, and of how many agents.
#[derive(Clone, Copy, Default)]
struct Sums {
    above: u128,
    below: u128,
    agents: u64,
}

impl<'a> WorkforceView<'a> {
    pub(super) fn new(workforce: &'a Workforce) -> Self {
        Self { workforce }
    }

    /// A number.
    ///
    /// Complexity: the agents times the quarters of an hour of the window.
    ///
    /// # Errors
    ///
    /// There is no such share, or the window does not begin and end with a quarter of an hour.
    pub fn report(&self, share: &str, window: &Window) -> Result<TimeReport, WorkforceError> {
        Ok(self.by_agent(share, window)?.total)
    }

    /// Numbers by agent, in the order of their ids.
    ///
    /// # Errors
    ///
    /// There is no such share, or the window does not begin and end with a quarter of an hour.
    pub fn by_agent(&self, share: &str, window: &Window) -> Result<TimeBreakdown, WorkforceError> {
        let share = self.find(share)?;
        let quarters = quarters(window)?;
        let completeness = self.completeness(window);
        let mut total = Sums::default();
        let mut rows = Vec::new();
        for (id, agent) in &self.workforce.agents {
            let mut sums = Sums::default();
            for piece in agent.quarters.range(quarters.clone()).flat_map(|(_, pieces)| pieces) {
                sums.above += share.above.count(piece);
                sums.below += share.below.count(piece);
            }
            sums.agents = u64::from(sums.below > 0);
            if sums.above == 0 && sums.below == 0 {
                continue;
            }
            total.above += sums.above;
            total.below += sums.below;
            total.agents += sums.agents;
            rows.push(AgentRow { agent: *id, report: report(share, window, sums, completeness) });
        }
        Ok(TimeBreakdown { rows, total: report(share, window, total, completeness) })
    }

    /// Numbers by the team that agents were in when a quarter of an hour began, in the order of their ids.
    ///
    /// # Errors
    ///
    /// There is no such share, or the window does not begin and end with a quarter of an hour.
    pub fn by_team(
        &self,
        share: &str,
        window: &Window,
        teams: &Teams,
    ) -> Result<TeamTimeBreakdown, WorkforceError> {
        let total = self.report(share, window)?;
        let share = self.find(share)?;
        let range = quarters(window)?;
        let mut sums: BTreeMap<(bool, Option<TeamId>), Sums> = BTreeMap::new();
        for (id, agent) in &self.workforce.agents {
            let mut own: BTreeMap<Option<TeamId>, Sums> = BTreeMap::new();
            for (quarter, pieces) in agent.quarters.range(range.clone()) {
                let team = teams.team_of(*id, instant(i64::from(*quarter) * QUARTER));
                let own = own.entry(team).or_default();
                for piece in pieces {
                    own.above += share.above.count(piece);
                    own.below += share.below.count(piece);
                }
            }
            for (team, own) in own.into_iter().filter(|(_, own)| own.above > 0 || own.below > 0) {
                let sums = sums.entry((team.is_none(), team)).or_default();
                sums.above += own.above;
                sums.below += own.below;
                sums.agents += u64::from(own.below > 0);
            }
        }
        let completeness = self.completeness(window);
        let rows = sums.into_iter().map(|((_, team), sums)| TeamRow {
            team,
            report: report(share, window, sums, completeness),
        });
        Ok(TeamTimeBreakdown { rows: rows.collect(), total })
    }

    /// What of an agent's time stands above and below the line, quarter by quarter of an hour. Of an agent never seen
    /// it is nothing.
    ///
    /// # Errors
    ///
    /// There is no such share, or the window does not begin and end with a quarter of an hour.
    pub fn explain(
        &self,
        agent: AgentId,
        share: &str,
        window: &Window,
    ) -> Result<Vec<WorkedTime>, WorkforceError> {
        let share = self.find(share)?;
        let range = quarters(window)?;
        let agent = self.workforce.agents.get(&agent);
        let quarters = agent.into_iter().flat_map(|agent| agent.quarters.range(range.clone()));
        let pieces = quarters.flat_map(|(quarter, pieces)| {
            pieces.iter().map(move |piece| WorkedTime {
                at: instant(i64::from(*quarter) * QUARTER),
                state: piece.state,
                planned: piece.planned,
                micros: piece.time,
                above: share.above.holds(piece.state, piece.planned),
                below: share.below.holds(piece.state, piece.planned),
            })
        });
        Ok(pieces.collect())
    }

    /// What the agents do at the watermark, who are there, in the order of their ids.
    pub fn now(&self) -> impl Iterator<Item = AgentNow> + use<'a> {
        let now = self.workforce.now.map(|now| now.timestamp_micros());
        let agents = self.workforce.agents.iter();
        agents.filter_map(move |(agent, held)| {
            let (now, steps) = (now?, held.steps());
            let (state, (used, capacity)) = (steps.state(now), steps.load(now));
            let is_there = state != AgentState::Offline;
            is_there.then_some(AgentNow { agent: *agent, state, used, capacity })
        })
    }

    /// Up to when time was told.
    #[must_use]
    pub fn watermark(&self) -> Option<DateTime<Utc>> {
        self.workforce.now
    }

    fn completeness(self, window: &Window) -> Completeness {
        let Workforce { now, agents, too_late, .. } = self.workforce;
        Completeness {
            watermark: *now,
            window_is_over: now.is_some_and(|now| now >= window.until()),
            need_history: agents.values().filter(|agent| !agent.withheld.is_empty()).count() as u64,
            too_late: *too_late,
        }
    }

    fn find(self, id: &str) -> Result<&'a TimeShare, WorkforceError> {
        let named = self.workforce.shares.iter().filter(|share| share.id.as_str() == id);
        let newest = named.max_by_key(|share| share.version);
        newest.ok_or_else(|| WorkforceError::NoShare(id.to_owned()))
    }
}

fn report(
    share: &TimeShare,
    window: &Window,
    sums: Sums,
    completeness: Completeness,
) -> TimeReport {
    let (above, below) = (sums.above as f64 / 1e6, sums.below as f64 / 1e6);
    TimeReport {
        share_of: share.id.clone(),
        version: share.version,
        window: *window,
        share: (sums.below > 0).then(|| above / below),
        above,
        below,
        agents: sums.agents,
        completeness,
    }
}

impl Term {
    fn count(&self, piece: &Piece) -> u128 {
        match self.of {
            _ if !self.holds(piece.state, piece.planned) => 0,
            TimeOf::Agent => piece.time.into(),
            TimeOf::UsedCapacity => piece.used.into(),
            TimeOf::OfferedCapacity => piece.offered.into(),
        }
    }
}

fn quarters(window: &Window) -> Result<std::ops::Range<i32>, WorkforceError> {
    let quarter = |at: DateTime<Utc>| match at.timestamp_micros() {
        micros if micros.rem_euclid(QUARTER) == 0 => Ok((micros / QUARTER) as i32),
        _ => Err(WorkforceError::NoQuarter(at)),
    };
    Ok(quarter(window.from())?..quarter(window.until())?)
}
