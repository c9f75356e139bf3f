use super::{Breakdown, Completeness, Cursor, Filter, Overlapping, OverlappingRow, Report, Row};
use crate::cells::{Dimension, DimensionValue, GridCells, Held, Summary, Values};
use crate::definition::{Attribution, Definition, Measure, WhichState};
use crate::engine::Metrics;
use crate::fact::{Fact, Outcome};
use crate::history::Record;
use crate::{Tag, Window};
use chrono::{DateTime, Utc};
use kontak_calendar::{Calendar, Tz};
use kontak_types::{CustomerId, TouchpointId};
use std::collections::BTreeMap;

/// The numbers of a settled engine, to be asked for.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub(super) metrics: &'a Metrics,
}

/// A question that has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// Nothing in the catalog has that name.
    #[error("there is no definition `{0}` in the catalog")]
    NoDefinition(String),
    /// Its parts would not add up.
    #[error("`{0}` counts a conversation under several values of {1:?}: ask with `overlapping`")]
    Overlaps(Tag, Dimension),
}

/// So many days are looked at for a change of clocks: zones that change by less than an hour do so every year.
const MOST_DAYS: usize = 40 * 366;

/// Whose facts a question is about, in the engine's own numbers.
pub(super) struct Asked {
    measure: u16,
    from: i64,
    until: i64,
    values: Vec<(Dimension, u32)>,
    by_agent: bool,
    by_state: bool,
    joined: bool,
    /// Cells must not be wider, in minutes.
    widest: u32,
}

impl<'a> View<'a> {
    pub(crate) fn new(metrics: &'a Metrics) -> Self {
        Self { metrics }
    }

    /// A number.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog.
    pub fn report(
        &self,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<Report, QueryError> {
        let summary = self.summary(definition, window, filter)?;
        let measure = self.find(definition)?;
        Ok(self.report_of(measure, &summary, window, filter))
    }

    /// What a number is made of: it adds up with others.
    ///
    /// Complexity: in the smallest grid that knows the filter's dimensions and whose cells end where the window does,
    /// the days of the window times the values of these dimensions, once its days are added up; the cells of the window
    /// before, and those of an hour that has changed. The facts of all conversations where there is no such grid.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog.
    pub fn summary(
        &self,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<Summary, QueryError> {
        let measure = self.find(definition)?;
        let mut total = Summary::default();
        self.each(measure, window, filter, By::Nothing, |_, _, part| part.add_to(&mut total));
        Ok(total)
    }

    /// Numbers by the values of a dimension of which a fact has one.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog, or counts a conversation under several values of the dimension.
    pub fn by(
        &self,
        dimension: Dimension,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<Breakdown, QueryError> {
        let measure = self.find(definition)?;
        let found = self.definition(measure);
        if overlaps(found, dimension) {
            return Err(QueryError::Overlaps(found.id.clone(), dimension));
        }
        let mut total = Summary::default();
        let rows = self.parts(measure, dimension, window, filter);
        let rows = rows.into_iter().map(|(value, summary)| {
            total.add(&summary);
            let filter = filter.clone().on(value.clone());
            Row { report: self.report_of(measure, &summary, window, &filter), value }
        });
        let rows = rows.collect();
        Ok(Breakdown { rows, total: self.report_of(measure, &total, window, filter), left_out: 0 })
    }

    /// Numbers by the values of a dimension of which a conversation may have several.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog.
    pub fn overlapping(
        &self,
        dimension: Dimension,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<Overlapping, QueryError> {
        let measure = self.find(definition)?;
        let (show, units) = (self.definition(measure).show, self.definition(measure).units());
        let rows = self.parts(measure, dimension, window, filter);
        let rows = rows
            .into_iter()
            .map(|(value, summary)| OverlappingRow::new(value, &summary, show, units));
        Ok(Overlapping { rows: rows.collect() })
    }

    /// What numbers are made of by the local hour of the week: Monday 00:00 first, 168 of them, as the clocks of the
    /// zone showed it.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog.
    pub fn by_hour_of_week(
        &self,
        zone: Tz,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<Vec<Summary>, QueryError> {
        use chrono::{Datelike as _, Offset as _, TimeZone as _, Timelike as _};
        let measure = self.find(definition)?;
        let mut hours = vec![Summary::default(); 7 * 24];
        // A cell must lie in one hour of the zone, some of which are a half or a quarter from UTC's.
        let from = window.from().with_timezone(&zone).date_naive();
        let days = from
            .iter_days()
            .take_while(|day| *day <= window.until().date_naive().succ_opt().unwrap_or(*day));
        let is_whole = |day: chrono::NaiveDate| {
            let offset = zone.offset_from_utc_date(&day);
            offset.fix().local_minus_utc() % 3_600 == 0
        };
        let widest = if days.take(MOST_DAYS).all(is_whole) { 60 } else { 15 };
        self.each(measure, window, filter, By::Time(widest), |at, _, part| {
            let local = crate::engine::instant(at).with_timezone(&zone);
            let hour = local.weekday().num_days_from_monday() * 24 + local.hour();
            part.add_to(&mut hours[hour as usize]);
        });
        Ok(hours)
    }

    /// What numbers are made of by the local date, in order, for every date of the window.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog.
    pub fn by_day(
        &self,
        zone: Tz,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<Vec<(chrono::NaiveDate, Summary)>, QueryError> {
        let calendar = Calendar::always_open(zone);
        let last = window.until() - chrono::TimeDelta::microseconds(1);
        let first = window.from().with_timezone(&zone).date_naive();
        let last = last.with_timezone(&zone).date_naive();
        let mut days = Vec::new();
        for date in first.iter_days().take_while(|date| *date <= last) {
            for span in calendar.windows_on(date) {
                let (from, until) = (span.start.max(window.from()), span.end.min(window.until()));
                if let Ok(day) = Window::new(from, until) {
                    days.push((date, self.summary(definition, &day, filter)?));
                }
            }
        }
        Ok(days)
    }

    /// Since when the oldest of what is open has been so: the oldest in the queue, the oldest unanswered message, the
    /// oldest case of the backlog. `None` where nothing is open. It looks at the facts of all conversations.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog.
    pub fn oldest_open(
        &self,
        definition: &str,
        filter: &Filter,
    ) -> Result<Option<DateTime<Utc>>, QueryError> {
        let measure = self.find(definition)?;
        let Some(asked) = self.asked(measure, &self.all_time(), filter) else { return Ok(None) };
        let oldest = self.metrics.records.iter().flat_map(|record| {
            let facts = asked.facts(record).filter(|fact| fact.outcome == Outcome::Open);
            facts.filter(|fact| asked.holds(fact, record)).map(|fact| fact.at)
        });
        Ok(oldest.min().map(crate::engine::instant))
    }

    /// How wide the cells are that a number is read from, in minutes, the oldest of the window; `None` where it is read
    /// from the facts, slower: no grid knows the dimensions, or the window ends within a cell.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog.
    pub fn resolution(
        &self,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<Option<u32>, QueryError> {
        let asked = self.asked(self.find(definition)?, window, filter);
        let cells = asked.and_then(|asked| Some((self.grid_for(&asked, None)?, asked.from)));
        Ok(cells.map(|(cells, from)| cells.minutes_at(from)))
    }

    /// A window that holds everything.
    #[must_use]
    pub fn all_time(&self) -> Window {
        Window::new(
            DateTime::UNIX_EPOCH - chrono::TimeDelta::days(36_525),
            DateTime::UNIX_EPOCH + chrono::TimeDelta::days(2_932_896),
        )
        .expect("it ends after it begins")
    }

    /// Up to when time was told.
    #[must_use]
    pub fn watermark(&self) -> Option<DateTime<Utc>> {
        self.metrics.now.map(crate::engine::instant)
    }

    /// Whose a touchpoint is, as far as it was said; `None` for one never seen, and for one erased.
    #[must_use]
    pub fn customer_of(&self, touchpoint: TouchpointId) -> Option<CustomerId> {
        self.metrics.customer_of(touchpoint)
    }

    fn report_of(
        self,
        measure: u16,
        summary: &Summary,
        window: &Window,
        filter: &Filter,
    ) -> Report {
        let definition = self.definition(measure);
        let cursor = Cursor {
            definition: definition.id.clone(),
            version: definition.version,
            window: *window,
            filter: filter.clone(),
            behind: super::Behind::Values,
            after: None,
        };
        Report::new(definition, summary, self.completeness(window), cursor)
    }

    pub(super) fn completeness(self, window: &Window) -> Completeness {
        let watermark = self.watermark();
        Completeness {
            watermark,
            window_is_over: watermark.is_some_and(|now| now >= window.until()),
            need_history: self.metrics.withheld.len() as u64,
            too_late: self.metrics.too_late,
        }
    }

    fn parts(
        self,
        measure: u16,
        dimension: Dimension,
        window: &Window,
        filter: &Filter,
    ) -> BTreeMap<DimensionValue, Summary> {
        let mut parts: BTreeMap<u32, Summary> = BTreeMap::new();
        self.each(measure, window, filter, By::Value(dimension), |_, value, part| {
            part.add_to(parts.entry(value).or_default());
        });
        let names = &self.metrics.names;
        let named = parts.into_iter().filter(|(_, summary)| !summary.is_empty());
        named.map(|(value, summary)| (dimension.value(value, names), summary)).collect()
    }

    /// Gives all that is asked for, from cells or from facts: its time where it is told apart by it, its value of a
    /// dimension, and itself.
    fn each(
        self,
        measure: u16,
        window: &Window,
        filter: &Filter,
        by: By,
        mut give: impl FnMut(i64, u32, Part<'_>),
    ) {
        let Some(mut asked) = self.asked(measure, window, filter) else { return };
        let widest = if let By::Time(widest) = by { widest } else { u32::MAX };
        let (by, by_time) = (by.dimension(), matches!(by, By::Time(_)));
        asked.by_agent |= by == Some(Dimension::Agent);
        asked.by_state |= by == Some(Dimension::State);
        asked.widest = widest;
        match self.grid_for(&asked, by) {
            Some(cells) => {
                let dimensions = cells.grid.dimensions();
                let at = |wanted: Dimension| dimensions.iter().position(|it| *it == wanted);
                let by = by.and_then(at);
                let wanted: Vec<(usize, u32)> = asked
                    .values
                    .iter()
                    .filter_map(|(dimension, value)| Some((at(*dimension)?, *value)))
                    .collect();
                let mut give = |start, values: &Values, held: Held<'_>| {
                    if wanted.iter().all(|(at, value)| values[*at] == *value) {
                        give(start, by.map_or(0, |by| values[by]), Part::Cell(held));
                    }
                };
                if by_time {
                    let (from, until) = (cells.bucket(asked.from), cells.bucket(asked.until));
                    cells.within(measure, from, until, |bucket, values, held| {
                        give(i64::from(bucket) * cells.grid.micros(), values, held);
                    });
                } else {
                    let kept = by.iter().chain(wanted.iter().map(|(at, _)| at));
                    let kept: Vec<Dimension> = kept.map(|at| dimensions[*at]).collect();
                    let window = (asked.from, asked.until);
                    cells.rolled_up(measure, window, &kept, |values, held| {
                        give(asked.from, values, held);
                    });
                }
            }
            None => {
                for record in &self.metrics.records {
                    for fact in asked.facts(record).filter(|fact| asked.holds(fact, record)) {
                        each_value(by, fact, record, |value| {
                            give(fact.at, value, Part::Fact(fact));
                        });
                    }
                }
            }
        }
    }

    /// The smallest grid that knows all dimensions, adds up, and has cells that end where the window does.
    fn grid_for(self, asked: &Asked, by: Option<Dimension>) -> Option<&'a GridCells> {
        let definition = self.definition(asked.measure);
        let mut needed: Vec<Dimension> =
            asked.values.iter().map(|(dimension, _)| *dimension).collect();
        needed.extend(by);
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

    pub(super) fn asked(self, measure: u16, window: &Window, filter: &Filter) -> Option<Asked> {
        let values = filter.places(&self.metrics.names)?;
        let (from, until) = window.micros();
        let is_told_apart_by = |wanted| values.iter().any(|(dimension, _)| *dimension == wanted);
        let by_agent = is_told_apart_by(Dimension::Agent);
        let by_state = is_told_apart_by(Dimension::State);
        let joined = self.definition(measure).measure.is_joined();
        let widest = u32::MAX;
        Some(Asked { measure, from, until, values, by_agent, by_state, joined, widest })
    }

    pub(super) fn find(self, id: &str) -> Result<u16, QueryError> {
        let place = self.metrics.catalog().place(id);
        place.map(|place| place as u16).ok_or_else(|| QueryError::NoDefinition(id.to_owned()))
    }

    pub(super) fn measure_of(self, id: &Tag, version: u32) -> Result<u16, QueryError> {
        let mut definitions = self.metrics.catalog().definitions().iter();
        let place = definitions.position(|it| it.id == *id && it.version == version);
        place.map(|place| place as u16).ok_or_else(|| QueryError::NoDefinition(id.to_string()))
    }

    pub(super) fn definition(self, measure: u16) -> &'a Definition {
        self.metrics.compiled.definition(measure)
    }
}

/// What the pieces of a number are told apart by.
#[derive(Clone, Copy, PartialEq)]
enum By {
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
enum Part<'a> {
    Cell(Held<'a>),
    Fact(&'a Fact),
}

impl Part<'_> {
    fn add_to(&self, total: &mut Summary) {
        match self {
            Self::Cell(held) => held.add_to(total),
            Self::Fact(fact) => total.assert(fact.outcome, fact.value, fact.share.weight()),
        }
    }
}

/// Whether one fact counts under several values of a dimension.
fn overlaps(definition: &Definition, dimension: Dimension) -> bool {
    match dimension {
        Dimension::Label => true,
        Dimension::Agent => {
            definition.attribution == Attribution::EveryOwner && !definition.measure.is_joined()
        }
        Dimension::State => match &definition.measure {
            Measure::Conversion(rule) => rule.under == WhichState::Each,
            _ => false,
        },
        _ => false,
    }
}

fn each_value(by: Option<Dimension>, fact: &Fact, record: &Record, mut give: impl FnMut(u32)) {
    match by {
        None => give(0),
        Some(Dimension::Label) if !record.labels.is_empty() => {
            record.labels.iter().for_each(|label| give((*label).into()));
        }
        Some(dimension) => give(value_of(dimension, fact, record)),
    }
}

fn value_of(dimension: Dimension, fact: &Fact, record: &Record) -> u32 {
    match dimension {
        Dimension::Channel => fact.channel.into(),
        Dimension::Queue => fact.queue,
        Dimension::Agent => fact.agent,
        Dimension::Language => record.contact.language.into(),
        Dimension::Segment => record.contact.segment.into(),
        Dimension::State => fact.state(),
        Dimension::Label => 0,
    }
}

impl Asked {
    pub(super) fn facts<'r>(&self, record: &'r Record) -> impl Iterator<Item = &'r Fact> + use<'r> {
        let facts = if self.joined { &record.joined } else { &record.facts };
        let start = facts.partition_point(|fact| fact.measure < self.measure);
        let measure = self.measure;
        facts[start..].iter().take_while(move |fact| fact.measure == measure)
    }

    pub(super) fn holds(&self, fact: &Fact, record: &Record) -> bool {
        self.from <= fact.at
            && fact.at < self.until
            && fact.share.is_counted(self.by_agent, self.by_state)
            && self.values.iter().all(|(dimension, value)| match dimension {
                Dimension::Label if *value == 0 => record.labels.is_empty(),
                Dimension::Label => record.labels.iter().any(|label| u32::from(*label) == *value),
                dimension => value_of(*dimension, fact, record) == *value,
            })
    }
}
