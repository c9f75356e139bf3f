//! The records the engine walks: dense, small, addressed by `u32`.

use crate::identifier::{IdentifierClass, IdentifierKind};
use crate::observation::Verification;

/// No record.
pub(crate) const NONE: u32 = u32::MAX;

/// One account. Sixteen bytes, so that four share a cache line: joining and splitting touch little
/// else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touchpoint {
    /// The member of this one's customer that was recorded first. True for every touchpoint at
    /// every settled moment, so `customer_of` is one load.
    pub(crate) founder: u32,
    /// The next member of the customer, in a ring.
    pub(crate) next: u32,
    /// The newest evidence of this touchpoint; the rest follows in a list.
    pub(crate) evidence: u32,
    /// See [`State`].
    pub(crate) state: State,
}

/// For a member of a contested cluster: which. Otherwise, at the founder: how large the customer
/// is; elsewhere meaningless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State(u32);

impl State {
    const CONTESTED: u32 = 1 << 31;
    const SIZE: u32 = (1 << 15) - 1;
    const PER_KIND: u32 = 0xff;

    /// A touchpoint on its own, without any value.
    pub(crate) const ALONE: Self = Self(1);

    pub(crate) fn contested(contest: u32) -> Self {
        Self(Self::CONTESTED | contest)
    }

    pub(crate) fn contest(self) -> Option<u32> {
        (self.0 & Self::CONTESTED != 0).then_some(self.0 & !Self::CONTESTED)
    }

    pub(crate) fn size(self) -> u32 {
        self.0 & Self::SIZE
    }

    pub(crate) fn values(self, kind: IdentifierKind) -> u32 {
        self.0 >> Self::shift(kind) & Self::PER_KIND
    }

    /// The counts of two sides as one, saturating: every cap lies below the most that fits, so a
    /// saturated count is over its cap.
    pub(crate) fn sum(self, other: Self) -> Self {
        let size = (self.size() + other.size()).min(Self::SIZE);
        [IdentifierKind::Phone, IdentifierKind::Email].into_iter().fold(
            Self(size),
            |state, kind| {
                let count = (self.values(kind) + other.values(kind)).min(Self::PER_KIND);
                Self(state.0 | count << Self::shift(kind))
            },
        )
    }

    pub(crate) fn with_value(self, kind: IdentifierKind) -> Self {
        self.sum(Self(1 << Self::shift(kind)))
    }

    /// Takes out a part. Where a value of this call is still to be judged the counts may not fit;
    /// its cluster is counted anew before the call ends.
    pub(crate) fn minus(self, part: Self) -> Self {
        let size = self.size().saturating_sub(part.size());
        [IdentifierKind::Phone, IdentifierKind::Email].into_iter().fold(
            Self(size),
            |state, kind| {
                let count = self.values(kind).saturating_sub(part.values(kind));
                Self(state.0 | count << Self::shift(kind))
            },
        )
    }

    /// Counts of nothing.
    pub(crate) const EMPTY: Self = Self(0);

    fn shift(kind: IdentifierKind) -> u32 {
        match kind {
            IdentifierKind::Phone => 15,
            IdentifierKind::Email => 23,
        }
    }
}

/// How the holders of a value are tied by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// All of them, as one.
    Simple,
    /// In groups that stand in the side table: several tenancies, or names that contradict.
    Split,
    /// One tenancy with too many holders: nobody.
    Quarantined,
    /// A value that the policy keeps from joining: nobody.
    Barred,
}

/// One phone number or mailbox.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
    /// The digits, or where the text of the mailbox lies.
    pub(crate) key: u64,
    /// The newest evidence of this value; the rest follows in a list.
    pub(crate) evidence: u32,
    bits: u32,
    /// When the tenancy of a [`Mode::Simple`] or [`Mode::Quarantined`] value begins, µs.
    pub(crate) start: u64,
    /// When it ends.
    pub(crate) end: u64,
}

impl Value {
    const HOLDERS: u32 = (1 << 26) - 1;
    const MODE: u32 = 26;
    const DIRTY: u32 = 1 << 28;
    const EMAIL: u32 = 1 << 29;

    pub(crate) fn new(key: u64, kind: IdentifierKind, barred: bool) -> Self {
        let email = if kind == IdentifierKind::Email { Self::EMAIL } else { 0 };
        let mut value = Self { key, evidence: NONE, bits: email, start: u64::MAX, end: 0 };
        if barred {
            value.set_mode(Mode::Barred);
        }
        value
    }

    pub(crate) fn kind(&self) -> IdentifierKind {
        if self.bits & Self::EMAIL == 0 { IdentifierKind::Phone } else { IdentifierKind::Email }
    }

    /// How many touchpoints have live evidence of it.
    pub(crate) fn holders(&self) -> u32 {
        self.bits & Self::HOLDERS
    }

    pub(crate) fn set_holders(&mut self, holders: u32) {
        self.bits = self.bits & !Self::HOLDERS | holders.min(Self::HOLDERS);
    }

    pub(crate) fn mode(&self) -> Mode {
        match self.bits >> Self::MODE & 3 {
            0 => Mode::Simple,
            1 => Mode::Split,
            2 => Mode::Quarantined,
            _ => Mode::Barred,
        }
    }

    pub(crate) fn set_mode(&mut self, mode: Mode) {
        self.bits = self.bits & !(3 << Self::MODE) | (mode as u32) << Self::MODE;
    }

    pub(crate) fn is_dirty(&self) -> bool {
        self.bits & Self::DIRTY != 0
    }

    pub(crate) fn set_dirty(&mut self, dirty: bool) {
        self.bits = if dirty { self.bits | Self::DIRTY } else { self.bits & !Self::DIRTY };
    }
}

/// One live piece of evidence, in the list of its touchpoint and in the list of its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence {
    pub(crate) touchpoint: u32,
    pub(crate) value: u32,
    pub(crate) next_of_touchpoint: u32,
    pub(crate) next_of_value: u32,
    /// The source's record id: a number, or where its text lies.
    pub(crate) record: u64,
    first: u64,
    last: u64,
}

/// What is packed beside the two times of a piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) source: u16,
    pub(crate) verification: Verification,
    pub(crate) class: IdentifierClass,
    pub(crate) weaker: bool,
    /// A revision above 0 or an explicit end stands in the side table.
    pub(crate) extended: bool,
}

/// The most sources that there may be.
pub(crate) const MOST_SOURCES: usize = 1 << 15;
/// The first instant that cannot be kept, in µs after 1970: the year 2112.
pub(crate) const TIME_END: u64 = 1 << TIME_BITS;

// Two 64-bit words hold two 52-bit times and 24 bits of marks: source 12 + 3, verification 3,
// class 4, weaker 1, extended 1.
const TIME_BITS: u32 = 52;
const MARKS: u32 = 12;
const LOW: u64 = (1 << MARKS) - 1;

impl Evidence {
    pub(crate) fn new(
        touchpoint: u32,
        value: u32,
        record: u64,
        seen: (u64, u64),
        marks: Marks,
    ) -> Self {
        let mut evidence = Self {
            touchpoint,
            value,
            next_of_touchpoint: NONE,
            next_of_value: NONE,
            record,
            first: 0,
            last: 0,
        };
        evidence.set(seen, marks);
        evidence
    }

    pub(crate) fn set(&mut self, (first, last): (u64, u64), marks: Marks) {
        let source = u64::from(marks.source);
        let more = source >> MARKS
            | (marks.verification as u64) << 3
            | (marks.class as u64) << 6
            | u64::from(marks.weaker) << 10
            | u64::from(marks.extended) << 11;
        self.first = first << MARKS | more;
        self.last = last << MARKS | source & LOW;
    }

    pub(crate) fn first(&self) -> u64 {
        self.first >> MARKS
    }

    pub(crate) fn last(&self) -> u64 {
        self.last >> MARKS
    }

    pub(crate) fn source(&self) -> u16 {
        (self.last & LOW | (self.first & 7) << MARKS) as u16
    }

    pub(crate) fn weaker(&self) -> bool {
        self.first & 1 << 10 != 0
    }

    pub(crate) fn extended(&self) -> bool {
        self.first & 1 << 11 != 0
    }

    pub(crate) fn verification(&self) -> Verification {
        Verification::from_bits(self.first >> 3 & 7)
    }

    pub(crate) fn class(&self) -> IdentifierClass {
        IdentifierClass::from_bits(self.first >> 6 & 15)
    }

    pub(crate) fn marks(&self) -> Marks {
        Marks {
            source: self.source(),
            verification: self.verification(),
            class: self.class(),
            weaker: self.weaker(),
            extended: self.extended(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_as_small_as_the_figures_say() {
        assert_eq!(size_of::<Touchpoint>(), 16);
        assert_eq!(size_of::<Value>(), 32);
        assert_eq!(size_of::<Evidence>(), 40);
    }

    #[test]
    fn evidence_gives_back_what_was_packed() {
        for source in [0, 1, 4095, 4096, (MOST_SOURCES - 1) as u16] {
            for verification in Verification::ALL {
                for bits in 0..9 {
                    let marks = Marks {
                        source,
                        verification,
                        class: IdentifierClass::from_bits(bits),
                        weaker: bits % 2 == 0,
                        extended: bits % 3 == 0,
                    };
                    let seen = (TIME_END - 1 - bits, TIME_END - 1);
                    let evidence = Evidence::new(1, 2, 3, seen, marks);
                    assert_eq!(evidence.marks(), marks);
                    assert_eq!((evidence.first(), evidence.last()), seen);
                }
            }
        }
    }

    #[test]
    fn counts_add_saturate_and_subtract() {
        let one = State::ALONE.with_value(IdentifierKind::Phone).with_value(IdentifierKind::Email);
        let two = one.sum(one);
        assert_eq!(
            (two.size(), two.values(IdentifierKind::Phone), two.values(IdentifierKind::Email)),
            (2, 2, 2)
        );
        assert_eq!(two.minus(one), one);
        let many = (0..40_000).fold(State::EMPTY, |sum, _| sum.sum(one));
        assert_eq!((many.size(), many.values(IdentifierKind::Phone)), (32_767, 255));
        assert!(many.contest().is_none());
        assert_eq!(State::contested(7).contest(), Some(7));
    }
}
