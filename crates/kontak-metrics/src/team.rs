//! Which agent is in which team, and when.

use crate::event::EventId;
use crate::history::Intern;
use chrono::{DateTime, Utc};
use hashbrown::HashMap;
use kontak_types::AgentId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Agents who are looked at together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TeamId(Uuid);

impl TeamId {
    /// Wraps a UUID that the caller made.
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The UUID inside.
    #[must_use]
    pub const fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

/// In which team an agent is from an instant on, as its source recorded it.
///
/// As of an [`Event`](crate::Event), of several with one id the highest revision speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an input record that callers build and update in full"
)]
pub struct TeamEvent {
    /// Who.
    pub agent: AgentId,
    /// The record, in its source: a redelivery has the same.
    pub id: EventId,
    /// Rises with every correction of the record; the first is 0.
    #[serde(default)]
    pub revision: u32,
    /// From when on. It may be recorded long before, or after.
    pub at: DateTime<Utc>,
    /// What is so from then on.
    pub kind: TeamEventKind,
}

/// What is so of an agent from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum TeamEventKind {
    /// The agent is in this team, and in no other any more.
    Joined {
        /// Which.
        team: TeamId,
    },
    /// The agent is in no team.
    Left,
    /// The record says nothing any more.
    Withdrawn,
}

impl TeamEvent {
    /// The first revision of a record.
    #[must_use]
    pub fn new(agent: AgentId, id: EventId, at: DateTime<Utc>, kind: TeamEventKind) -> Self {
        Self { agent, id, revision: 0, at, kind }
    }

    /// The same record, corrected.
    #[must_use]
    pub fn revised(self, revision: u32) -> Self {
        Self { revision, ..self }
    }
}

/// The teams of one tenant: each agent is in one team at a time, or in none.
///
/// What counts is the set of what was recorded, in whatever order, and the history says what was so then: a number of
/// March is of those who were in the team in March. They are read when a question is asked, so that a correction
/// changes no fact and no cell: see [`View::with_teams`](crate::View::with_teams).
///
/// ```
/// use kontak_metrics::{EventId, TeamEvent, TeamEventKind, TeamId, Teams};
/// use kontak_types::AgentId;
/// use uuid::Uuid;
///
/// let (agent, team) = (AgentId::new(Uuid::from_u128(1)), |id| TeamId::new(Uuid::from_u128(id)));
/// let joined = |record, at: &str, team| {
///     let id = EventId::new(Uuid::from_u128(record));
///     Ok::<_, chrono::ParseError>(TeamEvent::new(agent, id, at.parse()?, TeamEventKind::Joined { team }))
/// };
/// # use kontak_metrics::chrono;
/// let mut teams = Teams::default();
/// teams.ingest(&joined(2, "2026-04-01T00:00:00Z", team(20))?);
/// teams.ingest(&joined(1, "2026-01-01T00:00:00Z", team(10))?); // late
/// assert_eq!(teams.team_of(agent, "2026-03-31T12:00:00Z".parse()?), Some(team(10)));
/// assert_eq!(teams.team_of(agent, "2026-04-01T00:00:00Z".parse()?), Some(team(20)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<TeamEvent>", into = "Vec<TeamEvent>")]
pub struct Teams {
    said: BTreeMap<EventId, TeamEvent>,
    /// By agent, in the order of time: what is said of them, and the number of the team.
    steps: HashMap<AgentId, Vec<(i64, EventId, u32)>>,
    names: Intern<TeamId>,
}

impl Teams {
    /// Takes a record in; whether it says something new.
    pub fn ingest(&mut self, event: &TeamEvent) -> bool {
        let before = self.said.get(&event.id).copied();
        // Two texts of one revision are a fault of the source; the greater one speaks, everywhere.
        let speaks = |it: &TeamEvent| (it.revision, *it);
        if before.is_some_and(|before| speaks(&before) >= speaks(event)) {
            return false;
        }
        if let Some(before) = before
            && let Some(steps) = self.steps.get_mut(&before.agent)
        {
            steps.retain(|(_, id, _)| *id != before.id);
        }
        self.said.insert(event.id, *event);
        let team = match event.kind {
            TeamEventKind::Withdrawn => return true,
            TeamEventKind::Left => 0,
            TeamEventKind::Joined { team } => self.names.add(&team),
        };
        let steps = self.steps.entry(event.agent).or_default();
        let step = (event.at.timestamp_micros(), event.id, team);
        steps.insert(steps.partition_point(|it| *it < step), step);
        true
    }

    /// Takes in all that another has; the result is what one would be that had seen it all.
    pub fn merge(&mut self, other: &Self) {
        for event in other.said.values() {
            self.ingest(event);
        }
    }

    /// In which team an agent was at an instant.
    #[must_use]
    pub fn team_of(&self, agent: AgentId, at: DateTime<Utc>) -> Option<TeamId> {
        self.names.name(self.number_of(agent, at.timestamp_micros())).copied()
    }

    /// 0 for none.
    pub(crate) fn number_of(&self, agent: AgentId, at: i64) -> u32 {
        let steps = self.steps.get(&agent).map_or(&[][..], Vec::as_slice);
        let before = steps.partition_point(|(from, ..)| *from <= at);
        before.checked_sub(1).map_or(0, |last| steps[last].2)
    }

    pub(crate) fn name(&self, number: u32) -> Option<TeamId> {
        self.names.name(number).copied()
    }

    pub(crate) fn find(&self, team: &TeamId) -> Option<u32> {
        self.names.find(team)
    }

    /// The stretches of time in which nobody changes teams.
    pub(crate) fn stretches(&self, from: i64, until: i64) -> Vec<(i64, i64)> {
        let changes = self.steps.values().flatten().map(|(at, ..)| *at);
        let mut edges: Vec<i64> = changes.filter(|at| from < *at && *at < until).collect();
        edges.extend([from, until]);
        edges.sort_unstable();
        edges.dedup();
        edges.windows(2).map(|edge| (edge[0], edge[1])).collect()
    }
}

impl PartialEq for Teams {
    fn eq(&self, other: &Self) -> bool {
        self.said == other.said
    }
}

impl Eq for Teams {}

impl From<Vec<TeamEvent>> for Teams {
    fn from(events: Vec<TeamEvent>) -> Self {
        let mut teams = Self::default();
        for event in &events {
            teams.ingest(event);
        }
        teams
    }
}

impl From<Teams> for Vec<TeamEvent> {
    /// In the order of their ids.
    fn from(teams: Teams) -> Self {
        teams.said.into_values().collect()
    }
}
