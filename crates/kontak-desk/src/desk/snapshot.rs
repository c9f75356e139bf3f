//! Writing what the tenant is, and letting go of what rests.

use super::error::Lost;
use super::shelf;
use super::start::part_name;
use super::writer::Writer;
use chrono::{DateTime, TimeDelta, Utc};
use kontak_storage::{Lease, Part, PartName};
use kontak_types::TouchpointId;
use std::collections::BTreeSet;

/// How large a part of a snapshot is.
const PART: usize = 16 << 20;
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
        let snapshot = self.tenant.snapshot();
        let encoded = tokio::task::spawn_blocking(move || postcard::to_stdvec(&snapshot));
        // What was let go of is nowhere yet: the owner begins anew.
        let bytes = encoded.await.ok().and_then(Result::ok).ok_or(Lost::Snapshot)?;
        let mut count = 0;
        for chunk in bytes.chunks(PART) {
            let part = Part::new(part_name(count), chunk.to_vec());
            self.inner.storage.stage(&lease, self.head, vec![part]).await?;
            count += 1;
        }
        gone.extend((count..self.shelf.parts.max(count)).map(part_name));
        self.inner.storage.publish(&lease, self.head, gone.into_iter().collect()).await?;
        tracing::debug!(at = %self.head, bytes = bytes.len(), evicted, "snapshot");
        (self.shelf.at, self.shelf.parts) = (Some(self.head), count);
        self.since_snapshot = 0;
        self.tidy(&lease, now).await
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
