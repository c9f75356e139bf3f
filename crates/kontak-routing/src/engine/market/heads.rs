//! The first contact of each class, and the search among them.

use super::line::At;
use crate::centre::Lane;
use crate::engine::instant::Micros;
use crate::engine::item::{ClassIndex, ItemIndex};
use std::collections::BTreeMap;

/// The first of a class.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Head {
    pub(in crate::engine) lane: Lane,
    pub(in crate::engine) anchor: Micros,
    pub(in crate::engine) seq: u64,
}

impl Head {
    /// Whether it goes before another.
    pub(in crate::engine) fn is_before(&self, other: &Self, now: Micros) -> bool {
        if self.lane.tier != other.lane.tier {
            return self.lane.tier < other.lane.tier;
        }
        if self.lane.slope == other.lane.slope {
            return (self.anchor, self.seq) < (other.anchor, other.seq);
        }
        let urgency = |head: &Self| i128::from(head.lane.slope) * i128::from(now - head.anchor);
        let (own, their) = (urgency(self), urgency(other));
        own > their || own == their && self.seq < other.seq
    }
}

pub(super) const BITS: usize = usize::BITS as usize;

/// The word of a bit set that a class is in, and its bit.
pub(super) fn bit(class: ClassIndex) -> (usize, usize) {
    (class as usize / BITS, 1 << (class as usize % BITS))
}

/// The classes of which somebody waits, by lane.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads {
    /// By class. What stands at a class of which nobody waits means nothing.
    anchors: Vec<Micros>,
    firsts: Vec<(u64, ItemIndex)>,
    lane_of: Vec<Lane>,
    lanes: BTreeMap<Lane, Vec<Block>>,
    /// Classes whose first is not everybody's.
    odd: Vec<usize>,
}

/// Neighbouring classes of one lane, as many as a word has bits.
#[derive(Clone, Copy, Debug)]
struct Block {
    word: usize,
    waiting: usize,
    /// No first of these has an earlier anchor.
    least: Micros,
}

/// The classes that a search is about.
pub(super) struct Among<'a, Unfit, First> {
    pub(super) served: &'a [usize],
    /// The classes of a word that do not fit now.
    pub(super) unfit: Unfit,
    /// The first of an odd class that may be given.
    pub(super) first: First,
}

impl Heads {
    /// There is one more class, of this lane.
    pub(super) fn grow(&mut self, lane: Lane) {
        self.lane_of.push(lane);
        let words = self.lane_of.len().div_ceil(BITS);
        self.anchors.resize(words * BITS, 0);
        self.firsts.resize(words * BITS, (0, 0));
        self.odd.resize(words, 0);
    }

    /// So many that there is room for.
    pub(super) fn classes(&self) -> usize {
        self.anchors.len()
    }

    pub(super) fn set_odd(&mut self, class: ClassIndex, odd: bool) {
        let (word, bit) = bit(class);
        self.odd[word] = if odd { self.odd[word] | bit } else { self.odd[word] & !bit };
    }

    pub(super) fn of(&self, class: ClassIndex) -> At {
        (self.anchors[class as usize], self.firsts[class as usize].0)
    }

    /// The first of a class is another one, or there is none any more.
    pub(super) fn set(&mut self, class: ClassIndex, first: Option<(At, ItemIndex)>) {
        let lane = self.lane_of[class as usize];
        let (word, bit) = bit(class);
        let blocks = self.lanes.entry(lane).or_default();
        let at = match blocks.binary_search_by_key(&word, |block| block.word) {
            Ok(at) => at,
            Err(at) => {
                blocks.insert(at, Block { word, waiting: 0, least: Micros::MAX });
                at
            }
        };
        let block = &mut blocks[at];
        let was_least = block.waiting & bit != 0 && self.anchors[class as usize] == block.least;
        if let Some(((anchor, seq), item)) = first {
            block.waiting |= bit;
            self.anchors[class as usize] = anchor;
            self.firsts[class as usize] = (seq, item);
        } else {
            block.waiting &= !bit;
        }
        if block.waiting == 0 {
            blocks.remove(at);
            if blocks.is_empty() {
                self.lanes.remove(&lane);
            }
            return;
        }
        match first {
            Some(((anchor, _), _)) if anchor <= block.least => block.least = anchor,
            _ if was_least => {
                let anchors = &self.anchors[word * BITS..][..BITS];
                block.least =
                    ones(block.waiting).map(|at| anchors[at]).min().unwrap_or(Micros::MAX);
            }
            _ => {}
        }
    }

    fn seq(&self, found: Option<Found>) -> u64 {
        match found {
            None => u64::MAX,
            Some(Found::Class(class)) => self.firsts[class].0,
            Some(Found::Contact(seq, _)) => seq,
        }
    }

    #[cold]
    fn is_sooner(&self, class: usize, found: Option<Found>) -> bool {
        self.firsts[class].0 < self.seq(found)
    }

    /// The most urgent of the first.
    pub(super) fn search<Unfit, First>(
        &self,
        among: &Among<'_, Unfit, First>,
        now: Micros,
    ) -> Option<(Head, ItemIndex)>
    where
        Unfit: Fn(usize) -> usize,
        First: Fn(ClassIndex) -> Option<(At, ItemIndex)>,
    {
        let mut best: Option<(Head, ItemIndex)> = None;
        for (lane, blocks) in &self.lanes {
            if best.as_ref().is_some_and(|(best, _)| best.lane.tier != lane.tier) {
                break;
            }
            let Some(((anchor, seq), item)) = self.earliest(blocks, among) else { continue };
            let head = Head { lane: *lane, anchor, seq };
            if best.as_ref().is_none_or(|(best, _)| head.is_before(best, now)) {
                best = Some((head, item));
            }
        }
        best
    }

    fn earliest<Unfit, First>(
        &self,
        blocks: &[Block],
        among: &Among<'_, Unfit, First>,
    ) -> Option<(At, ItemIndex)>
    where
        Unfit: Fn(usize) -> usize,
        First: Fn(ClassIndex) -> Option<(At, ItemIndex)>,
    {
        let (mut anchor, mut found) = (Micros::MAX, None);
        for block in blocks {
            let served = among.served.get(block.word).copied().unwrap_or(0) & block.waiting;
            if served == 0 || block.least > anchor {
                continue;
            }
            let word = served & !(among.unfit)(block.word);
            let odd = word & self.odd[block.word];
            let first = block.word * BITS;
            let anchors = &self.anchors[first..][..BITS];
            for at in ones(word & !odd) {
                let own = anchors[at];
                // Who came first is looked up only where that decides.
                if own < anchor || own == anchor && self.is_sooner(first + at, found) {
                    (anchor, found) = (own, Some(Found::Class(first + at)));
                }
            }
            for at in ones(odd) {
                if anchors[at] <= anchor
                    && let Some((of, item)) = (among.first)((first + at) as ClassIndex)
                    && (of.0 < anchor || of.0 == anchor && of.1 < self.seq(found))
                {
                    (anchor, found) = (of.0, Some(Found::Contact(of.1, item)));
                }
            }
        }
        found.map(|found| match found {
            Found::Class(class) => ((anchor, self.firsts[class].0), self.firsts[class].1),
            Found::Contact(seq, item) => ((anchor, seq), item),
        })
    }
}

/// The best so far.
#[derive(Clone, Copy)]
enum Found {
    /// The first of a class.
    Class(usize),
    /// The first that may be given, of an odd class.
    Contact(u64, ItemIndex),
}

fn ones(mut word: usize) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let at = word.trailing_zeros() as usize;
            word &= word - 1;
            at
        })
    })
}
