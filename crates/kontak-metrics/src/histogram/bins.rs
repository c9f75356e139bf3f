use super::bin::BINS;

/// Above this many bins, or this count in one, an array is smaller or faster than a list.
const LONGEST_LIST: usize = 64;
const COUNT_BITS: u32 = 18;
const COUNT_MASK: u32 = (1 << COUNT_BITS) - 1;

/// How many values are in which bin.
///
/// Most cells of a grid hold a handful of bins, and four bytes each is what keeps hundreds of thousands
/// of cells in memory; a busy one is an array. Equality sees the counts only, not which form they are in.
#[derive(Clone, Debug)]
pub(super) enum Bins {
    /// By bin: the bin above, its count in the low bits; none is zero.
    List(Vec<u32>),
    /// From bin `first` on.
    Array { first: u16, counts: Vec<u64> },
}

impl Default for Bins {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Bins {
    #[inline]
    pub(super) fn add(&mut self, bin: u16, count: u64) {
        match self {
            Self::Array { first, counts } => {
                let place = usize::from(bin).wrapping_sub(usize::from(*first));
                match counts.get_mut(place) {
                    Some(held) => *held += count,
                    None => self.widen(bin, count),
                }
            }
            Self::List(list) => {
                let place = list.partition_point(|held| held >> COUNT_BITS < u32::from(bin));
                let held = list.get(place).filter(|held| **held >> COUNT_BITS == u32::from(bin));
                let sum = held.map_or(0, |held| u64::from(held & COUNT_MASK)).saturating_add(count);
                let is_new = held.is_none();
                if sum > u64::from(COUNT_MASK) || (is_new && list.len() >= LONGEST_LIST) {
                    self.widen(bin, count);
                } else {
                    let entry = u32::from(bin) << COUNT_BITS | sum as u32;
                    if is_new { list.insert(place, entry) } else { list[place] = entry }
                }
            }
        }
    }

    /// Takes `count` away; the caller has seen that so many are there.
    pub(super) fn remove(&mut self, bin: u16, count: u64) {
        match self {
            Self::Array { first, counts } => {
                let place = usize::from(bin).wrapping_sub(usize::from(*first));
                if let Some(held) = counts.get_mut(place) {
                    *held = held.saturating_sub(count);
                }
            }
            Self::List(list) => {
                let place = list.partition_point(|held| held >> COUNT_BITS < u32::from(bin));
                let Some(held) = list.get_mut(place) else { return };
                if u64::from(*held & COUNT_MASK) <= count {
                    list.remove(place);
                } else {
                    *held -= count as u32;
                }
            }
        }
    }

    pub(super) fn count(&self, bin: u16) -> u64 {
        match self {
            Self::Array { first, counts } => {
                let place = usize::from(bin).wrapping_sub(usize::from(*first));
                counts.get(place).copied().unwrap_or(0)
            }
            Self::List(list) => {
                let found = list.binary_search_by_key(&u32::from(bin), |held| held >> COUNT_BITS);
                found.map_or(0, |place| u64::from(list[place] & COUNT_MASK))
            }
        }
    }

    /// The bins that hold something, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u16, u64)> {
        let (list, first, counts) = match self {
            Self::List(list) => (list.as_slice(), 0, [].as_slice()),
            Self::Array { first, counts } => ([].as_slice(), *first, counts.as_slice()),
        };
        let listed =
            list.iter().map(|held| ((held >> COUNT_BITS) as u16, u64::from(held & COUNT_MASK)));
        let counted = (first..).zip(counts).map(|(bin, count)| (bin, *count));
        listed.chain(counted.filter(|(_, count)| *count > 0))
    }

    /// Gives back what growing has taken in advance.
    pub(super) fn shrink(&mut self) {
        match self {
            Self::List(list) => list.shrink_to_fit(),
            Self::Array { counts, .. } => counts.shrink_to_fit(),
        }
    }

    /// An array that reaches `bin` too, an octave ahead on that side, so that it seldom grows again.
    #[cold]
    fn widen(&mut self, bin: u16, count: u64) {
        let held = (self.iter().next(), self.iter().last());
        let (low, high) = match held {
            (Some((low, _)), Some((high, _))) => (low.min(bin), high.max(bin)),
            _ => (bin, bin),
        };
        let low = if low == bin { low.saturating_sub(64) } else { low };
        let high = if high == bin { usize::from(high) + 64 } else { usize::from(high) };
        let mut counts = vec![0; high.min(BINS - 1) - usize::from(low) + 1];
        for (bin, count) in self.iter() {
            counts[usize::from(bin - low)] = count;
        }
        counts[usize::from(bin - low)] += count;
        *self = Self::Array { first: low, counts };
    }
}
