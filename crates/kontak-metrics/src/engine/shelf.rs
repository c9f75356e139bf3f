//! What stays of conversations that are evicted: bytes, by the account they are of.

use crate::InteractionState;
use crate::fact::{Fact, Outcome, Reason, Share};
use crate::fold::{Contact, Journey, Step};
use crate::history::Digest;
use hashbrown::HashTable;
use kontak_types::ConversationId;
use serde::{Deserialize, Serialize};

/// What the other contacts of the customer need to know of one that is away, what was said of it beside them, and what
/// tells whether a question is about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) id: ConversationId,
    pub(crate) contact: Contact,
    pub(crate) labels: Box<[u16]>,
    pub(crate) journey: Journey,
    /// The facts that depend on other contacts.
    pub(crate) joined: Box<[Fact]>,
    pub(crate) deadline: Option<i64>,
    /// The facts that are its own are placed between these two.
    pub(crate) span: (i64, i64),
    /// Whether one of those is open.
    pub(crate) is_open: bool,
    /// Of its events.
    pub(crate) digest: Digest,
}

/// Times are told from the start of the contact: they are small then.
#[derive(Serialize, Deserialize)]
struct Packed {
    id: ConversationId,
    start: i64,
    resolved: Option<i64>,
    names: (u32, u32, u32, u16, u16, u16),
    direction: Option<crate::Direction>,
    several_channels: bool,
    labels: Box<[u16]>,
    joined: Vec<PackedFact>,
    steps: Vec<(i64, InteractionState, u32, u32, u16)>,
    purchases: Vec<(i64, u64)>,
    deadline: Option<i64>,
    span: (i64, i64),
    is_open: bool,
    digest: (u32, [u8; 8]),
}

/// The measure, what is said and why, of which channel, queue and agent, when, and how much.
type PackedFact = ((u16, Outcome, Share, Reason), (u16, u32, u32), i64, u64);

impl From<Kept> for Packed {
    fn from(kept: Kept) -> Self {
        let contact = kept.contact;
        let since = |at: i64| at - contact.start;
        Self {
            id: kept.id,
            start: contact.start,
            resolved: contact.resolved.map(since),
            names: (
                contact.issue,
                contact.resolver,
                contact.owner,
                contact.channel,
                contact.language,
                contact.segment,
            ),
            direction: contact.direction,
            several_channels: contact.several_channels,
            labels: kept.labels,
            joined: kept
                .joined
                .iter()
                .map(|it| {
                    let what = (it.measure, it.outcome, it.share, it.reason);
                    (what, (it.channel, it.queue, it.agent), since(it.at), it.value)
                })
                .collect(),
            steps: kept
                .journey
                .steps
                .iter()
                .map(|it| (since(it.at), it.state, it.agent, it.queue, it.channel))
                .collect(),
            purchases: kept
                .journey
                .purchases
                .iter()
                .map(|(at, amount)| (since(*at), *amount))
                .collect(),
            deadline: kept.deadline.map(since),
            span: (since(kept.span.0), since(kept.span.1)),
            is_open: kept.is_open,
            digest: (kept.digest.count, kept.digest.sum.to_le_bytes()),
        }
    }
}

impl Packed {
    fn kept(self, touchpoint: u32) -> Kept {
        let at = |since: i64| since + self.start;
        let (issue, resolver, owner, channel, language, segment) = self.names;
        Kept {
            id: self.id,
            contact: Contact {
                start: self.start,
                resolved: self.resolved.map(at),
                touchpoint,
                issue,
                resolver,
                owner,
                channel,
                language,
                segment,
                direction: self.direction,
                several_channels: self.several_channels,
            },
            labels: self.labels,
            journey: Journey {
                steps: self
                    .steps
                    .iter()
                    .map(|(since, state, agent, queue, channel)| Step {
                        at: at(*since),
                        state: *state,
                        agent: *agent,
                        queue: *queue,
                        channel: *channel,
                    })
                    .collect(),
                purchases: self
                    .purchases
                    .iter()
                    .map(|(since, amount)| (at(*since), *amount))
                    .collect(),
            },
            joined: self
                .joined
                .iter()
                .map(
                    |((measure, outcome, share, reason), (channel, queue, agent), since, value)| {
                        Fact {
                            measure: *measure,
                            outcome: *outcome,
                            share: *share,
                            reason: *reason,
                            channel: *channel,
                            queue: *queue,
                            agent: *agent,
                            at: at(*since),
                            value: *value,
                        }
                    },
                )
                .collect(),
            deadline: self.deadline.map(at),
            span: (at(self.span.0), at(self.span.1)),
            is_open: self.is_open,
            digest: Digest { count: self.digest.0, sum: u64::from_le_bytes(self.digest.1) },
        }
    }
}

/// An account has few conversations, so all that are away are read where one is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    /// By touchpoint.
    packs: Vec<Box<[u8]>>,
    /// Four bytes of an id, and whose it may be.
    marks: HashTable<(u32, u32)>,
    len: usize,
}

fn mark(id: ConversationId) -> u32 {
    let (high, low) = id.as_uuid().as_u64_pair();
    crate::history::mix(high ^ low) as u32
}

fn spread(mark: u32) -> u64 {
    u64::from(mark).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Shelf {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Of a touchpoint.
    pub(crate) fn of(&self, touchpoint: u32) -> impl Iterator<Item = Kept> {
        let pack = self.packs.get(touchpoint as usize).map_or(&[][..], |pack| &**pack);
        let mut rest = pack;
        std::iter::from_fn(move || {
            let (packed, left) = postcard::take_from_bytes::<Packed>(rest).ok()?;
            rest = left;
            Some(packed.kept(touchpoint))
        })
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = Kept> {
        self.accounts().flat_map(|touchpoint| self.of(touchpoint))
    }

    /// The touchpoints of which any are.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = u32> {
        (0..)
            .zip(&self.packs)
            .filter(|(_, pack)| !pack.is_empty())
            .map(|(touchpoint, _)| touchpoint)
    }

    pub(crate) fn holds(&self, id: ConversationId) -> bool {
        self.len > 0 && self.owner(id).is_some()
    }

    fn owner(&self, id: ConversationId) -> Option<u32> {
        let mark = mark(id);
        let marked = self.marks.iter_hash(spread(mark)).filter(|it| it.0 == mark);
        let mut owners = marked.map(|(_, touchpoint)| *touchpoint);
        owners.find(|touchpoint| self.of(*touchpoint).any(|kept| kept.id == id))
    }

    pub(crate) fn get(&self, id: ConversationId) -> Option<Kept> {
        let owner = self.owner(id)?;
        self.of(owner).find(|kept| kept.id == id)
    }

    pub(crate) fn put(&mut self, kept: Kept) {
        let touchpoint = kept.contact.touchpoint;
        let mark = mark(kept.id);
        self.marks.insert_unique(spread(mark), (mark, touchpoint), |it| spread(it.0));
        self.len += 1;
        let mut all: Vec<Kept> = self.of(touchpoint).chain([kept]).collect();
        all.sort_unstable_by_key(|kept| kept.id);
        self.put_all(touchpoint, all);
    }

    /// The same ones of a touchpoint, with something else said of them.
    pub(crate) fn put_all(&mut self, touchpoint: u32, all: Vec<Kept>) {
        if self.packs.len() <= touchpoint as usize {
            self.packs.resize(touchpoint as usize + 1, Box::default());
        }
        let mut pack = Vec::new();
        for kept in all {
            pack = postcard::to_extend(&Packed::from(kept), pack)
                .expect("what is kept is numbers, and is written to memory");
        }
        self.packs[touchpoint as usize] = pack.into();
    }

    pub(crate) fn take(&mut self, id: ConversationId) -> Option<Kept> {
        let touchpoint = self.owner(id)?;
        let marked = (mark(id), touchpoint);
        if let Ok(entry) = self.marks.find_entry(spread(marked.0), |it| *it == marked) {
            let _ = entry.remove();
        }
        self.len -= 1;
        let (mut taken, all): (Vec<Kept>, Vec<Kept>) =
            self.of(touchpoint).partition(|kept| kept.id == id);
        self.put_all(touchpoint, all);
        taken.pop()
    }
}
