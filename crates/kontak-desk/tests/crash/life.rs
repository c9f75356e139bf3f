//! Desks that begin, work, and come to a violent end.

use crate::ledger::{Counted, Ledger};
use crate::postgres::Server;
use crate::provider::{Provider, Report};
use crate::{Error, LIVES};
use kontak_routing::simulate::Random;
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

/// A file, or a database and the server that it lies on.
pub(crate) struct Store {
    pub(crate) place: String,
    pub(crate) server: Option<Server>,
}

/// What ends a life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// SIGKILL.
    Killed,
    /// Its database is killed under it, and it has to come back before it is killed too.
    WithoutDatabase,
    /// It is frozen until another has taken its tenant, and goes on then; at last both are killed.
    Usurped,
}

/// Longer than anything takes here.
const LONG: Duration = Duration::from_secs(300);

/// All lives, and what they left behind, looked at after each.
pub(crate) async fn live(store: Store, fates: Vec<Fate>, seed: u64) -> Result<Counted, Error> {
    let (provider, reports) = Provider::start(seed).await?;
    let mut lives =
        Lives { store, provider, reports, heard: Vec::new(), random: Random::new(seed), count: 0 };
    let has_server = lives.store.server.is_some();
    let fates: Vec<_> =
        fates.into_iter().filter(|it| has_server || *it != Fate::WithoutDatabase).collect();
    let mut counted = Counted::default();
    for (tenant, fates) in (0..).zip(fates.chunks(LIVES as usize)) {
        lives.provider.known().begin(tenant);
        let mut ledger = Ledger::new(tenant)?;
        for fate in fates {
            lives
                .one(tenant, *fate)
                .await
                .map_err(|error| format!("life {}, {fate:?}: {error}", lives.count))?;
            lives.look(&mut ledger).await?;
            counted.count(*fate);
        }
        let done = lives.last(tenant).await;
        lives.look(&mut ledger).await?;
        if let Err(error) = done {
            return Err(format!("{error}: {}", ledger.state(&lives.store.place).await?).into());
        }
        let known = lives.provider.known().clone();
        ledger.close(&lives.store.place, &known, &mut counted).await?;
        if fates.len() == LIVES as usize {
            eprintln!("so far: {counted}");
        }
    }
    Ok(counted)
}

struct Lives {
    store: Store,
    provider: Arc<Provider>,
    reports: mpsc::UnboundedReceiver<Report>,
    /// Reports that nobody has looked at.
    heard: Vec<Report>,
    random: Random,
    count: u32,
}

impl Lives {
    /// One life, to its end.
    async fn one(&mut self, tenant: u32, fate: Fate) -> Result<(), Error> {
        // Some begin while the lease of the last one lasts, and take in before they own.
        self.sleep(200).await;
        let (mut child, life) = self.begin(tenant)?;
        match fate {
            // It may die while it opens the store, and while it reads what was before.
            Fate::Killed if self.random.below(4) == 0 => self.sleep(80).await,
            Fate::Killed => {
                self.owner(life, LONG).await?;
                self.sleep(200).await;
            }
            Fate::WithoutDatabase => {
                self.owner(life, LONG).await?;
                self.sleep(100).await;
                self.lose_database(life).await?;
            }
            Fate::Usurped => {
                self.owner(life, LONG).await?;
                self.sleep(100).await;
                self.usurp(&child, tenant).await?;
            }
        }
        end(&mut child)?;
        self.provider.drained().await
    }

    async fn lose_database(&mut self, life: u32) -> Result<(), Error> {
        let Some(server) = &self.store.server else { return Ok(()) };
        server.crash()?;
        self.sleep(100).await;
        self.hear();
        if let Some(server) = &self.store.server {
            server.resume()?;
        }
        let before = self.provider.known().acknowledged.len();
        self.owner(life, LONG).await.map_err(|error| format!("after the database: {error}"))?;
        while self.provider.known().acknowledged.len() == before {
            sleep(Duration::from_millis(5)).await;
        }
        self.sleep(100).await;
        Ok(())
    }

    /// Frozen in the middle of a transaction a desk holds what it has locked: then it goes on for a
    /// moment and is frozen anew.
    async fn usurp(&mut self, owner: &Child, tenant: u32) -> Result<(), Error> {
        let (mut usurper, life) = self.begin(tenant)?;
        loop {
            self.sleep(150).await;
            signal(owner, "-STOP")?;
            let taken = self.owner(life, Duration::from_millis(1_500)).await;
            signal(owner, "-CONT")?;
            if taken.is_ok() {
                break;
            }
            if let Some(status) = usurper.try_wait()? {
                return Err(format!("the usurper ended by itself: {status}").into());
            }
        }
        self.sleep(300).await;
        end(&mut usurper)
    }

    /// A life that ends when all is done.
    async fn last(&mut self, tenant: u32) -> Result<(), Error> {
        self.provider.known().is_closing = true;
        let (mut child, _) = self.begin(tenant)?;
        let ended = timeout(LONG, async {
            loop {
                if let Some(status) = child.try_wait()? {
                    return Ok::<_, Error>(status);
                }
                sleep(Duration::from_millis(5)).await;
            }
        });
        let Ok(ended) = ended.await else {
            child.kill()?;
            return Err("the last desk did not get done".into());
        };
        if !ended?.success() {
            return Err("the last desk failed".into());
        }
        self.provider.drained().await
    }

    fn begin(&mut self, tenant: u32) -> Result<(Child, u32), Error> {
        self.count += 1;
        let (tenant, life) = (tenant.to_string(), self.count.to_string());
        let child = Command::new(std::env::current_exe()?)
            .args(["child", &self.store.place, &self.provider.address, &tenant, &life])
            .spawn()?;
        Ok((child, self.count))
    }

    async fn sleep(&mut self, below: u32) {
        sleep(Duration::from_micros(self.random.below(below * 1_000).into())).await;
    }

    fn hear(&mut self) {
        while let Ok(report) = self.reports.try_recv() {
            self.heard.push(report);
        }
    }

    /// Until this desk says that it owns the tenant.
    async fn owner(&mut self, life: u32, within: Duration) -> Result<(), Error> {
        let said = timeout(within, async {
            while let Some(report) = self.reports.recv().await {
                self.heard.push(report);
                if report.life == life {
                    return;
                }
            }
        });
        said.await.map_err(|_| "it does not own the tenant".into())
    }

    async fn look(&mut self, ledger: &mut Ledger) -> Result<(), Error> {
        self.hear();
        let known = self.provider.known().clone();
        ledger.look(&self.store.place, &known, std::mem::take(&mut self.heard)).await
    }
}

fn end(child: &mut Child) -> Result<(), Error> {
    if let Some(status) = child.try_wait()? {
        return Err(format!("it ended by itself: {status}").into());
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn signal(child: &Child, signal: &str) -> Result<(), Error> {
    let done = Command::new("kill").args([signal, &child.id().to_string()]).status()?;
    if done.success() { Ok(()) } else { Err(format!("kill {signal} failed").into()) }
}
