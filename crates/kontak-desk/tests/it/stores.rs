//! A shop over any store, which opens again where it was; its clock is turned by hand.

use crate::postgres::Server;
use crate::shop::{Shared, keys};
use crate::together::Folder;
use crate::world::SECRET;
use kontak_channel::chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::content::Content;
use kontak_channel::{Channel, MemoryCodec, MemoryItem, RawRequest, Wired};
use kontak_conversation::{Actor, DeliveryStatus};
use kontak_desk::{Clock, Desk, ReachRecord, Touched};
use kontak_identity::Observation;
use kontak_metrics::Filter;
use kontak_routing::Agent;
use kontak_storage::{
    Encrypted, EncryptionKeys, Erasure, MemoryStorage, Position, PostgresStorage, SqliteStorage,
    Storage, Subject, TenantId,
};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId, TouchpointKey};
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::timeout;

pub(crate) const ANA: AgentId = AgentId::new(Uuid::from_u128(500));
const LONG: Duration = Duration::from_secs(60);

/// Where a shop is kept.
pub(crate) enum Place {
    Memory(Arc<MemoryStorage>),
    Sealed(Arc<Encrypted<MemoryStorage>>),
    File(Folder),
    SealedFile(Folder),
    Server(Server, #[expect(dead_code, reason = "it goes with the server")] Folder),
}

fn sealed<S>(storage: S) -> Encrypted<S> {
    Encrypted::new(storage, EncryptionKeys::new([1; 32], 1, [2; 32]))
}

impl Place {
    pub(crate) fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    pub(crate) fn sealed() -> Self {
        Self::Sealed(Arc::new(sealed(MemoryStorage::new())))
    }

    /// Nothing, and a line that says so, where no PostgreSQL is installed.
    pub(crate) fn server(name: &str) -> Option<Self> {
        let folder = Folder::new(name);
        let server = Server::start(&folder.0.join("server")).unwrap()?;
        Some(Self::Server(server, folder))
    }

    pub(crate) async fn open(&self) -> Arc<dyn Storage> {
        let file = |folder: &Folder| SqliteStorage::open(folder.0.join("desk.db"));
        match self {
            Self::Memory(storage) => Arc::clone(storage) as Arc<_>,
            Self::Sealed(storage) => Arc::clone(storage) as Arc<_>,
            Self::File(folder) => Arc::new(file(folder).await.unwrap()),
            Self::SealedFile(folder) => Arc::new(sealed(file(folder).await.unwrap())),
            Self::Server(server, _) => {
                Arc::new(PostgresStorage::connect(server.address()).await.unwrap())
            }
        }
    }
}

/// Time stands still until it is told, and ids are counted.
pub(crate) struct Turned {
    micros: AtomicI64,
    next: AtomicU64,
}

impl Clock for Turned {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.micros.load(Ordering::SeqCst)).unwrap()
    }

    fn id(&self) -> Uuid {
        Uuid::from_u128(1 << 80 | u128::from(self.next.fetch_add(1, Ordering::SeqCst)))
    }
}

/// A desk over a store, and all that it takes to open it again.
pub(crate) struct Shop<'p> {
    place: &'p Place,
    tenant: TenantId,
    forgetful: bool,
    from_journal: bool,
    clock: Arc<Turned>,
    provider: Shared,
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) desk: Desk,
}

const SETTINGS: &str = "
    routes = [{ queue = 'care' }]
    [centre.queues.care]
    [[conversation.sla.targets]]
    id = 'answer'
    measure = 'first_response'
    within = '15m'
";

impl<'p> Shop<'p> {
    /// One that lets go at once, or never.
    pub(crate) async fn open(place: &'p Place, number: u128, forgetful: bool) -> Self {
        let tenant = TenantId::new(Uuid::from_u128(number));
        let began: DateTime<Utc> = "2026-03-02T02:00:00Z".parse().unwrap();
        let micros = AtomicI64::new(began.timestamp_micros());
        let clock = Arc::new(Turned { micros, next: AtomicU64::new(1) });
        let provider = Shared(Arc::default());
        let storage = place.open().await;
        let desk = desk(&storage, (tenant, &clock, &provider), (forgetful, false));
        timeout(LONG, desk.owned()).await.unwrap().unwrap();
        let agent = Agent::new(ANA).with_channel("memory", 1_000).with_capacity(1_000_000);
        desk.sign_in(agent).await.unwrap();
        Self { place, tenant, forgetful, from_journal: false, clock, provider, storage, desk }
    }

    /// Shuts it down, and leaves its store to whoever wants to do something to it.
    pub(crate) async fn close(&self) {
        self.desk.shut_down().await;
    }

    pub(crate) fn replay_journal_next(&mut self) {
        self.from_journal = true;
    }

    pub(crate) async fn open_again(&mut self) {
        self.close().await;
        self.storage = self.place.open().await;
        let parts = (self.tenant, &self.clock, &self.provider);
        self.desk = desk(&self.storage, parts, (self.forgetful, self.from_journal));
        timeout(LONG, self.desk.owned()).await.unwrap().unwrap();
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn pass(&self, time: TimeDelta) {
        self.clock.micros.fetch_add(time.num_microseconds().unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn says(&self, id: &str, from: &str, text: &str) -> MemoryItem {
        let (id, from, text, at) = (id.into(), from.into(), text.into(), self.now());
        MemoryItem::Message { id, from, text, at }
    }

    /// A request of the provider, and what follows from it.
    pub(crate) async fn hears(&self, items: &[MemoryItem]) {
        self.pass(TimeDelta::seconds(1));
        let request = RawRequest::post(
            "https://shop.example/hook".parse().unwrap(),
            serde_json::to_vec(items).unwrap(),
        )
        .with_header("x-memory-timestamp", &self.now().timestamp().to_string())
        .unwrap();
        let signature = MemoryCodec::scheme().sign(&request, keys().current()).unwrap();
        let request = request.with_header("x-memory-signature", &signature).unwrap();
        self.desk.inbound("shop", &request).await.unwrap();
        self.desk.step(|_, _, _| ()).await.unwrap();
    }

    pub(crate) async fn answer(&self, conversation: ConversationId, text: &str) -> MessageId {
        self.pass(TimeDelta::seconds(1));
        let content = Content::plain(text).unwrap();
        let id = self.desk.reply(Actor::Agent(ANA), conversation, content).await.unwrap();
        let sent = async {
            loop {
                let touched = vec![Touched::Message(id)];
                let status = self.desk.step_with(touched, move |tenant, _, _| {
                    let said = tenant.conversations().message(id)?;
                    Some(said.delivery()?.status)
                });
                if status.await.unwrap() == Some(DeliveryStatus::Sent) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        timeout(LONG, sent).await.unwrap();
        id
    }

    /// What the provider calls a message of ours.
    pub(crate) async fn knows_as(&self, message: MessageId) -> Box<str> {
        let sent = self.journal().await.into_iter().rev().find_map(|event| {
            let record = serde_json::from_str(event.strip_prefix("reach ")?).unwrap();
            match record {
                ReachRecord::Sent { id, ids, .. } if id.message == message => Some(ids),
                _ => None,
            }
        });
        sent.unwrap()[0].as_str().into()
    }

    pub(crate) async fn resolve(&self, conversation: ConversationId) {
        self.pass(TimeDelta::seconds(1));
        self.desk.resolve(Actor::Agent(ANA), conversation).await.unwrap();
    }

    /// Another system knows the number of an account. Returns what it said, to take it back.
    pub(crate) fn knows(&self, who: &str, number: &str) -> Observation {
        let key = TouchpointKey::new("memory", "shop", who);
        let id = TouchpointId::new(self.clock.id());
        let mut said = Observation::new(id, key, "crm", format!("row of {who}"), self.now())
            .with_verification(kontak_identity::Verification::Signed);
        let number: kontak_channel::address::PhoneNumber = number.parse().unwrap();
        let kind = number.number_type().into();
        said.identifiers.push(kontak_identity::Identifier::phone(number, kind));
        said
    }

    pub(crate) async fn customer(&self, who: &str) -> Option<CustomerId> {
        let key = TouchpointKey::new("memory", "shop", who);
        let found = self.desk.step(move |tenant, _, _| {
            let view = tenant.identity();
            Some(view.customer_of(view.touchpoint(&key)?)?.id())
        });
        found.await.unwrap()
    }

    /// All conversations of everybody, those that rest as well, in the order of their ids.
    pub(crate) async fn conversations(&self) -> Vec<ConversationId> {
        let all = self.desk.step(|tenant, _, _| {
            let known: Vec<_> = tenant.identity().customers().map(|it| it.id()).collect();
            let ids = known.into_iter().flat_map(|it| tenant.conversations().ids_of(it));
            let mut ids: Vec<_> = ids.collect();
            ids.sort_unstable();
            ids
        });
        all.await.unwrap()
    }

    pub(crate) async fn words(&self, id: ConversationId) -> Vec<String> {
        let touched = vec![Touched::Conversation(id)];
        let words = self.desk.step_with(touched, move |tenant, _, _| {
            let said = tenant.conversations().messages(id);
            said.map(|it| it.content().unwrap().plain_text().into_owned()).collect()
        });
        words.await.unwrap()
    }

    /// All that there is to see of conversations, and the numbers.
    pub(crate) async fn seen(&self) -> String {
        let mut seen = String::new();
        for id in self.conversations().await {
            let touched = vec![Touched::Conversation(id)];
            let known = self.desk.step_with(touched, move |tenant, _, _| {
                let state = tenant.conversations();
                let known = state.conversation(id).unwrap();
                let legs: Vec<_> = state.legs(id).collect();
                let said = state.messages(id).map(|it| {
                    let (said, delivery) = (serde_json::to_string(&it.content()), it.delivery());
                    format!("{:?} {} {delivery:?}", it.said.author, said.unwrap())
                });
                let said: Vec<_> = said.collect();
                format!("{:?} {:?} {legs:?} {said:?}", known.status, known.customer)
            });
            writeln!(seen, "{id} {}", known.await.unwrap()).unwrap();
        }
        seen + &self.numbers().await
    }

    pub(crate) async fn numbers(&self) -> String {
        let numbers = self.desk.step(|tenant, _, _| {
            let view = tenant.metrics();
            let metrics = [
                "kontak.conversations",
                "kontak.first_contact_resolution",
                "kontak.repeat_contact",
                "kontak.first_response",
                "kontak.service_level",
                "kontak.full_resolution",
            ];
            let report = |metric| {
                let report = view.report(metric, &view.all_time(), &Filter::all()).unwrap();
                format!("{metric}: {} {:?}", report.n, report.statistic)
            };
            metrics.map(report).join("\n")
        });
        numbers.await.unwrap()
    }

    /// The journal, as text.
    pub(crate) async fn journal(&self) -> Vec<String> {
        let events = self.storage.read(self.tenant, Position::START, 100_000).await.unwrap();
        let text = |event: &kontak_storage::Event| {
            let said = String::from_utf8_lossy(event.payload.as_bytes()).into_owned();
            format!("{} {said}", event.kind.engine())
        };
        events.iter().map(text).collect()
    }

    /// The parts of conversations that rest, by name.
    pub(crate) async fn resting(&self) -> Vec<String> {
        let at = self.storage.snapshot(self.tenant).await.unwrap().unwrap();
        let names = self.storage.part_names(self.tenant, at, "rest/", None, 1_000).await.unwrap();
        names.iter().map(|name| name.as_str().to_owned()).collect()
    }

    /// Publishes parts of a snapshot of somebody's making, of which some are gone, after the desk was
    /// shut down. Another store may stand for the shop's own.
    pub(crate) async fn tamper(
        &self,
        storage: &dyn Storage,
        (parts, gone): (Vec<kontak_storage::Part>, Vec<kontak_storage::PartName>),
    ) {
        let until = self.now() + TimeDelta::hours(1);
        let lease = storage.acquire(self.tenant, "somebody", self.now(), until).await.unwrap();
        let at = storage.snapshot(self.tenant).await.unwrap().unwrap();
        storage.stage(&lease, at, parts).await.unwrap();
        storage.publish(&lease, at, gone).await.unwrap();
        storage.release(&lease).await.unwrap();
    }

    /// Loses the snapshot.
    pub(crate) async fn lose_snapshot(&self) {
        let until = self.now() + TimeDelta::hours(1);
        let lease = self.storage.acquire(self.tenant, "somebody", self.now(), until).await.unwrap();
        let nobody = Subject::touchpoint(TouchpointId::new(Uuid::from_u128(u128::MAX)));
        let beyond = Position::new(1 << 40);
        let erasure = Erasure::new(vec![nobody], beyond, self.now());
        assert!(self.storage.erase(&lease, erasure).await.unwrap().snapshot);
        assert_eq!(self.storage.snapshot(self.tenant).await.unwrap(), None);
        self.storage.release(&lease).await.unwrap();
    }
}

fn desk(
    storage: &Arc<dyn Storage>,
    (tenant, clock, provider): (TenantId, &Arc<Turned>, &Shared),
    (forgetful, from_journal): (bool, bool),
) -> Desk {
    let channel: Arc<dyn Channel> =
        Arc::new(Wired::new(MemoryCodec::new("shop"), provider.clone()));
    let after = if forgetful { TimeDelta::zero() } else { TimeDelta::days(36_500) };
    let builder = Desk::builder(Arc::clone(storage), tenant, SECRET)
        .settings(toml::from_str(SETTINGS).unwrap())
        .account(channel, keys())
        .clock(Arc::clone(clock) as Arc<_>)
        .lease(Duration::from_secs(30))
        .snapshot_every(1)
        .evict_after(after);
    if from_journal { builder.replay_journal().start() } else { builder.start() }.unwrap()
}
