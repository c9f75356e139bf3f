use super::{Kept, MemoryStorage};
use crate::{
    AcceptError, Accepted, Fault, Inbox, InboxItem, InboxPosition, Lease, NewInboxItem, TenantId,
    WriteError,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::ops::Bound::{Excluded, Unbounded};

#[async_trait]
impl Inbox for MemoryStorage {
    async fn accept(
        &self,
        tenant: TenantId,
        items: Vec<NewInboxItem>,
    ) -> Result<Vec<Accepted>, AcceptError> {
        for (item, number) in items.iter().zip(1_usize..) {
            item.payload.check(format_args!("item {number}"))?;
        }
        let mut state = self.state();
        let tenant = state.tenants.entry(tenant).or_default();
        let mut answers = Vec::with_capacity(items.len());
        for NewInboxItem { key, received_at, subjects, payload } in items {
            if let Some(&position) = tenant.keys.get(&key) {
                answers.push(Accepted::Known(position));
                continue;
            }
            let position = tenant.inbox_head.plus(1);
            tenant.inbox_head = position;
            tenant.keys.insert(key.clone(), position);
            let record = InboxItem::new(position, key, received_at, None, payload);
            tenant.inbox.insert(position, Kept { record, subjects });
            answers.push(Accepted::New(position));
        }
        state.wake();
        Ok(answers)
    }

    async fn read_inbox(
        &self,
        tenant: TenantId,
        after: InboxPosition,
        limit: usize,
    ) -> Result<Vec<InboxItem>, Fault> {
        Ok(self.read(tenant, |tenant| {
            let behind = tenant.inbox.range((Excluded(after), Unbounded)).take(limit);
            behind.map(|(_, kept)| kept.record.clone()).collect()
        }))
    }

    async fn forget_inbox(&self, lease: &Lease, before: DateTime<Utc>) -> Result<u64, WriteError> {
        let mut state = self.state();
        let tenant = state.fenced(lease)?;
        let count = tenant.inbox.len();
        let cursor = tenant.inbox_cursor;
        let stays = |item: &InboxItem| item.position > cursor || item.received_at >= before;
        tenant.inbox.retain(|_, kept| stays(&kept.record));
        let (inbox, keys) = (&tenant.inbox, &mut tenant.keys);
        keys.retain(|_, position| inbox.contains_key(position));
        Ok((count - tenant.inbox.len()) as u64)
    }
}
