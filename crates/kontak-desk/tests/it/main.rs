//! The desk from outside.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod running;
mod shop;
mod story;
mod world;
