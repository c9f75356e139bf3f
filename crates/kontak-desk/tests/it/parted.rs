//! Two customers that turned out to be one, and two again.

use crate::world::{World, phone, sender};
use kontak_channel::Sender;
use kontak_channel::chrono::TimeDelta;
use kontak_conversation::Actor;
use kontak_desk::Notice;
use kontak_identity::Retraction;
use kontak_metrics::Filter;
use kontak_types::{ConversationId, TouchpointKey, WorkItemId};

const SETTINGS: &str = "
    routes = [{ queue = 'care' }]
    [centre.queues.care]
";
const NUMBER: &str = "+6281290435517";

fn person(account: &str, id: &str, shows_number: bool) -> Sender {
    let sender = sender(account, id);
    if shows_number { sender.with_phone(phone(NUMBER)) } else { sender }
}

fn retract(world: &mut World, account: &str, id: &str) {
    let view = world.tenant.identity();
    let known = view.touchpoint(&TouchpointKey::new("memory", account, id)).unwrap();
    let evidence = view.evidence(known);
    let retractions = evidence.iter().map(|it| Retraction::new(it.id, it.revision)).collect();
    world.step(|tenant, _, step| tenant.retract(retractions, step));
}

/// The words of each conversation that somebody has to answer.
fn served(world: &World) -> Vec<Vec<String>> {
    let state = world.tenant.conversations();
    let waits =
        |id: &ConversationId| world.tenant.routing().find(WorkItemId::new(*id.as_uuid())).is_some();
    let served = world.all_conversations().into_iter().filter(waits);
    let words = |id| state.messages(id).map(|it| it.content().unwrap().plain_text().into_owned());
    let mut served: Vec<Vec<_>> = served.map(|id| words(id).collect()).collect();
    served.sort();
    served
}

fn resolve_all(world: &mut World) {
    for conversation in world.all_conversations() {
        world.step(|tenant, _, step| tenant.resolve(&Actor::System, conversation, step).unwrap());
    }
}

/// What is counted of how often customers come back, and how many conversations there were.
fn counted(world: &mut World) -> Vec<String> {
    world.now += TimeDelta::days(9);
    world.hears("mail", sender("mail", "somebody else"), "900", "Halo");
    let view = world.tenant.metrics();
    let metrics =
        ["kontak.first_contact_resolution", "kontak.repeat_contact", "kontak.conversations"];
    let report = |metric| view.report(metric, &view.all_time(), &Filter::all()).unwrap().statistic;
    metrics.map(|metric| format!("{metric}: {:?}", report(metric))).to_vec()
}

fn story(merged: bool, parts: Option<(&str, &str)>) -> World {
    let mut world = World::new(SETTINGS);
    world.hears("whatsapp", person("whatsapp", "budi", merged), "1", "AC saya rusak");
    world.hears("till", person("till", "77", merged), "2", "Saya di toko");
    world.hears("whatsapp", person("whatsapp", "budi", merged), "3", "Halo?");
    if let Some((account, id)) = parts {
        assert_eq!(world.all_conversations().len(), 1, "one person, one conversation");
        retract(&mut world, account, id);
    }
    world
}

#[test]
fn parted_customers_are_served_and_counted_as_if_they_had_never_been_one() {
    for parts in [("till", "77"), ("whatsapp", "budi")] {
        let mut clean = story(false, None);
        let mut parted = story(true, Some(parts));
        let is_parted = |notice: &Notice| matches!(notice, Notice::CustomersParted { .. });
        assert!(parted.work.notices.iter().any(is_parted));
        assert_eq!(served(&parted), served(&clean));
        assert_eq!(served(&parted).len(), 2);
        resolve_all(&mut parted);
        resolve_all(&mut clean);
        assert_eq!(counted(&mut parted), counted(&mut clean), "{parts:?}");
        parted.assert_replays();
    }
}

#[test]
fn nothing_of_a_resolved_conversation_waits_when_it_is_parted() {
    let mut world = story(true, None);
    resolve_all(&mut world);
    retract(&mut world, "till", "77");
    assert_eq!(world.all_conversations().len(), 2);
    assert_eq!(served(&world), Vec::<Vec<String>>::new());
    let mut clean = story(false, None);
    resolve_all(&mut clean);
    assert_eq!(counted(&mut world), counted(&mut clean));
    world.assert_replays();
}

#[test]
fn who_is_one_again_comes_back_to_one_conversation() {
    let mut world = story(true, Some(("till", "77")));
    // The record of another month is other evidence.
    world.now += TimeDelta::days(40);
    world.hears("till", person("till", "77", true), "4", "Masih rusak");
    let merged = |notice: &Notice| matches!(notice, Notice::CustomersMerged { .. });
    assert_eq!(world.work.notices.iter().filter(|it| merged(it)).count(), 1);
    let view = world.tenant.identity();
    assert_eq!(view.customer_count(), 1);
    let customer = view.customers().next().unwrap().id();
    assert_eq!(world.tenant.conversations().of_customer(customer).count(), 2);
    world.assert_replays();
}
