use crate::{Fault, FencingToken, TenantId};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// The right to write for one tenant, for as long as nobody holds a higher token.
///
/// Time plays no part in what may be written: a lease that ran out writes on until somebody else has
/// taken the tenant, and from then on nothing. So clocks that differ cost waiting, never data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// Whose data it is.
    pub tenant: TenantId,
    /// The number that shuts out every lower one.
    pub token: FencingToken,
    /// When somebody else may take the tenant.
    pub until: DateTime<Utc>,
}

impl Lease {
    /// A lease as a store grants it.
    #[must_use]
    pub const fn new(tenant: TenantId, token: FencingToken, until: DateTime<Utc>) -> Self {
        Self { tenant, token, until }
    }
}

/// Who writes for a tenant.
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes a tenant for `owner` until `until`: where nobody holds it, where its lease ran out
    /// before `now`, or where `owner` itself holds it, as after a restart. The token is a new one
    /// each time, and everything that still writes under an older one is refused from here on.
    ///
    /// The name is the caller's, and no two processes that may live at once have the same.
    ///
    /// # Errors
    /// [`AcquireError::Held`] by another until some time.
    async fn acquire(
        &self,
        tenant: TenantId,
        owner: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Lease, AcquireError>;

    /// Holds on to a tenant for longer. Never shortens.
    ///
    /// # Errors
    /// [`RenewError::Fenced`] where somebody else has taken it.
    async fn renew(&self, lease: &Lease, until: DateTime<Utc>) -> Result<Lease, RenewError>;

    /// Lets go of a tenant, so that the next need not wait. A lease that is no longer the newest is
    /// let go already.
    ///
    /// # Errors
    /// Where the store failed; the lease then runs out by itself.
    async fn release(&self, lease: &Lease) -> Result<(), Fault>;

    /// Tenants that nobody holds at `now` and for which something is to be done: an inbox item behind
    /// the cursor, an instant to wake at ([`Commit::wake_at`](crate::Commit::wake_at)), an outbox row
    /// that may go or that nobody is sending any more. At most `limit`, in the order of their ids.
    ///
    /// # Errors
    /// Where the store failed.
    async fn due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantId>, Fault>;
}

/// A tenant was not to be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AcquireError {
    /// Somebody else holds it. Try again after `until`.
    #[error("tenant {tenant} is held by {owner} until {until}")]
    Held {
        /// The tenant.
        tenant: TenantId,
        /// The name of the one who holds it.
        owner: String,
        /// When it may be taken.
        until: DateTime<Utc>,
    },
    /// The store failed.
    #[error(transparent)]
    Failed(#[from] Fault),
}

/// A lease was not to be lengthened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenewError {
    /// Somebody else has taken the tenant. Stop: nothing can be written any more.
    #[error("tenant {tenant} was taken by another owner")]
    Fenced {
        /// The tenant.
        tenant: TenantId,
    },
    /// The store failed. The lease holds until it runs out.
    #[error(transparent)]
    Failed(#[from] Fault),
}
