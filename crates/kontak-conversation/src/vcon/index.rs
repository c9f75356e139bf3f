use super::object::{Form, plain};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(u32);

        impl $name {
            /// The element at this place, counted from 0.
            #[must_use]
            pub const fn new(index: u32) -> Self {
                Self(index)
            }

            /// The place, counted from 0.
            #[must_use]
            pub const fn get(self) -> u32 {
                self.0
            }

            pub(super) fn of_next<T>(list: &[T]) -> Self {
                Self(u32::try_from(list.len()).expect("2^32 objects do not fit into memory"))
            }
        }

        plain! { $name: "a whole number from 0", OneOrMany<$name>: "an index or an array of them", })*
    };
}

indices! {
    /// The place of a party in `parties`.
    PartyIndex,
    /// The place of a dialog in `dialog`.
    DialogIndex,
    /// The place of an attachment in `attachments`.
    AttachmentIndex,
}

/// A value, or an array of them: the draft leaves the choice to the writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(clippy::exhaustive_enums, reason = "there is no third way to write a value")]
pub enum OneOrMany<T> {
    /// The value by itself.
    One(T),
    /// An array, in which there may be one value, or none.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// The values.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }

    pub(super) fn as_mut_slice(&mut self) -> &mut [T] {
        match self {
            Self::One(value) => std::slice::from_mut(value),
            Self::Many(values) => values,
        }
    }
}

impl<T> From<T> for OneOrMany<T> {
    fn from(value: T) -> Self {
        Self::One(value)
    }
}

impl<T> From<Vec<T>> for OneOrMany<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Many(values)
    }
}

impl Form for OneOrMany<String> {
    const EXPECTED: &'static str = "a string or an array of strings";

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} strings)", self.as_slice().len())
    }
}

/// Who takes part in a dialog: the first party is its originator, where nothing else is said.
///
/// For a recording of several channels the list has one element a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(clippy::exhaustive_enums, reason = "the draft has these two forms")]
pub enum DialogParties {
    /// One party.
    One(PartyIndex),
    /// Several parties, or the channels of a recording.
    Many(Vec<Channel>),
}

/// Who is heard on one channel of a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(clippy::exhaustive_enums, reason = "the draft has these three forms")]
pub enum Channel {
    /// Nobody: the channel is not used.
    Unused,
    /// One party.
    Party(PartyIndex),
    /// Several parties, mixed.
    Mixed(Vec<PartyIndex>),
}

impl DialogParties {
    /// The parties in the order in which they stand.
    pub fn iter(&self) -> impl Iterator<Item = PartyIndex> {
        let channels: &[Channel] = match self {
            Self::One(_) => &[],
            Self::Many(channels) => channels,
        };
        let one = match self {
            Self::One(party) => Some(*party),
            Self::Many(_) => None,
        };
        let mixed = channels.iter().flat_map(|channel| match channel {
            Channel::Unused => &[],
            Channel::Party(party) => std::slice::from_ref(party),
            Channel::Mixed(parties) => parties.as_slice(),
        });
        one.into_iter().chain(mixed.copied())
    }

    /// Whether it is written as a plain list of parties.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Self::One(_) => false,
            Self::Many(channels) => channels.iter().all(|one| matches!(one, Channel::Party(_))),
        }
    }
}

impl FromIterator<PartyIndex> for DialogParties {
    fn from_iter<I: IntoIterator<Item = PartyIndex>>(parties: I) -> Self {
        Self::Many(parties.into_iter().map(Channel::Party).collect())
    }
}

plain! { DialogParties: "an index, or an array of indices, of arrays of indices and of nulls", }
