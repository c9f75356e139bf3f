//! A centre of one's own in a file: what is wrong in it is said by name. Offers, batches, overflow.

use crate::world::{World, agent, item};
use kontak_routing::{
    Centre, Choice, Decision, Input, Preference, Refusal, Tie, TurnedAway, WhyNot, WorkItem,
};

fn complaint(rules: &str) -> String {
    match toml::from_str::<Centre>(rules) {
        Err(error) => error.to_string(),
        Ok(centre) => centre.with_numbered_queues().check().unwrap_err().to_string(),
    }
}

#[test]
fn what_is_wrong_is_said_by_name() {
    for (rules, said) in [
        ("[queues.a]\nrequirment = 'x'", "requirment"),
        ("[queues.a]\nrequirement = 'billing >= 11'", "column 12: a level from 1 to 10"),
        ("[queues.a]\nrequirement = 'Billing'", "column 1: a skill"),
        ("[queues.a]\nhours = 'office'", "`a`: `hours` names calendar `office`"),
        ("[queues.a]\noverflow.to = 'b'", "`overflow.to` names queue `b`"),
        ("[queues.a]\nwhen_closed = 'overflow'", "`a`: `when_closed` is `overflow`"),
        ("[queues.a]\norder.ageing.slope = 0", "`order.ageing.slope` must be more than 0"),
        (
            "[queues.a]\nsteps = [{ after_seconds = 9, change = 'anyone' }, { after_seconds = 3, change = 'anyone' }]",
            "step 2 comes before the one above it",
        ),
        (
            "[queues.a]\noverflow.to = 'b'\n[queues.b]\noverflow.to = 'c'\n[queues.c]\noverflow.to = 'a'",
            "overflow goes round: a -> b -> c -> a",
        ),
    ] {
        let found = complaint(rules);
        assert!(found.contains(said), "{rules}\n{found}");
    }
}

#[test]
fn a_skill_that_nobody_has_is_told_of() {
    let mut world = World::new("[queues.a]\nrequirement = 'juggling'");
    world.comes(1, &["billing"]);
    world.arrives(1, "a", "voice");
    let why = world.engine.explain(item(1)).unwrap();
    insta::assert_snapshot!(why.text(&"en".parse().unwrap()), @r#"The contact waits in "a", in place 1. Nobody who works here meets what it asks for: the rules or the team have to change."#);
    insta::assert_snapshot!(why.text(&"id".parse().unwrap()), @r#"Kontak ini menunggu di "a", urutan ke-1. Tidak ada yang bekerja di sini yang memenuhi permintaannya: aturan atau timnya harus diubah."#);
}

#[test]
fn why_not_the_others_is_counted_by_rule() {
    let mut world = World::new("[queues.a]\nrequirement = 'billing'");
    world.comes(1, &["billing"]);
    world.arrives(1, "a", "voice");
    world.comes(2, &[]);
    world.hire(3, &["billing"]);
    world.arrives(2, "a", "voice");
    let why = world.engine.explain(item(2)).unwrap();
    insta::assert_snapshot!(why, @r#"The contact waits in "a", in place 1. Why not the others: have as many on this channel as they may (1); not there (1); do not meet what is asked (1). It goes on as soon as one of 1 agents on duty who may have it becomes free."#);
}

#[test]
fn a_step_that_nobody_could_serve_is_not_waited_for() {
    let mut world = World::new(
        "[queues.a]\nrequirement = 'vip'\nsteps = [{ after_seconds = 60, change.drop = ['vip'], at_once_if_nobody = true }]",
    );
    world.comes(1, &[]);
    world.arrives(1, "a", "voice");
    assert_eq!(world.holder(1), Some(agent(1)));
}

#[test]
fn a_full_queue_overflows_or_turns_away() {
    let mut world =
        World::new("[queues.a]\nmost_waiting = 1\noverflow.to = 'b'\n[queues.b]\nmost_waiting = 1");
    world.arrives(1, "a", "voice");
    world.arrives(2, "a", "voice");
    let third = world.arrives(3, "a", "voice");
    let why = TurnedAway::Full;
    assert_eq!(third.last(), Some(&Decision::TurnedAway { item: item(3), why }));
    let of = |name: &str| {
        let stats = world.engine.stats();
        stats.queues.into_iter().find(|queue| queue.name == name).unwrap().waiting
    };
    assert_eq!((of("a"), of("b")), (1, 1));
}

#[test]
fn a_batch_is_assigned_at_the_least_cost_over_all() {
    let mut world = World::new("[queues.a]\nbatch_millis = 500");
    world.comes(1, &["billing"]);
    world.comes(2, &[]);
    // One by one, the first would take whoever is free for longest, who is the second's.
    for (number, knows) in [(1, 2), (2, 1)] {
        let work = world.work(number, "a", "voice");
        let work = work.preferring(Preference::new(agent(knows), Tie::AccountOwner, 10));
        world.tell(Input::Arrive(Box::new(work)));
    }
    world.wait(1);
    assert_eq!((world.holder(1), world.holder(2)), (Some(agent(2)), Some(agent(1))));
}

#[test]
fn the_gap_between_starts_makes_an_estimate_with_an_interval() {
    let mut world = World::new("[queues.a]");
    world.comes(1, &[]);
    for number in 0..40 {
        world.arrives(number, "a", "voice");
    }
    for number in 0..20 {
        world.wait(10);
        world.complete(number);
    }
    let why = world.engine.explain(item(24)).unwrap();
    let kontak_routing::Answer::Waits { position: 4, estimate: Some(estimate), .. } = why.answer
    else {
        panic!("{why:?}");
    };
    assert_eq!(estimate.mean.as_secs(), 40);
    assert!(estimate.least < estimate.mean && estimate.mean < estimate.most);
}

#[test]
fn a_supervisors_word_is_recorded() {
    let mut world = World::new("[queues.a]\nrequirement = 'vip'");
    world.comes(1, &[]);
    world.arrives(1, "a", "voice");
    let decisions = world.tell(Input::Assign { item: item(1), agent: agent(1), by: agent(50) });
    let why = Choice::Supervisor(agent(50));
    assert_eq!(decisions, [Decision::Assigned { item: item(1), agent: agent(1), why }]);
}

#[test]
fn what_did_not_wait_is_given_to_one_agent_and_nobody_else_is_asked() {
    let mut world = World::new("[queues.a]\nrequirement = 'vip'\noffer.timeout_seconds = 20");
    world.comes(1, &[]);
    world.comes(2, &["vip"]);
    let give = |world: &World, to| {
        let work = Box::new(world.work(1, "a", "voice"));
        Input::Give { work, agent: agent(to), by: agent(50) }
    };
    let nobody = world.tell(give(&world, 9));
    assert_eq!(nobody, [Decision::Refused(Refusal::NoAgent)]);
    let decisions = world.tell(give(&world, 1));
    let why = Choice::Supervisor(agent(50));
    assert_eq!(decisions, [Decision::Assigned { item: item(1), agent: agent(1), why }]);
    assert_eq!(world.tell(give(&world, 2)), [Decision::Refused(Refusal::Duplicate)]);
    let of = &world.engine.stats().queues[0];
    assert_eq!((of.arrived, of.served, of.waiting), (1, 1, 0));
    // From then on it is as any other: whoever may serve it gets it when the agent is gone.
    world.tell(Input::Crash { agent: agent(1) });
    assert_eq!(world.holder(1), Some(agent(2)));
    world.accept(1);
    world.complete(1);
    assert!(world.engine.is_empty());
}

#[test]
fn a_call_shares_with_nothing_however_little_it_costs() {
    let mut world = World::new(
        "[channels]\nvoice = { units = 10, exclusive = true }\nwebchat = { units = 10 }\n[queues.all]",
    );
    world.comes(1, &[]);
    world.arrives(1, "all", "voice");
    world.arrives(2, "all", "webchat");
    assert_eq!(world.holder(2), None, "there is room, but it is a call");
    world.complete(1);
    assert_eq!(world.holder(2), Some(agent(1)));
    world.arrives(3, "all", "voice");
    assert_eq!(world.holder(3), None, "there is room, but not for a call");
}

#[test]
fn what_is_too_complex_leaves_nothing_behind() {
    let mut world = World::new("[queues.all]");
    world.comes(1, &["rare"]);
    let wide = (0..9).map(|n| format!("(s{n}a or s{n}b)")).collect::<Vec<_>>().join(" and ");
    let work = |number, asked: &str| {
        let queue = world.queue("all");
        WorkItem::new(item(number), queue, "voice").with_requirement(asked.parse().unwrap())
    };
    let (bad, good) = (work(1, &format!("rare and {wide}")), work(2, "rare"));
    assert_eq!(world.tell(Input::Arrive(Box::new(bad))), [Decision::Refused(Refusal::TooComplex)]);
    world.tell(Input::Arrive(Box::new(good)));
    assert_eq!(world.holder(2), Some(agent(1)));
}

#[test]
fn a_channel_is_full_though_capacity_is_left() {
    let mut world = World::new("[channels]\nwebchat = { units = 10 }\n[queues.all]");
    world.comes(1, &[]);
    for number in 1..=6 {
        world.arrives(number, "all", "webchat");
    }
    assert_eq!((world.holder(5), world.holder(6)), (Some(agent(1)), None));
    let why = world.engine.explain(item(6)).unwrap().others;
    assert_eq!(why, [(agent(1), WhyNot::ChannelFull { most: 5 })]);
    world.complete(2);
    assert_eq!(world.holder(6), Some(agent(1)));
}
