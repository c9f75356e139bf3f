use super::roll_up::RollUps;
use super::{Dimension, Summary};
use crate::fact::{Fact, Share};
use crate::fold::Contact;
use hashbrown::HashTable;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which cells are kept: by which dimensions, and how wide in time. A question is answered from the grid with the
/// fewest cells that knows all it asks for; one that none knows is answered from the facts, slower.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Record", into = "Record")]
pub struct Grid {
    dimensions: Vec<Dimension>,
    minutes: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Grid", deny_unknown_fields)]
struct Record {
    dimensions: Vec<Dimension>,
    minutes: u32,
}

/// There is no such grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GridError {
    /// Every zone is a multiple of 15 minutes from UTC, and a day is one of the width.
    #[error("cells of {0} minutes; expected a divisor of 1,440 that is a multiple of 15")]
    Minutes(u32),
    /// Too many, or one twice.
    #[error("a grid has at most four different dimensions")]
    Dimensions,
}

pub(crate) const MOST_DIMENSIONS: usize = 4;

impl Grid {
    /// Cells of `minutes`, told apart by `dimensions`.
    ///
    /// # Errors
    ///
    /// The width is no multiple of 15 minutes that divides a day, or there are more than four dimensions.
    pub fn new(dimensions: &[Dimension], minutes: u32) -> Result<Self, GridError> {
        if minutes == 0 || !minutes.is_multiple_of(15) || 1_440 % minutes != 0 {
            return Err(GridError::Minutes(minutes));
        }
        let mut sorted = dimensions.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        if sorted.len() != dimensions.len() || sorted.len() > MOST_DIMENSIONS {
            return Err(GridError::Dimensions);
        }
        Ok(Self { dimensions: sorted, minutes })
    }

    /// What its cells are told apart by.
    #[must_use]
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// How wide its cells are.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.minutes
    }

    /// By channel and queue every 15 minutes, by channel and agent every hour, by language and segment every
    /// hour.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        use Dimension::{Agent, Channel, Language, Queue, Segment};
        let grid =
            |dimensions: &[Dimension], minutes| Self { dimensions: dimensions.to_vec(), minutes };
        vec![
            grid(&[Channel, Queue], 15),
            grid(&[Channel, Agent], 60),
            grid(&[Language, Segment], 60),
        ]
    }

    pub(crate) fn micros(&self) -> i64 {
        i64::from(self.minutes) * 60_000_000
    }
}

impl TryFrom<Record> for Grid {
    type Error = GridError;

    fn try_from(record: Record) -> Result<Self, Self::Error> {
        Self::new(&record.dimensions, record.minutes)
    }
}

impl From<Grid> for Record {
    fn from(grid: Grid) -> Self {
        Self { dimensions: grid.dimensions, minutes: grid.minutes }
    }
}

/// Where a fact counts: the measure, the stretch of time, and a value for each dimension of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) measure: u16,
    pub(crate) bucket: i32,
    pub(crate) values: [u32; MOST_DIMENSIONS],
}

impl Place {
    #[inline]
    fn hash(&self) -> u64 {
        let [a, b, c, d] = self.values.map(u64::from);
        let word = (u64::from(self.measure) << 32) | u64::from(self.bucket as u32);
        let folded = fold(word ^ 0x9e37_79b9_7f4a_7c15, (a << 32 | b) ^ 0xe703_7ed1_a0b4_28db);
        fold(folded ^ 0x8ebc_6af0_9c88_c6e3, (c << 32 | d) ^ 0x5899_65cc_7537_4cc3)
    }
}

/// A full multiplication, folded: these are numbers of our own, so nobody chooses them to collide.
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ (product >> 64) as u64
}

/// The cells of one grid.
#[derive(Clone, Debug)]
pub(crate) struct GridCells {
    pub(crate) grid: Grid,
    places: HashTable<u32>,
    cells: Chunks,
    by_time: BTreeMap<(u16, i32), Vec<u32>>,
    pub(super) roll_ups: RollUps,
}

impl GridCells {
    pub(crate) fn new(grid: Grid) -> Self {
        Self {
            grid,
            places: HashTable::new(),
            cells: Chunks::default(),
            by_time: BTreeMap::new(),
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
        for (place, dimension) in self.grid.dimensions.iter().enumerate() {
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
        let bucket = self.bucket(fact.at);
        let mut place = Place { measure: fact.measure, bucket, values };
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
    pub(crate) fn cell(&mut self, place: Place) -> &mut Summary {
        self.roll_ups.change(place.measure, place.bucket);
        let hash = place.hash();
        let cells = &self.cells;
        let found = self.places.find(hash, |held| cells.at(*held).0 == place).copied();
        let at = found.unwrap_or_else(|| self.new_cell(place, hash));
        &mut self.cells.at_mut(at).1
    }

    fn new_cell(&mut self, place: Place, hash: u64) -> u32 {
        let at = self.cells.len() as u32;
        self.cells.push((place, Summary::default()));
        let cells = &self.cells;
        self.places.insert_unique(hash, at, |held| cells.at(*held).0.hash());
        self.by_time.entry((place.measure, place.bucket)).or_default().push(at);
        at
    }

    /// The cells that hold something, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Place, Summary)> {
        self.cells.iter().filter(|(_, summary)| !summary.is_empty())
    }

    /// The cells of a measure in a stretch of time that begins and ends with a cell, by time.
    pub(crate) fn within(
        &self,
        measure: u16,
        from: i64,
        until: i64,
    ) -> impl Iterator<Item = &(Place, Summary)> {
        self.cells_of(measure, self.bucket(from), self.bucket(until))
    }

    pub(super) fn cells_of(
        &self,
        measure: u16,
        from: i32,
        until: i32,
    ) -> impl Iterator<Item = &(Place, Summary)> {
        let range = (measure, from)..(measure, until.max(from));
        self.by_time.range(range).flat_map(|(_, cells)| cells).map(|at| self.cells.at(*at))
    }

    /// The first bucket of a measure that has cells, from one bucket to just before another.
    pub(super) fn first_bucket(&self, measure: u16, from: i32, until: i32) -> Option<i32> {
        let range = (measure, from)..(measure, until.max(from));
        self.by_time.range(range).next().map(|((_, bucket), _)| *bucket)
    }

    pub(super) fn bucket(&self, at: i64) -> i32 {
        at.div_euclid(self.grid.micros()) as i32
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(crate) fn shrink(&mut self) {
        for (_, summary) in self.cells.0.iter_mut().flatten() {
            summary.values.shrink();
        }
    }
}

/// Cells in pieces of a thousand, so that growing moves none of them and takes no second copy.
#[derive(Clone, Debug, Default)]
struct Chunks(Vec<Vec<(Place, Summary)>>);

const CHUNK: usize = 1_024;

impl Chunks {
    fn at(&self, at: u32) -> &(Place, Summary) {
        &self.0[at as usize / CHUNK][at as usize % CHUNK]
    }

    fn at_mut(&mut self, at: u32) -> &mut (Place, Summary) {
        &mut self.0[at as usize / CHUNK][at as usize % CHUNK]
    }

    fn push(&mut self, cell: (Place, Summary)) {
        match self.0.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => chunk.push(cell),
            _ => {
                let mut chunk = Vec::with_capacity(if self.0.is_empty() { 4 } else { CHUNK });
                chunk.push(cell);
                self.0.push(chunk);
            }
        }
    }

    fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * CHUNK + last.len())
    }

    fn iter(&self) -> impl Iterator<Item = &(Place, Summary)> {
        self.0.iter().flatten()
    }
}
