//! Opening hours, shifts, and what would not be finished.

use crate::world::{World, agent, item};
use kontak_routing::{Agent, Decision, Hold, Input, ItemState, Presence, TurnedAway, WhyNot};

const OFFICE: &str = "
[calendars.office]
zone = 'Asia/Jakarta'
weekly.monday = ['09:00-10:00', '13:00-14:00']
[queues.a]
hours = 'office'
expected_seconds = 600
";

#[test]
fn a_closed_queue_keeps_places_until_it_opens() {
    let mut world = World::new(OFFICE);
    world.wait(3_600);
    world.arrives(1, "a", "voice");
    assert_eq!(world.at(1).hold, Some(Hold::Closed));
    world.comes(1, &[]);
    world.wait(3 * 3_600 - 1);
    assert_eq!(world.holder(1), None);
    world.wait(1);
    assert_eq!(world.holder(1), Some(agent(1)));
}

#[test]
fn who_waits_when_it_closes_waits_on() {
    let mut world = World::new(OFFICE);
    world.arrives(1, "a", "voice");
    world.wait(3_600);
    assert_eq!(world.at(1).hold, Some(Hold::Closed));
}

#[test]
fn what_would_not_be_finished_is_not_begun() {
    let mut world = World::new(&format!("{OFFICE}finish_before_close = true"));
    world.arrives(1, "a", "voice");
    world.wait(3_000);
    assert_eq!(world.at(1).state, ItemState::Waiting, "ten minutes are left, and it takes ten");
    world.wait(1);
    assert_eq!(world.at(1).hold, Some(Hold::WouldNotFinish));
    world.comes(1, &[]);
    assert_eq!(world.holder(1), None);
}

#[test]
fn a_closed_queue_may_turn_away_or_overflow() {
    let mut world = World::new(&format!("{OFFICE}when_closed = 'turn_away'"));
    world.wait(3_600);
    let why = TurnedAway::Closed;
    assert_eq!(world.arrives(1, "a", "voice"), [Decision::TurnedAway { item: item(1), why }]);

    let mut world =
        World::new(&format!("{OFFICE}when_closed = 'overflow'\noverflow.to = 'b'\n[queues.b]"));
    world.wait(3_600);
    world.comes(1, &[]);
    world.arrives(1, "a", "voice");
    assert_eq!(world.holder(1), Some(agent(1)));
}

#[test]
fn a_shift_decides_beside_presence() {
    let mut world = World::new(&format!("{OFFICE}finish_before_close = true\n[queues.b]"));
    let of = Agent::new(agent(1)).with_channel("voice", 1).with_shift("office");
    world.tell(Input::SetAgent(Box::new(of)));
    world.is(agent(1), Presence::Available);
    world.wait(3_600);
    world.arrives(1, "b", "voice");
    assert_eq!(world.holder(1), None, "between the windows");
    world.wait(3 * 3_600);
    assert_eq!(world.holder(1), Some(agent(1)));
}

#[test]
fn what_would_not_be_done_before_a_shift_ends_is_left_to_others() {
    let mut world = World::new(
        "[calendars.early]\nzone = 'Asia/Jakarta'\nweekly.monday = ['08:00-10:00']\n\
         [queues.long]\nfinish_before_close = true\nexpected_seconds = 600",
    );
    let early = Agent::new(agent(1)).with_channel("voice", 1).with_shift("early");
    world.tell(Input::SetAgent(Box::new(early)));
    world.is(agent(1), Presence::Available);
    world.wait(51 * 60);
    world.arrives(1, "long", "voice");
    assert_eq!(world.holder(1), None, "it takes ten minutes, and there are nine");
    let why = world.engine.explain(item(1)).unwrap().others;
    assert!(matches!(why[..], [(_, WhyNot::ShiftEnds { .. })]), "{why:?}");
    world.comes(2, &[]);
    assert_eq!(world.holder(1), Some(agent(2)));
}
