//! What changed, eight bytes an entry: the stream that consumers follow and that the past is
//! answered from.

use super::split::Hold;
use crate::change::{Change, Position, WithheldReason};
use crate::handle::{IdentifierHandle, TouchpointHandle};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Kind {
    /// The position advances; an entry belongs to the position reached before it.
    Tick,
    Founded,
    Joined,
    Merged,
    Split,
    /// One more member of the split before it.
    Member,
    OverTouchpoints,
    OverIdentifiers,
    Forbidden,
    NamesDiffer,
    NameUnclear,
    Admitted,
    Quarantined,
    Released,
    Renamed,
    Erased,
}

const KINDS: [Kind; 16] = [
    Kind::Tick,
    Kind::Founded,
    Kind::Joined,
    Kind::Merged,
    Kind::Split,
    Kind::Member,
    Kind::OverTouchpoints,
    Kind::OverIdentifiers,
    Kind::Forbidden,
    Kind::NamesDiffer,
    Kind::NameUnclear,
    Kind::Admitted,
    Kind::Quarantined,
    Kind::Released,
    Kind::Renamed,
    Kind::Erased,
];
const KIND: u32 = 28;
const INDEX: u32 = (1 << KIND) - 1;

/// Why an edge is withheld, inside the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    OverTouchpoints,
    OverIdentifiers,
    Forbidden,
    NamesDiffer,
    NameUnclear,
}

impl Reason {
    pub(crate) fn of(hold: Hold) -> Option<Self> {
        match hold {
            Hold::NamesDiffer => Some(Self::NamesDiffer),
            Hold::NameUnclear => Some(Self::NameUnclear),
            Hold::Free | Hold::Quarantined => None,
        }
    }

    pub(crate) fn public(self) -> WithheldReason {
        match self {
            Self::OverTouchpoints => WithheldReason::TooManyTouchpoints,
            Self::OverIdentifiers => WithheldReason::TooManyIdentifiers,
            Self::Forbidden => WithheldReason::MustNotLink,
            Self::NamesDiffer => WithheldReason::NamesDiffer,
            Self::NameUnclear => WithheldReason::NameUnclear,
        }
    }
}

/// The whole log. Entries are never changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Log {
    entries: Vec<(u32, u32)>,
    position: u64,
}

impl Log {
    /// From the form that a snapshot keeps; `None` where an entry points to nothing.
    pub(crate) fn from_entries(
        entries: Vec<(u32, u32)>,
        touchpoints: usize,
        values: usize,
    ) -> Option<Self> {
        let mut log = Self { entries: Vec::new(), position: 0 };
        for (word, other) in &entries {
            let index = (word & INDEX) as usize;
            let (least_index, least_other) = match KINDS[(word >> KIND) as usize] {
                Kind::Tick => {
                    log.position =
                        log.position.checked_add((index as u64) << 32 | u64::from(*other))?;
                    continue;
                }
                Kind::Founded | Kind::Member | Kind::Erased => (touchpoints, 1),
                Kind::Joined | Kind::Merged | Kind::Split | Kind::Renamed => {
                    (touchpoints, touchpoints)
                }
                Kind::Quarantined | Kind::Released => (values, usize::MAX),
                _ => (touchpoints, values),
            };
            if index >= least_index || *other as usize >= least_other {
                return None;
            }
        }
        log.entries = entries;
        Some(log)
    }

    pub(crate) fn entries(&self) -> &[(u32, u32)] {
        &self.entries
    }

    pub(crate) fn reserve(&mut self, entries: usize) {
        self.entries.reserve(entries);
    }

    fn push(&mut self, position: u64, kind: Kind, index: u32, other: u32) {
        if position > self.position {
            let delta = position - self.position;
            self.position = position;
            self.entries.push(((delta >> 32) as u32 & INDEX, delta as u32));
        }
        self.entries.push(((kind as u32) << KIND | index, other));
    }

    pub(crate) fn founded(&mut self, position: u64, touchpoint: u32) {
        self.push(position, Kind::Founded, touchpoint, 0);
    }

    pub(crate) fn joined(&mut self, position: u64, touchpoint: u32, customer: u32) {
        self.push(position, Kind::Joined, touchpoint, customer);
    }

    pub(crate) fn merged(&mut self, position: u64, from: u32, into: u32) {
        self.push(position, Kind::Merged, from, into);
    }

    /// `members` without the founder of the new customer.
    pub(crate) fn split(
        &mut self,
        position: u64,
        from: u32,
        customer: u32,
        members: impl Iterator<Item = u32>,
    ) {
        self.push(position, Kind::Split, from, customer);
        for member in members {
            self.push(position, Kind::Member, member, 0);
        }
    }

    pub(crate) fn withheld(&mut self, position: u64, touchpoint: u32, value: u32, reason: Reason) {
        let kind = match reason {
            Reason::OverTouchpoints => Kind::OverTouchpoints,
            Reason::OverIdentifiers => Kind::OverIdentifiers,
            Reason::Forbidden => Kind::Forbidden,
            Reason::NamesDiffer => Kind::NamesDiffer,
            Reason::NameUnclear => Kind::NameUnclear,
        };
        self.push(position, kind, touchpoint, value);
    }

    pub(crate) fn admitted(&mut self, position: u64, touchpoint: u32, value: u32) {
        self.push(position, Kind::Admitted, touchpoint, value);
    }

    pub(crate) fn quarantined(&mut self, position: u64, value: u32, holders: u32) {
        self.push(position, Kind::Quarantined, value, holders);
    }

    pub(crate) fn released(&mut self, position: u64, value: u32) {
        self.push(position, Kind::Released, value, 0);
    }

    pub(crate) fn renamed(&mut self, position: u64, from: u32, to: u32) {
        self.push(position, Kind::Renamed, from, to);
    }

    pub(crate) fn erased(&mut self, position: u64, touchpoint: u32) {
        self.push(position, Kind::Erased, touchpoint, 0);
    }

    /// The changes after `since`, oldest first.
    pub(crate) fn changes(&self, since: Position) -> impl Iterator<Item = (Position, Change)> {
        let mut rest = self.entries.iter().peekable();
        let mut position = 0_u64;
        std::iter::from_fn(move || {
            loop {
                let (word, other) = *rest.next()?;
                let (kind, index) = (KINDS[(word >> KIND) as usize], word & INDEX);
                if kind == Kind::Tick {
                    position += u64::from(index) << 32 | u64::from(other);
                    continue;
                }
                if position <= since.0 {
                    continue;
                }
                let a = TouchpointHandle(index);
                let b = TouchpointHandle(other);
                let held = |reason: Reason| Change::Withheld {
                    touchpoint: a,
                    identifier: IdentifierHandle(other),
                    reason: reason.public(),
                };
                let change = match kind {
                    Kind::Tick | Kind::Member => continue,
                    Kind::Founded => Change::Founded { touchpoint: a },
                    Kind::Joined => Change::Joined { touchpoint: a, customer: b },
                    Kind::Merged => Change::Merged { from: a, into: b },
                    Kind::Split => {
                        let mut members = vec![b];
                        while let Some((word, _)) =
                            rest.next_if(|(word, _)| word >> KIND == Kind::Member as u32)
                        {
                            members.push(TouchpointHandle(word & INDEX));
                        }
                        Change::Split { from: a, customer: b, members }
                    }
                    Kind::OverTouchpoints => held(Reason::OverTouchpoints),
                    Kind::OverIdentifiers => held(Reason::OverIdentifiers),
                    Kind::Forbidden => held(Reason::Forbidden),
                    Kind::NamesDiffer => held(Reason::NamesDiffer),
                    Kind::NameUnclear => held(Reason::NameUnclear),
                    Kind::Admitted => {
                        Change::Admitted { touchpoint: a, identifier: IdentifierHandle(other) }
                    }
                    Kind::Quarantined => {
                        Change::Quarantined { identifier: IdentifierHandle(index), holders: other }
                    }
                    Kind::Released => Change::Released { identifier: IdentifierHandle(index) },
                    Kind::Renamed => Change::Renamed { from: a, to: b },
                    Kind::Erased => Change::Erased { touchpoint: a },
                };
                return Some((Position(position), change));
            }
        })
    }
}
