use super::{Encrypted, Place};
use crate::{
    Fault, Lease, Part, PartError, PartName, Position, PublishError, Snapshots, Storage, TenantId,
    WriteError,
};
use async_trait::async_trait;

/// Whom a part is about is not to be had back from its hashes. A part that is read names nobody, and so
/// is taken to be about everybody where it is staged again as it is: an erasure then drops too much
/// rather than too little.
#[async_trait]
impl<S: Storage> Snapshots for Encrypted<S> {
    async fn stage(
        &self,
        lease: &Lease,
        at: Position,
        mut parts: Vec<Part>,
    ) -> Result<(), WriteError> {
        for part in &mut parts {
            part.payload.check(format_args!("part {}", part.name))?;
            let sealed = self.keys.seal(lease.tenant, Place::Part(&part.name), &part.payload)?;
            part.payload = sealed;
            self.keys.hash_subjects(lease.tenant, &mut part.subjects);
        }
        self.inner.stage(lease, at, parts).await
    }

    async fn publish(
        &self,
        lease: &Lease,
        at: Position,
        gone: Vec<PartName>,
    ) -> Result<(), PublishError> {
        self.inner.publish(lease, at, gone).await
    }

    async fn snapshot(&self, tenant: TenantId) -> Result<Option<Position>, Fault> {
        self.inner.snapshot(tenant).await
    }

    async fn part(
        &self,
        tenant: TenantId,
        at: Position,
        name: &PartName,
    ) -> Result<Option<Part>, PartError> {
        let Some(mut part) = self.inner.part(tenant, at, name).await? else { return Ok(None) };
        part.payload = self.keys.open(tenant, Place::Part(name), &part.payload)?;
        part.subjects.clear();
        Ok(Some(part))
    }

    async fn part_names(
        &self,
        tenant: TenantId,
        at: Position,
        prefix: &str,
        after: Option<&PartName>,
        limit: usize,
    ) -> Result<Vec<PartName>, PartError> {
        self.inner.part_names(tenant, at, prefix, after, limit).await
    }
}
