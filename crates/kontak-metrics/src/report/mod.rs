//! Asking: numbers, what is behind them, and why.

mod breakdown;
mod completeness;
mod count;
mod csv;
mod cursor;
mod explain;
mod filter;
mod interval;
mod reconcile;
mod statistic;
mod view;

pub use breakdown::{Breakdown, OverlapCount, Overlapping, OverlappingRow, Row};
pub use completeness::Completeness;
pub use count::Count;
pub use csv::CsvTable;
pub use cursor::{Behind, Cursor, Page};
pub use explain::{ExplainedFact, Explanation};
pub use filter::Filter;
pub use interval::Interval;
pub use reconcile::{Reconciliation, Residual, ResidualKind};
pub use statistic::{Quantile, Report, Statistic};
pub use view::{QueryError, View};
