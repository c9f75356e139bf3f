//! The desk: a tenant that runs, stored at every step.

mod acceptor;
mod action;
mod builder;
mod clock;
mod dispatch;
mod error;
mod forget;
mod hook;
mod intake;
mod journal;
mod owner;
mod shelf;
mod snapshot;
mod start;
mod writer;

pub use builder::DeskBuilder;
pub use clock::{Clock, SystemClock};
pub use error::{DeskError, InboundError, StartError};
pub use hook::{Automation, AutomationOutcome, Enriched, Enrichment, Translation};

use crate::{Accounts, Notice, Settings, Step, Tenant, Touched};
use chrono::TimeDelta;
use kontak_channel::{Acknowledgement, Envelope, KeyRing, RawRequest, RetryPolicy};
use kontak_storage::{Storage, TenantId};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

/// One tenant's desk in this process: takes in, decides, stores, sends.
///
/// Any process may [take in](Self::inbound); one owns the tenant at a time and does all else. When
/// the owner dies another takes over as soon as its lease is over. Clones are the same desk.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    tenant: TenantId,
    secret: [u8; 16],
    settings: Settings,
    storage: Arc<dyn Storage>,
    accounts: Accounts,
    keys: BTreeMap<Box<str>, KeyRing>,
    clock: Arc<dyn Clock>,
    enrichment: Option<Arc<dyn Enrichment>>,
    enrichment_within: Duration,
    automation: Option<Arc<dyn Automation>>,
    translation: Option<Arc<dyn Translation>>,
    retry: RetryPolicy,
    lease: Duration,
    snapshot_every: u64,
    evict_after: TimeDelta,
    /// Whether the next start passes the snapshot over.
    from_journal: AtomicBool,
    acceptor: mpsc::Sender<acceptor::Accept>,
    orders: mpsc::Sender<Order>,
    notices: broadcast::Sender<Notice>,
    standing: watch::Receiver<Standing>,
    closing: watch::Sender<bool>,
}

/// Whether this process owns the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// Not now; it stands by.
    Standby,
    /// It does.
    Owner,
    /// The desk was shut down.
    Closed,
}

/// What the writer is asked for.
pub(crate) enum Order {
    /// A step: something that changes the tenant, or looks at it, and what it has to do with.
    Step(Vec<Touched>, Act),
    /// Somebody writes just now.
    Glimpse(Box<str>, Box<Envelope>),
    /// A request was sent, or not.
    Sent(dispatch::Sent),
    /// Everything of these is to be taken out of the store.
    Forget(forget::Forget),
}

pub(crate) type Act = Box<dyn FnOnce(&mut Tenant, &Accounts, &mut Step<'_>) -> Reply + Send>;

/// Answers whoever asked, once what they asked for is durable, or not.
pub(crate) type Reply = Box<dyn FnOnce(Result<(), DeskError>) + Send>;

impl Desk {
    /// A desk over this store, for this tenant. `secret` is what personal data is hashed under: keep
    /// it as you keep a password.
    pub fn builder(storage: Arc<dyn Storage>, tenant: TenantId, secret: [u8; 16]) -> DeskBuilder {
        DeskBuilder::new(storage, tenant, secret)
    }

    /// Takes in a request of a provider, for the account of ours of this name. When it returns well,
    /// all that it brought is durable: answer the provider with what is returned.
    ///
    /// # Errors
    /// [`InboundError::status`] is what to answer.
    pub async fn inbound(
        &self,
        account: &str,
        request: &RawRequest,
    ) -> Result<Acknowledgement, InboundError> {
        self.inner.inbound(account, request).await
    }

    /// Does something with the tenant, in its turn, and returns once that is durable. What has no
    /// method is done with it.
    ///
    /// Conversations that have rested for long are not there to be seen, and commands to them are
    /// refused: see [`step_with`](Self::step_with).
    ///
    /// # Errors
    /// Where this process does not own the tenant, or it could not be stored. Then it has not
    /// happened, as far as anybody is told.
    pub async fn step<T, F>(&self, act: F) -> Result<T, DeskError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tenant, &Accounts, &mut Step<'_>) -> T + Send + 'static,
    {
        self.step_with(Vec::new(), act).await
    }

    /// As [`step`](Self::step), after what it has to do with was brought back, where that has rested
    /// for long. All other methods are made of this one.
    ///
    /// # Errors
    /// As those of [`step`](Self::step).
    pub async fn step_with<T, F>(&self, touched: Vec<Touched>, act: F) -> Result<T, DeskError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tenant, &Accounts, &mut Step<'_>) -> T + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let act: Act = Box::new(move |tenant, accounts, step| {
            let value = act(tenant, accounts, step);
            Box::new(move |stored| {
                // Whoever asked may have gone.
                let _ = answer.send(stored.map(|()| value));
            })
        });
        self.order(Order::Step(touched, act)).await?;
        answered.await.map_err(|_| DeskError::NotStored)?
    }

    pub(crate) async fn order(&self, order: Order) -> Result<(), DeskError> {
        match *self.inner.standing.borrow() {
            Standing::Owner => {}
            Standing::Standby => return Err(DeskError::NotOwner),
            Standing::Closed => return Err(DeskError::Closed),
        }
        self.inner.orders.send(order).await.map_err(|_| DeskError::Closed)
    }

    /// What happens, from now on. A listener that is too slow loses the oldest, and is told so.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.inner.notices.subscribe()
    }

    /// Whether this process owns the tenant.
    #[must_use]
    pub fn standing(&self) -> Standing {
        *self.inner.standing.borrow()
    }

    /// Waits until this process owns the tenant.
    ///
    /// # Errors
    /// The desk was shut down.
    pub async fn owned(&self) -> Result<(), DeskError> {
        let mut standing = self.inner.standing.clone();
        let owner = standing.wait_for(|standing| *standing != Standing::Standby).await;
        match owner.as_deref() {
            Ok(Standing::Owner) => Ok(()),
            _ => Err(DeskError::Closed),
        }
    }

    /// Finishes what was begun, writes a snapshot and lets go of the tenant. Returns when that is
    /// done.
    pub async fn shut_down(&self) {
        self.inner.closing.send_replace(true);
        let mut standing = self.inner.standing.clone();
        // An error means that the task is gone, which is what is waited for.
        let _ = standing.wait_for(|standing| *standing == Standing::Closed).await;
    }

    /// Our accounts.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.inner.accounts
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk")
            .field("tenant", &self.inner.tenant)
            .field("standing", &self.standing())
            .finish_non_exhaustive()
    }
}
