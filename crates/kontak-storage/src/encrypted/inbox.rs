use super::{Encrypted, EncryptionKeys, Place};
use crate::{
    AcceptError, Accepted, DedupeKey, Fault, Inbox, InboxItem, InboxPosition, Lease, NewInboxItem,
    Payload, Storage, TenantId, WriteError,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

#[async_trait]
impl<S: Storage> Inbox for Encrypted<S> {
    async fn accept(
        &self,
        tenant: TenantId,
        items: Vec<NewInboxItem>,
    ) -> Result<Vec<Accepted>, AcceptError> {
        for (item, number) in items.iter().zip(1_usize..) {
            item.payload.check(format_args!("item {number}"))?;
        }
        let seal = |item| seal(&self.keys, tenant, item);
        self.inner.accept(tenant, items.into_iter().map(seal).collect::<Result<_, _>>()?).await
    }

    async fn read_inbox(
        &self,
        tenant: TenantId,
        after: InboxPosition,
        limit: usize,
    ) -> Result<Vec<InboxItem>, Fault> {
        let items = self.inner.read_inbox(tenant, after, limit).await?;
        items.into_iter().map(|item| open(&self.keys, tenant, item)).collect()
    }

    async fn forget_inbox(&self, lease: &Lease, before: DateTime<Utc>) -> Result<u64, WriteError> {
        self.inner.forget_inbox(lease, before).await
    }
}

/// The key goes under the seal too, before the payload and after its length, so that it comes back.
fn seal(
    keys: &EncryptionKeys,
    tenant: TenantId,
    mut item: NewInboxItem,
) -> Result<NewInboxItem, Fault> {
    let key = item.key.as_bytes();
    let mut bytes = u32::try_from(key.len()).unwrap_or(u32::MAX).to_be_bytes().to_vec();
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(item.payload.as_bytes());
    item.key = keys.hash_key(tenant, &item.key);
    item.payload = keys.seal(tenant, Place::Inbox(&item.key), &bytes.into())?;
    keys.hash_subjects(tenant, &mut item.subjects);
    Ok(item)
}

pub(super) fn open(
    keys: &EncryptionKeys,
    tenant: TenantId,
    mut item: InboxItem,
) -> Result<InboxItem, Fault> {
    let opened = keys.open(tenant, Place::Inbox(&item.key), &item.payload)?;
    if opened.is_empty() {
        return Ok(item);
    }
    let apart = apart(opened.as_bytes());
    let (key, payload) = apart.ok_or_else(|| Fault::corrupt("an inbox item has no key"))?;
    item.key = DedupeKey::new(key);
    item.payload = Payload::from(payload.to_vec());
    Ok(item)
}

fn apart(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}
