//! Why a conversation counts as it does.

mod phrase;

use super::read::unless_evicted;
use super::{QueryError, View};
use crate::Tag;
use crate::definition::{Definition, Measure, QueueRule, Show};
use crate::fact::{Fact, Outcome, Reason};
use chrono::{DateTime, Utc};
use kontak_types::{AgentId, ChannelKind, ConversationId, Language, QueueId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a conversation says about a metric, and which rule put it there. Empty where it says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Which metric.
    pub definition: Tag,
    /// Of which version.
    pub version: u32,
    /// Its facts, by time.
    pub facts: Vec<ExplainedFact>,
    is_duration: bool,
}

/// One fact, and why it is so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExplainedFact {
    /// Whether there is a value.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// The line of the definition's table, where one decided.
    pub rule: Option<QueueRule>,
    /// Microseconds, a score, an amount; of a share 1 or 0.
    pub value: u64,
    /// What puts it into a window.
    pub placed_at: DateTime<Utc>,
    /// On which channel.
    pub channel: Option<ChannelKind>,
    /// In which queue.
    pub queue: Option<QueueId>,
    /// To whom it is credited.
    pub agent: Option<AgentId>,
}

impl Explanation {
    /// In a language, else in English. `Display` is English.
    #[must_use]
    pub fn text(&self, language: &Language) -> String {
        phrase::text(self, language.primary())
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&phrase::text(self, "en"))
    }
}

impl View<'_> {
    /// Which rule put a conversation where it is in a metric. `None` for a conversation never seen.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog, or the conversation is evicted.
    pub fn explain(
        &self,
        conversation: ConversationId,
        definition: &str,
    ) -> Result<Option<Explanation>, QueryError> {
        let measure = self.find(definition)?;
        let found = self.definition(measure);
        let Some(place) = self.metrics.places.get(&conversation) else {
            unless_evicted(self.metrics.is_evicted(conversation).into())?;
            return Ok(None);
        };
        let record = &self.metrics.records[*place as usize];
        let facts = if found.measure.is_joined() { &record.joined } else { &record.facts };
        let facts = facts
            .iter()
            .filter(|fact| fact.measure == measure && fact.share.is_counted(false, true));
        let mut facts: Vec<ExplainedFact> = facts.map(|fact| self.explained(found, fact)).collect();
        facts.sort_by_key(|fact| fact.placed_at);
        Ok(Some(Explanation {
            conversation,
            definition: found.id.clone(),
            version: found.version,
            facts,
            is_duration: found.show == Show::Duration,
        }))
    }

    pub(super) fn explained(self, definition: &Definition, fact: &Fact) -> ExplainedFact {
        let names = &self.metrics.names;
        let rule = match (&definition.measure, fact.reason) {
            (Measure::QueueShare { rules }, Reason::Rule(rule)) => {
                rules.get(usize::from(rule)).cloned()
            }
            _ => None,
        };
        ExplainedFact {
            outcome: fact.outcome,
            reason: fact.reason,
            rule,
            value: fact.value,
            placed_at: crate::engine::instant(fact.at),
            channel: names.channels.name(fact.channel.into()).cloned(),
            queue: names.queues.name(fact.queue).copied(),
            agent: names.agents.name(fact.agent).copied(),
        }
    }
}
