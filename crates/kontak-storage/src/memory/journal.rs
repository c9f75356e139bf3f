use super::{Kept, MemoryStorage, Tenant, beyond};
use crate::{
    AppendError, Commit, Event, Fault, InboxPosition, Journal, Lease, NewEvent, OutboxRow, Outcome,
    Position, Progress, Settlement, TenantId, WakeAt,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::task::Poll;

#[async_trait]
impl Journal for MemoryStorage {
    async fn append(&self, lease: &Lease, commit: Commit) -> Result<Position, AppendError> {
        commit.check()?;
        let mut state = self.state();
        let tenant = match state.tenants.get_mut(&lease.tenant) {
            Some(tenant) if tenant.token == lease.token => tenant,
            _ => return Err(AppendError::Fenced { tenant: lease.tenant }),
        };
        tenant.allows(&commit)?;
        tenant.write(commit);
        let head = tenant.head();
        state.wake();
        Ok(head)
    }

    async fn read(
        &self,
        tenant: TenantId,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Event>, Fault> {
        let after = beyond(after.number())?;
        Ok(self.read(tenant, |tenant| {
            let behind = tenant.journal.iter().skip(after).take(limit);
            behind.map(|kept| kept.record.clone()).collect()
        }))
    }

    async fn progress(&self, tenant: TenantId) -> Result<Progress, Fault> {
        Ok(self.read(tenant, Tenant::progress))
    }

    async fn beyond(
        &self,
        tenant: TenantId,
        journal: Position,
        inbox: InboxPosition,
    ) -> Result<Progress, Fault> {
        let progress = poll_fn(|context| {
            let mut state = self.state();
            let progress = state.tenants.get(&tenant).map(Tenant::progress).unwrap_or_default();
            if progress.journal > journal || progress.inbox > inbox {
                return Poll::Ready(progress);
            }
            state.waiting.push(context.waker().clone());
            Poll::Pending
        });
        Ok(progress.await)
    }
}

impl Tenant {
    /// Everything that can be refused is refused before anything is written.
    fn allows(&self, commit: &Commit) -> Result<(), AppendError> {
        let head = self.head();
        if commit.after != head {
            return Err(AppendError::Moved { after: commit.after, head });
        }
        if let Some(to) = commit.inbox_cursor
            && !(self.inbox_cursor..=self.inbox_head).contains(&to)
        {
            return Err(AppendError::Cursor { from: self.inbox_cursor, to, head: self.inbox_head });
        }
        let mut ids = BTreeSet::new();
        for row in &commit.outbox {
            if self.rows.contains_key(&row.id) || !ids.insert(row.id) {
                return Err(AppendError::KnownRow { id: row.id });
            }
        }
        for &Settlement { id, outcome } in &commit.settlements {
            let row = self.rows.get(&id).and_then(|position| self.outbox.get(position));
            if !row.is_some_and(|row| row.record.state.allows(&outcome)) {
                return Err(AppendError::Settled { id });
            }
        }
        Ok(())
    }

    fn write(&mut self, commit: Commit) {
        let Commit { now, events, outbox, settlements, inbox_cursor, wake_at, .. } = commit;
        for settlement in settlements {
            self.settle(settlement);
        }
        for event in events {
            self.record(event, now);
        }
        for mut row in outbox {
            let subjects = std::mem::take(&mut row.subjects);
            self.outbox_head = self.outbox_head.plus(1);
            self.rows.insert(row.id, self.outbox_head);
            let record = OutboxRow::waiting(self.outbox_head, row, now);
            self.outbox.insert(self.outbox_head, Kept { record, subjects });
        }
        self.inbox_cursor = inbox_cursor.unwrap_or(self.inbox_cursor);
        match wake_at {
            Some(WakeAt::Instant(at)) => self.wake_at = Some(at),
            Some(WakeAt::Never) => self.wake_at = None,
            None => {}
        }
    }

    fn record(&mut self, event: NewEvent, now: DateTime<Utc>) {
        let NewEvent { kind, subjects, payload } = event;
        let record = Event::new(self.head().plus(1), kind, now, None, payload);
        self.journal.push(Kept { record, subjects });
    }

    fn settle(&mut self, Settlement { id, outcome }: Settlement) {
        let position = self.rows.get(&id);
        let Some(row) = position.and_then(|position| self.outbox.get_mut(position)) else { return };
        row.record.state = outcome.state();
        if let Outcome::Again { at } = outcome {
            row.record.not_before = at;
        }
    }
}
