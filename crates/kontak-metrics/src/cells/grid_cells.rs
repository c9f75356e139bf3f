use super::roll_up::RollUps;
use super::tiers::Tiers;
use super::{Dimension, Grid, MOST_DIMENSIONS, Summary};
use crate::Histogram;
use crate::fact::{Fact, Outcome};
use crate::fold::Contact;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
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
    /// By measure: its buckets that were looked for last, as the next one is mostly one of them.
    recent: Vec<[(i32, u32); RECENT]>,
    len: usize,
    /// What is to change, until there is enough of it: see [`Self::flush`].
    pending: Vec<Pending>,
    pub(super) roll_ups: RollUps,
    /// Where cells are wider.
    pub(super) tiers: Tiers,
    /// Places of buckets that were put together with others.
    free: Vec<u32>,
}

/// A fact to be asserted in a cell, or to be retracted.
#[derive(Clone, Copy, Debug)]
struct Pending {
    place: Place,
    outcome: Outcome,
    is_asserted: bool,
    value: u64,
    /// How many times: see [`Share::weight`].
    weight: u64,
}

/// Cells are all over the memory. So many are looked for before the first is changed: the machine fetches them
/// together, and not one after another.
const AHEAD: usize = 64;

/// So many buckets are found without a search: what begins lies in one, what ends now in another.
const RECENT: usize = 8;

fn recently(bucket: i32) -> usize {
    bucket as usize % RECENT
}

impl GridCells {
    pub(crate) fn new(grid: Grid) -> Self {
        Self {
            grid,
            buckets: Vec::new(),
            by_time: BTreeMap::new(),
            recent: Vec::new(),
            len: 0,
            pending: Vec::new(),
            roll_ups: RollUps::default(),
            tiers: Tiers::default(),
            free: Vec::new(),
        }
    }

    /// What it changes shows after the next [`flush`](Self::flush).
    pub(crate) fn assert(&mut self, fact: &Fact, contact: &Contact, labels: &[u16]) {
        self.each_place(fact, contact, labels, true);
    }

    /// What it changes shows after the next [`flush`](Self::flush).
    pub(crate) fn retract(&mut self, fact: &Fact, contact: &Contact, labels: &[u16]) {
        self.each_place(fact, contact, labels, false);
    }

    fn each_place(&mut self, fact: &Fact, contact: &Contact, labels: &[u16], is_asserted: bool) {
        let mut values = [0; MOST_DIMENSIONS];
        let (mut by_agent, mut by_state, mut label_at) = (false, false, None);
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
                Dimension::State => {
                    by_state = true;
                    fact.state()
                }
                // No grid has it.
                Dimension::Team => 0,
            };
        }
        if !fact.share.is_counted(by_agent, by_state) {
            return;
        }
        let place = Place { measure: fact.measure, bucket: self.bucket(fact.at), values };
        let (outcome, value, weight) = (fact.outcome, fact.value, fact.share.weight());
        let mut pending = Pending { place, outcome, is_asserted, value, weight };
        match label_at {
            Some(at) if !labels.is_empty() => {
                for label in labels {
                    pending.place.values[at] = (*label).into();
                    self.push(pending);
                }
            }
            _ => self.push(pending),
        }
    }

    fn push(&mut self, pending: Pending) {
        self.pending.push(pending);
        if self.pending.len() == AHEAD {
            self.flush();
        }
    }

    /// Brings the cells up to what was asserted and retracted.
    pub(crate) fn flush(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        let mut found = [(0_u32, 0_u32); AHEAD];
        for (it, found) in pending.iter().zip(&mut found) {
            let bucket = self.bucket_of(it.place);
            let has_value = it.outcome == Outcome::Value;
            *found = (bucket, if has_value { self.cell_of(bucket, &it.place.values) } else { 0 });
        }
        let touched = pending.iter().zip(&found).filter(|(it, _)| it.outcome == Outcome::Value);
        let touched = touched.map(|(_, (bucket, cell))| {
            self.buckets[*bucket as usize].cells[*cell as usize].1.touch()
        });
        std::hint::black_box(touched.fold(0, u64::wrapping_add));
        for (it, (bucket, cell)) in pending.drain(..).zip(found) {
            let bucket = &mut self.buckets[bucket as usize];
            let (values, weight) = (&it.place.values, it.weight);
            match (it.outcome, it.is_asserted) {
                (Outcome::Value, true) => {
                    bucket.cells[cell as usize].1.insert_times(it.value, weight);
                }
                (Outcome::Value, false) => {
                    let held = bucket.cells[cell as usize].1.remove_times(it.value, weight);
                    debug_assert_eq!(held, Ok(()), "retracted what was never asserted");
                }
                (outcome, is_asserted) => bucket.count(values, |it| {
                    let held = match outcome {
                        Outcome::Open => &mut it.open,
                        _ => &mut it.excluded,
                    };
                    *held = if is_asserted { *held + weight } else { held.saturating_sub(weight) };
                }),
            }
        }
        self.pending = pending;
    }

    /// Adds what other cells say.
    pub(crate) fn add(&mut self, place: Place, summary: &Summary) {
        let place = Place { bucket: self.tiers.of_bucket(place.bucket), ..place };
        let bucket = self.bucket_of(place);
        if !summary.values.is_empty() {
            let cell = self.cell_of(bucket, &place.values);
            self.buckets[bucket as usize].cells[cell as usize].1.add(&summary.values);
        }
        if summary.open > 0 || summary.excluded > 0 {
            self.buckets[bucket as usize].count(&place.values, |it| {
                it.open += summary.open;
                it.excluded += summary.excluded;
            });
        }
    }

    /// A cell, to be changed.
    #[inline]
    pub(crate) fn cell(&mut self, place: Place) -> &mut Histogram {
        let bucket = self.bucket_of(place);
        let cell = self.cell_of(bucket, &place.values);
        &mut self.buckets[bucket as usize].cells[cell as usize].1
    }

    /// A bucket, to be changed.
    #[inline]
    fn bucket_of(&mut self, place: Place) -> u32 {
        self.roll_ups.change(place.measure, place.bucket);
        let recent = self.recent.get(usize::from(place.measure));
        match recent.map(|recent| recent[recently(place.bucket)]) {
            Some((bucket, at)) if bucket == place.bucket => at,
            _ => self.find_bucket(place.measure, place.bucket),
        }
    }

    #[inline]
    fn cell_of(&mut self, bucket: u32, values: &Values) -> u32 {
        let bucket = &mut self.buckets[bucket as usize];
        let before = bucket.cells.len();
        let cell = bucket.place_of(values);
        self.len += bucket.cells.len() - before;
        cell as u32
    }

    fn find_bucket(&mut self, measure: u16, bucket: i32) -> u32 {
        if self.recent.len() <= usize::from(measure) {
            // None yet: no bucket is the least of all, long before any year that is taken.
            self.recent.resize(usize::from(measure) + 1, [(i32::MIN, 0); RECENT]);
        }
        let at = match self.by_time.get(&(measure, bucket)) {
            Some(at) => *at,
            None => self.new_bucket(measure, bucket),
        };
        self.recent[usize::from(measure)][recently(bucket)] = (bucket, at);
        at
    }

    /// Where time goes on, what it leaves behind grows no more, and what comes will be much like it.
    fn new_bucket(&mut self, measure: u16, bucket: i32) -> u32 {
        let mut new = Bucket::default();
        let is_newest = self.first_bucket(measure, bucket, i32::MAX).is_none();
        let mut earlier = self.by_time.range((measure, i32::MIN)..(measure, bucket));
        if is_newest && let Some((_, before)) = earlier.next_back() {
            let before = &mut self.buckets[*before as usize];
            before.cells.shrink_to_fit();
            new.cells.reserve_exact(before.cells.len());
        }
        let at = self.free.pop().unwrap_or_else(|| {
            self.buckets.push(Bucket::default());
            self.buckets.len() as u32 - 1
        });
        self.buckets[at as usize] = new;
        self.by_time.insert((measure, bucket), at);
        at
    }

    /// The measures and the times of which something is held.
    pub(super) fn buckets(&self) -> impl Iterator<Item = (u16, i32)> {
        self.by_time.keys().copied()
    }

    /// Gives away all of a bucket.
    pub(super) fn take_bucket(
        &mut self,
        measure: u16,
        time: i32,
        mut give: impl FnMut(Place, Summary),
    ) {
        let Some(at) = self.by_time.remove(&(measure, time)) else { return };
        let bucket = std::mem::take(&mut self.buckets[at as usize]);
        bucket.each(|values, summary| give(Place { measure, bucket: time, values }, summary));
        self.len -= bucket.cells.len();
        self.free.push(at);
        self.recent.clear();
        self.roll_ups.forget();
    }

    /// What is held, by place, in no order that means anything.
    pub(crate) fn each(&self, mut give: impl FnMut(Place, Summary)) {
        for ((measure, bucket), at) in &self.by_time {
            let place = |values| Place { measure: *measure, bucket: *bucket, values };
            self.buckets[*at as usize].each(|values, summary| give(place(values), summary));
        }
    }

    /// What is held of a measure in a stretch of time that begins and ends with a cell, by time: the bucket, the values
    /// and what they say, in one part or in two.
    pub(crate) fn within(
        &self,
        measure: u16,
        from: i32,
        until: i32,
        mut give: impl FnMut(i32, &Values, Held<'_>),
    ) {
        let buckets = self.by_time.range((measure, from)..(measure, until.max(from)));
        for ((_, time), at) in buckets {
            let bucket = &self.buckets[*at as usize];
            for (values, cell) in bucket.cells.iter().filter(|(_, cell)| !cell.is_empty()) {
                give(*time, values, Held::Values(cell));
            }
            for (values, without) in &bucket.without {
                give(*time, values, Held::Without(*without));
            }
        }
    }

    /// The first bucket of a measure that has cells, from one bucket to just before another.
    pub(super) fn first_bucket(&self, measure: u16, from: i32, until: i32) -> Option<i32> {
        let range = (measure, from)..(measure, until.max(from));
        self.by_time.range(range).next().map(|((_, bucket), _)| *bucket)
    }

    /// The bucket that an instant counts in.
    pub(crate) fn bucket(&self, at: i64) -> i32 {
        self.tiers.of_bucket(self.bucket_at(at))
    }

    pub(super) fn bucket_at(&self, at: i64) -> i32 {
        at.div_euclid(self.grid.micros()) as i32
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn shrink(&mut self) {
        for bucket in &mut self.buckets {
            bucket.cells.shrink_to_fit();
            bucket.cells.iter_mut().for_each(|(_, cell)| cell.shrink());
            bucket.without.shrink_to_fit(|(values, _)| spread(hash(values)));
        }
    }
}

/// The cells of a measure in one stretch of time. What is new is mostly about now, so the places of its cells lie
/// together, and in the cache.
#[derive(Clone, Debug, Default)]
struct Bucket {
    cells: Vec<(Values, Histogram)>,
    /// Of more cells than are few: where each is, with its hash, so that growing reads no cell.
    places: HashTable<(u32, u32)>,
    /// What has no value makes no cell: what is open comes and goes, of that there is little, and that of now lies
    /// together.
    without: HashTable<(Values, Without)>,
}

/// How much has no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Without {
    open: u64,
    excluded: u64,
}

/// A part of what is held at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Held<'a> {
    Values(&'a Histogram),
    Without(Without),
}

impl Without {
    fn summary(self) -> Summary {
        let Self { open, excluded } = self;
        Summary { open, excluded, ..Summary::default() }
    }
}

impl Held<'_> {
    /// What a summary has without a value.
    pub(crate) fn without(summary: &Summary) -> Self {
        Self::Without(Without { open: summary.open, excluded: summary.excluded })
    }

    pub(crate) fn add_to(self, summary: &mut Summary) {
        match self {
            Self::Values(values) => summary.values.add(values),
            Self::Without(Without { open, excluded }) => {
                summary.open += open;
                summary.excluded += excluded;
            }
        }
    }
}

/// Up to so many cells are looked through.
const FEW: usize = 8;

impl Bucket {
    fn each(&self, mut give: impl FnMut(Values, Summary)) {
        for (values, cell) in self.cells.iter().filter(|(_, cell)| !cell.is_empty()) {
            let without = self.without(values).copied().unwrap_or_default();
            give(*values, Summary { values: cell.clone(), ..without.summary() });
        }
        let alone = |values| self.find(values).is_none_or(Histogram::is_empty);
        for (values, without) in self.without.iter().filter(|(values, _)| alone(values)) {
            give(*values, without.summary());
        }
    }

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

    fn find(&self, values: &Values) -> Option<&Histogram> {
        let at = if self.cells.len() <= FEW {
            self.cells.iter().position(|(held, _)| held == values)?
        } else {
            let is_it = |(_, at): &(u32, u32)| self.cells[*at as usize].0 == *values;
            self.places.find(spread(hash(values)), is_it)?.1 as usize
        };
        Some(&self.cells[at].1)
    }

    /// Counts what has no value. Where none is left nothing is kept.
    fn count(&mut self, values: &Values, change: impl FnOnce(&mut Without)) {
        let is_it = |(held, _): &(Values, Without)| held == values;
        let hasher = |(values, _): &(Values, Without)| spread(hash(values));
        match self.without.entry(spread(hash(values)), is_it, hasher) {
            Entry::Occupied(mut held) => {
                change(&mut held.get_mut().1);
                if held.get().1 == Without::default() {
                    held.remove();
                }
            }
            Entry::Vacant(free) => {
                change(&mut free.insert((*values, Without::default())).into_mut().1);
            }
        }
        if self.without.is_empty() {
            self.without = HashTable::new();
        }
    }

    fn without(&self, values: &Values) -> Option<&Without> {
        let is_it = |(held, _): &(Values, Without)| held == values;
        self.without.find(spread(hash(values)), is_it).map(|(_, without)| without)
    }

    fn push(&mut self, values: &Values) -> usize {
        let at = self.cells.len();
        self.cells.push((*values, Histogram::new()));
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
