use super::{Encrypted, Place};
use crate::{
    Fault, Lease, Part, PartError, PartName, Position, PublishError, Snapshots, Storage, TenantId,
    WriteError,
};
use async_trait::async_trait;

/// Whom a part is about comes back as hashes, which name the same people when the part is staged anew
/// only if they are not hashed again: so a part that is read is about nobody that its reader knows.
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
