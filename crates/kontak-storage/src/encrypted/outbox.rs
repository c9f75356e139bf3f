use super::{Encrypted, EncryptionKeys, Place};
use crate::{
    Fault, InDoubt, Lease, Outbox, OutboxPosition, OutboxRow, OutboxState, Storage, TenantId,
    WriteError,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

#[async_trait]
impl<S: Storage> Outbox for Encrypted<S> {
    async fn claim(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, WriteError> {
        let rows = self.inner.claim(lease, now, limit).await?;
        let opened: Result<_, Fault> =
            rows.into_iter().map(|row| open(&self.keys, lease.tenant, row)).collect();
        Ok(opened?)
    }

    async fn doubt(&self, lease: &Lease, which: InDoubt) -> Result<u64, WriteError> {
        self.inner.doubt(lease, which).await
    }

    async fn read_outbox(
        &self,
        tenant: TenantId,
        state: OutboxState,
        after: OutboxPosition,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, Fault> {
        let rows = self.inner.read_outbox(tenant, state, after, limit).await?;
        rows.into_iter().map(|row| open(&self.keys, tenant, row)).collect()
    }

    async fn forget_outbox(&self, lease: &Lease, before: DateTime<Utc>) -> Result<u64, WriteError> {
        self.inner.forget_outbox(lease, before).await
    }
}

pub(super) fn open(
    keys: &EncryptionKeys,
    tenant: TenantId,
    mut row: OutboxRow,
) -> Result<OutboxRow, Fault> {
    row.payload = keys.open(tenant, Place::Outbox(row.id), &row.payload)?;
    Ok(row)
}
