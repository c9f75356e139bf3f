//! Desks over one store: two tenants of one database, and two owners of one tenant.

use crate::postgres::Server;
use crate::shop::{Shared, bytes, keys, message, request};
use crate::world::SETTINGS;
use kontak_channel::content::Content;
use kontak_channel::{Channel, MemoryCodec, Wired};
use kontak_conversation::Actor;
use kontak_desk::{Clock as _, Desk, DeskError, Standing, SystemClock};
use kontak_routing::Agent;
use kontak_storage::{PostgresStorage, SqliteStorage, Storage, TenantId};
use kontak_types::AgentId;
use kontak_types::uuid::Uuid;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};

const CUSTOMERS: [&str; 4] = ["budi", "rini", "sari", "joko"];
const ROUNDS: usize = 6;
const LONG: Duration = Duration::from_secs(60);

/// A folder of a test's own, gone with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = format!("kontak-desk-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// One of the tenants: the same customers, accounts and messages as the other's, in words of its own.
struct Tenant {
    id: TenantId,
    word: &'static str,
    provider: Shared,
    desk: Desk,
}

fn tenant(storage: &Arc<dyn Storage>, number: u8, word: &'static str) -> Tenant {
    let (id, provider) = (TenantId::new(Uuid::from_u128(number.into())), Shared(Arc::default()));
    let channel: Arc<dyn Channel> =
        Arc::new(Wired::new(MemoryCodec::new("shop"), provider.clone()));
    let desk = Desk::builder(Arc::clone(storage), id, [number; 16])
        .settings(toml::from_str(SETTINGS).unwrap())
        .account(channel, keys())
        .snapshot_every(50)
        .start()
        .unwrap();
    Tenant { id, word, provider, desk }
}

impl Tenant {
    /// Everybody writes, again and again, and is answered.
    async fn work(&self) {
        timeout(LONG, self.desk.owned()).await.unwrap().unwrap();
        let agent = AgentId::new(Uuid::from_u128(500));
        self.desk.sign_in(Agent::new(agent).with_channel("memory", 100)).await.unwrap();
        for round in 0..ROUNDS {
            for customer in CUSTOMERS {
                let (id, text) = (format!("{customer}-{round}"), format!("ada {}?", self.word));
                self.desk
                    .inbound("shop", &request(&[message(&id, customer, &text)]))
                    .await
                    .unwrap();
            }
            let answer = format!("ya, {} ada", self.word);
            let answered = self.desk.step(move |tenant, accounts, step| {
                let known: Vec<_> = tenant.identity().customers().map(|it| it.id()).collect();
                let state = tenant.conversations();
                let all = known.into_iter().flat_map(|customer| state.of_customer(customer));
                let all: Vec<_> = all.map(|it| it.id).collect();
                for conversation in all {
                    let content = Content::plain(&*answer).unwrap();
                    let actor = Actor::Agent(agent);
                    tenant.reply(&actor, (conversation, None), content, accounts, step).unwrap();
                }
            });
            answered.await.unwrap();
        }
    }

    async fn counts(&self) -> (usize, usize) {
        let counts = self.desk.step(|tenant, _, _| {
            let known: Vec<_> = tenant.identity().customers().map(|it| it.id()).collect();
            let state = tenant.conversations();
            let all = known.iter().flat_map(|customer| state.of_customer(*customer));
            let said = all.flat_map(|it| state.messages(it.id));
            let asked = said.filter(|it| matches!(it.said.author, Actor::Customer(_)));
            (known.len(), asked.count())
        });
        counts.await.unwrap()
    }

    async fn assert_apart(&self, storage: &dyn Storage, other: &str) {
        assert_eq!(self.counts().await, (CUSTOMERS.len(), CUSTOMERS.len() * ROUNDS));
        self.desk.shut_down().await;
        let bytes = bytes(storage, self.id).await;
        let holds = |word: &str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
        assert!(holds(self.word) && !holds(other), "{} and {other}", self.word);
        assert!(self.provider.asked().len() >= CUSTOMERS.len());
        assert!(self.provider.asked().values().all(|times| *times == 1));
    }
}

async fn assert_nothing_crosses(storage: Arc<dyn Storage>) {
    let (mango, durian) = (tenant(&storage, 1, "mangga"), tenant(&storage, 2, "durian"));
    tokio::join!(mango.work(), durian.work());
    // Who is forgotten by one is known to the other.
    let third = tenant(&storage, 3, "salak");
    third.work().await;
    let customer =
        third.desk.step(|tenant, _, _| tenant.identity().customers().next().unwrap().id());
    let customer = customer.await.unwrap();
    third.desk.erase_customer(Actor::System, customer).await.unwrap();
    assert_eq!(third.counts().await.0, CUSTOMERS.len() - 1);
    third.desk.shut_down().await;
    mango.assert_apart(&*storage, durian.word).await;
    durian.assert_apart(&*storage, mango.word).await;
    let sent = |tenant: &Tenant| tenant.provider.asked().into_keys().collect::<Vec<_>>();
    assert!(sent(&mango).iter().all(|key| !sent(&durian).contains(key)));
}

/// A desk whose tenant was taken stores nothing any more, and says so.
async fn assert_fenced(storage: Arc<dyn Storage>) {
    let Tenant { id, desk, .. } = tenant(&storage, 9, "nanas");
    timeout(LONG, desk.owned()).await.unwrap().unwrap();
    desk.inbound("shop", &request(&[message("1", "budi", "halo")])).await.unwrap();
    desk.step(|_, _, _| ()).await.unwrap();
    let later = SystemClock.now() + Duration::from_secs(3_600);
    let until = later + Duration::from_secs(3_600);
    let lease = storage.acquire(id, "somebody else", later, until).await.unwrap();
    let head = storage.progress(id).await.unwrap().journal;
    let agent = Agent::new(AgentId::new(Uuid::from_u128(1)));
    let refused = desk.sign_in(agent).await.unwrap_err();
    assert!(matches!(refused, DeskError::NotStored | DeskError::NotOwner), "{refused:?}");
    // It takes in all the same, and leaves what came to whoever has the tenant.
    desk.inbound("shop", &request(&[message("2", "budi", "halo?")])).await.unwrap();
    sleep(Duration::from_millis(50)).await;
    let progress = storage.progress(id).await.unwrap();
    assert_eq!(progress.journal, head);
    assert_eq!((progress.inbox.number(), progress.inbox_cursor.number()), (2, 1));
    assert_eq!(desk.standing(), Standing::Standby);
    storage.release(&lease).await.unwrap();
    timeout(LONG, desk.owned()).await.unwrap().unwrap();
    desk.step(|_, _, _| ()).await.unwrap();
    assert_eq!(storage.progress(id).await.unwrap().inbox_cursor.number(), 2);
    desk.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_one_sqlite_file() {
    let folder = Folder::new("sqlite");
    let storage: Arc<dyn Storage> =
        Arc::new(SqliteStorage::open(folder.0.join("desk.db")).await.unwrap());
    assert_nothing_crosses(Arc::clone(&storage)).await;
    assert_fenced(storage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_one_postgres_database() {
    let folder = Folder::new("postgres");
    let Some(server) = Server::start(&folder.0.join("server")).unwrap() else { return };
    let storage: Arc<dyn Storage> =
        Arc::new(PostgresStorage::connect(server.address()).await.unwrap());
    assert_nothing_crosses(Arc::clone(&storage)).await;
    assert_fenced(storage).await;
}
