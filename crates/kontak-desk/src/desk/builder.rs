use super::{Automation, Clock, Desk, Enrichment, Inner, Standing, SystemClock, Translation};
use super::{acceptor, owner};
use crate::{Accounts, Settings, SettingsError};
use chrono::TimeDelta;
use kontak_channel::{Channel, KeyRing, RetryPolicy};
use kontak_storage::{Storage, TenantId};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, watch};

/// How many orders may wait for the writer.
const ORDERS: usize = 1_024;
/// How many notices a slow listener may be behind.
const NOTICES: usize = 4_096;

/// What a desk is made of: a store, a tenant and its secret; rules, accounts and hooks are added. The
/// example in the documentation of this crate is whole.
#[must_use = "a builder does nothing until it is started"]
pub struct DeskBuilder {
    tenant: TenantId,
    secret: [u8; 16],
    storage: Arc<dyn Storage>,
    settings: Settings,
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
    from_journal: bool,
}

impl DeskBuilder {
    pub(super) fn new(storage: Arc<dyn Storage>, tenant: TenantId, secret: [u8; 16]) -> Self {
        Self {
            tenant,
            secret,
            storage,
            settings: Settings::default(),
            accounts: Accounts::new(),
            keys: BTreeMap::new(),
            clock: Arc::new(SystemClock),
            enrichment: None,
            enrichment_within: Duration::from_millis(500),
            automation: None,
            translation: None,
            retry: RetryPolicy::default(),
            lease: Duration::from_secs(10),
            snapshot_every: 100_000,
            evict_after: TimeDelta::hours(1),
            from_journal: false,
        }
    }

    /// By these rules. Where the tenant has a journal already, those that differ from its own are
    /// recorded, and in force from now on; what was decided before stays decided.
    pub fn settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// With an account on a channel, and the keys by which its requests are told from forged ones.
    pub fn account(mut self, channel: Arc<dyn Channel>, keys: KeyRing) -> Self {
        self.keys.insert(channel.codec().descriptor().account.clone(), keys);
        self.accounts = self.accounts.with(channel);
        self
    }

    /// With another source of time and ids.
    pub fn clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// Asks another system who a sender is.
    pub fn enrichment(self, enrichment: Arc<dyn Enrichment>) -> Self {
        Self { enrichment: Some(enrichment), ..self }
    }

    /// How long to wait for it, for all messages of a request together. Default half a second:
    /// providers want their answer soon.
    pub fn enrichment_within(self, enrichment_within: Duration) -> Self {
        Self { enrichment_within, ..self }
    }

    /// Lets a bot look at what customers write. It is first where the queue has `bot_seconds`.
    pub fn automation(self, automation: Arc<dyn Automation>) -> Self {
        Self { automation: Some(automation), ..self }
    }

    /// Translates for agents and customers who share no language.
    pub fn translation(self, translation: Arc<dyn Translation>) -> Self {
        Self { translation: Some(translation), ..self }
    }

    /// When a failed send is tried again.
    pub fn retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }

    /// For how long this process owns the tenant after its last sign of life. Default 10 seconds:
    /// so long it takes at most until another takes over. Renewed after a third of it.
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// After how many events a snapshot is written. Default 100,000; a start reads what came after.
    pub fn snapshot_every(self, events: u64) -> Self {
        Self { snapshot_every: events.max(1), ..self }
    }

    /// For how long a conversation that is resolved or closed stays in memory after the last that
    /// happened in it. Default an hour. With the next snapshot it becomes a part of it, and comes back
    /// when somebody has to do with it.
    pub fn evict_after(self, evict_after: TimeDelta) -> Self {
        Self { evict_after, ..self }
    }

    /// Passes the last snapshot over at the first start, and replays the journal instead. It takes as long
    /// as the journal is; afterwards all is there again that was
    /// [unreadable](crate::Tenant::unreadable) in the snapshot.
    pub fn replay_journal(self) -> Self {
        Self { from_journal: true, ..self }
    }

    /// Starts the desk, within a tokio runtime: as soon as nobody else owns the tenant, it does.
    ///
    /// # Errors
    /// Where the settings cannot be used.
    pub fn start(self) -> Result<Desk, SettingsError> {
        self.settings.check()?;
        let (orders, ordered) = mpsc::channel(ORDERS);
        let (acceptor, brought) = mpsc::channel(ORDERS);
        tokio::spawn(acceptor::run(Arc::clone(&self.storage), self.tenant, brought));
        let (notices, _) = broadcast::channel(NOTICES);
        let (stand, standing) = watch::channel(Standing::Standby);
        let (closing, closed) = watch::channel(false);
        let inner = Arc::new(Inner {
            tenant: self.tenant,
            secret: self.secret,
            settings: self.settings,
            storage: self.storage,
            accounts: self.accounts,
            keys: self.keys,
            clock: self.clock,
            enrichment: self.enrichment,
            enrichment_within: self.enrichment_within,
            automation: self.automation,
            translation: self.translation,
            retry: self.retry,
            lease: self.lease,
            snapshot_every: self.snapshot_every,
            evict_after: self.evict_after,
            from_journal: self.from_journal.into(),
            acceptor,
            orders,
            notices,
            standing,
            closing,
        });
        tokio::spawn(owner::run(Arc::clone(&inner), ordered, stand, closed));
        Ok(Desk { inner })
    }
}

impl fmt::Debug for DeskBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeskBuilder")
            .field("tenant", &self.tenant)
            .field("accounts", &self.accounts)
            .finish_non_exhaustive()
    }
}
