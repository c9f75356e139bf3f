//! What the tools among the examples share: reading a [`Table`] that somebody exported somewhere,
//! guessing what its [`Columns`] hold, [`Complaints`] about what cannot be used, a [`Progress`]
//! bar, and a [`Report`](report::ReportPage) to look at.
//!
//! ```
//! use kontak_examples::{Complaints, Table};
//!
//! let mut table = Table::read("a.csv", "id,phone\n1,0812 3456 7890\n".as_bytes())?;
//! let mut complaints = Complaints::default();
//! while let Some(row) = table.next_row(&mut complaints)? {
//!     assert_eq!(row.cell(1), "0812 3456 7890");
//! }
//! # Ok::<(), kontak_examples::TableError>(())
//! ```
#![expect(
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    reason = "the package is not published; the examples build and match these in full"
)]

mod columns;
mod complaints;
mod instant;
pub mod load;
mod progress;
mod random;
pub mod report;
mod table;

pub use columns::{Columns, ColumnsError, Role};
pub use complaints::Complaints;
pub use instant::{BadInstant, DateOrder, instant};
/// The numbers of a seed, the same on every platform.
pub use kontak_routing::simulate::Random;
pub use progress::Progress;
pub use random::{shuffle, wait};
pub use table::{BadRow, Place, Row, Table, TableError, values};
