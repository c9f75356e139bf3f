//! What a shop meets every day, one by one.

use crate::world::{SETTINGS, World, phone, said, sender};
use kontak_channel::chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::content::{
    CallDirection, CallOutcome, ChoiceLayout, ChoiceOffered, ChoiceOption, Content, FreeText,
    OfferId, OptionId, Part, Written,
};
use kontak_channel::{
    Acknowledgement, CallEvent, CallStage, Capabilities, ChannelDescriptor, Codec, Consent,
    ConsentScope, EnvelopeBody, InboundBatch, InboundMessage, MemoryCodec, MemoryTransport,
    MessageAuthor, Outbound, ParseError, PlanError, ProviderId, Receipt, ReceiptStatus,
    RenderError, SendOutcome, Sender, SignaturePolicy, Verified, Window, WindowRule, WireRequest,
    WireResponse, Wired,
};
use kontak_conversation::{
    Actor, DeliveryStatus, HandoverKind, HandoverState, HandoverTarget, Status,
};
use kontak_desk::{Accounts, ActionError, SendReport};
use kontak_metrics::{Filter, QueueEnd, ResidualKind};
use kontak_routing::ItemState;
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, MessageId, WorkItemId};
use std::sync::Arc;

const NUMBER: &str = "+6281290435517";

fn budi() -> Sender {
    sender("whatsapp", "budi").with_phone(phone(NUMBER))
}

fn words(text: &str) -> Content {
    Content::plain(text).unwrap()
}

fn comes(world: &mut World, account: &str, who: Sender, id: &str, body: impl Into<EnvelopeBody>) {
    let mut envelope = said(account, who, id, "x", world.now);
    envelope.body = body.into();
    world.receive(account, &envelope);
}

fn reply(
    world: &mut World,
    agent: AgentId,
    conversation: ConversationId,
) -> Result<MessageId, ActionError> {
    let actor = Actor::Agent(agent);
    world.step(|tenant, accounts, step| {
        tenant.reply(&actor, (conversation, None), words("Baik."), accounts, step)
    })
}

fn status(world: &World, conversation: ConversationId) -> Status {
    world.tenant.conversations().conversation(conversation).unwrap().status
}

fn state(world: &World, conversation: ConversationId) -> Option<ItemState> {
    let at = world.tenant.routing().find(WorkItemId::new(*conversation.as_uuid()));
    at.map(|at| at.state)
}

fn ended(world: &mut World, end: QueueEnd) -> u64 {
    let view = world.tenant.metrics();
    let counted = view.reconcile(&view.all_time(), &Filter::all()).unwrap();
    assert!(counted.holds());
    let of = counted.cohort.iter().find(|it| it.kind == ResidualKind::Ended(end));
    of.unwrap().count.get()
}

#[test]
fn an_out_of_office_reply_opens_nothing_and_asks_for_nothing() {
    let mut world = World::new(SETTINGS);
    let agent = world.agent(1_000);
    let machine = |id: &str| {
        InboundMessage::new(ProviderId::new(id).unwrap(), words("Saya sedang cuti."))
            .with_author(MessageAuthor::Machine)
    };
    comes(&mut world, "whatsapp", budi(), "1", machine("1"));
    assert_eq!(world.all_conversations(), []);
    world.hears("whatsapp", budi(), "2", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    reply(&mut world, agent, conversation).unwrap();
    comes(&mut world, "whatsapp", budi(), "3", machine("3"));
    assert_eq!(status(&world, conversation), Status::WaitingForCustomer);
    assert_eq!(state(&world, conversation), Some(ItemState::Parked));
    assert_eq!(world.tenant.conversations().messages(conversation).count(), 3);
    world.hears("whatsapp", budi(), "4", "Terima kasih");
    assert_eq!(state(&world, conversation), Some(ItemState::Active));
    world.assert_replays();
}

#[test]
fn a_number_picks_the_button_that_it_stands_for() {
    let mut world = World::new(SETTINGS);
    let agent = Actor::Agent(world.agent(1_000));
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    let option = |id: &str, label: &str| {
        ChoiceOption::new(OptionId::new(id).unwrap(), Written::new(label).unwrap())
    };
    let options = vec![option("today", "Hari ini"), option("tomorrow", "Besok")];
    let offer = ChoiceOffered::new(
        OfferId::new("when").unwrap(),
        ChoiceLayout::Buttons(options),
        FreeText::Allowed,
    )
    .unwrap();
    let content = Content::from(Part::ChoiceOffered(Box::new(offer)));
    world.step(|tenant, accounts, step| {
        tenant.reply(&agent, (conversation, None), content, accounts, step).unwrap()
    });
    world.hears("whatsapp", budi(), "2", "2");
    let state = world.tenant.conversations();
    let last = state.messages(conversation).next_back().unwrap();
    let made = last.content().unwrap().parts.iter().find_map(|part| match part {
        Part::ChoiceMade(made) => Some(made.clone()),
        _ => None,
    });
    assert_eq!(made.unwrap().option.as_str(), "tomorrow");
}

fn call(world: &mut World, stage: CallStage) {
    let id = ProviderId::new("call 1").unwrap();
    let event = CallEvent::new(id, CallDirection::Inbound, stage);
    let key = format!("call {}", world.now);
    comes(world, "whatsapp", budi(), &key, event);
}

const HUNG_UP: CallStage =
    CallStage::Ended { outcome: CallOutcome::HungUp, started: None, seconds: None };

#[test]
fn who_hangs_up_before_anybody_answers_gave_up() {
    let mut world = World::new(SETTINGS);
    call(&mut world, CallStage::Started);
    let conversation = world.all_conversations()[0];
    assert_eq!(state(&world, conversation), Some(ItemState::Waiting));
    call(&mut world, HUNG_UP);
    assert_eq!(state(&world, conversation), None);
    assert_eq!(ended(&mut world, QueueEnd::Abandoned), 1);
    world.assert_replays();
}

#[test]
fn hanging_up_takes_no_message_out_of_the_queue() {
    let mut world = World::new(SETTINGS);
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    call(&mut world, CallStage::Started);
    call(&mut world, HUNG_UP);
    assert_eq!(state(&world, conversation), Some(ItemState::Waiting));
}

#[test]
fn a_call_is_routed_by_the_account_that_was_called() {
    let settings = "
        routes = [{ account = 'whatsapp', queue = 'calls' }]
        [centre.queues.calls]
    ";
    let mut world = World::new(settings);
    call(&mut world, CallStage::Started);
    let conversation = world.all_conversations()[0];
    assert_eq!(state(&world, conversation), Some(ItemState::Waiting));
}

#[test]
fn a_message_during_the_wrap_up_is_a_new_contact_for_the_same_agent() {
    let settings =
        SETTINGS.replace("[centre.queues.care]", "[centre.queues.care]\nwrap_up_seconds = 120");
    let mut world = World::new(&settings);
    let agent = world.agent(1_000);
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    let actor = Actor::Agent(agent);
    world.step(|tenant, _, step| tenant.resolve(&actor, conversation, step).unwrap());
    assert_eq!(state(&world, conversation), Some(ItemState::WrapUp));
    let told = world.work.notices.len();
    world.hears("whatsapp", budi(), "2", "Masih rusak");
    assert_eq!(world.all_conversations(), [conversation]);
    assert_eq!(state(&world, conversation), Some(ItemState::Active));
    let assigned = kontak_desk::Notice::Assigned { conversation, agent: Some(agent) };
    assert!(world.work.notices[told..].contains(&assigned), "the agent is told");
    world.assert_replays();
}

#[test]
fn who_opted_out_is_not_written_to() {
    let mut world = World::new(SETTINGS);
    let agent = world.agent(1_000);
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    let actor = Actor::Agent(agent);
    let follow_up = |world: &mut World| {
        world.step(|tenant, accounts, step| {
            tenant.follow_up(&actor, conversation, words("Promo!"), accounts, step)
        })
    };
    let consent = Consent::withdrawn(ConsentScope::Marketing);
    comes(&mut world, "whatsapp", budi(), "2", consent);
    let (records, sends) = (world.work.records.len(), world.work.sends.len());
    assert!(matches!(follow_up(&mut world), Err(ActionError::OptedOut { .. })));
    assert_eq!((world.work.records.len(), world.work.sends.len()), (records, sends));
    reply(&mut world, agent, conversation).unwrap();
    comes(&mut world, "whatsapp", budi(), "3", Consent::withdrawn(ConsentScope::Everything));
    assert!(matches!(reply(&mut world, agent, conversation), Err(ActionError::OptedOut { .. })));
    comes(&mut world, "whatsapp", budi(), "4", Consent::granted(ConsentScope::Everything));
    reply(&mut world, agent, conversation).unwrap();
}

#[test]
fn what_they_said_last_of_their_consent_counts() {
    let mut world = World::new(SETTINGS);
    let agent = world.agent(1_000);
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let mut granted = said("whatsapp", budi(), "2", "x", world.now);
    granted.body = Consent::granted(ConsentScope::Everything).into();
    world.now += TimeDelta::minutes(1);
    comes(&mut world, "whatsapp", budi(), "3", Consent::withdrawn(ConsentScope::Everything));
    world.receive("whatsapp", &granted);
    let conversation = world.all_conversations()[0];
    assert!(matches!(reply(&mut world, agent, conversation), Err(ActionError::OptedOut { .. })));
}

#[test]
fn nothing_is_said_unasked_in_quiet_hours() {
    let settings = format!(
        "{SETTINGS}\n[proactive_hours]\nzone = 'Asia/Jakarta'\nweekly.monday = ['10:00-18:00']\n"
    );
    let mut world = World::new(&settings);
    let actor = Actor::Agent(world.agent(1_000));
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    let follow_up = |world: &mut World| {
        world.step(|tenant, accounts, step| {
            tenant.follow_up(&actor, conversation, words("Sudah baik?"), accounts, step)
        })
    };
    // 09:00 in Jakarta.
    let records = world.work.records.len();
    let refused = follow_up(&mut world).unwrap_err();
    let opens: DateTime<Utc> = "2026-03-02T03:00:00Z".parse().unwrap();
    assert!(matches!(refused, ActionError::QuietHours { until } if until == opens), "{refused}");
    assert_eq!(world.work.records.len(), records);
    world.now = opens;
    follow_up(&mut world).unwrap();
}

/// The memory's language, on a channel with a service window.
struct Strict(MemoryCodec);

impl Codec for Strict {
    fn descriptor(&self) -> &ChannelDescriptor {
        self.0.descriptor()
    }

    fn capabilities(&self, window: Window) -> Capabilities {
        let closed = !window.is_open();
        let rule = WindowRule::hours(24);
        let mut open = self.0.capabilities(window);
        open.window = Some(rule);
        if closed { open.outside_window() } else { open }
    }

    fn signature(&self) -> &SignaturePolicy {
        self.0.signature()
    }

    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        self.0.parse(request)
    }

    fn acknowledge(&self, request: &Verified<'_>) -> Acknowledgement {
        self.0.acknowledge(request)
    }

    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        self.0.render(outbound)
    }

    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        self.0.interpret(response)
    }
}

#[test]
fn a_closed_window_says_so_and_records_nothing() {
    let mut world = World::new(SETTINGS);
    let strict = Wired::new(Strict(MemoryCodec::new("whatsapp")), MemoryTransport::default());
    world.accounts = Accounts::new().with(Arc::new(strict));
    let agent = world.agent(1_000);
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    world.now += TimeDelta::hours(24);
    let (records, sends) = (world.work.records.len(), world.work.sends.len());
    let refused = reply(&mut world, agent, conversation).unwrap_err();
    assert!(
        matches!(&refused, ActionError::Plan { source: PlanError::WindowClosed { .. }, .. }),
        "{refused:?}"
    );
    assert!(refused.to_string().contains("window"), "{refused}");
    assert_eq!((world.work.records.len(), world.work.sends.len()), (records, sends));
    world.hears("whatsapp", budi(), "2", "Halo?");
    reply(&mut world, agent, conversation).unwrap();
}

#[test]
fn an_answer_goes_out_where_the_customer_last_wrote() {
    let mut world = World::new(SETTINGS);
    let agent = world.agent(1_000);
    let till = || sender("till", "77").with_phone(phone(NUMBER));
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    world.hears("till", till(), "2", "Saya di toko");
    let conversation = world.all_conversations()[0];
    reply(&mut world, agent, conversation).unwrap();
    world.hears("whatsapp", budi(), "3", "Saya pulang");
    reply(&mut world, agent, conversation).unwrap();
    let accounts: Vec<&str> = world.work.sends.iter().map(|it| &*it.account).collect();
    assert_eq!(accounts, ["till", "whatsapp"]);
}

#[test]
fn nobody_answers_on_the_leg_of_another_conversation() {
    let mut world = World::new(SETTINGS);
    let agent = world.agent(1_000);
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    world.hears("whatsapp", sender("whatsapp", "siti"), "2", "Halo");
    let [one, other] = world.all_conversations()[..] else { panic!() };
    let leg = world.tenant.conversations().legs(other).next().unwrap().id;
    let said = world.step(|tenant, accounts, step| {
        tenant.reply(&Actor::Agent(agent), (one, Some(leg)), words("x"), accounts, step)
    });
    assert!(matches!(said, Err(ActionError::NoLeg)));
    assert_eq!(world.work.sends.len(), 0);
}

#[test]
fn a_receipt_may_be_faster_than_the_answer_to_the_request() {
    let mut world = World::new(SETTINGS);
    let agent = world.agent(1_000);
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    let message = reply(&mut world, agent, conversation).unwrap();
    let native = ProviderId::new("native 9").unwrap();
    let receipt = Receipt::new(native.clone(), ReceiptStatus::Delivered);
    comes(&mut world, "whatsapp", budi(), "2", receipt);
    let report = SendReport::sent(&world.work.sends[0].clone(), vec![native]);
    world.step(|tenant, _, step| tenant.report(&report, step));
    let said = world.tenant.conversations().message(message).unwrap();
    assert_eq!(said.delivery().unwrap().status, DeliveryStatus::Delivered);
    world.assert_replays();
}

#[test]
fn doubt_ends_by_a_receipt_or_by_hand_part_by_part() {
    let mut world = World::new(SETTINGS);
    let agent = Actor::Agent(world.agent(1_000));
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    let long = words(&"a".repeat(6_000));
    let message = world.step(|tenant, accounts, step| {
        tenant.reply(&agent, (conversation, None), long, accounts, step).unwrap()
    });
    let sends = world.work.sends.clone();
    assert_eq!(sends.len(), 2, "two parts");
    let unsent = SendReport::unsent(&sends[0], true, "no answer");
    let sent = SendReport::sent(&sends[1], vec![ProviderId::new("native 2").unwrap()]);
    world.step(|tenant, _, step| tenant.report(&unsent, step));
    world.step(|tenant, _, step| tenant.report(&sent, step));
    assert_eq!(world.tenant.ambiguous(), [(message, sends[0].row)], "the other part says nothing");
    // What had been written on the second part says nothing of the first either.
    let noted = |note: &str| {
        let mut receipt =
            Receipt::new(ProviderId::new("native x").unwrap(), ReceiptStatus::Delivered);
        receipt.note = Some(Written::new(note).unwrap());
        receipt
    };
    comes(&mut world, "whatsapp", budi(), "2", noted(&format!("{message}/1")));
    assert_eq!(world.tenant.ambiguous().len(), 1);
    comes(&mut world, "whatsapp", budi(), "3", noted(&format!("{message}/0")));
    assert_eq!(world.tenant.ambiguous(), []);
    assert_eq!(world.work.settled, [(sends[0].row, true)]);

    let second = world.step(|tenant, accounts, step| {
        tenant.reply(&agent, (conversation, None), words("x"), accounts, step).unwrap()
    });
    let unsent = SendReport::unsent(&world.work.sends[2].clone(), true, "no answer");
    world.step(|tenant, _, step| tenant.report(&unsent, step));
    world.step(|tenant, _, step| tenant.reconcile(second, false, step));
    assert_eq!(world.tenant.ambiguous(), []);
    let said = world.tenant.conversations().message(second).unwrap();
    assert_eq!(said.delivery().unwrap().status, DeliveryStatus::Failed);
    world.assert_replays();
}

#[test]
fn a_handover_that_nobody_took_does_not_stand_in_the_way() {
    let mut world = World::new(SETTINGS);
    let (ana, dewi) = (world.agent(1_000), AgentId::new(Uuid::from_u128(7)));
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    let tono = world.agent(1_001);
    world.step(|tenant, _, step| tenant.set_agent(kontak_routing::Agent::new(dewi), step));
    let transfer = |world: &mut World, from: AgentId, to: AgentId| {
        let to = (HandoverTarget::Agent(to), HandoverKind::Cold);
        world.step(|tenant, _, step| {
            tenant.transfer(&Actor::Agent(from), conversation, to, None, step)
        })
    };
    // Dewi is not there: after a while somebody else has it.
    transfer(&mut world, ana, dewi).unwrap();
    while let Some(due) = world.tenant.next_deadline()
        && world.tenant.conversations().conversation(conversation).unwrap().agent != Some(tono)
    {
        world.now = world.now.max(due);
        world.step_now(|tenant, _, step| tenant.handle_timeout(step));
    }
    let dina = world.agent(1_002);
    transfer(&mut world, tono, dina).unwrap();
    let state = world.tenant.conversations();
    let known = state.conversation(conversation).unwrap();
    assert_eq!(known.agent, Some(dina));
    let last = state.handover(*known.handovers().last().unwrap()).unwrap();
    assert!(matches!(last.state, HandoverState::Accepted { by, .. } if by == dina), "{last:?}");
}

#[test]
fn an_account_that_a_platform_names_anew_is_the_same() {
    let mut world = World::new(SETTINGS);
    world.hears("whatsapp", sender("whatsapp", "user 7"), "1", "AC saya rusak");
    let mut anew = sender("whatsapp", "user 77");
    anew.also.push(sender("whatsapp", "user 7").touchpoint);
    world.hears("whatsapp", anew, "2", "Halo?");
    let conversations = world.all_conversations();
    assert_eq!(conversations.len(), 1);
    assert_eq!(world.tenant.conversations().legs(conversations[0]).len(), 1);
    world.assert_replays();
}

#[test]
fn a_provider_whose_clock_is_ahead_tells_no_future() {
    let mut world = World::new(SETTINGS);
    let tomorrow = world.now + TimeDelta::days(1);
    world.receive("whatsapp", &said("whatsapp", budi(), "1", "AC saya rusak", tomorrow));
    assert_eq!(world.tenant.next_deadline(), Some(world.now + TimeDelta::minutes(15)));
}

#[test]
fn what_only_time_decides_is_decided_in_time() {
    let mut world = World::new(SETTINGS);
    let agent = Actor::Agent(world.agent(1_000));
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    world.step(|tenant, _, step| tenant.resolve(&agent, conversation, step).unwrap());
    let decided = |world: &mut World| {
        let view = world.tenant.metrics();
        let all = (view.all_time(), Filter::all());
        view.report("kontak.first_contact_resolution", &all.0, &all.1).unwrap().n.get()
    };
    assert_eq!(decided(&mut world), 0, "they may still come back");
    while let Some(due) = world.tenant.next_deadline() {
        world.now = world.now.max(due);
        world.step_now(|tenant, _, step| tenant.handle_timeout(step));
    }
    assert_eq!(decided(&mut world), 1);
}

#[test]
fn the_rules_of_the_settings_are_in_force_and_recorded_when_they_change() {
    let mut world = World::new(SETTINGS);
    assert_eq!(world.tenant.conversations().policy().sla.targets.len(), 1);
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let due = world.now + TimeDelta::minutes(15) - TimeDelta::seconds(1);
    assert_eq!(world.tenant.next_deadline(), Some(due));
    let mut settings = world.tenant.settings().clone();
    settings.conversation.sla.targets.clear();
    let records = world.work.records.len();
    world.step(|tenant, _, step| tenant.set_rules(settings.clone(), step).unwrap());
    assert_eq!(world.work.records.len(), records + 1);
    world.step(|tenant, _, step| tenant.set_rules(settings, step).unwrap());
    assert_eq!(world.work.records.len(), records + 1, "the same rules are no news");
    assert_eq!(world.tenant.next_deadline(), None);
}

#[test]
fn who_snoozes_a_conversation_is_free_until_it_wakes() {
    let mut world = World::new(SETTINGS);
    let agent = world.agent(1_000);
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    let until = world.now + TimeDelta::minutes(5);
    let to = Status::Snoozed { until };
    let snooze = kontak_conversation::Command::SetStatus { conversation, to };
    world.step(|tenant, _, step| tenant.command(&Actor::Agent(agent), snooze, step).unwrap());
    assert_eq!(state(&world, conversation), Some(ItemState::Parked));
    world.now = until;
    world.step_now(|tenant, _, step| tenant.handle_timeout(step));
    assert_eq!(status(&world, conversation), Status::Open);
    assert_eq!(state(&world, conversation), Some(ItemState::Active));
}

#[test]
fn what_was_due_is_done_before_anybody_looks_where_a_contact_stands() {
    let settings =
        SETTINGS.replace("[centre.queues.care]", "[centre.queues.care]\nbot_seconds = 60");
    let mut world = World::new(&settings);
    let agent = world.agent(1_000);
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    assert_eq!(state(&world, conversation), Some(ItemState::Held));
    // By now the bot's time is over, and the agent has it: to be ended, not to be left.
    world.now += TimeDelta::seconds(61);
    let actor = Actor::Agent(agent);
    world.step(|tenant, _, step| tenant.resolve(&actor, conversation, step).unwrap());
    assert_eq!(state(&world, conversation), None, "it is over for whoever had it");
    assert_eq!(world.tenant.routing().work_of(agent), []);
    world.assert_replays();
}

#[test]
fn nothing_is_kept_of_what_went_out_to_somebody_who_was_erased_meanwhile() {
    let mut world = World::new(SETTINGS);
    let agent = world.agent(1_000);
    world.hears("whatsapp", budi(), "1", "AC saya rusak");
    let conversation = world.all_conversations()[0];
    reply(&mut world, agent, conversation).unwrap();
    let known = world.tenant.conversations();
    let customer = known.conversation(conversation).unwrap().customer;
    let touchpoint = known.legs(conversation).next().unwrap().touchpoint;
    world.step(|tenant, _, step| tenant.erase_customer(&Actor::System, customer, step)).unwrap();
    let sent = ProviderId::new("what the provider calls it").unwrap();
    let report = SendReport::sent(&world.work.sends[0].clone(), vec![sent.clone()]);
    world.step(|tenant, _, step| tenant.report(&report, step));
    assert!(world.tenant.reach(touchpoint).is_none());
    let last = serde_json::to_string(&world.work.records.last().unwrap().record).unwrap();
    assert!(!last.contains(sent.as_str()));
    world.assert_replays();
    // A receipt still finds it.
    let receipt = Receipt::new(sent, ReceiptStatus::Read);
    let message = world.work.sends[0].id.message;
    comes(&mut world, "whatsapp", sender("whatsapp", "rini"), "2", receipt);
    let said = world.tenant.conversations().message(message).unwrap();
    assert_eq!(said.delivery().unwrap().status, DeliveryStatus::Read);
}
