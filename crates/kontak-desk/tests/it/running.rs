//! A desk that runs: from a provider's request to the provider's receipt, through crashes.

use crate::shop::{Shared, TENANT, desk, message, request};
use kontak_channel::content::Content;
use kontak_conversation::{Actor, DeliveryStatus};
use kontak_desk::{Desk, DeskError, InboundError, Notice, Standing};
use kontak_routing::Agent;
use kontak_storage::{Inbox, InboxPosition, MemoryStorage, Outbox, OutboxPosition, OutboxState};
use kontak_types::uuid::Uuid;
use kontak_types::{AgentId, ConversationId};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::broadcast::Receiver;

fn provider() -> Shared {
    Shared(Arc::default())
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

const ANA: AgentId = AgentId::new(Uuid::from_u128(500));

async fn sign_in(desk: &Desk) {
    let agent = Agent::new(ANA).with_channel("memory", 1_000).with_capacity(1_000_000);
    desk.sign_in(agent).await.unwrap();
}

async fn until<T>(notices: &mut Receiver<Notice>, pick: fn(&Notice) -> Option<T>) -> T {
    let wait = async {
        loop {
            if let Some(found) = pick(&notices.recv().await.unwrap()) {
                return found;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait).await.unwrap()
}

fn assigned(notice: &Notice) -> Option<ConversationId> {
    match notice {
        Notice::Assigned { conversation, agent: Some(_) } => Some(*conversation),
        _ => None,
    }
}

#[test]
fn a_request_becomes_an_answer() {
    let (storage, provider) = (Arc::new(MemoryStorage::new()), provider());
    runtime().block_on(async {
        let desk = desk(storage, &provider);
        desk.owned().await.unwrap();
        sign_in(&desk).await;
        let mut notices = desk.subscribe();
        let incoming = request(&[message("1", "budi", "AC saya rusak")]);
        desk.inbound("shop", &incoming).await.unwrap();
        desk.inbound("shop", &incoming).await.unwrap();
        let conversation = until(&mut notices, assigned).await;
        let content = Content::plain("Kami datang besok.").unwrap();
        let id = desk.reply(Actor::Agent(ANA), conversation, content).await.unwrap();
        loop {
            let status = desk.step(move |tenant, _, _| {
                let message = tenant.conversations().message(id);
                message.and_then(|message| message.delivery()).map(|delivery| delivery.status)
            });
            if status.await.unwrap() == Some(DeliveryStatus::Sent) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let count =
            desk.step(move |tenant, _, _| tenant.conversations().messages(conversation).count());
        assert_eq!(count.await.unwrap(), 2, "the redelivery is the same message");
        assert_eq!(provider.asked().into_values().collect::<Vec<_>>(), [1]);
        desk.shut_down().await;
        assert_eq!(desk.standing(), Standing::Closed);
        assert!(matches!(desk.step(|_, _, _| ()).await, Err(DeskError::Closed)));
    });
}

#[test]
fn a_forged_request_is_not_kept() {
    let (storage, provider) = (Arc::new(MemoryStorage::new()), provider());
    runtime().block_on(async {
        let desk = desk(Arc::clone(&storage) as Arc<_>, &provider);
        let forged = request(&[message("1", "budi", "x")]).with_body("[]");
        let refused = desk.inbound("shop", &forged).await.unwrap_err();
        assert_eq!(refused.status(), 401);
        let unknown = desk.inbound("nobody", &forged).await.unwrap_err();
        assert!(matches!(unknown, InboundError::NoAccount));
        let kept = storage.read_inbox(TENANT, InboxPosition::START, 10).await.unwrap();
        assert_eq!(kept.len(), 0);
    });
}

#[test]
fn another_process_takes_over_where_one_died() {
    let (storage, provider) = (Arc::new(MemoryStorage::new()), provider());
    let (first, second) = (runtime(), runtime());
    let one = first.block_on(async { desk(Arc::clone(&storage) as Arc<_>, &provider) });
    first.block_on(async {
        one.owned().await.unwrap();
        sign_in(&one).await;
        let mut notices = one.subscribe();
        one.inbound("shop", &request(&[message("1", "budi", "halo")])).await.unwrap();
        until(&mut notices, assigned).await;
    });
    let other = second.block_on(async { desk(Arc::clone(&storage) as Arc<_>, &provider) });
    second.block_on(async {
        assert_eq!(other.standing(), Standing::Standby);
        assert!(matches!(other.step(|_, _, _| ()).await, Err(DeskError::NotOwner)));
        // Whoever does not own the tenant takes in all the same.
        other.inbound("shop", &request(&[message("2", "budi", "ada orang?")])).await.unwrap();
    });
    drop(first);
    second.block_on(async {
        tokio::time::timeout(Duration::from_secs(30), other.owned()).await.unwrap().unwrap();
        let said = other
            .step(|tenant, _, _| {
                let known = tenant.identity().customers().next().map(|customer| customer.id());
                let state = tenant.conversations();
                let conversation = state.of_customer(known.unwrap()).next().unwrap();
                (conversation.agent, state.messages(conversation.id).count())
            })
            .await
            .unwrap();
        assert_eq!(said, (Some(ANA), 2));
    });
}

/// Processes die at any await point while messages come in and are answered. What was acknowledged
/// is there, once; nothing was sent twice; what may have been sent is reported as such.
#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_sent_twice() {
    let (storage, provider) = (Arc::new(MemoryStorage::new()), provider());
    let mut accepted = 0_u32;
    for life in 0..12_u64 {
        let runtime = runtime();
        let desk = runtime.block_on(async { desk(Arc::clone(&storage) as Arc<_>, &provider) });
        let accept = async {
            let owned = tokio::time::timeout(Duration::from_secs(30), desk.owned()).await;
            owned.unwrap().unwrap();
            sign_in(&desk).await;
            let mut notices = desk.subscribe();
            let answering = {
                let desk = desk.clone();
                tokio::spawn(async move {
                    while let Ok(notice) = notices.recv().await {
                        let Notice::Said { conversation, agent: Some(_), .. } = notice else {
                            continue;
                        };
                        let content = Content::plain("Baik.").unwrap();
                        let _ = desk.reply(Actor::Agent(ANA), conversation, content).await;
                    }
                })
            };
            for number in 0..40 {
                let id = format!("{life}-{number}");
                let from = format!("customer {}", number % 5);
                desk.inbound("shop", &request(&[message(&id, &from, "halo")])).await.unwrap();
                accepted += 1;
            }
            answering.abort();
        };
        runtime.block_on(accept);
        // A different moment in each life.
        std::thread::sleep(Duration::from_micros(life * 350));
        runtime.shutdown_background();
    }
    runtime().block_on(async {
        let desk = desk(Arc::clone(&storage) as Arc<_>, &provider);
        tokio::time::timeout(Duration::from_secs(30), desk.owned()).await.unwrap().unwrap();
        let heard = desk.step(|tenant, _, _| {
            let ids: Vec<_> = tenant.identity().customers().map(|one| one.id()).collect();
            let state = tenant.conversations();
            let all = ids.iter().flat_map(|id| state.of_customer(*id));
            let messages = all.flat_map(|one| state.messages(one.id));
            let customers = messages.filter(|it| matches!(it.said.author, Actor::Customer(_)));
            (customers.count(), tenant.routing().invariants(), tenant.ambiguous())
        });
        let (heard, violations, ambiguous) = heard.await.unwrap();
        assert_eq!(heard, accepted as usize);
        assert_eq!(violations, []);
        let twice: Vec<_> = provider.asked().into_iter().filter(|(_, times)| *times > 1).collect();
        assert_eq!(twice, []);
        let start = OutboxPosition::START;
        let rows =
            storage.read_outbox(TENANT, OutboxState::Ambiguous, start, 10_000).await.unwrap();
        let mut rows: Vec<_> = rows.iter().map(|row| *row.id.as_uuid()).collect();
        let mut told: Vec<_> = ambiguous.into_iter().map(|(_, row)| row).collect();
        rows.sort_unstable();
        told.sort_unstable();
        assert_eq!(rows, told);
    });
}
