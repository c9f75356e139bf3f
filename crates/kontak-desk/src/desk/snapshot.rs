//! Writing what the tenant is, and letting go of what rests.

use super::error::Lost;
use super::shelf;
use super::start::part_name;
use super::writer::Writer;
use crate::Tenant;
use chrono::{DateTime, TimeDelta, Utc};
use kontak_storage::{Lease, Part, PartName};
use kontak_types::TouchpointId;
use postcard::ser_flavors::Flavor;
use std::collections::BTreeSet;
use tokio::sync::mpsc;

/// How large a part of a snapshot is: so much of it is in memory at a time, or three times that.
const PART: usize = 4 << 20;
/// How many conversations are staged at a time.
const BATCH: usize = 1_000;
/// For how long what came in is known when it comes again: providers try for a week at most.
const KEEP_INBOX: TimeDelta = TimeDelta::days(8);
/// For how long it can be looked up what went out.
const KEEP_OUTBOX: TimeDelta = TimeDelta::days(30);

impl Writer {
    /// Writes a snapshot as of now. Conversations that have rested for long are parts of their own in
    /// it, and are let go of.
    pub(super) async fn snapshot(&mut self) -> Result<(), Lost> {
        let lease = self.lease();
        let now = self.inner.clock.now();
        let mut gone = std::mem::take(&mut self.shelf.back);
        let evicted = self.evict(&lease, now, &mut gone).await?;
        // What was let go of is nowhere yet: where this fails the owner begins anew.
        let count = self.write(&lease).await?;
        gone.extend((count..self.shelf.parts.max(count)).map(part_name));
        self.inner.storage.publish(&lease, self.head, gone.into_iter().collect()).await?;
        tracing::debug!(at = %self.head, parts = count, evicted, "snapshot");
        (self.shelf.at, self.shelf.parts) = (Some(self.head), count);
        self.since_snapshot = 0;
        self.tidy(&lease, now).await
    }

    /// Stages what the tenant is, part by part, as it is written on a thread that may block. Returns of how
    /// many parts it is.
    async fn write(&mut self, lease: &Lease) -> Result<usize, Lost> {
        let (sender, mut written) = mpsc::channel(1);
        let (settings, secret) = (self.inner.settings.clone(), self.inner.secret);
        let stands_in = Tenant::without_rules(settings, secret).map_err(|_| Lost::Snapshot)?;
        let mut tenant = std::mem::replace(&mut self.tenant, stands_in);
        let writing = tokio::task::spawn_blocking(move || {
            let parts = Parts { part: Vec::with_capacity(PART), sender };
            let done = postcard::serialize_with_flavor(&tenant.snapshot_view(), parts);
            (tenant, done)
        });
        let (mut count, mut staged) = (0, Ok(()));
        while let Some(part) = written.recv().await {
            let part = Part::new(part_name(count), part);
            staged = self.inner.storage.stage(lease, self.head, vec![part]).await;
            if staged.is_err() {
                break;
            }
            count += 1;
        }
        drop(written);
        let (tenant, done) = writing.await.map_err(|_| Lost::Snapshot)?;
        self.tenant = tenant;
        staged?;
        done.map_err(|_| Lost::Snapshot)?;
        Ok(count)
    }

    /// Stages what has rested for long enough. Whoever is about to be erased is erased first.
    async fn evict(
        &mut self,
        lease: &Lease,
        now: DateTime<Utc>,
        gone: &mut BTreeSet<PartName>,
    ) -> Result<usize, Lost> {
        let to_forget: BTreeSet<TouchpointId> = self.tenant.to_forget().collect();
        let then = now.checked_sub_signed(self.inner.evict_after);
        let mut resting = then.map_or_else(Vec::new, |then| self.tenant.resting_since(then));
        if !to_forget.is_empty() {
            resting.clear();
        }
        let mut evicted = 0;
        for batch in resting.chunks(BATCH) {
            let resting = batch.iter().filter_map(|id| self.tenant.evict(*id));
            let parts: Vec<Part> = resting.map(|resting| shelf::part(&resting)).collect();
            evicted += parts.len();
            for part in &parts {
                gone.remove(&part.name);
            }
            self.inner.storage.stage(lease, self.head, parts).await?;
        }
        Ok(evicted)
    }

    /// Lets go of what is done with: of what came in longer ago than any provider sends it again, and
    /// of what went out long enough for whoever looks into it.
    async fn tidy(&self, lease: &Lease, now: DateTime<Utc>) -> Result<(), Lost> {
        let items = self.inner.storage.forget_inbox(lease, now - KEEP_INBOX).await?;
        let rows = self.inner.storage.forget_outbox(lease, now - KEEP_OUTBOX).await?;
        tracing::debug!(items, rows, "let go of");
        Ok(())
    }
}

/// Bytes that go away as soon as they are a part.
struct Parts {
    part: Vec<u8>,
    sender: mpsc::Sender<Vec<u8>>,
}

impl Parts {
    fn send(&mut self, next: Vec<u8>) -> postcard::Result<()> {
        let part = std::mem::replace(&mut self.part, next);
        // Where nobody takes it the store has failed.
        self.sender.blocking_send(part).map_err(|_| postcard::Error::SerializeBufferFull)
    }
}

impl Flavor for Parts {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.try_extend(&[byte])
    }

    fn try_extend(&mut self, mut bytes: &[u8]) -> postcard::Result<()> {
        while let Some((fits, rest)) = bytes.split_at_checked(PART - self.part.len()) {
            self.part.extend_from_slice(fits);
            self.send(Vec::with_capacity(PART))?;
            bytes = rest;
        }
        self.part.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(mut self) -> postcard::Result<()> {
        if self.part.is_empty() { Ok(()) } else { self.send(Vec::new()) }
    }
}
