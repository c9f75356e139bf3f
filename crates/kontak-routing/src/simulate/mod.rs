//! Trying it out: contacts run through the same engine by its public interface.
//!
//! [`Simulation`] takes contacts from anywhere: recorded ones, or drawn from [`Random`]. Two rule
//! sets are compared on the same contacts, and [`interval`] says what the difference is worth.

mod contact;
mod measure;
mod random;
mod run;

pub use contact::{Contact, Ending, Fate, Staff};
pub use measure::{Interval, interval};
pub use random::Random;
pub use run::Simulation;
