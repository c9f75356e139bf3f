//! What was recorded of a conversation, compactly.

mod names;
mod record;
mod set;
mod word;

pub(crate) use names::{Intern, Names, TooMany};
pub(crate) use record::Record;
pub(crate) use set::{Digest, canonical, digest, mix};
pub(crate) use word::{Stored, Word};
