use super::journal::event;
use super::lookup::{Owned, key};
use super::owner::OwnersWork;
use super::snapshot::drop_staged;
use super::{Connection, Store, fault, inbox, journal, outbox};
use crate::sql::{checksum_of_event, checksum_of_payload, micros, number, subjects_from_bytes};
use crate::{
    Erased, Erasure, Fault, Lease, Record, RecordKey, Subject, Subjects, TenantId, WriteError,
};
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};

#[async_trait]
impl Subjects for Store {
    async fn about(
        &self,
        tenant: TenantId,
        subjects: &[Subject],
        after: Option<RecordKey>,
        limit: usize,
    ) -> Result<Vec<Record>, Fault> {
        let mut connection = self.reader().await?;
        let number_of_tenant: Option<i64> =
            sqlx::query_scalar("SELECT number FROM tenants WHERE tenant = $1")
                .bind(key(tenant))
                .fetch_optional(&mut *connection)
                .await
                .map_err(|error| fault(&error))?;
        let Some(tenant) = number_of_tenant else { return Ok(Vec::new()) };
        let mut keys = BTreeSet::new();
        for kind in [Kind::Inbox, Kind::Event, Kind::Outbox] {
            for subject in subjects {
                let from = kind.behind(after);
                let Some(from) = from else { continue };
                let found = places(&mut connection, kind, tenant, subject, from, limit).await;
                let found = found.map_err(|error| fault(&error))?;
                keys.extend(found.into_iter().map(|position| kind.key(position)));
            }
        }
        let mut records = Vec::new();
        for key in keys.into_iter().take(limit) {
            records.extend(record(&mut connection, tenant, key).await?);
        }
        Ok(records)
    }

    async fn erase(&self, lease: &Lease, erasure: Erasure) -> Result<Erased, WriteError> {
        for (position, payload) in &erasure.rewritten {
            payload.check(format_args!("event {position}"))?;
        }
        let erased = self.owner().ask_as(lease, Erase { erasure }).await?;
        self.forget_what_was_overwritten().await?;
        Ok(erased)
    }
}

/// The sorts of records that are about somebody, in the order in which they are given out.
#[derive(Clone, Copy)]
enum Kind {
    Inbox,
    Event,
    Outbox,
}

impl Kind {
    fn key(self, position: i64) -> RecordKey {
        let position = position.unsigned_abs();
        match self {
            Self::Inbox => RecordKey::Inbox(crate::InboxPosition::new(position)),
            Self::Event => RecordKey::Event(crate::Position::new(position)),
            Self::Outbox => RecordKey::Outbox(crate::OutboxPosition::new(position)),
        }
    }

    /// From which position on records of this sort are behind `after`; nothing where none are.
    fn behind(self, after: Option<RecordKey>) -> Option<i64> {
        let Some(after) = after else { return Some(0) };
        match (self, after) {
            (Self::Inbox, RecordKey::Inbox(position)) => Some(number(position.number())),
            (Self::Event, RecordKey::Event(position)) => Some(number(position.number())),
            (Self::Outbox, RecordKey::Outbox(position)) => Some(number(position.number())),
            _ => (self.key(0) > after).then_some(0),
        }
    }

    const fn places(self) -> &'static str {
        match self {
            Self::Inbox => {
                "SELECT position FROM inbox_subjects
                 WHERE tenant = $1 AND subject = $2 AND position > $3 ORDER BY position LIMIT $4"
            }
            Self::Event => {
                "SELECT position FROM event_subjects
                 WHERE tenant = $1 AND subject = $2 AND position > $3 ORDER BY position LIMIT $4"
            }
            Self::Outbox => {
                "SELECT position FROM outbox_subjects
                 WHERE tenant = $1 AND subject = $2 AND position > $3 ORDER BY position LIMIT $4"
            }
        }
    }

    const fn no_longer_found(self) -> &'static str {
        match self {
            Self::Inbox => "DELETE FROM inbox_subjects WHERE tenant = $1 AND subject = $2",
            Self::Event => "DELETE FROM event_subjects WHERE tenant = $1 AND subject = $2",
            Self::Outbox => "DELETE FROM outbox_subjects WHERE tenant = $1 AND subject = $2",
        }
    }
}

async fn places(
    connection: &mut Connection,
    kind: Kind,
    tenant: i64,
    subject: &Subject,
    from: i64,
    limit: usize,
) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar(kind.places())
        .bind(tenant)
        .bind(subject.as_bytes().to_vec())
        .bind(from)
        .bind(number(limit as u64))
        .fetch_all(connection)
        .await
}

/// Nothing where it was forgotten meanwhile.
async fn record(
    connection: &mut Connection,
    tenant: i64,
    key: RecordKey,
) -> Result<Option<Record>, Fault> {
    match key {
        RecordKey::Inbox(position) => {
            let row: Option<inbox::Columns> = sqlx::query_as(
                "SELECT position, key, received_at, erased_at, payload, checksum
                 FROM inbox WHERE tenant = $1 AND position = $2",
            )
            .bind(tenant)
            .bind(number(position.number()))
            .fetch_optional(connection)
            .await
            .map_err(|error| fault(&error))?;
            row.map(|row| inbox::item(row).map(Record::Inbox)).transpose()
        }
        RecordKey::Event(position) => {
            let row = read_event(connection, tenant, number(position.number())).await;
            let row = row.map_err(|error| fault(&error))?;
            row.map(|row| event(row).map(Record::Event)).transpose()
        }
        RecordKey::Outbox(position) => {
            let row: Option<outbox::Columns> = sqlx::query_as(
                "SELECT position, id, state, claimed_by, attempts, appended_at, not_before,
                    erased_at, payload, checksum
                 FROM outbox WHERE tenant = $1 AND position = $2",
            )
            .bind(tenant)
            .bind(number(position.number()))
            .fetch_optional(connection)
            .await
            .map_err(|error| fault(&error))?;
            row.map(|row| outbox::row(row).map(Record::Outbox)).transpose()
        }
    }
}

async fn read_event(
    connection: &mut Connection,
    tenant: i64,
    position: i64,
) -> Result<Option<journal::Columns>, sqlx::Error> {
    sqlx::query_as(
        "SELECT position, engine, version, recorded_at, erased_at, payload, checksum
         FROM events WHERE tenant = $1 AND position = $2",
    )
    .bind(tenant)
    .bind(position)
    .fetch_optional(connection)
    .await
}

struct Erase {
    erasure: Erasure,
}

impl OwnersWork for Erase {
    type Answer = Erased;
    type Refusal = WriteError;

    async fn run(
        &self,
        connection: &mut Connection,
        owned: &Owned,
    ) -> Result<Result<Erased, WriteError>, sqlx::Error> {
        let mut erased = Erased::default();
        for position in self.take_out(connection, Kind::Inbox, owned.tenant).await? {
            erased.inbox += self.empty(connection, Kind::Inbox, owned.tenant, position).await?;
        }
        let rewritten: BTreeMap<i64, &[u8]> = self.rewritten().collect();
        for position in self.take_out(connection, Kind::Event, owned.tenant).await? {
            let payload = rewritten.get(&position).copied().unwrap_or_default();
            erased.events += self.rewrite(connection, owned.tenant, position, payload).await?;
        }
        for position in self.take_out(connection, Kind::Outbox, owned.tenant).await? {
            erased.outbox += self.empty(connection, Kind::Outbox, owned.tenant, position).await?;
        }
        erased.snapshot = self.drop_snapshot(connection, owned).await?;
        Ok(Ok(erased))
    }
}

impl Erase {
    fn rewritten(&self) -> impl Iterator<Item = (i64, &[u8])> {
        let rewritten = self.erasure.rewritten.iter();
        rewritten.map(|(position, payload)| (number(position.number()), payload.as_bytes()))
    }

    /// The positions of records about any of the subjects, which no longer find them.
    async fn take_out(
        &self,
        connection: &mut Connection,
        kind: Kind,
        tenant: i64,
    ) -> Result<BTreeSet<i64>, sqlx::Error> {
        let mut positions = BTreeSet::new();
        for subject in &self.erasure.subjects {
            positions.extend(places(connection, kind, tenant, subject, 0, usize::MAX).await?);
            sqlx::query(kind.no_longer_found())
                .bind(tenant)
                .bind(subject.as_bytes().to_vec())
                .execute(&mut *connection)
                .await?;
        }
        Ok(positions)
    }

    async fn empty(
        &self,
        connection: &mut Connection,
        kind: Kind,
        tenant: i64,
        position: i64,
    ) -> Result<u64, sqlx::Error> {
        let statement = match kind {
            Kind::Outbox => {
                "UPDATE outbox SET payload = $3, checksum = $4, erased_at = $5,
                    state = CASE state WHEN 0 THEN 4 ELSE state END
                 WHERE tenant = $1 AND position = $2"
            }
            Kind::Inbox | Kind::Event => {
                "UPDATE inbox SET payload = $3, checksum = $4, erased_at = $5
                 WHERE tenant = $1 AND position = $2"
            }
        };
        let done = sqlx::query(statement)
            .bind(tenant)
            .bind(position)
            .bind(Vec::<u8>::new())
            .bind(checksum_of_payload(position, &[]))
            .bind(micros(self.erasure.now))
            .execute(connection)
            .await?;
        Ok(done.rows_affected())
    }

    async fn rewrite(
        &self,
        connection: &mut Connection,
        tenant: i64,
        position: i64,
        payload: &[u8],
    ) -> Result<u64, sqlx::Error> {
        let Some(row) = read_event(connection, tenant, position).await? else { return Ok(0) };
        let (_, engine, version, recorded_at, ..) = row;
        let done = sqlx::query(
            "UPDATE events SET payload = $3, checksum = $4, erased_at = $5
             WHERE tenant = $1 AND position = $2",
        )
        .bind(tenant)
        .bind(position)
        .bind(payload.to_vec())
        .bind(checksum_of_event(position, &engine, version, recorded_at, payload))
        .bind(micros(self.erasure.now))
        .execute(connection)
        .await?;
        Ok(done.rows_affected())
    }

    /// Whether the snapshot had to go.
    async fn drop_snapshot(
        &self,
        connection: &mut Connection,
        owned: &Owned,
    ) -> Result<bool, sqlx::Error> {
        let obeyed_at = number(self.erasure.obeyed_at.number());
        if owned.staged_at < obeyed_at {
            drop_staged(connection, owned).await?;
        }
        let older: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT subjects FROM parts
             WHERE tenant = $1 AND generation <= $2 AND position < $3",
        )
        .bind(owned.tenant)
        .bind(owned.generation)
        .bind(obeyed_at)
        .fetch_all(&mut *connection)
        .await?;
        let erased: BTreeSet<&Subject> = self.erasure.subjects.iter().collect();
        let tells = older.iter().any(|subjects| match subjects_from_bytes(subjects) {
            Ok(subjects) => subjects.is_empty() || subjects.iter().any(|of| erased.contains(of)),
            Err(_) => true,
        });
        if tells {
            sqlx::query("DELETE FROM parts WHERE tenant = $1 AND generation <= $2")
                .bind(owned.tenant)
                .bind(owned.generation)
                .execute(&mut *connection)
                .await?;
            sqlx::query("UPDATE owners SET snapshot_at = NULL WHERE tenant = $1")
                .bind(owned.tenant)
                .execute(connection)
                .await?;
        }
        Ok(tells)
    }
}
