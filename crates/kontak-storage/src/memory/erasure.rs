use super::{Kept, MemoryStorage, Tenant};
use crate::{
    Erased, Erasure, Fault, Lease, OutboxState, Part, Payload, Record, RecordKey, Subject,
    Subjects, TenantId, WriteError,
};
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};

#[async_trait]
impl Subjects for MemoryStorage {
    async fn about(
        &self,
        tenant: TenantId,
        subjects: &[Subject],
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<Record>, Fault> {
        let subjects: BTreeSet<Subject> = subjects.iter().cloned().collect();
        Ok(self.read(tenant, |tenant| {
            let inbox = about(tenant.inbox.values(), &subjects).map(Record::Inbox);
            let events = about(&tenant.journal, &subjects).map(Record::Event);
            let outbox = about(tenant.outbox.values(), &subjects).map(Record::Outbox);
            let all = inbox.chain(events).chain(outbox);
            all.filter(|record| Some(record.key()) > after).take(limit).collect()
        }))
    }

    async fn erase(&self, lease: &Lease, erasure: Erasure) -> Result<Erased, WriteError> {
        for (position, payload) in &erasure.rewritten {
            payload.check(format_args!("event {position}"))?;
        }
        Ok(self.state().fenced(lease)?.erase(erasure))
    }
}

fn about<'k, R: Clone + 'k>(
    records: impl IntoIterator<Item = &'k Kept<R>>,
    subjects: &BTreeSet<Subject>,
) -> impl Iterator<Item = R> {
    records.into_iter().filter(|kept| kept.is_about(subjects)).map(|kept| kept.record.clone())
}

/// The records about any of these, no longer found by them.
fn take_out<'k, R: 'k>(
    records: impl IntoIterator<Item = &'k mut Kept<R>>,
    subjects: &BTreeSet<Subject>,
) -> impl Iterator<Item = &'k mut R> {
    records.into_iter().filter(|kept| kept.is_about(subjects)).map(|kept| {
        kept.subjects.retain(|subject| !subjects.contains(subject));
        &mut kept.record
    })
}

impl Tenant {
    fn erase(&mut self, erasure: Erasure) -> Erased {
        let subjects: BTreeSet<Subject> = erasure.subjects.into_iter().collect();
        let mut rewritten: BTreeMap<_, _> = erasure.rewritten.into_iter().collect();
        let mut erased = Erased::default();
        for item in take_out(self.inbox.values_mut(), &subjects) {
            item.payload = Payload::default();
            item.erased_at = Some(erasure.now);
            erased.inbox += 1;
        }
        for event in take_out(&mut self.journal, &subjects) {
            event.payload = rewritten.remove(&event.position).unwrap_or_default();
            event.erased_at = Some(erasure.now);
            erased.events += 1;
        }
        for row in take_out(self.outbox.values_mut(), &subjects) {
            row.payload = Payload::default();
            row.erased_at = Some(erasure.now);
            if row.state == OutboxState::Waiting {
                row.state = OutboxState::Failed;
            }
            erased.outbox += 1;
        }
        let tells = |part: &Part| {
            part.subjects.is_empty() || part.subjects.iter().any(|of| subjects.contains(of))
        };
        if self.parts.values().any(|(at, part)| *at < erasure.obeyed_at && tells(part)) {
            self.parts.clear();
            self.snapshot = None;
            erased.snapshot = true;
        }
        if self.staged_at < erasure.obeyed_at {
            self.staged.clear();
        }
        erased
    }
}
