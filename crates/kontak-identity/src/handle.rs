use serde::{Deserialize, Serialize};

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub(crate) $inner);

        impl $name {
            /// The place in the graph's table: dense, from 0, in the order of recording.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

handle! {
    /// A touchpoint of one graph, as four bytes. Also names the customer that it founded.
    TouchpointHandle(u32)
}
handle! {
    /// A phone number or mailbox of one graph, as four bytes that tell nothing about it.
    IdentifierHandle(u32)
}
handle! {
    /// A source of one graph.
    SourceHandle(u16)
}
handle! {
    /// The version of the tables that normalised a value.
    DataVersionHandle(u16)
}

impl DataVersionHandle {
    /// Nobody said.
    pub const UNKNOWN: Self = Self(0);
}
handle! {
    /// A name that some record carries.
    NameHandle(u32)
}

/// A source's record id inside one graph.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RecordHandle(pub(crate) u64);

impl RecordHandle {
    /// A record id that is a number, below 2⁶²: needs no text.
    #[must_use]
    pub const fn number(number: u64) -> Option<Self> {
        if number < 1 << 62 { Some(Self(number)) } else { None }
    }
}
