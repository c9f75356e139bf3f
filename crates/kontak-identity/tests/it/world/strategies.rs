//! What happens in the small world, at random.

use super::{NAMES, Op, RECORDS, SOURCES, Seen, SeenValue, TOUCHPOINTS, VALUES, Which};
use kontak_identity::{IdentifierClass, KindPolicy, Policy, Verification};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{RngAlgorithm, RngSeed};

const DAYS: u32 = 40;

/// The same cases every time; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` ask for others.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { given.cases } else { cases },
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: if given.rng_seed == RngSeed::Random {
            RngSeed::Fixed(20_260_105)
        } else {
            given.rng_seed
        },
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..given
    }
}

fn kinds() -> impl Strategy<Value = KindPolicy> {
    let validity = prop_oneof![Just(None), (1..15_u32).prop_map(Some)];
    (1..5_u32, 1..4_u32, 1..5_u8, validity).prop_map(
        |(holders, people, per_customer, validity_days)| {
            let mut policy = KindPolicy::default();
            policy.holders = holders;
            policy.people = people;
            policy.per_customer = per_customer;
            policy.validity_days = validity_days;
            policy
        },
    )
}

/// Policies so tight that limits are met all the time; some that leave the limits out.
pub(crate) fn policies() -> impl Strategy<Value = Policy> {
    let touchpoints = prop_oneof![3 => 3..7_u16, 1 => Just(200)];
    let compared = (any::<bool>(), 1..4_u32);
    (touchpoints, kinds(), kinds(), any::<bool>(), any::<bool>(), compared).prop_map(
        |(touchpoints, phone, email, is_reversed, bars_roles, (compares_names, majority))| {
            let mut policy = Policy::default();
            policy.touchpoints_per_customer = touchpoints;
            policy.phone = phone;
            policy.email = email;
            if is_reversed {
                policy.trust.reverse();
            }
            policy.never_join =
                if bars_roles { vec![IdentifierClass::RoleMailbox] } else { Vec::new() };
            policy.compare_names = compares_names;
            policy.majority = majority;
            policy
        },
    )
}

fn seen_values() -> impl Strategy<Value = SeenValue> {
    let class = prop_oneof![
        12 => Just(IdentifierClass::Personal),
        2 => Just(IdentifierClass::FixedLine),
        1 => Just(IdentifierClass::RoleMailbox),
    ];
    // The last value is the one that is blocked, which is soon tested enough.
    let value = prop_oneof![15 => 0..VALUES - 1, 1 => Just(VALUES - 1)];
    (value, weighted(0.15, 0..VALUES - 1), class).prop_map(|(value, weaker, class)| SeenValue {
        value,
        weaker,
        class,
    })
}

pub(crate) fn observations() -> impl Strategy<Value = Seen> {
    let verification = select(vec![
        Verification::OneTimeCode,
        Verification::PlatformAttested,
        Verification::AgentConfirmed,
        Verification::Claimed,
    ]);
    let revision = prop_oneof![6 => Just(0), 2 => Just(1), 1 => Just(2)];
    let lasting = weighted(0.1, 0..DAYS);
    let seen = (
        0..TOUCHPOINTS,
        prop::collection::vec(seen_values(), 0..4),
        0..SOURCES.len(),
        0..RECORDS.len(),
    );
    (seen, revision, 0..DAYS, lasting, verification, weighted(0.5, 0..NAMES.len())).prop_map(
        |((touchpoint, values, source, record), revision, day, until, verification, name)| Seen {
            touchpoint,
            values,
            source,
            record,
            revision,
            day,
            until,
            verification,
            name,
        },
    )
}

pub(crate) fn retractions() -> impl Strategy<Value = Which> {
    let any = (0..TOUCHPOINTS, 0..VALUES, 0..SOURCES.len(), 0..RECORDS.len(), 0..3_u32).prop_map(
        |(touchpoint, value, source, record, revision)| Which::Any {
            touchpoint,
            value,
            source,
            record,
            revision,
        },
    );
    prop_oneof![1 => any, 4 => any_seen()]
}

fn any_seen() -> impl Strategy<Value = Which> {
    (0..1_000_usize).prop_map(Which::Seen)
}

pub(crate) fn ops() -> impl Strategy<Value = Op> {
    prop_oneof![
        60 => observations().prop_map(Op::Observe),
        2 => (0..TOUCHPOINTS, 0..DAYS).prop_map(|(touchpoint, day)| Op::Touchpoint(touchpoint, day)),
        14 => prop::collection::vec(retractions(), 1..5).prop_map(Op::Retract),
        3 => (0..VALUES).prop_map(Op::RetractValue),
        3 => (0..SOURCES.len()).prop_map(Op::RetractSource),
        6 => (0..TOUCHPOINTS, 0..TOUCHPOINTS).prop_map(|(a, b)| Op::Forbid(a, b)),
        4 => (0..TOUCHPOINTS, 0..TOUCHPOINTS).prop_map(|(a, b)| Op::Allow(a, b)),
        3 => (0..DAYS).prop_map(Op::Expire),
        3 => (0..TOUCHPOINTS, 0..DAYS).prop_map(|(touchpoint, day)| Op::Erase(touchpoint, day)),
        1 => (0..TOUCHPOINTS, 0..DAYS).prop_map(|(touchpoint, day)| Op::EraseCustomer(touchpoint, day)),
        2 => policies().prop_map(|policy| Op::SetPolicy(Box::new(policy))),
    ]
}

/// A policy and what happens under it; after each step, whether the graph is asked.
pub(crate) fn histories(longest: usize) -> impl Strategy<Value = (Policy, Vec<(Op, bool)>)> {
    let asks = prop::bool::weighted(0.4);
    (policies(), prop::collection::vec((ops(), asks), 1..longest))
}

/// Facts alone, of which any order tells the same: observations, retractions of some of them, and
/// that time passed.
pub(crate) fn facts(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Op>> {
    let retracted = prop::collection::vec((any::<Index>(), any::<Index>()), 0..8);
    let all = (prop::collection::vec(observations(), count), retracted, weighted(0.3, 0..DAYS));
    all.prop_map(|(observations, retracted, now)| {
        let retractions: Vec<Op> = retracted
            .iter()
            .filter_map(|(seen, value)| {
                let &Seen { touchpoint, source, record, revision, ref values, .. } =
                    seen.get(&observations);
                let value = values.get(value.index(values.len().max(1)))?.value;
                Some(Op::Retract(vec![Which::Any { touchpoint, value, source, record, revision }]))
            })
            .collect();
        observations
            .into_iter()
            .map(Op::Observe)
            .chain(retractions)
            .chain(now.map(Op::Expire))
            .collect()
    })
}
