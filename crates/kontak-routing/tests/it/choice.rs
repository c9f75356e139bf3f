//! Which of several: who knows the matter, whose turn it is, and who cannot be meant.

use crate::world::{World, agent, item};
use kontak_routing::{Agent, Choice, Decision, Input, Preference, Presence, Tie};

fn given(decisions: &[Decision]) -> Vec<(u128, Choice)> {
    let number = |id| (0..9).find(|number| agent(*number) == id).unwrap();
    let assigned = decisions.iter().filter_map(|decision| match decision {
        Decision::Assigned { agent, why, .. } => Some((number(*agent), *why)),
        _ => None,
    });
    assigned.collect()
}

fn prefers(world: &mut World, number: u128, preferred: &[Preference]) -> Vec<(u128, Choice)> {
    let work = world.work(number, "all", "voice");
    let work = preferred.iter().fold(work, |work, one| work.preferring(*one));
    given(&world.tell(Input::Arrive(Box::new(work))))
}

#[test]
fn the_best_score_is_asked_first_and_then_the_nearest_tie() {
    let mut world = World::new("[queues.all]");
    for number in 1..=4 {
        world.comes(number, &[]);
    }
    let last = Preference::new(agent(2), Tie::LastAgent, 1);
    let owner = Preference::new(agent(3), Tie::AccountOwner, 5);
    let household = Preference::new(agent(4), Tie::Household, 1);
    let found = prefers(&mut world, 1, &[household, last, owner]);
    assert_eq!(found, [(3, Choice::Continuity(Tie::AccountOwner))]);
    let found = prefers(&mut world, 2, &[household, last, owner]);
    assert_eq!(found, [(2, Choice::Continuity(Tie::LastAgent))], "the owner is busy");
    let found = prefers(&mut world, 3, &[household, last, owner]);
    assert_eq!(found, [(4, Choice::Continuity(Tie::Household))]);
    let found = prefers(&mut world, 4, &[household, last, owner]);
    assert_eq!(found, [(1, Choice::BestAgent)], "nobody is waited for");
}

#[test]
fn who_is_not_there_is_not_waited_for_as_who_is_busy_would_be() {
    let mut world = World::new("[queues.all]\ncontinuity = { wait_seconds = 60 }");
    world.comes(1, &[]);
    world.comes(2, &[]);
    world.is(agent(2), Presence::Offline);
    let found = prefers(&mut world, 1, &[Preference::new(agent(2), Tie::LastAgent, 1)]);
    assert_eq!(found, [(1, Choice::BestAgent)]);
}

#[test]
fn turns_go_by_weight() {
    let mut world = World::new("[queues.all]\nstrategy = 'weighted_round_robin'");
    for (number, weight) in [(1, 1), (2, 2)] {
        let of = Agent::new(agent(number)).with_channel("voice", 1).with_weight(weight);
        world.tell(Input::SetAgent(Box::new(of)));
        world.is(agent(number), Presence::Available);
    }
    let mut served = [0, 0];
    for number in 1..=30 {
        let found = given(&world.arrives(number, "all", "voice"));
        served[found[0].0 as usize - 1] += 1;
        world.wait(1);
        world.complete(number);
    }
    assert_eq!(served, [10, 20]);
}

#[test]
fn a_batch_gives_nobody_what_they_cannot_do() {
    let mut world = World::new("[queues.all]\nbatch_millis = 500");
    world.comes(1, &["red"]);
    world.comes(2, &["red"]);
    for (number, asked) in [(1, "red"), (2, "blue")] {
        let work = world.work(number, "all", "voice").with_requirement(asked.parse().unwrap());
        world.tell(Input::Arrive(Box::new(work)));
    }
    world.wait(1);
    assert!(world.holder(1).is_some());
    assert_eq!(world.engine.find(item(2)).and_then(|found| found.agent), None);
}
