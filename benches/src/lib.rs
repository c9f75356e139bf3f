//! Shared by the benchmarks: people with a known truth, what others need for the same task, and
//! how much memory it takes.
//!
//! ```
//! use kontak_benches::{GeneratorConfig, Population};
//! use kontak_benches::reference::{Edges, naive_labels};
//! use kontak_identity::quality::{Quality, Reach};
//!
//! let population = Population::generate(GeneratorConfig::new(7, 1_000));
//! let found = naive_labels(&Edges::of(&population));
//! let quality = Quality::measure(&population.truth(), &found)?;
//! let reach = Reach::measure(&population.truth(), &population.reachable(), &found)?;
//! println!("{quality}\n{reach}");
//! # Ok::<(), kontak_identity::quality::QualityError>(())
//! ```
//!
//! The people are invented. A number or an address may exist all the same: send nothing to it.

mod bookkeeping;
mod channel;
mod load;
mod mail;
mod market;
pub mod memory;
mod names;
mod phone;
mod placeholder;
mod population;
mod random;
pub mod reference;

pub use bookkeeping::Bookkeeping;
pub use channel::Verification;
/// The generator that everything here is drawn by: the same numbers of a seed on every platform.
pub use kontak_examples::Random;
pub use load::{Load, Words, touchpoint_id};
pub use market::Market;
pub use population::{
    Columns, Evidence, GeneratorConfig, Identifier, IdentifierKind, Population, Realised, Relation,
    Row, Sighting, Touchpoint,
};
