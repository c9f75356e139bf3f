use crate::Error;
use crate::child::{SENDERS, tenant};
use crate::stores::Place;
use kontak_storage::{
    InboxPosition, OutboxPosition, OutboxRow, OutboxState, Payload, Position, Storage,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What was heard of the child, against what is stored.
#[derive(Default)]
pub(crate) struct Ledger {
    acknowledged: [u64; SENDERS],
    sent: BTreeSet<u128>,
    /// What was looked at already need not be looked at again: only the end grows.
    inbox: InboxPosition,
    items: BTreeMap<Vec<u8>, u64>,
    texts: Vec<Payload>,
    journal: Position,
    rows: BTreeMap<OutboxState, usize>,
}

impl Ledger {
    /// How far each sender got, for the next child.
    pub(crate) fn acknowledged(&self) -> impl Iterator<Item = String> {
        self.acknowledged.iter().map(u64::to_string)
    }

    pub(crate) fn heard(&mut self, line: &str) -> Result<(), Error> {
        match &*line.split(' ').collect::<Vec<_>>() {
            ["A", sender, number] => {
                let acknowledged = &mut self.acknowledged[sender.parse::<usize>()?];
                *acknowledged = number.parse::<u64>()?.max(*acknowledged);
            }
            ["S", id] if !self.sent.insert(id.parse()?) => {
                return Err(format!("row {id} went out twice").into());
            }
            ["S", _] => {}
            _ => return Err(format!("the child said {line:?}").into()),
        }
        Ok(())
    }

    pub(crate) async fn verify(&mut self, place: &Place) -> Result<(), Error> {
        let storage = place.open().await?;
        // A server goes on with what a killed client had begun.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        self.read_inbox(&*storage).await?;
        for (sender, acknowledged) in self.acknowledged.iter().enumerate() {
            for number in 0..*acknowledged {
                let key = format!("{sender}/{number}").into_bytes();
                if !self.items.contains_key(&key) {
                    return Err(
                        format!("item {sender}/{number} was acknowledged and is lost").into()
                    );
                }
            }
        }
        self.read_journal(&*storage).await?;
        self.read_outbox(&*storage).await
    }

    async fn read_inbox(&mut self, storage: &dyn Storage) -> Result<(), Error> {
        for item in storage.read_inbox(tenant(), self.inbox, usize::MAX).await? {
            if item.position != self.inbox.plus(1) {
                return Err(format!("inbox item {} is missing", self.inbox.plus(1)).into());
            }
            let key = item.key.as_bytes().to_vec();
            if let Some(before) = self.items.insert(key, item.position.number()) {
                return Err(format!("inbox item {before} stands twice").into());
            }
            self.inbox = item.position;
            self.texts.push(item.payload);
        }
        Ok(())
    }

    /// One event for each item, in their order, as far as the cursor says.
    async fn read_journal(&mut self, storage: &dyn Storage) -> Result<(), Error> {
        for event in storage.read(tenant(), self.journal, usize::MAX).await? {
            let item = usize::try_from(self.journal.number())?;
            if self.texts.get(item) != Some(&event.payload) {
                return Err(format!("event {} is not of its item", event.position).into());
            }
            self.journal = event.position;
        }
        let progress = storage.progress(tenant()).await?;
        if progress.inbox_cursor.number() != progress.journal.number() {
            return Err("a part of a commit is written".into());
        }
        Ok(())
    }

    /// One row for each event; what went out does not wait.
    async fn read_outbox(&mut self, storage: &dyn Storage) -> Result<(), Error> {
        let (mut rows, states) = (
            0,
            [
                OutboxState::Waiting,
                OutboxState::Sending,
                OutboxState::Ambiguous,
                OutboxState::Sent,
                OutboxState::Failed,
            ],
        );
        for state in states {
            let all =
                storage.read_outbox(tenant(), state, OutboxPosition::START, usize::MAX).await?;
            let went = |row: &&OutboxRow| self.sent.contains(&row.id.as_uuid().as_u128());
            if state == OutboxState::Waiting && all.iter().any(|row| went(&row)) {
                return Err("a row that went out waits".into());
            }
            if state == OutboxState::Sent && !all.iter().all(|row| went(&row)) {
                return Err("a row is sent that never went out".into());
            }
            rows += all.len();
            self.rows.insert(state, all.len());
        }
        if rows as u64 != self.journal.number() {
            return Err(format!("{rows} rows for {} events", self.journal).into());
        }
        Ok(())
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = |state| self.rows.get(&state).copied().unwrap_or_default();
        write!(
            f,
            "{} items acknowledged, {} kept, 0 lost, 0 twice; {} events; {} rows sent, none twice, \
             {} reported as ambiguous",
            self.acknowledged.iter().sum::<u64>(),
            self.inbox,
            self.journal,
            rows(OutboxState::Sent),
            rows(OutboxState::Ambiguous),
        )
    }
}
