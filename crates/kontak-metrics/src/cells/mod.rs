//! Facts, added up by time and dimension.

mod dimension;
mod grid;
mod roll_up;
mod store;
mod summary;
mod window;

pub use dimension::{Dimension, DimensionValue};
pub use grid::{Grid, GridError};
pub(crate) use grid::{GridCells, MOST_DIMENSIONS, Place};
pub use store::Cells;
pub use summary::Summary;
pub use window::{Window, WindowError};
