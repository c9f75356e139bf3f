//! The index: requests of one kind share a class, agents of the same abilities a profile, and a bit
//! says whether the one may serve the other. All of it follows from contacts and agents, and is
//! built anew from them.

mod free;
mod heads;
mod line;

pub(super) use heads::Head;

use super::instant::Micros;
use super::item::{AgentIndex, ClassIndex, ItemIndex, QueueIndex};
use super::load::Shape;
use super::requirements::Requirements;
use super::seat::Rank;
use crate::centre::Lane;
use crate::requirement::{Atom, Clause, TooComplex, atoms_of};
use crate::{Agent, Channel, Strategy};
use fixedbitset::FixedBitSet;
use hashbrown::HashMap;
use heads::{Among, Heads};
use kontak_types::ChannelKind;
use line::{At, Line};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub(super) struct Market {
    bits: HashMap<Atom, u32>,
    pub(super) shapes: Vec<ChannelKind>,
    pub(super) requirements: Requirements,
    /// What is asked for altogether, by queue, what the contact itself asks for, and steps.
    pub(super) asked: HashMap<(QueueIndex, u32, u16), u32>,
    classes: Vec<Class>,
    /// Who waits, by class.
    lines: Vec<Line>,
    class_of: HashMap<ClassKey, ClassIndex>,
    heads: Heads,
    /// Classes by channel.
    of_shape: Vec<FixedBitSet>,
    profiles: Vec<Profile>,
    /// The classes that a profile serves.
    served: Vec<FixedBitSet>,
    profile_of: HashMap<FixedBitSet, u32>,
    /// Profiles of nobody, to be used again.
    vacant: Vec<u32>,
    /// Profiles of which somebody is free.
    free: FixedBitSet,
    /// The strategies that a queue uses; the free are kept in the order of these only.
    strategies: Vec<Strategy>,
    costs: BTreeMap<ChannelKind, Channel>,
    cost_of: Vec<Channel>,
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
    /// Of those that wait, how many somebody is barred from.
    barred: u32,
}

impl Class {
    /// Whether its first may have to be passed over.
    fn is_odd(&self) -> bool {
        self.barred > 0 || self.key.takes > 0
    }
}

#[derive(Clone, Debug)]
struct Profile {
    mask: FixedBitSet,
    agents: u32,
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
    pub(super) fn new(strategies: Vec<Strategy>, costs: BTreeMap<ChannelKind, Channel>) -> Self {
        Self { strategies, costs, ..Self::default() }
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
        self.cost_of.push(self.costs.get(channel).copied().unwrap_or_default());
        self.of_shape.push(FixedBitSet::new());
        Some(self.shapes.len() as Shape - 1)
    }

    /// What a contact of this channel costs.
    pub(super) fn cost(&self, shape: Shape) -> Channel {
        self.cost_of[usize::from(shape)]
    }

    pub(super) fn channel(&self, shape: Shape) -> &ChannelKind {
        &self.shapes[usize::from(shape)]
    }

    pub(super) fn known_class(&self, key: &ClassKey) -> Option<ClassIndex> {
        self.class_of.get(key).copied()
    }

    /// A new class. Agents of whom one of the returned atoms is true have to have its bit now.
    pub(super) fn new_class(
        &mut self,
        key: ClassKey,
    ) -> Result<(ClassIndex, Vec<(Atom, u32)>), TooComplex> {
        // Before any bit is given out: nobody would be told of it.
        self.requirements.get(key.requirement).check()?;
        let mut fresh = Vec::new();
        let bits = &mut self.bits;
        let mut bit = |atom: Atom| {
            let next = bits.len() as u32;
            *bits.entry(atom).or_insert_with_key(|atom| {
                fresh.push((atom.clone(), next));
                next
            })
        };
        let clauses = self.requirements.get(key.requirement).clauses(&mut bit)?;
        let channel = bit(Atom::Channel(self.shapes[usize::from(key.shape)].clone()));
        let class = Class {
            key,
            clauses,
            channel,
            profiles: FixedBitSet::with_capacity(self.profiles.len()),
            barred: 0,
        };
        let index = self.classes.len() as ClassIndex;
        self.classes.push(class);
        self.lines.push(Line::default());
        self.class_of.insert(key, index);
        self.heads.grow(key.lane);
        self.heads.set_odd(index, key.takes > 0);
        let of_shape = &mut self.of_shape[usize::from(key.shape)];
        of_shape.grow(self.classes.len());
        of_shape.insert(index as usize);
        for profile in 0..self.profiles.len() {
            self.relate(profile as u32, index);
        }
        Ok((index, fresh))
    }

    /// The profile of an agent, who has it from now on.
    pub(super) fn join(&mut self, agent: &Agent) -> u32 {
        let bits = atoms_of(agent).filter_map(|atom| self.bits.get(&atom));
        self.join_as(bits.map(|bit| *bit as usize).collect())
    }

    /// The profile of an agent who had this one, and has later bits besides from now on.
    pub(super) fn join_beside(&mut self, profile: u32, later: &[usize]) -> u32 {
        let mask = &self.profiles[profile as usize].mask;
        self.join_as(mask.ones().chain(later.iter().copied()).collect())
    }

    /// A mask is as long as its last bit says: those that hold the same are equal.
    fn join_as(&mut self, mask: FixedBitSet) -> u32 {
        if let Some(known) = self.profile_of.get(&mask) {
            self.profiles[*known as usize].agents += 1;
            return *known;
        }
        let profile = Profile { mask: mask.clone(), agents: 1, on_duty: 0, free: BTreeMap::new() };
        let index = match self.vacant.pop() {
            Some(index) => {
                self.profiles[index as usize] = profile;
                index
            }
            None => {
                self.profiles.push(profile);
                self.served.push(FixedBitSet::new());
                self.profiles.len() as u32 - 1
            }
        };
        self.profile_of.insert(mask, index);
        self.free.grow(self.profiles.len());
        for class in 0..self.classes.len() {
            self.relate(index, class as ClassIndex);
        }
        index
    }

    /// An agent has this profile no more; neither on duty nor free with it.
    pub(super) fn quit(&mut self, profile: u32) {
        let of = &mut self.profiles[profile as usize];
        of.agents -= 1;
        if of.agents == 0 {
            self.profile_of.remove(&std::mem::take(&mut of.mask));
            self.vacant.push(profile);
        }
    }

    fn relate(&mut self, profile: u32, class: ClassIndex) {
        let (of_profile, of_class) =
            (&self.profiles[profile as usize], &mut self.classes[class as usize]);
        let served = &mut self.served[profile as usize];
        served.grow(self.heads.classes());
        of_class.profiles.grow(profile as usize + 1);
        let serves = of_profile.mask.contains(of_class.channel as usize)
            && of_class.clauses.iter().any(|clause| clause.admits(&of_profile.mask));
        served.set(class as usize, serves);
        of_class.profiles.set(profile as usize, serves);
    }

    pub(super) fn serves(&self, profile: u32, class: ClassIndex) -> bool {
        self.served[profile as usize].contains(class as usize)
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

    pub(super) fn enqueue(&mut self, class: ClassIndex, at: At, item: ItemIndex, barred: bool) {
        let line = &mut self.lines[class as usize];
        line.insert(at, item);
        if line.first() == Some((at, item)) {
            self.heads.set(class, Some((at, item)));
        }
        if barred {
            self.set_barred(class, 1);
        }
    }

    pub(super) fn dequeue(&mut self, class: ClassIndex, at: At, barred: bool) {
        let line = &mut self.lines[class as usize];
        line.remove(at);
        if at == self.heads.of(class) {
            self.heads.set(class, line.first());
        }
        if barred {
            self.set_barred(class, -1);
        }
    }

    /// Somebody is barred from a contact that waits, or nobody is any more.
    pub(super) fn set_barred(&mut self, class: ClassIndex, change: i32) {
        let of = &mut self.classes[class as usize];
        of.barred = of.barred.saturating_add_signed(change);
        self.heads.set_odd(class, of.is_odd());
    }

    /// The most urgent contact that this agent may have. `barred` says whether a contact must not
    /// go to them.
    ///
    /// Complexity: O(classes that the agent serves) comparisons of keys that lie side by side, and
    /// fewer where an early one is found soon.
    pub(super) fn most_urgent(
        &self,
        seeker: &Seeker,
        now: Micros,
        barred: impl Fn(ItemIndex) -> bool,
    ) -> Option<(Head, ItemIndex)> {
        let full = self.all_shapes() & !seeker.fits;
        let among = Among {
            served: self.served[seeker.profile as usize].as_slice(),
            unfit: |word: usize| self.of_shapes(full, word),
            first: |class: ClassIndex| self.first_for(class, seeker, now, &barred),
        };
        self.heads.search(&among, now)
    }

    fn all_shapes(&self) -> u64 {
        (0..self.shapes.len()).fold(0, |all, shape| all | 1 << shape)
    }

    fn of_shapes(&self, mut shapes: u64, word: usize) -> usize {
        let mut classes = 0;
        while shapes != 0 {
            let of_shape = self.of_shape[shapes.trailing_zeros() as usize].as_slice();
            classes |= of_shape.get(word).copied().unwrap_or(0);
            shapes &= shapes - 1;
        }
        classes
    }

    /// The first of a class that this agent may have.
    fn first_for(
        &self,
        class: ClassIndex,
        seeker: &Seeker,
        now: Micros,
        barred: &impl Fn(ItemIndex) -> bool,
    ) -> Option<(At, ItemIndex)> {
        let takes = self.classes[class as usize].key.takes;
        if takes > 0 && seeker.closes.is_some_and(|closes| now + takes > closes) {
            return None;
        }
        self.lines[class as usize].find(|item| !barred(item))
    }
}
