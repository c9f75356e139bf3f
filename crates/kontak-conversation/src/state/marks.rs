use super::table::hash;
use kontak_types::uuid::Uuid;

/// Four bytes of an id, spread evenly.
pub(super) fn mark(id: &Uuid) -> u32 {
    (hash(id) >> 32) as u32
}

/// Another four bytes of it: what is called so, and not what has it inside.
pub(super) fn home_mark(id: &Uuid) -> u32 {
    hash(id) as u32
}

/// Numbers by marks: a little more than eight bytes each, however many there are.
///
/// They are sorted, in as many parts as keep one short. Since marks are spread evenly, parts have
/// about the same length, and where in its part a mark must be is known to within a few places.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// By the first bits of the mark: a power of two of them, or none.
    parts: Vec<Vec<(u32, u32)>>,
    len: usize,
}

/// So many a part in the mean, at most: inserting moves half of them.
const MOST: usize = 192;
/// A part grows by so many: doubling would leave half of it empty.
const ROOM: usize = 8;

impl Marks {
    pub(super) fn insert(&mut self, mark: u32, number: u32) {
        if self.len >= self.parts.len() * MOST {
            self.split();
        }
        let (part, place) = self.place(mark, number);
        let part = &mut self.parts[part];
        if part.len() == part.capacity() {
            part.reserve_exact(ROOM);
        }
        part.insert(place, (mark, number));
        self.len += 1;
    }

    /// Removes it once.
    pub(super) fn remove(&mut self, mark: u32, number: u32) {
        if self.parts.is_empty() {
            return;
        }
        let (part, place) = self.place(mark, number);
        let part = &mut self.parts[part];
        if part.get(place) == Some(&(mark, number)) {
            part.remove(place);
            if part.capacity() - part.len() > 2 * ROOM {
                part.shrink_to(part.len() + ROOM);
            }
            self.len -= 1;
        }
        if self.len == 0 {
            self.parts = Vec::new();
        }
    }

    /// Removes all of this number, whatever their marks: looks at all there is.
    pub(super) fn forget(&mut self, number: u32) {
        for part in &mut self.parts {
            part.retain(|(_, one)| *one != number);
        }
        self.len = self.parts.iter().map(Vec::len).sum();
    }

    pub(super) fn of(&self, mark: u32) -> impl Iterator<Item = u32> {
        let found = (!self.parts.is_empty()).then(|| {
            let (part, place) = self.place(mark, 0);
            &self.parts[part][place..]
        });
        let found = found.unwrap_or_default().iter();
        found.take_while(move |(one, _)| *one == mark).map(|(_, number)| *number)
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// In their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        self.parts.iter().flatten().copied()
    }

    /// In which part it is, or would be, and where in that.
    fn place(&self, mark: u32, number: u32) -> (usize, usize) {
        let bits = self.parts.len().trailing_zeros();
        let nth = (u64::from(mark) << bits >> 32) as usize;
        let part = &self.parts[nth];
        let share = (u64::from(mark << bits) * part.len() as u64) >> 32;
        let mut place = share as usize;
        while place > 0 && part[place - 1] >= (mark, number) {
            place -= 1;
        }
        while part.get(place).is_some_and(|one| *one < (mark, number)) {
            place += 1;
        }
        (nth, place)
    }

    /// Doubles the parts.
    fn split(&mut self) {
        if self.parts.is_empty() {
            self.parts.push(Vec::new());
            return;
        }
        let bits = self.parts.len().trailing_zeros();
        let halves = std::mem::take(&mut self.parts).into_iter().flat_map(|mut part| {
            let half = part.partition_point(|(mark, _)| mark << bits >> 31 == 0);
            let other = part.split_off(half);
            part.shrink_to_fit();
            [part, other]
        });
        self.parts = halves.collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_number_is_found_by_its_mark(
            steps in vec((any::<bool>(), prop_oneof![any::<u32>(), 0..4_u32], 1..4_u32), 0..3_000),
        ) {
            let (mut marks, mut plain) = (Marks::default(), Vec::new());
            for (nth, (is_put, mark, number)) in steps.iter().enumerate() {
                // What was put a while ago, or what may not be there.
                let (mark, number) = match plain.get(nth / 3) {
                    Some(known) if nth.is_multiple_of(2) => *known,
                    _ => (*mark, *number),
                };
                if *is_put || nth < 2_000 {
                    marks.insert(mark, number);
                    plain.push((mark, number));
                } else {
                    marks.remove(mark, number);
                    let place = plain.iter().position(|one| *one == (mark, number));
                    place.map(|place| plain.swap_remove(place));
                }
            }
            plain.sort_unstable();
            prop_assert_eq!(marks.iter().collect::<Vec<_>>(), plain.clone());
            for (mark, _) in &plain {
                let theirs = plain.iter().filter(|(one, _)| one == mark).map(|(_, number)| *number);
                prop_assert_eq!(marks.of(*mark).collect::<Vec<_>>(), theirs.collect::<Vec<_>>());
                let other = mark.wrapping_add(7);
                let theirs = plain.iter().filter(|(one, _)| *one == other).count();
                prop_assert_eq!(marks.of(other).count(), theirs);
            }
            for (mark, number) in plain {
                marks.remove(mark, number);
            }
            prop_assert!(marks.parts.is_empty());
        }
    }

    #[test]
    fn they_take_little() {
        let mut marks = Marks::default();
        for nth in 0..300_000_u32 {
            marks.insert(nth.wrapping_mul(0x9e37_79b9), nth);
            if nth > 10_000 && nth % 10_007 == 0 {
                let room: usize = marks.parts.iter().map(|part| 8 * part.capacity() + 24).sum();
                assert!(room < 9 * nth as usize, "{room} bytes for {nth}");
            }
        }
    }
}
