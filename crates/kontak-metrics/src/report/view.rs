use super::read::{By, overlaps};
use super::{Breakdown, Completeness, Cursor, Filter, Overlapping, OverlappingRow, Report, Row};
use crate::cells::{Dimension, DimensionValue, Summary};
use crate::definition::Definition;
use crate::engine::Metrics;
use crate::fact::Outcome;
use crate::{Tag, Teams, Window};
use chrono::{DateTime, Utc};
use kontak_calendar::{Calendar, Tz};
use kontak_types::{CustomerId, TouchpointId};
use std::collections::BTreeMap;

/// The numbers of a settled engine, to be asked for.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub(super) metrics: &'a Metrics,
    pub(super) teams: Option<&'a Teams>,
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
    /// It is read from facts, and those of so many conversations are [evicted](crate::Metrics::evict).
    /// [`Metrics::evicted_in`](crate::Metrics::evicted_in) tells which.
    #[error(
        "this is read from facts, and {0} conversations of the window are evicted: bring them back first"
    )]
    Evicted(u64),
}

/// So many days are looked at for a change of clocks: zones that change by less than an hour do so every year.
const MOST_DAYS: usize = 40 * 366;

impl<'a> View<'a> {
    pub(crate) fn new(metrics: &'a Metrics) -> Self {
        Self { metrics, teams: None }
    }

    /// The same numbers, to be told apart by [`Dimension::Team`] too: by the team that the agent who is credited was in at
    /// the instant that places a fact. Without it nobody is in a team.
    ///
    /// Complexity: that of the agents, once for each stretch of time in which nobody changes teams; the facts of all
    /// conversations where such a stretch ends within a cell.
    #[must_use]
    pub fn with_teams(self, teams: &'a Teams) -> Self {
        Self { teams: Some(teams), ..self }
    }

    /// A number.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog, or it is read from facts and some are evicted.
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
    /// The definition is not in the catalog, or it is read from facts and some are evicted.
    pub fn summary(
        &self,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<Summary, QueryError> {
        let measure = self.find(definition)?;
        let mut total = Summary::default();
        self.each(measure, window, filter, By::Nothing, |_, _, part| part.add_to(&mut total))?;
        Ok(total)
    }

    /// Numbers by the values of a dimension of which a fact has one.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog, or counts a conversation under several values of the dimension; or it is
    /// read from facts and some are evicted.
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
        let rows = self.parts(measure, dimension, window, filter)?;
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
    /// The definition is not in the catalog, or it is read from facts and some are evicted.
    pub fn overlapping(
        &self,
        dimension: Dimension,
        definition: &str,
        window: &Window,
        filter: &Filter,
    ) -> Result<Overlapping, QueryError> {
        let measure = self.find(definition)?;
        let (show, units) = (self.definition(measure).show, self.definition(measure).units());
        let rows = self.parts(measure, dimension, window, filter)?;
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
    /// The definition is not in the catalog, or it is read from facts and some are evicted.
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
        })?;
        Ok(hours)
    }

    /// What numbers are made of by the local date, in order, for every date of the window.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog, or it is read from facts and some are evicted.
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
    /// The definition is not in the catalog, or it is read from facts and some are evicted.
    pub fn oldest_open(
        &self,
        definition: &str,
        filter: &Filter,
    ) -> Result<Option<DateTime<Utc>>, QueryError> {
        let measure = self.find(definition)?;
        let Some(asked) = self.asked(measure, &self.all_time(), filter) else { return Ok(None) };
        let oldest = self.open_records(&asked)?.flat_map(|record| {
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
    ) -> Result<BTreeMap<DimensionValue, Summary>, QueryError> {
        let mut parts: BTreeMap<u32, Summary> = BTreeMap::new();
        self.each(measure, window, filter, By::Value(dimension), |_, value, part| {
            part.add_to(parts.entry(value).or_default());
        })?;
        let named = parts.into_iter().filter(|(_, summary)| !summary.is_empty());
        Ok(named.map(|(value, summary)| (self.named(dimension, value), summary)).collect())
    }

    fn named(self, dimension: Dimension, value: u32) -> DimensionValue {
        match (dimension, self.teams.and_then(|teams| teams.name(value))) {
            (Dimension::Team, Some(team)) => DimensionValue::Team(team),
            _ => dimension.value(value, &self.metrics.names),
        }
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
