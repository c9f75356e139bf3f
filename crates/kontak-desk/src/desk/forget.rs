//! Taking somebody out of the store, after the engines have forgotten them.

use super::DeskError;
use super::error::Lost;
use super::journal;
use super::writer::Writer;
use crate::{IdentityRecord, Record, Step, Work};
use kontak_storage::{Erasure, Payload, Position, Record as Stored, RecordKey, Subject};
use kontak_types::TouchpointId;
use std::collections::BTreeSet;
use tokio::sync::oneshot;

/// How many records are read at a time.
const PAGE: usize = 1_000;

/// Asks for whoever is to be forgotten to be taken out, and to be told when they are.
pub(crate) struct Forget {
    pub(crate) done: oneshot::Sender<Result<(), DeskError>>,
}

impl Writer {
    /// Takes out whoever was erased and is still in the store.
    pub(super) async fn forget(&mut self) -> Result<(), Lost> {
        let touchpoints: Vec<TouchpointId> = self.tenant.to_forget().collect();
        if touchpoints.is_empty() {
            return Ok(());
        }
        let about = touchpoints.iter().copied().collect();
        self.bring_back(|tenant| tenant.needed_about(&about)).await?;
        // A start from before the erasure would bring back who is to be forgotten.
        self.snapshot().await?;
        let mut subjects: Vec<Subject> =
            touchpoints.iter().map(|touchpoint| Subject::touchpoint(*touchpoint)).collect();
        let accounts = self.accounts(&subjects).await?;
        subjects.extend(accounts);
        let rewritten = self.rewritten(&subjects).await?;
        let now = self.inner.clock.now();
        let mut erasure = Erasure::new(subjects, self.head, now);
        erasure.rewritten = rewritten;
        let lease = self.lease();
        let erased = self.inner.storage.erase(&lease, erasure).await?;
        tracing::info!(events = erased.events, inbox = erased.inbox, "taken out");
        let mut work = Work::default();
        let inner = std::sync::Arc::clone(&self.inner);
        let mut ids = || inner.clock.id();
        self.tenant.forgotten(touchpoints, &mut Step::new(now, &mut ids, &mut work));
        self.commit(work, now, Vec::new(), None).await
    }

    /// What came from them lies in the inbox under the names of their accounts, which identity has
    /// forgotten by now, and the journal has not.
    async fn accounts(&self, touchpoints: &[Subject]) -> Result<BTreeSet<Subject>, Lost> {
        let mut accounts = BTreeSet::new();
        let mut after: Option<RecordKey> = None;
        loop {
            let page =
                self.inner.storage.about(self.inner.tenant, touchpoints, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(accounts) };
            after = Some(last.key());
            for stored in &page {
                let Stored::Event(event) = stored else { continue };
                if let Ok(Some(Record::Identity(IdentityRecord::Observed(seen)))) =
                    journal::record(event)
                {
                    accounts.insert(Subject::account(&seen.touchpoint));
                }
            }
        }
    }

    /// What is written in place of the events about them: counts and times stay, words go.
    async fn rewritten(&mut self, subjects: &[Subject]) -> Result<Vec<(Position, Payload)>, Lost> {
        let mut rewritten = Vec::new();
        let mut after: Option<RecordKey> = None;
        loop {
            let page = self.inner.storage.about(self.inner.tenant, subjects, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(rewritten) };
            after = Some(last.key());
            for stored in &page {
                let Stored::Event(event) = stored else { continue };
                let Ok(Some(record)) = journal::record(event) else { continue };
                // What was taken out of it before is to be seen.
                self.bring_back(|tenant| tenant.needed_to_apply(&record)).await?;
                if let Some(left) = self.tenant.without_words(&record) {
                    rewritten.push((event.position, journal::payload(&left).into()));
                }
            }
        }
    }
}
