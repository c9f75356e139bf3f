#![cfg_attr(all(feature = "charts", feature = "parquet"), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(all(feature = "charts", feature = "parquet")),
    doc = "What comes out of kontak-metrics; its README is the documentation with all features."
)]

#[cfg(feature = "arrow")]
mod batch;
#[cfg(feature = "charts")]
mod chart;
#[cfg(feature = "parquet")]
mod file;

#[cfg(feature = "arrow")]
pub use batch::{CellBatches, FactBatches, NoGrid, ReportTable};
#[cfg(feature = "charts")]
pub use chart::{Chart, ChartError, Point, Scale, Series};
#[cfg(feature = "parquet")]
pub use file::{ParquetFile, ParquetFileError};
/// The engine whose numbers these are.
pub use kontak_metrics as metrics;
/// The crate that writes the files.
#[cfg(feature = "parquet")]
pub use parquet;
/// The crates whose batches and columns come out.
#[cfg(feature = "arrow")]
pub use {arrow_array, arrow_schema};
