//! Nothing personal is in a log, a Debug output or an error.

use crate::shop::{Shared, TENANT, keys, message, request};
use crate::world::{SECRET, SETTINGS, World, phone, sender};
use kontak_channel::content::{Content, InternalNote, Text, Written};
use kontak_channel::{
    Channel, HttpResponse, MemoryCodec, Outbound, Sender, Transport, TransportError, WireRequest,
    WireResponse, Wired,
};
use kontak_conversation::{Actor, HandoverKind, HandoverTarget};
use kontak_desk::{Desk, Enriched, Enrichment, Notice, SendReport, Settings};
use kontak_identity::{Identifier, Observation};
use kontak_routing::Agent;
use kontak_storage::{Commit, EventKind, Journal, Leases, MemoryStorage, NewEvent};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, TouchpointId};
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const NUMBER: &str = "+6281290435599";
const ANA: AgentId = AgentId::new(Uuid::from_u128(500));
const CANARIES: [&str; 9] = [
    "81290435599",
    "kanari@example.org",
    "Kanari Nama",
    "kanari-id",
    "kanari-kata",
    "kanari-jawab",
    "kanari-ubah",
    "a secret of the provider",
    "sixteen secret b",
];

fn assert_masked(text: &str) {
    for canary in CANARIES {
        let place = text.find(canary);
        let around = place.map(|at| text.get(at.saturating_sub(300)..at + canary.len()));
        assert!(place.is_none(), "{canary}: {around:?}");
    }
}

/// All that anybody logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Line(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut log = self.0.lock().unwrap();
        log.push_str(event.metadata().target());
        event.record(&mut Line(&mut log));
        log.push('\n');
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Knows everybody's number and address.
struct Crm;

#[async_trait::async_trait]
impl Enrichment for Crm {
    async fn look_up(&self, sender: &Sender, content: Option<&Content>) -> Enriched {
        if content.is_some_and(|it| it.plain_text().contains("lambat")) {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
        }
        let now = kontak_desk::Clock::now(&kontak_desk::SystemClock);
        let id = TouchpointId::new(Uuid::now_v7());
        let seen = Observation::new(id, sender.touchpoint.clone(), "crm", "kanari-id", now)
            .with_identifier(Identifier::phone(phone(NUMBER), phone(NUMBER).number_type().into()))
            .with_name("Kanari Nama");
        Enriched::nothing().with_observation(seen)
    }
}

/// Answers with what it was told.
#[derive(Clone)]
struct Rude(Shared);

#[async_trait::async_trait]
impl Transport for Rude {
    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportError> {
        if let WireRequest::Http(http) = &request {
            let outbound: Outbound = serde_json::from_slice(&http.body).unwrap();
            if format!("{:?}", serde_json::to_string(&outbound)).contains("jawab buruk") {
                let body = http.body.clone();
                return Ok(WireResponse::Http(HttpResponse::new(
                    kontak_channel::http::StatusCode::BAD_REQUEST,
                    body,
                )));
            }
        }
        self.0.exchange(request).await
    }
}

async fn day(text: &mut String) {
    let storage = Arc::new(MemoryStorage::new());
    let rude = Rude(Shared(Arc::default()));
    let channel: Arc<dyn Channel> = Arc::new(Wired::new(MemoryCodec::new("shop"), rude));
    let builder = |settings: &str| {
        Desk::builder(Arc::clone(&storage) as Arc<_>, TENANT, SECRET)
            .settings(toml::from_str(settings).unwrap())
            .account(Arc::clone(&channel), keys())
            .enrichment(Arc::new(Crm))
            .enrichment_within(Duration::from_millis(20))
            .snapshot_every(3)
            .lease(Duration::from_millis(300))
    };
    write!(text, "{:?}", builder(SETTINGS)).unwrap();
    let desk = builder(SETTINGS).start().unwrap();
    desk.owned().await.unwrap();
    desk.sign_in(Agent::new(ANA).with_channel("memory", 9).with_capacity(900)).await.unwrap();
    let mut notices = desk.subscribe();
    let incoming = request(&[message("kanari-id 1", "kanari-id", "kanari-kata")]);
    desk.inbound("shop", &incoming).await.unwrap();
    write!(text, "{incoming:?} {desk:?} {:?}", desk.accounts()).unwrap();
    let (conversation, customer) = loop {
        let notice = notices.recv().await.unwrap();
        write!(text, "{notice:?}").unwrap();
        if let Notice::Opened { conversation, customer } = notice {
            break (conversation, customer);
        }
    };
    let slow = request(&[message("2", "kanari-id", "kanari-kata lambat")]);
    desk.inbound("shop", &slow).await.unwrap();
    let malformed = request(&[]).with_body(r#"[{"kanari-kata":1}]"#);
    let refused = desk.inbound("shop", &malformed).await.unwrap_err();
    write!(text, "{refused} {refused:?}").unwrap();
    let refused = desk.inbound("kanari-id", &incoming).await.unwrap_err();
    write!(text, "{refused} {refused:?}").unwrap();
    for words in ["kanari-jawab", "kanari-jawab buruk"] {
        let content = Content::plain(words).unwrap();
        desk.reply(Actor::Agent(ANA), conversation, content).await.unwrap();
    }
    let note = InternalNote::new(Text::plain("kanari-kata").unwrap());
    desk.note(Actor::Agent(ANA), conversation, note).await.unwrap();
    let wants = Written::new("kanari-kata").unwrap();
    let to = (HandoverTarget::Agent(ANA), HandoverKind::Warm);
    let refused = desk.transfer(Actor::Agent(ANA), conversation, to, Some(wants)).await;
    let refused = refused.unwrap_err();
    write!(text, "{refused} {refused:?}").unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    while let Ok(notice) = notices.try_recv() {
        write!(text, "{notice:?}").unwrap();
    }
    // Another test may have come by the same line first, while nobody listened yet.
    tracing::callsite::rebuild_interest_cache();
    desk.erase_customer(Actor::System, customer).await.unwrap();
    let refused = desk
        .reply(Actor::Agent(ANA), conversation, Content::plain("kanari-jawab").unwrap())
        .await
        .unwrap_err();
    write!(text, "{refused} {refused:?}").unwrap();
    desk.shut_down().await;
    // A journal that this release cannot read, and an inbox that it cannot either.
    let now = kontak_desk::Clock::now(&kontak_desk::SystemClock);
    let lease = storage.acquire(TENANT, "x", now, now).await.unwrap();
    let head = storage.progress(TENANT).await.unwrap().journal;
    let mut commit = Commit::new(head, now);
    commit.events = vec![NewEvent::new(
        EventKind::new("reach", 1),
        br#"{"kanari-kata":"kanari@example.org"}"#.to_vec(),
    )];
    storage.append(&lease, commit).await.unwrap();
    storage.release(&lease).await.unwrap();
    let broken = builder(SETTINGS).start().unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    broken.shut_down().await;
}

#[test]
fn no_log_shows_anything_personal() {
    let (log, mut text) = (Log::default(), String::new());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tracing::subscriber::with_default(log.clone(), || runtime.block_on(day(&mut text)));
    let log = log.0.lock().unwrap();
    for told in ["taken", "kept", "snapshot", "taken out", "not answer in time", "cannot be read"] {
        assert!(log.contains(told), "{told} was logged: {log}");
    }
    assert_masked(&log);
    assert_masked(&text);
}

#[test]
fn no_debug_output_shows_anything_personal() {
    let mut world = World::new(SETTINGS);
    let agent = world.agent(1_000);
    let budi = sender("whatsapp", "kanari-id")
        .with_phone(phone(NUMBER))
        .with_email("kanari@example.org".parse().unwrap())
        .with_display_name(Written::new("Kanari Nama").unwrap());
    world.hears("whatsapp", budi.clone(), "kanari-id 1", "kanari-kata");
    let conversation = world.all_conversations()[0];
    let actor = Actor::Agent(agent);
    world.step(|tenant, accounts, step| {
        let content = Content::plain("kanari-jawab").unwrap();
        tenant.reply(&actor, (conversation, None), content, accounts, step).unwrap();
        let what = Written::new("kanari-kata").unwrap();
        let due = step.now() + Duration::from_secs(60);
        tenant.promise(&actor, conversation, (what, due), step).unwrap();
    });
    let sending = world.work.sends[0].clone();
    let report =
        SendReport::sent(&sending, vec![kontak_channel::ProviderId::new("kanari-id 2").unwrap()]);
    world.step(|tenant, _, step| tenant.report(&report, step));
    let touchpoint = sending.touchpoint;
    let mut text = format!("{:?} {report:?} {budi:?}", world.work);
    write!(text, "{:?} {:?}", world.tenant, world.tenant.reach(touchpoint)).unwrap();
    write!(text, "{:?} {:?}", world.tenant.snapshot(), world.tenant.routing()).unwrap();
    write!(text, "{:?}", world.accounts).unwrap();
    assert!(text.contains("MessageSaid"), "records are shown");
    assert_masked(&text);
    let error = toml::from_str::<Settings>("kanari = 1").unwrap_err().to_string();
    assert!(error.contains("kanari"), "an unknown key is named");
}
