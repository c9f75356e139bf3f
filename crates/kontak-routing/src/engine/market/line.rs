//! The contacts of one class, in order.

use crate::engine::instant::Micros;
use crate::engine::item::ItemIndex;
use std::collections::{BTreeMap, VecDeque};

/// Where a contact stands in its class: from when on it grows urgent, then who came first.
pub(super) type At = (Micros, u64);

/// Nearly all come last and go first: these stand in a row. Who comes with an older claim is kept in
/// a tree beside it.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// The first and the last are there; between them some may be gone.
    row: VecDeque<(At, Option<ItemIndex>)>,
    gone: usize,
    older: BTreeMap<At, ItemIndex>,
}

impl Line {
    pub(super) fn insert(&mut self, at: At, item: ItemIndex) {
        if self.row.back().is_none_or(|(last, _)| *last < at) {
            self.row.push_back((at, Some(item)));
        } else {
            self.older.insert(at, item);
        }
    }

    pub(super) fn remove(&mut self, at: At) {
        if !self.older.is_empty() && self.older.remove(&at).is_some() {
            return;
        }
        if self.row.front().is_some_and(|(first, _)| *first == at) {
            self.row.pop_front();
        } else if let Ok(found) = self.row.binary_search_by_key(&at, |(at, _)| *at) {
            self.row[found].1 = None;
            self.gone += 1;
        }
        while self.row.front().is_some_and(|(_, item)| item.is_none()) {
            self.row.pop_front();
            self.gone -= 1;
        }
        while self.row.back().is_some_and(|(_, item)| item.is_none()) {
            self.row.pop_back();
            self.gone -= 1;
        }
        if self.gone > self.row.len() / 2 {
            self.row.retain(|(_, item)| item.is_some());
            self.gone = 0;
        }
    }

    pub(super) fn first(&self) -> Option<(At, ItemIndex)> {
        let row = self.row.front().and_then(|(at, item)| Some((*at, (*item)?)));
        let older = self.older.first_key_value().map(|(at, item)| (*at, *item));
        match (row, older) {
            (Some(row), Some(older)) => Some(row.min(older)),
            (row, older) => row.or(older),
        }
    }

    /// The first of which this is true.
    pub(super) fn find(&self, may: impl Fn(ItemIndex) -> bool) -> Option<(At, ItemIndex)> {
        let row = self.row.iter().filter_map(|(at, item)| Some((*at, (*item)?)));
        let row = row.into_iter().find(|(_, item)| may(*item));
        let older = self.older.iter().map(|(at, item)| (*at, *item));
        let sooner = |(at, _): &(At, ItemIndex)| row.is_none_or(|(row, _)| *at < row);
        older.take_while(sooner).find(|(_, item)| may(*item)).or(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_line_is_a_sorted_map(steps in prop::collection::vec((0..40_i64, any::<bool>()), 0..300)) {
            let mut line = Line::default();
            let mut map: BTreeMap<At, ItemIndex> = BTreeMap::new();
            for (number, (anchor, out)) in steps.into_iter().enumerate() {
                // Some in the order of time, some not.
                let anchor = if anchor < 25 { number as Micros } else { anchor };
                let at = (anchor, number as u64);
                line.insert(at, number as ItemIndex);
                map.insert(at, number as ItemIndex);
                if out {
                    let nth = anchor as usize * 7 % map.len();
                    let taken = map.keys().nth(nth).copied().unwrap();
                    map.remove(&taken);
                    line.remove(taken);
                }
                prop_assert_eq!(line.first(), map.first_key_value().map(|(at, item)| (*at, *item)));
                let third = |item: ItemIndex| item.is_multiple_of(3);
                let expected = map.iter().find(|(_, item)| third(**item));
                prop_assert_eq!(line.find(third), expected.map(|(at, item)| (*at, *item)));
            }
        }
    }
}
