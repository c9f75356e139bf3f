//! A desk over a store in memory, with channels whose provider is a test.

use crate::world::{SECRET, SETTINGS};
use kontak_channel::{
    Channel, KeyRing, MemoryCodec, MemoryItem, MemoryTransport, Outbound, RawRequest, Secret,
    Transport, TransportError, WireRequest, WireResponse, Wired,
};
use kontak_desk::{Clock as _, Desk, SystemClock};
use kontak_storage::{InboxPosition, OutboxPosition, OutboxState, Position, Storage, TenantId};
use kontak_types::uuid::Uuid;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const TENANT: TenantId = TenantId::new(Uuid::from_u128(77));

/// A provider that remembers how often it was asked for what.
#[derive(Default)]
pub(crate) struct Provider {
    memory: MemoryTransport,
    asked: Mutex<BTreeMap<String, u32>>,
}

#[async_trait::async_trait]
impl Transport for Provider {
    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportError> {
        if let WireRequest::Http(http) = &request {
            let outbound: Outbound = serde_json::from_slice(&http.body).unwrap();
            *self.asked.lock().unwrap().entry(outbound.key.as_str().to_owned()).or_default() += 1;
        }
        tokio::task::yield_now().await;
        self.memory.exchange(request).await
    }
}

#[derive(Clone)]
pub(crate) struct Shared(pub(crate) Arc<Provider>);

#[async_trait::async_trait]
impl Transport for Shared {
    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportError> {
        self.0.exchange(request).await
    }
}

impl Shared {
    /// How often which message was sent.
    pub(crate) fn asked(&self) -> BTreeMap<String, u32> {
        self.0.asked.lock().unwrap().clone()
    }
}

pub(crate) fn keys() -> KeyRing {
    KeyRing::new(Secret::new("a secret of the provider"))
}

/// A desk with one account, `shop`.
pub(crate) fn desk(storage: Arc<dyn Storage>, provider: &Shared) -> Desk {
    let channel: Arc<dyn Channel> =
        Arc::new(Wired::new(MemoryCodec::new("shop"), provider.clone()));
    Desk::builder(storage, TENANT, SECRET)
        .settings(toml::from_str(SETTINGS).unwrap())
        .account(channel, keys())
        .lease(Duration::from_millis(900))
        .start()
        .unwrap()
}

/// What a provider sends.
pub(crate) fn request(items: &[MemoryItem]) -> RawRequest {
    let now = SystemClock.now();
    let request = RawRequest::post(
        "https://shop.example/hook".parse().unwrap(),
        serde_json::to_vec(items).unwrap(),
    )
    .with_header("x-memory-timestamp", &now.timestamp().to_string())
    .unwrap();
    let scheme = MemoryCodec::scheme();
    let signature = scheme.sign(&request, keys().current()).unwrap();
    request.with_header("x-memory-signature", &signature).unwrap()
}

pub(crate) fn message(id: &str, from: &str, text: &str) -> MemoryItem {
    let (id, from, text, at) = (id.into(), from.into(), text.into(), SystemClock.now());
    MemoryItem::Message { id, from, text, at }
}

/// All bytes of a tenant that are in a store.
pub(crate) async fn bytes(storage: &dyn Storage, tenant: TenantId) -> Vec<u8> {
    let mut bytes = Vec::new();
    for item in storage.read_inbox(tenant, InboxPosition::START, 10_000).await.unwrap() {
        bytes.extend_from_slice(item.payload.as_bytes());
    }
    for event in storage.read(tenant, Position::START, 100_000).await.unwrap() {
        bytes.extend_from_slice(event.payload.as_bytes());
    }
    for state in [
        OutboxState::Waiting,
        OutboxState::Sending,
        OutboxState::Sent,
        OutboxState::Failed,
        OutboxState::Ambiguous,
    ] {
        for row in storage.read_outbox(tenant, state, OutboxPosition::START, 10_000).await.unwrap()
        {
            bytes.extend_from_slice(row.payload.as_bytes());
        }
    }
    if let Some(at) = storage.snapshot(tenant).await.unwrap() {
        for name in storage.part_names(tenant, at, "", None, 10_000).await.unwrap() {
            let part = storage.part(tenant, at, &name).await.unwrap().unwrap();
            bytes.extend_from_slice(part.payload.as_bytes());
        }
    }
    bytes
}
