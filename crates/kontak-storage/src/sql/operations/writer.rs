use super::{Connection, begin, commit, fault, rollback};
use crate::sql::Wakers;
use crate::{Fault, TenantId};
use async_trait::async_trait;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// How many askers share one transaction at most. Each waits for the whole.
const MOST: usize = 256;

/// Something to be written. A refusal is decided before anything is written, so that what others
/// asked for in the same transaction stands.
pub(super) trait Work: Send + Sync + 'static {
    type Answer: Send;
    type Refusal: From<Fault> + Send;

    fn tenant(&self) -> TenantId;

    /// May run twice: when another's part of the transaction failed, each is tried alone.
    fn run(
        &self,
        connection: &mut Connection,
    ) -> impl Future<Output = Result<Result<Self::Answer, Self::Refusal>, sqlx::Error>> + Send;
}

/// One writer, to which many may hand work: what waits when a transaction begins goes into it
/// together, and is answered when it is durable.
#[derive(Debug)]
pub(in super::super) struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
    done: JoinHandle<()>,
}

impl Writer {
    /// A writer that takes its connections from `source`, until the last handle is dropped.
    pub(in super::super) fn start<S: Source>(source: S, wakers: Arc<Wakers>) -> Self {
        let (jobs, waiting) = mpsc::channel(4 * MOST);
        let done = tokio::spawn(write(waiting, source, wakers));
        Self { jobs, done }
    }

    /// Waits until all that was handed in is done.
    pub(in super::super) async fn close(self) {
        drop(self.jobs);
        // A panic in the writer has been answered to those who asked.
        drop(self.done.await);
    }

    /// Hands in work and waits until it is durable or refused. What was handed in is done even where
    /// nobody waits any more.
    pub(super) async fn ask<W: Work>(&self, work: W) -> Result<W::Answer, W::Refusal> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Asked { work, found: None, reply });
        if self.jobs.send(job).await.is_err() {
            return Err(Fault::Closed.into());
        }
        answer.await.unwrap_or_else(|_| Err(Fault::Closed.into()))
    }
}

/// Where a writer gets its connection for a transaction.
#[async_trait]
pub(in super::super) trait Source: Send + 'static {
    async fn connection(&mut self) -> Result<&mut Connection, sqlx::Error>;

    /// After an error: the next transaction needs a connection that is surely sound.
    fn broken(&mut self);

    /// When nothing is to be written any more.
    async fn close(self);
}

#[async_trait]
trait Job: Send + std::fmt::Debug {
    fn tenant(&self) -> TenantId;
    async fn run(&mut self, connection: &mut Connection) -> Result<(), sqlx::Error>;
    fn answer(self: Box<Self>, failed: Option<Fault>);
}

struct Asked<W: Work> {
    work: W,
    found: Option<Result<W::Answer, W::Refusal>>,
    reply: oneshot::Sender<Result<W::Answer, W::Refusal>>,
}

impl<W: Work> std::fmt::Debug for Asked<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "work for tenant {}", self.work.tenant())
    }
}

#[async_trait]
impl<W: Work> Job for Asked<W> {
    fn tenant(&self) -> TenantId {
        self.work.tenant()
    }

    async fn run(&mut self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        self.found = Some(self.work.run(connection).await?);
        Ok(())
    }

    fn answer(self: Box<Self>, failed: Option<Fault>) {
        let answer = match (failed, self.found) {
            (Some(fault), _) => Err(fault.into()),
            (None, Some(found)) => found,
            (None, None) => Err(Fault::Closed.into()),
        };
        // Whoever asked may have stopped waiting; it is written all the same.
        drop(self.reply.send(answer));
    }
}

async fn write<S: Source>(
    mut waiting: mpsc::Receiver<Box<dyn Job>>,
    mut source: S,
    wakers: Arc<Wakers>,
) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, MOST).await > 0 {
        // Rows are locked in one order everywhere, so that two processes never wait for each other.
        batch.sort_by_key(|job| job.tenant());
        let failed = transact(&mut source, &mut batch).await.err();
        let alone = batch.len() > 1 && matches!(failed, Some(Failed::Nothing(_)));
        for mut job in batch.drain(..) {
            let failed = if alone {
                transact(&mut source, std::slice::from_mut(&mut job)).await.err().map(Failed::fault)
            } else {
                failed.as_ref().map(Failed::fault_of)
            };
            if failed.is_none() {
                wakers.wake(job.tenant());
            }
            job.answer(failed);
        }
    }
    source.close().await;
}

enum Failed {
    /// Nothing was written.
    Nothing(sqlx::Error),
    /// It broke while it was made durable: only the database knows.
    Unknown(sqlx::Error),
}

impl Failed {
    fn fault_of(&self) -> Fault {
        let (Self::Nothing(error) | Self::Unknown(error)) = self;
        fault(error)
    }

    fn fault(self) -> Fault {
        self.fault_of()
    }
}

async fn transact<S: Source>(source: &mut S, jobs: &mut [Box<dyn Job>]) -> Result<(), Failed> {
    let connection = source.connection().await.map_err(Failed::Nothing)?;
    if let Err(error) = begin(connection).await {
        source.broken();
        return Err(Failed::Nothing(error));
    }
    for job in jobs {
        if let Err(error) = job.run(connection).await {
            rollback(connection).await;
            source.broken();
            return Err(Failed::Nothing(error));
        }
    }
    if let Err(error) = commit(connection).await {
        rollback(connection).await;
        source.broken();
        return Err(Failed::Unknown(error));
    }
    Ok(())
}
