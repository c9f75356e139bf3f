//! What nobody is asked to look at is seen, given, called back, and goes on when the customer does.

use crate::desks::{ANA, LONG, builder, opened, until};
use crate::shop::{Shared, message, request};
use crate::world::{World, phone, said, sender};
use kontak_channel::chrono::TimeDelta;
use kontak_channel::content::{CallDirection, CallOutcome, Content};
use kontak_channel::{CallEvent, CallStage, ProviderId, Sender};
use kontak_conversation::{Actor, HandoverKind, HandoverState, HandoverTarget, Status};
use kontak_desk::{ActionError, Notice, Settings, Unattended, WhyUnattended};
use kontak_metrics::{Filter, QueueEnd, ResidualKind};
use kontak_routing::{Agent, ItemState, Refusal};
use kontak_storage::MemoryStorage;
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, WorkItemId};
use std::sync::Arc;
use tokio::time::timeout;

const SETTINGS: &str = "
    routes = [{ account = 'whatsapp', queue = 'calls' }, { account = 'mail', queue = 'care' }]
    [centre.channels.memory]
    exclusive = true
    [centre.queues.calls]
    [centre.queues.care]
";

const CALLED_BACK: &str = "
    routes = [{ queue = 'calls', call_back = { waited_seconds = 10, queue = 'later' } }]
    [centre.channels.memory]
    exclusive = true
    [centre.queues.calls]
    [centre.queues.later]
";

const SUPERVISOR: AgentId = AgentId::new(Uuid::from_u128(99));

fn budi() -> Sender {
    sender("whatsapp", "budi").with_phone(phone("+6281290435517"))
}

fn call(world: &mut World, call: &str, stage: CallStage) {
    let event = CallEvent::new(ProviderId::new(call).unwrap(), CallDirection::Inbound, stage);
    let mut envelope = said("whatsapp", budi(), &format!("{call} {}", world.now), "x", world.now);
    envelope.body = event.into();
    world.receive("whatsapp", &envelope);
}

fn hangs_up(world: &mut World, name: &str) {
    let outcome = CallOutcome::HungUp;
    call(world, name, CallStage::Ended { outcome, started: None, seconds: None });
}

/// Somebody calls, and gives up half a minute later.
fn calls_and_gives_up(world: &mut World, name: &str) -> ConversationId {
    call(world, name, CallStage::Started);
    world.now += TimeDelta::seconds(30);
    hangs_up(world, name);
    *world.all_conversations().last().unwrap()
}

fn state(world: &World, conversation: ConversationId) -> Option<ItemState> {
    let at = world.tenant.routing().find(WorkItemId::new(*conversation.as_uuid()));
    at.map(|at| at.state)
}

fn holder(world: &World, conversation: ConversationId) -> Option<AgentId> {
    world.tenant.conversations().conversation(conversation).unwrap().agent
}

fn listed(world: &World) -> Vec<(ConversationId, WhyUnattended)> {
    world.tenant.unattended().iter().map(|it| (it.conversation, it.why)).collect()
}

fn ended(world: &mut World, end: QueueEnd) -> u64 {
    let view = world.tenant.metrics();
    let counted = view.reconcile(&view.all_time(), &Filter::all()).unwrap();
    assert!(counted.holds());
    let of = counted.cohort.iter().find(|it| it.kind == ResidualKind::Ended(end));
    of.map_or(0, |it| it.count.get())
}

#[test]
fn who_gave_up_is_listed_told_of_and_counted() {
    let mut world = World::new(SETTINGS);
    let conversation = calls_and_gives_up(&mut world, "call 1");
    let [listed] = world.tenant.unattended()[..] else { panic!() };
    let Unattended { since, why, .. } = listed;
    assert_eq!(
        (listed.conversation, since, why),
        (conversation, world.now, WhyUnattended::Abandoned)
    );
    let told = Notice::Unattended { conversation, why };
    assert_eq!(world.work.notices.iter().filter(|notice| **notice == told).count(), 1);
    assert_eq!(ended(&mut world, QueueEnd::Abandoned), 1);
    let view = world.tenant.metrics();
    let report = view.report("kontak.abandonment", &view.all_time(), &Filter::all()).unwrap();
    assert_eq!(report.statistic.headline(), Some(1.0));
    world.assert_replays();
    world
        .step(|tenant, _, step| tenant.resolve(&Actor::Supervisor(SUPERVISOR), conversation, step))
        .unwrap();
    assert_eq!(world.tenant.unattended(), []);
    let left = serde_json::to_value(world.tenant.snapshot()).unwrap();
    assert_eq!(left["departures"], serde_json::json!({}), "nothing of it is kept");
    world.assert_replays();
}

#[test]
fn who_comes_again_goes_on_in_the_same_conversation() {
    let mut world = World::new(SETTINGS);
    let conversation = calls_and_gives_up(&mut world, "call 1");
    call(&mut world, "call 2", CallStage::Started);
    assert_eq!(world.all_conversations(), [conversation]);
    assert_eq!(world.tenant.unattended(), [], "it rings again");
    hangs_up(&mut world, "call 2");
    assert_eq!(listed(&world), [(conversation, WhyUnattended::Abandoned)]);
    world.hears("whatsapp", budi(), "3", "Saya tadi menelepon");
    assert_eq!(world.all_conversations(), [conversation]);
    assert_eq!(world.tenant.unattended(), []);
    assert_eq!(state(&world, conversation), Some(ItemState::Waiting));
    let told = world.tenant.conversations().messages(conversation);
    assert_eq!(told.count(), 3, "with its story");
    assert_eq!(ended(&mut world, QueueEnd::Abandoned), 2);
    world.assert_replays();
}

#[test]
fn a_supervisor_gives_it_to_one_agent_and_nobody_else_is_asked() {
    let mut world = World::new(SETTINGS);
    let conversation = calls_and_gives_up(&mut world, "call 1");
    let (free, asked) = (world.agent(1_000), world.agent(1_001));
    assert_eq!(state(&world, conversation), None, "nobody is asked by itself");
    let told = world.work.notices.len();
    world.step(|tenant, _, step| tenant.assign_by(SUPERVISOR, conversation, asked, step)).unwrap();
    assert_eq!(holder(&world, conversation), Some(asked));
    assert_eq!(world.tenant.unattended(), []);
    let given = Notice::Assigned { conversation, agent: Some(asked) };
    assert_eq!(world.work.notices[told..], [given]);
    let again = |world: &mut World, agent| {
        world.step(|tenant, _, step| tenant.assign_by(SUPERVISOR, conversation, agent, step))
    };
    let refused = again(&mut world, free).unwrap_err();
    let busy = Refusal::State(ItemState::Active);
    assert!(matches!(refused, ActionError::Refused(why) if why == busy));
    world.step(|tenant, _, step| tenant.resolve(&Actor::Agent(asked), conversation, step)).unwrap();
    let refused = again(&mut world, free).unwrap_err();
    assert!(matches!(refused, ActionError::Refused(Refusal::NoItem)), "it is done");
    world.assert_replays();
}

#[test]
fn by_rule_who_gave_up_waits_to_be_called_in_their_place() {
    let mut world = World::new(CALLED_BACK);
    let settings = world.tenant.settings().clone();
    call(&mut world, "call 1", CallStage::Started);
    let began = world.now;
    world.now += TimeDelta::seconds(30);
    hangs_up(&mut world, "call 1");
    let conversation = world.all_conversations()[0];
    let item = WorkItemId::new(*conversation.as_uuid());
    let waits = world.tenant.routing().work_item(item).unwrap();
    assert_eq!(waits.queue, world.tenant.routing().centre().queues["later"].id);
    assert_eq!(waits.waiting_since, Some(began - TimeDelta::seconds(1)), "the call began then");
    assert_eq!(world.tenant.unattended(), []);
    assert_eq!(ended(&mut world, QueueEnd::Abandoned), 1, "it counts as abandoned");
    // They call again and give up again: the place stays.
    calls_and_gives_up(&mut world, "call 2");
    let again = world.tenant.routing().work_item(item).unwrap();
    assert_eq!(again.waiting_since, waits.waiting_since);
    assert_eq!(ended(&mut world, QueueEnd::Abandoned), 2);
    let agent = world.agent(1_000);
    assert_eq!(holder(&world, conversation), Some(agent));
    world.assert_replays();
    assert_eq!(*world.tenant.settings(), settings);
}

#[test]
fn who_hung_up_at_once_is_not_called_back() {
    let mut world = World::new(CALLED_BACK);
    call(&mut world, "call 1", CallStage::Started);
    hangs_up(&mut world, "call 1");
    let conversation = world.all_conversations()[0];
    assert_eq!(listed(&world), [(conversation, WhyUnattended::Abandoned)]);
    world.assert_replays();
}

#[test]
fn who_asked_to_be_called_back_may_hang_up() {
    let mut world = World::new(SETTINGS);
    call(&mut world, "call 1", CallStage::Started);
    let conversation = world.all_conversations()[0];
    let later = world.now + TimeDelta::minutes(10);
    world.step(|tenant, _, step| tenant.call_back(conversation, Some(later), step)).unwrap();
    hangs_up(&mut world, "call 1");
    let agent = world.agent(1_000);
    assert_eq!(state(&world, conversation), Some(ItemState::Held));
    assert_eq!(world.tenant.unattended(), []);
    world.now = later;
    world.step_now(|tenant, _, step| tenant.handle_timeout(step));
    assert_eq!(holder(&world, conversation), Some(agent));
    assert_eq!(ended(&mut world, QueueEnd::CalledBack), 1);
    assert_eq!(ended(&mut world, QueueEnd::Abandoned), 0);
    world.assert_replays();
}

#[test]
fn what_was_given_up_is_called_back_at_once_or_later() {
    for minutes in [0, 10] {
        let mut world = World::new(SETTINGS);
        let conversation = calls_and_gives_up(&mut world, "call 1");
        let agent = world.agent(1_000);
        let later = world.now + TimeDelta::minutes(minutes);
        world.step(|tenant, _, step| tenant.call_back(conversation, Some(later), step)).unwrap();
        assert_eq!(world.tenant.unattended(), []);
        if minutes > 0 {
            assert_eq!(holder(&world, conversation), None);
            world.now = later;
            world.step_now(|tenant, _, step| tenant.handle_timeout(step));
        }
        assert_eq!(holder(&world, conversation), Some(agent));
        world.assert_replays();
    }
}

#[test]
fn what_no_route_fits_is_listed_and_cannot_be_given() {
    let mut world = World::new(SETTINGS);
    let agent = world.agent(1_000);
    world.hears("till", sender("till", "77"), "1", "Halo");
    let conversation = world.all_conversations()[0];
    assert_eq!(listed(&world), [(conversation, WhyUnattended::NotRouted)]);
    let why = WhyUnattended::NotRouted;
    assert!(world.work.notices.contains(&Notice::Unattended { conversation, why }));
    let given =
        world.step(|tenant, _, step| tenant.assign_by(SUPERVISOR, conversation, agent, step));
    assert!(matches!(given, Err(ActionError::NotRouted)));
    let called = world.step(|tenant, _, step| tenant.call_back(conversation, None, step));
    assert!(matches!(called, Err(ActionError::NotRouted)));
    world.assert_replays();
}

#[test]
fn what_is_turned_away_is_nobodys_and_is_listed() {
    let settings =
        SETTINGS.replace("[centre.queues.care]", "[centre.queues.care]\nmost_waiting = 1");
    let mut world = World::new(&settings);
    for (number, who) in ["rini", "joko"].into_iter().enumerate() {
        world.hears("mail", sender("mail", who), &number.to_string(), "Halo");
    }
    let [first, second] = world.all_conversations()[..] else { panic!() };
    assert_eq!(listed(&world), [(second, WhyUnattended::QueueFull)]);
    assert_eq!(state(&world, first), Some(ItemState::Waiting));
    world.assert_replays();
}

#[test]
fn what_is_handed_on_to_where_nobody_may_wait_is_nobodys() {
    let closed = "
        [centre.queues.night]
        hours = 'night'
        when_closed = 'turn_away'
        [centre.calendars.night]
        zone = 'UTC'
        weekly.monday = ['20:00-22:00']
    ";
    let mut world = World::new(&format!("{SETTINGS}{closed}"));
    let agent = world.agent(1_000);
    world.hears("mail", sender("mail", "rini"), "1", "Halo");
    let conversation = world.all_conversations()[0];
    let night = world.tenant.routing().centre().queues["night"].id;
    let to = (HandoverTarget::Queue(night), HandoverKind::Cold);
    let actor = Actor::Agent(agent);
    world.step(|tenant, _, step| tenant.transfer(&actor, conversation, to, None, step)).unwrap();
    assert_eq!(holder(&world, conversation), None);
    assert_eq!(listed(&world), [(conversation, WhyUnattended::QueueClosed)]);
    let state = world.tenant.conversations();
    let known = state.conversation(conversation).unwrap();
    let handover = state.handover(known.handovers()[0]).unwrap();
    assert!(matches!(handover.state, HandoverState::Declined { .. }), "{:?}", handover.state);
    world.assert_replays();
}

#[test]
fn who_leaves_a_chat_unanswered_is_not_forgotten() {
    let mut world = World::new(SETTINGS);
    world.hears("mail", sender("mail", "rini"), "1", "Halo");
    let conversation = world.all_conversations()[0];
    world.step(|tenant, _, step| tenant.abandoned(conversation, step)).unwrap();
    assert_eq!(listed(&world), [(conversation, WhyUnattended::Abandoned)]);
    let again = world.step(|tenant, _, step| tenant.abandoned(conversation, step));
    assert!(matches!(again, Err(ActionError::Refused(Refusal::NoItem))));
    assert_eq!(ended(&mut world, QueueEnd::Abandoned), 1);
    // Whoever answers all the same has it off the list.
    let words = Content::plain("Maaf, kami terlambat.").unwrap();
    world.step(|tenant, accounts, step| {
        let actor = Actor::Agent(AgentId::new(Uuid::from_u128(7)));
        tenant.reply(&actor, (conversation, None), words, accounts, step).unwrap()
    });
    assert_eq!(world.tenant.unattended(), []);
    let known = world.tenant.conversations().conversation(conversation).unwrap();
    assert_eq!(known.status, Status::WaitingForCustomer);
    world.assert_replays();
}

#[test]
fn who_is_erased_is_not_listed() {
    let mut world = World::new(SETTINGS);
    let conversation = calls_and_gives_up(&mut world, "call 1");
    let customer = world.tenant.conversations().conversation(conversation).unwrap().customer;
    world.step(|tenant, _, step| tenant.erase_customer(&Actor::System, customer, step)).unwrap();
    assert_eq!(world.tenant.unattended(), []);
}

#[test]
fn a_queue_to_call_back_from_has_to_be_there() {
    let settings: Settings =
        toml::from_str(&CALLED_BACK.replace("[centre.queues.later]", "")).unwrap();
    let wrong = settings.check().unwrap_err().to_string();
    assert!(wrong.contains("later"), "{wrong}");
    let unknown =
        toml::from_str::<Settings>("routes = [{ queue = 'a', call_back = { after = 3 } }]");
    assert!(unknown.unwrap_err().to_string().contains("after"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_sees_and_calls_back_over_the_desk() {
    let storage = Arc::new(MemoryStorage::new());
    let desk = builder(&storage, Shared(Arc::default())).start().unwrap();
    timeout(LONG, desk.owned()).await.unwrap().unwrap();
    let mut notices = desk.subscribe();
    desk.inbound("shop", &request(&[message("1", "budi", "halo")])).await.unwrap();
    let (conversation, _) = until(&mut notices, opened).await;
    desk.abandoned(conversation).await.unwrap();
    desk.shut_down().await;
    // It is still known after a start.
    let desk = builder(&storage, Shared(Arc::default())).start().unwrap();
    timeout(LONG, desk.owned()).await.unwrap().unwrap();
    let listed = desk.unattended().await.unwrap();
    assert_eq!(listed.iter().map(|it| it.conversation).collect::<Vec<_>>(), [conversation]);
    desk.sign_in(Agent::new(ANA).with_channel("memory", 3)).await.unwrap();
    desk.call_back(conversation, None).await.unwrap();
    assert_eq!(desk.unattended().await.unwrap(), []);
    // Their client dies, and then they leave for good.
    desk.agent_crashed(ANA).await.unwrap();
    desk.remove_agent(ANA).await.unwrap();
    assert!(desk.heartbeat(ANA).await.is_err());
    desk.shut_down().await;
}
