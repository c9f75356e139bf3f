use super::lookup::{Owned, found, key};
use super::owner::OwnersWork;
use super::writer::Work;
use super::{Connection, Store, fault, find, insert, locked};
use crate::sql::{Among, Checked, Insert, checksum_of_payload, micros, number, time};
use crate::{
    AcceptError, Accepted, DedupeKey, Fault, Inbox, InboxItem, InboxPosition, Lease, NewInboxItem,
    Subject, TenantId, WriteError,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

#[async_trait]
impl Inbox for Store {
    async fn accept(
        &self,
        tenant: TenantId,
        items: Vec<NewInboxItem>,
    ) -> Result<Vec<Accepted>, AcceptError> {
        for (item, number) in items.iter().zip(1_usize..) {
            item.payload.check(format_args!("item {number}"))?;
        }
        if items.is_empty() {
            return Ok(Vec::new());
        }
        self.acceptor().ask(Accept { tenant, items }).await
    }

    async fn read_inbox(
        &self,
        tenant: TenantId,
        after: InboxPosition,
        limit: usize,
    ) -> Result<Vec<InboxItem>, Fault> {
        let mut connection = self.reader().await?;
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT i.position, i.key, i.received_at, i.erased_at, i.payload, i.checksum
             FROM inbox i WHERE i.tenant = (SELECT number FROM tenants WHERE tenant = $1)
                AND i.position > $2
             ORDER BY i.position LIMIT $3",
        )
        .bind(key(tenant))
        .bind(number(after.number()))
        .bind(number(limit as u64))
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| fault(&error))?;
        rows.into_iter().map(item).collect()
    }

    async fn forget_inbox(&self, lease: &Lease, before: DateTime<Utc>) -> Result<u64, WriteError> {
        self.owner().ask_as(lease, Forget { before: micros(before) }).await
    }
}

pub(super) type Columns = (i64, Vec<u8>, i64, Option<i64>, Vec<u8>, i64);

pub(super) fn item(columns: Columns) -> Result<InboxItem, Fault> {
    let (position, key, received_at, erased_at, payload, checksum) = columns;
    let expected = checksum_of_payload(position, &payload);
    Ok(InboxItem::new(
        InboxPosition::new(position.unsigned_abs()),
        DedupeKey::new(key),
        time(received_at)?,
        erased_at.map(time).transpose()?,
        payload.checked(checksum, expected, "inbox item", position)?,
    ))
}

struct Accept {
    tenant: TenantId,
    items: Vec<NewInboxItem>,
}

static ITEMS: Insert<5> =
    Insert::new("inbox", ["position", "key", "received_at", "payload", "checksum"]);
static PLACES: Among = Among::new("inbox", "key", "position");
static SUBJECTS: Insert<2> = Insert::new("inbox_subjects", ["subject", "position"]);

impl Work for Accept {
    type Answer = Vec<Accepted>;
    type Refusal = AcceptError;

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    async fn run(
        &self,
        connection: &mut Connection,
    ) -> Result<Result<Vec<Accepted>, AcceptError>, sqlx::Error> {
        let (tenant, mut head) = self.end_of_inbox(connection).await?;
        let mut places = places(connection, tenant, &self.items).await?;
        let mut answers = Vec::with_capacity(self.items.len());
        let mut new = Vec::new();
        for item in &self.items {
            let place = places.get(item.key.as_bytes()).copied();
            let position = InboxPosition::new(place.unwrap_or(head + 1).unsigned_abs());
            if place.is_some() {
                answers.push(Accepted::Known(position));
            } else {
                head += 1;
                places.insert(item.key.as_bytes().to_vec(), head);
                new.push((head, item));
                answers.push(Accepted::New(position));
            }
        }
        if !new.is_empty() {
            insert_items(connection, tenant, &new).await?;
            sqlx::query("UPDATE tenants SET inbox_head = $2 WHERE number = $1")
                .bind(tenant)
                .bind(head)
                .execute(connection)
                .await?;
        }
        Ok(Ok(answers))
    }
}

impl Accept {
    /// The tenant, and where its inbox ends. Its row stays locked, so that positions are committed in
    /// their order, whoever accepts.
    async fn end_of_inbox(&self, connection: &mut Connection) -> Result<(i64, i64), sqlx::Error> {
        let end = locked!("SELECT t.number, t.inbox_head FROM tenants t WHERE t.tenant = $1", "t");
        let row =
            sqlx::query_as(end).bind(key(self.tenant)).fetch_optional(&mut *connection).await?;
        if let Some(row) = row {
            return Ok(row);
        }
        found(connection, self.tenant).await?;
        sqlx::query_as(end).bind(key(self.tenant)).fetch_one(connection).await
    }
}

/// Where those stand that are kept already.
async fn places(
    connection: &mut Connection,
    tenant: i64,
    items: &[NewInboxItem],
) -> Result<BTreeMap<Vec<u8>, i64>, sqlx::Error> {
    let keys = items.iter().map(|item| item.key.as_bytes().to_vec()).collect();
    Ok(find(connection, &PLACES, tenant, keys).await?.into_iter().collect())
}

async fn insert_items(
    connection: &mut Connection,
    tenant: i64,
    new: &[(i64, &NewInboxItem)],
) -> Result<(), sqlx::Error> {
    let rows = new.iter().map(|(position, item)| {
        let payload = item.payload.as_bytes();
        let (at, checksum) = (micros(item.received_at), checksum_of_payload(*position, payload));
        let position = (*position).into();
        [position, item.key.as_bytes().into(), at.into(), payload.into(), checksum.into()]
    });
    insert(connection, &ITEMS, tenant, rows.collect()).await?;
    let of = new.iter().map(|(position, item)| (*position, &*item.subjects));
    insert_subjects(connection, &SUBJECTS, tenant, of).await
}

/// Enters whom records are about, each once.
pub(super) async fn insert_subjects<'s>(
    connection: &mut Connection,
    into: &'static Insert<2>,
    tenant: i64,
    of: impl Iterator<Item = (i64, &'s [Subject])>,
) -> Result<(), sqlx::Error> {
    let pairs = of.flat_map(|(position, of)| of.iter().map(move |subject| (position, subject)));
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_unstable();
    pairs.dedup();
    let rows = pairs.into_iter().map(|(position, of)| [of.as_bytes().into(), position.into()]);
    insert(connection, into, tenant, rows.collect()).await
}

struct Forget {
    before: i64,
}

impl OwnersWork for Forget {
    type Answer = u64;
    type Refusal = WriteError;

    async fn run(
        &self,
        connection: &mut Connection,
        owned: &Owned,
    ) -> Result<Result<u64, WriteError>, sqlx::Error> {
        let done = sqlx::query(
            "DELETE FROM inbox WHERE tenant = $1 AND position <= $2 AND received_at < $3",
        )
        .bind(owned.tenant)
        .bind(owned.inbox_cursor)
        .bind(self.before)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "DELETE FROM inbox_subjects WHERE tenant = $1 AND position NOT IN
                (SELECT position FROM inbox WHERE tenant = $1)",
        )
        .bind(owned.tenant)
        .execute(connection)
        .await?;
        Ok(Ok(done.rows_affected()))
    }
}
