use crate::handle::{IdentifierHandle, TouchpointHandle};
use serde::{Deserialize, Serialize};

/// A place in the order of a graph's calls: every call that may change something takes the next.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
#[expect(clippy::exhaustive_structs, reason = "a number with a name, for callers to keep")]
pub struct Position(pub u64);

/// Why a piece of evidence joins nobody although it is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WithheldReason {
    /// The customer would have more touchpoints than the policy allows.
    TooManyTouchpoints,
    /// The customer would have more values of one kind than the policy allows.
    TooManyIdentifiers,
    /// Two members of the customer must not be linked.
    MustNotLink,
    /// The name contradicts that of who has the most accounts with the same value.
    NamesDiffer,
    /// There is no name that tells whose the account is, and several people hold the value.
    NameUnclear,
    /// More people or accounts hold the value at a time than one person or family has.
    Quarantined,
    /// The policy blocks the value: a placeholder.
    Blocked,
    /// The policy lets values of this class join nobody.
    NeverPersonal,
}

/// One step in the life of customers.
///
/// A customer is named by the handle of its founder. Applied in order, the changes give the whole
/// partition at every position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// A touchpoint was recorded and is a customer.
    Founded {
        /// The touchpoint.
        touchpoint: TouchpointHandle,
    },
    /// A touchpoint was recorded and belongs to a customer that was there.
    Joined {
        /// The new touchpoint.
        touchpoint: TouchpointHandle,
        /// The founder of the customer.
        customer: TouchpointHandle,
    },
    /// All of one customer now belong to another; the first id still resolves.
    Merged {
        /// The founder of the customer that is no more.
        from: TouchpointHandle,
        /// The founder of the one that it belongs to.
        into: TouchpointHandle,
    },
    /// Some members left and are a customer of their own.
    Split {
        /// The founder of the customer that they left.
        from: TouchpointHandle,
        /// The founder of the customer that they are.
        customer: TouchpointHandle,
        /// Its members, founder first.
        members: Vec<TouchpointHandle>,
    },
    /// Evidence is live and joins nobody.
    Withheld {
        /// Of which touchpoint.
        touchpoint: TouchpointHandle,
        /// Of which value.
        identifier: IdentifierHandle,
        /// Why.
        reason: WithheldReason,
    },
    /// Evidence that was withheld joins.
    Admitted {
        /// Of which touchpoint.
        touchpoint: TouchpointHandle,
        /// Of which value.
        identifier: IdentifierHandle,
    },
    /// A value came to have too many holders at a time.
    Quarantined {
        /// The value.
        identifier: IdentifierHandle,
        /// How many touchpoints have live evidence of it.
        holders: u32,
    },
    /// A value no longer has too many holders.
    Released {
        /// The value.
        identifier: IdentifierHandle,
    },
    /// The founder of a customer was erased; its next founder's id is the customer's now.
    Renamed {
        /// The erased founder.
        from: TouchpointHandle,
        /// The founder now.
        to: TouchpointHandle,
    },
    /// A touchpoint and all its evidence were erased.
    Erased {
        /// The touchpoint; its id answers that it was erased.
        touchpoint: TouchpointHandle,
    },
}
