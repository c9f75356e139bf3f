use super::roll_up::RollUps;
use super::{Dimension, Grid, MOST_DIMENSIONS, Summary};
use crate::fact::{Fact, Share};
use crate::fold::Contact;
use hashbrown::HashTable;
use std::collections::BTreeMap;

/// Where a fact counts: the measure, the stretch of time, and a value for each dimension of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) measure: u16,
    pub(crate) bucket: i32,
    pub(crate) values: Values,
}

pub(crate) type Values = [u32; MOST_DIMENSIONS];

/// The cells of one grid.
#[derive(Clone, Debug)]
pub(crate) struct GridCells {
    pub(crate) grid: Grid,
    buckets: Vec<Bucket>,
    by_time: BTreeMap<(u16, i32), u32>,
    /// By measure: its bucket that was looked for last, as the next one is mostly the same.
    last: Vec<(i32, u32)>,
    len: usize,
    pub(super) roll_ups: RollUps,
}

impl GridCells {
    pub(crate) fn new(grid: Grid) -> Self {
        Self {
            grid,
            buckets: Vec::new(),
            by_time: BTreeMap::new(),
            last: Vec::new(),
            len: 0,
            roll_ups: RollUps::default(),
        }
    }

    pub(crate) fn assert(&mut self, fact: &Fact, contact: &Contact, labels: &[u16]) {
        self.each_place(fact, contact, labels, |cell| cell.assert(fact));
    }

    pub(crate) fn retract(&mut self, fact: &Fact, contact: &Contact, labels: &[u16]) {
        self.each_place(fact, contact, labels, |cell| cell.retract(fact));
    }

    fn each_place(
        &mut self,
        fact: &Fact,
        contact: &Contact,
        labels: &[u16],
        mut change: impl FnMut(&mut Summary),
    ) {
        let mut values = [0; MOST_DIMENSIONS];
        let (mut by_agent, mut label_at) = (false, None);
        for (place, dimension) in self.grid.dimensions().iter().enumerate() {
            values[place] = match dimension {
                Dimension::Channel => fact.channel.into(),
                Dimension::Queue => fact.queue,
                Dimension::Agent => {
                    by_agent = true;
                    fact.agent
                }
                Dimension::Language => contact.language.into(),
                Dimension::Segment => contact.segment.into(),
                Dimension::Label => {
                    label_at = Some(place);
                    0
                }
            };
        }
        if fact.share == Share::FurtherAgent && !by_agent {
            return;
        }
        let mut place = Place { measure: fact.measure, bucket: self.bucket(fact.at), values };
        match label_at {
            Some(at) if !labels.is_empty() => {
                for label in labels {
                    place.values[at] = (*label).into();
                    change(self.cell(place));
                }
            }
            _ => change(self.cell(place)),
        }
    }

    /// A cell, to be changed.
    #[inline]
    pub(crate) fn cell(&mut self, place: Place) -> &mut Summary {
        self.roll_ups.change(place.measure, place.bucket);
        let at = match self.last.get(usize::from(place.measure)) {
            Some((bucket, at)) if *bucket == place.bucket => *at,
            _ => self.find_bucket(place.measure, place.bucket),
        };
        let bucket = &mut self.buckets[at as usize];
        let before = bucket.cells.len();
        let cell = bucket.place_of(&place.values);
        self.len += bucket.cells.len() - before;
        &mut bucket.cells[cell].1
    }

    fn find_bucket(&mut self, measure: u16, bucket: i32) -> u32 {
        let last = usize::from(measure);
        if self.last.len() <= last {
            // None yet: no bucket is the least of all, long before any year that is taken, and none stands last.
            self.last.resize(last + 1, (i32::MIN, u32::MAX));
        }
        let at = match self.by_time.get(&(measure, bucket)) {
            Some(at) => *at,
            None => self.new_bucket(measure, bucket),
        };
        self.last[last] = (bucket, at);
        at
    }

    /// Where time goes on, what it leaves behind grows no more, and what comes will be much like it.
    fn new_bucket(&mut self, measure: u16, bucket: i32) -> u32 {
        let at = self.buckets.len() as u32;
        let mut new = Bucket::default();
        let is_newest = self.first_bucket(measure, bucket, i32::MAX).is_none();
        let (_, last) = self.last[usize::from(measure)];
        if let Some(before) = self.buckets.get_mut(last as usize).filter(|_| is_newest) {
            before.cells.shrink_to_fit();
            new.cells.reserve_exact(before.cells.len());
        }
        self.buckets.push(new);
        self.by_time.insert((measure, bucket), at);
        at
    }

    /// The cells that hold something, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Place, &Summary)> {
        let buckets = self.by_time.iter();
        let cells = buckets.flat_map(|((measure, bucket), at)| {
            let cells = self.buckets[*at as usize].cells.iter();
            cells.map(|(values, summary)| {
                (Place { measure: *measure, bucket: *bucket, values: *values }, summary)
            })
        });
        cells.filter(|(_, summary)| !summary.is_empty())
    }

    /// The cells of a measure in a stretch of time that begins and ends with a cell, by time: their bucket, their
    /// values and themselves.
    pub(crate) fn within(
        &self,
        measure: u16,
        from: i32,
        until: i32,
    ) -> impl Iterator<Item = (i32, &Values, &Summary)> {
        let buckets = self.by_time.range((measure, from)..(measure, until.max(from)));
        buckets.flat_map(|((_, bucket), at)| {
            let cells = self.buckets[*at as usize].cells.iter();
            cells.map(|(values, summary)| (*bucket, values, summary))
        })
    }

    /// The first bucket of a measure that has cells, from one bucket to just before another.
    pub(super) fn first_bucket(&self, measure: u16, from: i32, until: i32) -> Option<i32> {
        let range = (measure, from)..(measure, until.max(from));
        self.by_time.range(range).next().map(|((_, bucket), _)| *bucket)
    }

    pub(crate) fn bucket(&self, at: i64) -> i32 {
        at.div_euclid(self.grid.micros()) as i32
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn shrink(&mut self) {
        for bucket in &mut self.buckets {
            bucket.cells.shrink_to_fit();
            bucket.cells.iter_mut().for_each(|(_, summary)| summary.values.shrink());
        }
    }
}

/// The cells of a measure in one stretch of time. What is new is mostly about now, so the places of its cells lie
/// together, and in the cache.
#[derive(Clone, Debug, Default)]
struct Bucket {
    cells: Vec<(Values, Summary)>,
    /// Of more cells than are few: where each is, with its hash, so that growing reads no cell.
    places: HashTable<(u32, u32)>,
}

/// Up to so many cells are looked through.
const FEW: usize = 8;

impl Bucket {
    /// Where the cell of these values is; a new one, where there was none.
    fn place_of(&mut self, values: &Values) -> usize {
        if self.cells.len() <= FEW {
            return match self.cells.iter().position(|(held, _)| held == values) {
                Some(at) => at,
                None => self.push(values),
            };
        }
        let hash = hash(values);
        let cells = &self.cells;
        let is_it = |(held, at): &(u32, u32)| *held == hash && cells[*at as usize].0 == *values;
        match self.places.find(spread(hash), is_it) {
            Some((_, at)) => *at as usize,
            None => self.push(values),
        }
    }

    fn push(&mut self, values: &Values) -> usize {
        let at = self.cells.len();
        self.cells.push((*values, Summary::default()));
        let unplaced = match at {
            ..FEW => at..at,
            FEW => 0..at + 1,
            _ => at..at + 1,
        };
        for at in unplaced {
            let hash = hash(&self.cells[at].0);
            self.places.insert_unique(spread(hash), (hash, at as u32), |(hash, _)| spread(*hash));
        }
        at
    }
}

fn hash(values: &Values) -> u32 {
    let [a, b, c, d] = values.map(u64::from);
    let folded = fold((a << 32 | b) ^ 0x9e37_79b9_7f4a_7c15, (c << 32 | d) ^ 0xe703_7ed1_a0b4_28db);
    (folded >> 32) as u32
}

/// A full multiplication, folded: these are numbers of our own, so nobody chooses them to collide.
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ (product >> 64) as u64
}

/// A table reads the low bits of a hash and the highest.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
