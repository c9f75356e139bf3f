//! The records the engine walks: dense, small, addressed by `u32`.

use crate::identifier::IdentifierKind;

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
        Self(self.0 + (u32::from(self.values(kind) < Self::PER_KIND) << Self::shift(kind)))
    }

    pub(crate) fn with_member(self) -> Self {
        Self(self.0 + u32::from(self.size() < Self::SIZE))
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

/// One phone number or mailbox, apart from what it is. Sixteen bytes, so that many of them stay in a
/// cache: each piece of evidence reads one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
    /// The newest evidence of this value; the rest follows in a list.
    pub(crate) evidence: u32,
    /// A touchpoint with live evidence of it: whom a newcomer joins.
    pub(crate) anchor: u32,
    bits: u32,
    span: Span,
}

/// The time of a tenancy, rounded inwards to whole ticks: what overlaps it for certain. What does
/// not is judged in full, from the evidence itself; so is all of a validity of less than a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    start: u16,
    end: u16,
}

impl Span {
    pub(crate) const EMPTY: Self = Self { start: u16::MAX, end: 0 };
    /// About 19 hours: 52 bits of microseconds become 16.
    const TICK: u32 = 36;
    const FOR_EVER: u16 = u16::MAX;

    pub(crate) fn new(start: u64, end: u64) -> Self {
        let whole = |ticks: u64| u16::try_from(ticks).unwrap_or(u16::MAX).min(Self::FOR_EVER - 1);
        Self {
            start: whole(start.div_ceil(1 << Self::TICK)),
            end: if end == u64::MAX { Self::FOR_EVER } else { whole(end >> Self::TICK) },
        }
    }

    /// Whether the two share an instant for certain.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    pub(crate) fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl Value {
    const HOLDERS: u32 = (1 << 26) - 1;
    const MODE: u32 = 26;
    const DIRTY: u32 = 1 << 28;
    const EMAIL: u32 = 1 << 29;
    const BLOCKED: u32 = 1 << 30;
    const CROWD: u32 = 1 << 31;

    pub(crate) fn new(kind: IdentifierKind, blocked: bool) -> Self {
        let email = if kind == IdentifierKind::Email { Self::EMAIL } else { 0 };
        let mut value = Self { evidence: NONE, anchor: NONE, bits: email, span: Span::EMPTY };
        value.set_blocked(blocked);
        if blocked {
            value.set_mode(Mode::Barred);
        }
        value
    }

    /// When the tenancy of a [`Mode::Simple`] or [`Mode::Quarantined`] value is.
    pub(crate) fn span(&self) -> Span {
        self.span
    }

    pub(crate) fn set_span(&mut self, span: Span) {
        self.span = span;
    }

    pub(crate) fn kind(&self) -> IdentifierKind {
        if self.bits & Self::EMAIL == 0 { IdentifierKind::Phone } else { IdentifierKind::Email }
    }

    /// Counts one more holder, where that changes nothing for the others, or nothing that is not to
    /// be judged anyway. False, and nobody is counted, where that is not certain.
    #[inline]
    pub(crate) fn grow(&mut self, span: Span, most: u32, compares_names: bool) -> bool {
        const SIMPLE: u32 = Mode::Simple as u32;
        const QUARANTINED: u32 = (Mode::Quarantined as u32) << Value::MODE;
        const JUDGED: u32 = SIMPLE | Value::DIRTY;
        const CROWD: u32 = JUDGED | Value::CROWD;
        let holders = self.holders() + 1;
        let overlaps = holders == 1 || span.overlaps(self.span);
        let most = if compares_names { 1 } else { most };
        let grows = match self.bits & (3 << Self::MODE | Self::DIRTY | Self::CROWD) {
            SIMPLE => overlaps && holders <= most,
            QUARANTINED | CROWD => overlaps && !compares_names,
            JUDGED => true,
            _ => false,
        };
        if grows {
            self.set_holders(holders);
            self.span = self.span.hull(span);
        }
        grows
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

    /// Whether the policy names it among those that join nobody.
    pub(crate) fn is_blocked(&self) -> bool {
        self.bits & Self::BLOCKED != 0
    }

    pub(crate) fn set_blocked(&mut self, blocked: bool) {
        self.set(Self::BLOCKED, blocked);
    }

    pub(crate) fn is_dirty(&self) -> bool {
        self.bits & Self::DIRTY != 0
    }

    pub(crate) fn set_dirty(&mut self, dirty: bool) {
        self.set(Self::DIRTY, dirty);
    }

    /// Whether it is to be judged, and the verdict is certain: one tenancy, with too many holders.
    pub(crate) fn is_crowd(&self) -> bool {
        self.bits & Self::CROWD != 0
    }

    pub(crate) fn set_crowd(&mut self, crowd: bool) {
        self.set(Self::CROWD, crowd);
    }

    fn set(&mut self, bit: u32, is_set: bool) {
        self.bits = if is_set { self.bits | bit } else { self.bits & !bit };
    }
}

/// One live piece of evidence, in the list of its touchpoint and in the list of its value. Sixteen
/// bytes, apart from what it says: the walks read nothing else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence {
    pub(crate) touchpoint: u32,
    pub(crate) value: u32,
    pub(crate) next_of_touchpoint: u32,
    pub(crate) next_of_value: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_as_small_as_the_figures_say() {
        assert_eq!(size_of::<Touchpoint>(), 16);
        assert_eq!(size_of::<Value>(), 16);
        assert_eq!(size_of::<Evidence>(), 16);
    }

    #[test]
    fn spans_overlap_only_for_certain() {
        let tick = 1 << Span::TICK;
        let span = Span::new(10 * tick, 20 * tick);
        assert!(span.overlaps(Span::new(19 * tick, u64::MAX)));
        assert!(!span.overlaps(Span::new(20 * tick, 30 * tick)));
        // It does overlap, by less than a tick.
        assert!(!span.overlaps(Span::new(20 * tick - 1, 30 * tick)));
        assert!(!span.overlaps(Span::EMPTY));
        assert_eq!(Span::EMPTY.hull(span), span);
        assert!(Span::new(0, u64::MAX).overlaps(Span::new((1 << 52) - tick, u64::MAX)));
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
