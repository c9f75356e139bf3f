//! What is stored comes back from JSON and from postcard, under names that do not change; and whoever
//! owns the engine owns it alone.

use crate::world::{World, agent, item};
use kontak_routing::{
    Agent, Centre, Decision, Engine, Entry, Hold, Input, Leaving, Owner, Preference, Presence,
    Snapshot, Strategy, Tie, TransferMode, TransferTarget, WorkItem,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value, "{json}");
    let binary = postcard::to_allocvec(value).unwrap();
    assert_eq!(&postcard::from_bytes::<T>(&binary).unwrap(), value, "{json}");
}

const RULES: &str = "
[channels]
voice = { exclusive = true }
[calendars.office]
zone = 'Asia/Jakarta'
weekly.monday = ['08:00-17:00']
[presence]
lease_seconds = 900
damper = { for_seconds = 60, gap_seconds = 5 }
[queues.a]
requirement = 'not trainee'
hours = 'office'
offer.timeout_seconds = 20
steps = [{ after_seconds = 5, change.drop = ['vip'] }, { after_seconds = 9, change = 'anyone', at_once_if_nobody = true }]
[queues.b]
order.deadline.horizon_seconds = 600
overflow = { to = 'a', after_seconds = 60 }
[queues.c]
order.cost.per_hour = 7
bot_seconds = 9
";

/// A log with something of everything.
fn story() -> (World, Vec<Entry>) {
    let mut world = World::new(RULES);
    let mut log = vec![Entry::new(0, world.now, Input::Timeout)];
    let work = |world: &World, number, queue: &str| -> WorkItem {
        let due = world.now + chrono::TimeDelta::seconds(90);
        world
            .work(number, queue, "voice")
            .with_requirement("language:id or not vip >= 3".parse().unwrap())
            .with_priority(-2)
            .due(due)
            .preferring(Preference::new(agent(2), Tie::Household, 4))
    };
    let of = Agent::new(agent(1))
        .with_channel("voice", 1)
        .with_skill("vip".parse().unwrap(), 4.try_into().unwrap());
    let to = TransferTarget::Queue(world.queue("b"));
    let inputs = vec![
        Input::SetAgent(Box::new(of.clone().with_language("id".parse().unwrap()))),
        Input::SetPresence { agent: agent(1), presence: Presence::Available },
        Input::Arrive(Box::new(work(&world, 1, "a"))),
        Input::Arrive(Box::new(work(&world, 2, "b"))),
        Input::Arrive(Box::new(work(&world, 3, "c"))),
        Input::CallBack { item: item(3), not_before: Some(world.now) },
        Input::Heartbeat { agent: agent(1) },
        Input::Revise(Box::new(work(&world, 2, "b").with_priority(3))),
        Input::BotDone { item: item(3) },
        Input::Assign { item: item(2), agent: agent(1), by: agent(9) },
        Input::Transfer { item: item(2), to, mode: TransferMode::Warm, may_return: true },
        Input::Leave { item: item(3), how: Leaving::Abandoned },
        Input::Park { item: item(2) },
        Input::Unpark { item: item(2) },
        Input::WrapUpDone { item: item(2) },
        Input::Crash { agent: agent(1) },
        Input::RemoveAgent(agent(1)),
        Input::SetCentre(Box::new(world.engine.centre().clone())),
    ];
    for input in inputs {
        world.wait(2);
        log.push(Entry::new(world.engine.position(), world.now, input.clone()));
        let decisions = world.tell(input);
        comes_back(&decisions);
    }
    (world, log)
}

#[test]
fn entries_rules_and_snapshots_come_back() {
    let (world, log) = story();
    for entry in &log {
        comes_back(entry);
    }
    let work = Box::new(world.work(4, "a", "voice"));
    let give = Input::Give { work, agent: agent(1), by: agent(9) };
    assert!(serde_json::to_string(&give).unwrap().starts_with(r#"{"give":{"work":{"#));
    comes_back(&Entry::new(world.engine.position(), world.now, give));
    comes_back(world.engine.centre());
    comes_back(&world.engine.snapshot());
    comes_back(&world.engine.stats());
    let restored = Engine::restore(world.engine.snapshot()).unwrap();
    assert!(restored.snapshot() == world.engine.snapshot());
    assert_eq!(restored.next_deadline(), world.engine.next_deadline());
}

#[test]
fn a_snapshot_of_a_later_release_is_refused() {
    let (world, _) = story();
    let mut json: serde_json::Value = serde_json::to_value(world.engine.snapshot()).unwrap();
    json["version"] = 99.into();
    let later: Snapshot = serde_json::from_value(json).unwrap();
    let error = Engine::restore(later).unwrap_err();
    assert_eq!(error.to_string(), "the snapshot has version 99; this release reads version 1");
}

#[test]
fn who_was_taken_over_from_changes_nothing() {
    let mut world = World::new("[queues.a]");
    let now = world.now;
    let mut tell = |owner| world.engine.handle_as(Owner(owner), now, Input::Timeout);
    tell(1).unwrap();
    tell(2).unwrap();
    let error = tell(1).unwrap_err().to_string();
    assert_eq!(error, "owner 1 is no longer the owner; 2 is");
    assert_eq!(world.engine.position(), 3);
}

#[test]
fn names_are_frozen() {
    let (_, log) = story();
    let names: Vec<String> = log
        .iter()
        .map(|entry| match serde_json::to_value(&entry.input).unwrap() {
            serde_json::Value::Object(object) => object.keys().next().unwrap().clone(),
            other => other.as_str().unwrap().to_owned(),
        })
        .collect();
    insta::assert_snapshot!(names.join(" "), @"timeout set_agent set_presence arrive arrive arrive call_back heartbeat revise bot_done assign transfer leave park unpark wrap_up_done crash remove_agent set_centre");
    let strategies: Vec<String> =
        Strategy::ALL.iter().map(|one| serde_json::to_string(one).unwrap()).collect();
    insta::assert_snapshot!(strategies.join(" "), @r#""longest_idle" "least_occupied" "weighted_round_robin" "spare_capacity""#);
    let held = Decision::Held {
        item: item(1),
        hold: Hold::ForAgent(agent(1)),
        until: chrono::DateTime::UNIX_EPOCH,
    };
    insta::assert_snapshot!(serde_json::to_string(&held).unwrap(), @r#"{"held":{"item":"00000000-0000-0000-0000-0000000007d1","hold":{"for_agent":"00000000-0000-0000-0000-0000000003e9"},"until":0}}"#);
}

/// A log that is replayed elsewhere, or by a later release, must lead to the same decisions.
#[test]
fn the_digest_of_a_log_is_what_it_was() {
    let (world, _) = story();
    insta::assert_snapshot!(format!("{:016x}", world.engine.digest()), @"e47ca0ef2e04de48");
}

#[test]
fn an_unknown_key_is_named() {
    let error = serde_json::from_str::<Centre>(r#"{"presence":{"lease":3}}"#).unwrap_err();
    assert!(error.to_string().contains("lease"), "{error}");
}
