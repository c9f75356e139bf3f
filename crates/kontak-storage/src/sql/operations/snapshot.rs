use super::lookup::{Owned, key};
use super::owner::OwnersWork;
use super::{Connection, Store, fault};
use crate::sql::{Checked, checksum_of_payload, number, subjects_from_bytes, subjects_to_bytes};
use crate::{
    Fault, Lease, Part, PartError, PartName, Position, PublishError, Snapshots, TenantId,
    WriteError,
};
use async_trait::async_trait;

#[async_trait]
impl Snapshots for Store {
    async fn stage(&self, lease: &Lease, at: Position, parts: Vec<Part>) -> Result<(), WriteError> {
        for part in &parts {
            part.payload.check(format_args!("part {}", part.name))?;
        }
        self.owner().ask_as(lease, Stage { at: number(at.number()), parts }).await
    }

    async fn publish(
        &self,
        lease: &Lease,
        at: Position,
        gone: Vec<PartName>,
    ) -> Result<(), PublishError> {
        self.owner().ask_as(lease, Publish { at, gone }).await
    }

    async fn snapshot(&self, tenant: TenantId) -> Result<Option<Position>, Fault> {
        let mut connection = self.reader().await?;
        let at = latest(&mut connection, tenant).await.map_err(|error| fault(&error))?;
        Ok(at.map(|(_, at, _)| at))
    }

    async fn part(
        &self,
        tenant: TenantId,
        at: Position,
        name: &PartName,
    ) -> Result<Option<Part>, PartError> {
        let mut connection = self.reader().await?;
        let (number, generation) = counts(&mut connection, tenant, at).await?;
        let row: Option<(i64, Vec<u8>, Vec<u8>, i64)> = sqlx::query_as(
            "SELECT position, subjects, payload, checksum FROM parts
             WHERE tenant = $1 AND name = $2 AND generation <= $3",
        )
        .bind(number)
        .bind(name.as_str().as_bytes().to_vec())
        .bind(generation)
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| fault(&error))?;
        // What was read belongs to the snapshot only if no other has taken its place meanwhile.
        counts(&mut connection, tenant, at).await?;
        let Some((position, subjects, payload, checksum)) = row else { return Ok(None) };
        let expected = checksum_of_payload(position, &payload);
        let payload = payload.checked(checksum, expected, "a part staged at", position)?;
        let mut part = Part::new(name.clone(), payload);
        part.subjects = subjects_from_bytes(&subjects)?;
        Ok(Some(part))
    }

    async fn part_names(
        &self,
        tenant: TenantId,
        at: Position,
        prefix: &str,
        after: Option<&PartName>,
        limit: usize,
    ) -> Result<Vec<PartName>, PartError> {
        let mut connection = self.reader().await?;
        let (number_of_tenant, generation) = counts(&mut connection, tenant, at).await?;
        let names: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT name FROM parts
             WHERE tenant = $1 AND generation <= $2 AND name >= $3 AND ($4 IS NULL OR name > $4)
               AND substr(name, 1, $5) = $3
             ORDER BY name LIMIT $6",
        )
        .bind(number_of_tenant)
        .bind(generation)
        .bind(prefix.as_bytes().to_vec())
        .bind(after.map(|after| after.as_str().as_bytes().to_vec()))
        .bind(i32::try_from(prefix.len()).unwrap_or(i32::MAX))
        .bind(number(limit as u64))
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| fault(&error))?;
        counts(&mut connection, tenant, at).await?;
        let name = |bytes| String::from_utf8(bytes).map(PartName::new);
        let names: Result<_, _> = names.into_iter().map(name).collect();
        names.map_err(|_| Fault::corrupt("the name of a part is no text").into())
    }
}

/// The tenant's number, where its snapshot was taken, and its generation.
async fn latest(
    connection: &mut Connection,
    tenant: TenantId,
) -> Result<Option<(i64, Position, i64)>, sqlx::Error> {
    let row: Option<(i64, i64, i64)> = sqlx::query_as(
        "SELECT o.tenant, o.snapshot_at, o.generation
         FROM owners o JOIN tenants t ON t.number = o.tenant
         WHERE t.tenant = $1 AND o.snapshot_at IS NOT NULL",
    )
    .bind(key(tenant))
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|(tenant, at, generation)| (tenant, Position::new(at.unsigned_abs()), generation)))
}

async fn counts(
    connection: &mut Connection,
    tenant: TenantId,
    at: Position,
) -> Result<(i64, i64), PartError> {
    let latest = latest(connection, tenant).await.map_err(|error| fault(&error))?;
    match latest {
        Some((number, latest, generation)) if latest == at => Ok((number, generation)),
        latest => Err(PartError::Superseded { at, latest: latest.map(|(_, latest, _)| latest) }),
    }
}

/// What was staged is no more.
pub(super) async fn drop_staged(
    connection: &mut Connection,
    owned: &Owned,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM parts WHERE tenant = $1 AND generation > $2")
        .bind(owned.tenant)
        .bind(owned.generation)
        .execute(connection)
        .await?;
    Ok(())
}

struct Stage {
    at: i64,
    parts: Vec<Part>,
}

impl OwnersWork for Stage {
    type Answer = ();
    type Refusal = WriteError;

    async fn run(
        &self,
        connection: &mut Connection,
        owned: &Owned,
    ) -> Result<Result<(), WriteError>, sqlx::Error> {
        if owned.staged_at != self.at {
            drop_staged(connection, owned).await?;
            sqlx::query("UPDATE owners SET staged_at = $2 WHERE tenant = $1")
                .bind(owned.tenant)
                .bind(self.at)
                .execute(&mut *connection)
                .await?;
        }
        for part in &self.parts {
            let payload = part.payload.as_bytes();
            sqlx::query(
                "INSERT INTO parts
                    (tenant, name, generation, position, subjects, payload, checksum)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (tenant, name, generation) DO UPDATE SET
                    subjects = excluded.subjects, payload = excluded.payload,
                    checksum = excluded.checksum",
            )
            .bind(owned.tenant)
            .bind(part.name.as_str().as_bytes().to_vec())
            .bind(owned.generation + 1)
            .bind(self.at)
            .bind(subjects_to_bytes(&part.subjects))
            .bind(payload.to_vec())
            .bind(checksum_of_payload(self.at, payload))
            .execute(&mut *connection)
            .await?;
        }
        Ok(Ok(()))
    }
}

struct Publish {
    at: Position,
    gone: Vec<PartName>,
}

impl OwnersWork for Publish {
    type Answer = ();
    type Refusal = PublishError;

    async fn run(
        &self,
        connection: &mut Connection,
        owned: &Owned,
    ) -> Result<Result<(), PublishError>, sqlx::Error> {
        let latest = Position::new(owned.snapshot_at.unwrap_or_default().unsigned_abs());
        let (at, head) = (self.at, owned.head());
        if !(latest..=head).contains(&at) {
            return Ok(Err(PublishError::Position { at, latest, head }));
        }
        if owned.staged_at != number(at.number()) {
            drop_staged(connection, owned).await?;
        }
        for name in &self.gone {
            sqlx::query("DELETE FROM parts WHERE tenant = $1 AND name = $2 AND generation <= $3")
                .bind(owned.tenant)
                .bind(name.as_str().as_bytes().to_vec())
                .bind(owned.generation)
                .execute(&mut *connection)
                .await?;
        }
        // What is staged becomes what counts without a byte of it being moved.
        sqlx::query(
            "DELETE FROM parts WHERE tenant = $1 AND generation <= $2 AND name IN
                (SELECT name FROM parts WHERE tenant = $1 AND generation > $2)",
        )
        .bind(owned.tenant)
        .bind(owned.generation)
        .execute(&mut *connection)
        .await?;
        sqlx::query("UPDATE owners SET snapshot_at = $2, generation = $3 WHERE tenant = $1")
            .bind(owned.tenant)
            .bind(number(at.number()))
            .bind(owned.generation + 1)
            .execute(connection)
            .await?;
        Ok(Ok(()))
    }
}
