//! How an owner begins: the last snapshot, what came after it, and what may have been sent.

use super::Inner;
use super::error::{Lost, StartError};
use super::journal;
use super::shelf::{RESTING, Shelf};
use crate::Tenant;
use kontak_storage::{
    Fault, InDoubt, InboxPosition, Lease, OutboxPosition, OutboxRow, OutboxState, PartError,
    PartName, Position,
};
use std::sync::atomic::Ordering;

/// How many events are read at a time.
const PAGE: usize = 10_000;
/// How the parts of a snapshot are called.
pub(super) const PARTS: &str = "state/";

/// A tenant as its journal tells it.
pub(super) struct Started {
    pub(super) tenant: Tenant,
    pub(super) head: Position,
    pub(super) cursor: InboxPosition,
    pub(super) since_snapshot: u64,
    pub(super) shelf: Shelf,
    /// What may have been sent, and was not told so yet.
    pub(super) in_doubt: Vec<OutboxRow>,
}

impl Inner {
    pub(super) async fn load(&self, lease: &Lease) -> Result<Started, Lost> {
        // What an older owner still had in hand can no longer be told from what it had sent.
        self.storage.doubt(lease, InDoubt::Claimed).await?;
        let progress = self.storage.progress(self.tenant).await?;
        let (mut tenant, mut head, mut shelf) = self.last_snapshot().await?;
        let mut since_snapshot = 0;
        loop {
            let events =
                self.storage.read(self.tenant, head, PAGE).await.map_err(StartError::from)?;
            let Some(last) = events.last() else { break };
            head = last.position;
            since_snapshot += events.len() as u64;
            for event in &events {
                let Some(record) = journal::record(event)? else {
                    tenant.pass_over();
                    continue;
                };
                let needed = |tenant: &mut Tenant| tenant.needed_to_apply(&record);
                shelf.bring_back(self, &mut tenant, needed).await?;
                tenant.apply(&record);
            }
            tokio::task::yield_now().await;
        }
        self.from_journal.store(false, Ordering::Relaxed);
        let in_doubt = self.doubtful(&tenant).await?;
        let cursor = progress.inbox_cursor;
        Ok(Started { tenant, head, cursor, since_snapshot, shelf, in_doubt })
    }

    /// The tenant as of the last snapshot that this release can read; else as it was in the
    /// beginning.
    async fn last_snapshot(&self) -> Result<(Tenant, Position, Shelf), StartError> {
        let settings = self.settings.clone();
        let at = self.storage.snapshot(self.tenant).await?;
        let mut shelf = Shelf { at, ..Shelf::default() };
        if let Some(at) = at {
            let names = self.part_names(at, PARTS).await?;
            shelf.parts = names.len();
            match self.from_journal.load(Ordering::Relaxed) {
                true => tracing::warn!(%at, "the snapshot is passed over: the journal is replayed"),
                false => {
                    let bytes = self.snapshot_bytes(at, &names).await?;
                    let read = bytes.and_then(|bytes| postcard::from_bytes(&bytes).ok());
                    let restored = read
                        .and_then(|read| Tenant::restore(settings.clone(), self.secret, read).ok());
                    if let Some(tenant) = restored {
                        return Ok((tenant, at, shelf));
                    }
                    tracing::warn!(%at, "the snapshot cannot be read: the journal is replayed");
                }
            }
            // Nothing is evicted then, and what was goes with the next snapshot.
            shelf.back = self.part_names(at, RESTING).await?.into_iter().collect();
        }
        Ok((Tenant::without_rules(settings, self.secret)?, Position::START, shelf))
    }

    async fn snapshot_bytes(
        &self,
        at: Position,
        names: &[PartName],
    ) -> Result<Option<Vec<u8>>, PartError> {
        let mut bytes = Vec::new();
        for name in names {
            let part = match self.storage.part(self.tenant, at, name).await {
                Ok(Some(part)) => part,
                // Damaged or missing: the journal has it all.
                Ok(None) | Err(PartError::Failed(Fault::Corrupt { .. })) => return Ok(None),
                Err(error) => return Err(error),
            };
            bytes.extend_from_slice(part.payload.as_bytes());
        }
        Ok((!names.is_empty()).then_some(bytes))
    }

    async fn part_names(&self, at: Position, prefix: &str) -> Result<Vec<PartName>, PartError> {
        self.storage.part_names(self.tenant, at, prefix, None, usize::MAX >> 1).await
    }

    async fn doubtful(&self, tenant: &Tenant) -> Result<Vec<OutboxRow>, Lost> {
        let mut rows = Vec::new();
        let mut after = OutboxPosition::START;
        loop {
            let state = OutboxState::Ambiguous;
            let page = self.storage.read_outbox(self.tenant, state, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.position;
            rows.extend(page);
        }
        let known =
            |row: &OutboxRow| tenant.ambiguous().iter().any(|(_, known)| known == row.id.as_uuid());
        rows.retain(|row| !row.payload.is_empty() && !known(row));
        Ok(rows)
    }
}

/// The name of part `number` of a snapshot.
pub(super) fn part_name(number: usize) -> PartName {
    PartName::new(format!("{PARTS}{number:06}"))
}
