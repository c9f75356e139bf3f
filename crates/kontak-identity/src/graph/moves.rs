//! From who was a member of what to the changes that tell it.

use super::record::{Mode, NONE};
use super::{IdentityGraph, Reason};

/// What touchpoints were members of before, for the diff that becomes the changes.
pub(super) type Before = Vec<(u32, u32)>;

/// Edges whose withholding may change, each with why it was withheld before.
#[derive(Default)]
pub(super) struct Held(Vec<((u32, u32), Option<Reason>)>);

impl Held {
    /// What is noted first of an edge counts.
    pub(super) fn note(&mut self, edge: (u32, u32), before: Option<Reason>) {
        self.0.push((edge, before));
    }

    /// In the order of the edges.
    fn into_first(mut self) -> Vec<((u32, u32), Option<Reason>)> {
        self.0.sort_by_key(|(edge, _)| *edge);
        self.0.dedup_by_key(|(edge, _)| *edge);
        self.0
    }
}

impl IdentityGraph {
    /// Logs how the customers of some touchpoints differ from what they were: first who split off,
    /// then who merged, then who is new. `erased` is a founder that is no longer a member of
    /// anything.
    pub(super) fn log_moves(&mut self, mut before: Before, erased: Option<u32>) {
        let founder = |touchpoint: u32| self.store.touchpoints[touchpoint as usize].founder;
        before.retain(|(touchpoint, _)| Some(*touchpoint) != erased);
        let fresh_from = before
            .iter()
            .map(|(touchpoint, _)| *touchpoint)
            .filter(|touchpoint| *touchpoint >= self.logged);
        let mut fresh: Vec<u32> = fresh_from.collect();
        before.retain(|(touchpoint, old)| {
            *touchpoint < self.logged
                && (founder(*touchpoint) != *old || *touchpoint == *old || Some(*old) == erased)
        });
        // What stays with a founder who stays needs no word; a founder is kept so that its side is
        // known as the one that keeps the id.
        before.sort_unstable_by_key(|(touchpoint, old)| (*old, founder(*touchpoint), *touchpoint));

        let mut merges: Vec<(u32, u32)> = Vec::new();
        for old_customer in before.chunk_by(|(_, a), (_, b)| a == b) {
            let old = old_customer[0].1;
            let mut fragments: Vec<Vec<u32>> = old_customer
                .chunk_by(|(a, _), (b, _)| founder(*a) == founder(*b))
                .map(|fragment| fragment.iter().map(|(touchpoint, _)| *touchpoint).collect())
                .collect();
            fragments.sort_unstable_by_key(|fragment| fragment[0]);
            let mut keeper = old;
            if Some(old) == erased {
                keeper = fragments.first().map_or(NONE, |fragment| fragment[0]);
                self.log.renamed(self.position, old, keeper);
            }
            for fragment in &fragments {
                let head = fragment[0];
                if head != keeper {
                    self.log.split(self.position, keeper, head, fragment[1..].iter().copied());
                }
                if founder(head) != head {
                    merges.push((head, founder(head)));
                }
            }
        }
        merges.sort_unstable();
        for (from, into) in merges {
            self.log.merged(self.position, from, into);
        }
        fresh.sort_unstable();
        for touchpoint in fresh {
            while self.logged < touchpoint {
                self.log.founded(self.position, self.logged);
                self.logged += 1;
            }
            let founder = self.store.touchpoints[touchpoint as usize].founder;
            if founder == touchpoint {
                self.log.founded(self.position, touchpoint);
            } else {
                self.log.joined(self.position, touchpoint, founder);
            }
            self.logged = self.logged.max(touchpoint + 1);
        }
    }

    /// Logs which edges came to be withheld, and which no longer are and join.
    pub(super) fn log_held(&mut self, held: Held) {
        for (edge, before) in held.into_first() {
            match self.reason(edge) {
                now if now == before => {}
                Some(now) => self.log.withheld(self.position, edge.0, edge.1, now),
                None if self.ties(edge.0, edge.1) => {
                    self.log.admitted(self.position, edge.0, edge.1);
                }
                None => {}
            }
        }
    }

    /// Why an edge is withheld: by its value, or else by the last review of its cluster.
    pub(super) fn reason(&self, edge: (u32, u32)) -> Option<Reason> {
        self.reason_of_value(edge).or_else(|| self.reason_of_review(edge))
    }

    pub(crate) fn reason_of_review(&self, edge: (u32, u32)) -> Option<Reason> {
        let contest = self.store.touchpoints[edge.0 as usize].state.contest()?;
        let withheld = &self.contests[contest as usize].as_ref()?.withheld;
        let at = withheld.partition_point(|(touchpoint, value, _)| (*touchpoint, *value) < edge);
        withheld.get(at).filter(|(t, v, _)| (*t, *v) == edge).map(|(.., reason)| *reason)
    }

    pub(super) fn reason_of_value(&self, (touchpoint, value): (u32, u32)) -> Option<Reason> {
        if self.store.values[value as usize].mode() != Mode::Split {
            return None;
        }
        let slot = self.store.splits.get(&value)?.slot(touchpoint)?;
        Reason::of(slot.hold)
    }

    /// Logs whether a value came to be quarantined, or no longer is.
    pub(super) fn log_quarantine(&mut self, value: u32, was_quarantined: bool) {
        match (was_quarantined, self.is_quarantined(value)) {
            (false, true) => {
                let holders = self.store.values[value as usize].holders();
                self.log.quarantined(self.position, value, holders);
            }
            (true, false) => self.log.released(self.position, value),
            _ => {}
        }
    }

    /// Whether the touchpoint has live evidence of the value, and the value is neither quarantined
    /// nor barred.
    fn ties(&self, touchpoint: u32, value: u32) -> bool {
        self.store.of_touchpoint(touchpoint).any(|(_, evidence)| evidence.value == value)
            && match self.store.values[value as usize].mode() {
                Mode::Simple => true,
                Mode::Split => self
                    .store
                    .splits
                    .get(&value)
                    .and_then(|split| split.slot(touchpoint))
                    .is_some_and(|slot| slot.node != NONE),
                Mode::Quarantined | Mode::Barred => false,
            }
    }
}
