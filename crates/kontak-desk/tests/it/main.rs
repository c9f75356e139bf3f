//! The desk from outside.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod again;
mod apart;
mod desks;
mod evict;
mod gone;
mod history;
mod kept;
mod lost;
mod masked;
mod parted;
#[path = "../../../../.ci/postgres.rs"]
mod postgres;
mod rest;
mod running;
mod scenes;
mod shop;
mod sound;
mod stores;
mod story;
mod tidy;
mod together;
mod unattended;
mod world;
