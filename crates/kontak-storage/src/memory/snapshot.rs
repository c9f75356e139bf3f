use super::{MemoryStorage, Tenant};
use crate::{
    Fault, Lease, Part, PartError, PartName, Position, PublishError, Snapshots, TenantId,
    WriteError,
};
use async_trait::async_trait;
use std::mem::take;
use std::ops::Bound::{Excluded, Included, Unbounded};

#[async_trait]
impl Snapshots for MemoryStorage {
    async fn stage(&self, lease: &Lease, at: Position, parts: Vec<Part>) -> Result<(), WriteError> {
        for part in &parts {
            part.payload.check(format_args!("part {}", part.name))?;
        }
        let mut state = self.state();
        let tenant = state.fenced(lease)?;
        if tenant.staged_at != at {
            tenant.staged.clear();
            tenant.staged_at = at;
        }
        tenant.staged.extend(parts.into_iter().map(|part| (part.name.clone(), part)));
        Ok(())
    }

    async fn publish(
        &self,
        lease: &Lease,
        at: Position,
        gone: Vec<PartName>,
    ) -> Result<(), PublishError> {
        let mut state = self.state();
        let tenant = state.fenced(lease)?;
        let (latest, head) = (tenant.snapshot.unwrap_or_default(), tenant.head());
        if !(latest..=head).contains(&at) {
            return Err(PublishError::Position { at, latest, head });
        }
        for name in gone {
            tenant.parts.remove(&name);
        }
        let staged = take(&mut tenant.staged);
        if tenant.staged_at == at {
            tenant.parts.extend(staged.into_iter().map(|(name, part)| (name, (at, part))));
        }
        tenant.snapshot = Some(at);
        Ok(())
    }

    async fn snapshot(&self, tenant: TenantId) -> Result<Option<Position>, Fault> {
        Ok(self.read(tenant, |tenant| tenant.snapshot))
    }

    async fn part(
        &self,
        tenant: TenantId,
        at: Position,
        name: &PartName,
    ) -> Result<Option<Part>, PartError> {
        self.read(tenant, |tenant| {
            tenant.counts(at)?;
            Ok(tenant.parts.get(name).map(|(_, part)| part.clone()))
        })
    }

    async fn part_names(
        &self,
        tenant: TenantId,
        at: Position,
        prefix: &str,
        after: Option<&PartName>,
        limit: usize,
    ) -> Result<Vec<PartName>, PartError> {
        self.read(tenant, |tenant| {
            tenant.counts(at)?;
            let prefix_name = PartName::from(prefix);
            let from = match after {
                Some(after) if *after >= prefix_name => Excluded(after),
                _ => Included(&prefix_name),
            };
            let names = tenant.parts.range((from, Unbounded)).map(|(name, _)| name);
            let named = names.take_while(|name| name.as_str().starts_with(prefix));
            Ok(named.take(limit).cloned().collect())
        })
    }
}

impl Tenant {
    fn counts(&self, at: Position) -> Result<(), PartError> {
        if self.snapshot == Some(at) {
            return Ok(());
        }
        Err(PartError::Superseded { at, latest: self.snapshot })
    }
}
