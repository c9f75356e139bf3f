use crate::story::{all, ani, now, owned, tell, tenant};
use kontak_storage::{
    DedupeKey, Event, InboxItem, InboxPosition, MemoryStorage, OutboxId, OutboxRow, Part, PartName,
    Payload, Position, Record, Snapshots, Subject, Subjects, TenantId,
};
use kontak_types::TouchpointKey;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use uuid::Uuid;

#[tokio::test]
async fn nothing_that_is_printed_says_what_was_said() {
    let storage = MemoryStorage::new();
    let lease = owned(&storage).await;
    let head = tell(&storage, &lease, "6281234567890").await;
    let account = Subject::account(&TouchpointKey::new("whatsapp", "shop", "6281234567890"));
    let part = storage.part(tenant(), head, &"identity".into()).await.unwrap();
    let printed = format!(
        "{:?} {:?} {:?} {account:?} {:?} {:?} {storage:?}",
        storage.about(tenant(), &[ani()], None, 99).await.unwrap(),
        all(&storage).await.unwrap(),
        DedupeKey::from("6281234567890"),
        part.unwrap(),
        Payload::from(vec![0; Payload::MAX_BYTES + 1]).check("event 1").unwrap_err(),
    );
    assert!(!printed.contains("6281234567890"), "{printed}");
    assert!(!printed.contains("54, 50, 56, 49"), "{printed}");
}

fn round_trips<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, expected: &str) {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(json, expected);
    assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value);
    let bytes = postcard::to_allocvec(value).unwrap();
    assert_eq!(&postcard::from_bytes::<T>(&bytes).unwrap(), value);
}

#[test]
fn wire_names_are_frozen() {
    use kontak_storage::{EventKind, NewOutboxRow, OutboxPosition};
    let id = Uuid::from_u128(0x0192_f0c1_2345_7abc_8def_0123_4567_89ab);
    round_trips(&TenantId::new(id), "\"0192f0c1-2345-7abc-8def-0123456789ab\"");
    round_trips(&PartName::from("identity"), "\"identity\"");
    let item = InboxItem::new(InboxPosition::new(1), "a".into(), now(), None, vec![1, 2].into());
    round_trips(
        &item,
        r#"{"position":1,"key":[97],"received_at":"2026-02-02T02:40:00.123456Z","erased_at":null,"payload":[1,2]}"#,
    );
    let kind = EventKind::new("conversation", 1);
    let event = Event::new(Position::new(2), kind, now(), Some(now()), Payload::default());
    round_trips(
        &Record::Event(event),
        r#"{"event":{"position":2,"kind":{"engine":"conversation","version":1},"recorded_at":"2026-02-02T02:40:00.123456Z","erased_at":"2026-02-02T02:40:00.123456Z","payload":[]}}"#,
    );
    let row = NewOutboxRow::new(OutboxId::new(id), now(), vec![3]);
    let row = OutboxRow::waiting(OutboxPosition::new(3), row, now());
    round_trips(
        &Record::Outbox(row),
        r#"{"outbox":{"position":3,"id":"0192f0c1-2345-7abc-8def-0123456789ab","state":"waiting","claimed_by":null,"attempts":0,"appended_at":"2026-02-02T02:40:00.123456Z","not_before":"2026-02-02T02:40:00.123456Z","erased_at":null,"payload":[3]}}"#,
    );
    assert!(Part::new("a", vec![]).subjects.is_empty());
}
