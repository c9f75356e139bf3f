use super::{Cursor, ExplainedFact, QueryError, View};
use crate::fact::Fact;
use crate::history::Record;
use kontak_types::ConversationId;

impl<'a> View<'a> {
    /// The facts behind a number, by conversation and time, from where the cursor stands to the end. What
    /// [`page`](Self::page) gives the conversations of.
    ///
    /// It looks at the facts of all conversations once, and keeps a reference to each that has one.
    ///
    /// # Errors
    ///
    /// The definition is not in the catalog, or conversations of the window are evicted.
    pub fn facts(
        &self,
        cursor: &Cursor,
    ) -> Result<impl Iterator<Item = (ConversationId, ExplainedFact)> + use<'a>, QueryError> {
        let view = *self;
        let measure = view.measure_of(&cursor.definition, cursor.version)?;
        let definition = view.definition(measure);
        let (asked, behind) = (view.asked(measure, &cursor.window, &cursor.filter), cursor.behind);
        let records = asked.as_ref().map(|asked| view.records(asked)).transpose()?;
        let of = move |record: &'a Record| -> Vec<&'a Fact> {
            let Some(asked) = &asked else { return Vec::new() };
            let facts = asked.facts(record);
            facts.filter(|fact| behind.holds(fact) && asked.holds(fact, record)).collect()
        };
        let after = cursor.after;
        let is_next = |record: &&Record| after.is_none_or(|after| record.id > after);
        let records = records.into_iter().flatten().filter(is_next);
        let mut records: Vec<&Record> = records.filter(|record| !of(record).is_empty()).collect();
        records.sort_unstable_by_key(|record| record.id);
        Ok(records.into_iter().flat_map(move |record| {
            let mut facts = of(record);
            facts.sort_by_key(|fact| fact.at);
            let explained = facts.into_iter().map(move |fact| view.explained(definition, fact));
            explained.map(|fact| (record.id, fact)).collect::<Vec<_>>()
        }))
    }
}
