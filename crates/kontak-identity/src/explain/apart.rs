use crate::graph::Mode;
use crate::handle::{IdentifierHandle, TouchpointHandle};
use crate::view::View;
use crate::{IdentifierValue, WithheldReason};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One thing that keeps two customers apart although something points from one to the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Apart {
    /// It was decided that accounts of the two must not be linked.
    MustNotLink,
    /// They share a value, but not at the same time: it may have been given to somebody else.
    NotAtTheSameTime {
        /// The value.
        value: IdentifierValue,
        /// When the earlier of the two was last seen with it.
        until: DateTime<Utc>,
        /// When the later of the two was first seen with it.
        from: DateTime<Utc>,
        /// Whether the first account of the question is on the earlier side.
        first_is_earlier: bool,
    },
    /// They share a value that joins nobody here.
    Withheld {
        /// The value.
        value: IdentifierValue,
        /// Why.
        reason: WithheldReason,
        /// How many accounts have live evidence of it.
        holders: u32,
    },
}

/// The most reasons that are given.
const MOST: usize = 20;

/// What keeps the customers of two touchpoints apart, what the two share themselves first.
pub(super) fn between(view: View<'_>, a: TouchpointHandle, b: TouchpointHandle) -> Vec<Apart> {
    let members = |touchpoint| {
        view.customer_of(touchpoint).map_or_else(Vec::new, |customer| customer.members())
    };
    let (of_a, of_b) = (members(a), members(b));
    let mut because = Vec::new();
    let is_forbidden = of_a.iter().any(|member| {
        let pairs = view.graph.forbidden.range((member.0, 0)..=(member.0, u32::MAX));
        pairs.into_iter().any(|(_, other)| of_b.binary_search(&TouchpointHandle(*other)).is_ok())
    });
    if is_forbidden {
        because.push(Apart::MustNotLink);
    }
    let own: BTreeSet<IdentifierHandle> = shared(view, &[a], &[b]).collect();
    let through_others =
        shared(view, &of_a, &of_b).filter(|value| !own.contains(value)).collect::<BTreeSet<_>>();
    for value in own.iter().chain(&through_others).take(MOST) {
        because.extend(reason(view, *value, &of_a, &of_b));
    }
    because
}

fn shared(
    view: View<'_>,
    of_a: &[TouchpointHandle],
    of_b: &[TouchpointHandle],
) -> impl Iterator<Item = IdentifierHandle> {
    let values = |members: &[TouchpointHandle]| -> BTreeSet<u32> {
        members
            .iter()
            .flat_map(|member| view.graph.store.of_touchpoint(member.0))
            .map(|(_, one)| one.value)
            .collect()
    };
    let of_b = values(of_b);
    values(of_a).into_iter().filter(move |value| of_b.contains(value)).map(IdentifierHandle)
}

fn reason(
    view: View<'_>,
    identifier: IdentifierHandle,
    of_a: &[TouchpointHandle],
    of_b: &[TouchpointHandle],
) -> Option<Apart> {
    let value = view.identifier_value(identifier)?;
    let store = &view.graph.store;
    let record = &store.values[identifier.index()];
    let holders_of = |members: &[TouchpointHandle]| -> Vec<u32> {
        let holders = store.of_value(identifier.0).map(|(_, one)| one.touchpoint);
        holders.filter(|holder| members.binary_search(&TouchpointHandle(*holder)).is_ok()).collect()
    };
    let (in_a, in_b) = (holders_of(of_a), holders_of(of_b));
    let held =
        in_a.iter().chain(&in_b).find_map(|holder| view.graph.withheld(*holder, identifier.0));
    if record.mode() == Mode::Split {
        let tenancy =
            |holder: &u32| store.splits.get(&identifier.0)?.slot(*holder).map(|slot| slot.tenancy);
        let of_a: BTreeSet<_> = in_a.iter().filter_map(tenancy).collect();
        if !in_b.iter().filter_map(tenancy).any(|tenancy| of_a.contains(&tenancy)) {
            let span = |holders: &[u32]| {
                let of = store
                    .of_value(identifier.0)
                    .filter(|(_, one)| holders.contains(&one.touchpoint));
                of.fold((u64::MAX, 0), |(first, last), (index, _)| {
                    (first.min(store.facts.first(index)), last.max(store.facts.last(index)))
                })
            };
            let ((a_first, a_last), (b_first, b_last)) = (span(&in_a), span(&in_b));
            let first_is_earlier = a_first <= b_first;
            let (until, from) =
                if first_is_earlier { (a_last, b_first) } else { (b_last, a_first) };
            let time =
                |micros: u64| DateTime::from_timestamp_micros(micros as i64).unwrap_or_default();
            return Some(Apart::NotAtTheSameTime {
                value,
                until: time(until),
                from: time(from),
                first_is_earlier,
            });
        }
    }
    Some(Apart::Withheld { value, reason: held?, holders: record.holders() })
}
