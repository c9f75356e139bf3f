use super::{MemoryStorage, Tenant};
use crate::{AcquireError, Fault, Lease, Leases, OutboxState, RenewError, TenantId};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

#[async_trait]
impl Leases for MemoryStorage {
    async fn acquire(
        &self,
        tenant: TenantId,
        owner: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Lease, AcquireError> {
        let mut state = self.state();
        let held = state.tenants.entry(tenant).or_default();
        match &held.held {
            Some((holder, until)) if holder != owner && *until > now => {
                Err(AcquireError::Held { tenant, owner: holder.clone(), until: *until })
            }
            _ => {
                held.token = held.token.plus(1);
                held.held = Some((owner.to_owned(), until));
                Ok(Lease::new(tenant, held.token, until))
            }
        }
    }

    async fn renew(&self, lease: &Lease, until: DateTime<Utc>) -> Result<Lease, RenewError> {
        let mut state = self.state();
        match state.tenants.get_mut(&lease.tenant) {
            Some(Tenant { token, held: Some((_, held_until)), .. }) if *token == lease.token => {
                *held_until = until.max(*held_until);
                Ok(Lease::new(lease.tenant, lease.token, *held_until))
            }
            _ => Err(RenewError::Fenced { tenant: lease.tenant }),
        }
    }

    async fn release(&self, lease: &Lease) -> Result<(), Fault> {
        let mut state = self.state();
        if let Some(tenant) = state.tenants.get_mut(&lease.tenant)
            && tenant.token == lease.token
        {
            // What the one who let go still has on its way must not arrive after the next has begun.
            tenant.token = tenant.token.plus(1);
            tenant.held = None;
        }
        Ok(())
    }

    async fn due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantId>, Fault> {
        let state = self.state();
        let due = state.tenants.iter().filter(|(_, tenant)| tenant.is_due(now));
        Ok(due.take(limit).map(|(id, _)| *id).collect())
    }
}

impl Tenant {
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        let free = self.held.as_ref().is_none_or(|(_, until)| *until <= now);
        let sends = || {
            self.outbox.values().any(|row| match row.record.state {
                OutboxState::Waiting => row.record.not_before <= now,
                OutboxState::Sending => true,
                OutboxState::Ambiguous | OutboxState::Sent | OutboxState::Failed => false,
            })
        };
        free && (self.inbox_cursor < self.inbox_head
            || self.wake_at.is_some_and(|at| at <= now)
            || sends())
    }
}
