//! The least that a graph must write which can be taken apart again: no rules, no ids, no tables.

use crate::reference::{Edges, UnionFind};
use std::hint::black_box;

const NONE: u32 = u32::MAX;
/// How many pieces of evidence are looked ahead.
const BLOCK: usize = 64;

/// Evidence in lists by touchpoint and by value, customers as rings with founders and counts, and a
/// log: the bytes that kontak writes for a batch, written by a program that does nothing else.
#[derive(Debug)]
pub struct Bookkeeping {
    evidence: Vec<Evidence>,
    touchpoints: Vec<Touchpoint>,
    /// The newest evidence, a holder, how many there are, and when.
    values: Vec<[u32; 4]>,
    log: Vec<(u32, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Evidence {
    touchpoint: u32,
    value: u32,
    next_of_touchpoint: u32,
    next_of_value: u32,
}

#[derive(Clone, Copy, Debug)]
struct Touchpoint {
    founder: u32,
    next: u32,
    evidence: u32,
    count: u32,
}

impl Bookkeeping {
    /// Everybody is known, and no evidence is in a list.
    #[must_use]
    pub fn of(edges: &Edges) -> Self {
        let alone = Touchpoint { founder: NONE, next: NONE, evidence: NONE, count: 1 };
        let unlinked = |(touchpoint, node): (u32, u32)| Evidence {
            touchpoint,
            value: node - edges.touchpoints as u32,
            next_of_touchpoint: NONE,
            next_of_value: NONE,
        };
        Self {
            evidence: edges.pairs.iter().copied().map(unlinked).collect(),
            touchpoints: vec![alone; edges.touchpoints],
            values: vec![[NONE, NONE, 0, 0]; edges.nodes - edges.touchpoints],
            log: Vec::with_capacity(edges.touchpoints),
        }
    }

    /// Links all of it. The number of customers, if every value is trusted.
    #[must_use]
    pub fn link(mut self) -> usize {
        self.link_evidence();
        let mut sets = UnionFind::new(self.touchpoints.len());
        for Evidence { touchpoint, value, .. } in &self.evidence {
            let holder = &mut self.values[*value as usize][1];
            sets.union(*holder, *touchpoint);
            // So that the next is found in fewer steps.
            *holder = sets.find(*touchpoint);
        }
        for (index, founder) in (0..).zip(sets.into_labels()) {
            let evidence = self.touchpoints[index as usize].evidence;
            let mut own = Touchpoint { founder, next: index, evidence, count: 1 };
            if founder != index {
                let first = &mut self.touchpoints[founder as usize];
                first.count += 1;
                own.next = std::mem::replace(&mut first.next, index);
            }
            self.touchpoints[index as usize] = own;
            self.log.push((index, founder));
        }
        black_box(&self.log);
        (0..).zip(&self.touchpoints).filter(|(index, it)| it.founder == *index).count()
    }

    fn link_evidence(&mut self) {
        let Self { evidence, touchpoints, values, .. } = self;
        for (block, pieces) in (0..).step_by(BLOCK).zip(evidence.chunks_mut(BLOCK)) {
            black_box(pieces.iter().fold(0, |read, piece| read ^ values[piece.value as usize][0]));
            for (index, piece) in (block..).zip(pieces) {
                let newest = &mut touchpoints[piece.touchpoint as usize].evidence;
                piece.next_of_touchpoint = std::mem::replace(newest, index);
                let [newest, holder, count, _] = &mut values[piece.value as usize];
                piece.next_of_value = std::mem::replace(newest, index);
                *holder = (*holder).min(piece.touchpoint);
                *count += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::plain_union_find;
    use crate::{GeneratorConfig, Population};

    #[test]
    fn it_finds_the_customers_that_union_find_does() {
        let edges = Edges::of(&Population::generate(GeneratorConfig::new(7, 3_000)));
        assert_eq!(Bookkeeping::of(&edges).link(), plain_union_find(&edges));
    }
}
