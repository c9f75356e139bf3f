//! A customer on two channels, an agent, a promise.

use crate::world::{SETTINGS, World, phone, said, sender};
use kontak_channel::chrono::TimeDelta;
use kontak_channel::content::{Content, Written};
use kontak_channel::{ProviderId, Receipt, ReceiptStatus};
use kontak_conversation::{Actor, DeliveryStatus, Status};
use kontak_desk::{Notice, SendReport};
use kontak_metrics::{Filter, Statistic};

const NUMBER: &str = "+6281290435517";

#[test]
fn two_channels_are_one_conversation_that_an_agent_answers() {
    let mut world = World::new(SETTINGS);
    let agent = world.agent(1_000);
    let budi = || sender("whatsapp", "budi").with_phone(phone(NUMBER));
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    world.hears("till", sender("till", "77").with_phone(phone(NUMBER)), "2", "Saya di toko");
    let conversations = world.conversations();
    assert_eq!(conversations.len(), 1, "one person, one conversation");
    let conversation = conversations[0];
    let known = world.tenant.conversations().conversation(conversation).unwrap();
    assert_eq!(known.agent, Some(agent), "somebody was free");
    assert_eq!(world.tenant.conversations().legs(conversation).len(), 2);

    let actor = Actor::Agent(agent);
    let content = Content::plain("Kami datang besok.").unwrap();
    let message = world.step(|tenant, accounts, step| {
        tenant.reply(&actor, (conversation, None), content, accounts, step).unwrap()
    });
    let sending = world.work.sends[0].clone();
    assert_eq!(&*sending.account, "till", "where the customer last was");
    let report = SendReport::sent(&sending, vec![ProviderId::new("native 9").unwrap()]);
    world.step(|tenant, _, step| tenant.report(&report, step));
    let read = Receipt::new(ProviderId::new("native 9").unwrap(), ReceiptStatus::Read);
    let mut receipt = said("till", sender("till", "77"), "r", "x", world.now);
    receipt.body = read.into();
    world.receive("till", &receipt);
    let state = world.tenant.conversations();
    assert_eq!(state.message(message).unwrap().delivery().unwrap().status, DeliveryStatus::Read);
    assert_eq!(state.conversation(conversation).unwrap().status, Status::WaitingForCustomer);

    let due = world.now + TimeDelta::hours(1);
    world.step(|tenant, _, step| {
        let what = (Written::new("Teknisi datang").unwrap(), due);
        tenant.promise(&actor, conversation, what, step).unwrap()
    });
    assert_eq!(world.tenant.next_deadline(), Some(due));
    world.now = due;
    world.step(|tenant, _, step| tenant.handle_timeout(step));
    let broken = |notice: &Notice| matches!(notice, Notice::PromiseBroken { .. });
    assert!(world.work.notices.iter().any(broken));

    world.step(|tenant, _, step| tenant.resolve(&actor, conversation, step).unwrap());
    let view = world.tenant.metrics();
    let report = view.report("kontak.first_response", &view.all_time(), &Filter::all()).unwrap();
    assert!(matches!(report.statistic, Statistic::Duration { .. }), "{report:?}");
    world.assert_replays();
}
