use super::Broken;
use crate::{
    Commit, Event, EventKind, InboxItem, InboxPosition, Lease, NewEvent, NewInboxItem,
    NewOutboxRow, OutboxId, OutboxPosition, OutboxRow, OutboxState, Position, Storage, Subject,
    TenantId,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// What a law runs in: two ways to one store, tenants that nobody else has, and a clock moved by hand.
pub(super) struct World {
    pub(super) one: Arc<dyn Storage>,
    pub(super) other: Arc<dyn Storage>,
    first: u128,
    given: AtomicU64,
}

impl World {
    pub(super) fn new(one: Arc<dyn Storage>, other: Arc<dyn Storage>, first: u128) -> Self {
        Self { one, other, first, given: AtomicU64::new(0) }
    }

    pub(super) fn tenant(&self) -> TenantId {
        let given = self.given.fetch_add(1, Ordering::Relaxed);
        TenantId::new(Uuid::from_u128(self.first.wrapping_add(given.into())))
    }

    /// A tenant of its own, owned for an hour.
    pub(super) async fn owned(&self) -> Result<Lease, Broken> {
        Ok(self.one.acquire(self.tenant(), "the suite", at(0), at(3600)).await?)
    }

    pub(super) async fn events(&self, tenant: TenantId) -> Result<Vec<Event>, Broken> {
        Ok(self.other.read(tenant, Position::START, usize::MAX).await?)
    }

    pub(super) async fn items(&self, tenant: TenantId) -> Result<Vec<InboxItem>, Broken> {
        Ok(self.other.read_inbox(tenant, InboxPosition::START, usize::MAX).await?)
    }

    pub(super) async fn rows(
        &self,
        tenant: TenantId,
        state: OutboxState,
    ) -> Result<Vec<OutboxRow>, Broken> {
        Ok(self.other.read_outbox(tenant, state, OutboxPosition::START, usize::MAX).await?)
    }
}

/// So many seconds after the suite's day began.
pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(seconds)
}

pub(super) fn event(text: &str) -> NewEvent {
    NewEvent::new(EventKind::new("conversation", 1), text.as_bytes().to_vec())
}

pub(super) fn item(key: &str) -> NewInboxItem {
    NewInboxItem::new(key, at(0), key.as_bytes().to_vec())
}

pub(super) fn row(number: u128) -> NewOutboxRow {
    NewOutboxRow::new(row_id(number), at(0), format!("row {number}").into_bytes())
}

pub(super) fn row_id(number: u128) -> OutboxId {
    OutboxId::new(Uuid::from_u128(number))
}

pub(super) fn commit(after: u64) -> Commit {
    Commit::new(Position::new(after), at(0))
}

pub(super) fn person(number: u128) -> Subject {
    Subject::touchpoint(Uuid::from_u128(number).into())
}

/// What events say, in their order.
pub(super) fn texts(events: &[Event]) -> Vec<String> {
    let text = |event: &Event| String::from_utf8_lossy(event.payload.as_bytes()).into_owned();
    events.iter().map(text).collect()
}
