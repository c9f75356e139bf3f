use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a conversation stands.
///
/// ```mermaid
#[doc = include_str!("../docs/status.mmd")]
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// Nobody of ours has looked at it.
    New,
    /// It is ours to go on.
    Open,
    /// The customer was asked something.
    WaitingForCustomer,
    /// Somebody else has to do something first.
    OnHold,
    /// Nobody has to do anything until then.
    Snoozed {
        /// When it opens again.
        until: DateTime<Utc>,
    },
    /// It is done, and opens again if the customer comes back in time.
    Resolved,
    /// It is done for good.
    Closed,
}

/// A status without what hangs on it: the nodes of the state machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StatusKind {
    /// [`Status::New`]
    New,
    /// [`Status::Open`]
    Open,
    /// [`Status::WaitingForCustomer`]
    WaitingForCustomer,
    /// [`Status::OnHold`]
    OnHold,
    /// [`Status::Snoozed`]
    Snoozed,
    /// [`Status::Resolved`]
    Resolved,
    /// [`Status::Closed`]
    Closed,
}

use StatusKind::{Closed, New, OnHold, Open, Resolved, Snoozed, WaitingForCustomer};

/// All that may follow on what.
const TRANSITIONS: &[(StatusKind, &[StatusKind])] = &[
    (New, &[Open, WaitingForCustomer, OnHold, Snoozed, Resolved]),
    (Open, &[WaitingForCustomer, OnHold, Snoozed, Resolved]),
    (WaitingForCustomer, &[Open, OnHold, Snoozed, Resolved]),
    (OnHold, &[Open, WaitingForCustomer, Snoozed, Resolved]),
    (Snoozed, &[Open, WaitingForCustomer, OnHold, Snoozed, Resolved]),
    (Resolved, &[Open, Closed]),
    (Closed, &[]),
];

impl StatusKind {
    /// In the order of a conversation's life.
    pub const ALL: [Self; 7] = [New, Open, WaitingForCustomer, OnHold, Snoozed, Resolved, Closed];

    /// What may follow.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        TRANSITIONS.iter().find(|(from, _)| *from == self).map_or(&[], |(_, next)| next)
    }

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            New => "new",
            Open => "open",
            WaitingForCustomer => "waiting_for_customer",
            OnHold => "on_hold",
            Snoozed => "snoozed",
            Resolved => "resolved",
            Closed => "closed",
        }
    }
}

impl fmt::Display for StatusKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_str().replace('_', " "))
    }
}

impl Status {
    /// Its node in the state machine.
    #[must_use]
    pub const fn kind(self) -> StatusKind {
        match self {
            Self::New => New,
            Self::Open => Open,
            Self::WaitingForCustomer => WaitingForCustomer,
            Self::OnHold => OnHold,
            Self::Snoozed { .. } => Snoozed,
            Self::Resolved => Resolved,
            Self::Closed => Closed,
        }
    }

    /// Whether `next` may follow.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        self.kind().next().contains(&next.kind())
    }

    /// Whether somebody still has to do something.
    #[must_use]
    pub const fn is_active(self) -> bool {
        !matches!(self, Self::Resolved | Self::Closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    #[test]
    fn the_diagram_shows_the_table() {
        let mut diagram = "stateDiagram-v2\n    [*] --> new\n".to_owned();
        for from in StatusKind::ALL {
            for to in from.next() {
                writeln!(diagram, "    {} --> {}", from.as_str(), to.as_str()).unwrap();
            }
        }
        diagram.push_str("    closed --> [*]\n");
        assert_eq!(include_str!("../docs/status.mmd"), diagram);
        assert!(include_str!("../README.md").contains(&diagram));
    }

    #[test]
    fn every_status_but_the_first_can_be_reached_and_only_closed_ends() {
        for kind in StatusKind::ALL {
            let reached = StatusKind::ALL.iter().any(|from| from.next().contains(&kind));
            assert_eq!(reached, kind != New, "{kind}");
            assert_eq!(kind.next().is_empty(), kind == Closed, "{kind}");
        }
    }
}
