//! What stays of conversations that are evicted: bytes, by the account they are of.

use crate::fact::Fact;
use crate::fold::{Contact, Journey};
use crate::history::Digest;
use hashbrown::HashTable;
use kontak_types::ConversationId;
use serde::{Deserialize, Serialize};

/// What the other contacts of the customer need to know of one that is away, what was said of it beside them, and what
/// tells whether a question is about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

impl Kept {
    /// With all times but its start later by so much: told from the start they are small, and short when written.
    fn shifted(mut self, by: i64) -> Self {
        let Self { contact, journey, joined, deadline, span, .. } = &mut self;
        let joined = joined.iter_mut().map(|fact| &mut fact.at);
        let steps = journey.steps.iter_mut().map(|step| &mut step.at);
        let purchases = journey.purchases.iter_mut().map(|(at, _)| at);
        let once = contact.resolved.iter_mut().chain(deadline).chain([&mut span.0, &mut span.1]);
        joined.chain(steps).chain(purchases).chain(once).for_each(|at| *at += by);
        self
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
            let (kept, left) = postcard::take_from_bytes::<Kept>(rest).ok()?;
            rest = left;
            let start = kept.contact.start;
            Some(kept.shifted(start))
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
            let start = kept.contact.start;
            pack = postcard::to_extend(&kept.shifted(-start), pack)
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
