//! Any store against the one in memory: the same steps give the same answers.

use kontak_storage::chrono::{DateTime, TimeDelta, Utc};
use kontak_storage::uuid::Uuid;
use kontak_storage::{
    Commit, Erasure, EventKind, InDoubt, InboxPosition, Lease, MemoryStorage, NewEvent,
    NewInboxItem, NewOutboxRow, OutboxId, OutboxPosition, OutboxState, Outcome, Part, Position,
    Record, Settlement, Storage, Subject, TenantId, WakeAt,
};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Accept(Vec<(u8, u8)>),
    Append {
        events: Vec<u8>,
        rows: Vec<u8>,
        settle: Vec<(u8, u8)>,
        cursor: u64,
        off: u64,
        wake: Option<i64>,
    },
    Acquire {
        owner: u8,
        now: i64,
        until: i64,
    },
    Renew(i64),
    Release,
    Claim {
        now: i64,
        limit: usize,
    },
    Doubt(bool),
    Stage {
        back: u64,
        parts: Vec<(u8, u8)>,
    },
    Publish {
        back: u64,
        gone: Vec<u8>,
    },
    Erase {
        subjects: Vec<u8>,
        back: u64,
        rewritten: u64,
    },
    Forget {
        inbox: bool,
        before: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    use prop::collection::vec;
    let few = 0..6_u8;
    prop_oneof![
        3 => vec((few.clone(), few.clone()), 0..4).prop_map(Step::Accept),
        6 => (
            vec(few.clone(), 0..4),
            vec(few.clone(), 0..2),
            vec((few.clone(), 0..4_u8), 0..2),
            0..3_u64,
            prop_oneof![9 => Just(0_u64), 1 => 1..3_u64],
            prop::option::of(0..50_i64),
        )
            .prop_map(|(events, rows, settle, cursor, off, wake)| Step::Append {
                events, rows, settle, cursor, off, wake,
            }),
        1 => (0..3_u8, 0..50_i64, 0..20_i64)
            .prop_map(|(owner, now, longer)| Step::Acquire { owner, now, until: now + longer }),
        1 => (0..80_i64).prop_map(Step::Renew),
        1 => Just(Step::Release),
        3 => (0..50_i64, 0..4_usize).prop_map(|(now, limit)| Step::Claim { now, limit }),
        1 => any::<bool>().prop_map(Step::Doubt),
        2 => (0..3_u64, vec((few.clone(), few.clone()), 0..3))
            .prop_map(|(back, parts)| Step::Stage { back, parts }),
        2 => (0..3_u64, vec(few.clone(), 0..2)).prop_map(|(back, gone)| Step::Publish { back, gone }),
        1 => (vec(few, 1..3), 0..4_u64, 0..9_u64)
            .prop_map(|(subjects, back, rewritten)| Step::Erase { subjects, back, rewritten }),
        1 => (any::<bool>(), 0..50_i64).prop_map(|(inbox, before)| Step::Forget { inbox, before }),
    ]
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn person(number: u8) -> Subject {
    Subject::touchpoint(Uuid::from_u128(number.into()).into())
}

fn row_id(number: u8) -> OutboxId {
    OutboxId::new(Uuid::from_u128(number.into()))
}

/// What a step answers, and how the tenant stands after it, as text. Two of three people are about
/// nobody, so that parts about everybody come too.
async fn take(storage: &dyn Storage, tenant: TenantId, lease: &mut Lease, step: &Step) -> String {
    let head = storage.progress(tenant).await.unwrap();
    let back = |back: u64| Position::new(head.journal.number().saturating_sub(back));
    let answer = match step.clone() {
        Step::Accept(items) => {
            let item = |(key, about): (u8, u8)| {
                NewInboxItem::new(&*format!("key {key}"), at(key.into()), vec![key, about])
                    .with_subject(person(about))
            };
            format!("{:?}", storage.accept(tenant, items.into_iter().map(item).collect()).await)
        }
        Step::Append { events, rows, settle, cursor, off, wake } => {
            let mut commit = Commit::new(head.journal.plus(off), at(10));
            for event in events {
                let new = NewEvent::new(EventKind::new("model", event.into()), vec![event; 3]);
                commit = commit.with_event(new.with_subject(person(event)));
            }
            for row in rows {
                let new = NewOutboxRow::new(row_id(row), at(i64::from(row) * 8), vec![row]);
                commit = commit.with_outbox_row(new.with_subject(person(row)));
            }
            for (row, outcome) in settle {
                let outcome = match outcome {
                    0 => Outcome::Sent,
                    1 => Outcome::Failed,
                    2 => Outcome::Ambiguous,
                    _ => Outcome::Again { at: at(20) },
                };
                commit = commit.with_settlement(Settlement::new(row_id(row), outcome));
            }
            if cursor > 0 {
                let to = head.inbox_cursor.number() + cursor - 1;
                commit = commit.with_inbox_cursor(InboxPosition::new(to));
            }
            if let Some(wake) = wake {
                let wake = if wake == 0 { WakeAt::Never } else { WakeAt::Instant(at(wake)) };
                commit = commit.with_wake_at(wake);
            }
            format!("{:?}", storage.append(lease, commit).await)
        }
        Step::Acquire { owner, now, until } => {
            let acquired = storage.acquire(tenant, &format!("{owner}"), at(now), at(until)).await;
            let answer = format!("{acquired:?}");
            *lease = acquired.unwrap_or_else(|_| lease.clone());
            answer
        }
        Step::Renew(until) => format!("{:?}", storage.renew(lease, at(until)).await),
        Step::Release => format!("{:?}", storage.release(lease).await),
        Step::Claim { now, limit } => format!("{:?}", storage.claim(lease, at(now), limit).await),
        Step::Doubt(unsent) => {
            let which = if unsent { InDoubt::Unsent } else { InDoubt::Claimed };
            format!("{:?}", storage.doubt(lease, which).await)
        }
        Step::Stage { back: so_far, parts } => {
            let part = |(name, about): (u8, u8)| {
                let part = Part::new(&*format!("part {name}"), vec![name, about]);
                if about < 2 { part } else { part.with_subject(person(about)) }
            };
            let parts = parts.into_iter().map(part).collect();
            format!("{:?}", storage.stage(lease, back(so_far), parts).await)
        }
        Step::Publish { back: so_far, gone } => {
            let gone = gone.into_iter().map(|name| (&*format!("part {name}")).into()).collect();
            format!("{:?}", storage.publish(lease, back(so_far), gone).await)
        }
        Step::Erase { subjects, back: so_far, rewritten } => {
            let subjects = subjects.into_iter().map(person).collect();
            let erasure = Erasure::new(subjects, back(so_far), at(30))
                .with_rewritten(Position::new(rewritten), b"rewritten".to_vec());
            format!("{:?}", storage.erase(lease, erasure).await)
        }
        Step::Forget { inbox, before } => {
            let before = at(before);
            let forgotten = if inbox {
                storage.forget_inbox(lease, before).await
            } else {
                storage.forget_outbox(lease, before).await
            };
            format!("{forgotten:?}")
        }
    };
    format!("{step:?}\n{answer}\n{}", stands(storage, tenant).await)
}

async fn stands(storage: &dyn Storage, tenant: TenantId) -> String {
    let mut text = format!("{:?}\n", storage.progress(tenant).await);
    let bytes = |bytes: &[u8]| format!("{bytes:?} ");
    for event in storage.read(tenant, Position::START, 999).await.unwrap() {
        text += &format!("{event:?} {}", bytes(event.payload.as_bytes()));
    }
    for item in storage.read_inbox(tenant, InboxPosition::START, 999).await.unwrap() {
        text += &format!("{item:?} {}", bytes(item.payload.as_bytes()));
    }
    for state in [
        OutboxState::Waiting,
        OutboxState::Sending,
        OutboxState::Ambiguous,
        OutboxState::Sent,
        OutboxState::Failed,
    ] {
        text +=
            &format!("{:?}", storage.read_outbox(tenant, state, OutboxPosition::START, 99).await);
    }
    if let Some(at) = storage.snapshot(tenant).await.unwrap() {
        for name in storage.part_names(tenant, at, "part", None, 99).await.unwrap() {
            let part = storage.part(tenant, at, &name).await.unwrap().unwrap();
            text += &format!("{at} {part:?} {}", bytes(part.payload.as_bytes()));
        }
    }
    for number in 0..6 {
        let about = storage.about(tenant, &[person(number)], None, 999).await.unwrap();
        text += &format!("\n{number}: {:?}", about.iter().map(Record::key).collect::<Vec<_>>());
    }
    let due = storage.due(at(25), 99_999).await.unwrap().contains(&tenant);
    text + &format!("\ndue: {due}")
}

async fn same(model: &dyn Storage, store: &dyn Storage, tenant: TenantId, steps: &[Step]) {
    let (now, until) = (at(0), at(5));
    let mut one = model.acquire(tenant, "0", now, until).await.unwrap();
    let mut other = store.acquire(tenant, "0", now, until).await.unwrap();
    for step in steps {
        let expected = take(model, tenant, &mut one, step).await;
        let found = take(store, tenant, &mut other, step).await;
        pretty(&expected, &found);
    }
}

fn pretty(expected: &str, found: &str) {
    assert!(expected == found, "in memory:\n{expected}\n\nhere:\n{found}");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_same_steps_twice_in_memory(steps in prop::collection::vec(step(), 1..40)) {
        let (one, other) = (MemoryStorage::new(), MemoryStorage::new());
        runtime().block_on(same(&one, &other, TenantId::new(Uuid::nil()), &steps));
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn sqlite_answers_as_memory_does(steps in prop::collection::vec(step(), 1..40)) {
        let folder = crate::folder::Folder::new("model");
        runtime().block_on(async {
            let store = kontak_storage::SqliteStorage::open(folder.join("desk.db")).await.unwrap();
            same(&MemoryStorage::new(), &store, TenantId::new(Uuid::nil()), &steps).await;
        });
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn postgres_answers_as_memory_does(steps in prop::collection::vec(step(), 1..40)) {
        use std::sync::atomic::{AtomicU64, Ordering};
        static TENANTS: AtomicU64 = AtomicU64::new(0);
        let Some(address) = crate::server::address() else { return Ok(()) };
        let tenant = Uuid::from_u128(u128::from(TENANTS.fetch_add(1, Ordering::Relaxed)) | 3 << 64);
        runtime().block_on(async {
            let store = kontak_storage::PostgresStorage::connect(address).await.unwrap();
            same(&MemoryStorage::new(), &store, TenantId::new(tenant), &steps).await;
            store.close().await;
        });
    }
}
