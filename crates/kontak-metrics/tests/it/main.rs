//! The crate, tried from outside.

mod ask;
mod conformance;
mod histogram;
mod order;
mod seal;
mod world;
