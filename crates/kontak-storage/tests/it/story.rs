use kontak_storage::chrono::{DateTime, TimeDelta, Utc};
use kontak_storage::uuid::Uuid;
use kontak_storage::{
    Commit, Event, EventKind, Lease, NewEvent, NewInboxItem, NewOutboxRow, OutboxId, Part,
    Position, Storage, Subject, TenantId,
};

pub(crate) fn tenant() -> TenantId {
    TenantId::new(Uuid::from_u128(1))
}

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_770_000_000, 123_456_000).unwrap()
}

pub(crate) fn ani() -> Subject {
    Subject::touchpoint(Uuid::from_u128(11).into())
}

pub(crate) async fn owned(storage: &dyn Storage) -> Lease {
    storage.acquire(tenant(), "test", now(), now() + TimeDelta::hours(1)).await.unwrap()
}

pub(crate) async fn all(storage: &dyn Storage) -> Result<Vec<Event>, kontak_storage::Fault> {
    storage.read(tenant(), Position::START, usize::MAX).await
}

/// What event number `number` says: a few bytes, or, now and then, more than a page.
pub(crate) fn text(number: u64) -> Vec<u8> {
    let repeat = if number.is_multiple_of(7) { 3000 } else { 3 };
    format!("<{number}>").repeat(repeat).into_bytes()
}

pub(crate) fn event(number: u64) -> NewEvent {
    NewEvent::new(EventKind::new("test", 1), text(number))
}

/// A little of everything, all of it about Ani and holding the word.
pub(crate) async fn tell(storage: &dyn Storage, lease: &Lease, word: &str) -> Position {
    let long = word.repeat(2000).into_bytes();
    let item = NewInboxItem::new(word, now(), long.clone()).with_subject(ani());
    storage.accept(lease.tenant, vec![item]).await.unwrap();
    let progress = storage.progress(lease.tenant).await.unwrap();
    let id = OutboxId::new(Uuid::from_u128(progress.journal.number().into()));
    let step = Commit::new(progress.journal, now())
        .with_event(NewEvent::new(EventKind::new("test", 1), long.clone()).with_subject(ani()))
        .with_event(
            NewEvent::new(EventKind::new("test", 1), word.as_bytes().to_vec()).with_subject(ani()),
        )
        .with_outbox_row(NewOutboxRow::new(id, now(), long.clone()).with_subject(ani()))
        .with_inbox_cursor(progress.inbox);
    let head = storage.append(lease, step).await.unwrap();
    storage.stage(lease, head, vec![Part::new("identity", long)]).await.unwrap();
    storage.publish(lease, head, Vec::new()).await.unwrap();
    head
}
