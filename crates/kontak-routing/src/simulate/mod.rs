//! Trying it out: a day of contacts, run through the same engine by its public interface.

mod random;

pub use random::Random;
