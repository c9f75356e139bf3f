//! Asking: numbers, what is behind them, and why.

mod alert;
mod backlog;
mod behind;
mod breakdown;
mod cells;
mod completeness;
mod count;
mod csv;
mod cursor;
mod customers;
mod explain;
mod filter;
mod interval;
mod native;
mod open_metrics;
mod read;
mod reconcile;
#[cfg(feature = "sketch")]
mod sketch;
mod statistic;
mod supervisor;
mod view;

pub use alert::{Alarm, AlarmChange};
pub use backlog::Backlog;
pub use breakdown::{Breakdown, OverlapCount, Overlapping, OverlappingRow, Row};
pub use completeness::Completeness;
pub use count::Count;
pub use csv::CsvTable;
pub use cursor::{Behind, Cursor, Page};
pub use customers::{ChannelUsage, Customers, DistinctCount, Retention, Usage, UsedChannel};
pub use explain::{ExplainedFact, Explanation};
pub use filter::Filter;
pub use interval::Interval;
pub use native::NativeHistograms;
pub use open_metrics::OpenMetrics;
pub use reconcile::{Reconciliation, Residual, ResidualKind};
#[cfg(feature = "sketch")]
pub use sketch::{CustomerSketch, NoSketch};
pub use statistic::{Quantile, Report, Statistic};
pub use supervisor::{Supervision, Waiting};
pub use view::{QueryError, View};
