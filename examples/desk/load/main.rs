//! How much a desk takes in: signed WhatsApp bodies, verified, parsed, stored durably, recognised,
//! placed and routed; and how long a start takes afterwards.
//!
//! ```text
//! cargo run --release --example load                              memory, SQLite, PostgreSQL
//! cargo run --release --example load -- --store sqlite --messages 1000000 --rate 5000
//! cargo run --release --example load -- --store postgres          a server of its own, if installed
//! cargo run --release --example load -- --store postgres --url postgres://user@host/database
//! cargo run --release --example load -- --store sqlite --customers 100000 --rate 500 --minutes 30
//! ```

mod client;
mod measure;
mod steady;
mod store;

use anyhow::ensure;
use client::Plan;
use kontak_desk::{Clock as _, SystemClock};
use kontak_storage::TenantId;
use measure::{Latencies, resident_mib};
use std::time::Instant;
use store::{Place, Store};

const USAGE: &str = "\
load [--messages N] [--customers N] [--rate PER_SECOND] [--minutes N]
     [--clients N] [--store memory|sqlite|postgres]... [--url postgres://user@host/database]";

struct Arguments {
    plan: Plan,
    stores: Vec<Store>,
    url: Option<String>,
}

fn main() -> anyhow::Result<()> {
    let Arguments { plan, stores, url } = arguments().unwrap_or_else(|error| {
        eprintln!("load: {error}\n{USAGE}");
        std::process::exit(2);
    });
    for store in stores {
        // Where there is none a line has said so.
        if let Some(place) = store.place(url.as_deref())? {
            run(store, place, plan)?;
        }
    }
    Ok(())
}

/// One store: the load, then a stop in good order and a start, then one by replay.
fn run(store: Store, place: Place, plan: Plan) -> anyhow::Result<()> {
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let rate = plan.rate.map_or_else(String::new, |rate| format!(", {rate} a second asked for"));
    println!("{store}: {} messages of {} customers{rate}", plan.messages, plan.customers);
    let heard = runtime()?.block_on(async {
        let desk = client::desk(place.open().await?, plan)?;
        desk.owned().await?;
        client::sign_in(&desk).await?;
        if plan.is_steady {
            steady::run(&desk, plan).await?;
            desk.shut_down().await;
            return Ok(None);
        }
        let before = resident_mib();
        let (cpu, begin) = (measure::cpu_seconds(), now());
        let Latencies { mut acknowledged, mut routed } = client::send(&desk, plan).await?;
        let elapsed = (now() - begin).as_secs_f64();
        let cpu = (measure::cpu_seconds() - cpu) * 1e6 / f64::from(plan.messages);
        println!(
            "  {:>9.0} messages a second, {cpu:.0} us of CPU each",
            f64::from(plan.messages) / elapsed
        );
        println!("  acknowledged: {}", measure::quantiles(&mut acknowledged));
        println!("  routed:       {}", measure::quantiles(&mut routed));
        println!("  memory: {before:.0} MiB before, {:.0} MiB after", resident_mib());
        let heard = client::heard(&desk).await?;
        desk.shut_down().await;
        Ok::<_, anyhow::Error>(Some(heard))
    })?;
    let Some(heard) = heard else { return place.remove() };
    ensure!(heard.messages == plan.messages as usize, "all that was acknowledged is there");
    runtime()?.block_on(async {
        let begin = now();
        let desk = client::desk(place.open().await?, plan)?;
        desk.owned().await?;
        let elapsed = (now() - begin).as_secs_f64();
        ensure!(client::heard(&desk).await? == heard, "the same after a start");
        println!(
            "  a start from the snapshot: {elapsed:.2} s; {} events in the journal",
            heard.events
        );
        desk.shut_down().await;
        Ok::<_, anyhow::Error>(())
    })?;
    place.remove()
}

#[expect(clippy::disallowed_methods, reason = "what is measured is time")]
fn now() -> Instant {
    Instant::now()
}

fn arguments() -> anyhow::Result<Arguments> {
    use lexopt::Arg;
    use lexopt::ValueExt as _;
    let tenant = TenantId::new(SystemClock.id());
    let mut plan = Plan {
        tenant,
        messages: 50_000,
        customers: 10_000,
        rate: None,
        clients: 64,
        is_steady: false,
    };
    let (mut stores, mut url, mut minutes) = (Vec::new(), None, None);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("messages") => plan.messages = parser.value()?.parse()?,
            Arg::Long("customers") => plan.customers = parser.value()?.parse()?,
            Arg::Long("rate") => plan.rate = Some(parser.value()?.parse()?),
            Arg::Long("minutes") => minutes = Some(parser.value()?.parse::<u32>()?),
            Arg::Long("clients") => plan.clients = parser.value()?.parse()?,
            Arg::Long("store") => stores.push(parser.value()?.parse()?),
            Arg::Long("url") => url = Some(parser.value()?.string()?),
            Arg::Long("help") | Arg::Short('h') => {
                println!("{USAGE}");
                std::process::exit(0);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if let Some(minutes) = minutes {
        plan.is_steady = true;
        plan.messages = plan.rate.get_or_insert(500).saturating_mul(60).saturating_mul(minutes);
    }
    if stores.is_empty() {
        stores = vec![Store::Memory, Store::Sqlite, Store::Postgres];
    }
    Ok(Arguments { plan, stores, url })
}
