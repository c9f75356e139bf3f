use super::MemoryStorage;
use crate::{
    Fault, InDoubt, Lease, Outbox, OutboxPosition, OutboxRow, OutboxState, TenantId, WriteError,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::ops::Bound::{Excluded, Unbounded};

#[async_trait]
impl Outbox for MemoryStorage {
    async fn claim(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, WriteError> {
        let mut state = self.state();
        let rows = state.fenced(lease)?.outbox.values_mut().map(|kept| &mut kept.record);
        let may_go = rows.filter(|row| row.state == OutboxState::Waiting && row.not_before <= now);
        let claim = |row: &mut OutboxRow| {
            row.state = OutboxState::Sending;
            row.claimed_by = Some(lease.token);
            row.attempts += 1;
            row.clone()
        };
        Ok(may_go.take(limit).map(claim).collect())
    }

    async fn doubt(&self, lease: &Lease, which: InDoubt) -> Result<u64, WriteError> {
        let mut state = self.state();
        let rows = state.fenced(lease)?.outbox.values_mut().map(|kept| &mut kept.record);
        let doubted = rows.filter(|row| match row.state {
            OutboxState::Waiting => which == InDoubt::Unsent,
            OutboxState::Sending => row.claimed_by != Some(lease.token),
            OutboxState::Ambiguous | OutboxState::Sent | OutboxState::Failed => false,
        });
        Ok(doubted.map(|row| row.state = OutboxState::Ambiguous).count() as u64)
    }

    async fn read_outbox(
        &self,
        tenant: TenantId,
        state: OutboxState,
        after: OutboxPosition,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, Fault> {
        Ok(self.read(tenant, |tenant| {
            let behind = tenant.outbox.range((Excluded(after), Unbounded));
            let rows = behind.map(|(_, kept)| &kept.record).filter(|row| row.state == state);
            rows.take(limit).cloned().collect()
        }))
    }

    async fn forget_outbox(&self, lease: &Lease, before: DateTime<Utc>) -> Result<u64, WriteError> {
        let mut state = self.state();
        let tenant = state.fenced(lease)?;
        let count = tenant.outbox.len();
        tenant.outbox.retain(|_, kept| {
            let ended = matches!(kept.record.state, OutboxState::Sent | OutboxState::Failed);
            !ended || kept.record.appended_at >= before
        });
        let (outbox, rows) = (&tenant.outbox, &mut tenant.rows);
        rows.retain(|_, position| outbox.contains_key(position));
        Ok((count - tenant.outbox.len()) as u64)
    }
}
