//! The day of a small retail chain in under a minute: real bodies of providers through the real
//! codecs on eight channels, 500 accounts of customers, 75 agents, everything stored in SQLite.
//!
//! ```text
//! cargo run --release --example quickstart
//! cargo run --release --example quickstart -- --html day.html
//! ```

mod body;
mod clock;
mod dashboard;
mod day;
mod page;
mod people;
mod provider;
mod shop;
mod story;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone as _, Utc};
use day::Day;
use kontak_calendar::Tz;
use kontak_storage::{SqliteStorage, Storage};
use shop::Shop;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const TOUCHPOINTS: usize = 500;
const AGENTS: u64 = 75;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let html = arguments()?;
    let folder = std::env::temp_dir().join(format!("kontak-quickstart-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = run(&folder, html).await;
    std::fs::remove_dir_all(&folder)?;
    outcome
}

async fn run(folder: &Path, html: Option<PathBuf>) -> anyhow::Result<()> {
    let storage: Arc<dyn Storage> = Arc::new(SqliteStorage::open(folder.join("desk.db")).await?);
    let mut shop = Shop::open(storage, at("08:00")?).await?;
    for number in 0..AGENTS {
        shop.sign_in(number).await?;
    }
    let siti = story::siti().channels.len();
    let mut day = Day::new(TOUCHPOINTS - siti, at("08:00")?, 11);
    println!("A Tuesday in March, {AGENTS} agents, eight channels\n\nSiti's air conditioner");
    let story = story::tell(&mut shop, &mut day, at).await?;
    day.until(&mut shop, at("21:00")?).await?;
    // Whether a matter was settled at once is known when nobody has come back for a week.
    shop.look(|tenant| {
        let _ = tenant.metrics();
    })
    .await?;
    shop.until(at("21:00")? + TimeDelta::days(8)).await?;

    let recognised = recognised(&shop, &day).await?;
    println!("\nWho is who");
    for line in &recognised {
        println!("  {line}");
    }
    let (numbers, channels) = shop
        .look(|tenant| {
            let view = tenant.metrics();
            Ok::<_, anyhow::Error>((dashboard::lines(view)?, dashboard::by_channel(view)?))
        })
        .await??;
    for (title, lines) in
        [("The day in numbers", &numbers), ("First response by channel", &channels)]
    {
        println!("\n{title}");
        for [name, value, interval, n] in lines {
            println!("  {name:<26} {value:>10}   {interval:<26} n = {n}");
        }
    }
    let violations = shop.look(|tenant| tenant.routing().invariants()).await?;
    ensure!(violations.is_empty(), "somebody waits while somebody is free: {violations:?}");
    ensure!(shop.look(|tenant| tenant.ambiguous().len()).await? == 0, "every send has an end");
    println!(
        "\n{} messages came in and {} went out; nobody waited while somebody was free.",
        shop.heard,
        shop.providers.taken()
    );
    if let Some(path) = html {
        let page = page::page(&story, &recognised, &numbers, &channels);
        std::fs::write(&path, page.to_string())
            .with_context(|| format!("{} cannot be written", path.display()))?;
        println!("{} is written.", path.display());
    }
    shop.desk.shut_down().await;
    Ok(())
}

/// The accounts, the people behind them, and how far the two agree.
async fn recognised(shop: &Shop, day: &Day) -> anyhow::Result<Vec<String>> {
    let (touchpoints, customers, largest) = shop
        .look(|tenant| {
            let view = tenant.identity();
            let largest = view.customers().map(|customer| customer.len()).max();
            (view.touchpoint_count(), view.customer_count(), largest.unwrap_or_default())
        })
        .await?;
    ensure!(touchpoints == TOUCHPOINTS, "{touchpoints} accounts were seen");
    let possible = day.people.iter().map(people::Person::tellable).sum::<usize>() + 1;
    let people = day.people.len() + 1;
    ensure!(customers == possible, "{customers} customers, where {possible} can be told apart");
    Ok(vec![
        format!(
            "{touchpoints} accounts of {people} people were recognised as {customers} customers:"
        ),
        format!(
            "all that numbers and addresses can tell; the largest customer has {largest} accounts"
        ),
    ])
}

/// The time of that day, on the wall in Jakarta.
fn at(time: &str) -> anyhow::Result<DateTime<Utc>> {
    let time = NaiveTime::parse_from_str(time, "%H:%M")?;
    let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 3).context("a day")?.and_time(time);
    let local = Tz::Asia__Jakarta.from_local_datetime(&day).single().context("a time")?;
    Ok(local.to_utc())
}

fn arguments() -> anyhow::Result<Option<PathBuf>> {
    use lexopt::Arg;
    let mut html = None;
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("html") => html = Some(parser.value()?.into()),
            Arg::Long("help") | Arg::Short('h') => {
                println!("quickstart [--html FILE]");
                std::process::exit(0);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(html)
}
