use super::lookup::{found, key, token};
use super::writer::Work;
use super::{Connection, Store, fault, locked};
use crate::sql::{micros, number, time};
use crate::{AcquireError, Fault, Lease, Leases, RenewError, TenantId};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

#[async_trait]
impl Leases for Store {
    async fn acquire(
        &self,
        tenant: TenantId,
        owner: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Lease, AcquireError> {
        self.owner().ask(Acquire { tenant, owner: owner.to_owned(), now, until }).await
    }

    async fn renew(&self, lease: &Lease, until: DateTime<Utc>) -> Result<Lease, RenewError> {
        self.owner().ask(Renew { lease: lease.clone(), until }).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), Fault> {
        self.owner().ask(Release { lease: lease.clone() }).await
    }

    async fn due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantId>, Fault> {
        let mut connection = self.reader().await?;
        let tenants: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT t.tenant FROM tenants t JOIN owners o ON o.tenant = t.number
             WHERE (o.held_until IS NULL OR o.held_until <= $1)
               AND (o.inbox_cursor < t.inbox_head OR o.wake_at <= $1
                 OR EXISTS (SELECT 1 FROM outbox b WHERE b.tenant = o.tenant AND b.state = 1)
                 OR EXISTS (SELECT 1 FROM outbox b
                    WHERE b.tenant = o.tenant AND b.state = 0 AND b.not_before <= $1))
             ORDER BY t.tenant LIMIT $2",
        )
        .bind(micros(now))
        .bind(number(limit as u64))
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| fault(&error))?;
        let tenant = |bytes: Vec<u8>| Uuid::from_slice(&bytes).map(TenantId::new);
        let tenants: Result<_, _> = tenants.into_iter().map(tenant).collect();
        tenants.map_err(|_| Fault::corrupt("the id of a tenant is no UUID"))
    }
}

struct Acquire {
    tenant: TenantId,
    owner: String,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Work for Acquire {
    type Answer = Lease;
    type Refusal = AcquireError;

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    async fn run(
        &self,
        connection: &mut Connection,
    ) -> Result<Result<Lease, AcquireError>, sqlx::Error> {
        found(connection, self.tenant).await?;
        let (number, held, owner, until): (i64, i64, Option<String>, Option<i64>) =
            sqlx::query_as(locked!(
                "SELECT o.tenant, o.token, o.owner, o.held_until
                 FROM owners o JOIN tenants t ON t.number = o.tenant WHERE t.tenant = $1",
                "o"
            ))
            .bind(key(self.tenant))
            .fetch_one(&mut *connection)
            .await?;
        if let (Some(owner), Some(until)) = (owner, until)
            && owner != self.owner
            && until > micros(self.now)
        {
            let held =
                time(until).map(|until| AcquireError::Held { tenant: self.tenant, owner, until });
            return Ok(Err(held.unwrap_or_else(AcquireError::from)));
        }
        sqlx::query("UPDATE owners SET token = $2, owner = $3, held_until = $4 WHERE tenant = $1")
            .bind(number)
            .bind(held + 1)
            .bind(self.owner.clone())
            .bind(micros(self.until))
            .execute(connection)
            .await?;
        Ok(Ok(Lease::new(self.tenant, token(held + 1), self.until)))
    }
}

struct Renew {
    lease: Lease,
    until: DateTime<Utc>,
}

impl Work for Renew {
    type Answer = Lease;
    type Refusal = RenewError;

    fn tenant(&self) -> TenantId {
        self.lease.tenant
    }

    async fn run(
        &self,
        connection: &mut Connection,
    ) -> Result<Result<Lease, RenewError>, sqlx::Error> {
        let tenant = self.lease.tenant;
        let until: Option<i64> = sqlx::query_scalar(
            "UPDATE owners SET held_until =
                CASE WHEN held_until > $3 THEN held_until ELSE $3 END
             WHERE tenant = (SELECT number FROM tenants WHERE tenant = $1) AND token = $2
               AND held_until IS NOT NULL
             RETURNING held_until",
        )
        .bind(key(tenant))
        .bind(number(self.lease.token.number()))
        .bind(micros(self.until))
        .fetch_optional(connection)
        .await?;
        Ok(match until.map(time) {
            Some(Ok(until)) => Ok(Lease::new(tenant, self.lease.token, until)),
            Some(Err(fault)) => Err(fault.into()),
            None => Err(RenewError::Fenced { tenant }),
        })
    }
}

struct Release {
    lease: Lease,
}

impl Work for Release {
    type Answer = ();
    type Refusal = Fault;

    fn tenant(&self) -> TenantId {
        self.lease.tenant
    }

    /// The token moves on: what the one who let go still has on its way must not arrive after the next
    /// has begun.
    async fn run(&self, connection: &mut Connection) -> Result<Result<(), Fault>, sqlx::Error> {
        sqlx::query(
            "UPDATE owners SET token = token + 1, owner = NULL, held_until = NULL
             WHERE tenant = (SELECT number FROM tenants WHERE tenant = $1) AND token = $2",
        )
        .bind(key(self.lease.tenant))
        .bind(number(self.lease.token.number()))
        .execute(connection)
        .await?;
        Ok(Ok(()))
    }
}
