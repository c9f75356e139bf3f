use super::Connection;
use super::lookup::{Owned, owned};
use super::writer::{Work, Writer};
use crate::{AppendError, Fault, Lease, PublishError, TenantId, WriteError};

/// Something that only the owner of a tenant may write.
pub(super) trait OwnersWork: Send + Sync + 'static {
    type Answer: Send;
    type Refusal: Fenced + From<Fault> + Send;

    /// As [`Work::run`]; whoever is no longer the owner does not come this far.
    fn run(
        &self,
        connection: &mut Connection,
        owned: &Owned,
    ) -> impl Future<Output = Result<Result<Self::Answer, Self::Refusal>, sqlx::Error>> + Send;
}

/// A refusal of whoever is no longer the owner.
pub(super) trait Fenced {
    fn fenced(tenant: TenantId) -> Self;
}

impl Fenced for WriteError {
    fn fenced(tenant: TenantId) -> Self {
        Self::Fenced { tenant }
    }
}

impl Fenced for AppendError {
    fn fenced(tenant: TenantId) -> Self {
        Self::Fenced { tenant }
    }
}

impl Fenced for PublishError {
    fn fenced(tenant: TenantId) -> Self {
        WriteError::fenced(tenant).into()
    }
}

struct UnderLease<W> {
    lease: Lease,
    work: W,
}

impl<W: OwnersWork> Work for UnderLease<W> {
    type Answer = W::Answer;
    type Refusal = W::Refusal;

    fn tenant(&self) -> TenantId {
        self.lease.tenant
    }

    async fn run(
        &self,
        connection: &mut Connection,
    ) -> Result<Result<W::Answer, W::Refusal>, sqlx::Error> {
        match owned(connection, &self.lease).await? {
            Some(owned) => self.work.run(connection, &owned).await,
            None => Ok(Err(W::Refusal::fenced(self.lease.tenant))),
        }
    }
}

impl Writer {
    /// As [`ask`](Self::ask), where the lease is the newest of its tenant.
    pub(super) async fn ask_as<W: OwnersWork>(
        &self,
        lease: &Lease,
        work: W,
    ) -> Result<W::Answer, W::Refusal> {
        self.ask(UnderLease { lease: lease.clone(), work }).await
    }
}
