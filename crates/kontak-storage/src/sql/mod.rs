//! What the two databases share and no database type is needed for.

mod checksum;
mod fault;
mod numbers;
mod rows;
mod wakers;

pub(crate) use checksum::{Checked, checksum_of_event, checksum_of_payload};
pub(crate) use fault::{Spoken, corrupt};
pub(crate) use numbers::{micros, number, subjects_from_bytes, subjects_to_bytes, time};
pub(crate) use rows::{Among, Insert, Texts, Value};
pub(crate) use wakers::Wakers;
