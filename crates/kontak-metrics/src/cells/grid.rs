use super::Dimension;
use serde::{Deserialize, Serialize};

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
    /// An agent changes teams, and cells would not.
    #[error("a grid has no teams: tell cells apart by agent, and teams are read off them")]
    Team,
}

pub(crate) const MOST_DIMENSIONS: usize = 4;

impl Grid {
    /// Cells of `minutes`, told apart by `dimensions`.
    ///
    /// # Errors
    ///
    /// The width is no multiple of 15 minutes that divides a day, there are more than four dimensions, or one is the
    /// team.
    pub fn new(dimensions: &[Dimension], minutes: u32) -> Result<Self, GridError> {
        if minutes == 0 || !minutes.is_multiple_of(15) || 1_440 % minutes != 0 {
            return Err(GridError::Minutes(minutes));
        }
        if dimensions.contains(&Dimension::Team) {
            return Err(GridError::Team);
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
