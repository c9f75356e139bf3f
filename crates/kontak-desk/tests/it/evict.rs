//! Whatever is evicted, and whenever: the same records, sends and notices, and the same tenant.

use crate::again::seen;
use crate::history::{Act, Player, SETTINGS, acts};
use crate::world::{World, sender};
use kontak_conversation::{Actor, Command, Status};
use kontak_desk::{ActionError, Record, Tenant, Touched};
use kontak_routing::Presence;
use proptest::prelude::*;
use serde_json::Value;

/// All that led to it and all that it is.
fn all_of(player: &mut Player) -> String {
    let world = &mut player.world;
    world.bring_all_back();
    let work = &world.work;
    let records: Vec<&Record> = work.records.iter().map(|kept| &kept.record).collect();
    let about: Vec<_> = work.records.iter().map(|kept| &kept.about).collect();
    let led = serde_json::to_string(&(records, about, &work.sends, &work.notices)).unwrap();
    let state = serde_json::to_string(&world.tenant.snapshot()).unwrap();
    format!("{led}\n{state}\n{}", seen(player))
}

fn play(acts: &[Act], which: &[u8], restarts: usize) -> Player {
    let mut player = Player::new(World::new(SETTINGS), "canary");
    for (nth, (act, which)) in acts.iter().zip(which.iter().cycle()).enumerate() {
        // Numbers have deadlines once somebody has looked at them.
        let _ = player.world.tenant.metrics();
        player.world.forget(*which);
        if restarts != 0 && nth.is_multiple_of(restarts) {
            player.world.restart();
        }
        player.play(act);
    }
    player
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_evicted_everything_goes_as_without(
        acts in acts(90),
        which in proptest::collection::vec(any::<u8>(), 1..20),
        restarts in 0..30_usize,
    ) {
        // A restart forgets at what times numbers might have changed and did not.
        let plain = all_of(&mut play(&acts, &[0], restarts));
        let forgetful = all_of(&mut play(&acts, &which, restarts));
        for (plain, forgetful) in plain.lines().zip(forgetful.lines()) {
            prop_assert!(plain == forgetful, "{}", difference(plain, forgetful));
        }
    }

    #[test]
    fn a_journal_is_replayed_with_what_it_needs(
        acts in acts(60),
        which in proptest::collection::vec(any::<u8>(), 1..20),
    ) {
        let mut live = play(&acts, &[0], 0);
        let mut again = Player::new(World::new(SETTINGS), "canary");
        for (kept, which) in live.world.work.records.iter().zip(which.iter().cycle()) {
            again.world.forget(*which);
            again.world.fetch(|tenant| tenant.needed_to_apply(&kept.record));
            again.world.tenant.apply(&kept.record);
        }
        let conversations = |tenant: &mut Tenant| {
            let state: Value = serde_json::to_value(tenant.snapshot()).unwrap();
            state["conversations"].to_string()
        };
        again.world.bring_all_back();
        prop_assert_eq!(conversations(&mut again.world.tenant), conversations(&mut live.world.tenant));
    }
}

fn difference(one: &str, other: &str) -> String {
    let at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let around = |text: &str| {
        let bytes = text.as_bytes();
        let part = &bytes[at.saturating_sub(300)..bytes.len().min(at + 200)];
        String::from_utf8_lossy(part).into_owned()
    };
    format!("\n- {}\n+ {}", around(one), around(other))
}

#[test]
fn what_is_served_is_not_let_go_of() {
    let mut world = World::new(crate::world::SETTINGS);
    let agent = world.agent(7);
    world.hears("whatsapp", sender("whatsapp", "budi"), "1", "AC rusak");
    let conversation = world.conversations()[0];
    world.forget(0xff);
    assert!(world.elsewhere.is_empty(), "it is open");
    let assign = Command::Assign { conversation, to: Some(agent) };
    let given = world.step(|tenant, _, step| tenant.command(&Actor::System, assign, step));
    assert!(matches!(given, Err(ActionError::ByRouting)));
    world.step(|tenant, _, step| tenant.resolve(&Actor::Agent(agent), conversation, step)).unwrap();
    world.step(|tenant, _, step| tenant.set_presence(agent, Presence::Offline, step)).unwrap();
    world.forget(0xff);
    assert_eq!(world.elsewhere.len(), 1);
    assert!(world.tenant.conversations().conversation(conversation).is_none());
    world.touch(&Touched::Conversation(conversation));
    let known = world.tenant.conversations().conversation(conversation).unwrap();
    assert_eq!(known.status, Status::Resolved);
}
