//! Whatever happens, in whatever order, late or twice: what must hold holds.

use super::poller;
use super::shadow::Shadow;
use super::world::{World, centre};
use crate::{Answer, Decision, Engine, Entry, Input, Snapshot, WhyNot};

struct Run {
    events: u64,
    /// Check what is expensive every so many events.
    check_every: u64,
    audit_every: u64,
}

fn run(seed: u64, run: &Run) {
    let mut world = World::new(seed);
    let mut engine = Engine::new(centre()).unwrap();
    engine.audit.every = run.audit_every;
    let mut shadow = Shadow::new(centre());
    let mut log: Vec<Entry> = Vec::new();
    let opening = world.opening();
    let mut decided = 0_u64;
    let mut middle: Option<Snapshot> = None;
    for event in 0..run.events {
        let (now, input) = match opening.get(event as usize) {
            Some(input) => (world.now, input.clone()),
            None => world.next(&engine),
        };
        // What is due comes first anyway; told apart, its decisions are heard before the input.
        let first =
            engine.now().is_some_and(|before| engine.next_deadline() <= Some(now.max(before)))
                && engine.next_deadline().is_some();
        if first {
            log.push(Entry::new(engine.position(), now, Input::Timeout));
            let decisions = engine.handle_timeout(now);
            shadow.hear(engine.now().unwrap(), &Input::Timeout, &decisions);
            world.heard(&decisions);
        }
        log.push(Entry::new(engine.position(), now, input.clone()));
        let decisions = engine.handle(now, input.clone());
        decided += decisions.len() as u64;
        let now = engine.now().unwrap();
        shadow.hear(now, &input, &decisions);
        shadow.settle();
        world.heard(&decisions);
        if event % run.check_every == 0 {
            explained(&engine, &decisions);
            let found = engine.invariants();
            assert!(found.is_empty(), "event {event}, {input:?}: {found:?}\n{decisions:?}");
        }
        assert!(
            shadow.wrong.is_empty(),
            "event {event}, {input:?}: {:?}\n{decisions:?}",
            shadow.wrong
        );
        assert!(
            engine.audit.wrong.is_empty(),
            "event {event}, {input:?}: {:?}",
            engine.audit.wrong
        );
        assert!(
            engine.next_deadline().is_none_or(|at| at > now),
            "event {event}: something is due"
        );
        if event == run.events / 2 {
            middle = Some(engine.snapshot());
        }
    }

    let mut again = Engine::new(centre()).unwrap();
    let mut restored = Engine::restore(middle.unwrap()).unwrap();
    for entry in log {
        let first = again.replay(entry.clone()).unwrap();
        let (position, text) = (entry.position, format!("{entry:?}"));
        if position >= restored.position() {
            assert_eq!(restored.replay(entry).unwrap(), first, "{text}");
        }
    }
    assert_eq!(again.digest(), engine.digest(), "the same log, the same decisions");
    assert_eq!(restored.digest(), engine.digest(), "a snapshot goes on as what it was taken of");
    assert!(again.snapshot() == engine.snapshot());
    println!(
        "seed {seed}: {} events, {decided} decisions, {} offers, {} searches compared with a full scan: no violation",
        run.events, shadow.offers, engine.audit.compared
    );
}

/// Every decision has its reason, and it is that of the decision.
fn explained(engine: &Engine, decisions: &[Decision]) {
    for decision in decisions {
        let (Decision::Offer { item, agent, why, .. } | Decision::Assigned { item, agent, why }) =
            decision
        else {
            continue;
        };
        // What was decided may be over by the end of the same input.
        let Some(found) = engine.explain(*item) else { continue };
        if let Answer::With { agent: holder, why: Some(reason) } = found.answer
            && holder == *agent
            && reason == *why
        {
            assert!(found.others.iter().all(|(_, why)| *why != WhyNot::Nothing), "{found:?}");
            assert!(found.to_string().contains('.'));
        } else {
            let superseded = decisions.iter().rev().take_while(|other| *other != decision);
            assert!(superseded.count() > 0, "{decision:?}: {found:?}");
        }
    }
}

#[test]
fn nothing_breaks_in_forty_thousand_events() {
    for seed in [1, 2, 3, 4] {
        run(seed, &Run { events: 10_000, check_every: 5, audit_every: 3 });
    }
}

/// `cargo test --release -p kontak-routing --lib -- --ignored --nocapture ten_million`
#[test]
#[ignore = "takes minutes; the smaller one runs always"]
fn nothing_breaks_in_ten_million_events() {
    for seed in 100..200 {
        run(seed, &Run { events: 100_000, check_every: 10, audit_every: 10 });
    }
    poller::report(100, 100_000);
}

#[test]
fn a_poller_breaks() {
    let violations = poller::run(1, 10_000);
    assert!(violations.idle > 0 && violations.doubled > 0 && violations.over > 0, "{violations:?}");
}
