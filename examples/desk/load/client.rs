//! The providers: many at once, each waiting for its answer before it posts the next.

use crate::measure::Latencies;
use crate::now;
use kontak_channel::http::StatusCode;
use kontak_channel::{
    HttpResponse, KeyRing, RawRequest, Secret, Transport, TransportError, WireRequest,
    WireResponse, Wired,
};
use kontak_channels::whatsapp::WhatsApp;
use kontak_conversation::Actor;
use kontak_conversation::chrono::TimeDelta;
use kontak_desk::{Clock as _, Desk, Settings, SystemClock};
use kontak_routing::Agent;
use kontak_storage::{Storage, TenantId};
use kontak_types::AgentId;
use kontak_types::uuid::Uuid;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

const SECRET: &str = "the secret of the app";
/// Of how many messages one is followed until it is routed.
const FOLLOWED: u32 = 50;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// A new one in each run: a database may know others.
    pub(crate) tenant: TenantId,
    pub(crate) messages: u32,
    pub(crate) customers: u32,
    pub(crate) rate: Option<u32>,
    pub(crate) clients: u32,
    /// Whether conversations come to their end, and are evicted.
    pub(crate) is_steady: bool,
}

/// Nothing goes out here.
struct Nowhere;

#[async_trait::async_trait]
impl Transport for Nowhere {
    async fn exchange(&self, _request: WireRequest) -> Result<WireResponse, TransportError> {
        Ok(WireResponse::Http(HttpResponse::new(StatusCode::OK, "{}")))
    }
}

pub(crate) fn desk(storage: Arc<dyn Storage>, plan: Plan) -> anyhow::Result<Desk> {
    let whatsapp = WhatsApp::new("shop", "106540352242922", Secret::new("a token"));
    let settings = "
        routes = [{ queue = 'care' }]
        [centre.queues.care]
        [centre.channels.whatsapp]
        units = 1
    ";
    let mut settings: Settings = toml::from_str(settings)?;
    if plan.is_steady {
        // Whoever writes again begins another conversation.
        settings.conversation.default.reopen_hours = 0;
    }
    let (snapshot_every, evict_after) = match plan.is_steady {
        true => (100_000, TimeDelta::seconds(30)),
        false => (u64::from(plan.messages) * 100, TimeDelta::hours(1)),
    };
    Ok(Desk::builder(storage, plan.tenant, *b"sixteen secret b")
        .settings(settings)
        .account(Arc::new(Wired::new(whatsapp, Nowhere)), KeyRing::new(Secret::new(SECRET)))
        .snapshot_every(snapshot_every)
        .evict_after(evict_after)
        .start()?)
}

/// Enough agents for everybody: the load is on the desk, not on the people.
pub(crate) async fn sign_in(desk: &Desk) -> anyhow::Result<()> {
    for number in 0..75 {
        let agent = Agent::new(AgentId::new(Uuid::from_u128(9_000 + number)));
        let agent = agent.with_channel("whatsapp", u16::MAX).with_capacity(u32::MAX);
        desk.sign_in(agent).await?;
    }
    Ok(())
}

fn request(number: u32, customer: u32) -> anyhow::Result<RawRequest> {
    let (now, wa) = (SystemClock.now().timestamp(), 6_281_200_000_000_u64 + u64::from(customer));
    let body = format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"contacts":[{{"profile":{{"name":"Customer {customer}"}},"wa_id":"{wa}"}}],"messages":[{{"from":"{wa}","id":"wamid.{number}","timestamp":"{now}","type":"text","text":{{"body":"Apakah pesanan saya sudah dikirim?"}}}}]}}}}]}}]}}"#
    );
    let request = RawRequest::post("https://desk.example/hooks/shop".parse()?, body);
    let signature = WhatsApp::scheme().sign(&request, &Secret::new(SECRET))?;
    Ok(request.with_header("x-hub-signature-256", &signature)?)
}

/// Posts all messages. Returns how long they took.
pub(crate) async fn send(desk: &Desk, plan: Plan) -> anyhow::Result<Latencies> {
    let latencies = post(desk, plan).await?;
    // What was acknowledged last is routed too before the clock stops.
    while heard(desk).await?.messages < plan.messages as usize {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(latencies)
}

/// The same, whatever becomes of the last of them.
pub(crate) async fn post(desk: &Desk, plan: Plan) -> anyhow::Result<Latencies> {
    let next = Arc::new(AtomicU32::new(0));
    let begin = now();
    let mut clients = JoinSet::new();
    for _ in 0..plan.clients {
        let (desk, next) = (desk.clone(), Arc::clone(&next));
        clients.spawn(async move {
            let mut latencies = Latencies::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= plan.messages {
                    return Ok::<_, anyhow::Error>(latencies);
                }
                // By a plan, not by how fast answers come: a slow answer delays nobody else.
                let due = plan.rate.map(|rate| Duration::from_secs(1) * number / rate);
                let due = due.map(|due| begin + due);
                if let Some(due) = due {
                    tokio::time::sleep_until(due.into()).await;
                }
                let request = request(number, number % plan.customers)?;
                let begin = due.unwrap_or_else(now);
                desk.inbound("shop", &request).await?;
                latencies.acknowledged.push(now() - begin);
                if number.is_multiple_of(FOLLOWED) {
                    // The inbox is read before orders are carried out.
                    desk.step(|_, _, _| ()).await?;
                    latencies.routed.push(now() - begin);
                }
            }
        });
    }
    let mut latencies = Latencies::default();
    while let Some(client) = clients.join_next().await {
        latencies.add(client??);
    }
    Ok(latencies)
}

/// What a desk knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) messages: usize,
    pub(crate) events: u64,
}

pub(crate) async fn heard(desk: &Desk) -> anyhow::Result<Heard> {
    let heard = desk.step(|tenant, _, _| {
        let events = tenant.position();
        let ids: Vec<_> = tenant.identity().customers().map(|one| one.id()).collect();
        let state = tenant.conversations();
        let all = ids.iter().flat_map(|id| state.of_customer(*id));
        let messages = all.flat_map(|one| state.messages(one.id));
        let messages =
            messages.filter(|message| matches!(message.said.author, Actor::Customer(_))).count();
        Heard { messages, events }
    });
    Ok(heard.await?)
}
