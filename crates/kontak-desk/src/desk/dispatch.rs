//! Sending: rows are claimed, durably, before their first byte goes out.

use super::owner::Chain;
use super::{Inner, Order};
use crate::Sending;
use hashbrown::HashMap;
use kontak_channel::{SendError, SendReceipt};
use kontak_storage::{Lease, OutboxRow, WriteError};
use kontak_types::TouchpointId;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio::task::JoinSet;

/// How many requests may be claimed at a time: if the process dies, of all of them nobody knows whether
/// they went out. More than a few for each lane would not be sent any sooner.
const IN_FLIGHT: usize = 64;
/// Into how many lanes the requests of one account are spread. What goes to one customer keeps to
/// one lane, and so its order.
const LANES: u128 = 16;
/// How long to sleep at most: a row that is to be tried again tells nobody.
const TICK: Duration = Duration::from_millis(500);

/// What became of a row.
pub(crate) struct Sent {
    pub(crate) sending: Box<Sending>,
    pub(crate) attempts: u32,
    pub(crate) result: Result<SendReceipt, SendError>,
}

struct Job {
    sending: Box<Sending>,
    attempts: u32,
    permit: OwnedSemaphorePermit,
}

/// Sends what waits, until the lease is lost or the desk shut down. Then what was claimed is still
/// sent, and `_all_sent` is dropped.
pub(super) async fn run(
    inner: Arc<Inner>,
    lease: watch::Receiver<Lease>,
    waits: Arc<Notify>,
    _all_sent: oneshot::Sender<()>,
) {
    let mut closed = inner.closing.subscribe();
    let mut lanes: HashMap<(Box<str>, u128), mpsc::UnboundedSender<Job>> = HashMap::new();
    let mut tasks = JoinSet::new();
    let room = Arc::new(Semaphore::new(IN_FLIGHT));
    while !*closed.borrow() {
        let free = room.available_permits();
        let held = lease.borrow().clone();
        let claimed = match free {
            0 => Ok(Vec::new()),
            free => inner.storage.claim(&held, inner.clock.now(), free).await,
        };
        let rows = match claimed {
            Ok(rows) => rows,
            Err(WriteError::Fenced { .. }) => return,
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "nothing was claimed");
                Vec::new()
            }
        };
        if rows.is_empty() {
            tokio::select! {
                () = waits.notified() => {}
                () = tokio::time::sleep(TICK) => {}
                // An error means that nobody is left who could shut it down.
                _ = closed.wait_for(|closed| *closed) => {}
            }
            continue;
        }
        for row in rows {
            let Some(sending) = read(&row) else { continue };
            let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
            let lane = (sending.account.clone(), lane(sending.touchpoint));
            let sender = lanes.entry(lane).or_insert_with(|| {
                let (sender, jobs) = mpsc::unbounded_channel();
                tasks.spawn(work(Arc::clone(&inner), jobs));
                sender
            });
            // The lane lives as long as this task.
            let _ = sender.send(Job { sending, attempts: row.attempts, permit });
        }
    }
    drop(lanes);
    while tasks.join_next().await.is_some() {}
}

pub(super) fn read(row: &OutboxRow) -> Option<Box<Sending>> {
    serde_json::from_slice(row.payload.as_bytes()).ok()
}

fn lane(touchpoint: TouchpointId) -> u128 {
    touchpoint.as_uuid().as_u128() % LANES
}

async fn work(inner: Arc<Inner>, mut jobs: mpsc::UnboundedReceiver<Job>) {
    while let Some(Job { sending, attempts, permit }) = jobs.recv().await {
        let result = match inner.accounts.named(&sending.account) {
            Some(channel) => channel.send(&sending.outbound, inner.clock.now()).await,
            None => Err(SendError::Config { what: "no such account", code: "no account".into() }),
        };
        let order = Order::Sent(Sent { sending, attempts, result });
        if inner.orders.send(order).await.is_err() {
            return;
        }
        drop(permit);
    }
}
