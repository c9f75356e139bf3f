//! The set of a conversation's events: each record once, its highest revision, in the order of time.

use super::{Names, Stored};
use crate::EventId;
use kontak_types::ConversationId;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Brings events into the one form that all arrivals of the same events have. Returns how many said nothing new.
pub(crate) fn canonical(events: &mut Vec<Stored>, names: &Names) -> u64 {
    if is_canonical(events) {
        return 0;
    }
    let before = events.len();
    let newest_first = |a: &Stored, b: &Stored| a.id.cmp(&b.id).then(b.revision.cmp(&a.revision));
    events.sort_unstable_by(newest_first);
    settle_disputes(events, names);
    events.dedup_by(|later, first| later.id == first.id);
    events.sort_unstable_by(by_time);
    (before - events.len()) as u64
}

/// Up to so many are compared each with each.
const FEW: usize = 32;

/// Whether they have come in order and each once, as most do.
fn is_canonical(events: &[Stored]) -> bool {
    events.len() <= FEW
        && events.is_sorted_by(|a, b| by_time(a, b) == Ordering::Less)
        && (1..events.len()).all(|at| events[..at].iter().all(|it| it.id != events[at].id))
}

/// Two texts of one revision are a fault of the source; the greater one speaks, so that it is the same one
/// everywhere.
fn settle_disputes(events: &mut [Stored], names: &Names) {
    let text = |event: &Stored| event.event(ConversationId::new(uuid::Uuid::nil()), names);
    for place in 1..events.len() {
        let (first, second) = (events[place - 1], events[place]);
        let disputed = first.id == second.id && first.revision == second.revision;
        if disputed && first != second && text(&first) > text(&second) {
            events.swap(place - 1, place);
        }
    }
    // The greatest of a run of one revision has moved to its end; it is to be its first.
    let mut start = 0;
    for place in 1..=events.len() {
        let runs_on = events.get(place).is_some_and(|event| {
            event.id == events[start].id && event.revision == events[start].revision
        });
        if !runs_on {
            events.swap(start, place - 1);
            start = place;
        }
    }
}

fn by_time(a: &Stored, b: &Stored) -> Ordering {
    (a.at, a.order)
        .cmp(&(b.at, b.order))
        .then_with(|| (a.word.rank(), a.id).cmp(&(b.word.rank(), b.id)))
}

/// Tells one set of events from another without keeping it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Digest {
    pub(crate) count: u32,
    pub(crate) sum: u64,
}

impl Digest {
    /// Over ids and revisions: what a record of one revision says does not change.
    pub(crate) fn with(self, id: EventId, revision: u32) -> Self {
        let (high, low) = id.as_uuid().as_u64_pair();
        let hash = mix(mix(high ^ u64::from(revision)) ^ low);
        self.and(Self { count: 1, sum: hash })
    }

    /// Of two sets that have nothing in common.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { count: self.count + other.count, sum: self.sum.wrapping_add(other.sum) }
    }
}

pub(crate) fn digest(events: &[Stored]) -> Digest {
    events.iter().fold(Digest::default(), |digest, event| digest.with(event.id, event.revision))
}

/// The finaliser of SplitMix64.
pub(crate) fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
