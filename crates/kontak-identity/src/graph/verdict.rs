//! Values judged: one, or many whose lists are followed together.

use super::evidence::walk_together;
use super::moves::Held;
use super::record::{Mode, NONE, Span, Value};
use super::{Hold, IdentityGraph, Reason};

/// How many lists are followed together.
const TOGETHER: usize = 16;

impl IdentityGraph {
    /// In the order of the values, whatever marked them.
    pub(super) fn take_dirty_values(&mut self) -> Vec<u32> {
        let mut values = std::mem::take(&mut self.dirty_values);
        values.sort_unstable();
        values
    }

    /// Judges many values, and logs what became of each as a whole.
    pub(super) fn judge_and_log_each(&mut self, values: &[u32], held: &mut Held) {
        self.judge_each(values, |graph, value, evidence| {
            graph.judge_and_log(value, evidence, held);
        });
    }

    /// Judges every value, without a word in the log.
    pub(super) fn judge_all(&mut self) {
        let values: Vec<u32> = (0..self.store.values.len() as u32).collect();
        self.judge_each(&values, Self::judge);
    }

    fn judge_each(&mut self, values: &[u32], mut judge: impl FnMut(&mut Self, u32, &[u32])) {
        let mut lists = Vec::new();
        for values in values.chunks(TOGETHER) {
            let store = &self.store;
            let record = |value: &u32| &store.values[*value as usize];
            // Of a crowd there is no more to be known.
            let head = |record: &Value| if record.is_crowd() { NONE } else { record.evidence };
            let heads = values.iter().map(record).map(head);
            let next = |_, index: u32| store.evidence[index as usize].next_of_value;
            walk_together(heads, next, &mut lists);
            store.facts.touch(lists.iter().take(values.len()).flatten());
            for (value, evidence) in values.iter().zip(&lists) {
                judge(self, *value, evidence);
            }
        }
    }

    /// Judges a value by all its evidence, and logs what became of it as a whole; its edges are
    /// logged when the clusters are reviewed.
    fn judge_and_log(&mut self, value: u32, evidence: &[u32], held: &mut Held) {
        self.note_held(value, held, Self::reason);
        let was_quarantined = self.is_quarantined(value);
        self.judge(value, evidence);
        self.note_held(value, held, Self::reason_of_review);
        self.log_quarantine(value, was_quarantined);
    }

    /// Keeps why the edges of a value that are withheld now were withheld before this call.
    fn note_held(
        &self,
        value: u32,
        held: &mut Held,
        before: fn(&Self, (u32, u32)) -> Option<Reason>,
    ) {
        if self.store.values[value as usize].mode() != Mode::Split {
            return;
        }
        let Some(split) = self.store.splits.get(&value) else { return };
        for slot in split.slots.iter().filter(|slot| Reason::of(slot.hold).is_some()) {
            let edge = (slot.touchpoint, value);
            held.note(edge, before(self, edge));
        }
    }

    /// Judges a value by all its evidence, and keeps the verdict.
    fn judge(&mut self, value: u32, evidence: &[u32]) {
        let record = &mut self.store.values[value as usize];
        if record.is_crowd() {
            record.set_crowd(false);
            record.set_dirty(false);
            record.set_mode(Mode::Quarantined);
            return;
        }
        let verdict = super::split::judge(&self.store, &self.rules, value, evidence);
        let record = &mut self.store.values[value as usize];
        let was_split = record.mode() == Mode::Split;
        record.set_dirty(false);
        record.set_holders(verdict.holders);
        record.set_mode(verdict.mode);
        record.set_span(Span::new(verdict.start, verdict.end));
        if let Some(split) = verdict.split {
            self.store.splits.insert(value, split);
        } else if was_split {
            self.store.splits.remove(&value);
        }
    }

    /// Asks the policy again which values it names among those that join nobody.
    pub(super) fn block_values(&mut self) {
        for value in 0..self.store.values.len() as u32 {
            let is_blocked = self.rules.blocked_by(self.store.value_ref(value)).is_some();
            self.store.values[value as usize].set_blocked(is_blocked);
        }
    }

    pub(crate) fn is_quarantined(&self, value: u32) -> bool {
        match self.store.values[value as usize].mode() {
            Mode::Quarantined => true,
            Mode::Split => {
                self.store.splits.get(&value).is_some_and(|split| {
                    split.slots.iter().any(|slot| slot.hold == Hold::Quarantined)
                })
            }
            Mode::Simple | Mode::Barred => false,
        }
    }
}
