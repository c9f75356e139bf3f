use super::inbox::insert_subjects;
use super::lookup::{Owned, key};
use super::owner::OwnersWork;
use super::{Connection, Store, fault, insert, outbox};
use crate::sql::{Checked, Insert, checksum_of_event, micros, number, time};
use crate::{
    AppendError, Commit, Event, EventKind, Fault, InboxPosition, Journal, Lease, NewEvent,
    Position, Progress, TenantId, WakeAt,
};
use async_trait::async_trait;
use std::pin::pin;
use std::time::Duration;

#[async_trait]
impl Journal for Store {
    async fn append(&self, lease: &Lease, commit: Commit) -> Result<Position, AppendError> {
        commit.check()?;
        self.owner().ask_as(lease, Append { commit }).await
    }

    async fn read(
        &self,
        tenant: TenantId,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Event>, Fault> {
        let mut connection = self.reader().await?;
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT e.position, e.engine, e.version, e.recorded_at, e.erased_at, e.payload,
                e.checksum
             FROM events e WHERE e.tenant = (SELECT number FROM tenants WHERE tenant = $1)
                AND e.position > $2
             ORDER BY e.position LIMIT $3",
        )
        .bind(key(tenant))
        .bind(number(after.number()))
        .bind(number(limit as u64))
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| fault(&error))?;
        let events: Vec<Event> = rows.into_iter().map(event).collect::<Result<_, _>>()?;
        for (event, count) in events.iter().zip(1..) {
            if event.position != after.plus(count) {
                return Err(Fault::corrupt(format!("event {} is missing", after.plus(count))));
            }
        }
        Ok(events)
    }

    async fn progress(&self, tenant: TenantId) -> Result<Progress, Fault> {
        let mut connection = self.reader().await?;
        let row: Option<(i64, i64, i64, Option<i64>)> = sqlx::query_as(
            "SELECT o.journal_head, t.inbox_head, o.inbox_cursor, o.wake_at
             FROM tenants t JOIN owners o ON o.tenant = t.number WHERE t.tenant = $1",
        )
        .bind(key(tenant))
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| fault(&error))?;
        let Some((journal, inbox, cursor, wake_at)) = row else { return Ok(Progress::default()) };
        Ok(Progress::new(
            Position::new(journal.unsigned_abs()),
            InboxPosition::new(inbox.unsigned_abs()),
            InboxPosition::new(cursor.unsigned_abs()),
            wake_at.map(time).transpose()?,
        ))
    }

    async fn beyond(
        &self,
        tenant: TenantId,
        journal: Position,
        inbox: InboxPosition,
    ) -> Result<Progress, Fault> {
        let waker = self.wakers().of(tenant);
        let mut patience = SHORTEST;
        loop {
            let mut woken = pin!(waker.notified());
            woken.as_mut().enable();
            let progress = self.progress(tenant).await?;
            if progress.journal > journal || progress.inbox > inbox {
                return Ok(progress);
            }
            // Another process wakes nobody here, so it is looked for, and less often while all is quiet.
            tokio::select! {
                () = woken => patience = SHORTEST,
                () = tokio::time::sleep(patience) => patience = (patience * 2).min(LONGEST),
            }
        }
    }
}

const SHORTEST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(320);

pub(super) type Columns = (i64, String, i64, i64, Option<i64>, Vec<u8>, i64);

pub(super) fn event(columns: Columns) -> Result<Event, Fault> {
    let (position, engine, version, recorded_at, erased_at, payload, checksum) = columns;
    let expected = checksum_of_event(position, &engine, version, recorded_at, &payload);
    let version = u16::try_from(version)
        .map_err(|_| Fault::corrupt(format!("event {position} has version {version}")))?;
    Ok(Event::new(
        Position::new(position.unsigned_abs()),
        EventKind::new(engine, version),
        time(recorded_at)?,
        erased_at.map(time).transpose()?,
        payload.checked(checksum, expected, "event", position)?,
    ))
}

struct Append {
    commit: Commit,
}

static EVENTS: Insert<6> =
    Insert::new("events", ["position", "engine", "version", "recorded_at", "payload", "checksum"]);
static SUBJECTS: Insert<2> = Insert::new("event_subjects", ["subject", "position"]);

impl OwnersWork for Append {
    type Answer = Position;
    type Refusal = AppendError;

    async fn run(
        &self,
        connection: &mut Connection,
        owned: &Owned,
    ) -> Result<Result<Position, AppendError>, sqlx::Error> {
        if let Err(refused) = self.allowed(owned) {
            return Ok(Err(refused));
        }
        let commit = &self.commit;
        if let Err(refused) = outbox::allowed(connection, owned.tenant, commit).await? {
            return Ok(Err(refused));
        }
        outbox::settle(connection, owned.tenant, &commit.settlements).await?;
        let outbox_head = outbox::append(connection, owned, commit).await?;
        let journal_head =
            insert_events(connection, owned, micros(commit.now), &commit.events).await?;
        self.move_on(connection, owned, journal_head, outbox_head).await?;
        Ok(Ok(Position::new(journal_head.unsigned_abs())))
    }
}

impl Append {
    fn allowed(&self, owned: &Owned) -> Result<(), AppendError> {
        let (after, head) = (self.commit.after, owned.head());
        if after != head {
            return Err(AppendError::Moved { after, head });
        }
        let place = |number: i64| InboxPosition::new(number.unsigned_abs());
        let (from, head) = (place(owned.inbox_cursor), place(owned.inbox_head));
        match self.commit.inbox_cursor {
            Some(to) if !(from..=head).contains(&to) => Err(AppendError::Cursor { from, to, head }),
            _ => Ok(()),
        }
    }

    async fn move_on(
        &self,
        connection: &mut Connection,
        owned: &Owned,
        journal_head: i64,
        outbox_head: i64,
    ) -> Result<(), sqlx::Error> {
        let cursor = self.commit.inbox_cursor.map(|cursor| number(cursor.number()));
        let wake_at = match self.commit.wake_at {
            None | Some(WakeAt::Never) => None,
            Some(WakeAt::Instant(at)) => Some(micros(at)),
        };
        sqlx::query(
            "UPDATE owners SET journal_head = $2, outbox_head = $3, inbox_cursor = $4,
                wake_at = CASE WHEN $5 THEN $6 ELSE wake_at END
             WHERE tenant = $1",
        )
        .bind(owned.tenant)
        .bind(journal_head)
        .bind(outbox_head)
        .bind(cursor.unwrap_or(owned.inbox_cursor))
        .bind(self.commit.wake_at.is_some())
        .bind(wake_at)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Answers where the journal ends then.
async fn insert_events(
    connection: &mut Connection,
    owned: &Owned,
    now: i64,
    events: &[NewEvent],
) -> Result<i64, sqlx::Error> {
    let mut head = owned.journal_head;
    let rows = events.iter().map(|event| {
        head += 1;
        let (engine, version) = (event.kind.engine(), i64::from(event.kind.version()));
        let payload = event.payload.as_bytes();
        let checksum = checksum_of_event(head, engine, version, now, payload);
        [head.into(), engine.into(), version.into(), now.into(), payload.into(), checksum.into()]
    });
    let rows = rows.collect();
    insert(connection, &EVENTS, owned.tenant, rows).await?;
    let of = events.iter().zip(owned.journal_head + 1..);
    let of = of.map(|(event, position)| (position, &*event.subjects));
    insert_subjects(connection, &SUBJECTS, owned.tenant, of).await?;
    Ok(head)
}
