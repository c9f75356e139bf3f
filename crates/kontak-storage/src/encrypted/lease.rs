use super::Encrypted;
use crate::{AcquireError, Fault, Lease, Leases, RenewError, Storage, TenantId};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// A lease says nothing of anybody.
#[async_trait]
impl<S: Storage> Leases for Encrypted<S> {
    async fn acquire(
        &self,
        tenant: TenantId,
        owner: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Lease, AcquireError> {
        self.inner.acquire(tenant, owner, now, until).await
    }

    async fn renew(&self, lease: &Lease, until: DateTime<Utc>) -> Result<Lease, RenewError> {
        self.inner.renew(lease, until).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), Fault> {
        self.inner.release(lease).await
    }

    async fn due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantId>, Fault> {
        self.inner.due(now, limit).await
    }
}
