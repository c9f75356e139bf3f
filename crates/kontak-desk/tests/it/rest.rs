//! A desk lets go of what rests with its snapshot, and has it back when somebody has to do with it.

use crate::desks::{
    ANA, CANARIES, LONG, assert_gone, builder, chatter, opened, reply, sent, until,
};
use crate::shop::{Shared, TENANT, message, request};
use kontak_channel::chrono::TimeDelta;
use kontak_content::{InternalNote, Text};
use kontak_conversation::{Actor, Rejected, Status};
use kontak_desk::{ActionError, Desk, DeskError, Notice, Touched};
use kontak_metrics::Filter;
use kontak_storage::{MemoryStorage, Snapshots};
use kontak_types::ConversationId;
use std::sync::Arc;
use tokio::time::timeout;

/// A desk that lets go at once.
async fn forgetful(storage: &Arc<MemoryStorage>) -> Desk {
    let desk = builder(storage, Shared(Arc::default())).snapshot_every(1);
    let desk = desk.evict_after(TimeDelta::zero()).start().unwrap();
    timeout(LONG, desk.owned()).await.unwrap().unwrap();
    desk
}

async fn evicted(desk: &Desk) -> usize {
    desk.step(|tenant, _, _| tenant.conversations().evicted()).await.unwrap()
}

/// The messages of a conversation, wherever it is.
async fn messages(desk: &Desk, id: ConversationId) -> usize {
    let touched = vec![Touched::Conversation(id)];
    let count =
        desk.step_with(touched, move |tenant, _, _| tenant.conversations().messages(id).count());
    count.await.unwrap()
}

async fn resting(storage: &MemoryStorage) -> usize {
    let at = storage.snapshot(TENANT).await.unwrap().unwrap();
    storage.part_names(TENANT, at, "rest/", None, 100).await.unwrap().len()
}

fn said(notice: &Notice) -> Option<ConversationId> {
    match notice {
        Notice::Said { conversation, .. } => Some(*conversation),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_rests_is_a_part_of_the_snapshot_and_comes_back_when_it_is_touched() {
    let storage = Arc::new(MemoryStorage::new());
    let desk = forgetful(&storage).await;
    let (id, _) = chatter(&desk).await;
    assert_eq!((evicted(&desk).await, resting(&storage).await), (0, 0), "all is open");
    desk.resolve(Actor::Agent(ANA), id).await.unwrap();
    assert_eq!((evicted(&desk).await, resting(&storage).await), (1, 1));
    let seen = desk.step(move |tenant, _, _| tenant.conversations().conversation(id).is_some());
    assert!(!seen.await.unwrap());
    // A step that does not say what it has to do with is refused.
    let resolved = desk.step(move |tenant, _, step| tenant.resolve(&Actor::Agent(ANA), id, step));
    let refused = resolved.await.unwrap().unwrap_err();
    assert!(matches!(refused, ActionError::Rejected(Rejected::Evicted(of)) if of == id));
    // The customer writes again, after a restart.
    desk.shut_down().await;
    let desk = forgetful(&storage).await;
    assert_eq!(evicted(&desk).await, 1);
    let mut notices = desk.subscribe();
    desk.inbound("shop", &request(&[message("4", "kanari-budi", "belum selesai")])).await.unwrap();
    assert_eq!(until(&mut notices, said).await, id);
    assert_eq!((evicted(&desk).await, messages(&desk, id).await), (0, 4));
    assert_eq!(resting(&storage).await, 0, "its part is gone");
    let answered = reply(&desk, id, "besok").await;
    sent(&desk, answered).await;
    desk.resolve(Actor::Agent(ANA), id).await.unwrap();
    assert_eq!((evicted(&desk).await, resting(&storage).await), (1, 1));
    // So does a colleague.
    let note = InternalNote::new(Text::plain("ramah").unwrap());
    desk.note(Actor::Agent(ANA), id, note).await.unwrap();
    assert_eq!(messages(&desk, id).await, 6);
    let again = desk.resolve(Actor::Agent(ANA), id).await;
    assert!(again.is_ok(), "{again:?}");
    let unknown = desk.resolve(Actor::Agent(ANA), ConversationId::new(Default::default())).await;
    assert!(matches!(unknown, Err(DeskError::Action(_))));
    let counted = desk.step(|tenant, _, _| {
        let view = tenant.metrics();
        let report = view.report("kontak.conversations", &view.all_time(), &Filter::all());
        format!("{:?}", report.unwrap().statistic)
    });
    assert_eq!(counted.await.unwrap(), "Count { count: Count(2) }");
    desk.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_forgotten_is_forgotten_in_what_rests_too() {
    let storage = Arc::new(MemoryStorage::new());
    let desk = forgetful(&storage).await;
    let (id, customer) = chatter(&desk).await;
    desk.resolve(Actor::Agent(ANA), id).await.unwrap();
    let mut notices = desk.subscribe();
    desk.inbound("shop", &request(&[message("9", "joko", "Halo")])).await.unwrap();
    let (other, _) = until(&mut notices, opened).await;
    desk.resolve(Actor::Agent(ANA), other).await.unwrap();
    assert_eq!(evicted(&desk).await, 2);
    desk.erase_customer(Actor::System, customer).await.unwrap();
    assert_gone(&storage, &CANARIES).await;
    desk.shut_down().await;
    assert_gone(&storage, &CANARIES).await;
    // Whoever else rests is there still.
    let desk = forgetful(&storage).await;
    assert_eq!(evicted(&desk).await, 2);
    assert_eq!((messages(&desk, other).await, messages(&desk, id).await), (1, 3));
    let touched = vec![Touched::Conversation(other)];
    let known = desk.step_with(touched, move |tenant, _, _| {
        tenant.conversations().conversation(other).map(|known| known.status)
    });
    assert_eq!(known.await.unwrap(), Some(Status::Resolved));
    desk.shut_down().await;
}
