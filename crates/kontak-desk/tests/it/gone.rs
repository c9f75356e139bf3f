//! Agents whose client dies, and agents who leave for good.

use crate::world::{SETTINGS, World, phone, said, sender};
use kontak_channel::content::{CallDirection, CallOutcome, Content};
use kontak_channel::{CallEvent, CallStage, ProviderId, Sender};
use kontak_conversation::Actor;
use kontak_desk::{ActionError, Notice};
use kontak_metrics::{Filter, ResidualKind};
use kontak_routing::{Agent, ItemState, Presence, Refusal};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, WorkItemId};

fn budi() -> Sender {
    sender("whatsapp", "budi").with_phone(phone("+6281290435517"))
}

fn at(world: &World, conversation: ConversationId) -> (Option<ItemState>, Option<AgentId>) {
    let item = WorkItemId::new(*conversation.as_uuid());
    let known = world.tenant.conversations().conversation(conversation).unwrap();
    (world.tenant.routing().find(item).map(|at| at.state), known.agent)
}

fn waiting(world: &mut World) -> u64 {
    let view = world.tenant.metrics();
    let counted = view.reconcile(&view.all_time(), &Filter::all()).unwrap();
    assert!(counted.holds(), "{counted:?}");
    let still = counted.cohort.iter().find(|it| it.kind == ResidualKind::StillWaiting).unwrap();
    still.count.get()
}

fn answer(world: &mut World, agent: AgentId, conversation: ConversationId) {
    let words = Content::plain("Baik.").unwrap();
    world.step(|tenant, accounts, step| {
        let actor = Actor::Agent(agent);
        tenant.reply(&actor, (conversation, None), words, accounts, step).unwrap()
    });
}

/// Ana has one in hand and one that waits for its customer; the third came last.
fn day() -> (World, AgentId, [ConversationId; 3]) {
    let mut world = World::new(&SETTINGS.replace("order.deadline.horizon_seconds = 86400", ""));
    let ana = world.agent(1_000);
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    world.hears("mail", sender("mail", "rini"), "2", "Halo");
    let [hers, parked] = world.all_conversations()[..] else { panic!() };
    answer(&mut world, ana, parked);
    world.step(|tenant, _, step| tenant.set_presence(ana, Presence::Break, step)).unwrap();
    world.hears("till", sender("till", "77"), "3", "Saya di toko");
    let third = world.all_conversations()[2];
    (world, ana, [hers, parked, third])
}

#[test]
fn what_a_crashed_client_had_in_hand_waits_in_its_old_place() {
    let (mut world, ana, [hers, parked, third]) = day();
    let told = world.work.notices.len();
    world.step(|tenant, _, step| tenant.agent_crashed(ana, step)).unwrap();
    assert_eq!(world.work.notices[told..], [Notice::Assigned { conversation: hers, agent: None }]);
    assert_eq!(at(&world, hers), (Some(ItemState::Waiting), None));
    assert_eq!(at(&world, parked), (Some(ItemState::Parked), Some(ana)), "she may come back");
    assert_eq!(waiting(&mut world), 2);
    world.assert_replays();
    // Its place is before what came later.
    let mut agent = Agent::new(AgentId::new(Uuid::from_u128(9)));
    agent = agent.with_channel("memory", 1);
    let tono = agent.id;
    world.step(|tenant, _, step| {
        tenant.set_agent(agent, step);
        tenant.set_presence(tono, Presence::Available, step).unwrap();
    });
    assert_eq!(at(&world, hers).1, Some(tono));
    assert_eq!(at(&world, third), (Some(ItemState::Waiting), None));
    // She is back, and so is her customer.
    world.step(|tenant, _, step| tenant.set_presence(ana, Presence::Available, step)).unwrap();
    assert_eq!(at(&world, third).1, Some(ana));
    world.hears("mail", sender("mail", "rini"), "4", "Terima kasih");
    assert_eq!(at(&world, parked), (Some(ItemState::Active), Some(ana)));
    world.assert_replays();
}

#[test]
fn who_is_removed_has_nothing_in_hand_and_gets_nothing_back() {
    let (mut world, ana, [hers, parked, _]) = day();
    world.step(|tenant, _, step| tenant.remove_agent(ana, step)).unwrap();
    assert_eq!(at(&world, hers), (Some(ItemState::Waiting), None));
    let gone = world.step(|tenant, _, step| tenant.set_presence(ana, Presence::Available, step));
    assert!(matches!(gone, Err(ActionError::Refused(Refusal::NoAgent))));
    let again = world.step(|tenant, _, step| tenant.remove_agent(ana, step));
    assert!(matches!(again, Err(ActionError::Refused(Refusal::NoAgent))));
    world.hears("mail", sender("mail", "rini"), "4", "Masih ada?");
    assert_eq!(at(&world, parked), (Some(ItemState::Waiting), None), "the pool has it");
    assert_eq!(waiting(&mut world), 3);
    world.assert_replays();
}

#[test]
fn a_call_that_is_over_is_somebody_elses_to_finish() {
    let mut world = World::new(&format!("{SETTINGS}\n[centre.channels.memory]\nexclusive = true"));
    let ana = world.agent(1_000);
    let call = |world: &mut World, stage| {
        let id = ProviderId::new("call 1").unwrap();
        let mut envelope = said("whatsapp", budi(), &world.now.to_string(), "x", world.now);
        envelope.body = CallEvent::new(id, CallDirection::Inbound, stage).into();
        world.receive("whatsapp", &envelope);
    };
    call(&mut world, CallStage::Started);
    call(&mut world, CallStage::Answered);
    let outcome = CallOutcome::Answered;
    call(&mut world, CallStage::Ended { outcome, started: None, seconds: None });
    let conversation = world.all_conversations()[0];
    assert_eq!(at(&world, conversation), (None, Some(ana)));
    assert_eq!(world.tenant.unattended(), [], "it is hers");
    world.step(|tenant, _, step| tenant.remove_agent(ana, step)).unwrap();
    assert_eq!(at(&world, conversation), (Some(ItemState::Waiting), None));
    world.assert_replays();
}
