//! The index: requests of one kind share a class, agents of the same abilities a profile, and a bit
//! says whether the one may serve the other. All of it follows from contacts and agents, and is
//! built anew from them.

use super::instant::Micros;
use super::item::{AgentIndex, ClassIndex, ItemIndex};
use super::load::Shape;
use super::seat::{Place, Rank};
use crate::centre::Lane;
use crate::requirement::{Atom, Clause, TooComplex, atoms_of};
use crate::{Agent, Requirement, Strategy};
use fixedbitset::FixedBitSet;
use hashbrown::HashMap;
use kontak_types::ChannelKind;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub(super) struct Market {
    bits: HashMap<Atom, u32>,
    pub(super) shapes: Vec<ChannelKind>,
    requirements: HashMap<Requirement, u32>,
    classes: Vec<Class>,
    class_of: HashMap<ClassKey, ClassIndex>,
    heads: Vec<Head>,
    /// Classes of which somebody waits.
    waiting: FixedBitSet,
    /// By channel.
    of_shape: Vec<FixedBitSet>,
    /// Classes of which somebody waits, the first of each, in order.
    lanes: BTreeMap<Lane, BTreeSet<(Micros, u64, ClassIndex)>>,
    profiles: Vec<Profile>,
    profile_of: HashMap<FixedBitSet, u32>,
    /// Profiles of which somebody is free.
    free: FixedBitSet,
    /// The strategies that a queue uses; the free are kept in the order of these only.
    strategies: Vec<Strategy>,
    candidates: Vec<usize>,
}

/// What makes two requests the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ClassKey {
    pub(super) requirement: u32,
    pub(super) shape: Shape,
    pub(super) lane: Lane,
    /// How long it takes, where it must be finished before a shift ends.
    pub(super) takes: Micros,
}

#[derive(Clone, Debug)]
struct Class {
    key: ClassKey,
    clauses: Vec<Clause>,
    channel: u32,
    profiles: FixedBitSet,
    waiting: BTreeMap<(Micros, u64), ItemIndex>,
    /// Of those that wait, how many somebody is barred from.
    barred: u32,
}

/// The first of a class.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) lane: Lane,
    pub(super) anchor: Micros,
    pub(super) seq: u64,
}

impl Head {
    /// Whether it goes before another.
    pub(super) fn is_before(&self, other: &Self, now: Micros) -> bool {
        if self.lane.tier != other.lane.tier {
            return self.lane.tier < other.lane.tier;
        }
        if self.lane.slope == other.lane.slope {
            return (self.anchor, self.seq) < (other.anchor, other.seq);
        }
        let urgency = |head: &Self| i128::from(head.lane.slope) * i128::from(now - head.anchor);
        let (own, their) = (urgency(self), urgency(other));
        own > their || own == their && self.seq < other.seq
    }
}

#[derive(Clone, Debug)]
struct Profile {
    mask: FixedBitSet,
    classes: FixedBitSet,
    on_duty: u32,
    /// The free, by what fits, in the order of each strategy.
    free: BTreeMap<u64, [BTreeSet<Rank>; Strategy::ALL.len()]>,
}

/// An agent as the search for work sees them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seeker {
    pub(super) agent: AgentIndex,
    pub(super) profile: u32,
    pub(super) fits: u64,
    /// When their shift ends.
    pub(super) closes: Option<Micros>,
}

impl Market {
    pub(super) fn new(strategies: Vec<Strategy>) -> Self {
        Self { strategies, ..Self::default() }
    }

    pub(super) fn classes(&self) -> usize {
        self.classes.len()
    }

    /// The number of a channel; `None` where there are too many.
    pub(super) fn shape(&mut self, channel: &ChannelKind) -> Option<Shape> {
        if let Some(at) = self.shapes.iter().position(|known| known == channel) {
            return Some(at as Shape);
        }
        if self.shapes.len() >= crate::centre::MOST_SHAPES {
            return None;
        }
        self.shapes.push(channel.clone());
        self.of_shape.push(FixedBitSet::new());
        Some(self.shapes.len() as Shape - 1)
    }

    pub(super) fn requirement(&mut self, requirement: &Requirement) -> u32 {
        if let Some(known) = self.requirements.get(requirement) {
            return *known;
        }
        let number = self.requirements.len() as u32;
        self.requirements.insert(requirement.clone(), number);
        number
    }

    pub(super) fn known_class(&self, key: &ClassKey) -> Option<ClassIndex> {
        self.class_of.get(key).copied()
    }

    /// A new class. Agents of whom one of the returned atoms is true have another profile now.
    pub(super) fn new_class(
        &mut self,
        key: ClassKey,
        requirement: &Requirement,
    ) -> Result<(ClassIndex, Vec<Atom>), TooComplex> {
        let mut fresh = Vec::new();
        let bits = &mut self.bits;
        let mut bit = |atom: Atom| {
            let next = bits.len() as u32;
            *bits.entry(atom).or_insert_with_key(|atom| {
                fresh.push(atom.clone());
                next
            })
        };
        let clauses = requirement.clauses(&mut bit)?;
        let channel = bit(Atom::Channel(self.shapes[usize::from(key.shape)].clone()));
        let class = Class {
            key,
            clauses,
            channel,
            profiles: FixedBitSet::with_capacity(self.profiles.len()),
            waiting: BTreeMap::new(),
            barred: 0,
        };
        let index = self.classes.len() as ClassIndex;
        self.classes.push(class);
        self.class_of.insert(key, index);
        self.heads.push(Head { lane: key.lane, anchor: 0, seq: 0 });
        self.waiting.grow(self.classes.len());
        let of_shape = &mut self.of_shape[usize::from(key.shape)];
        of_shape.grow(self.classes.len());
        of_shape.insert(index as usize);
        for profile in 0..self.profiles.len() {
            self.relate(profile as u32, index);
        }
        Ok((index, fresh))
    }

    /// The profile of an agent.
    pub(super) fn profile(&mut self, agent: &Agent) -> u32 {
        let mut mask = FixedBitSet::with_capacity(self.bits.len());
        for bit in atoms_of(agent).filter_map(|atom| self.bits.get(&atom)) {
            mask.insert(*bit as usize);
        }
        // A mask is compared by what it holds: its length must not tell.
        let length = mask.ones().next_back().map_or(0, |last| last + 1);
        let mut key = FixedBitSet::with_capacity(length);
        key.extend(mask.ones());
        if let Some(known) = self.profile_of.get(&key) {
            return *known;
        }
        let index = self.profiles.len() as u32;
        self.profile_of.insert(key.clone(), index);
        self.profiles.push(Profile {
            mask: key,
            classes: FixedBitSet::with_capacity(self.classes.len()),
            on_duty: 0,
            free: BTreeMap::new(),
        });
        self.free.grow(self.profiles.len());
        for class in 0..self.classes.len() {
            self.relate(index, class as ClassIndex);
        }
        index
    }

    fn relate(&mut self, profile: u32, class: ClassIndex) {
        let (of_profile, of_class) =
            (&mut self.profiles[profile as usize], &mut self.classes[class as usize]);
        of_profile.classes.grow(class as usize + 1);
        of_class.profiles.grow(profile as usize + 1);
        let serves = of_profile.mask.contains(of_class.channel as usize)
            && of_class.clauses.iter().any(|clause| clause.admits(&of_profile.mask));
        if serves {
            of_profile.classes.insert(class as usize);
            of_class.profiles.insert(profile as usize);
        }
    }

    pub(super) fn serves(&self, profile: u32, class: ClassIndex) -> bool {
        self.profiles[profile as usize].classes.contains(class as usize)
    }

    pub(super) fn count_on_duty(&mut self, profile: u32, change: i32) {
        let count = &mut self.profiles[profile as usize].on_duty;
        *count = count.saturating_add_signed(change);
    }

    /// Whether somebody on duty could serve it, busy or not.
    pub(super) fn is_staffed(&self, class: ClassIndex) -> bool {
        let mut able = self.classes[class as usize].profiles.ones();
        able.any(|profile| self.profiles[profile].on_duty > 0)
    }

    pub(super) fn enqueue(
        &mut self,
        class: ClassIndex,
        at: (Micros, u64),
        item: ItemIndex,
        barred: bool,
    ) {
        let of = &mut self.classes[class as usize];
        let before = of.waiting.first_key_value().map(|(key, _)| *key);
        of.waiting.insert(at, item);
        of.barred += u32::from(barred);
        if before.is_none_or(|before| at < before) {
            self.set_head(class, before, Some(at));
        }
    }

    pub(super) fn dequeue(&mut self, class: ClassIndex, at: (Micros, u64), barred: bool) {
        let of = &mut self.classes[class as usize];
        let first = of.waiting.first_key_value().map(|(key, _)| *key) == Some(at);
        of.waiting.remove(&at);
        of.barred -= u32::from(barred);
        if first {
            let next = of.waiting.first_key_value().map(|(key, _)| *key);
            self.set_head(class, Some(at), next);
        }
    }

    /// Somebody is barred from a contact that waits, or nobody is any more.
    pub(super) fn set_barred(&mut self, class: ClassIndex, change: i32) {
        let of = &mut self.classes[class as usize];
        of.barred = of.barred.saturating_add_signed(change);
    }

    fn set_head(
        &mut self,
        class: ClassIndex,
        before: Option<(Micros, u64)>,
        now: Option<(Micros, u64)>,
    ) {
        let head = &mut self.heads[class as usize];
        let lane = self.lanes.entry(head.lane).or_default();
        if let Some((anchor, seq)) = before {
            lane.remove(&(anchor, seq, class));
        }
        self.waiting.set(class as usize, now.is_some());
        if let Some((anchor, seq)) = now {
            (head.anchor, head.seq) = (anchor, seq);
            lane.insert((anchor, seq, class));
        } else if lane.is_empty() {
            self.lanes.remove(&head.lane);
        }
    }

    /// The most urgent contact that this agent may have. `barred` says whether a contact must not
    /// go to them.
    ///
    /// Complexity: O(classes / 64) words, then the smaller of the classes that the agent serves and
    /// the classes that are more urgent.
    pub(super) fn most_urgent(
        &mut self,
        seeker: &Seeker,
        now: Micros,
        barred: impl Fn(ItemIndex) -> bool,
    ) -> Option<(Head, ItemIndex)> {
        /// Up to here it is cheaper to compare all heads than to walk the order.
        const FEW: u32 = 96;
        let mut words = std::mem::take(&mut self.candidates);
        words.clear();
        let served = self.profiles[seeker.profile as usize].classes.as_slice();
        let mut count = 0;
        for (at, (served, waiting)) in served.iter().zip(self.waiting.as_slice()).enumerate() {
            let mut word = served & waiting;
            if word != 0 {
                for (shape, of_shape) in self.of_shape.iter().enumerate() {
                    if seeker.fits >> shape & 1 == 0 {
                        word &= !of_shape.as_slice().get(at).copied().unwrap_or(0);
                    }
                }
            }
            count += word.count_ones();
            words.push(word);
        }
        let found = match count {
            0 => None,
            1..=FEW => self.by_comparing(&words, seeker, now, barred),
            _ => self.by_walking(&words, seeker, now, barred),
        };
        self.candidates = words;
        found
    }

    fn by_comparing(
        &self,
        words: &[usize],
        seeker: &Seeker,
        now: Micros,
        barred: impl Fn(ItemIndex) -> bool,
    ) -> Option<(Head, ItemIndex)> {
        let mut best: Option<Head> = None;
        let mut from = 0;
        for (at, word) in words.iter().enumerate() {
            let mut word = *word;
            while word != 0 {
                let class = at * usize::BITS as usize + word.trailing_zeros() as usize;
                word &= word - 1;
                if best.as_ref().is_some_and(|best| !self.heads[class].is_before(best, now)) {
                    continue;
                }
                let Some(head) = self.first_of(class as ClassIndex, seeker, now, &barred) else {
                    continue;
                };
                if best.as_ref().is_none_or(|best| head.is_before(best, now)) {
                    best = Some(head);
                    from = class;
                }
            }
        }
        best.map(|head| (head, self.classes[from].waiting[&(head.anchor, head.seq)]))
    }

    fn by_walking(
        &self,
        words: &[usize],
        seeker: &Seeker,
        now: Micros,
        barred: impl Fn(ItemIndex) -> bool,
    ) -> Option<(Head, ItemIndex)> {
        let bits = usize::BITS as usize;
        let mut best: Option<(Head, ClassIndex)> = None;
        for (lane, heads) in &self.lanes {
            if best.as_ref().is_some_and(|(best, _)| best.lane.tier != lane.tier) {
                break;
            }
            for &(anchor, seq, class) in heads {
                let head = Head { lane: *lane, anchor, seq };
                if best.as_ref().is_some_and(|(best, _)| !head.is_before(best, now)) {
                    break;
                }
                if words[class as usize / bits] >> (class as usize % bits) & 1 == 0 {
                    continue;
                }
                if let Some(head) = self.first_of(class, seeker, now, &barred)
                    && best.as_ref().is_none_or(|(best, _)| head.is_before(best, now))
                {
                    best = Some((head, class));
                }
            }
        }
        best.map(|(head, class)| {
            (head, self.classes[class as usize].waiting[&(head.anchor, head.seq)])
        })
    }

    /// The first of a class that this agent may have.
    fn first_of(
        &self,
        class: ClassIndex,
        seeker: &Seeker,
        now: Micros,
        barred: &impl Fn(ItemIndex) -> bool,
    ) -> Option<Head> {
        let of = &self.classes[class as usize];
        if of.key.takes > 0 && seeker.closes.is_some_and(|closes| now + of.key.takes > closes) {
            return None;
        }
        if of.barred == 0 {
            return Some(self.heads[class as usize]);
        }
        let mut allowed = of.waiting.iter().filter(|(_, item)| !barred(**item));
        allowed.next().map(|((anchor, seq), _)| Head {
            lane: of.key.lane,
            anchor: *anchor,
            seq: *seq,
        })
    }

    pub(super) fn insert_free(&mut self, profile: u32, place: &Place) {
        let free = self.profiles[profile as usize].free.entry(place.fits).or_default();
        for strategy in &self.strategies {
            free[*strategy as usize].insert(place.keys[*strategy as usize]);
        }
        self.free.insert(profile as usize);
    }

    pub(super) fn remove_free(&mut self, profile: u32, place: &Place) {
        let of = &mut self.profiles[profile as usize].free;
        let Some(free) = of.get_mut(&place.fits) else { return };
        for strategy in &self.strategies {
            free[*strategy as usize].remove(&place.keys[*strategy as usize]);
        }
        if free[self.strategies[0] as usize].is_empty() {
            of.remove(&place.fits);
            self.free.set(profile as usize, !of.is_empty());
        }
    }

    /// The first of the free, by this strategy, who may have a contact of this class.
    ///
    /// Complexity: O(profiles / 64) words, then the profiles of which somebody is free and able.
    pub(super) fn best_free(
        &self,
        class: ClassIndex,
        strategy: Strategy,
        allowed: impl Fn(AgentIndex) -> bool,
    ) -> Option<AgentIndex> {
        let of = &self.classes[class as usize];
        let mut best: Option<Rank> = None;
        for profile in of.profiles.intersection(&self.free) {
            for (fits, ranked) in &self.profiles[profile].free {
                if fits >> of.key.shape & 1 == 0 {
                    continue;
                }
                let sooner = |rank: &&Rank| best.is_none_or(|best| **rank < best);
                let in_order = ranked[strategy as usize].iter().take_while(sooner);
                if let Some(rank) = in_order.copied().find(|rank| allowed(rank.2)) {
                    best = Some(rank);
                }
            }
        }
        best.map(|(_, _, agent)| agent)
    }

    /// Everybody free who could have a contact of this class.
    pub(super) fn all_free(&self, class: ClassIndex) -> Vec<AgentIndex> {
        let of = &self.classes[class as usize];
        let mut all: Vec<AgentIndex> = of
            .profiles
            .intersection(&self.free)
            .flat_map(|profile| &self.profiles[profile].free)
            .filter(|(fits, _)| *fits >> of.key.shape & 1 == 1)
            .flat_map(|(_, ranked)| {
                ranked[self.strategies[0] as usize].iter().map(|(_, _, agent)| *agent)
            })
            .collect();
        all.sort_unstable();
        all
    }
}
