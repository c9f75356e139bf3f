//! When a value stops and starts to be one person's, as short stories.

use crate::world::{NAMES, Op, Seen, SeenValue, World};
use kontak_identity::{IdentifierClass, Policy, Verification};

fn seen(touchpoint: usize, value: usize, name: Option<&str>, day: u32) -> Seen {
    Seen {
        touchpoint,
        values: vec![SeenValue { value, weaker: None, class: IdentifierClass::Personal }],
        source: 0,
        record: 0,
        revision: 0,
        day,
        until: None,
        verification: Verification::Claimed,
        name: name.map(|name| NAMES.iter().position(|one| *one == name).unwrap()),
    }
}

fn world(holders: u32, people: u32) -> World {
    let mut policy = Policy::default();
    for kind in [&mut policy.phone, &mut policy.email] {
        kind.holders = holders;
        kind.people = people;
    }
    World::new(&policy)
}

impl World {
    /// How many customers there are now; the model agrees.
    fn customers_after(&mut self, seen: &[Seen]) -> usize {
        for seen in seen {
            self.apply(&Op::Observe(seen.clone())).unwrap();
        }
        self.check().unwrap();
        self.graph.settle().customer_count()
    }
}

/// Six accounts under one name are one person; three under three are too many where two may be.
#[test]
fn people_are_counted_and_not_accounts() {
    let mut world = world(2, 2);
    let siti: Vec<Seen> = (0..6).map(|at| seen(at, 0, Some("Siti Rahayu"), 0)).collect();
    assert_eq!(world.customers_after(&siti), 1);
    assert_eq!(world.customers_after(&[seen(6, 0, Some("Budi Santoso"), 1)]), 2);
    assert_eq!(world.customers_after(&[seen(7, 0, Some("Agus Wijaya"), 1)]), 8);
}

/// Each named account vouches for one without a name, whenever it comes.
#[test]
fn a_named_holder_releases_a_value() {
    let mut world = world(2, 2);
    let nameless: Vec<Seen> = (0..3).map(|at| seen(at, 0, None, 0)).collect();
    assert_eq!(world.customers_after(&nameless), 3);
    assert_eq!(world.customers_after(&[seen(3, 0, Some("Siti Rahayu"), 1)]), 1);
}

/// It had its name from a record of another value, and that record is corrected.
#[test]
fn who_loses_a_name_vouches_for_nobody() {
    let mut world = world(1, 2);
    let named = Seen { record: 1, ..seen(0, 1, Some("Budi"), 0) };
    let shared = [0, 1, 2].map(|at| seen(at, 0, None, 0));
    assert_eq!(world.customers_after(std::slice::from_ref(&named)), 1);
    assert_eq!(world.customers_after(&shared), 1);
    assert_eq!(world.customers_after(&[Seen { revision: 1, name: None, ..named }]), 3);
}

/// Each of four names agrees with its neighbours only, so whom they group with depends on who is
/// heard first; an earlier sighting of one makes two people of three.
#[test]
fn an_earlier_sighting_releases_a_value() {
    let mut world = world(30, 2);
    let names = ["Budi Santoso", "Santoso", "Budi", "Santoso Wijaya"];
    let all: Vec<Seen> =
        (0..).zip(names).map(|(at, name)| seen(at, 0, Some(name), 1 + at as u32)).collect();
    assert_eq!(world.customers_after(&all), 4);
    assert_eq!(world.customers_after(&[seen(2, 0, Some("Budi"), 0)]), 2);
}

/// Where three times as many go by one name as by all others, under this policy, who has none goes
/// with them.
#[test]
fn a_majority_takes_in_who_has_no_name() {
    let mut policy = Policy::default();
    policy.majority = 3;
    let mut world = World::new(&policy);
    let family = [0, 1].map(|at| seen(at, 0, Some("Siti Rahayu"), 0));
    let other = seen(2, 0, Some("Agus Wijaya"), 0);
    let nameless = seen(3, 0, None, 0);
    assert_eq!(world.customers_after(&[&family[..], &[other, nameless]].concat()), 3);
    assert_eq!(world.customers_after(&[seen(4, 0, Some("SITI RAHAYU"), 0)]), 2);
}
