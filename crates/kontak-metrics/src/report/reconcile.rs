use super::{Count, Filter, QueryError, View};
use crate::cells::Summary;
use crate::definition::{Measure, Placement};
use crate::fact::Outcome;
use crate::{QueueEnd, Tag, Window};
use serde::{Deserialize, Serialize};

/// Where what came to the queues went, to the last one: `offered` is the sum of the residuals of each identity.
///
/// Of those that came in the window: answered, abandoned, called back, flowed out, transferred, still waiting. Of the
/// flow through it: what was waiting at its beginning and what came is what left and what was waiting at its end. Of
/// conversations: each was offered once, and again for every further queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reconciliation {
    /// The definition that counted.
    pub definition: Tag,
    /// Of which version.
    pub version: u32,
    /// The window.
    pub window: Window,
    /// Stays in queues that began in the window.
    pub offered: Count,
    /// What became of them: these add up to `offered`.
    pub cohort: Vec<Residual>,
    /// Conversations: these add up to `offered` too; empty where conversations of the window are evicted.
    pub conversations: Vec<Residual>,
    /// Stays that ended in the window, whenever they began; empty without a definition placed at their end.
    pub left: Vec<Residual>,
}

/// A part of an identity, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Residual {
    /// What it is.
    pub kind: ResidualKind,
    /// How many.
    pub count: Count,
}

/// What a part of an identity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResidualKind {
    /// It ended so.
    Ended(QueueEnd),
    /// It has not ended.
    StillWaiting,
    /// A conversation, in its first queue of the window.
    Conversation,
    /// A further queue of the same conversation: after a transfer, a callback, an overflow.
    FurtherQueue,
    /// It was waiting already when the window began.
    WaitingBefore,
    /// It was still waiting when the window ended.
    WaitingAfter,
}

impl Reconciliation {
    /// Whether every identity holds. It does, or this crate is wrong.
    #[must_use]
    pub fn holds(&self) -> bool {
        let sum = |residuals: &[Residual]| residuals.iter().map(|it| it.count).sum::<Count>();
        let of = |wanted: ResidualKind| {
            self.left.iter().find(|it| it.kind == wanted).map_or(0, |it| it.count.get())
        };
        let ended = self.left.iter().filter(|it| matches!(it.kind, ResidualKind::Ended(_)));
        let ended: u64 = ended.map(|it| it.count.get()).sum();
        let flow = of(ResidualKind::WaitingBefore) + self.offered.get()
            == ended + of(ResidualKind::WaitingAfter);
        sum(&self.cohort) == self.offered
            && (self.conversations.is_empty() || sum(&self.conversations) == self.offered)
            && (self.left.is_empty() || flow)
    }
}

impl View<'_> {
    /// Where what came to the queues went. It reads the catalog's newest [`Measure::QueueOutcome`] placed at the start,
    /// and the one placed at the end if there is one.
    ///
    /// # Errors
    ///
    /// No definition of the catalog counts what comes.
    pub fn reconcile(
        &self,
        window: &Window,
        filter: &Filter,
    ) -> Result<Reconciliation, QueryError> {
        let of = |placement| {
            let definitions = self.metrics.catalog().definitions().iter().enumerate();
            let wanted = definitions.filter(|(_, definition)| {
                definition.measure == Measure::QueueOutcome && definition.placement == placement
            });
            wanted.max_by_key(|(_, definition)| definition.version).map(|(place, _)| place as u16)
        };
        let measure = of(Placement::Start);
        let measure = measure.ok_or_else(|| {
            QueryError::NoDefinition("a queue_outcome placed at start".to_owned())
        })?;
        let definition = self.definition(measure);
        let came = self.summary(definition.id.as_str(), window, filter)?;
        let offered = came.values.count() + came.open;
        let mut cohort = ends(&came);
        cohort.push(residual(ResidualKind::StillWaiting, came.open));
        let conversations = match self.conversations_offered(measure, window, filter) {
            Ok(conversations) => vec![
                residual(ResidualKind::Conversation, conversations),
                residual(ResidualKind::FurtherQueue, offered - conversations),
            ],
            Err(QueryError::Evicted(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        let left = match of(Placement::End) {
            Some(at_end) => self.flow(measure, at_end, window, filter)?,
            None => Vec::new(),
        };
        Ok(Reconciliation {
            definition: definition.id.clone(),
            version: definition.version,
            window: *window,
            offered: Count::new(offered),
            cohort,
            conversations,
            left,
        })
    }

    fn conversations_offered(
        self,
        measure: u16,
        window: &Window,
        filter: &Filter,
    ) -> Result<u64, QueryError> {
        let Some(asked) = self.asked(measure, window, filter) else { return Ok(0) };
        let offered = self.records(&asked)?.filter(|record| {
            let mut facts = asked.facts(record);
            facts.any(|fact| fact.outcome != Outcome::Excluded && asked.holds(fact, record))
        });
        Ok(offered.count() as u64)
    }

    /// All that ever came before an instant, less all that ever left before it, was waiting at it.
    fn flow(
        self,
        came: u16,
        left: u16,
        window: &Window,
        filter: &Filter,
    ) -> Result<Vec<Residual>, QueryError> {
        let (came, left) = (self.definition(came), self.definition(left));
        let all_time = self.all_time();
        let waiting_at = |instant| {
            let before = Window::new(all_time.from(), instant).unwrap_or(all_time);
            let came = self.summary(came.id.as_str(), &before, filter)?;
            let left = self.summary(left.id.as_str(), &before, filter)?;
            Ok((came.values.count() + came.open).saturating_sub(left.values.count()))
        };
        let mut flow = ends(&self.summary(left.id.as_str(), window, filter)?);
        flow.push(residual(ResidualKind::WaitingBefore, waiting_at(window.from())?));
        flow.push(residual(ResidualKind::WaitingAfter, waiting_at(window.until())?));
        Ok(flow)
    }
}

fn ends(summary: &Summary) -> Vec<Residual> {
    let ended =
        |end: QueueEnd| residual(ResidualKind::Ended(end), summary.values.count_of(end.code()));
    QueueEnd::ALL.into_iter().map(ended).collect()
}

fn residual(kind: ResidualKind, count: u64) -> Residual {
    Residual { kind, count: Count::new(count) }
}
