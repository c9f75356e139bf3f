use crate::Error;
use crate::stores::Place;
use kontak_storage::chrono::{DateTime, TimeDelta, Utc};
use kontak_storage::uuid::Uuid;
use kontak_storage::{
    Commit, EventKind, InDoubt, InboxItem, InboxPosition, Lease, NewEvent, NewInboxItem,
    NewOutboxRow, OutboxId, OutboxRow, Outcome, Position, Progress, Settlement, Storage, TenantId,
};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) const SENDERS: usize = 4;

pub(crate) fn tenant() -> TenantId {
    TenantId::new(Uuid::from_u128(7))
}

/// Accepts, decides and sends until it is killed, and says what it has done as soon as it knows:
/// `A sender/number` when an item is acknowledged, `S id` when a row goes out.
pub(crate) fn run(place: &str, acknowledged: &[String]) -> Result<ExitCode, Error> {
    let place = Place(place.to_owned());
    let acknowledged: Vec<u64> =
        acknowledged.iter().map(|number| number.parse()).collect::<Result<_, _>>()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let storage = place.open().await?;
        let mut work = tokio::task::JoinSet::new();
        for (sender, acknowledged) in acknowledged.into_iter().enumerate() {
            work.spawn(accept(Arc::clone(&storage), sender, acknowledged));
        }
        work.spawn(own(storage));
        // Whatever fails ends the process, as a crash would: the server was killed.
        while let Some(ended) = work.join_next().await {
            ended?.map_err(|error| error.to_string())?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

/// A line in one write, so that a kill leaves no half of one.
fn say(line: &str) -> Result<(), Error> {
    let mut output = std::io::stdout().lock();
    output.write_all(line.as_bytes())?;
    Ok(output.flush()?)
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

async fn accept(storage: Arc<dyn Storage>, sender: usize, acknowledged: u64) -> Result<(), Failed> {
    // What was acknowledged last is delivered again, as providers do.
    let mut number = acknowledged.saturating_sub(3);
    loop {
        let items: Vec<_> = (number..number + 3)
            .map(|number| {
                let text = format!("{sender}/{number}");
                NewInboxItem::new(&*text, now(), text.clone().into_bytes())
            })
            .collect();
        storage.accept(tenant(), items).await?;
        number += 3;
        say(&format!("A {sender} {number}\n")).map_err(|error| error.to_string())?;
    }
}

async fn own(storage: Arc<dyn Storage>) -> Result<(), Failed> {
    let until = now() + TimeDelta::hours(1);
    let lease = storage.acquire(tenant(), "the owner", now(), until).await?;
    storage.doubt(&lease, InDoubt::Claimed).await?;
    let mut progress = storage.progress(tenant()).await?;
    let mut sent = Vec::new();
    loop {
        let inbox = progress.inbox_cursor;
        let items = storage.read_inbox(tenant(), inbox, 20).await?;
        let step = step(&progress, &items, &sent);
        progress.journal = storage.append(&lease, step).await?;
        progress.inbox_cursor = items.last().map_or(inbox, |item| item.position);
        sent = send(&*storage, &lease).await?;
        if items.is_empty() && sent.is_empty() {
            let never = Position::new(u64::MAX >> 1);
            storage.beyond(tenant(), never, progress.inbox_cursor).await?;
        }
    }
}

/// An event and a row for each item, all of them or none.
fn step(progress: &Progress, items: &[InboxItem], sent: &[OutboxRow]) -> Commit {
    let mut step = Commit::new(progress.journal, now());
    for item in items {
        let event = NewEvent::new(EventKind::new("crash", 1), item.payload.clone());
        let row = NewOutboxRow::new(row_of(item.position), now(), item.payload.clone());
        step = step.with_event(event).with_outbox_row(row).with_inbox_cursor(item.position);
    }
    sent.iter().fold(step, |step, row| step.with_settlement(Settlement::new(row.id, Outcome::Sent)))
}

fn row_of(position: InboxPosition) -> OutboxId {
    OutboxId::new(Uuid::from_u128(position.number().into()))
}

async fn send(storage: &dyn Storage, lease: &Lease) -> Result<Vec<OutboxRow>, Failed> {
    let rows = storage.claim(lease, now(), 15).await?;
    for row in &rows {
        say(&format!("S {}\n", row.id.as_uuid().as_u128())).map_err(|error| error.to_string())?;
    }
    Ok(rows)
}
