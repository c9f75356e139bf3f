use super::{Filter, QueryError, View};
use crate::Window;
use crate::fact::{Fact, Outcome};
use crate::{Histogram, Tag};
use kontak_types::ConversationId;
use serde::{Deserialize, Serialize};
use std::collections::BinaryHeap;

/// The way from a number to the conversations behind it: a question that is asked page by page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Cursor {
    /// Behind which number.
    pub definition: Tag,
    /// Of which version.
    pub version: u32,
    /// In which window.
    pub window: Window,
    /// Of which part.
    pub filter: Filter,
    /// Behind what of it.
    pub behind: Behind,
    /// Where the last page ended.
    pub after: Option<ConversationId>,
}

/// What of a number is looked behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Behind {
    /// Its values.
    #[default]
    Values,
    /// Successes of a share.
    Successes,
    /// Failures of a share.
    Failures,
    /// One bin of its histogram, by OpenTelemetry index.
    Bucket(i32),
    /// What is open.
    Open,
    /// What is left out.
    Excluded,
}

impl Cursor {
    /// The same, behind something else of it, from the start.
    #[must_use]
    pub fn behind(&self, behind: Behind) -> Self {
        Self { behind, after: None, ..self.clone() }
    }
}

/// Conversations behind a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page {
    /// By id.
    pub conversations: Vec<ConversationId>,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
}

impl View<'_> {
    /// The next conversations behind a number, at most `limit`. It looks at the facts of all conversations each time, so
    /// a page costs their number.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog, or conversations of the window are evicted.
    pub fn page(&self, cursor: &Cursor, limit: usize) -> Result<Page, QueryError> {
        let measure = self.measure_of(&cursor.definition, cursor.version)?;
        let mut first = BinaryHeap::with_capacity(limit.min(1_024) + 2);
        if let Some(asked) = self.asked(measure, &cursor.window, &cursor.filter) {
            for record in self.records(&asked)? {
                let fits = |fact: &&Fact| cursor.behind.holds(fact) && asked.holds(fact, record);
                let is_next = cursor.after.is_none_or(|after| record.id > after);
                if is_next && asked.facts(record).any(|fact| fits(&fact)) {
                    first.push(record.id);
                    if first.len() > limit.saturating_add(1) {
                        first.pop();
                    }
                }
            }
        }
        let mut conversations = first.into_sorted_vec();
        let more = conversations.len() > limit;
        conversations.truncate(limit);
        let after = conversations.last().copied().or(cursor.after);
        let next = more.then(|| Cursor { after, ..cursor.clone() });
        Ok(Page { conversations, next })
    }
}

impl Behind {
    pub(super) fn holds(self, fact: &Fact) -> bool {
        let is_value = fact.outcome == Outcome::Value;
        match self {
            Self::Values => is_value,
            Self::Successes => is_value && fact.value > 0,
            Self::Failures => is_value && fact.value == 0,
            Self::Bucket(index) => is_value && Histogram::index_of(fact.value) == Some(index),
            Self::Open => fact.outcome == Outcome::Open,
            Self::Excluded => fact.outcome == Outcome::Excluded,
        }
    }
}
