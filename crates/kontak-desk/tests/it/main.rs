//! The desk from outside.

mod story;
mod world;
