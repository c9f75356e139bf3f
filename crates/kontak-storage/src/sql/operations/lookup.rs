use super::{Connection, locked};
use crate::sql::number;
use crate::{FencingToken, Lease, Position, TenantId};

/// A tenant as its owner finds it, its row locked until the transaction ends.
pub(super) struct Owned {
    pub(super) tenant: i64,
    pub(super) token: i64,
    pub(super) journal_head: i64,
    pub(super) inbox_head: i64,
    pub(super) inbox_cursor: i64,
    pub(super) outbox_head: i64,
    pub(super) snapshot_at: Option<i64>,
    pub(super) generation: i64,
    pub(super) staged_at: i64,
}

impl Owned {
    pub(super) fn head(&self) -> Position {
        Position::new(self.journal_head.unsigned_abs())
    }
}

type Columns = (i64, i64, i64, i64, i64, i64, Option<i64>, i64, i64);

/// The tenant of a lease, where that is its newest.
pub(super) async fn owned(
    connection: &mut Connection,
    lease: &Lease,
) -> Result<Option<Owned>, sqlx::Error> {
    let statement = locked!(
        "SELECT o.tenant, o.token, o.journal_head, t.inbox_head, o.inbox_cursor, o.outbox_head,
            o.snapshot_at, o.generation, o.staged_at
         FROM owners o JOIN tenants t ON t.number = o.tenant
         WHERE t.tenant = $1 AND o.token = $2",
        "o"
    );
    let row: Option<Columns> = sqlx::query_as(statement)
        .bind(key(lease.tenant))
        .bind(number(lease.token.number()))
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|columns| {
        let (tenant, token, journal_head, inbox_head, inbox_cursor, outbox_head, ..) = columns;
        let (.., snapshot_at, generation, staged_at) = columns;
        Owned {
            tenant,
            token,
            journal_head,
            inbox_head,
            inbox_cursor,
            outbox_head,
            snapshot_at,
            generation,
            staged_at,
        }
    }))
}

/// Makes a tenant where there is none yet.
pub(super) async fn found(
    connection: &mut Connection,
    tenant: TenantId,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO tenants (tenant) VALUES ($1) ON CONFLICT (tenant) DO NOTHING")
        .bind(key(tenant))
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO owners (tenant) SELECT number FROM tenants WHERE tenant = $1
         ON CONFLICT (tenant) DO NOTHING",
    )
    .bind(key(tenant))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn key(tenant: TenantId) -> Vec<u8> {
    tenant.as_uuid().as_bytes().to_vec()
}

pub(super) fn token(number: i64) -> FencingToken {
    FencingToken::new(number.unsigned_abs())
}
