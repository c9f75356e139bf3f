//! The crate, tried from outside.

mod ask;
mod conformance;
mod histogram;
mod order;
mod peeking;
mod scenarios;
mod seal;
mod wire;
mod world;
