use super::{Encrypted, Place, inbox, journal, outbox};
use crate::{
    Erased, Erasure, Fault, Lease, Record, RecordKey, Storage, Subject, Subjects, TenantId,
    WriteError,
};
use async_trait::async_trait;

#[async_trait]
impl<S: Storage> Subjects for Encrypted<S> {
    async fn about(
        &self,
        tenant: TenantId,
        subjects: &[Subject],
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<Record>, Fault> {
        let hash = |subject| self.keys.hash_subject(tenant, subject);
        let subjects: Vec<_> = subjects.iter().map(hash).collect();
        let records = self.inner.about(tenant, &subjects, after, limit).await?;
        let open = |record| match record {
            Record::Inbox(item) => inbox::open(&self.keys, tenant, item).map(Record::Inbox),
            Record::Event(event) => journal::open(&self.keys, tenant, event).map(Record::Event),
            Record::Outbox(row) => outbox::open(&self.keys, tenant, row).map(Record::Outbox),
        };
        records.into_iter().map(open).collect()
    }

    async fn erase(&self, lease: &Lease, mut erasure: Erasure) -> Result<Erased, WriteError> {
        for (position, payload) in &mut erasure.rewritten {
            payload.check(format_args!("event {position}"))?;
            *payload = self.keys.seal(lease.tenant, Place::Event(*position), payload)?;
        }
        self.keys.hash_subjects(lease.tenant, &mut erasure.subjects);
        self.inner.erase(lease, erasure).await
    }
}
