//! What a running desk meets: bots, slow systems, slow listeners, erasure, stops.

use crate::shop::{Shared, TENANT, bytes, keys, message, request};
use crate::world::{SECRET, SETTINGS};
use kontak_channel::content::Content;
use kontak_channel::{
    Channel, MemoryCodec, Sender, Transport, TransportError, WireRequest, WireResponse, Wired,
};
use kontak_conversation::{Actor, DeliveryStatus};
use kontak_desk::{
    Automation, AutomationOutcome, Desk, DeskBuilder, Enriched, Enrichment, Notice, Settings,
};
use kontak_routing::{Agent, Hold};
use kontak_storage::{
    Inbox, InboxPosition, Journal, MemoryStorage, Outbox, OutboxPosition, OutboxState, Position,
};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, CustomerId, MessageId, WorkItemId};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

pub(crate) const ANA: AgentId = AgentId::new(Uuid::from_u128(500));
pub(crate) const LONG: Duration = Duration::from_secs(30);

pub(crate) fn builder(
    storage: &Arc<MemoryStorage>,
    transport: impl Transport + 'static,
) -> DeskBuilder {
    let channel: Arc<dyn Channel> = Arc::new(Wired::new(MemoryCodec::new("shop"), transport));
    Desk::builder(Arc::clone(storage) as Arc<_>, TENANT, SECRET)
        .settings(toml::from_str(SETTINGS).unwrap())
        .account(channel, keys())
        .lease(Duration::from_millis(900))
}

async fn sign_in(desk: &Desk) {
    let agent = Agent::new(ANA).with_channel("memory", 1_000).with_capacity(1_000_000);
    desk.sign_in(agent).await.unwrap();
}

pub(crate) async fn until<T>(notices: &mut Receiver<Notice>, pick: fn(&Notice) -> Option<T>) -> T {
    let wait = async {
        loop {
            if let Some(found) = pick(&notices.recv().await.unwrap()) {
                return found;
            }
        }
    };
    timeout(LONG, wait).await.unwrap()
}

pub(crate) fn opened(notice: &Notice) -> Option<(ConversationId, CustomerId)> {
    match notice {
        Notice::Opened { conversation, customer } => Some((*conversation, *customer)),
        _ => None,
    }
}

async fn delivery(desk: &Desk, message: MessageId) -> Option<DeliveryStatus> {
    let status = desk.step(move |tenant, _, _| {
        let said = tenant.conversations().message(message)?;
        Some(said.delivery()?.status)
    });
    status.await.unwrap()
}

pub(crate) async fn sent(desk: &Desk, message: MessageId) {
    let wait = async {
        while delivery(desk, message).await != Some(DeliveryStatus::Sent) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(LONG, wait).await.unwrap();
}

/// A customer writes; the agent has the conversation.
async fn begin(desk: &Desk, text: &str) -> (ConversationId, CustomerId) {
    timeout(LONG, desk.owned()).await.unwrap().unwrap();
    sign_in(desk).await;
    let mut notices = desk.subscribe();
    desk.inbound("shop", &request(&[message("1", "budi", text)])).await.unwrap();
    until(&mut notices, opened).await
}

pub(crate) async fn reply(desk: &Desk, conversation: ConversationId, text: &str) -> MessageId {
    let content = Content::plain(text).unwrap();
    desk.reply(Actor::Agent(ANA), conversation, content).await.unwrap()
}

struct Bot;

#[async_trait::async_trait]
impl Automation for Bot {
    async fn on_message(
        &self,
        desk: &Desk,
        conversation: ConversationId,
        _message: MessageId,
    ) -> AutomationOutcome {
        let content = Content::plain("Halo, saya robot.").unwrap();
        desk.reply(Actor::Bot("greeter".into()), conversation, content).await.unwrap();
        AutomationOutcome::HandOver
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_looks_first_and_people_go_on() {
    let storage = Arc::new(MemoryStorage::new());
    let settings =
        SETTINGS.replace("[centre.queues.care]", "[centre.queues.care]\nbot_seconds = 600");
    let settings: Settings = toml::from_str(&settings).unwrap();
    let provider = Shared(Arc::default());
    let desk = builder(&storage, provider.clone()).settings(settings).automation(Arc::new(Bot));
    let desk = desk.start().unwrap();
    timeout(LONG, desk.owned()).await.unwrap().unwrap();
    sign_in(&desk).await;
    let mut notices = desk.subscribe();
    desk.inbound("shop", &request(&[message("1", "budi", "AC saya rusak")])).await.unwrap();
    let conversation = until(&mut notices, |notice| match notice {
        Notice::Assigned { conversation, agent: Some(ANA) } => Some(*conversation),
        _ => None,
    });
    let conversation = conversation.await;
    let authors = desk.step(move |tenant, _, _| {
        let said = tenant.conversations().messages(conversation);
        said.map(|it| it.said.author.is_ours()).collect::<Vec<_>>()
    });
    assert_eq!(authors.await.unwrap(), [false, true], "the bot has answered by then");
    desk.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn until_the_bot_is_through_nobody_else_is_asked() {
    struct Never;
    #[async_trait::async_trait]
    impl Automation for Never {
        async fn on_message(&self, _: &Desk, _: ConversationId, _: MessageId) -> AutomationOutcome {
            AutomationOutcome::Handled
        }
    }
    let storage = Arc::new(MemoryStorage::new());
    let settings =
        SETTINGS.replace("[centre.queues.care]", "[centre.queues.care]\nbot_seconds = 600");
    let settings: Settings = toml::from_str(&settings).unwrap();
    let desk = builder(&storage, Shared(Arc::default())).settings(settings);
    let desk = desk.automation(Arc::new(Never)).start().unwrap();
    let (conversation, _) = begin(&desk, "AC saya rusak").await;
    let held = desk.step(move |tenant, _, _| {
        tenant.routing().find(WorkItemId::new(*conversation.as_uuid())).and_then(|at| at.hold)
    });
    assert_eq!(held.await.unwrap(), Some(Hold::Bot));
    desk.shut_down().await;
}

struct Slow;

#[async_trait::async_trait]
impl Enrichment for Slow {
    async fn look_up(&self, _: &Sender, _: Option<&Content>) -> Enriched {
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        Enriched::nothing()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_that_does_not_answer_holds_up_a_request_once() {
    let storage = Arc::new(MemoryStorage::new());
    let desk = builder(&storage, Shared(Arc::default()))
        .enrichment(Arc::new(Slow))
        .enrichment_within(Duration::from_millis(50));
    let desk = desk.start().unwrap();
    timeout(LONG, desk.owned()).await.unwrap().unwrap();
    let many: Vec<_> = (0..200).map(|it| message(&it.to_string(), "budi", "halo")).collect();
    // One after the other they would take ten seconds: the provider would not wait.
    timeout(Duration::from_secs(5), desk.inbound("shop", &request(&many))).await.unwrap().unwrap();
    let kept = storage.read_inbox(TENANT, InboxPosition::START, 1_000).await.unwrap();
    assert_eq!(kept.len(), 200);
    desk.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_listener_loses_the_oldest_and_holds_nobody_up() {
    let storage = Arc::new(MemoryStorage::new());
    let desk = builder(&storage, Shared(Arc::default())).start().unwrap();
    timeout(LONG, desk.owned()).await.unwrap().unwrap();
    let mut slow = desk.subscribe();
    let many: Vec<_> = (0..5_000).map(|it| message(&it.to_string(), "budi", "halo")).collect();
    for some in many.chunks(500) {
        desk.inbound("shop", &request(some)).await.unwrap();
    }
    let wait = async {
        loop {
            let heard = desk.step(|tenant, _, _| {
                let known = tenant.identity().customers().next().map(|it| it.id())?;
                let state = tenant.conversations();
                Some(
                    state
                        .of_customer(known)
                        .map(kontak_conversation::Conversation::message_count)
                        .sum::<usize>(),
                )
            });
            if heard.await.unwrap() == Some(5_000) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(LONG, wait).await.unwrap();
    assert!(matches!(slow.recv().await, Err(RecvError::Lagged(_))));
    assert!(slow.recv().await.is_ok());
    desk.shut_down().await;
}

pub(crate) async fn assert_gone(storage: &MemoryStorage, canaries: &[&str]) {
    let bytes = bytes(storage, TENANT).await;
    for canary in canaries {
        let found = bytes.windows(canary.len()).any(|part| part == canary.as_bytes());
        assert!(!found, "{canary} is still in the store");
    }
}

pub(crate) const CANARIES: [&str; 5] =
    ["kanari-budi", "kanari-kata", "kanari-ubah", "kanari-dulu", "kanari-jawab"];

/// A customer with words everywhere: said, edited, edited before it was said, answered.
pub(crate) async fn chatter(desk: &Desk) -> (ConversationId, CustomerId) {
    timeout(LONG, desk.owned()).await.unwrap().unwrap();
    sign_in(desk).await;
    let mut notices = desk.subscribe();
    let edit = |target: &str, text: &str| kontak_channel::MemoryItem::Edit {
        target: target.into(),
        from: "kanari-budi".into(),
        text: text.into(),
        at: kontak_desk::Clock::now(&kontak_desk::SystemClock),
    };
    desk.inbound("shop", &request(&[message("1", "kanari-budi", "kanari-kata")])).await.unwrap();
    let found = until(&mut notices, opened).await;
    desk.inbound("shop", &request(&[edit("1", "kanari-ubah"), edit("2", "kanari-dulu")]))
        .await
        .unwrap();
    desk.inbound("shop", &request(&[message("2", "kanari-budi", "kanari-kata lagi")]))
        .await
        .unwrap();
    desk.inbound("shop", &request(&[message("3", "rini", "Halo")])).await.unwrap();
    let id = reply(desk, found.0, "kanari-jawab").await;
    sent(desk, id).await;
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_forgotten_is_nowhere_and_still_counts() {
    let storage = Arc::new(MemoryStorage::new());
    let provider = Shared(Arc::default());
    let desk = builder(&storage, provider.clone()).snapshot_every(5).start().unwrap();
    let (conversation, customer) = chatter(&desk).await;
    desk.erase_customer(Actor::System, customer).await.unwrap();
    assert_gone(&storage, &CANARIES).await;
    let counted = desk.step(move |tenant, _, _| {
        let messages = tenant.conversations().messages(conversation).count();
        let view = tenant.metrics();
        let all = kontak_metrics::Filter::all();
        let report = view.report("kontak.conversations", &view.all_time(), &all).unwrap();
        (messages, format!("{:?}", report.statistic), tenant.to_forget().count())
    });
    assert_eq!(counted.await.unwrap(), (3, "Count { count: Count(2) }".to_owned(), 0));
    desk.shut_down().await;
    assert_gone(&storage, &CANARIES).await;
    // And from the journal, too.
    let again = builder(&storage, provider).start().unwrap();
    timeout(LONG, again.owned()).await.unwrap().unwrap();
    again.shut_down().await;
    assert_gone(&storage, &CANARIES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_to_be_forgotten_when_the_process_died_is_forgotten_by_the_next() {
    let storage = Arc::new(MemoryStorage::new());
    let provider = Shared(Arc::default());
    let desk = builder(&storage, provider.clone()).start().unwrap();
    let (_, customer) = chatter(&desk).await;
    // The step alone: the store is not asked, as where the process dies before it is.
    let erased = desk.step(move |tenant, _, step| {
        tenant.erase_customer(&Actor::System, customer, step).unwrap();
    });
    erased.await.unwrap();
    desk.shut_down().await;
    let next = builder(&storage, provider).start().unwrap();
    timeout(LONG, next.owned()).await.unwrap().unwrap();
    assert_gone(&storage, &CANARIES).await;
    next.shut_down().await;
}

/// A provider that takes its time.
#[derive(Clone)]
struct Patient(Shared, Duration);

#[async_trait::async_trait]
impl Transport for Patient {
    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportError> {
        tokio::time::sleep(self.1).await;
        self.0.exchange(request).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_that_is_shut_down_finishes_what_it_was_sending() {
    let storage = Arc::new(MemoryStorage::new());
    let provider = Shared(Arc::default());
    let slow = Patient(provider.clone(), Duration::from_millis(200));
    let desk = builder(&storage, slow).start().unwrap();
    let (conversation, _) = begin(&desk, "halo").await;
    let id = reply(&desk, conversation, "Baik.").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    desk.shut_down().await;
    let next = builder(&storage, provider.clone()).start().unwrap();
    timeout(LONG, next.owned()).await.unwrap().unwrap();
    assert_eq!(next.step(|tenant, _, _| tenant.ambiguous()).await.unwrap(), []);
    assert_eq!(delivery(&next, id).await, Some(DeliveryStatus::Sent));
    assert_eq!(provider.asked().into_values().collect::<Vec<_>>(), [1]);
    next.shut_down().await;
}

#[test]
fn what_was_being_sent_when_the_process_died_is_told_and_can_be_settled() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let storage = Arc::new(MemoryStorage::new());
    let provider = Shared(Arc::default());
    let first = runtime();
    let id = first.block_on(async {
        let slow = Patient(provider.clone(), Duration::from_secs(3_600));
        let desk = builder(&storage, slow).start().unwrap();
        let (conversation, _) = begin(&desk, "halo").await;
        let id = reply(&desk, conversation, "Baik.").await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        id
    });
    first.shutdown_background();
    runtime().block_on(async {
        let next = builder(&storage, provider.clone()).start().unwrap();
        timeout(LONG, next.owned()).await.unwrap().unwrap();
        let ambiguous = next.step(|tenant, _, _| tenant.ambiguous()).await.unwrap();
        assert_eq!(ambiguous.iter().map(|(it, _)| *it).collect::<Vec<_>>(), [id]);
        next.reconcile(id, true).await.unwrap();
        assert_eq!(delivery(&next, id).await, Some(DeliveryStatus::Sent));
        let left = storage.read_outbox(TENANT, OutboxState::Ambiguous, OutboxPosition::START, 9);
        assert_eq!(left.await.unwrap().len(), 0);
        assert_eq!(provider.asked().len(), 0, "nothing was sent again");
        next.shut_down().await;
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_settings_are_in_force_after_a_start_and_leave_the_past_as_it_was() {
    let storage = Arc::new(MemoryStorage::new());
    let provider = Shared(Arc::default());
    let desk = builder(&storage, provider.clone()).start().unwrap();
    let (conversation, _) = begin(&desk, "halo").await;
    let look = move |tenant: &mut kontak_desk::Tenant| {
        let item = WorkItemId::new(*conversation.as_uuid());
        (tenant.routing().find(item), tenant.conversations().policy().sla.targets.len())
    };
    let (before, targets) = desk.step(move |tenant, _, _| look(tenant)).await.unwrap();
    assert_eq!(targets, 1);
    // It dies: there is no snapshot, and the journal is replayed under other settings.
    let other = "
        routes = [{ queue = 'aftersales' }]
        [centre.queues.aftersales]
        most_waiting = 1
        [centre.queues.care]
    ";
    let other: Settings = toml::from_str(other).unwrap();
    drop(desk);
    let journal = storage.read(TENANT, Position::START, 10_000).await.unwrap();
    let copy = Arc::new(MemoryStorage::new());
    replay_into(&copy, &journal).await;
    let next = builder(&copy, provider).settings(other).start().unwrap();
    timeout(LONG, next.owned()).await.unwrap().unwrap();
    let (after, targets) = next.step(move |tenant, _, _| look(tenant)).await.unwrap();
    assert_eq!((after, targets), (before, 0));
    next.shut_down().await;
}

/// Another store with the same journal.
async fn replay_into(storage: &MemoryStorage, journal: &[kontak_storage::Event]) {
    use kontak_storage::{Commit, EventKind, Leases, NewEvent};
    let now = kontak_desk::Clock::now(&kontak_desk::SystemClock);
    let lease = storage.acquire(TENANT, "copy", now, now + Duration::from_secs(60)).await.unwrap();
    let mut commit = Commit::new(Position::START, now);
    commit.events = journal
        .iter()
        .map(|event| {
            let kind = EventKind::new(event.kind.engine().to_owned(), event.kind.version());
            NewEvent::new(kind, event.payload.as_bytes().to_vec())
        })
        .collect();
    storage.append(&lease, commit).await.unwrap();
    storage.release(&lease).await.unwrap();
}
