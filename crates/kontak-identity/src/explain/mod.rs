//! Why two accounts are, or are not, one customer: as data first, then as sentences.

mod apart;
mod component;
mod phrase;
mod what_if;

pub use apart::Apart;
pub use component::{Component, Link, Node};
pub use what_if::{Simulation, WhatIf, Withdrawal};

use crate::handle::TouchpointHandle;
use crate::view::{EvidenceView, View};
use crate::{IdentifierValue, WithheldReason};
use kontak_types::{CustomerId, Language, TouchpointId, TouchpointKey};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why two touchpoints are, or are not, one customer.
///
/// `Display` says it in English; [`text`](Self::text) in the language asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The first account.
    pub a: Account,
    /// The second.
    pub b: Account,
    /// The answer.
    pub verdict: Verdict,
}

/// An account as an explanation names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// Its id.
    pub id: TouchpointId,
    /// Its customer.
    pub customer: CustomerId,
    /// Its key.
    pub key: TouchpointKey,
}

/// The answer of an explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// It is one account.
    SameTouchpoint,
    /// They are one customer.
    OneCustomer {
        /// What leads from the first to the second.
        path: Vec<Step>,
        /// Which step of the path has the weakest link.
        weakest: usize,
    },
    /// They are not.
    NotOne {
        /// What keeps them apart, the nearest first; empty where nothing points from one to the
        /// other.
        because: Vec<Apart>,
    },
}

/// One step of a path: two accounts used one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Step {
    /// The account nearer to the first.
    pub from: Account,
    /// The value that both used.
    pub value: IdentifierValue,
    /// The account nearer to the second.
    pub to: Account,
    /// The best evidence that `from` used it.
    pub from_evidence: EvidenceView,
    /// The best evidence that `to` used it.
    pub to_evidence: EvidenceView,
}

impl Explanation {
    /// As sentences that an agent can say. English where the language has no phrases.
    ///
    /// Values are masked, and nobody is named.
    #[must_use]
    pub fn text(&self, language: &Language) -> String {
        phrase::Sentences::of(language).explanation(self)
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&phrase::Sentences::english().explanation(self))
    }
}

impl WithheldReason {
    /// As a sentence. English where the language has no phrases.
    #[must_use]
    pub fn text(self, language: &Language) -> &'static str {
        phrase::Sentences::of(language).withheld(self)
    }
}

impl fmt::Display for WithheldReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(phrase::Sentences::english().withheld(*self))
    }
}

impl View<'_> {
    /// Why two touchpoints are, or are not, one customer. `None` where one of them is not known or
    /// was erased.
    ///
    /// Complexity: O(edges · log edges) of the two customers.
    #[must_use]
    pub fn explain(self, a: TouchpointHandle, b: TouchpointHandle) -> Option<Explanation> {
        let verdict = if a == b {
            Verdict::SameTouchpoint
        } else if self.customer_of(a)? == self.customer_of(b)? {
            let links = self.component(a)?.path(a, b)?;
            let weakest = links
                .iter()
                .enumerate()
                .max_by_key(|(_, link)| link.rank)
                .map_or(0, |(at, _)| at / 2);
            let path =
                links.chunks_exact(2).filter_map(|pair| self.step(&pair[0], &pair[1])).collect();
            Verdict::OneCustomer { path, weakest }
        } else {
            Verdict::NotOne { because: apart::between(self, a, b) }
        };
        Some(Explanation { a: self.account(a)?, b: self.account(b)?, verdict })
    }

    fn account(self, touchpoint: TouchpointHandle) -> Option<Account> {
        Some(Account {
            id: self.touchpoint_id(touchpoint)?,
            customer: self.customer_of(touchpoint)?.id(),
            key: self.touchpoint_key(touchpoint)?,
        })
    }

    fn step(self, from: &Link, to: &Link) -> Option<Step> {
        let evidence = |link: &Link| {
            self.graph.store.find_evidence(link.evidence).map(|index| self.evidence_at(index))
        };
        Some(Step {
            from: self.account(from.touchpoint)?,
            value: self.identifier_value(from.identifier)?,
            to: self.account(to.touchpoint)?,
            from_evidence: evidence(from)?,
            to_evidence: evidence(to)?,
        })
    }
}
