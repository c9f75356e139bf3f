use super::ROWS;
use super::cells::shown;
use super::column::{Columns, ids, instants, labels};
use arrow_array::{RecordBatch, RecordBatchReader, UInt8Array, UInt64Array};
use arrow_schema::{ArrowError, SchemaRef};
use kontak_metrics::{Cursor, ExplainedFact, Outcome, QueryError, Reason, Show, View};
use kontak_types::ConversationId;
use std::fmt;

/// The facts behind a number, in batches: by conversation and time.
///
/// | column | |
/// |---|---|
/// | `conversation` | its id |
/// | `at` | what places the fact in a window |
/// | `outcome` | `value`, `open` or `excluded` |
/// | `value` | microseconds, a score, an amount; of a share 1 or 0; null where the outcome is another |
/// | `reason`, `rule` | why; with the line of the definition's table that decided, counted from 0 |
/// | `channel`, `queue`, `agent` | where and whose; null for none |
///
/// The metadata names the definition, its version and `kind`, the window and the watermark.
///
/// ```
/// # use kontak_metrics::{Catalog, Filter, Grid, Metrics, Preset};
/// use kontak_report::FactBatches;
/// use kontak_report::arrow_array::RecordBatchReader as _;
///
/// # let mut metrics = Metrics::new(Catalog::of([Preset::Kontak])?, Grid::usual())?;
/// # let view = metrics.settle();
/// let report = view.report("kontak.csat", &view.all_time(), &Filter::all())?;
/// let facts = FactBatches::new(view, &report.cursor)?;
/// assert_eq!(facts.schema().metadata()["kontak.definition"], "kontak.csat");
/// assert_eq!(facts.count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FactBatches<'a> {
    view: View<'a>,
    cursor: Cursor,
    show: Option<Show>,
    facts: Box<dyn Iterator<Item = (ConversationId, ExplainedFact)> + 'a>,
    schema: SchemaRef,
}

impl<'a> FactBatches<'a> {
    /// Of what is behind a cursor, from where it stands to the end.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog.
    pub fn new(view: View<'a>, cursor: &Cursor) -> Result<Self, QueryError> {
        let facts = Box::new(view.facts(cursor)?);
        let mut definitions = view.catalog().definitions().iter();
        let found =
            definitions.find(|it| it.id == cursor.definition && it.version == cursor.version);
        let mut batches = Self {
            view,
            cursor: cursor.clone(),
            show: found.map(|it| it.show),
            facts,
            schema: SchemaRef::new(arrow_schema::Schema::empty()),
        };
        let empty = batches.batch(&[]).expect("columns without rows are equally long");
        batches.schema = empty.schema();
        Ok(batches)
    }

    fn batch(&self, facts: &[(ConversationId, ExplainedFact)]) -> Result<RecordBatch, ArrowError> {
        let conversations = facts.iter().map(|(id, _)| id.as_uuid().into_bytes());
        let facts = || facts.iter().map(|(_, fact)| fact);
        let values = facts().map(|fact| (fact.outcome == Outcome::Value).then_some(fact.value));
        let rules = facts().map(|fact| match fact.reason {
            Reason::Rule(rule) => Some(rule),
            _ => None,
        });
        let name = |id: &dyn fmt::Display| id.to_string();
        let channels = facts().map(|fact| fact.channel.as_ref().map(|it| name(it)));
        let queues = facts().map(|fact| fact.queue.as_ref().map(|it| name(it)));
        let agents = facts().map(|fact| fact.agent.as_ref().map(|it| name(it)));
        Columns::of("facts")
            .with_ids("conversation", ids(conversations)?)
            .with("at", instants(facts().map(|fact| Some(fact.placed_at))))
            .with("outcome", labels(facts().map(|fact| Some(fact.outcome.name()))))
            .with_gaps("value", values.collect::<UInt64Array>())
            .with("reason", labels(facts().map(|fact| Some(fact.reason.name()))))
            .with_gaps("rule", rules.collect::<UInt8Array>())
            .with_gaps("channel", labels(channels))
            .with_gaps("queue", labels(queues))
            .with_gaps("agent", labels(agents))
            .about("definition", &self.cursor.definition)
            .about("version", &self.cursor.version)
            .about("kind", &self.show.map_or("other", shown))
            .about_instant("from", Some(self.cursor.window.from()))
            .about_instant("until", Some(self.cursor.window.until()))
            .about_instant("watermark", self.view.watermark())
            .batch()
    }
}

impl Iterator for FactBatches<'_> {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let facts: Vec<_> = self.facts.by_ref().take(ROWS).collect();
        (!facts.is_empty()).then(|| self.batch(&facts))
    }
}

impl RecordBatchReader for FactBatches<'_> {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }
}

impl fmt::Debug for FactBatches<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FactBatches").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}
