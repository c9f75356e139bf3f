//! A fixed population that writes for minutes, and whose conversations come to their end: does memory
//! stay as it is?

use crate::client::{self, Plan};
use crate::measure::resident_mib;
use kontak_conversation::Actor;
use kontak_desk::{Desk, Notice};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Posts at the rate of the plan, has every conversation resolved as soon as somebody has it, and
/// prints each minute what is in memory.
pub(crate) async fn run(desk: &Desk, plan: Plan) -> anyhow::Result<()> {
    let resolver = tokio::spawn(resolve(desk.clone()));
    let printer = tokio::spawn(print(desk.clone()));
    let _ = client::post(desk, plan).await?;
    resolver.abort();
    printer.abort();
    tell(desk, "at the end").await
}

async fn resolve(desk: Desk) {
    let mut notices = desk.subscribe();
    loop {
        match notices.recv().await {
            Ok(Notice::Assigned { conversation, agent: Some(agent) }) => {
                let desk = desk.clone();
                // Refused where the customer was faster.
                tokio::spawn(async move { desk.resolve(Actor::Agent(agent), conversation).await });
            }
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

async fn print(desk: Desk) -> anyhow::Result<()> {
    for minute in 0_u32.. {
        tell(&desk, &format!("minute {minute:>2}")).await?;
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    Ok(())
}

async fn tell(desk: &Desk, when: &str) -> anyhow::Result<()> {
    let (customers, evicted) = desk
        .step(|tenant, _, _| {
            let customers = tenant.identity().customers().count();
            (customers, tenant.conversations().evicted())
        })
        .await?;
    println!(
        "  {when}: {:>6.0} MiB; {customers} customers, {evicted} conversations evicted",
        resident_mib()
    );
    Ok(())
}
