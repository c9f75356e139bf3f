use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! counted {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(u64);

        impl $name {
            /// Before the first: a cursor that stands here has seen nothing.
            pub const START: Self = Self(0);

            /// The `number`th, from 1. Databases count in 63 bits, so higher numbers never come.
            #[must_use]
            pub const fn new(number: u64) -> Self {
                Self(number)
            }

            /// The number inside.
            #[must_use]
            pub const fn number(self) -> u64 {
                self.0
            }

            /// So many further on.
            #[must_use]
            pub const fn plus(self, count: u64) -> Self {
                Self(self.0.saturating_add(count))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

counted! {
    /// Where an event stands in its tenant's journal: 1, 2, 3 and so on, without gaps.
    ///
    /// ```
    /// use kontak_storage::Position;
    ///
    /// assert_eq!(Position::START.plus(2), Position::new(2));
    /// ```
    Position
}

counted! {
    /// Where an item stands in its tenant's inbox: 1, 2, 3 and so on, without gaps when it is accepted.
    InboxPosition
}

counted! {
    /// The order in which outbox rows were appended. Rows are given out in it.
    OutboxPosition
}

counted! {
    /// How often a tenant was taken by an owner. A higher token shuts out every lower one.
    FencingToken
}
