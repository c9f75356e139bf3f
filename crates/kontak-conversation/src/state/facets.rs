use super::Conversation;
use crate::label::{Dimension, LabelPolicy, Labelling, Standing, standing};
use crate::rearrange::{Absorbed, Parted, Review};
use crate::sla::Breach;
use crate::{Participant, Priority};
use kontak_types::CaseId;
use serde::{Deserialize, Serialize};

/// What most conversations do not have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facets {
    pub(crate) priority: Priority,
    pub(crate) labels: Vec<Labelling>,
    pub(crate) let_in: Vec<Participant>,
    pub(crate) cases: Vec<CaseId>,
    pub(crate) breaches: Vec<Breach>,
    /// The matters for which nothing may be erased, sorted.
    pub(crate) matters: Vec<Box<str>>,
    pub(crate) review: Option<Review>,
    pub(crate) absorbed: Option<Absorbed>,
    pub(crate) parted: Option<Parted>,
}

impl Conversation {
    /// Changes what most conversations do not have. One that is as most again has none.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Facets)) {
        let mut facets = self.facets.take().unwrap_or_default();
        change(&mut facets);
        self.facets = (*facets != Facets::default()).then_some(facets);
    }

    fn some<'a, T>(&'a self, of: impl FnOnce(&'a Facets) -> &'a [T]) -> &'a [T] {
        self.facets.as_deref().map_or(&[], of)
    }

    /// How much it presses.
    #[must_use]
    pub fn priority(&self) -> Priority {
        self.facets.as_deref().map_or_else(Priority::default, |facets| facets.priority)
    }

    /// The labels that it was given, in the order in which they were recorded.
    #[must_use]
    pub fn labels(&self) -> &[Labelling] {
        self.some(|facets| &facets.labels)
    }

    /// The label that counts in a dimension, and why the others do not.
    #[must_use]
    pub fn label(&self, dimension: Dimension, policy: &LabelPolicy) -> Option<Standing<'_>> {
        standing(self.labels(), dimension, policy)
    }

    /// Who was let in, or has left. Whoever speaks takes part without that: see
    /// [`Conversations::participants`](crate::Conversations::participants).
    #[must_use]
    pub fn let_in(&self) -> &[Participant] {
        self.some(|facets| &facets.let_in)
    }

    /// The cases that it belongs to.
    #[must_use]
    pub fn cases(&self) -> &[CaseId] {
        self.some(|facets| &facets.cases)
    }

    /// The service levels that were missed, as they were recorded.
    #[must_use]
    pub fn breaches(&self) -> &[Breach] {
        self.some(|facets| &facets.breaches)
    }

    /// The matters for which it is under a legal hold: nothing of it may be erased.
    #[must_use]
    pub fn matters(&self) -> &[Box<str>] {
        self.some(|facets| &facets.matters)
    }

    /// Why somebody should look through it, if somebody should.
    #[must_use]
    pub fn review(&self) -> Option<&Review> {
        self.facets.as_deref()?.review.as_ref()
    }

    /// Where all that was said in it is now, where it was merged into another conversation.
    #[must_use]
    pub fn absorbed(&self) -> Option<&Absorbed> {
        self.facets.as_deref()?.absorbed.as_ref()
    }

    /// The split that made it, while that can be undone.
    pub(crate) fn parted(&self) -> Option<&Parted> {
        self.facets.as_deref()?.parted.as_ref()
    }
}
