//! Owning a tenant: taking it, holding on to it, letting it go.

use super::error::{Lost, StartError};
use super::writer::Writer;
use super::{Inner, Order, Standing};
use kontak_storage::{AcquireError, Lease, RenewError};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// How long to wait after a fault, and at most for a lease that somebody else has.
const PAUSE: Duration = Duration::from_millis(500);

/// Owns the tenant whenever nobody else does, until the desk is shut down.
pub(super) async fn run(
    inner: Arc<Inner>,
    mut orders: mpsc::Receiver<Order>,
    stand: watch::Sender<Standing>,
    mut closed: watch::Receiver<bool>,
) {
    let name = inner.clock.id().to_string();
    while !*closed.borrow() {
        match own(&inner, &name, &mut orders, &stand, &mut closed).await {
            Ok(()) => {}
            Err(lost @ Lost::Unreadable(_)) => {
                tracing::error!(error = %Chain(&lost), "the owner begins anew");
                inner.from_journal.store(true, Ordering::Relaxed);
            }
            Err(lost @ Lost::Start(StartError::Event { .. })) => {
                // What the journal does not tell the snapshot may.
                inner.from_journal.store(false, Ordering::Relaxed);
                tracing::error!(error = %Chain(&lost), "the tenant is not owned here");
            }
            Err(lost) => tracing::warn!(error = %Chain(&lost), "the tenant is not owned here"),
        }
        stand.send_replace(Standing::Standby);
        // Who waits for an answer learns that it was not stored.
        while orders.try_recv().is_ok() {}
        pause(&mut closed).await;
    }
    stand.send_replace(Standing::Closed);
}

async fn pause(closed: &mut watch::Receiver<bool>) {
    let _ = tokio::time::timeout(PAUSE, closed.wait_for(|closed| *closed)).await;
}

async fn own(
    inner: &Arc<Inner>,
    name: &str,
    orders: &mut mpsc::Receiver<Order>,
    stand: &watch::Sender<Standing>,
    closed: &mut watch::Receiver<bool>,
) -> Result<(), Lost> {
    let now = inner.clock.now();
    let until = now + inner.lease;
    let lease = match inner.storage.acquire(inner.tenant, name, now, until).await {
        Ok(lease) => lease,
        Err(AcquireError::Failed(fault)) => return Err(fault.into()),
        Err(_) => return Ok(()),
    };
    tracing::info!(tenant = %inner.tenant, token = %lease.token, "taken");
    let (held, holding) = watch::channel(lease);
    // Dropped with this function, whatever ends it: then nobody holds on any more.
    let mut tasks = JoinSet::new();
    tasks.spawn(hold(Arc::clone(inner), held));
    let lease = holding.borrow().clone();
    let started = inner.load(&lease).await?;
    let mut writer = Writer::new(Arc::clone(inner), holding.clone(), started, &mut tasks);
    writer.begin().await?;
    stand.send_replace(Standing::Owner);
    writer.run(orders, closed).await?;
    writer.snapshot().await?;
    let lease = holding.borrow().clone();
    inner.storage.release(&lease).await?;
    tracing::info!(tenant = %inner.tenant, "let go");
    Ok(())
}

/// Renews the lease until somebody else has taken it, or the sender is no longer listened to.
async fn hold(inner: Arc<Inner>, held: watch::Sender<Lease>) {
    loop {
        tokio::time::sleep(inner.lease / 3).await;
        let lease = held.borrow().clone();
        match inner.storage.renew(&lease, inner.clock.now() + inner.lease).await {
            Ok(longer) => {
                held.send_replace(longer);
            }
            // The next write is refused: the writer finds out by itself.
            Err(RenewError::Fenced { .. }) => return,
            Err(error) => tracing::warn!(error = %Chain(&error), "the lease was not renewed"),
        }
    }
}

/// An error with all that is behind it, in one line.
pub(super) struct Chain<'a>(pub(super) &'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}
