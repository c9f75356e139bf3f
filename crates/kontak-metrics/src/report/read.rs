//! Reading what is asked for, from cells or from facts.

use super::{Filter, QueryError, View};
use crate::Window;
use crate::cells::{Dimension, GridCells, Held, Summary, Values};
use crate::definition::{Attribution, Definition, Measure, WhichState};
use crate::engine::AboutKept;
use crate::fact::Fact;
use crate::history::Record;

/// Whose facts a question is about, in the engine's own numbers.
pub(super) struct Asked<'a> {
    view: View<'a>,
    measure: u16,
    pub(super) from: i64,
    until: i64,
    values: Vec<(Dimension, u32)>,
    by_agent: bool,
    by_state: bool,
    by_team: bool,
    joined: bool,
    /// Cells must not be wider, in minutes.
    widest: u32,
}

impl<'a> View<'a> {
    /// Gives all that is asked for, from cells or from facts: its time where it is told apart by it, its value of a
    /// dimension, and itself.
    pub(super) fn each(
        self,
        measure: u16,
        window: &Window,
        filter: &Filter,
        by: By,
        mut give: impl FnMut(i64, u32, Part<'_>),
    ) -> Result<(), QueryError> {
        let Some(mut asked) = self.asked(measure, window, filter) else { return Ok(()) };
        let widest = if let By::Time(widest) = by { widest } else { u32::MAX };
        let (by, by_time) = (by.dimension(), matches!(by, By::Time(_)));
        asked.tell_apart_by(by);
        asked.widest = widest;
        let mut stretches = vec![(asked.from, asked.until)];
        if asked.by_team {
            stretches = self.teams.map_or(stretches, |it| it.stretches(asked.from, asked.until));
        }
        let ends_within = |cells: &&GridCells| !stretches.iter().all(|it| cells.is_edge(it.1));
        let Some(cells) = self.grid_for(&asked, by).filter(|cells| !ends_within(cells)) else {
            for record in self.records(&asked)? {
                for fact in asked.facts(record).filter(|fact| asked.holds(fact, record)) {
                    self.each_value(by, fact, record, |value| {
                        give(fact.at, value, Part::Fact(fact));
                    });
                }
            }
            return Ok(());
        };
        let dimensions = cells.grid.dimensions();
        let at = |wanted: Dimension| dimensions.iter().position(|it| *it == wanted);
        let by_at = by.and_then(at);
        let agent_at = at(Dimension::Agent).filter(|_| asked.by_team);
        let wanted: Vec<(usize, u32)> = asked
            .values
            .iter()
            .filter_map(|(dimension, value)| Some((at(*dimension)?, *value)))
            .collect();
        let kept = by_at.into_iter().chain(agent_at).chain(wanted.iter().map(|(at, _)| *at));
        let kept: Vec<Dimension> = kept.map(|at| dimensions[at]).collect();
        for (from, until) in stretches {
            let mut give = |start, values: &Values, held: Held<'_>| {
                let team = agent_at.map_or(0, |at| self.team(values[at], from));
                if wanted.iter().all(|(at, value)| values[*at] == *value)
                    && asked.teams().all(|wanted| wanted == team)
                {
                    let value = match by {
                        Some(Dimension::Team) => team,
                        _ => by_at.map_or(0, |at| values[at]),
                    };
                    give(start, value, Part::Cell(held));
                }
            };
            if by_time {
                let (from, until) = (cells.bucket(from), cells.bucket(until));
                cells.within(measure, from, until, |bucket, values, held| {
                    give(i64::from(bucket) * cells.grid.micros(), values, held);
                });
            } else {
                cells.rolled_up(measure, (from, until), &kept, |values, held| {
                    give(from, values, held);
                });
            }
        }
        Ok(())
    }

    /// All whose facts may be asked for.
    pub(super) fn records(
        self,
        asked: &Asked<'_>,
    ) -> Result<std::slice::Iter<'a, Record>, QueryError> {
        let evicted = self.metrics.shelf.all();
        let evicted = evicted.filter(|it| it.is_in(Some(asked.kept()), (asked.from, asked.until)));
        unless_evicted(evicted.count())?;
        Ok(self.metrics.records.iter())
    }

    /// All in which something may be open.
    pub(super) fn open_records(
        self,
        asked: &Asked<'_>,
    ) -> Result<std::slice::Iter<'a, Record>, QueryError> {
        let evicted = self.metrics.shelf.all().filter(|it| it.has_open(asked.kept()));
        unless_evicted(evicted.count())?;
        Ok(self.metrics.records.iter())
    }

    /// The smallest grid that knows all dimensions, adds up, and has cells that end where the window does.
    pub(super) fn grid_for(
        self,
        asked: &Asked<'_>,
        by: Option<Dimension>,
    ) -> Option<&'a GridCells> {
        let definition = self.definition(asked.measure);
        let values = asked.values.iter().map(|(dimension, _)| *dimension);
        let mut needed: Vec<Dimension> =
            values.chain(by).filter(|it| *it != Dimension::Team).collect();
        if asked.by_team {
            // Of several owners who are in one team it counts once: that only the facts know.
            if overlaps(definition, Dimension::Team) {
                return None;
            }
            needed.retain(|it| *it != Dimension::Agent);
            needed.push(Dimension::Agent);
        }
        // A conversation that must have two labels is in no one cell.
        let twice = (1..needed.len())
            .any(|at| by != Some(needed[at]) && needed[..at].contains(&needed[at]));
        let fits = |cells: &&GridCells| {
            let dimensions = cells.grid.dimensions();
            needed.iter().all(|needed| dimensions.contains(needed))
                && dimensions.iter().all(|it| needed.contains(it) || !overlaps(definition, *it))
                && cells.is_edge(asked.from)
                && cells.is_edge(asked.until)
                && cells.minutes_at(asked.from) <= asked.widest
        };
        let grids = self.metrics.grids.iter().filter(|_| !twice);
        grids.filter(fits).min_by_key(|cells| cells.len())
    }

    pub(super) fn asked(self, measure: u16, window: &Window, filter: &Filter) -> Option<Asked<'a>> {
        let values = filter.places(&self.metrics.names, self.teams)?;
        let (from, until) = window.micros();
        let joined = self.definition(measure).measure.is_joined();
        let (by_agent, by_state, by_team, widest) = (false, false, false, u32::MAX);
        let mut asked = Asked {
            view: self,
            measure,
            from,
            until,
            values,
            by_agent,
            by_state,
            by_team,
            joined,
            widest,
        };
        for place in 0..asked.values.len() {
            asked.tell_apart_by(Some(asked.values[place].0));
        }
        Some(asked)
    }

    /// The number of the team that an agent was in; 0 for none.
    fn team(self, agent: u32, at: i64) -> u32 {
        let agent = self.metrics.names.agents.name(agent);
        agent.zip(self.teams).map_or(0, |(agent, teams)| teams.number_of(*agent, at))
    }

    fn each_value(
        self,
        by: Option<Dimension>,
        fact: &Fact,
        record: &Record,
        mut give: impl FnMut(u32),
    ) {
        match by {
            None => give(0),
            Some(Dimension::Label) if !record.labels.is_empty() => {
                record.labels.iter().for_each(|label| give((*label).into()));
            }
            Some(dimension) => give(self.value_of(dimension, fact, record)),
        }
    }

    fn value_of(self, dimension: Dimension, fact: &Fact, record: &Record) -> u32 {
        match dimension {
            Dimension::Channel => fact.channel.into(),
            Dimension::Queue => fact.queue,
            Dimension::Agent => fact.agent,
            Dimension::Language => record.contact.language.into(),
            Dimension::Segment => record.contact.segment.into(),
            Dimension::State => fact.state(),
            Dimension::Team => self.team(fact.agent, fact.at),
            Dimension::Label => 0,
        }
    }
}

/// What the pieces of a number are told apart by.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum By {
    Nothing,
    /// Time, in cells of so many minutes at most.
    Time(u32),
    Value(Dimension),
}

impl By {
    fn dimension(self) -> Option<Dimension> {
        match self {
            Self::Value(dimension) => Some(dimension),
            Self::Nothing | Self::Time(_) => None,
        }
    }
}

/// A piece of a summary.
pub(super) enum Part<'a> {
    Cell(Held<'a>),
    Fact(&'a Fact),
}

impl Part<'_> {
    pub(super) fn add_to(&self, total: &mut Summary) {
        match self {
            Self::Cell(held) => held.add_to(total),
            Self::Fact(fact) => total.assert(fact.outcome, fact.value, fact.share.weight()),
        }
    }
}

/// Whether one fact counts under several values of a dimension.
pub(super) fn overlaps(definition: &Definition, dimension: Dimension) -> bool {
    match dimension {
        Dimension::Label => true,
        Dimension::Agent | Dimension::Team => {
            definition.attribution == Attribution::EveryOwner && !definition.measure.is_joined()
        }
        Dimension::State => match &definition.measure {
            Measure::Conversion(rule) => rule.under == WhichState::Each,
            _ => false,
        },
        _ => false,
    }
}

impl Asked<'_> {
    fn tell_apart_by(&mut self, dimension: Option<Dimension>) {
        self.by_agent |= dimension == Some(Dimension::Agent);
        self.by_state |= dimension == Some(Dimension::State);
        self.by_team |= dimension == Some(Dimension::Team);
    }

    fn teams(&self) -> impl Iterator<Item = u32> {
        let values = self.values.iter().filter(|(dimension, _)| *dimension == Dimension::Team);
        values.map(|(_, team)| *team)
    }

    fn kept(&self) -> AboutKept {
        if self.joined { AboutKept::Joined(self.measure) } else { AboutKept::Own }
    }

    pub(super) fn facts<'r>(&self, record: &'r Record) -> impl Iterator<Item = &'r Fact> + use<'r> {
        let facts = if self.joined { &record.joined } else { &record.facts };
        let start = facts.partition_point(|fact| fact.measure < self.measure);
        let measure = self.measure;
        facts[start..].iter().take_while(move |fact| fact.measure == measure)
    }

    pub(super) fn holds(&self, fact: &Fact, record: &Record) -> bool {
        self.from <= fact.at
            && fact.at < self.until
            && fact.share.is_counted(self.by_agent || self.by_team, self.by_state)
            && (!self.by_team || self.by_agent || self.is_first_of_its_team(fact, record))
            && self.values.iter().all(|(dimension, value)| match dimension {
                Dimension::Label if *value == 0 => record.labels.is_empty(),
                Dimension::Label => record.labels.iter().any(|label| u32::from(*label) == *value),
                dimension => self.view.value_of(*dimension, fact, record) == *value,
            })
    }

    /// Whether it is not the same as that of an earlier owner who was in the same team.
    fn is_first_of_its_team(&self, fact: &Fact, record: &Record) -> bool {
        let definition = self.view.definition(self.measure);
        if !overlaps(definition, Dimension::Team) {
            return true;
        }
        let alike = |it: &Fact| Fact { share: fact.share, agent: fact.agent, ..*it } == *fact;
        let team = self.view.team(fact.agent, fact.at);
        let is_earlier = |it: &Fact| (it.share, it.agent) < (fact.share, fact.agent);
        !self.facts(record).any(|it| {
            it.agent != fact.agent
                && is_earlier(it)
                && alike(it)
                && self.view.team(it.agent, it.at) == team
        })
    }
}

pub(super) fn unless_evicted(evicted: usize) -> Result<(), QueryError> {
    if evicted == 0 { Ok(()) } else { Err(QueryError::Evicted(evicted as u64)) }
}
