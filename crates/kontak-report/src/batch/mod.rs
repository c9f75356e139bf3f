//! Tables, cells and facts as Arrow record batches.

mod cells;
mod column;
mod facts;
mod reports;

pub use cells::{CellBatches, NoGrid};
pub use facts::FactBatches;
pub use reports::ReportTable;

/// So many rows are made at a time.
const ROWS: usize = 16_384;
