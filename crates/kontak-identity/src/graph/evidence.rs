//! The live evidence of a store: found by its id, walked by touchpoint and by value.

use super::record::{Evidence, NONE};
use super::store::Store;
use super::text::Texts;
use crate::tenant_key::{EvidenceId, RecordRef};

impl Store {
    pub(crate) fn record_ref(&self, word: u64) -> RecordRef<'_> {
        if Texts::is_number(word) {
            RecordRef::Number(word)
        } else {
            RecordRef::Text(self.texts.text(word))
        }
    }

    pub(crate) fn evidence_id(&self, evidence: u32) -> EvidenceId {
        let Evidence { touchpoint, value, .. } = self.evidence[evidence as usize];
        let record = self.record_ref(self.facts.record(evidence));
        self.id_of(self.facts.origin(evidence).source, record, touchpoint, value)
    }

    pub(crate) fn id_of(
        &self,
        source: u16,
        record: RecordRef<'_>,
        touchpoint: u32,
        value: u32,
    ) -> EvidenceId {
        self.id_under(self.touchpoint_hash(touchpoint), source, record, value)
    }

    fn id_under(
        &self,
        touchpoint: u64,
        source: u16,
        record: RecordRef<'_>,
        value: u32,
    ) -> EvidenceId {
        let source = &self.sources[source as usize];
        EvidenceId::derive(&self.key, touchpoint, source, record, self.value_ref(value))
    }

    /// The live evidence with this id.
    pub(crate) fn find_evidence(&self, id: EvidenceId) -> Option<u32> {
        let is = |index: u32, evidence: &Evidence| {
            let record = self.record_ref(self.facts.record(index));
            let source = self.facts.origin(index).source;
            // The touchpoint is very likely the right one, so the rest is compared first.
            self.id_under(id.touchpoint_hash(), source, record, evidence.value) == id
                && self.touchpoint_hash(evidence.touchpoint) == id.touchpoint_hash()
        };
        self.with_key_hash(id.touchpoint_hash())
            .flat_map(|touchpoint| self.of_touchpoint(touchpoint))
            .find(|(index, evidence)| is(*index, evidence))
            .map(|(index, _)| index)
    }

    /// The evidence of a touchpoint, newest first.
    pub(crate) fn of_touchpoint(&self, touchpoint: u32) -> impl Iterator<Item = (u32, &Evidence)> {
        walk(self.touchpoints[touchpoint as usize].evidence, |index| {
            let evidence = &self.evidence[index as usize];
            (evidence, evidence.next_of_touchpoint)
        })
    }

    /// The evidence of a value, newest first.
    pub(crate) fn of_value(&self, value: u32) -> impl Iterator<Item = (u32, &Evidence)> {
        walk(self.values[value as usize].evidence, |index| {
            let evidence = &self.evidence[index as usize];
            (evidence, evidence.next_of_value)
        })
    }
}

/// Follows several lists in turns, so that their cache misses overlap. `next` is given the number of
/// the list and where it stands; a list ends at [`NONE`].
pub(super) fn walk_together(
    heads: impl Iterator<Item = u32>,
    next: impl Fn(usize, u32) -> u32,
    lists: &mut Vec<Vec<u32>>,
) {
    let mut at: Vec<(usize, u32)> = heads.enumerate().collect();
    lists.iter_mut().for_each(Vec::clear);
    lists.resize_with(at.len().max(lists.len()), Vec::new);
    at.retain(|(_, place)| *place != NONE);
    while !at.is_empty() {
        at.retain_mut(|(list, place)| {
            lists[*list].push(*place);
            *place = next(*list, *place);
            *place != NONE
        });
    }
}

fn walk<'a>(
    head: u32,
    step: impl Fn(u32) -> (&'a Evidence, u32),
) -> impl Iterator<Item = (u32, &'a Evidence)> {
    let mut next = head;
    std::iter::from_fn(move || {
        if next == NONE {
            return None;
        }
        let index = next;
        let (evidence, after) = step(index);
        next = after;
        Some((index, evidence))
    })
}
