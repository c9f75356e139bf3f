use super::{Behind, Completeness, Count, Cursor, Filter, QueryError, Statistic, View};
use crate::Tag;
use crate::cells::Summary;
use crate::definition::{Seconds, Show};
use crate::fact::Outcome;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is open at the watermark, and how old it is: the backlog of cases, of unanswered messages, of a queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Backlog {
    /// Open of what.
    pub definition: Tag,
    /// Under which version.
    pub version: u32,
    /// How many are open.
    pub open: Count,
    /// From when each began until the watermark, by the clock on the wall.
    pub age: Statistic,
    /// Since when the oldest has been open.
    pub oldest: Option<DateTime<Utc>>,
    /// Within which time one is to be done.
    pub cycle: Seconds,
    /// How many are older than that.
    pub late: Count,
    /// How many cycles these are late, on average: what COPC calls ageing. `None` of none.
    pub cycles_late: Option<f64>,
    /// What may still come.
    pub completeness: Completeness,
    /// The way to the conversations that are open.
    pub cursor: Cursor,
}

impl View<'_> {
    /// What of a number is open at the watermark, and its age; `None` before time was told. `cycle` is the time within
    /// which one is to be done.
    ///
    /// It looks at the facts of all conversations.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog, or something is open in what is evicted.
    pub fn backlog(
        &self,
        definition: &str,
        cycle: Seconds,
        filter: &Filter,
    ) -> Result<Option<Backlog>, QueryError> {
        let window = self.all_time();
        let report = self.report(definition, &window, filter)?;
        let measure = self.find(definition)?;
        let Some(now) = self.metrics.now else { return Ok(None) };
        let (mut ages, mut late, mut micros_late) = (Summary::default(), 0, 0_u128);
        let mut oldest = None::<i64>;
        if let Some(asked) = self.asked(measure, &window, filter) {
            for record in self.open_records(&asked)? {
                let open = asked.facts(record).filter(|fact| fact.outcome == Outcome::Open);
                for fact in open.filter(|fact| asked.holds(fact, record)) {
                    let (age, weight) = (now.saturating_sub(fact.at).max(0), fact.share.weight());
                    ages.assert(Outcome::Value, age as u64, weight);
                    oldest = oldest.into_iter().chain([fact.at]).min();
                    if age > cycle.micros() {
                        late += weight;
                        micros_late += u128::from(weight) * (age - cycle.micros()) as u128;
                    }
                }
            }
        }
        let units = self.definition(measure).units();
        let cycles = late as f64 * cycle.micros() as f64;
        Ok(Some(Backlog {
            definition: report.definition,
            version: report.version,
            open: Count::new(ages.values.count() / units),
            age: Statistic::of_units(&ages, Show::Duration, units),
            oldest: oldest.map(crate::engine::instant),
            cycle,
            late: Count::new(late / units),
            cycles_late: (cycles > 0.0).then(|| micros_late as f64 / cycles),
            completeness: report.completeness,
            cursor: report.cursor.behind(Behind::Open),
        }))
    }
}
