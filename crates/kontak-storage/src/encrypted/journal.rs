use super::{Encrypted, EncryptionKeys, Place};
use crate::{
    AppendError, Commit, Event, Fault, InboxPosition, Journal, Lease, Position, Progress, Storage,
    TenantId,
};
use async_trait::async_trait;

#[async_trait]
impl<S: Storage> Journal for Encrypted<S> {
    /// The commit says where the journal ends, so each event's place is known before it is written.
    async fn append(&self, lease: &Lease, mut commit: Commit) -> Result<Position, AppendError> {
        commit.check()?;
        let (keys, tenant) = (&self.keys, lease.tenant);
        for (event, number) in commit.events.iter_mut().zip(1..) {
            let place = Place::Event(commit.after.plus(number));
            event.payload = keys.seal(tenant, place, &event.payload)?;
            keys.hash_subjects(tenant, &mut event.subjects);
        }
        for row in &mut commit.outbox {
            row.payload = keys.seal(tenant, Place::Outbox(row.id), &row.payload)?;
            keys.hash_subjects(tenant, &mut row.subjects);
        }
        self.inner.append(lease, commit).await
    }

    async fn read(
        &self,
        tenant: TenantId,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Event>, Fault> {
        let events = self.inner.read(tenant, after, limit).await?;
        events.into_iter().map(|event| open(&self.keys, tenant, event)).collect()
    }

    async fn progress(&self, tenant: TenantId) -> Result<Progress, Fault> {
        self.inner.progress(tenant).await
    }

    async fn beyond(
        &self,
        tenant: TenantId,
        journal: Position,
        inbox: InboxPosition,
    ) -> Result<Progress, Fault> {
        self.inner.beyond(tenant, journal, inbox).await
    }
}

pub(super) fn open(
    keys: &EncryptionKeys,
    tenant: TenantId,
    mut event: Event,
) -> Result<Event, Fault> {
    event.payload = keys.open(tenant, Place::Event(event.position), &event.payload)?;
    Ok(event)
}
