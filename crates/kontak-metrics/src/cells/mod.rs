//! Facts, added up by time and dimension.

mod dimension;
mod downscaling;
mod grid;
mod grid_cells;
mod roll_up;
mod store;
mod summary;
mod tiers;
mod window;

pub use dimension::{Dimension, DimensionValue};
pub use downscaling::{Downscaling, DownscalingError};
pub(crate) use grid::MOST_DIMENSIONS;
pub use grid::{Grid, GridError};
pub(crate) use grid_cells::{GridCells, Held, Place, Values};
pub use store::Cells;
pub use summary::Summary;
pub use window::{Window, WindowError};
