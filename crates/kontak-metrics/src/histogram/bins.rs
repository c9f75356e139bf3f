use super::bin::BINS;

/// Up to so many bins lie where the histogram lies.
const INLINE: usize = 6;

/// Above this many bins, or this count in one, an array is smaller or faster than a list.
const LONGEST_LIST: usize = 256;
const COUNT_BITS: u32 = 18;
const COUNT_MASK: u32 = (1 << COUNT_BITS) - 1;

/// How many values are in which bin.
///
/// Most cells of a grid hold a handful of bins, and four bytes each is what keeps hundreds of thousands
/// of cells in memory; a busy one is an array. Equality sees the counts only, not which form they are in.
#[derive(Clone, Debug)]
pub(super) enum Bins {
    /// As a list, of which the first `len` are used.
    Few { len: u8, list: [u32; INLINE] },
    /// By bin: the bin above, its count in the low bits; none is zero.
    List(Vec<u32>),
    /// From bin `first` on.
    Array { first: u16, counts: Vec<u64> },
}

impl Default for Bins {
    fn default() -> Self {
        Self::Few { len: 0, list: [0; INLINE] }
    }
}

impl Bins {
    #[inline]
    pub(super) fn add(&mut self, bin: u16, count: u64) {
        if let Self::Array { first, counts } = self {
            let place = usize::from(bin).wrapping_sub(usize::from(*first));
            match counts.get_mut(place) {
                Some(held) => *held += count,
                None => self.widen(bin, count),
            }
        } else {
            self.add_to_list(bin, count);
        }
    }

    fn add_to_list(&mut self, bin: u16, count: u64) {
        let list = self.list();
        let place = list.partition_point(|held| held >> COUNT_BITS < u32::from(bin));
        let held = list.get(place).filter(|held| **held >> COUNT_BITS == u32::from(bin));
        let sum = held.map_or(0, |held| u64::from(held & COUNT_MASK)).saturating_add(count);
        let (is_new, length) = (held.is_none(), list.len());
        if sum > u64::from(COUNT_MASK) || (is_new && length >= LONGEST_LIST) {
            return self.widen(bin, count);
        }
        let entry = u32::from(bin) << COUNT_BITS | sum as u32;
        match self {
            Self::Few { len, list } if is_new && length < INLINE => {
                list.copy_within(place..length, place + 1);
                list[place] = entry;
                *len += 1;
            }
            Self::Few { list, .. } if is_new => {
                let mut longer = Vec::with_capacity(2 * INLINE);
                longer.extend_from_slice(list);
                longer.insert(place, entry);
                *self = Self::List(longer);
            }
            Self::List(list) if is_new => list.insert(place, entry),
            Self::Few { list, .. } => list[place] = entry,
            Self::List(list) => list[place] = entry,
            Self::Array { .. } => {}
        }
    }

    /// Adds all of another.
    pub(super) fn add_all(&mut self, other: &Self) {
        if self.iter().next().is_none() {
            *self = other.clone();
            return;
        }
        if let Self::Array { first, counts } = other {
            self.reach(*first, usize::from(*first) + counts.len() - 1);
            if let Self::Array { first: from, counts: held } = self {
                let held = held.iter_mut().skip(usize::from(first - *from));
                held.zip(counts).for_each(|(held, more)| *held += more);
            }
            return;
        }
        for (bin, count) in other.iter() {
            self.add(bin, count);
        }
    }

    /// Takes `count` away; the caller has seen that so many are there.
    pub(super) fn remove(&mut self, bin: u16, count: u64) {
        let list = self.list();
        let place = list.partition_point(|held| held >> COUNT_BITS < u32::from(bin));
        let all = list.get(place).is_some_and(|held| u64::from(held & COUNT_MASK) <= count);
        match self {
            Self::Array { first, counts } => {
                let place = usize::from(bin).wrapping_sub(usize::from(*first));
                if let Some(held) = counts.get_mut(place) {
                    *held = held.saturating_sub(count);
                }
            }
            Self::Few { len, list } if all => {
                list.copy_within(place + 1..usize::from(*len), place);
                *len -= 1;
            }
            Self::List(list) if all => {
                list.remove(place);
            }
            Self::Few { list, .. } => list[place] -= count as u32,
            Self::List(list) => list[place] -= count as u32,
        }
    }

    pub(super) fn count(&self, bin: u16) -> u64 {
        if let Self::Array { first, counts } = self {
            let place = usize::from(bin).wrapping_sub(usize::from(*first));
            return counts.get(place).copied().unwrap_or(0);
        }
        let list = self.list();
        let found = list.binary_search_by_key(&u32::from(bin), |held| held >> COUNT_BITS);
        found.map_or(0, |place| u64::from(list[place] & COUNT_MASK))
    }

    /// The bins that hold something, in order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (u16, u64)> {
        let (first, counts) = match self {
            Self::Array { first, counts } => (*first, counts.as_slice()),
            _ => (0, &[][..]),
        };
        let listed = self.list().iter();
        let listed = listed.map(|held| ((held >> COUNT_BITS) as u16, u64::from(held & COUNT_MASK)));
        let counted = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        listed.chain(counted.map(move |(place, count)| (first + place as u16, *count)))
    }

    fn list(&self) -> &[u32] {
        match self {
            Self::Few { len, list } => &list[..usize::from(*len)],
            Self::List(list) => list,
            Self::Array { .. } => &[],
        }
    }

    #[inline]
    pub(super) fn touch(&self) -> u64 {
        match self {
            Self::Few { list, .. } => list[0].into(),
            Self::List(list) => list.first().map_or(0, |held| (*held).into()),
            Self::Array { counts, .. } => counts.first().copied().unwrap_or(0),
        }
    }

    /// Gives back what growing has taken in advance.
    pub(super) fn shrink(&mut self) {
        match self {
            Self::Few { .. } => {}
            Self::List(list) => list.shrink_to_fit(),
            Self::Array { counts, .. } => counts.shrink_to_fit(),
        }
    }

    /// Adds to an array that reaches `bin` too, an octave ahead on that side, so that it seldom grows again.
    #[cold]
    fn widen(&mut self, bin: u16, count: u64) {
        let (low, high) = self.ends().unwrap_or((bin, bin));
        let low = if bin <= low { bin.saturating_sub(64) } else { low };
        let high = if bin >= high { bin.saturating_add(64) } else { high };
        self.reach(low, usize::from(high));
        if let Self::Array { first, counts } = self {
            counts[usize::from(bin - *first)] += count;
        }
    }

    /// Becomes an array that holds the bins from `low` to `high` beside its own.
    fn reach(&mut self, low: u16, high: usize) {
        if let Self::Array { first, counts } = self
            && *first <= low
            && high < usize::from(*first) + counts.len()
        {
            return;
        }
        let (own_low, own_high) = self.ends().unwrap_or((low, low));
        let (low, high) = (low.min(own_low), high.max(own_high.into()).min(BINS - 1));
        let mut counts = vec![0; high - usize::from(low) + 1];
        for (bin, count) in self.iter() {
            counts[usize::from(bin - low)] = count;
        }
        *self = Self::Array { first: low, counts };
    }

    /// The first and the last bin that hold something.
    fn ends(&self) -> Option<(u16, u16)> {
        Some((self.iter().next()?.0, self.iter().next_back()?.0))
    }
}
